public import Basis
public import JSON
import Storage

extension StatementLog {
    /// What all statements together say of activities, by IRI.
    public func definitions(of iris: [String], in tenant: TenantID) async throws -> [String: JSONValue] {
        try await database.read { connection in
            var definitions: [String: JSONValue] = [:]
            for chunk in chunks(Set(iris).sorted()) {
                let rows = try connection.rows(
                    """
                    SELECT iri, definition FROM activity
                    WHERE tenant = \(tenant) AND definition IS NOT NULL AND iri IN (\(SQL.list(chunk)))
                    """)
                for row in rows {
                    definitions[try row.get("iri")] = try? JSONValue(
                        parsing: try row.get("definition", as: String.self))
                }
            }
            return definitions
        }
    }

    /// One statement that is not voided, or nil.
    public func find(_ id: ID<Statement>, of tenant: TenantID) async throws -> StoredStatement? {
        try await find(id, of: tenant, voided: false)
    }

    /// One statement that is voided, or nil.
    public func find(voided id: ID<Statement>, of tenant: TenantID) async throws -> StoredStatement? {
        try await find(id, of: tenant, voided: true)
    }

    private func find(_ id: ID<Statement>, of tenant: TenantID, voided: Bool) async throws -> StoredStatement? {
        try await database.read { connection in
            let row = try connection.row(
                selection + """
                    FROM statement s LEFT JOIN agent a ON a.tenant = s.tenant AND a.number = s.authority
                    WHERE s.tenant = \(tenant) AND s.id = \(id.bytes) AND s.voided = \(voided)
                    """)
            return try row.map(StoredStatement.init)
        }
    }

    /// One page of the statements asked for, newest first unless ascending. Voided ones are never among them.
    public func query(_ query: StatementQuery, of tenant: TenantID) async throws -> StatementPage {
        try await database.read { connection in
            try StatementSearch(query: query, tenant: tenant, connection: connection).page()
        }
    }
}

/// Makes PostgreSQL walk an index in its order for the rest of the transaction: without fresh statistics it would
/// gather and sort what the index already holds sorted.
func walkInOrder(on connection: any Connection) throws {
    if connection.dialect == .sqlite { return }
    _ = try connection.rows(
        "SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)")
}

/// What `StoredStatement.init(row)` reads.
let selection: SQL = """
    SELECT s.seq AS seq, s.id AS id, s.stored_at AS stored_at, s.timestamp_at AS timestamp_at, s.body AS body,
        s.edition AS edition, s.voided AS voided, a.ifi AS authority

    """

extension StoredStatement {
    init(_ row: Row) throws {
        guard let version = XAPIVersion(rawValue: try row.get("edition")) else {
            throw StorageError.mistyped(column: "edition")
        }
        let authority: String? = try row.find("authority")
        self.init(
            sequence: try row.get("seq"), id: ID(bytes: try row.get("id")), storedAt: try row.get("stored_at"),
            timestamp: try row.get("timestamp_at"), body: try row.get("body"), version: version,
            isVoided: try row.get("voided"), authority: authority.flatMap { AgentName(canonical: $0) })
    }
}

/// One search, as few narrow walks along an index.
///
/// What xAPI joins by “or” (an agent as actor, as object or as member of a group; an activity as object or in the
/// context) becomes one walk for each, every one ordered and limited, merged at the end: so no engine has to guess.
private struct StatementSearch {
    let query: StatementQuery
    let tenant: TenantID
    let connection: any Connection

    private struct Walk {
        var tables: SQL = "FROM statement s"
        var conditions: [SQL] = []
    }

    /// How far the order of `stored_at` may differ from the order of `seq`, where several nodes write.
    private static let slack = Duration.seconds(60)

    func page() throws -> StatementPage {
        let limit = query.limit == 0 ? StatementQuery.pageLimit : min(query.limit, StatementQuery.pageLimit)
        try walkInOrder(on: connection)
        guard let shared = try conditions() else { return StatementPage(statements: [], next: nil) }
        var found: [Int: StoredStatement] = [:]
        for walk in try walks() {
            for row in try connection.rows(sql(of: walk, shared, limit: limit + 1)) {
                let statement = try StoredStatement(row)
                found[statement.sequence] = statement
            }
        }
        let ordered = found.values.sorted {
            query.isAscending ? $0.sequence < $1.sequence : $0.sequence > $1.sequence
        }
        let page = Array(ordered.prefix(limit))
        return StatementPage(statements: page, next: ordered.count > limit ? page.last?.sequence : nil)
    }

    private func sql(of walk: Walk, _ shared: [SQL], limit: Int) -> SQL {
        let direction: SQL = query.isAscending ? "ASC" : "DESC"
        let found: SQL =
            "SELECT s.* " + walk.tables + " WHERE s.tenant = \(tenant) AND "
            + SQL.join(walk.conditions + shared, " AND ") + " ORDER BY s.seq \(direction) LIMIT \(limit)"
        return selection + "FROM (\(found)) s LEFT JOIN agent a ON a.tenant = s.tenant AND a.number = s.authority"
    }

