public import Basis
import JSON
import Storage

extension Library {
    /// Finds what matches, a page of it, with counts beside it. No text a learner can type is an error.
    public func search(_ query: SearchQuery, of tenant: TenantID) async throws -> SearchResult {
        let text = SearchText(query.text)
        return try await database.read { connection in
            text.isEmpty
                ? try browse(query, tenant, connection) : try match(text, query, tenant, connection)
        }
    }

    private func match(
        _ text: SearchText, _ query: SearchQuery, _ tenant: TenantID, _ connection: any Connection
    ) throws -> SearchResult {
        let sql = searchIndex(of: connection.dialect).candidates(
            text, tenant, where: query.condition(tenant), limit: Library.candidateLimit + 1)
        var tally = Tally()
        var candidates: [(number: Int, score: Double)] = []
        for row in try connection.rows(sql) {
            candidates.append((number: try row.get("number"), score: try row.get("score")))
            if candidates.count <= Library.candidateLimit { try tally.add(row, count: 1) }
        }
        let isCapped = candidates.count > Library.candidateLimit
        if isCapped { candidates.removeLast() }
        let among: SQL = """
            c.number IN (\(sqlite: "SELECT value FROM json_each(", postgres: """
                SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST(
                """)\(JSONValue.array(candidates.map { JSONValue($0.number) }).text)\(
                sqlite: ")", postgres: " AS json))"))
            """
        try tally.addLabels(where: among, tenant, connection)
        let page = query.bounds(of: candidates.count)
        let numbers: [Int]
        switch query.order {
        case .relevance:
            numbers = candidates.sorted { ($0.score, $0.number) < ($1.score, $1.number) }[page].map(\.number)
        case .title, .newest:
            numbers = try connection.rows(
                """
                SELECT c.number FROM content c WHERE c.tenant = \(tenant) AND \(among)
                ORDER BY \(query.order.column) LIMIT \(page.count) OFFSET \(page.lowerBound)
                """
            ).map { try $0.get("number") }
        }
        return SearchResult(
            hits: try records(numbered: numbers, tenant, connection), total: candidates.count, isCapped: isCapped,
            page: query.boundedPage, pageSize: query.boundedSize, facets: tally.facets)
    }

    private func browse(
        _ query: SearchQuery, _ tenant: TenantID, _ connection: any Connection
    ) throws -> SearchResult {
        let condition = query.condition(tenant)
        var tally = Tally()
        var total = 0
        let groups = try connection.rows(
            """
            SELECT c.language, c.kind, c.level, c.origin, c.source, COUNT(*) AS count FROM content c
            WHERE c.tenant = \(tenant) AND \(condition)
            GROUP BY c.language, c.kind, c.level, c.origin, c.source
            """)
        for row in groups {
            let count: Int = try row.get("count")
            total += count
            try tally.add(row, count: count)
        }
        try tally.addLabels(where: condition, tenant, connection)
        let page = query.bounds(of: total)
        let numbers = try connection.rows(
            """
            SELECT c.number FROM content c WHERE c.tenant = \(tenant) AND \(condition)
            ORDER BY \(query.order.column) LIMIT \(page.count) OFFSET \(page.lowerBound)
            """
        ).map { try $0.get("number", as: Int.self) }
        return SearchResult(
            hits: try records(numbered: numbers, tenant, connection), total: total, isCapped: false,
            page: query.boundedPage, pageSize: query.boundedSize, facets: tally.facets)
    }

    private func records(
        numbered numbers: [Int], _ tenant: TenantID, _ connection: any Connection
    ) throws -> [ContentRecord] {
        let found = try records(where: "c.number IN (\(SQL.list(numbers)))", tenant, on: connection)
        let byNumber = Dictionary(found.map { ($0.number, $0) }, uniquingKeysWith: { one, _ in one })
        return numbers.compactMap { byNumber[$0] }
    }
}

extension SearchOrder {
    fileprivate var column: SQL {
        switch self {
        case .relevance, .title: "c.title_folded, c.number"
        case .newest: "c.changed_at DESC, c.number DESC"
        }
    }
}

extension SearchQuery {
    var boundedPage: Int { min(max(1, page), SearchQuery.pageLimit) }
    var boundedSize: Int { min(max(1, pageSize), SearchQuery.pageSizeLimit) }

