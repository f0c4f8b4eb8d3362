public import Basis
public import Storage

extension Library {
    /// What teaches any of some skills, for recommendations: the shortest first.
    ///
    /// - Shape: `language` is a primary tag such as `en`, or a full one, whose primary tag counts; nil for any.
    ///   `excluding` holds what the learner has done or refused. `limit` is 1 to 1,000.
    public func contents(
        teaching skills: Set<ID<Skill>>, language: String? = nil, excluding: Set<ID<Content>> = [], limit: Int = 200,
        tenant: TenantID
    ) async throws -> [TeachingContent] {
        try await database.read { connection in
            try contents(
                teaching: skills, language: language, excluding: excluding, limit: limit, tenant: tenant,
                on: connection)
        }
    }

    /// The same within a transaction.
    public func contents(
        teaching skills: Set<ID<Skill>>, language: String? = nil, excluding: Set<ID<Content>> = [], limit: Int = 200,
        tenant: TenantID, on connection: any Connection
    ) throws -> [TeachingContent] {
        if skills.isEmpty { return [] }
        let wanted = skills.sorted { $0.description < $1.description }
        var spoken: SQL = "1 = 1"
        if let language {
            let tag = language.lowercased()
            let primary = tag.prefix { $0 != "-" }
            spoken = "(LOWER(c.language) = \(String(primary)) OR LOWER(c.language) LIKE \(primary + "-%"))"
        }
        // What is excluded is dropped here, so that the statement stays one, and counted into the limit.
        let rows = try connection.rows(
            """
            SELECT DISTINCT c.number, c.id, c.key, c.version, c.title, c.kind, c.language, c.minutes, c.level,
                c.has_text, COALESCE(c.minutes, 100000) AS span
            FROM content_skill k JOIN content c ON c.tenant = k.tenant AND c.number = k.content
            WHERE k.tenant = \(tenant) AND k.skill IN (\(SQL.list(wanted))) AND \(spoken)
            ORDER BY span, c.number LIMIT \(min(max(1, limit), 1_000) + excluding.count)
            """)
        let open = try rows.filter { !excluding.contains(try $0.get("id")) }.prefix(min(max(1, limit), 1_000))
        let numbers = try open.map { try $0.get("number", as: Int.self) }
        var taught: [Int: Set<ID<Skill>>] = [:]
        for chunk in chunks(numbers) {
            let pairs = try connection.rows(
                """
                SELECT content, skill FROM content_skill
                WHERE tenant = \(tenant) AND content IN (\(SQL.list(chunk)))
                """)
            for row in pairs { taught[try row.get("content"), default: []].insert(try row.get("skill")) }
        }
        return try open.map { row in
            TeachingContent(
                id: try row.get("id"), key: try row.get("key"), version: try row.get("version"),
                title: try row.get("title"), kind: try row.get("kind"), language: try row.get("language"),
                minutes: try row.find("minutes"), level: try row.find("level"), hasText: try row.get("has_text"),
                skills: taught[try row.get("number")] ?? [])
        }
    }

    /// How many objects teach each skill.
    public func coverage(of tenant: TenantID) async throws -> [ID<Skill>: Int] {
        try await database.read { connection in
            var coverage: [ID<Skill>: Int] = [:]
            let rows = try connection.rows(
                "SELECT skill, COUNT(*) AS count FROM content_skill WHERE tenant = \(tenant) GROUP BY skill")
            for row in rows { coverage[try row.get("skill")] = try row.get("count", as: Int.self) }
            return coverage
        }
    }
}
