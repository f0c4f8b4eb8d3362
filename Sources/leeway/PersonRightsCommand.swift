import ArgumentParser
import Basis
import Evidence
import Exchange
import Foundation
import Insight
import People
import Storage

/// The desk of people's rights over a database that one command opened.
func rightsDesk(_ database: any Database, world: World) -> RightsDesk {
    RightsDesk(
        database: database, world: world, log: StatementLog(database: database, world: world),
        tables: PersonalTable.all, papers: ExchangeSchema.papers)
}

/// Who is called by an e-mail address or by the organisation's own id.
///
/// - Throws: `Problem` (`person-missing`).
func person(called name: String, in directory: Directory, of tenant: TenantID) async throws -> PersonRecord {
    var found = try await directory.person(email: name, of: tenant)
    if found == nil { found = try await directory.person(key: name, of: tenant) }
    guard let found else {
        throw Problem(.missing, "person-missing", "There is nobody called “\(name)”. Check the address.")
    }
    return found
}

/// `leeway person erase`.
struct ErasePerson: ToldCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Erase a person, or say what that would do.",
        discussion:
            "What was erased, and what stays on which ground, is printed. A run that was killed goes on with --go-on.")

    @Argument(help: "The e-mail address, or the organisation's own id.") var person: String?
    @Option(help: "Why. It stays on record.") var reason: String?
    @Flag(help: "Say what it would do, and change nothing.") var dryRun = false
    @Option(help: "The identity of an erasure that stopped.") var goOn: String?
    @Option(help: "The number of the organisation.") var tenant = 1
    @OptionGroup var options: SettingsOptions

    func validate() throws {
        if (person == nil) == (goOn == nil) { throw ValidationError("Name a person, or an erasure with --go-on.") }
        if person != nil, !dryRun, reason == nil { throw ValidationError("Say why: --reason, or --dry-run.") }
    }

    func work() async throws {
        let (settings, world, tenant) = (try options.settings(), World.live, TenantID(tenant))
        try await withDatabase(settings, world: world) { database in
            let directory = Directory(database: database, world: world)
            try await expect(tenant, in: directory)
            let desk = rightsDesk(database, world: world)
            if let name = self.person, dryRun {
                let found = try await leeway.person(called: name, in: directory, of: tenant)
                tell(try await desk.holdings(of: found.id, in: tenant))
                return
            }
            let id = try await ordered(desk, directory, tenant)
            let meter = Meter("erase")
            let record = try await desk.work(id, of: tenant) { meter.show($0, of: nil, "erased") }
            meter.end()
            for (kind, count) in record.counts { print("\(count) \(kind)") }
            print("Erased. The receipt is erasure \(record.id).")
        }
    }

    private func ordered(_ desk: RightsDesk, _ directory: Directory, _ tenant: TenantID) async throws -> ID<Erasure> {
        if let name = self.person, let reason {
            let found = try await leeway.person(called: name, in: directory, of: tenant)
            return try await desk.order(found.id, reason: reason, by: nil, of: tenant).id
        }
        guard let id = goOn.flatMap({ ID<Erasure>($0) }) else {
            throw Problem(.missing, "erasure-missing", "There is no such erasure.")
        }
        return id
    }

    private func tell(_ holdings: Holdings) {
        for count in holdings.counts {
            switch count.fate {
            case .erased: print("\(count.count) \(count.kind): erased")
            case .cleared: print("\(count.count) \(count.kind): kept, and no longer say who")
            case .kept(let ground): print("\(count.count) \(count.kind): kept, because \(ground)")
            }
        }
        if let hold = holdings.hold { print("Forbidden by a legal hold until \(hold.endsOn): \(hold.reason)") }
    }
}

extension Export {
    /// Writes everything held about a person as an archive, and records why.
    static func person(
        _ name: String, reason: String, of tenant: TenantID, _ database: any Database, world: World, _ out: FileHandle
    ) async throws {
        let directory = Directory(database: database, world: world)
        let found = try await leeway.person(called: name, in: directory, of: tenant)
        let desk = rightsDesk(database, world: world)
        try await desk.noteExport(of: found.id, reason: reason, by: nil, in: tenant)
        try await desk.archive(of: found.id, in: tenant) { try out.write(contentsOf: Data($0)) }
    }
}
