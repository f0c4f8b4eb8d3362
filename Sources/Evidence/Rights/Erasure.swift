public import Basis
import JSON
import People
public import Storage

/// An erasure's identifier.
public enum Erasure {}

/// The order to erase a person, how far it is, and once it is done what it erased.
public struct ErasureRecord: Sendable {
    /// How far an erasure is.
    public enum Phase: String, CaseIterable, Storable, Sendable {
        case statements
        /// Once more over statements that other nodes wrote while they still knew the person.
        case sweep
        case documents, tables, account, done
    }

    public let id: ID<Erasure>
    /// The number of somebody who is gone, or will be.
    public let person: ID<Person>
    public let reason: String
    public let orderedAt: Moment
    /// Nil: from the command line.
    public let orderedBy: ID<Person>?
    public let phase: Phase
    /// How many of each kind were erased, or kept without the person, so far.
    public let counts: [(kind: String, count: Int)]
    public let finishedAt: Moment?
    /// The statement in the ledger that tells of it.
    public let event: ID<Statement>?
    let place: Int

    public var isDone: Bool { finishedAt != nil }

    init(_ row: Row) throws {
        id = try row.get("id")
        person = try row.get("person")
        reason = try row.get("reason")
        orderedAt = try row.get("ordered_at")
        orderedBy = try row.find("ordered_by")
        phase = try row.get("phase")
        place = try row.get("place")
        counts =
            (try? JSONValue(parsing: try row.get("counts", as: String.self)))?.object?.members.map {
                ($0.name, $0.value.integer ?? 0)
            } ?? []
        finishedAt = try row.find("finished_at")
        event = try row.find("event", as: [UInt8].self).map { ID(bytes: $0) }
    }
}

extension RightsDesk {
    /// The kind of the job that erases.
    public static let erasureJob = "erase-person"

    /// Orders that a person be erased: ends sign-in at once, parts the person from the names in evidence, and queues
    /// the job that does the rest.
    ///
    /// - Throws: `Problem` (`reason`, `person-missing`, `legal-hold`, `erasure-under-way`, `last-administrator`).
    public func erase(
        _ person: ID<Person>, reason: String, by author: ID<Person>?, of tenant: TenantID
    ) async throws -> ErasureRecord {
        let record = try await order(person, reason: reason, by: author, of: tenant)
        _ = try await queue.add(
            RightsDesk.erasureJob, payload: record.id.description, for: tenant, by: author)
        return record
    }

    /// The order without its job, for those who do the work themselves: see `work`.
    public func order(
        _ person: ID<Person>, reason: String, by author: ID<Person>?, of tenant: TenantID
    ) async throws -> ErasureRecord {
        let reason = try checked(reason)
        let record = try await database.write { connection in
            try overwriteDeleted(on: connection)
            let identity = try PersonIdentity(person, of: tenant, on: connection)
            try checkNoHold(over: person, of: tenant, on: connection)
            if try connection.holds(
                """
                SELECT 1 AS one FROM erasure
                WHERE tenant = \(tenant) AND person = \(person) AND finished_at IS NULL
                """)
            {
                throw Problem(.conflict, "erasure-under-way", "This person is being erased already.")
            }
            try deactivate(person, of: tenant, on: connection)
            let (id, now) = (world.id(Erasure.self), world.now())
            try connection.run(
                """
                INSERT INTO erasure (tenant, id, person, reason, ordered_at, ordered_by, phase, place, counts)
                VALUES (\(tenant), \(id), \(person), \(reason), \(now), \(author), \(ErasureRecord.Phase.statements),
                    0, '{}')
                """)
            for agent in try PersonAgents(identity, of: tenant, on: connection).agents {
                let pseudonym = AgentName(
                    home: RightsDesk.erasedHome, account: hexadecimal(world.bytes(8)))
                try connection.run(
                    """
                    INSERT INTO erasure_agent (tenant, erasure, agent, ifi, pseudonym)
                    VALUES (\(tenant), \(id), \(agent.number), \(agent.ifi), \(pseudonym.canonical))
                    """)
                try connection.run(
                    """
                    UPDATE agent SET ifi = \(pseudonym.canonical), name = NULL, person = NULL
                    WHERE tenant = \(tenant) AND number = \(agent.number)
                    """)
            }
            return try erasureRecord(id, of: tenant, on: connection)
        }
        log.cache.forget(tenant)
        return record
    }

    /// The home page of the accounts that stand in place of people who were erased.
    static let erasedHome = "urn:leeway:erased"

    /// Ends sign-in and every session.
    private func deactivate(_ person: ID<Person>, of tenant: TenantID, on connection: any Connection) throws {
        let directory = Directory(database: database, world: world)
        guard let stored = try directory.person(person, of: tenant, on: connection), stored.isActive else { return }
        var draft = PersonDraft(stored)
        draft.isActive = false
        try directory.save(draft, of: tenant, on: connection)
    }

    /// Every erasure, the newest first.
    public func erasures(of tenant: TenantID, limit: Int = 200) async throws -> [ErasureRecord] {
        try await database.read { connection in
            try connection.rows(
                "SELECT * FROM erasure WHERE tenant = \(tenant) ORDER BY ordered_at DESC, id DESC LIMIT \(limit)"
            ).map(ErasureRecord.init)
        }
    }

    /// - Throws: `Problem` (`erasure-missing`); `StorageError`.
    public func erasure(_ id: ID<Erasure>, of tenant: TenantID) async throws -> ErasureRecord {
        try await database.read { try erasureRecord(id, of: tenant, on: $0) }
    }

    func erasureRecord(
        _ id: ID<Erasure>, of tenant: TenantID, on connection: any Connection
    ) throws -> ErasureRecord {
        let row = try connection.row("SELECT * FROM erasure WHERE tenant = \(tenant) AND id = \(id)")
        guard let row else { throw Problem(.missing, "erasure-missing", "There is no such erasure.") }
        return try ErasureRecord(row)
    }

    /// Queues an erasure once more that stopped, such as at a legal hold.
    ///
    /// - Throws: `Problem` (`erasure-missing`, `erasure-done`); `StorageError`.
    public func resume(_ id: ID<Erasure>, by author: ID<Person>?, of tenant: TenantID) async throws {
        if try await erasure(id, of: tenant).isDone {
            throw Problem(.conflict, "erasure-done", "This erasure is done already.")
        }
        _ = try await queue.add(RightsDesk.erasureJob, payload: id.description, for: tenant, by: author)
    }
}
