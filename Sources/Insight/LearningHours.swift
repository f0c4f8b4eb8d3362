import Basis
import Evidence
import Storage

/// Learning time by person, object and choice, from evidence.
struct LearningHours {
    struct Row {
        let person: ID<Person>
        let content: ID<Content>
        /// Nil when the evidence does not say.
        let choice: Choice?
        let hours: Double
    }

    let rows: [Row]

    /// Evidence about learning objects since a moment, of people of the tenant. Voided statements do not count.
    init(of tenant: TenantID, since: Moment, on connection: any Connection) throws {
        // The activities lead: there are few of them, and each finds its statements by index.
        let sql: SQL = """
            SELECT g.person AS person, a.iri AS iri, s.choice AS choice,
                CAST(SUM(s.duration_us) AS \(type: .integer)) AS us
            FROM activity a
            \(sqlite: "CROSS JOIN", postgres: "INNER JOIN") statement s
                \(sqlite: "", postgres: "ON s.tenant = a.tenant AND s.activity = a.number")
            \(sqlite: "CROSS JOIN", postgres: "INNER JOIN") agent g
                \(sqlite: "", postgres: "ON g.tenant = s.tenant AND g.number = s.actor")
            WHERE a.tenant = \(tenant) AND a.iri LIKE 'urn:leeway:content:%'
            AND s.tenant = a.tenant AND s.activity = a.number AND g.tenant = s.tenant AND g.number = s.actor
            AND s.duration_us > 0 AND s.voided = 0 AND s.timestamp_at >= \(since) AND g.person IS NOT NULL
            GROUP BY g.person, a.iri, s.choice
            """
        var rows: [Row] = []
        try connection.each(sql) { row in
            guard let content = Vocabulary.id(Content.self, in: try row.get("iri")) else { return }
            rows.append(
                Row(
                    person: try row.get("person"), content: content,
                    choice: try row.find("choice", as: String.self).flatMap(Choice.init),
                    hours: Double(try row.get("us", as: Int64.self)) / 3_600_000_000))
        }
        self.rows = rows
    }
}

/// What the catalogue says of each object, as far as measures need it.
struct ContentFacts {
    let skills: [ID<Content>: [ID<Skill>]]
    let origins: [ID<Content>: Origin]

    init(of tenant: TenantID, on connection: any Connection) throws {
        var origins: [ID<Content>: Origin] = [:]
        try connection.each("SELECT id, origin FROM content WHERE tenant = \(tenant)") { row in
            origins[try row.get("id")] = Origin(rawValue: try row.get("origin")) ?? .unknown
        }
        var skills: [ID<Content>: [ID<Skill>]] = [:]
        try connection.each(
            """
            SELECT c.id AS id, k.skill AS skill FROM content_skill k
            JOIN content c ON c.tenant = k.tenant AND c.number = k.content
            WHERE k.tenant = \(tenant)
            """
        ) { row in skills[try row.get("id"), default: []].append(try row.get("skill")) }
        self.origins = origins
        self.skills = skills
    }
}
