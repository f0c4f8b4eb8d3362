public import Basis
import People
public import Storage

extension MandateBook {
    /// What is asked of a person: open first, each part by deadline. Without what was released or retired.
    public func assigned(to person: ID<Person>, of tenant: TenantID) async throws -> [AssignedMandate] {
        try await database.read { try assigned(to: person, of: tenant, on: $0) }
    }

    /// Within the caller's transaction.
    public func assigned(
        to person: ID<Person>, of tenant: TenantID, on connection: any Connection
    ) throws -> [AssignedMandate] {
        let spent = try connection.rows(
            """
            SELECT mandate, CAST(SUM(duration_us) AS \(type: .integer)) AS us FROM mandate_spending
            WHERE tenant = \(tenant) AND person = \(person) GROUP BY mandate
            """
        ).reduce(into: [ID<Mandate>: Int]()) { $0[try $1.get("mandate")] = try $1.get("us") }
        let own = try connection.rows(
            "SELECT * FROM assignment WHERE tenant = \(tenant) AND person = \(person) AND state <> 'released'"
        ).map(Assignment.init)
        let byMandate = Dictionary(uniqueKeysWithValues: own.map { ($0.mandate, $0) })
        let records = try records(
            "m.tenant = \(tenant) AND m.state = 'published' AND m.id IN (\(SQL.list(own.map(\.mandate))))",
            on: connection)
        let all = records.compactMap { record in
            byMandate[record.id].map {
                AssignedMandate(
                    assignment: $0, mandate: record, minutesSpent: (spent[record.id] ?? 0) / minuteMicroseconds)
            }
        }
        return all.filter { $0.assignment.state == .open } + all.filter { $0.assignment.state != .open }
    }

    /// Everybody a mandate was ever asked of, by identifier.
    public func assignments(of id: ID<Mandate>, in tenant: TenantID) async throws -> [Assignment] {
        try await database.read { try assignments(of: id, in: tenant, on: $0) }
    }

    /// Within the caller's transaction.
    public func assignments(
        of id: ID<Mandate>, in tenant: TenantID, on connection: any Connection
    ) throws -> [Assignment] {
        try connection.rows(
            "SELECT * FROM assignment WHERE tenant = \(tenant) AND mandate = \(id) ORDER BY person"
        ).map(Assignment.init)
    }

    /// How far each mandate is. Drafts are not among them.
    public func progress(of tenant: TenantID) async throws -> [ID<Mandate>: MandateProgress] {
        try await database.read { connection in
            let rows = try connection.rows(
                """
                SELECT mandate, state, COUNT(*) AS count FROM assignment WHERE tenant = \(tenant)
                GROUP BY mandate, state
                """)
            var counts: [ID<Mandate>: [Assignment.State: Int]] = [:]
            for row in rows {
                counts[try row.get("mandate"), default: [:]][try row.get("state")] = try row.get("count")
            }
            return counts.mapValues { MandateProgress($0) }
        }
    }

    /// How far one mandate is.
    public func progress(of id: ID<Mandate>, in tenant: TenantID) async throws -> MandateProgress {
        try await progress(of: tenant)[id] ?? MandateProgress([:])
    }

    /// One open assignment of a published mandate, as the planner needs it.
    public struct OpenAsk: Hashable, Sendable {
        public let person: ID<Person>
        public let mandate: ID<Mandate>
        public let deadline: Day
        /// What is still to do: the mandate's minutes without what was spent on it.
        /// - Unit: minutes.
        public let minutesLeft: Int
    }

    /// What is still to do of what is asked of everybody, or of one person. By deadline, then mandate.
    public func openAsks(
        of tenant: TenantID, person: ID<Person>? = nil, on connection: any Connection
    ) throws -> [OpenAsk] {
        let own: SQL = person.map { " AND a.person = \($0)" } ?? ""
        return try connection.rows(
            """
            SELECT a.person AS person, m.id AS mandate, m.deadline AS deadline, m.minutes AS minutes,
                COALESCE(s.us, 0) AS us
            FROM mandate m
            JOIN assignment a ON a.tenant = m.tenant AND a.mandate = m.id
            LEFT JOIN (
                SELECT person, mandate, CAST(SUM(duration_us) AS \(type: .integer)) AS us FROM mandate_spending
                WHERE tenant = \(tenant) GROUP BY person, mandate
            ) s ON s.person = a.person AND s.mandate = a.mandate
            WHERE m.tenant = \(tenant) AND m.state = 'published' AND a.state = 'open'\(own)
            ORDER BY m.deadline, m.id, a.person
            """
        ).map { row in
            OpenAsk(
                person: try row.get("person"), mandate: try row.get("mandate"), deadline: try row.get("deadline"),
                minutesLeft: max(
                    0, try row.get("minutes", as: Int.self) - row.get("us", as: Int.self) / minuteMicroseconds))
        }
    }

    /// What each person, or one, spent on mandates in a month.
    /// - Unit: minutes, rounded up, so that a mandate never gets more of a month than its ceiling.
    public func minutesSpent(
        in month: Month, of tenant: TenantID, person: ID<Person>? = nil, on connection: any Connection
    ) throws -> [ID<Person>: Int] {
        let own: SQL = person.map { " AND person = \($0)" } ?? ""
        return try connection.rows(
            """
            SELECT person, CAST(SUM(duration_us) AS \(type: .integer)) AS us FROM mandate_spending
            WHERE tenant = \(tenant) AND month = \(month.index)\(own) GROUP BY person
            """
        ).reduce(into: [:]) {
            let microseconds: Int = try $1.get("us")
            $0[try $1.get("person")] = (microseconds + minuteMicroseconds - 1) / minuteMicroseconds
        }
    }

    /// What a person has spent on a mandate so far.
    /// - Unit: minutes, rounded down.
    public func minutesSpent(
        on mandate: ID<Mandate>, by person: ID<Person>, of tenant: TenantID, on connection: any Connection
    ) throws -> Int {
        let microseconds: Int = try connection.value(
            """
            SELECT CAST(COALESCE(SUM(duration_us), 0) AS \(type: .integer)) AS us FROM mandate_spending
            WHERE tenant = \(tenant) AND person = \(person) AND mandate = \(mandate)
            """)
        return microseconds / minuteMicroseconds
    }
}

private let minuteMicroseconds = 60_000_000

extension MandateProgress {
    fileprivate init(_ counts: [Assignment.State: Int]) {
        self.init(
            open: counts[.open] ?? 0, completed: counts[.completed] ?? 0, held: counts[.held] ?? 0,
            released: counts[.released] ?? 0)
    }
}

extension Assignment {
    init(_ row: Row) throws {
        self.init(
            mandate: try row.get("mandate"), person: try row.get("person"), state: try row.get("state"),
            assignedAt: try row.get("assigned_at"), completedAt: try row.find("completed_at"))
    }
}
