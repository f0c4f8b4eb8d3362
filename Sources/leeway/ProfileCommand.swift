public import ArgumentParser
import Basis
public import Evidence
import Foundation

extension ProfileMode: ExpressibleByArgument {}
extension ProfileReach: ExpressibleByArgument {}

/// `leeway profile …`.
struct ProfileCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile", abstract: "xAPI Profiles that statements are checked against.",
        subcommands: [Load.self, List.self, Check.self, Remove.self])

    struct Load: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Load a profile, or a newer document of one that is loaded.")

        @Argument(help: "The profile, a JSON-LD file.") var file: String
        @Option(help: "off, warn (stored, and listed) or refuse.") var mode = ProfileMode.warn
        @Option(help: "declared (statements that name it) or described (all that a template of it describes).")
        var reach = ProfileReach.declared
        @Option(help: "The number of the organisation.") var tenant = 1
        @OptionGroup var options: SettingsOptions

        func work() async throws {
            guard let bytes = FileManager.default.contents(atPath: file) else {
                throw Problem(.missing, "file-missing", "There is no file \(file), or it cannot be read.")
            }
            try await withProfiles(options, tenant) { book, tenant in
                let id = try await book.load(Array(bytes), mode: mode, reach: reach, for: tenant)
                print(id)
            }
        }
    }

    struct List: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "List the profiles, with how much each found.")

        @Option(help: "The number of the organisation.") var tenant = 1
        @OptionGroup var options: SettingsOptions

        func work() async throws {
            try await withProfiles(options, tenant) { book, tenant in
                for profile in try await book.list(of: tenant) {
                    print(
                        "\(profile.id)\t\(profile.mode.rawValue)\t\(profile.reach.rawValue)\t"
                            + "\(profile.templateCount) templates\t\(profile.findingCount) found\t\(profile.name)")
                }
            }
        }
    }

    struct Check: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Judge sequences of statements by a profile’s patterns: of one registration, or of the latest.",
            discussion: """
                One line a sequence: registration, subregistration or “-”, whole, open or failed, how many of its \
                statements matched, the pattern, the statement that does not fit or “-”, and what may come next or why \
                it failed.
                """)

        @Argument(help: "The profile’s IRI, or “urn:leeway:profile” for Leeway’s own.") var profile: String
        @Option(help: "A registration, a UUID; without it the latest ones.") var registration: String?
        @Option(help: "The number of the organisation.") var tenant = 1
        @OptionGroup var options: SettingsOptions

        func work() async throws {
            try await withProfiles(options, tenant) { book, tenant in
                let reports =
                    if let registration {
                        try await book.sequences(of: registration, following: profile, of: tenant)
                    } else { try await book.recentSequences(following: profile, of: tenant) }
                for report in reports {
                    guard let best = report.best else { continue }
                    let fields = [
                        report.registration, report.subregistration ?? "-", best.state.rawValue,
                        "\(best.matchedCount) of \(report.statementCount)\(report.isCut ? "+" : "")", best.name,
                        best.failedAt?.description ?? "-", best.detail,
                    ]
                    print(fields.joined(separator: "\t"))
                }
            }
        }
    }

    struct Remove: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a profile with what it found. Statements stay as they are.")

        @Argument(help: "The profile’s IRI.") var id: String
        @Option(help: "The number of the organisation.") var tenant = 1
        @OptionGroup var options: SettingsOptions

        func work() async throws {
            try await withProfiles(options, tenant) { book, tenant in try await book.remove(id, of: tenant) }
        }
    }
}

private func withProfiles(
    _ options: SettingsOptions, _ tenant: Int, _ work: (ProfileBook, TenantID) async throws -> Void
) async throws {
    let (settings, world, tenant) = (try options.settings(), World.live, TenantID(tenant))
    try await withDatabase(settings, world: world) { database in
        try await prepare(tenant, in: database, world: world)
        try await work(ProfileBook(log: StatementLog(database: database, world: world)), tenant)
    }
}
