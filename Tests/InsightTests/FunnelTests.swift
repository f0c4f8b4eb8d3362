import Basis
import Catalog
import Evidence
import People
import Statistics
import Storage
import StorageTesting
import Testing

@testable import Insight
@testable import Intent

@Suite struct FunnelTests {
    private func near(_ one: Double?, _ other: Double, within: Double = 1e-9) -> Bool {
        one.map { abs($0 - other) < within } ?? false
    }

    /// Everybody but the last two opened it 40 days ago; what they learned on it is told by `learned`.
    private func read(_ house: InsightHouse, _ strategy: ID<Strategy>) async throws -> Moment {
        let opened = house.world.now() - .days(40)
        let books = StrategyBook(database: house.database, world: house.world)
        try await house.database.write { connection in
            try connection.run(
                "UPDATE strategy_delivery SET opened_at = NULL, acknowledged_at = NULL, served_at = NULL")
        }
        for learner in house.learners.dropLast(2) { try await books.view(strategy, by: learner, of: house.tenant) }
        try await house.database.write { connection in
            try connection.run(
                """
                UPDATE strategy_delivery SET delivered_at = \(opened - .days(2)), opened_at = \(opened),
                    served_at = \(opened), dwelt_at = \(opened) WHERE served_at IS NOT NULL
                """)
            try connection.run(
                "UPDATE strategy_delivery SET delivered_at = \(opened - .days(2)) WHERE served_at IS NULL")
        }
        return opened
    }

    private func learn(_ house: InsightHouse, _ learner: Int, days: [Int], since opened: Moment) async throws {
        let library = try await house.keys(Library(database: house.database, world: house.world))
        let a = try #require(library["a"])
        try await house.log.append(
            days.map {
                StatementDraft(
                    .person(house.learners[learner]), .completed, ActivityRef(Vocabulary.contentIRI(a), name: "a"),
                    result: Outcome(completion: true, duration: .minutes(5)), choice: .own,
                    timestamp: opened + .days($0) + .hours(1))
            }, to: house.tenant)
    }

    private func strategy(_ house: InsightHouse) async throws -> StrategyRecord {
        let books = StrategyBook(database: house.database, world: house.world)
        return try #require(try await books.inForce(of: house.tenant).first)
    }

