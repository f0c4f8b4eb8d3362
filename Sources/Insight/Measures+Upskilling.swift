import Basis
import Mastery
import Skills
import Statistics
import Storage

extension Measures {
    /// One goal of one person: what it lacked when it was set, and lacks now, in points of mastery.
    private struct Gap {
        let person: ID<Person>
        let skill: ID<Skill>
        let start: Double
        let now: Double
        let months: Double
    }

    func upskilling(of tenant: TenantID, at now: Moment) async throws -> Measure {
        let gaps = try await gaps(of: tenant, at: now)
        let people = Dictionary(grouping: gaps, by: \.person).sorted { $0.key.description < $1.key.description }
            .map(\.value)
        let start = gaps.reduce(0) { $0 + $1.start }
        let closed = gaps.reduce(0) { $0 + $1.start - $1.now }
        let months = gaps.reduce(0) { $0 + $1.months }
        var dice = Dice(seed: 4)
        let interval = Bootstrap.percentile(of: people.count, replicates: 500, dice: &dice) { drawn in
            var sums = (start: 0.0, closed: 0.0)
            for (own, times) in zip(people, drawn) where times > 0 {
                for gap in own {
                    sums.start += Double(times) * gap.start
                    sums.closed += Double(times) * (gap.start - gap.now)
                }
            }
            return sums.start > 0 ? sums.closed / sums.start : .nan
        }
        let isMeasured = start > 0 && people.count >= Measures.cellMinimum
        return Measure(
            kind: .upskilling,
            headline: Figure(
                "Gap to goals closed", isMeasured ? closed / start : nil, numerator: 100 * closed,
                denominator: 100 * start, of: "points of mastery that \(people.count) people lacked",
                interval: isMeasured ? interval : nil,
                needs: isMeasured ? nil : "goals or target profiles of at least \(Measures.cellMinimum) people"),
            parts: [
                Figure(
                    "Gap closed a goal and month", isMeasured && months > 0 ? closed / months : nil,
                    numerator: 100 * closed, denominator: months, of: "months of goals",
                    needs: isMeasured ? "goals older than today" : "goals or target profiles"),
                Figure(
                    "AI-supported against other learning", nil, of: "hours",
                    needs: "target profiles, and a trial that sets both against each other"),
            ], benchmark: Benchmark(0.7, "Nearly 70% see upskilling as AI’s greatest value"),
            method: [
                "A gap is the target less the mastery, never below zero, for each goal that people set for themselves.",
                "The interval draws the people again, 500 times: bootstrap percentile.",
            ], asOf: now)
    }

    private func gaps(of tenant: TenantID, at now: Moment) async throws -> [Gap] {
        let pools = try await mastery.pools(of: tenant)
        return try await database.read { connection in
            let rows = try connection.rows(
                """
                SELECT g.person, g.skill, g.target, g.start, g.set_at, k.number FROM goal g
                JOIN skill k ON k.tenant = g.tenant AND k.id = g.skill
                JOIN person p ON p.tenant = g.tenant AND p.id = g.person
                WHERE g.tenant = \(tenant) AND g.removed_at IS NULL AND p.is_active = 1
                ORDER BY g.person, g.id
                """)
            let people = Array(Set(try rows.map { try $0.get("person", as: ID<Person>.self) }))
            let states = try mastery.states(of: people, in: tenant, on: connection)
            return try rows.map { row in
                let (person, skill): (ID<Person>, Int) = (try row.get("person"), try row.get("number"))
                let target: Double = try row.get("target")
                let estimate = mastery.model.mastery(
                    states[person] ?? LearnerState(), of: skill, over: pools[skill] ?? SkillPool(difficulties: []),
                    at: now)
                let age = now - (try row.get("set_at", as: Moment.self))
                return Gap(
                    person: person, skill: try row.get("skill"), start: max(0, target - (try row.get("start"))),
                    now: max(0, target - estimate.probability), months: age.seconds / (30.4375 * 86_400))
            }
        }
    }

    /// By skill: a goal is its learner's own, so skills with fewer people than a cell may hold are put together.
    func upskillingRows(of tenant: TenantID) async throws -> DrillDown {
        let gaps = try await gaps(of: tenant, at: world.now())
        let bySkill = Dictionary(grouping: gaps, by: \.skill)
        let names = try await skills.names(of: bySkill.keys, tenant: tenant)
        var rows: [[String]] = []
        var rest: [Gap] = []
        func row(_ name: String, _ gaps: [Gap]) -> [String] {
            let start = gaps.reduce(0) { $0 + $1.start }
            let now = gaps.reduce(0) { $0 + $1.now }
            return [name, String(Set(gaps.map(\.person)).count), number(100 * start), number(100 * now)]
        }
        for (skill, own) in bySkill.sorted(by: { (names[$0.key] ?? "") < (names[$1.key] ?? "") }) {
            if Set(own.map(\.person)).count < Measures.cellMinimum {
                rest += own
            } else {
                rows.append(row(names[skill] ?? "", own))
            }
        }
        if Set(rest.map(\.person)).count >= Measures.cellMinimum {
            rows.append(row("Skills with fewer than \(Measures.cellMinimum) people, together", rest))
        }
        return DrillDown(
            columns: ["Skill", "People with this goal", "Points lacked when set", "Points lacked now"],
            numbers: [1, 2, 3], rows: rows, total: rows.count)
    }
}
