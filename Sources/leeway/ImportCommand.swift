public import ArgumentParser
import Basis
public import Imports

extension ImportKind: ExpressibleByArgument {}

/// `leeway import KIND FILE`.
struct Import: ToldCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring a file in.",
        discussion: """
            The kinds are people, catalogue, texts, items, framework, statements and responses. Files may be packed \
            by gzip. An import is whole or absent; answers resume where an interrupted run stopped. The same file \
            again changes nothing.
            """)

    @Argument(help: "What the file holds.") var kind: ImportKind
    @Argument(help: "The file.") var file: String
    @OptionGroup var options: SettingsOptions
    @Flag(help: "Say what it would do, and change nothing.") var dryRun = false
    @Option(help: "The number of the organisation.") var tenant = 1

    func work() async throws {
        let settings = try options.settings()
        let world = World.live
        let meter = Meter(kind.rawValue)
        let report = try await withDatabase(settings, world: world, cacheKibibytes: importCache) { database in
            defer { meter.end() }
            try await prepare(TenantID(tenant), in: database, world: world)
            return try await Importer(database: database, world: world).run(
                kind, path: file, tenant: TenantID(tenant), dryRun: dryRun
            ) { done, total, message in meter.show(done, of: total, message) }
        }
        print(report.sentence)
        for warning in report.warnings.prefix(20) { print("  " + warning) }
        if report.warnings.count > 20 { print("  and \(report.warnings.count - 20) more") }
    }
}
