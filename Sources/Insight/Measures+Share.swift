import Basis
import Evidence
import Statistics
import Storage

extension Measures {
    func share(of tenant: TenantID, at now: Moment) async throws -> Measure {
        let (versions, hours, facts) = try await database.read { connection in
            (
                try originCounts(of: tenant, on: connection),
                try LearningHours(of: tenant, since: now - Measures.hoursSpan, on: connection),
                try ContentFacts(of: tenant, on: connection)
            )
        }
        let total = versions.values.reduce(0, +)
        let made = (versions[.assisted] ?? 0) + (versions[.generated] ?? 0)
        let unknown = versions[.unknown] ?? 0
        var needs: String?
        if total == 0 { needs = "content in the catalogue" }
        if total > 0, unknown == total { needs = "provenance on content: none of \(total) versions states any" }
        let headline = Figure(
            "AI-made, by content version", needs == nil ? Double(made) / Double(total) : nil, numerator: Double(made),
            denominator: Double(total), of: "content versions", interval: Proportion.wilson(made, of: total),
            needs: needs)
        var parts = Origin.allCases.map { origin in
            Figure("\(origin.label), by version", versions[origin] ?? 0, outOf: total, of: "content versions")
        }
        parts += Origin.allCases.map { hourFigure($0, hours, facts) }
        return Measure(
            kind: .share, headline: headline, parts: parts,
            benchmark: Benchmark(0.3, "More than half have under 30% of their content AI-powered"),
            method: [
                "Four parts that sum to the whole: what states nothing is unknown and is never guessed away.",
                total > 0
                    ? "With all unknown versions the AI-made share would lie between "
                        + "\(percent(Double(made) / Double(total))) % "
                        + "and \(percent(Double(made + unknown) / Double(total))) %."
                    : "There is no content yet.",
                "By hour: learning time of the last 90 days, by what the object states now; the interval is "
                    + "clustered by person.",
            ], asOf: now)
    }

    private func hourFigure(_ origin: Origin, _ hours: LearningHours, _ facts: ContentFacts) -> Figure {
        var people: [ID<Person>: (part: Double, whole: Double)] = [:]
        for row in hours.rows {
            var sums = people[row.person] ?? (part: 0, whole: 0)
            sums.whole += row.hours
            if (facts.origins[row.content] ?? .unknown) == origin { sums.part += row.hours }
            people[row.person] = sums
        }
        let clusters = people.sorted { $0.key.description < $1.key.description }.map(\.value)
        let whole = clusters.reduce(0) { $0 + $1.whole }
        let part = clusters.reduce(0) { $0 + $1.part }
        return Figure(
            "\(origin.label), by hour", whole > 0 ? part / whole : nil, numerator: part, denominator: whole,
            of: "hours learned", interval: Proportion.ratio(clusters: clusters),
            needs: whole > 0 ? nil : "learning time in the last 90 days")
    }

    private func originCounts(of tenant: TenantID, on connection: any Connection) throws -> [Origin: Int] {
        var counts: [Origin: Int] = [:]
        let rows = try connection.rows(
            "SELECT origin, COUNT(*) AS count FROM content_version WHERE tenant = \(tenant) GROUP BY origin")
        for row in rows { counts[Origin(rawValue: try row.get("origin")) ?? .unknown] = try row.get("count") }
        return counts
    }

    func shareRows(of tenant: TenantID) async throws -> DrillDown {
        let since = world.now() - Measures.hoursSpan
        let (rows, hours) = try await database.read { connection in
            (
                try connection.rows(
                    """
                    SELECT c.id AS id, v.title AS title, v.version AS version, v.origin AS origin, c.version AS newest
                    FROM content_version v JOIN content c ON c.tenant = v.tenant AND c.number = v.content
                    WHERE v.tenant = \(tenant) ORDER BY v.origin, v.title, v.content, v.version
                    """), try LearningHours(of: tenant, since: since, on: connection)
            )
        }
        var byContent: [ID<Content>: Double] = [:]
        for row in hours.rows { byContent[row.content, default: 0] += row.hours }
        let shown = try rows.map { row in
            let isNewest = try row.get("version", as: Int.self) == row.get("newest", as: Int.self)
            return [
                try row.get("title", as: String.self), String(try row.get("version", as: Int.self)),
                (Origin(rawValue: try row.get("origin")) ?? .unknown).label,
                isNewest ? number(byContent[try row.get("id")] ?? 0) : "",
            ]
        }
        return DrillDown(
            columns: ["Content", "Version", "Provenance", "Hours in 90 days"], numbers: [1, 3], rows: shown,
            total: shown.count)
    }
}
