import Basis
import People
import Statistics
import Storage
import StorageTesting
import Testing

@testable import Intent

@Suite struct WeighingTests {
    private static let names = ["Check sources", "Ask well", "Protect data"]

    private func draft(_ house: House, _ priorities: [PriorityDraft]? = nil) -> StrategyDraft {
        let skill = house.world.id(Skill.self)
        return StrategyDraft(
            title: "Judgement", owner: house.sponsor, audience: .everyone,
            priorities: priorities ?? WeighingTests.names.map { PriorityDraft(name: $0, skills: [skill], weight: 1) })
    }

    private func give(
        _ points: [Int], _ record: StrategyRecord, by leader: ID<Person>, _ house: House
    ) async throws {
        let given = Dictionary(uniqueKeysWithValues: zip(record.priorities.map(\.id), points))
        try await house.strategies.allot(given, to: record.id, version: record.version, by: leader, of: house.tenant)
    }

    private func refused(_ code: String, _ act: () async throws -> Void) async {
        do {
            try await act()
            Issue.record("not refused: \(code)")
        } catch let problem as Problem {
            #expect(problem.code == code)
        } catch { Issue.record("\(error)") }
    }

    @Test(arguments: Engine.present) func `the mean is shown once all have answered, and becomes the weights`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (book, tenant) = (house.strategies, house.tenant)
        let made = try await book.draft(draft(house), by: house.sponsor, of: tenant)
        let leaders = [house.sponsor, house.steward, house.sellers[0]]
        _ = try await book.askLeaders(leaders, toWeigh: made.id, by: house.sponsor, of: tenant)
        // Asked twice is asked once.
        let asked = try await book.askLeaders([leaders[0]], toWeigh: made.id, by: house.sponsor, of: tenant)
        #expect(asked.leaders.count == 3 && asked.missing.count == 3 && !asked.isComplete)
        #expect(try await book.weighingRequests(of: house.steward, in: tenant).map(\.strategy.id) == [made.id])
        #expect(try await book.weighingRequests(of: house.clerks[0], in: tenant).isEmpty)

