import ArgumentParser
import Basis
import Evidence
import Foundation
import People

/// `leeway export WHAT`.
struct Export: ToldCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write what is stored to standard output.",
        discussion: "Statements as JSON Lines, people as CSV. Both can be imported again.")

    enum Subject: String, CaseIterable, ExpressibleByArgument {
        case statements, people
    }

    @Argument(help: "statements or people.") var subject: Subject
    @OptionGroup var options: SettingsOptions
    @Option(help: "The number of the organisation.") var tenant = 1

    func work() async throws {
        let settings = try options.settings()
        let world = World.live
        let tenant = TenantID(tenant)
        try await withDatabase(settings, world: world) { database in
            let directory = Directory(database: database, world: world)
            try await expect(tenant, in: directory)
            let out = FileHandle.standardOutput
            switch subject {
            case .statements:
                let log = StatementLog(database: database, world: world)
                try await log.exportLines(of: tenant) { try out.write(contentsOf: Data($0)) }
            case .people:
                for line in try await directory.exportCSV(of: tenant) { try out.write(contentsOf: Data(line.utf8)) }
            }
        }
    }
}
