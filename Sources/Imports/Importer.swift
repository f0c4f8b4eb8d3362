import Assess
public import Basis
import Catalog
import Evidence
import Input
import People
import Skills
public import Storage

/// Brings files into Leeway: one door for the command line, the site and the API.
///
/// Each import is whole or absent, or, for answers and very long statement files, resumes where it stopped. The same
/// file again changes nothing.
public struct Importer: Sendable {
    private let database: any Database
    private let world: World

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
    }

    /// Imports a file, plain or gzip.
    ///
    /// - Parameters:
    ///   - kind: What it holds.
    ///   - path: Where it lies.
    ///   - name: What it is called, when that is not the path's last part: it names the data set of answers.
    ///   - tenant: Whose it becomes.
    ///   - dryRun: Says what would be done and leaves the database untouched.
    ///   - progress: Told how far it is.
    /// - Returns: What was done.
    /// - Throws: `Problem`: `tenant-missing`, `file-missing`, `import-refused` with an issue for each place that is
    ///   wrong, and what the kinds add; then the database is as it was.
    public func run(
        _ kind: ImportKind, path: String, name: String? = nil, tenant: TenantID, dryRun: Bool = false,
        progress: @escaping ImportProgress = { _, _, _ in }
    ) async throws -> ImportReport {
        let directory = Directory(database: database, world: world)
        guard try await directory.tenant(tenant) != nil else {
            throw Problem(
                .missing, "tenant-missing",
                "There is no organisation \(tenant.number). Start the server once and set it up, or name another.")
        }
        let steps: @Sendable (Int, Int) -> Void = { progress($0, $1, "\($0) of \($1) rows are read in.") }
        switch kind {
        case .people:
            let report = try await directory.importPeople(
                ByteReader.contents(of: path), of: tenant, dryRun: dryRun)
            try await linkAgents(of: tenant, unless: dryRun)
            return ImportReport(report)
        case .catalogue, .texts:
            let library = Library(database: database, world: world)
            return ImportReport(
                kind,
                try await library.importCatalogue(
                    ByteReader.contents(of: path), tenant: tenant, dryRun: dryRun, skills: skills.resolver(of: tenant),
                    progress: steps))
        case .items:
            let bank = ItemBank(database: database, world: world)
            return ImportReport(
                try await bank.importItems(
                    ByteReader.contents(of: path), tenant: tenant, dryRun: dryRun,
                    contents: Library(database: database, world: world).resolver(of: tenant),
                    skills: skills.resolver(of: tenant), progress: steps))
        case .framework:
            return ImportReport(
                try await skills.importFramework(
                    ByteReader.contents(of: path), fileName: name ?? path, tenant: tenant, dryRun: dryRun))
        case .statements:
            let log = StatementLog(database: database, world: world)
            let report = try await log.importLines(
                from: path, to: tenant, by: Authority(client: "import"), isDryRun: dryRun
            ) { progress($0, nil, "\($0) statements are in.") }
            return ImportReport(report, isDryRun: dryRun)
        case .responses:
            let run = ResponsesImport(
                database: database, world: world, path: path, source: dataSetName(name ?? path), tenant: tenant)
            return try await run.run(dryRun: dryRun, progress: progress)
        }
    }

    private var skills: SkillRegister { SkillRegister(database: database, world: world) }

    /// Points agents of evidence that came before its people at those people.
    private func linkAgents(of tenant: TenantID, unless dryRun: Bool) async throws {
        if dryRun { return }
        let log = StatementLog(database: database, world: world)
        try await database.write { connection in
            try log.linkAgents(of: tenant, on: connection)
        }
    }
}

// The modules' own reports, in one shape.
extension ImportReport {
    init(_ report: PeopleImport.Report) {
        self.init(
            .people, isDryRun: report.isDryRun,
            counts: [
                .init("created", report.created), .init("updated", report.updated),
                .init("unchanged", report.unchanged), .init("deactivated", report.deactivated),
                .init("units created", report.unitsCreated.count),
            ])
    }

    init(_ kind: ImportKind, _ report: CatalogueReport) {
        self.init(
            kind, isDryRun: report.isDryRun,
            counts: [
                .init("created", report.created), .init("updated", report.updated),
                .init("unchanged", report.unchanged),
            ], warnings: report.warnings.map(\.description))
    }

    init(_ report: ItemReport) {
        self.init(
            .items, isDryRun: report.isDryRun,
            counts: [
                .init("created", report.created), .init("updated", report.updated),
                .init("unchanged", report.unchanged),
            ])
    }

    init(_ report: FrameworkReport) {
        self.init(
            .framework, isDryRun: report.isDryRun,
            counts: [
                .init("created", report.created), .init("updated", report.updated),
                .init("unchanged", report.unchanged),
            ], warnings: report.notes)
    }

    init(_ report: StatementLinesReport, isDryRun: Bool) {
        self.init(
            .statements, isDryRun: isDryRun,
            counts: [
                .init("created", report.created), .init("unchanged", report.unchanged),
                .init("erased before", report.erased),
            ])
    }
}
