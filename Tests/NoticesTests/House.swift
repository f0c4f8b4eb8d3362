import Basis
import Foundation
import Mail
import Storage
import StorageTesting
import Synchronization
import Testing
import Vault

@testable import Evidence
@testable import Intent
@testable import Notices
@testable import People

/// A clock that tests move. Each reading is a millisecond later.
final class Clock: Sendable {
    private let moment = Mutex(Moment(microseconds: 1_790_000_000_000_000).day.start + .hours(8))
    private let dice: Mutex<Dice>

    init(seed: UInt64) { dice = Mutex(Dice(seed: seed)) }

    func forward(_ span: Duration) { moment.withLock { $0 = $0 + span } }

    /// To an hour of the next day.
    func nextDay(hour: Int = 8) { moment.withLock { $0 = ($0.day + 1).start + .hours(hour) } }

    var world: World {
        World(
            now: {
                self.moment.withLock { moment in
                    moment = moment + .milliseconds(1)
                    return moment
                }
            }, seed: { self.dice.withLock { $0.next() } })
    }
}

/// The node dies between handing a letter in and noting it, or before.
struct Crash: Error {}

/// What was handed in, in place of a mail server.
final class Mailbag: Sendable {
    struct Sent: Hashable, Sendable {
        let id, to, subject, text: String
    }

    private let sent = Mutex<[Sent]>([])
    private let conduct = Mutex<@Sendable (MailMessage) throws -> String>({ _ in "250 taken" })

    var letters: [Sent] { sent.withLock { $0 } }

    /// What it does with the next letters.
    func answer(_ conduct: @escaping @Sendable (MailMessage) throws -> String) {
        self.conduct.withLock { $0 = conduct }
    }

    func take(_ message: MailMessage) throws -> String {
        let conduct = conduct.withLock { $0 }
        let answer = try conduct(message)
        keep(message)
        return answer
    }

    func keep(_ message: MailMessage) {
        sent.withLock {
            $0.append(
                Sent(id: message.id, to: message.to.mailbox, subject: message.subject, text: message.text))
        }
    }

    func empty() { sent.withLock { $0 = [] } }
}

/// An organisation with letters, a clock of its own, and a bag for what is handed in.
struct House: Sendable {
    let database: any Database
    let clock: Clock
    let bag: Mailbag
    let postman: Postman
    let directory: Directory
    let tenant: TenantID
    let owner, manager: ID<Person>
    let staff: [ID<Person>]

    static let migrations =
        JobQueue.migrations + PeopleSchema.migrations + EvidenceSchema.migrations + IntentSchema.migrations
        + NoticesSchema.migrations

    init(_ engine: Engine = .memory, seed: UInt64 = 1, isOn: Bool = true) async throws {
        database = try await engine.database(House.migrations)
        clock = Clock(seed: seed)
        bag = Mailbag()
        postman = House.postman(database, clock, bag)
        directory = Directory(database: database, world: clock.world)
        tenant = try await directory.createTenant(name: "Pier", home: "https://pier.example")
        let (people, pier) = (directory, tenant)
        func add(_ key: String, _ roles: Set<Role>, manager: ID<Person>? = nil) async throws -> ID<Person> {
            try await people.save(
                PersonDraft(
                    key: key, name: key.capitalized, email: "\(key)@pier.example", manager: manager, roles: roles),
                of: pier
            ).id
        }
        owner = try await add("owner", [.sponsor])
        let boss = try await add("boss", [.manager])
        manager = boss
        staff = [
            try await add("ada", [.learner], manager: boss), try await add("ben", [.learner], manager: boss),
            try await add("cid", [.learner], manager: boss),
        ]
        if isOn { try await postman.book.set(House.draft, by: owner, of: tenant) }
    }

    static func postman(_ database: any Database, _ clock: Clock, _ bag: Mailbag) -> Postman {
        Postman(
            database: database, world: clock.world, vault: Vault(secret: [UInt8](repeating: 1, count: 32)),
            carry: { message, _ in try bag.take(message) })
    }

    static var draft: MailDraft {
        var draft = MailDraft()
        (draft.host, draft.user, draft.password) = ("smtp.pier.example", "leeway", "very secret")
        (draft.mailbox, draft.address) = ("leeway@pier.example", "https://learn.pier.example/")
        return draft
    }

    var world: World { clock.world }
    var today: Day { world.now().day }
    var strategies: StrategyBook { StrategyBook(database: database, world: world) }
    var register: AIRegister { AIRegister(database: database, world: world) }

    /// A round now, and what it sent.
    @discardableResult
    func round() async throws -> [Mailbag.Sent] {
        bag.empty()
        try await postman.round(of: tenant)
        return bag.letters
    }

    func publishStrategy(_ title: String = "Safe use") async throws -> StrategyRecord {
        let draft = StrategyDraft(
            title: title, text: "We check answers.", owner: owner, audience: .role(.learner),
            priorities: [PriorityDraft(name: "Check", skills: [world.id()], weight: 60)])
        let record = try await strategies.draft(draft, by: owner, of: tenant)
        return try await strategies.publish(record.id, by: owner, of: tenant)
    }

    /// A mandate as its publication leaves it.
    @discardableResult
    func mandate(_ title: String = "Checking answers", due days: Int, of people: [ID<Person>]? = nil) async throws
        -> ID<Mandate>
    {
        let (id, now, people) = (world.id(Mandate.self), world.now(), people ?? staff)
        try await database.write { [tenant, owner] connection in
            try connection.run(
                """
                INSERT INTO mandate (tenant, id, state, revision, asker, title, basis, why, minutes, audience,
                    deadline, created_at, created_by, published_at)
                VALUES (\(tenant), \(id), 'published', 1, \(owner), \(title), 'law', 'The law asks.', 45, '{}',
                    \(now.day + days), \(now), \(owner), \(now))
                """)
            try connection.run(
                """
                INSERT INTO mandate_revision (tenant, mandate, revision, minutes, deadline, audience, people,
                    people_over, minutes_over, at, by_person)
                VALUES (\(tenant), \(id), 1, 45, \(now.day + days), '{}', 3, 0, 0, \(now), \(owner))
                """)
            for person in people {
                try connection.run(
                    """
                    INSERT INTO assignment (tenant, mandate, person, state, assigned_at)
                    VALUES (\(tenant), \(id), \(person), 'open', \(now))
                    """)
            }
        }
        return id
    }

    func complete(_ mandate: ID<Mandate>, by person: ID<Person>) async throws {
        let now = world.now()
        try await database.write { [tenant] connection in
            try connection.run(
                """
                UPDATE assignment SET state = 'completed', completed_at = \(now)
                WHERE tenant = \(tenant) AND mandate = \(mandate) AND person = \(person)
                """)
        }
    }

    func letters(_ state: Letter.State? = nil) async throws -> [Letter] {
        try await postman.outbox.letters(of: tenant, state: state).letters
    }
}

/// The refusal of some work; nil when it was not refused.
func refusal(_ work: () async throws -> Void) async -> Problem? {
    do {
        try await work()
        return nil
    } catch {
        return error as? Problem
    }
}
