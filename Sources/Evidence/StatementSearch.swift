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
    let cache: NameCache

    /// How far the order of `stored_at` may differ from the order of `seq`, where several nodes write.
    private static let slack = Duration.seconds(60)

    func page() throws -> StatementPage {
        let limit = query.limit == 0 ? StatementQuery.pageLimit : min(query.limit, StatementQuery.pageLimit)
        try walkInOrder(on: connection)
        guard let names = try names(), let bounds = try bounds() else {
            return StatementPage(statements: [], next: nil)
        }
        let walks = names.walks(query, along: try names.lead(of: tenant, query, cache, on: connection))
        var page = PageInMaking(isAscending: query.isAscending, limit: limit, byteLimit: query.pageBytes)
        for walk in walks {
            try page.add { visit in try each(walk, bounds, limit: limit + 1, visit) }
        }
        if query.isFiltered {
            let found = try ReferenceSearch(search: self, walks: walks).found(limit: limit + 1)
            try page.add { visit in try each(of: found, bounds, limit: limit + 1, visit) }
        }
        return page.page
    }

    /// Visits statements in order until the visitor throws. PostgreSQL hands over an answer as a whole, so there the
    /// first look is a short one.
    private func each(
        _ walk: StatementWalk, _ bounds: Bounds, limit: Int, _ visit: (StoredStatement) throws -> Void
    ) throws {
        if connection.dialect == .sqlite {
            return try connection.each(rows(walk, bounds, limit: limit)) { try visit(StoredStatement($0)) }
        }
        var (left, size) = (limit, StatementSearch.firstLook)
        var (walk, bounds) = (walk, bounds)
        let conditions = walk.conditions
        while left > 0 {
            let found = try connection.rows(rows(walk, bounds, limit: min(left, size)))
            for row in found {
                let statement = try StoredStatement(row)
                walk.conditions = conditions + [beyond(statement.sequence, walk.seq)]
                bounds.cursor = nil
                try visit(statement)
            }
            if found.count < min(left, size) { return }
            left -= found.count
            size *= 8
        }
    }

    /// Visits some statements in order, a few at a time, since only the first ones may be wanted.
    private func each(
        of numbers: [Int], _ bounds: Bounds, limit: Int, _ visit: (StoredStatement) throws -> Void
    ) throws {
        let near = numbers.filter { bounds.hold($0, isAscending: query.isAscending) }
        let ordered = query.isAscending ? near.sorted() : near.sorted(by: >)
        var left = limit
        for start in stride(from: 0, to: ordered.count, by: StatementSearch.firstLook) where left > 0 {
            let some = ordered[start..<min(start + StatementSearch.firstLook, ordered.count)]
            var walk = StatementWalk(conditions: ["s.seq IN (\(SQL.list(chunks(Array(some)).flatMap(\.self))))"])
            walk.isOrdered = false
            let found = try connection.rows(rows(walk, Bounds(), limit: some.count)).map(StoredStatement.init)
            let isAscending = query.isAscending
            for statement in found.sorted(by: { ($0.sequence < $1.sequence) == isAscending }) { try visit(statement) }
            left -= found.count
        }
    }

    private static let firstLook = 16

    private func rows(_ walk: StatementWalk, _ bounds: Bounds, limit: Int) -> SQL {
        let conditions = [walk.lead.alias + ".tenant = \(tenant)"] + walk.conditions + conditions(bounds, walk.seq)
        let order: SQL = walk.isOrdered ? "ORDER BY \(walk.seq) \(direction)" : ""
        return """
            SELECT s.seq AS seq, s.id AS id, s.stored_at AS stored_at, s.timestamp_at AS timestamp_at, s.body AS body,
                s.edition AS edition, s.voided AS voided,
                (SELECT a.ifi FROM agent a WHERE a.tenant = s.tenant AND a.number = s.authority) AS authority
            FROM \(walk.source) WHERE \(SQL.join(conditions, " AND "))
            \(order) LIMIT \(limit)
            """
    }

    var direction: SQL { query.isAscending ? "ASC" : "DESC" }

    /// What is asked for, as numbers; nil when a name is unknown, so that nothing can meet it.
    private func names() throws -> StatementNames? {
        var names = StatementNames(registration: query.registration)
        var authority: String?
        if let account = query.authority?.name {
            let home: String = try connection.value("SELECT home FROM tenant WHERE tenant = \(tenant)")
            authority = AgentName(home: home, account: account).canonical
        }
        // In one question: on PostgreSQL the way there and back costs more than the looks.
        let looks = [
            query.agent.map { number("agent", "ifi", $0, as: "agent") },
            query.activity.map { number("activity", "iri", $0, as: "activity") },
            query.verb.map { number("verb", "iri", $0, as: "verb") },
            authority.map { number("agent", "ifi", $0, as: "authority") },
        ].compactMap(\.self)
        guard !looks.isEmpty, let row = try connection.row("SELECT " + SQL.join(looks, ", ")) else { return names }
        if query.agent != nil {
            names.agent = try row.find("agent")
            if names.agent == nil { return nil }
        }
        if query.activity != nil {
            names.activity = try row.find("activity")
            if names.activity == nil { return nil }
        }
        if query.verb != nil {
            names.verb = try row.find("verb")
            if names.verb == nil { return nil }
        }
        if authority != nil {
            names.authority = try row.find("authority")
            if names.authority == nil { return nil }
        }
        return names
    }

    private func number(_ table: StaticString, _ column: StaticString, _ name: String, as label: StaticString) -> SQL {
        SQL(stringLiteral: "(SELECT number FROM \(table) WHERE \(column) = ") + "\(name) AND tenant = \(tenant)) AS "
            + SQL(stringLiteral: "\(label)")
    }

    /// Between which numbers the statements stand that are old and young enough.
    struct Bounds {
        /// The last one of the page before.
        var cursor: Int?
        /// The first one that may be young enough.
        var first: Int?
        /// The first one that is too young.
        var end: Int?

        func hold(_ sequence: Int, isAscending: Bool) -> Bool {
            if let cursor, isAscending ? sequence <= cursor : sequence >= cursor { return false }
            return sequence >= first ?? .min && sequence < end ?? .max
        }
    }

    /// Nil when no statement is old or young enough.
    func bounds() throws -> Bounds? {
        var bounds = Bounds(cursor: query.cursor)
        if let since = query.since {
            guard let first = try sequence(storedAfter: since - StatementSearch.slack) else { return nil }
            bounds.first = first
        }
        if let until = query.until { bounds.end = try sequence(storedAfter: until + StatementSearch.slack) }
        return bounds
    }

    /// What a statement must meet itself. `seq` is the column that is walked along.
    func conditions(_ bounds: Bounds, _ seq: SQL) -> [SQL] {
        var conditions: [SQL] = ["s.voided = 0"]
        if let cursor = bounds.cursor { conditions.append(beyond(cursor, seq)) }
        if let first = bounds.first { conditions.append(seq + " >= \(first)") }
        if let end = bounds.end { conditions.append(seq + " < \(end)") }
        if let since = query.since { conditions.append("s.stored_at > \(since)") }
        if let until = query.until { conditions.append("s.stored_at <= \(until)") }
        return conditions
    }

    /// What comes after a number in the page's order.
    func beyond(_ sequence: Int, _ seq: SQL) -> SQL {
        seq + (query.isAscending ? " > \(sequence)" : " < \(sequence)")
    }

    /// The first number whose statement was stored after a moment, by halving: numbers and times rise together.
    private func sequence(storedAfter moment: Moment) throws -> Int? {
        // Each end by itself: SQLite would read a whole index for both at once.
        let ends = try connection.rows(
            """
            SELECT (SELECT MIN(seq) FROM statement WHERE tenant = \(tenant)) AS low,
                (SELECT MAX(seq) FROM statement WHERE tenant = \(tenant)) AS high
            """)
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