        try await give([60, 30, 10], made, by: leaders[0], house)
        try await give([50, 30, 20], made, by: leaders[1], house)
        var weighing = try #require(try await book.weighing(of: made.id, version: 1, in: tenant))
        #expect(weighing.allocation == nil && weighing.missing.map(\.person) == [leaders[2]])
        await refused("weighing-open") {
            _ = try await book.publish(made.id, by: house.sponsor, of: tenant)
        }
        // Until everybody has answered, one's own may change.
        try await give([70, 20, 10], made, by: leaders[1], house)
        #expect(
            try await book.weighingRequests(of: leaders[1], in: tenant).first?.points[made.priorities[0].id] == 70)
        try await give([50, 10, 40], made, by: leaders[2], house)
        weighing = try #require(try await book.weighing(of: made.id, version: 1, in: tenant))
        let mean = try #require(weighing.allocation?.weights)
        #expect(zip(mean, [0.6, 0.2, 0.2]).allSatisfy { abs($0 - $1) < 1e-12 })
        // Ranks 3 2 1, 3 2 1, 3 1 2: sums 9, 5, 4; S = 14; W = 12·14 ÷ (9·24).
        let w = try #require(weighing.allocation?.concordance?.coefficient)
        #expect(abs(w - 168.0 / 216) < 1e-12)
        await refused("weighing-complete") { try await give([100, 0, 0], made, by: leaders[0], house) }

        let weighed = try await book.takeLeadersWeights(of: made.id, by: house.sponsor, of: tenant)
        #expect(weighed.priorities.map(\.share) == [60, 20, 20])
        // The weights are new, the priorities are the same: what was given holds.
        #expect(try await book.weighing(of: made.id, version: 1, in: tenant)?.isComplete == true)
        #expect(try await book.publish(made.id, by: house.sponsor, of: tenant).state == .published)
        #expect(try await book.weighingRequests(of: house.steward, in: tenant).isEmpty)
    }

    @Test(arguments: Engine.present) func `points are a hundred, over what the draft has`(engine: Engine) async throws {
        let house = try await House(on: engine)
        let (book, tenant) = (house.strategies, house.tenant)
        let made = try await book.draft(draft(house), by: house.sponsor, of: tenant)
        _ = try await book.askLeaders(house.sellers, toWeigh: made.id, by: house.sponsor, of: tenant)
        let ada = house.sellers[0]
        await refused("points-sum") { try await give([60, 30, 9], made, by: ada, house) }
        await refused("points-invalid") { try await give([60, 140, -100], made, by: ada, house) }
        await refused("points-sum") { try await give([], made, by: ada, house) }
        await refused("points-invalid") { try await give([.max, .max, .min], made, by: ada, house) }
        await refused("weighing-not-asked") { try await give([100, 0, 0], made, by: house.sponsor, house) }
        await refused("points-unknown") {
            try await book.allot(
                [house.world.id(): 0, made.priorities[0].id: 100], to: made.id, version: 1, by: ada, of: tenant)
        }
        await refused("strategy-changed") {
            try await book.allot([made.priorities[0].id: 100], to: made.id, version: 2, by: ada, of: tenant)
        }
        #expect(try await book.weighing(of: made.id, version: 1, in: tenant)?.missing.count == 4)
        await refused("leader-inactive") {
            _ = try await book.askLeaders([house.world.id()], toWeigh: made.id, by: house.sponsor, of: tenant)
        }
        await refused("leaders-missing") {
            _ = try await book.askLeaders([], toWeigh: made.id, by: house.sponsor, of: tenant)
        }
    }

    @Test(arguments: Engine.present) func `other priorities are weighed again, other words of a text are not`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (book, tenant) = (house.strategies, house.tenant)
        let made = try await book.draft(draft(house), by: house.sponsor, of: tenant)
        _ = try await book.askLeaders([house.steward], toWeigh: made.id, by: house.sponsor, of: tenant)
        try await give([60, 30, 10], made, by: house.steward, house)
        var same = StrategyDraft(made)
        same.text = "More about it."
        same.priorities[0].weight = 7
        _ = try await book.revise(made.id, to: same, by: house.sponsor, of: tenant)
        #expect(try await book.weighing(of: made.id, version: 1, in: tenant)?.missing.isEmpty == true)
        same.priorities[2].name = "Something else"
        _ = try await book.revise(made.id, to: same, by: house.sponsor, of: tenant)
        #expect(try await book.weighing(of: made.id, version: 1, in: tenant)?.missing.count == 1)
        #expect(try await book.weighingRequests(of: house.steward, in: tenant).first?.points.isEmpty == true)
        // One who has not answered may be left out, one who has may not.
        try await give([0, 0, 100], made, by: house.steward, house)
        _ = try await book.askLeaders([house.sponsor], toWeigh: made.id, by: house.sponsor, of: tenant)
        await refused("leader-answered") {
            _ = try await book.excuseLeader(house.steward, fromWeighing: made.id, by: house.sponsor, of: tenant)
        }
        let left = try await book.excuseLeader(house.sponsor, fromWeighing: made.id, by: house.sponsor, of: tenant)
        #expect(left.isComplete && left.allocation == nil)
        await refused("weighing-open") {
            _ = try await book.takeLeadersWeights(of: made.id, by: house.sponsor, of: tenant)
        }
        let again = try await book.weighAgain(made.id, reason: "The scope changed.", by: house.sponsor, of: tenant)
        #expect(again.missing.count == 1)
        try await book.discardDraft(of: made.id, by: house.sponsor, of: tenant)
        #expect(try await book.weighing(of: made.id, version: 1, in: tenant) == nil)
    }

    @Test(arguments: Engine.present) func `less agreement than the rules want needs a word why, which is on record`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (book, tenant) = (house.strategies, house.tenant)
        let escalations = EscalationBook(database: house.database, world: house.world)
        _ = try await escalations.set(answerDays: 5, agreement: 0.6, by: house.steward, of: tenant)
        let made = try await book.draft(draft(house), by: house.sponsor, of: tenant)
        // Nobody weighed it: it cannot be told.
        await refused("agreement-low") { _ = try await book.publish(made.id, by: house.sponsor, of: tenant) }
        _ = try await book.askLeaders(
            [house.sponsor, house.steward, house.sellers[0]], toWeigh: made.id, by: house.sponsor, of: tenant)
        try await give([60, 30, 10], made, by: house.sponsor, house)
        try await give([10, 60, 30], made, by: house.steward, house)
        try await give([30, 10, 60], made, by: house.sellers[0], house)
        let weighing = try #require(try await book.weighing(of: made.id, version: 1, in: tenant))
        #expect(weighing.allocation?.concordance?.coefficient == 0)
        await refused("agreement-low") { _ = try await book.publish(made.id, by: house.sponsor, of: tenant) }
        let published = try await book.publish(
            made.id, reason: "The board decided on 3 March.", by: house.sponsor, of: tenant)
        #expect(published.state == .published)
        let changes = try await house.changes.changes(of: .strategy(made.id), in: tenant)
        let override = try #require(changes.first { $0.what == .overridden })
        #expect(override.reason == "The board decided on 3 March." && override.detail.contains("W of 0.0"))
    }

    @Test(arguments: Engine.present) func `answers and publication at once leave whole answers, all of them counted`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (book, tenant) = (house.strategies, house.tenant)
        let made = try await book.draft(draft(house), by: house.sponsor, of: tenant)
        _ = try await book.askLeaders(house.sellers, toWeigh: made.id, by: house.sponsor, of: tenant)
        await withTaskGroup(of: Void.self) { group in
            for (place, leader) in house.sellers.enumerated() {
                for shift in 0..<2 {
                    group.addTask {
                        // One that comes after everybody has answered is refused.
                        try? await give([50 + place, 30 - place + shift, 20 - shift], made, by: leader, house)
                    }
                    group.addTask { _ = try? await book.publish(made.id, by: house.sponsor, of: tenant) }
                }
            }
        }
        let weighing = try #require(try await book.weighing(of: made.id, version: 1, in: tenant))
        #expect(weighing.isComplete && weighing.allocation?.leaders == 4)
        let sums = try await house.database.read { connection in
            try connection.rows(
                "SELECT CAST(SUM(points) AS \(type: .integer)) AS sum FROM strategy_points GROUP BY person"
            ).map {
                try $0.get("sum", as: Int.self)
            }
        }
        #expect(sums == [100, 100, 100, 100])
        _ = try? await book.publish(made.id, by: house.sponsor, of: tenant)
        #expect(try await book.versions(of: made.id, in: tenant).map(\.state) == [.published])
    }
}
