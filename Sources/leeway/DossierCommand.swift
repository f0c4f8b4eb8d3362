import ArgumentParser
import Basis
import Evidence
import Foundation
import Insight
import PDF
import People
import Storage

/// `leeway dossier …`.
struct DossierCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dossier",
        abstract: "Dossiers for auditors and authorities, tied to a checkpoint of the ledger.",
        subcommands: [Make.self, List.self, Fetch.self])

    struct Make: ToldCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a dossier out and write its file.",
            discussion:
                "The file is kept, and its digest is put on record, so that “leeway verify --dossier” can check it.")

        @Argument(help: "literacy, deployer, iso-42001 or nist-ai-rmf.") var kind: String
        @Option(help: "The file to write; what ends in .pdf is a PDF, anything else JSON.") var out: String
        @OptionGroup var options: DossierOptions

        func work() async throws {
            guard let kind = Dossier.Kind(rawValue: kind) else {
                let known = Dossier.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem(.invalid, "dossier-kind", "“\(self.kind)” is no kind of dossier. Choose one of \(known).")
            }
            try await options.open { desk, tenant in
                let issued = try await desk.issue(kind, by: nil, of: tenant)
                try write(try await desk.found(issued.id, of: tenant), to: out)
                print("\(issued.id)\t\(issued.digest)\t\(issued.size) leaves")
            }
        }
    }

    struct List: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "List what was made out, the newest first.")

        @OptionGroup var options: DossierOptions

        func work() async throws {
            try await options.open { desk, tenant in
                for one in try await desk.issued(of: tenant) {
                    print("\(one.id)\t\(one.kind.rawValue)\t\(one.at.timestamp)\t\(one.digest)")
                }
            }
        }
    }

    struct Fetch: ToldCommand {
        static let configuration = CommandConfiguration(abstract: "Write the file of a dossier that was made out.")

        @Argument(help: "Its id.") var id: String
        @Option(help: "The file to write; what ends in .pdf is a PDF, anything else JSON.") var out: String
        @OptionGroup var options: DossierOptions

        func work() async throws {
            guard let id = ID<Dossier>(id) else {
                throw Problem(.invalid, "identity", "“\(self.id)” is no identity. See “leeway dossier list”.")
            }
            try await options.open { desk, tenant in try write(try await desk.found(id, of: tenant), to: out) }
        }
    }
}

/// Which database and organisation.
struct DossierOptions: ParsableArguments {
    @OptionGroup var settings: SettingsOptions
    @Option(help: "The organisation, by its number.") var tenant = 1

    func open(_ body: (DossierDesk, TenantID) async throws -> Void) async throws {
        let (settings, world) = (try settings.settings(), World.live)
        try await withDatabase(settings, world: world) { database in
            let tenant = TenantID(tenant)
            try await expect(tenant, in: Directory(database: database, world: world))
            let log = StatementLog(database: database, world: world)
            let rights = rightsDesk(database, world: world)
            try await body(DossierDesk(database: database, world: world, log: log, rights: rights), tenant)
        }
    }
}

private func write(
    _ found: (issued: DossierDesk.Issued, dossier: Dossier, file: [UInt8]), to path: String
) throws {
    let bytes = path.hasSuffix(".pdf") ? try found.dossier.printed() : found.file
    guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
        throw Problem(.forbidden, "export-file", "\(path) cannot be written. Name another file.")
    }
}
