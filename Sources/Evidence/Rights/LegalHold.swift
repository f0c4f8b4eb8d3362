public import Basis
import JSON
import Storage

/// A legal hold's identifier.
public enum LegalHold {}

/// For a time nothing of a person, or of anybody, may be erased.
public struct HoldRecord: Sendable {
    public let id: ID<LegalHold>
    /// Nil: everybody.
    public let person: ID<Person>?
    public let reason: String
    /// The last day of it.
    public let endsOn: Day
    public let setAt: Moment
    /// Nil: from the command line.
    public let setBy: ID<Person>?
    public let liftedAt: Moment?
    public let liftedBy: ID<Person>?
    public let liftedReason: String?

    /// Whether it forbids to erase: not lifted, and its last day is not over.
    public func isActive(at now: Moment) -> Bool { liftedAt == nil && endsOn >= now.day }

    init(_ row: Row) throws {
        id = try row.get("id")
        person = try row.find("person")
        reason = try row.get("reason")
        endsOn = try row.get("ends_on")
        setAt = try row.get("set_at")
        setBy = try row.find("set_by")
        liftedAt = try row.find("lifted_at")
        liftedBy = try row.find("lifted_by")
        liftedReason = try row.find("lifted_reason")
    }
}

extension RightsDesk {
    /// The longest time that a hold may be set for at once: ten years.
    public static let holdDayLimit = 3_660

    /// Forbids to erase anything of a person, or of anybody, up to and with a day.
    ///
    /// - Throws: `Problem` (`reason`, `hold-end`, `person-missing`); `StorageError`.
    public func hold(
        _ person: ID<Person>?, until day: Day, reason: String, by author: ID<Person>?, of tenant: TenantID
    ) async throws -> HoldRecord {
        let reason = try checked(reason)
        let (now, id) = (world.now(), world.id(LegalHold.self))
        guard day >= now.day, day <= now.day + RightsDesk.holdDayLimit else {
            throw Problem(
                .invalid, "hold-end",
                "A hold ends on a day from today to ten years ahead. Set it again when it must last longer.",
                at: ["/endsOn"])
        }
        return try await database.write { connection in
            if let person { _ = try PersonIdentity(person, of: tenant, on: connection) }
            try connection.run(
                """
                INSERT INTO legal_hold (tenant, id, person, reason, ends_on, set_at, set_by)
                VALUES (\(tenant), \(id), \(person), \(reason), \(day), \(now), \(author))
                """)
            _ = try record(
                .held, activity(of: id), by: author, reason: reason, inputs: [("until", .string("\(day)"))],
                for: tenant, on: connection)
            return try holdRecord(id, of: tenant, on: connection)
        }
    }

    /// Ends a hold before its day.
    ///
    /// - Throws: `Problem` (`reason`, `hold-missing`, `hold-over`); `StorageError`.
    public func lift(
        _ id: ID<LegalHold>, reason: String, by author: ID<Person>?, of tenant: TenantID
    ) async throws -> HoldRecord {
        let reason = try checked(reason)
        let now = world.now()
        return try await database.write { connection in
            guard try holdRecord(id, of: tenant, on: connection).isActive(at: now) else {
                throw Problem(.conflict, "hold-over", "This hold is over already.")
            }
            try connection.run(
                """
                UPDATE legal_hold SET lifted_at = \(now), lifted_by = \(author), lifted_reason = \(reason)
                WHERE tenant = \(tenant) AND id = \(id)
                """)
            _ = try record(.released, activity(of: id), by: author, reason: reason, for: tenant, on: connection)
            return try holdRecord(id, of: tenant, on: connection)
        }
    }

    /// Every hold, the newest first.
    public func holds(of tenant: TenantID, limit: Int = 200) async throws -> [HoldRecord] {
        try await database.read { connection in
            try connection.rows(
                "SELECT * FROM legal_hold WHERE tenant = \(tenant) ORDER BY set_at DESC, id DESC LIMIT \(limit)"
            ).map(HoldRecord.init)
        }
    }

    private func activity(of id: ID<LegalHold>) -> ActivityRef {
        ActivityRef("urn:leeway:legal-hold:\(id)", name: "Legal hold", type: Vocabulary.holdType)
    }

    private func holdRecord(
        _ id: ID<LegalHold>, of tenant: TenantID, on connection: any Connection
    ) throws -> HoldRecord {
        let row = try connection.row("SELECT * FROM legal_hold WHERE tenant = \(tenant) AND id = \(id)")
        guard let row else { throw Problem(.missing, "hold-missing", "There is no such legal hold.") }
        return try HoldRecord(row)
    }

    /// The hold that protects a person's data now, the one that lasts longest; with nil one over everybody.
    func activeHold(
        over person: ID<Person>?, of tenant: TenantID, on connection: any Connection
    ) throws -> HoldRecord? {
        var whom: SQL = "person IS NULL"
        if let person { whom = "(person IS NULL OR person = \(person))" }
        return try connection.row(
            "SELECT * FROM legal_hold WHERE tenant = \(tenant) AND lifted_at IS NULL AND "
                + "ends_on >= \(world.now().day) AND " + whom + " ORDER BY ends_on DESC, id DESC LIMIT 1"
        ).map(HoldRecord.init)
    }

    /// - Throws: `Problem` (`legal-hold`) that says who set it and until when.
    func checkNoHold(over person: ID<Person>?, of tenant: TenantID, on connection: any Connection) throws {
        guard let hold = try activeHold(over: person, of: tenant, on: connection) else { return }
        let name: String? = try hold.setBy.flatMap { author in
            try connection.row("SELECT name FROM person WHERE tenant = \(tenant) AND id = \(author)")?.get("name")
        }
        throw Problem(
            .conflict, "legal-hold",
            "A legal hold by \(name ?? "the operator") forbids it until \(hold.endsOn): \(hold.reason) "
                + "Have it lifted first, or wait.")
    }
}
