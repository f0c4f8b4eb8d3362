import Basis
import Intent
import People
import Statistics
import Storage
import StorageTesting
import Testing

@testable import Insight

@Suite struct OwnershipFigureTests {
    private func near(_ one: Double?, _ other: Double, within: Double = 1e-9) -> Bool {
        one.map { abs($0 - other) < within } ?? false
    }

    private func figures(_ measure: Measure) -> [String: Figure] {
        Dictionary(measure.parts.map { ($0.name, $0) }, uniquingKeysWith: { one, _ in one })
    }

    /// Moves what the register wrote about a use back in time, as if it had happened so many days ago.
    private func shift(_ house: InsightHouse, _ use: ID<AIUse>, status days: Int, owner: Int?) async throws {
        let now = house.world.now()
        try await house.database.write { connection in
            try connection.run(
                "UPDATE ai_use_status SET at = \(now - .days(days)) WHERE ai_use = \(use)")
            if let owner {
                try connection.run(
                    """
                    UPDATE responsibility SET answered_at = \(now - .days(owner)), proposed_at = \(now - .days(days))
                    WHERE ai_use = \(use)
                    """)
            }
        }
    }

    private func use(_ house: InsightHouse, _ name: String, owner: ID<Person>?) async throws -> ID<AIUse> {
        let register = AIRegister(database: house.database, world: house.world)
        let use = try await register.register(
            AIUseDraft(
                name: name, purpose: "Helps.", kind: .tool, audience: .role(.learner), status: .live,
                reviewOn: house.world.now().day + 30), by: house.steward, of: house.tenant)
        if let owner {
            let asked = try await register.propose(owner, for: use.id, by: house.steward, of: house.tenant)
            _ = try await register.accept(asked.id, by: owner, of: house.tenant)
        }
        return use.id
    }

    @Test(arguments: Engine.present) func `coverage, exposure and time to an owner follow from the record`(
        engine: Engine
    ) async throws {
        let house = try await InsightHouse(on: engine)
        let tenant = house.tenant
        // Owned from the first day on; owned after 20 of 40 days; waiting for an answer; nobody asked.
        try await shift(house, try await use(house, "A", owner: house.steward), status: 40, owner: 40)
        try await shift(house, try await use(house, "B", owner: house.steward), status: 40, owner: 20)
        let waiting = try await use(house, "C", owner: nil)
        let register = AIRegister(database: house.database, world: house.world)
        _ = try await register.propose(house.learners[0], for: waiting, by: house.steward, of: tenant)
        try await shift(house, waiting, status: 40, owner: nil)
        let bare = try await use(house, "D", owner: nil)
        try await shift(house, bare, status: 10, owner: nil)

        let measure = try await house.measures.measure(.ownership, of: tenant)
        let parts = figures(measure)
        let single = try #require(parts["Uses with exactly one owner (C1)"])
        #expect(near(single.value, 0.5) && single.numerator == 2 && single.denominator == 4 && single.interval == nil)
        #expect(parts["Uses whose owner was asked and has not answered"]?.numerator == 1)
        #expect(parts["Uses without anybody asked"]?.numerator == 1)
        #expect(parts["Uses with several owners"]?.numerator == 0)
        // 30 days: A 0, B 10 to 20 of the last 30 were owned, so 10; C 30; D 10 of 10; of 100 days.
        let month = try #require(parts["Exposure: use-days without exactly one owner, last 30 days"])
        #expect(near(month.value, 0.5, within: 1e-4) && near(month.denominator, 100, within: 0.01))
        // 90 days: A 0, B 20, C 40, D 10; of 130 days.
        let quarter = try #require(parts["Exposure: use-days without exactly one owner, last 90 days"])
        #expect(near(quarter.value, 70.0 / 130, within: 1e-4))
        #expect(parts["The same, by learners reached today, last 90 days"]?.value != nil)
        // Days 0 and 20 with an owner, 40 and 10 still without: S(20) = 3/4 · 1/2.
        let expected = try #require(
            KaplanMeier([
                FollowUp(exit: 0, event: 0), FollowUp(exit: 20, event: 0), FollowUp(exit: 40, event: nil),
                FollowUp(exit: 10, event: nil),
            ]))
        let open = try #require(parts["Uses still without owner after 30 days"])
        #expect(near(open.value, 0.375) && open.interval != nil)
        #expect(near(open.interval?.low, try #require(expected.interval(at: 30)).low, within: 1e-6))
        #expect(near(parts["Time to an owner, median"]?.value, 20, within: 1e-3))
        #expect(parts["Time to an owner, median"]?.unit == .days)
        // One accountable of four claims, none of the others; the rest have nothing.
        #expect(near(parts["Responsibility charts filled in"]?.value, 0.125))
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `the months of C1 and exposure begin when the first use does`(
        engine: Engine
    ) async throws {
        let house = try await InsightHouse(on: engine)
        try await shift(house, try await use(house, "A", owner: house.steward), status: 70, owner: 5)
        let measure = try await house.measures.measure(.ownership, of: house.tenant)
        let (coverage, exposure) = (measure.series[0].points, measure.series[1].points)
        #expect(coverage.count == 12 && exposure.count == 12)
        #expect(coverage[0].value == nil && exposure[0].denominator == 0)
        #expect(coverage[11].value == 1 && coverage[11].month == Month(house.world.now().day))
        #expect(coverage[10].value == 0 || house.world.now().day.civil.day < 6)
        let days = exposure.reduce(0) { $0 + $1.denominator }
        #expect(near(days, 70, within: 0.01))
        #expect(near(exposure.reduce(0) { $0 + $1.numerator }, 65, within: 0.01))
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `review debt weighs days overdue by the risk`(engine: Engine) async throws {
        let house = try await InsightHouse(on: engine)
        let register = AIRegister(database: house.database, world: house.world)
        let today = house.world.now().day
        let (late, minimal) = (try await use(house, "A", owner: nil), try await use(house, "B", owner: nil))
        _ = try await register.classify(
            minimal, Classification.Answers(yes: []), note: "It only sorts.", by: house.steward, of: house.tenant)
        _ = try await use(house, "C", owner: nil)
        try await house.database.write { connection in
            try connection.run("UPDATE ai_use SET review_on = \(today + -4) WHERE id IN (\(late), \(minimal))")
        }
        let parts = figures(try await house.measures.measure(.ownership, of: house.tenant))
        #expect(near(parts["Reviews overdue"]?.value, 2.0 / 3))
        let sinceDue = (house.world.now() - (today + -3).start).seconds / 86_400
        #expect(near(parts["Review debt"]?.value, (3 + 1) * sinceDue, within: 1e-3))
        #expect(parts["Review debt"]?.unit == .riskDays)
        try await house.database.close()
    }
}
