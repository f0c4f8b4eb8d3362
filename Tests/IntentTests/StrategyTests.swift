import Basis
import People
import Storage
import StorageTesting
import Testing

@testable import Intent

@Suite struct ShareTests {
    @Test func `shares are whole percents that sum to 100`() {
        var dice = Dice(seed: 11)
        for _ in 0..<2_000 {
            let weights = (0..<Int.random(in: 1...20, using: &dice)).map { _ in Int.random(in: 1...10_000, using: &dice)
            }
            let shares = Shares.percents(weights)
            #expect(shares.reduce(0, +) == 100, "weights \(weights)")
            let total = weights.reduce(0, +)
            for (weight, share) in zip(weights, shares) {
                #expect(abs(Double(share) - 100 * Double(weight) / Double(total)) < 1, "weights \(weights)")
            }
        }
    }

    @Test func `thirds give the spare percent to the first`() {
        #expect(Shares.percents([1, 1, 1]) == [34, 33, 33])
        #expect(Shares.percents([]) == [])
        #expect(Shares.percents([0, 0]) == [0, 0])
    }
}

@Suite struct StrategyTests {
    private func full(_ house: House, _ audience: AudienceRule? = nil) -> StrategyDraft {
        let (reading, asking) = (house.world.id(Skill.self), house.world.id(Skill.self))
        return StrategyDraft(
            title: "Use AI with judgement", text: "We learn to **check** what it says.", owner: house.sponsor,
            audience: audience ?? .unit(house.sales),
            priorities: [
                PriorityDraft(name: "Check sources", skills: [reading, asking], weight: 3),
                PriorityDraft(name: "Ask well", skills: [asking], weight: 1),
            ], from: house.today, until: house.today + 365)
    }

    @Test(arguments: Engine.present) func `a strategy comes back as it was written`(engine: Engine) async throws {
        let house = try await House(on: engine)
        let draft = full(house)
        let made = try await house.strategies.draft(draft, by: house.sponsor, of: house.tenant)
        #expect(made.version == 1)
        #expect(made.state == .draft)
        #expect(made.priorities.map(\.share) == [75, 25])
        #expect(made.priorities.map(\.skills) == draft.priorities.map(\.skills))
        #expect(made.audience == .unit(house.sales))
        #expect(made.from == draft.from && made.until == draft.until)
        let weights = made.skillWeights
        #expect(abs(weights.values.reduce(0, +) - 1) < 1e-12)
        #expect(weights[draft.priorities[1].skills[0]] == 0.625)
        #expect(try await house.strategies.find(made.id, of: house.tenant) == made)
        let priority = made.priorities[1]
        #expect(try await house.strategies.priority(priority.id, of: house.tenant)?.priority == priority)
    }

    @Test(arguments: Engine.present) func `publishing names all that is missing`(engine: Engine) async throws {
        let house = try await House(on: engine)
        let empty = try await house.strategies.draft(
            StrategyDraft(title: "Later"), by: house.sponsor, of: house.tenant)
        let problem = await refusal {
            try await house.strategies.publish(empty.id, by: house.sponsor, of: house.tenant)
        }
        #expect(problem?.code == "strategy-incomplete")
        #expect(problem?.pointers == ["/owner", "/priorities", "/audience"])
        var nobody = full(house, .not(.everyone))
        nobody.priorities[0].skills = []
        let lonely = try await house.strategies.draft(nobody, by: house.sponsor, of: house.tenant)
        let refused = await refusal {
            try await house.strategies.publish(lonely.id, by: house.sponsor, of: house.tenant)
        }
        #expect(refused?.pointers == ["/priorities/0/skills", "/audience"])
        #expect(try await house.strategies.find(lonely.id, of: house.tenant)?.state == .draft)
        #expect(try await house.statements(of: ":published") == 0)
    }

    @Test func `a draft is refused with every place`() async throws {
        let house = try await House(on: .memory)
        var draft = full(house)
        draft.title = "  "
        draft.priorities[1].weight = 0
        draft.until = house.today + -400
        let problem = await refusal {
            try await house.strategies.draft(draft, by: house.sponsor, of: house.tenant)
        }
        #expect(problem?.pointers == ["/title", "/priorities/1/weight", "/until"])
        #expect(problem?.kind == .invalid)
    }

