import Basis
import Storage

/// One search, as few narrow walks along an index.
///
/// What xAPI joins by “or” (an agent as actor, as object or as member of a group; an activity as object or in the
/// context) becomes one walk for each, every one ordered and limited, merged at the end: so no engine has to guess.
struct StatementSearch {
    let query: StatementQuery
    let tenant: TenantID
    let connection: any Connection

    struct Walk {
        /// What is joined to `statement s`.
        var joins: SQL = ""
        var conditions: [SQL] = []
    }

    /// How far the order of `stored_at` may differ from the order of `seq`, where several nodes write.
    private static let slack = Duration.seconds(60)

    func page() throws -> StatementPage {
        let limit = query.limit == 0 ? StatementQuery.pageLimit : min(query.limit, StatementQuery.pageLimit)
        try walkInOrder(on: connection)
        guard let filters = try filters(), let bounds = try bounds() else {
            return StatementPage(statements: [], next: nil)
        }
        let walks = try walks()
        var page = PageInMaking(isAscending: query.isAscending, limit: limit, byteLimit: query.pageBytes)
        for walk in walks {
            try page.add { visit in
                try each(walk.joins, walk.conditions + filters + bounds, limit: limit + 1, visit)
            }
        }
        if query.isFiltered, !walks.isEmpty {
            let references = ReferenceSearch(search: self, walks: walks, filters: filters)
            for chunk in try chunks(references.found(limit: limit + 1)) {
                try page.add { visit in
                    try each("", ["s.seq IN (\(SQL.list(chunk)))"] + bounds, limit: limit + 1, visit)
                }
            }
        }
        return page.page
    }

    /// Visits statements in order until the visitor throws. PostgreSQL hands over an answer as a whole, so there the
    /// first look is a short one.
    private func each(
        _ joins: SQL, _ conditions: [SQL], limit: Int, _ visit: (StoredStatement) throws -> Void
    ) throws {
        if connection.dialect == .sqlite {
            return try connection.each(rows(joins, conditions, limit: limit)) { try visit(StoredStatement($0)) }
        }
        var (left, size) = (limit, StatementSearch.firstLook)
        var bound: [SQL] = []
        while left > 0 {
            let found = try connection.rows(rows(joins, conditions + bound, limit: min(left, size)))
            for row in found {
                let statement = try StoredStatement(row)
                bound = [query.isAscending ? "s.seq > \(statement.sequence)" : "s.seq < \(statement.sequence)"]
                try visit(statement)
            }
            if found.count < min(left, size) { return }
            left -= found.count
            size *= 8
        }
    }

    private static let firstLook = 16

    private func rows(_ joins: SQL, _ conditions: [SQL], limit: Int) -> SQL {
        let found: SQL =
            "SELECT s.* FROM statement s" + joins + " WHERE s.tenant = \(tenant) AND " + SQL.join(conditions, " AND ")
            + " ORDER BY s.seq \(direction) LIMIT \(limit)"
        return selection + "FROM (\(found)) s LEFT JOIN agent a ON a.tenant = s.tenant AND a.number = s.authority"
            + " ORDER BY s.seq \(direction)"
    }

    var direction: SQL { query.isAscending ? "ASC" : "DESC" }

    /// What a statement, or one that it is about, must meet; nil when a name is unknown, so that nothing can.
    private func filters() throws -> [SQL]? {
        var conditions: [SQL] = []
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
        return conditions
    }

    /// What a statement must meet itself; nil when no statement is old or young enough.
    ///
    /// `seq` is the column with its number, so that the walk along another table's index is bounded, too.
    func bounds(_ seq: SQL = "s.seq") throws -> [SQL]? {
        var conditions: [SQL] = ["s.voided = 0"]
        if let cursor = query.cursor {
            conditions.append(seq + (query.isAscending ? " > \(cursor)" : " < \(cursor)"))
        }
        if let since = query.since {
            conditions.append("s.stored_at > \(since)")
            guard let first = try sequence(storedAfter: since - StatementSearch.slack) else { return nil }
            conditions.append(seq + " >= \(first)")
        }
        if let until = query.until {
            conditions.append("s.stored_at <= \(until)")
            if let first = try sequence(storedAfter: until + StatementSearch.slack) {
                conditions.append(seq + " < \(first)")
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
                related.joins += " JOIN related_activity c ON c.tenant = s.tenant AND c.seq = s.seq"
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
                    joins: " JOIN related_agent r ON r.tenant = s.tenant AND r.seq = s.seq",
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
