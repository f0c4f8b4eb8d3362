import Basis
import Storage

/// Statements about statements that meet a filter, along any number of references.
///
/// Most tenants have few statements about others, and a filter is met by few or by very many. So it goes from the
/// smaller side: from what is about others to what that is, or from the matches to what is about them. Where both are
/// many, matches are dense, and the first ones in order are found soon.
///
/// - Source: xAPI 1.0.3, part 3, 2.1.3, "Filter conditions for StatementRefs".
struct ReferenceSearch {
    /// Up to this many statements about others, the search always goes from them.
    static let rareLimit = 200
    /// Up to this many matches, the search goes from them.
    static let fewLimit = 1_000
    /// The longest chain of references that is followed. Chains may be rings, since clients choose identifiers.
    static let hopLimit = 32

    let search: StatementSearch
    let walks: [StatementWalk]

    private var connection: any Connection { search.connection }
    private var tenant: TenantID { search.tenant }

    /// The numbers of statements about matching ones: all of them, or at least the first `limit` within the search's
    /// bounds.
    func found(limit: Int) throws -> [Int] {
        let count: Int = try connection.value(
            """
            SELECT COUNT(*) AS count
            FROM (SELECT 1 AS one FROM reference WHERE tenant = \(tenant) LIMIT \(ReferenceSearch.rareLimit + 1)) r
            """)
        if count == 0 { return [] }
        if count > ReferenceSearch.rareLimit, let few = try fewMatches() { return try climbed(from: few) }
        return try descended(limit: limit)
    }

    /// The identifiers of the matching statements; nil when there are more than a few.
    private func fewMatches() throws -> Set<[UInt8]>? {
        var few: Set<[UInt8]> = []
        for walk in walks {
            let sql: SQL =
                "SELECT s.id AS id FROM " + walk.source + " WHERE " + walk.lead.alias + ".tenant = \(tenant) AND "
                + SQL.join(walk.conditions, " AND ") + " LIMIT \(ReferenceSearch.fewLimit + 1)"
            for row in try connection.rows(sql) { few.insert(try row.get("id")) }
            if few.count > ReferenceSearch.fewLimit { return nil }
        }
        return few
    }

    /// Everything that is about these, or about what is about these.
    private func climbed(from matches: Set<[UInt8]>) throws -> [Int] {
        var found: Set<Int> = []
        var targets = matches
        for _ in 0..<ReferenceSearch.hopLimit where !targets.isEmpty {
            var next: Set<[UInt8]> = []
            for chunk in chunks(Array(targets)) {
                let rows = try connection.rows(
                    """
                    SELECT r.seq AS seq, s.id AS id FROM reference r
                    \(SQL.inOrder) statement s ON s.tenant = r.tenant AND s.seq = r.seq
                    WHERE r.tenant = \(tenant) AND r.target IN (\(SQL.list(chunk)))
                    """)
                for row in rows where found.insert(try row.get("seq")).inserted { next.insert(try row.get("id")) }
            }
            targets = next
        }
        return found.sorted()
    }

    /// The first ones, in order, whose references lead to a match.
    private func descended(limit: Int) throws -> [Int] {
        guard let bounds = try search.bounds() else { return [] }
        var found: [Int] = []
        var last: Int?
        while found.count < limit {
            var conditions = search.conditions(bounds, "r.seq")
            if let last { conditions.append(search.beyond(last, "r.seq")) }
            let sql: SQL =
                """
                SELECT r.seq AS seq, r.target AS target FROM reference r
                \(SQL.inOrder) statement s ON s.tenant = r.tenant AND s.seq = r.seq
                WHERE r.tenant = \(tenant)
                """
            let rows = try connection.rows(
                sql + " AND " + SQL.join(conditions, " AND ")
                    + " ORDER BY r.seq \(search.direction) LIMIT \(ReferenceSearch.fewLimit)")
            let pairs = try rows.map { row -> (seq: Int, target: [UInt8]) in
                (try row.get("seq"), try row.get("target"))
            }
            let matching = try leadingToMatches(Set(pairs.map(\.target)))
            found += pairs.filter { matching.contains($0.target) }.map(\.seq)
            last = pairs.last?.seq
            if pairs.count < ReferenceSearch.fewLimit { break }
        }
        return found
    }

    /// Those of some identifiers that name a match, or what leads to one.
    private func leadingToMatches(_ targets: Set<[UInt8]>) throws -> Set<[UInt8]> {
        var leading: Set<[UInt8]> = []
        /// Where the chains stand now, each with the identifiers that they began with.
        var chains = Dictionary(uniqueKeysWithValues: targets.map { ($0, Set([$0])) })
        for _ in 0..<ReferenceSearch.hopLimit where !chains.isEmpty {
            var next: [[UInt8]: Set<[UInt8]>] = [:]
            for chunk in chunks(Array(chains.keys)) {
                for match in try matches(among: chunk) { leading.formUnion(chains[match] ?? []) }
                let rows = try connection.rows(
                    """
                    SELECT s.id AS id, r.target AS target FROM statement s
                    \(SQL.inOrder) reference r ON r.tenant = s.tenant AND r.seq = s.seq
                    WHERE s.tenant = \(tenant) AND s.id IN (\(SQL.list(chunk)))
                    """)
                for row in rows {
                    let open = (chains[try row.get("id")] ?? []).subtracting(leading)
                    if !open.isEmpty { next[try row.get("target"), default: []].formUnion(open) }
                }
            }
            chains = next
        }
        return leading
    }

    /// Those of some identifiers whose statements meet the filter.
    private func matches(among ids: [[UInt8]]) throws -> Set<[UInt8]> {
        var matches: Set<[UInt8]> = []
        for walk in walks {
            let sql: SQL =
                """
                WITH s AS MATERIALIZED (
                    SELECT tenant, seq, id, actor, verb, activity, registration, authority FROM statement
                    WHERE tenant = \(tenant) AND id IN (\(SQL.list(ids))))
                SELECT s.id AS id FROM s
                """
            let rows = try connection.rows(sql + walk.joins + " WHERE " + SQL.join(walk.conditions, " AND "))
            for row in rows { matches.insert(try row.get("id")) }
        }
        return matches
    }
}
