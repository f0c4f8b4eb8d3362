import Basis
import Intent
import Mastery
import People
import Skills
import Statistics
import Storage
import StorageTesting
import Testing

@testable import Insight

@Suite struct TargetTests {
    @Test(arguments: Engine.present) func `a target counts who commands every skill of the priority, by evidence`(
        engine: Engine
    ) async throws {
        let house = try await InsightHouse(on: engine)
        let book = StrategyBook(database: house.database, world: house.world)
        let by = house.world.now().day + 100
        let skills = house.skills.map(\.id)
        func draft(_ name: String, _ skills: [ID<Skill>], _ target: PriorityTarget?) -> PriorityDraft {
            PriorityDraft(name: name, skills: skills, weight: 1, target: target)
        }
        let made = try await book.draft(
            StrategyDraft(
                title: "Safe hands", owner: house.steward, audience: .role(.learner),
                priorities: [
                    draft("One", [skills[0]], PriorityTarget(share: 50, level: 60, by: by)),
                    draft("Both", skills, PriorityTarget(share: 80, level: 60, by: by)),
                    draft("None", [skills[1]], nil),
                ]), by: house.steward, of: house.tenant)
        let record = try await book.publish(made.id, by: house.steward, of: house.tenant)
        // Five answer well on the first skill, two of them on the second, too; one answers badly.
        func answers(_ people: ArraySlice<ID<Person>>, _ skill: Int, _ isRight: Bool) -> [Answer] {
            people.flatMap { person in
                (0..<30).map { item in
                    Answer(
                        person: person, item: skill * 100 + item, skills: [house.skills[skill].number],
                        isRight: isRight, at: house.world.now())
                }
            }
        }
        let learners = house.learners[...]
        try await house.mastery.record(
            answers(learners.prefix(5), 0, true) + answers(learners.prefix(2), 1, true)
                + answers(learners.dropFirst(5).prefix(4), 0, false), in: house.tenant)
        let measures = Measures(
            database: house.database, world: house.world,
            mastery: MasteryBook(database: house.database, world: house.world))
        let progress = try await measures.targets(of: record, in: house.tenant)
        let ids = record.priorities.map(\.id)
        #expect(progress.keys.count == 2 && progress[ids[2]] == nil)
        let one = try #require(progress[ids[0]])
        #expect(one.people == 12 && one.reached == 5 && one.target.share == 50 && one.needs == nil)
        let share = try #require(one.share)
        #expect(share.low < 5.0 / 12 && 5.0 / 12 < share.high)
        #expect(progress[ids[1]]?.reached == 2)
        // What nobody could show is not told as nobody reaching it.
        let empty = try await InsightHouse(on: engine)
        let other = StrategyBook(database: empty.database, world: empty.world)
        let draftOnly = try await other.draft(
            StrategyDraft(
                title: "Quiet", audience: .role(.learner),
                priorities: [
                    PriorityDraft(
                        name: "One", skills: [empty.skills[0].id], weight: 1,
                        target: PriorityTarget(share: 50, by: by))
                ]), by: empty.steward, of: empty.tenant)
        let told = try await empty.measures.targets(of: draftOnly, in: empty.tenant)
        #expect(told[draftOnly.priorities[0].id]?.reached == nil)
        #expect(told[draftOnly.priorities[0].id]?.needs == "an item for each of its skills")
        try await empty.database.close()
        try await house.database.close()
    }
}
