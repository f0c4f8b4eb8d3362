import Basis
import Evidence
import Statistics
import Storage

extension Measures {
    func proficiency(of tenant: TenantID, at now: Moment) async throws -> Measure {
        let since = now - Measures.useSpan
        let (used, active, isEver) = try await database.read { connection in
            (
                try connection.value(
                    """
                    SELECT COUNT(DISTINCT g.person) AS count \(usage(in: tenant)) AND s.timestamp_at >= \(since)
                    """, as: Int.self),
                try connection.value(
                    "SELECT COUNT(*) AS count FROM person WHERE tenant = \(tenant) AND is_active = 1", as: Int.self),
                try connection.holds("SELECT 1 AS one \(usage(in: tenant)) LIMIT 1")
            )
        }
        let breadth =
            isEver
            ? Figure("Breadth: people who used AI in learning", used, outOf: active, of: "active people")
            : Figure(
                "Breadth: people who used AI in learning", nil, of: "active people",
                needs: "evidence that somebody used an AI use of the register")
        return Measure(
            kind: .proficiency, headline: breadth,
            parts: [
                Figure(
                    "Depth: at advanced level, of those who used it", nil, of: "people who used AI",
                    needs: "results of the AI-proficiency test")
            ], benchmark: Benchmark(0.14, "14% call themselves advanced AI users"),
            method: [
                "Breadth counts a person once, over the last 30 days, by evidence of using an AI use of the register.",
                "The report’s figure is about depth and by self-report; breadth is not to be read against it.",
            ], asOf: now)
    }

    /// Statements of active people about using an AI use.
    private func usage(in tenant: TenantID) -> SQL {
        """
        FROM verb v
        \(SQL.inOrder) statement s ON s.tenant = v.tenant AND s.verb = v.number
        \(SQL.inOrder) activity a ON a.tenant = s.tenant AND a.number = s.activity
        \(SQL.inOrder) agent g ON g.tenant = s.tenant AND g.number = s.actor
        \(SQL.inOrder) person p ON p.tenant = g.tenant AND p.id = g.person
        WHERE v.tenant = \(tenant) AND v.iri = \(Verb.used.iri) AND a.iri LIKE 'urn:leeway:ai-use:%'
        AND s.voided = 0 AND p.is_active = 1
        """
    }

    func proficiencyRows(of tenant: TenantID) async throws -> DrillDown {
        let since = world.now() - Measures.useSpan
        let (rows, uses) = try await database.read { connection in
            (
                try connection.rows(
                    """
                    SELECT a.iri AS iri, COUNT(DISTINCT g.person) AS people, COUNT(*) AS times \(usage(in: tenant))
                    AND s.timestamp_at >= \(since)
                    GROUP BY a.iri ORDER BY people DESC, a.iri
                    """), try connection.rows("SELECT id, name FROM ai_use WHERE tenant = \(tenant)")
            )
        }
        var names: [ID<AIUse>: String] = [:]
        for use in uses { names[try use.get("id")] = try use.get("name", as: String.self) }
        let shown = try rows.map { row in
            let people: Int = try row.get("people")
            let name = Vocabulary.id(AIUse.self, in: try row.get("iri")).flatMap { names[$0] }
            let isSmall = people < Measures.cellMinimum
            return [
                name ?? "A use that is no longer registered",
                isSmall ? "fewer than \(Measures.cellMinimum)" : String(people),
                isSmall ? "" : String(try row.get("times", as: Int.self)),
            ]
        }
        return DrillDown(
            columns: ["AI use", "People in 30 days", "Times"], numbers: [1, 2], rows: shown, total: shown.count)
    }
}
