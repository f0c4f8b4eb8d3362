import Basis
import Intent
import People
import Statistics
import Storage

extension Measures {
    func reach(of tenant: TenantID, at now: Moment) async throws -> Measure {
        let people = try await database.read { connection in
            let inForce = try strategies.inForce(of: tenant, on: connection)
            return try reachPeople(where: Measures.inForce, inForce, of: tenant, on: connection)
        }
        func figure(_ name: String, needs: String = "a published strategy", _ step: (ReachPerson) -> Bool?) -> Figure {
            Measures.reachFigure(name, people, needs: needs, step)
        }
        return Measure(
            kind: .reach, headline: figure("Acknowledged") { $0.acknowledgedAt != nil },
            parts: [
                figure("Delivered") { $0.deliveredAt != nil }, figure("Viewed") { $0.viewedAt != nil },
                figure("Opened") { $0.openedAt != nil }, figure("Acknowledged") { $0.acknowledgedAt != nil },
                figure("Understood", needs: "a comprehension check with the strategy") { one in
                    one.isUnderstood.map { $0 && one.openedAt != nil }
                },
                figure("Applied (associated)") { $0.appliedAt != nil },
            ],
            benchmark: Benchmark(0.5, "50% say leadership has communicated no AI strategy"),
            method: [
                "Every strategy in force counts, for each person it is addressed to.",
                "Opened: the page was before a person, signed in, for as long as 600 words a minute take, and for ten "
                    + "seconds at least. That a mail was loaded never counts.",
                StrategyCheck.rule + " Only strategies with a check count.",
                "Applied: within 30 days of opening, more evidence of learning on its priority skills than in the 30 "
                    + "days before. It says when, not that the strategy was the cause.",
                "Acknowledged is never taken for understood.",
            ], asOf: now)
    }

    static let inForce: SQL = """
        EXISTS (SELECT 1 FROM strategy f WHERE f.tenant = d.tenant AND f.id = d.strategy AND f.version = d.version
            AND f.state = 'published')
        """

    /// The share of people, or of people and strategies, with Wilson's interval, clustered by person when somebody has
    /// several strategies. Where the step tells nil it is not counted.
    private static func reachFigure(
        _ name: String, _ people: [ReachPerson], needs: String, _ step: (ReachPerson) -> Bool?
    ) -> Figure {
        var sums: [ID<Person>: (part: Double, whole: Double)] = [:]
        for one in people {
            guard let isReached = step(one) else { continue }
            var own = sums[one.person] ?? (0, 0)
            own.whole += 1
            if isReached { own.part += 1 }
            sums[one.person] = own
        }
        let clusters = sums.sorted { $0.key.description < $1.key.description }.map(\.value)
        let (part, whole) = clusters.reduce(into: (0.0, 0.0)) { $0 = ($0.0 + $1.part, $0.1 + $1.whole) }
        let isSingle = clusters.allSatisfy { $0.whole == 1 }
        return Figure(
            name, whole == 0 ? nil : part / whole, numerator: part, denominator: whole,
            of: isSingle ? "people addressed" : "people addressed, for each strategy",
            interval: isSingle
                ? Proportion.wilson(Int(part), of: Int(whole)) : Proportion.ratio(clusters: clusters),
            needs: whole == 0 ? needs : nil)
    }

    func reachRows(of tenant: TenantID) async throws -> DrillDown {
        var shown: [[String]] = []
        for record in try await strategies.inForce(of: tenant).sorted(by: { $0.title < $1.title }) {
            guard let funnel = try await funnel(of: record.id, in: tenant) else { continue }
            for group in funnel.units + [funnel.rest].compactMap(\.self) {
                shown.append([record.title, group.name] + StrategyFunnel.cells(group.steps))
            }
            if funnel.units.isEmpty {
                shown.append([record.title, "Everybody"] + StrategyFunnel.cells(funnel.steps))
            }
        }
        return DrillDown(
            columns: ["Strategy", "Unit", "Addressed", "Delivered", "Viewed", "Opened", "Understood", "Applied"],
            numbers: [2, 3, 4, 5, 6, 7], rows: shown, total: shown.count)
    }
}

extension StrategyFunnel {
    /// The counts, with nothing where there is none.
    fileprivate static func cells(_ steps: [Step]) -> [String] { steps.map { $0.count.map(String.init) ?? "" } }
}
