import ArgumentParser
import Basis
import Evidence
import Foundation
import People

/// `leeway export WHAT`.
struct Export: ToldCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write what is stored to standard output.",
        discussion: """
            Statements as JSON Lines with their attachments, people as CSV. Both can be imported again. Everything \
            about one person as a ZIP archive: leeway export person KEY > data.zip. With --to, \
            statements go into a file that the next run with the same file goes on with, killed or not.
            """)

    enum Subject: String, CaseIterable, ExpressibleByArgument {
        case statements, people, person
    }

    @Argument(help: "statements, people or person.") var subject: Subject
    @Argument(help: "Of a person: the e-mail address, or the organisation's own id.") var key: String?
    @Flag(help: "Statements for analysts: agents by pseudonym, no names, no free text.") var pseudonymised = false
    @Option(help: "Why a person's data are taken out. It stays on record.") var reason = "From the command line"
    @OptionGroup var options: SettingsOptions
    @Option(help: "A file for the statements, rather than standard output.") var to: String?
    @Option(help: "Only statements after this place, as an export told it.") var after = 0
    @Option(help: "The number of the organisation.") var tenant = 1

    func validate() throws {
        if (subject == .person) != (key != nil) { throw ValidationError("Name whose data: export person KEY.") }
        if pseudonymised, subject != .statements || to != nil {
            throw ValidationError("--pseudonymised is for statements on standard output.")
        }
        if subject != .statements, to != nil || after != 0 {
            throw ValidationError("--to and --after are for statements.")
        }
        if to != nil, after != 0 { throw ValidationError("--after is not for --to: the file knows its place.") }
    }

    func work() async throws {
        let settings = try options.settings()
        let world = World.live
        let tenant = TenantID(tenant)
        try await withDatabase(settings, world: world) { database in
            let directory = Directory(database: database, world: world)
            try await expect(tenant, in: directory)
            let out = FileHandle.standardOutput
            switch subject {
            case .person:
                try await Export.person(
                    key ?? "", reason: reason, of: tenant, database, world: world, out)
            case .statements where pseudonymised:
                try await rightsDesk(database, world: world).readPseudonymised(of: tenant, after: after) { lines, _ in
                    try out.write(contentsOf: Data(lines))
                }
            case .statements:
                let log = StatementLog(database: database, world: world)
                try await export(log, of: tenant, out)
            case .people:
                for line in try await directory.exportCSV(of: tenant) { try out.write(contentsOf: Data(line.utf8)) }
            }
        }
    }
    private func export(_ log: StatementLog, of tenant: TenantID, _ out: FileHandle) async throws {
        let count: Int
        var place = after
        if let to {
            var file = try ExportFile(to)
            count = try await log.exportLines(of: tenant, after: file.place) { lines, place in
                try file.write(lines, upTo: place)
            }
            place = file.place
            try file.close()
        } else {
            count = try await log.exportLines(of: tenant, after: after) { lines, reached in
                try out.write(contentsOf: Data(lines))
                place = reached
            }
        }
        complain(["\(count) statements. To go on from here: --after \(place)"])
    }
}
