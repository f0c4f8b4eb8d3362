import Basis
import Evidence
import Intent
import People
import Storage
import StorageTesting
import Synchronization

/// A clock that stands until it is moved.
final class Clock: Sendable {
    private let moment: Mutex<Moment>
    private let dice = Mutex(Dice(seed: 5))

    init(_ day: Day) { moment = Mutex(day.start + .hours(9)) }

    var world: World {
        World(
            now: { [self] in
                moment.withLock { moment in
                    moment = moment + .milliseconds(1)
                    return moment
                }
            }, seed: { [self] in dice.withLock { $0.next() } })
    }

    var now: Moment { moment.withLock { $0 } }

    func set(_ next: Moment) { moment.withLock { $0 = max($0, next) } }
}

/// An organisation whose days pass when the test says so: Ada and Ben report to Mia, who reports to nobody; Otto asks.
struct CertificationHouse: Sendable {
    let database: any Database
    let clock: Clock
    let tenant: TenantID
    let owner, steward, manager, ada, ben: ID<Person>
    let course, refresher, other, quiz: ID<Content>

    var world: World { clock.world }
    var book: CertificationBook { CertificationBook(database: database, world: world) }
    var night: CertificationNightRun { CertificationNightRun(book) }
    var directory: Directory { Directory(database: database, world: world) }
    var presence: PresenceBook { PresenceBook(database: database, world: world) }
    var log: StatementLog { StatementLog(database: database, world: world) }
    var today: Day { clock.now.day }

    init(on engine: Engine, wrapped: (any Database) -> any Database = { $0 }) async throws {
        let inner = try await engine.database(
            PeopleSchema.migrations + EvidenceSchema.migrations + IntentSchema.migrations)
        database = wrapped(inner)
        guard let start = Day("2026-01-12") else { throw StorageError.busy }
        clock = Clock(start)
        let directory = Directory(database: inner, world: clock.world)
        let tenant = try await directory.createTenant(name: "Harbour", home: "https://harbour.example")
        self.tenant = tenant
        func add(_ name: String, _ roles: Set<Role> = [.learner], manager: ID<Person>? = nil) async throws -> ID<Person>
        {
            try await directory.save(
                PersonDraft(key: name.lowercased(), name: name, manager: manager, roles: roles), of: tenant
            ).id
        }
        owner = try await add("Otto", [.sponsor])
        steward = try await add("Stella", [.steward])
        manager = try await add("Mia", [.manager])
        ada = try await add("Ada", manager: manager)
        ben = try await add("Ben", manager: manager)
        (course, refresher) = (clock.world.id(), clock.world.id())
        (other, quiz) = (clock.world.id(), clock.world.id())
    }

    /// Valid for a year; 60 days of window; 30 days for the first time; a week of grace.
    func draft(_ title: String = "First aid", audience: AudienceRule? = nil) -> CertificationDraft {
        CertificationDraft(
            asker: owner, title: title, why: "Somebody on each shift can help.", basis: "Safety rules, section 4",
            audience: audience ?? .any([.person(ada), .person(ben)]), content: course, minutes: 240,
            renewalContent: refresher, renewalMinutes: 60, equivalents: [other], testOut: quiz,
            terms: CertificationTerms(graceDays: 7))
    }

    func published(_ draft: CertificationDraft? = nil) async throws -> CertificationRecord {
        let made = try await book.draft(draft ?? self.draft(), by: steward, of: tenant)
        return try await publish(made.id)
    }

    /// Publishes, changes and restores as the planner does when everything fits.
    func publish(_ id: ID<Mandate>) async throws -> CertificationRecord {
        let (book, steward, tenant, now) = (book, steward, tenant, world.now())
        return try await database.write {
            try book.publish(id, .fits, by: steward, of: tenant, at: now, on: $0)
        }
    }

    func revise(
        _ id: ID<Mandate>, to draft: CertificationDraft, since revision: Int? = nil
    ) async throws -> CertificationRecord {
        let (book, steward, tenant, now) = (book, steward, tenant, world.now())
        return try await database.write {
            try book.revise(id, to: draft, since: revision, .fits, by: steward, of: tenant, at: now, on: $0)
        }
    }

    func restore(_ id: ID<Mandate>) async throws -> CertificationRecord {
        let (book, steward, tenant, now) = (book, steward, tenant, world.now())
        return try await database.write {
            try book.restore(id, .fits, by: steward, of: tenant, at: now, on: $0)
        }
    }

    /// Lets the days pass up to one, with a run each night.
    func pass(to day: Day, runs: Bool = true) async throws {
        while today < day {
            clock.set((today + 1).start + .minutes(5))
            if runs { try await night.run(of: tenant) }
            clock.set(today.start + .hours(9))
        }
    }

    func complete(_ content: ID<Content>, _ person: ID<Person>) async throws -> [ID<Mandate>] {
        let (book, tenant, now) = (book, tenant, world.now())
        return try await database.write { connection in
            try book.complete(content, by: person, of: tenant, at: now, on: connection)
        }
    }

    func file(_ id: ID<Mandate>, _ person: ID<Person>) async throws -> CertificationFile? {
        try await book.file(of: person, id, on: today, in: tenant)
    }

    func cycles(_ id: ID<Mandate>, _ person: ID<Person>) async throws -> [CertificationCycle] {
        try await file(id, person)?.cycles ?? []
    }

    /// How many rows a table has.
    func count(_ table: String) async throws -> Int {
        try await database.read { try $0.value(SQL(stringLiteral: "SELECT COUNT(*) AS count FROM \(table)")) }
    }

    func terms(_ person: ID<Person>, hiredOn: Day? = nil, leftOn: Day? = nil) async throws {
        try await presence.set(WorkingTerms(hiredOn: hiredOn, leftOn: leftOn), for: person, in: tenant)
    }
}

func day(_ text: String) throws -> Day {
    guard let day = Day(text) else { throw StorageError.mistyped(column: text) }
    return day
}