    /// What holds for every walk; nil when a name is unknown, so that nothing can match.
    private func conditions() throws -> [SQL]? {
        var conditions: [SQL] = ["s.voided = 0"]
        if let iri = query.verb {
            guard let verb = try number("verb", "iri", iri) else { return nil }
            // With an agent or activity given, their index is the narrower one.
            let isFree = query.agent == nil && query.activity == nil && query.registration == nil
            conditions.append(isFree ? "s.verb = \(verb)" : "\(sqlite: "+s.verb", postgres: "s.verb + 0") = \(verb)")
        }
        if let registration = query.registration {
            let isFree = query.agent == nil && query.activity == nil
            conditions.append(
                isFree
                    ? "s.registration = \(registration)"
                    : "\(sqlite: "+s.registration", postgres: "s.registration") = \(registration)")
        }
        if let authority = query.authority {
            let home: String = try connection.value("SELECT home FROM tenant WHERE tenant = \(tenant)")
            let agent = AgentName(home: home, account: authority.name)
            guard let number = try number("agent", "ifi", agent.canonical) else { return nil }
            conditions.append("s.authority = \(number)")
        }
        if let cursor = query.cursor {
            conditions.append(query.isAscending ? "s.seq > \(cursor)" : "s.seq < \(cursor)")
        }
        if let since = query.since {
            conditions.append("s.stored_at > \(since)")
            if let first = try sequence(storedAfter: since - StatementSearch.slack) {
                conditions.append("s.seq >= \(first)")
            } else {
                return nil
            }
        }
        if let until = query.until {
            conditions.append("s.stored_at <= \(until)")
            if let first = try sequence(storedAfter: until + StatementSearch.slack) {
                conditions.append("s.seq < \(first)")
            }
        }
        return conditions
    }

    private func number(_ table: StaticString, _ column: StaticString, _ name: String) throws -> Int? {
        let sql = SQL(stringLiteral: "SELECT number FROM \(table) WHERE \(column) = ")
        return try connection.row(sql + "\(name) AND tenant = \(tenant)")?.get("number")
    }

    /// Every combination of where the agent and where the activity may stand.
    private func walks() throws -> [Walk] {
        var walks = [Walk()]
        if let name = query.agent {
            guard let agent = try number("agent", "ifi", name) else { return [] }
            walks = try agentWalks(agent)
        }
        if let iri = query.activity {
            guard let activity = try number("activity", "iri", iri) else { return [] }
            walks = walks.flatMap { walk in
                var direct = walk
                let column: SQL =
                    query.agent == nil ? "s.activity" : "\(sqlite: "+s.activity", postgres: "s.activity + 0")"
                direct.conditions.append(column + " = \(activity)")
                guard query.withRelatedActivities else { return [direct] }
                var related = walk
                related.tables += " JOIN related_activity c ON c.tenant = s.tenant AND c.seq = s.seq"
                related.conditions.append("c.activity = \(activity)")
                return [direct, related]
            }
        }
        return walks
    }

    private func agentWalks(_ agent: Int) throws -> [Walk] {
        var walks = [Walk(conditions: ["s.actor = \(agent)"])]
        let direct: SQL = query.withRelatedAgents ? "" : " AND r.is_direct = 1"
        let isRelated = try connection.holds(
            "SELECT 1 AS one FROM related_agent r WHERE r.tenant = \(tenant) AND r.agent = \(agent)" + direct
                + " LIMIT 1")
        if isRelated {
            walks.append(
                Walk(
                    tables: "FROM statement s JOIN related_agent r ON r.tenant = s.tenant AND r.seq = s.seq",
                    conditions: ["r.agent = \(agent)" + direct]))
        }
        if query.withRelatedAgents { walks.append(Walk(conditions: ["s.authority = \(agent)"])) }
        return walks
    }

    /// The first number whose statement was stored after a moment, by halving: numbers and times rise together.
    private func sequence(storedAfter moment: Moment) throws -> Int? {
        let ends = try connection.rows(
            "SELECT MIN(seq) AS low, MAX(seq) AS high FROM statement WHERE tenant = \(tenant)")
        guard let row = ends.first, var low = try row.find("low", as: Int.self),
            let last = try row.find("high", as: Int.self)
        else { return nil }
        var high = last + 1
        while low < high {
            let middle = low + (high - low) / 2
            let row = try connection.row(
                """
                SELECT seq, stored_at FROM statement WHERE tenant = \(tenant) AND seq >= \(middle)
                ORDER BY seq LIMIT 1
                """)
            guard let row else { return nil }
            if try row.get("stored_at", as: Moment.self) > moment {
                high = middle
            } else {
                low = try row.get("seq", as: Int.self) + 1
            }
        }
        return low > last ? nil : low
    }
}