    /// The page's places among `total` results; empty beyond the last.
    func bounds(of total: Int) -> Range<Int> {
        let start = min((boundedPage - 1) * boundedSize, total)
        return start..<min(start + boundedSize, total)
    }

    /// What the filters ask of `content c`.
    func condition(_ tenant: TenantID) -> SQL {
        var parts: [SQL] = []
        if !languages.isEmpty { parts.append("c.language IN (\(SQL.list(languages)))") }
        if !kinds.isEmpty { parts.append("c.kind IN (\(SQL.list(kinds)))") }
        if !levels.isEmpty { parts.append("c.level IN (\(SQL.list(levels)))") }
        if !origins.isEmpty { parts.append("c.origin IN (\(SQL.list(origins)))") }
        if !sources.isEmpty { parts.append("c.source IN (\(SQL.list(sources)))") }
        if let minutes {
            parts.append("c.minutes BETWEEN \(minutes.lowerBound) AND \(minutes.upperBound)")
        }
        if !roles.isEmpty {
            parts.append(
                """
                c.number IN (SELECT l.content FROM content_label l
                    WHERE l.tenant = \(tenant) AND l.facet = 'role' AND l.label IN (\(SQL.list(roles))))
                """)
        }
        if !skills.isEmpty {
            parts.append(
                """
                c.number IN (SELECT k.content FROM content_skill k
                    WHERE k.tenant = \(tenant) AND k.skill IN (\(SQL.list(skills))))
                """)
        }
        return parts.isEmpty ? "1 = 1" : SQL.join(parts, " AND ")
    }
}

/// Counts of values, by facet.
private struct Tally {
    private var counts: [SearchFacet: [String: Int]] = [:]

    mutating func add(_ row: Row, count: Int) throws {
        let values: [(SearchFacet, String)] = [
            (.language, "language"), (.kind, "kind"), (.level, "level"), (.provenance, "origin"), (.source, "source"),
        ]
        for (facet, column) in values {
            guard let value = try row.find(column, as: String.self), !value.isEmpty else { continue }
            counts[facet, default: [:]][value, default: 0] += count
        }
    }

    mutating func addLabels(where condition: SQL, _ tenant: TenantID, _ connection: any Connection) throws {
        let roles = try connection.rows(
            """
            SELECT l.label AS value, COUNT(*) AS count
            FROM content_label l JOIN content c ON c.tenant = l.tenant AND c.number = l.content
            WHERE l.tenant = \(tenant) AND l.facet = 'role' AND \(condition) GROUP BY l.label
            """)
        for row in roles { counts[.role, default: [:]][try row.get("value")] = try row.get("count", as: Int.self) }
        let skills = try connection.rows(
            """
            SELECT k.skill AS value, COUNT(*) AS count
            FROM content_skill k JOIN content c ON c.tenant = k.tenant AND c.number = k.content
            WHERE k.tenant = \(tenant) AND \(condition) GROUP BY k.skill
            """)
        for row in skills { counts[.skill, default: [:]][try row.get("value")] = try row.get("count", as: Int.self) }
    }

    var facets: [SearchFacet: [FacetCount]] {
        var facets: [SearchFacet: [FacetCount]] = [:]
        for facet in SearchFacet.allCases {
            let limit = facet == .role || facet == .skill ? 12 : Library.facetLimit
            let sorted = counts[facet, default: [:]].map { FacetCount(value: $0.key, count: $0.value) }
                .sorted { ($1.count, $0.value) < ($0.count, $1.value) }
            facets[facet] = Array(sorted.prefix(limit))
        }
        return facets
    }
}
