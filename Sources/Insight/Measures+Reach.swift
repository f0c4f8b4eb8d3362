import Basis
import Evidence
import Intent
import People
import Statistics
import Storage

extension Measures {
    /// Addressees who came equally far, counted.
    private struct Group {
        let people: Int
        let published: Int
        let delivered: Int
        let opened: Int
        let acknowledged: Int
        let applied: Int
    }

    func reach(of tenant: TenantID, at now: Moment) async throws -> Measure {
        let groups = try await database.read { try reachGroups(of: tenant, on: $0) }
        func figure(_ name: String, _ step: (Group) -> Int) -> Figure {
            let count = groups.reduce(0) { $0 + $1.people * step($1) }
            let total = groups.reduce(0) { $0 + $1.people * $1.published }
            let isSingle = groups.allSatisfy { $0.published == 1 }
            let interval =
                isSingle
                ? Proportion.wilson(count, of: total)
                : Proportion.ratio(
                    clusters: groups.flatMap { group in
                        Array(
                            repeating: (part: Double(step(group)), whole: Double(group.published)), count: group.people)
                    })
            return Figure(
                name, total == 0 ? nil : Double(count) / Double(total), numerator: Double(count),
                denominator: Double(total), of: isSingle ? "people addressed" : "people addressed, for each strategy",
                interval: interval, needs: total == 0 ? "a published strategy" : nil)
        }
        return Measure(
            kind: .reach, headline: figure("Acknowledged", \.acknowledged),
            parts: [
                figure("Delivered", \.delivered), figure("Opened", \.opened),
                figure("Acknowledged", \.acknowledged),
                Figure(
                    "Understood", nil, of: "people addressed", needs: "a comprehension check with the strategy"),
                figure("Applied", \.applied),
            ],
            benchmark: Benchmark(0.5, "50% say leadership has communicated no AI strategy"),
            method: [
                "Every strategy in force counts, for each person it is addressed to.",
                "Applied: evidence of learning on one of its priority skills within 30 days of delivery. It says when, "
                    + "not that the strategy was the cause.",
                "Acknowledged is never taken for understood.",
            ], asOf: now)
    }

    private func reachGroups(of tenant: TenantID, on connection: any Connection) throws -> [Group] {
        try connection.rows(
            """
            SELECT COUNT(*) AS people, published, delivered, opened, acknowledged, applied FROM (
                SELECT d.person AS person, COUNT(*) AS published, COUNT(d.delivered_at) AS delivered,
                    COUNT(d.opened_at) AS opened, COUNT(d.acknowledged_at) AS acknowledged, COUNT(w.person) AS applied
                FROM strategy_delivery d
                JOIN strategy s ON s.tenant = d.tenant AND s.id = d.strategy AND s.version = d.version
                LEFT JOIN (\(applied(in: tenant))) w ON w.strategy = d.strategy AND w.person = d.person
                WHERE d.tenant = \(tenant) AND s.state = 'published'
                GROUP BY d.person
            ) AS each_person
            GROUP BY published, delivered, opened, acknowledged, applied
            """
        ).map { row in
            Group(
                people: try row.get("people"), published: try row.get("published"),
                delivered: try row.get("delivered"), opened: try row.get("opened"),
                acknowledged: try row.get("acknowledged"), applied: try row.get("applied"))
        }
    }

    /// Who has evidence on a priority skill of a strategy in force within 30 days of its delivery: on a learning object
    /// that teaches it, or on an item that tests it.
    func applied(in tenant: TenantID) -> SQL {
        let span = Duration.days(30).microseconds
        let learning = SQL.list(
            [Verb.answered, .completed, .passed, .failed, .experienced, .progressed].map(\.iri))
        // From few to many, in this order: SQLite would begin with the statements, of which there are most.
        let join: SQL = "\(sqlite: "CROSS JOIN", postgres: "JOIN")"
        func path(_ source: SQL) -> SQL {
            """
            SELECT k.strategy AS strategy, d.person AS person
            FROM strategy s
            \(join) strategy_skill k ON k.tenant = s.tenant AND k.strategy = s.id AND k.version = s.version
            \(source)
            \(join) statement e ON e.tenant = a.tenant AND e.activity = a.number
            \(join) verb v ON v.tenant = e.tenant AND v.number = e.verb
            \(join) agent g ON g.tenant = e.tenant AND g.number = e.actor
            \(join) strategy_delivery d ON d.tenant = k.tenant AND d.strategy = k.strategy AND d.version = k.version
                AND d.person = g.person
            WHERE s.tenant = \(tenant) AND s.state = 'published' AND e.voided = 0 AND v.iri IN (\(learning))
            AND e.timestamp_at >= d.delivered_at AND e.timestamp_at < d.delivered_at + \(span)
            """
        }
        let contents: SQL = """
            \(join) content_skill t ON t.tenant = k.tenant AND t.skill = k.skill
            \(join) content c ON c.tenant = t.tenant AND c.number = t.content
            \(join) activity a ON a.tenant = c.tenant AND a.iri = 'urn:leeway:content:' || c.id
            """
        let items: SQL = """
            \(join) item_skill t ON t.tenant = k.tenant AND t.skill = k.skill
            \(join) item i ON i.tenant = t.tenant AND i.number = t.item
            \(join) activity a ON a.tenant = i.tenant AND a.iri = 'urn:leeway:item:' || i.id
            """
        return "\(path(contents)) UNION \(path(items))"
    }

    func reachRows(of tenant: TenantID) async throws -> DrillDown {
        let (rows, units) = try await database.read { connection in
            (
                try connection.rows(
                    """
                    SELECT s.title AS title, p.unit AS unit, COUNT(*) AS published, COUNT(d.delivered_at) AS delivered,
                        COUNT(d.opened_at) AS opened, COUNT(d.acknowledged_at) AS acknowledged,
                        COUNT(w.person) AS applied
                    FROM strategy_delivery d
                    JOIN strategy s ON s.tenant = d.tenant AND s.id = d.strategy AND s.version = d.version
                    JOIN person p ON p.tenant = d.tenant AND p.id = d.person
                    LEFT JOIN (\(applied(in: tenant))) w ON w.strategy = d.strategy AND w.person = d.person
                    WHERE d.tenant = \(tenant) AND s.state = 'published'
                    GROUP BY s.id, s.title, p.unit ORDER BY s.title, published DESC, p.unit
                    """), try directory.unitTree(of: tenant, on: connection)
            )
        }
        let steps = ["published", "delivered", "opened", "acknowledged", "applied"]
        var shown: [[String]] = []
        var small: [String: [Int]] = [:]
        for row in rows {
            let title: String = try row.get("title")
            let counts = try steps.map { try row.get($0, as: Int.self) }
            let unit = try row.find("unit", as: ID<Unit>.self)
            if counts[0] < Measures.cellMinimum {
                small[title] = zip(small[title] ?? steps.map { _ in 0 }, counts).map(+)
            } else {
                shown.append([title, unit.map(units.path(of:)) ?? "No unit"] + counts.map(String.init))
            }
        }
        for (title, counts) in small.sorted(by: { $0.key < $1.key }) {
            shown.append([title, "Units of fewer than \(Measures.cellMinimum), together"] + counts.map(String.init))
        }
        return DrillDown(
            columns: ["Strategy", "Unit", "Addressed", "Delivered", "Opened", "Acknowledged", "Applied"],
            numbers: [2, 3, 4, 5, 6], rows: shown, total: shown.count)
    }
}
