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
        of ids: [ID<Content>], uses: [ID<Content>: Int], at now: Moment, _ tenant: TenantID,
        on connection: any Connection
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
            for id in part { details[id]?.users = uses[id] ?? 0 }
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
        let used = try await uses(in: tenant).sorted { ($0.value, $1.key.description) > ($1.value, $0.key.description) }
            .prefix(newestLimit).map(\.key)
        let ids = try await database.read { connection in
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

    /// How many people learned with each object in the last ninety days. At most five minutes old.
    func uses(in tenant: TenantID) async throws -> [ID<Content>: Int] {
        let now = world.now()
        if let fresh = usage.find(tenant, at: now) { return fresh }
        let counts = try await database.read { connection in
            try connection.rows(
                """
                SELECT a.iri AS iri, u.people AS people FROM (
                    SELECT activity, COUNT(DISTINCT actor) AS people FROM statement
                    WHERE tenant = \(tenant) AND duration_us > 0 AND voided = 0
                    AND timestamp_at >= \(now - .days(90))
                    GROUP BY activity
                ) u JOIN activity a ON a.tenant = \(tenant) AND a.number = u.activity
                WHERE a.iri LIKE 'urn:leeway:content:%'
                """
            ).reduce(into: [ID<Content>: Int]()) { counts, row in
                guard let id = Vocabulary.id(Content.self, in: try row.get("iri", as: String.self)) else { return }
                counts[id] = try row.get("people")
            }
        }
        usage.keep(counts, for: tenant, at: now)
        return counts
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