    @Test(arguments: Engine.present) func `applied is more evidence after opening than before`(
        engine: Engine
    ) async throws {
        let house = try await InsightHouse(on: engine)
        try await house.fill()
        let strategy = try await strategy(house)
        let opened = try await read(house, strategy.id)
        // More after than before; as many; none before; only after the window; only before.
        try await learn(house, 0, days: [-20, 3, 9], since: opened)
        try await learn(house, 1, days: [-20, 3], since: opened)
        try await learn(house, 2, days: [29], since: opened)
        try await learn(house, 3, days: [31], since: opened)
        try await learn(house, 4, days: [-3, -2], since: opened)
        let funnel = try #require(try await house.measures.funnel(of: strategy.id, in: house.tenant))
        #expect(funnel.people == 12)
        #expect(
            funnel.steps.map(\.name) == [
                "Published to", "Delivered", "Viewed", "Opened", "Understood", "Applied (associated)",
            ])
        #expect(funnel.steps.map(\.count) == [12, 12, 10, 10, nil, 2])
        #expect(funnel.steps[4].needs?.contains("check") == true)
        #expect(funnel.steps[3].reach == Proportion.wilson(10, of: 12))
        #expect(funnel.steps[5].conversion == Proportion.wilson(2, of: 10))
        let times = Dictionary(uniqueKeysWithValues: funnel.times.map { ($0.name, $0) })
        #expect(near(times["Opened within 30 days of delivery"]?.value, 10.0 / 12))
        #expect(near(times["Applied within 30 days of opening (associated)"]?.value, 0.2))
        #expect(near(times["Time until opened, median"]?.value, 2))
        // Two units of six: neither is shown, and together they would only say the whole again.
        #expect(funnel.units.isEmpty && funnel.rest == nil)
        let measure = try await house.measures.count(.reach, of: house.tenant)
        let parts = Dictionary(uniqueKeysWithValues: measure.parts.map { ($0.name, $0) })
        #expect(parts["Applied (associated)"]?.numerator == 2 && parts["Opened"]?.numerator == 10)
        #expect(parts["Understood"]?.value == nil)
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `understood counts recall and recognition, and never tells of few`(
        engine: Engine
    ) async throws {
        let house = try await InsightHouse(on: engine)
        try await house.fill()
        let (tenant, books) = (house.tenant, StrategyBook(database: house.database, world: house.world))
        let strategy = try await strategy(house)
        _ = try await read(house, strategy.id)
        let question = StrategyCheck.Question(text: "Who?", options: ["A", "B", "C", "D"], correct: 2)
        try await books.setCheck(
            of: strategy.id, version: 1, asksRecall: true, questions: [question], by: house.steward, in: tenant)
        // Ten answer: six right of a question with four options; the first two also name both priorities.
        for (place, learner) in house.learners.prefix(10).enumerated() {
            let texts = place < 2 ? ["check", "ask"] : ["money"]
            try await books.recall(strategy.id, version: 1, texts: texts, by: learner, of: tenant)
            let pick = place >= 4 ? 2 : 0
            try await books.answer(strategy.id, version: 1, picks: [pick], by: learner, of: tenant)
        }
        for text in try await books.recalls(of: strategy.id, version: 1, in: tenant) {
            try await books.match(text.id, to: text.suggested, by: house.steward, of: tenant)
        }
        let funnel = try #require(try await house.measures.funnel(of: strategy.id, in: tenant))
        #expect(funnel.steps[4].count == 8)
        let figures = Dictionary(uniqueKeysWithValues: funnel.understanding.map { ($0.name, $0) })
        // (0.6 − 0.25) ÷ 0.75
        #expect(near(figures["Recognition, corrected for guessing"]?.value, 0.35 / 0.75))
        let named = try #require(figures["Named at least 2 priorities freely"])
        #expect(near(named.value, 0.2) && named.interval == Proportion.wilson(2, of: 10))
        #expect(near(figures["Matcher and person agree on what was meant (κ)"]?.value, 1))
        let measure = try await house.measures.count(.reach, of: tenant)
        let understood = try #require(measure.parts.first { $0.name == "Understood" })
        #expect(understood.numerator == 8 && understood.denominator == 12)
        try await house.database.close()
    }

    @Test func `units under ten are shown together, and one never by itself`() async throws {
        let world = World.replay(seed: 5)
        let record = StrategyRecord(
            id: world.id(), version: 1, state: .published, title: "S", summary: "", text: "", owner: nil,
            audience: nil, priorities: [], from: nil, until: nil, createdAt: world.now(), createdBy: world.id(),
            publishedAt: world.now(), endedAt: nil)
        let units = (0..<4).map { _ in world.id(Unit.self) }
        let now = world.now()
        var people: [ReachPerson] = []
        for (unit, size) in zip(units, [12, 30, 11, 4]) {
            for place in 0..<size {
                people.append(
                    ReachPerson(
                        strategy: record.id, person: world.id(), unit: unit, deliveredAt: now - .days(40),
                        viewedAt: now, openedAt: place < 10 ? now - .days(39) : nil, acknowledgedAt: nil,
                        isUnderstood: place < 5, appliedAt: nil))
            }
        }
        let funnel = StrategyFunnel(
            record, people, units: { "U\(units.firstIndex(of: $0) ?? 9)" }, hasCheck: true, understanding: [],
            asOf: now)
        #expect(funnel.units.map(\.name) == ["U0", "U1"])
        #expect(funnel.rest?.people == 15, "the unit of four hides the smallest of the others")
        #expect(funnel.units[0].steps[3].reach == Proportion.wilson(10, of: 12))
        #expect(funnel.units[1].opening.map { abs($0.estimate - 1.0 / 3) < 1e-9 } == true)
        #expect(funnel.steps[4].count == 19)
    }
}
