import Basis
import Catalog
import Evidence
import Storage

extension NextStepBook {
    /// What the ranking wants to know of a learning object beyond its record.
    struct OfferDetail {
        let canBegin: Bool
        let added: Day
        /// Full for what came today, none after sixty days; none for what the catalogue began with.
        let freshness: Double
        /// The mean difficulty of its questions that anybody answered.
        var difficulty: Double?
        var users = 0
    }

    func details(
        of ids: [ID<Content>], at now: Moment, _ tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Content>: OfferDetail] {
        var details: [ID<Content>: OfferDetail] = [:]
        let beginning =
            try connection.row("SELECT MIN(created_at) AS first FROM content WHERE tenant = \(tenant)")?
            .find("first", as: Moment.self) ?? now
        for start in stride(from: 0, to: ids.count, by: 500) {
            let part = Array(ids[start..<min(start + 500, ids.count)])
            let rows = try connection.rows(
                """
                SELECT id, created_at, has_text, quiz_items, CASE WHEN url IS NULL THEN 0 ELSE 1 END AS has_url
                FROM content WHERE tenant = \(tenant) AND id IN (\(SQL.list(part)))
                """)
            for row in rows {
                let created: Moment = try row.get("created_at")
                let age = Double(now.day - created.day)
                let isFirst = created.day - beginning.day <= 1
                details[try row.get("id")] = OfferDetail(
                    canBegin: try row.get("has_text") || row.get("has_url") || row.get("quiz_items", as: Int.self) > 0,
                    added: created.day, freshness: isFirst ? 0 : max(0, 1 - age / 60))
            }
            let difficulties = try connection.rows(
                """
                SELECT i.content AS content, CAST(AVG(m.difficulty) AS \(type: .real)) AS difficulty
                FROM item i JOIN mastery_item m ON m.tenant = i.tenant AND m.item = i.number
                WHERE i.tenant = \(tenant) AND i.content IN (\(SQL.list(part))) GROUP BY i.content
                """)
            for row in difficulties { details[try row.get("content")]?.difficulty = try row.get("difficulty") }
            let uses = try connection.rows(
                """
                SELECT a.iri AS iri, COUNT(DISTINCT s.actor) AS count
                FROM activity a JOIN statement s ON s.tenant = a.tenant AND s.activity = a.number
                WHERE a.tenant = \(tenant) AND a.iri IN (\(SQL.list(part.map(Vocabulary.contentIRI))))
                AND s.timestamp_at >= \(now - .days(90)) AND s.voided = 0
                GROUP BY a.iri
                """)
            for row in uses {
                guard let id = Vocabulary.id(Content.self, in: try row.get("iri")) else { continue }
                details[id]?.users = try row.get("count")
            }
        }
        // Where nothing is newer than the beginning, the place among the latest stands for newness.
        if details.values.allSatisfy({ $0.freshness == 0 && $0.users == 0 }) {
            for (place, id) in ids.enumerated() {
                guard let detail = details[id] else { continue }
                details[id] = OfferDetail(
                    canBegin: detail.canBegin, added: detail.added,
                    freshness: 1 - Double(place) / Double(max(1, ids.count)), difficulty: detail.difficulty)
            }
        }
        return details
    }

    /// The latest of the catalogue in a language, and what most people used in the last ninety days.
    func newest(
        in language: String, excluding known: Set<ID<Content>>, _ tenant: TenantID
    ) async throws -> [Source] {
        let primary = String(language.lowercased().prefix { $0 != "-" })
        let since = world.now() - .days(90)
        let ids = try await database.read { connection in
            let used = try connection.rows(
                """
                SELECT a.iri AS iri, COUNT(DISTINCT s.actor) AS count
                FROM statement s JOIN activity a ON a.tenant = s.tenant AND a.number = s.activity
                WHERE s.tenant = \(tenant) AND s.timestamp_at >= \(since) AND a.iri LIKE 'urn:leeway:content:%'
                GROUP BY a.iri ORDER BY count DESC, a.iri LIMIT \(newestLimit)
                """
            ).compactMap { Vocabulary.id(Content.self, in: try $0.get("iri", as: String.self)) }
            let latest = try connection.rows(
                """
                SELECT id FROM content
                WHERE tenant = \(tenant) AND (LOWER(language) = \(primary) OR LOWER(language) LIKE \(primary + "-%"))
                ORDER BY number DESC LIMIT \(newestLimit + known.count)
                """
            ).map { try $0.get("id", as: ID<Content>.self) }
            return (used + latest).filter { !known.contains($0) }
        }
        let records = try await library.contents(ids, of: tenant)
        return records.values.filter { record in
            let spoken = record.language.lowercased()
            return spoken == primary || spoken.hasPrefix(primary + "-")
        }
        .sorted { $0.number > $1.number }
        .map { Source(id: $0.id, title: $0.title, minutes: $0.minutes, level: $0.level, skills: $0.skills) }
    }

    /// A learning object that may be suggested.
    struct Source {
        let id: ID<Content>
        let title: String
        let minutes: Int?
        let level: Level?
        let skills: [ID<Skill>]
    }
}

/// How many of the latest take part.
private let newestLimit = 60