    @Test(arguments: Engine.present) func `the funnel counts people once`(engine: Engine) async throws {
        let house = try await House(on: engine)
        let made = try await house.strategies.draft(full(house), by: house.sponsor, of: house.tenant)
        #expect(try await house.strategies.reach(of: made.id, in: house.tenant) == nil)
        let published = try await house.strategies.publish(made.id, by: house.sponsor, of: house.tenant)
        #expect(published.state == .published)
        let (ada, ben) = (house.sellers[0], house.sellers[1])
        #expect(try await house.strategies.view(made.id, by: ada, of: house.tenant))
        #expect(try await house.strategies.view(made.id, by: ada, of: house.tenant) == false)
        #expect(try await house.strategies.view(made.id, by: house.clerks[0], of: house.tenant) == false)
        // Acknowledging opens it as well.
        for expected in [true, false] {
            #expect(
                try await house.strategies.acknowledge(made.id, version: 1, by: ben, of: house.tenant) == expected)
        }
        let reach = try #require(try await house.strategies.reach(of: made.id, in: house.tenant))
        #expect([reach.published, reach.delivered, reach.viewed, reach.acknowledged] == [4, 4, 2, 1])
        #expect(reach.opened == 0, "nobody had it before them for ten seconds")
        #expect(try await house.statements(of: ":opened") == 2)
        #expect(try await house.statements(of: ":acknowledged") == 1)
        let stranger = await refusal {
            try await house.strategies.acknowledge(made.id, version: 1, by: house.clerks[0], of: house.tenant)
        }
        #expect(stranger?.code == "not-addressed")
        let notice = try #require(try await house.strategies.notices(for: ben, of: house.tenant).first)
        #expect(notice.acknowledgedAt != nil && notice.strategy.id == made.id)
    }

    @Test(arguments: Engine.present) func `a new version supersedes and keeps priorities`(engine: Engine) async throws {
        let house = try await House(on: engine)
        let first = try await house.strategies.draft(full(house), by: house.sponsor, of: house.tenant)
        let published = try await house.strategies.publish(first.id, by: house.sponsor, of: house.tenant)
        try await house.strategies.acknowledge(first.id, version: 1, by: house.sellers[0], of: house.tenant)
        var next = StrategyDraft(published)
        next.title = "Use AI with more judgement"
        next.audience = .everyone
        let second = try await house.strategies.revise(first.id, to: next, by: house.sponsor, of: house.tenant)
        #expect(second.version == 2)
        #expect(second.priorities.map(\.id) == published.priorities.map(\.id))
        #expect(try await house.strategies.inForce(of: house.tenant).map(\.version) == [1])
        next.title = "Judgement first"
        #expect(
            try await house.strategies.revise(first.id, to: next, by: house.sponsor, of: house.tenant).version == 2)
        _ = try await house.strategies.publish(first.id, by: house.sponsor, of: house.tenant)
        #expect(
            try await house.strategies.versions(of: first.id, in: house.tenant).map(\.state)
                == [.published, .superseded])
        let stale = await refusal {
            try await house.strategies.acknowledge(first.id, version: 1, by: house.sellers[1], of: house.tenant)
        }
        #expect(stale?.code == "strategy-changed")
        #expect(try await house.strategies.reach(of: first.id, in: house.tenant)?.published == 8)
        #expect(try await house.strategies.reach(of: first.id, version: 1, in: house.tenant)?.acknowledged == 1)
        let changes = try await house.changes.changes(of: .strategy(first.id), in: house.tenant)
        #expect(changes.map(\.what).contains(.superseded))
    }

    @Test(arguments: Engine.present) func `late joiners are delivered to, withdrawal ends it`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let made = try await house.strategies.draft(full(house), by: house.sponsor, of: house.tenant)
        _ = try await house.strategies.publish(made.id, by: house.sponsor, of: house.tenant)
        _ = try await house.directory.save(
            PersonDraft(key: "gil", name: "Gil", unit: house.sales), of: house.tenant)
        #expect(try await house.strategies.refresh(made.id, of: house.tenant) == 1)
        #expect(try await house.strategies.refresh(made.id, of: house.tenant) == 0)
        #expect(try await house.strategies.reach(of: made.id, in: house.tenant)?.delivered == 5)
        let silent = await refusal {
            try await house.strategies.withdraw(made.id, reason: " ", by: house.sponsor, of: house.tenant)
        }
        #expect(silent?.code == "text-missing")
        try await house.strategies.withdraw(made.id, reason: "Merged", by: house.sponsor, of: house.tenant)
        #expect(try await house.strategies.inForce(of: house.tenant).isEmpty)
        #expect(try await house.strategies.list(of: house.tenant).map(\.state) == [.withdrawn])
        #expect(try await house.strategies.view(made.id, by: house.sellers[0], of: house.tenant) == false)
    }

    @Test(arguments: Engine.present) func `a discarded draft is gone`(engine: Engine) async throws {
        let house = try await House(on: engine)
        let made = try await house.strategies.draft(full(house), by: house.sponsor, of: house.tenant)
        try await house.strategies.discardDraft(of: made.id, by: house.sponsor, of: house.tenant)
        #expect(try await house.strategies.find(made.id, of: house.tenant) == nil)
        let left: Int = try await house.database.read {
            try $0.value("SELECT COUNT(*) AS count FROM strategy_skill")
        }
        #expect(left == 0)
    }
}
