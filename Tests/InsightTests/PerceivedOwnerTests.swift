import Basis
import Statistics
import Testing

@testable import Insight
@testable import Intent

@Suite struct PerceivedOwnerTests {
    private func near(_ one: Double?, _ other: Double, within: Double) -> Bool {
        one.map { abs($0 - other) < within } ?? false
    }

    /// Answers of one person each.
    private func answers(
        _ use: ID<AIUse>, _ counts: [(OwnerQuestion.Answer, Int)], owner: ID<Person>?, from first: Int = 0
    ) -> [OwnerAnswer] {
        var list: [OwnerAnswer] = []
        for (answer, count) in counts {
            for _ in 0..<count {
                list.append(OwnerAnswer(use: use, respondent: first + list.count, answer: answer, owner: owner))
            }
        }
        return list
    }

    @Test func `perceived owners have the entropy and effective number of the golden counts`() throws {
        let world = World.replay(seed: 4)
        let (use, people) = (world.id(AIUse.self), (0..<4).map { _ in world.id(Person.self) })
        let counts = zip(people, [12, 5, 2, 1]).map { (OwnerQuestion.Answer.person($0), $1) }
        let perceived = PerceivedOwners(
            answers(use, counts + [(.unknown, 5), (.refused, 3)], owner: people[0]))
        let one = try #require(perceived.uses.first)
        #expect(one.answers == 25, "who would rather not say does not count")
        #expect(near(one.spread?.entropy, 1.4905, within: 5e-5))
        #expect(near(one.spread?.corrected.estimate, 1.5987, within: 5e-5))
        #expect(near(one.spread?.effectiveNumber.estimate, 2.810, within: 5e-4))
        #expect(one.unknown == Proportion.wilson(5, of: 25))
        let figures = Dictionary(uniqueKeysWithValues: perceived.figures(structure: 0.5).map { ($0.name, $0) })
        let knowledge = try #require(figures["People who say what the register says"])
        #expect(near(knowledge.value, 12.0 / 25, within: 1e-12))
        #expect(knowledge.interval == Proportion.wilson(12, of: 25))
        let index = try #require(figures["Clarity index: structure × knowledge"])
        #expect(near(index.value, 0.24, within: 1e-12))
        let gap = try #require(figures["Calibration gap: the report’s 23% less the clarity index"])
        #expect(near(gap.value, -0.01, within: 1e-12) && gap.interval != nil)
    }

    @Test func `shares are drawn together, and nothing is told from four answers`() throws {
        let world = World.replay(seed: 5)
        let (ann, bob) = (world.id(Person.self), world.id(Person.self))
        var all: [OwnerAnswer] = []
        var uses: [ID<AIUse>] = []
        for (right, wrong) in [(10, 0), (5, 5), (0, 10), (4, 0)] {
            let use = world.id(AIUse.self)
            uses.append(use)
            all += answers(use, [(.person(ann), right), (.person(bob), wrong)], owner: ann, from: all.count)
        }
        let perceived = PerceivedOwners(all)
        #expect(Set(perceived.uses.map(\.use)) == Set(uses.prefix(3)))
        let first = try #require(perceived.uses.first { $0.use == uses[0] }?.accuracy)
        #expect(first.estimate < 1 && first.estimate > 0.6 && first.low < first.high)
        let figures = Dictionary(uniqueKeysWithValues: perceived.figures(structure: nil).map { ($0.name, $0) })
        #expect(figures["Clarity index: structure × knowledge"]?.value == nil)
        #expect(figures["People agree with each other beyond chance (α)"]?.value != nil)
        let few = PerceivedOwners(Array(all.prefix(4)))
        #expect(few.uses.isEmpty && few.figures(structure: 1).allSatisfy { $0.value == nil })
    }

    @Test func `register and people agree as Cohen's kappa says`() throws {
        let world = World.replay(seed: 6)
        let (ann, bob) = (world.id(Person.self), world.id(Person.self))
        // 20 both Ann, 15 both Bob, 5 and 10 crossed: observed 0.7, expected 0.5.
        let (one, two) = (world.id(AIUse.self), world.id(AIUse.self))
        let all =
            answers(one, [(.person(ann), 20), (.person(bob), 5)], owner: ann)
            + answers(two, [(.person(bob), 15), (.person(ann), 10)], owner: bob, from: 25)
        let figures = Dictionary(
            uniqueKeysWithValues: PerceivedOwners(all).figures(structure: 1).map { ($0.name, $0) })
        let kappa = try #require(figures["Answers and register agree beyond chance (κ)"])
        #expect(near(kappa.value, 0.4, within: 1e-9) && kappa.interval != nil && kappa.unit == .number)
    }

    @Test func `escalations are counted with hand-overs and by Kaplan and Meier`() throws {
        let world = World.replay(seed: 7)
        let now = world.now()
        func one(_ raised: Int, decided: Int?, due: Int, handovers: Int = 0) -> EscalationRecord {
            EscalationRecord(
                id: world.id(), use: world.id(), by: world.id(), raisedAt: now - .days(raised), question: "?",
                dueOn: now.day + due, holder: nil, handovers: handovers, answer: "",
                decidedAt: decided.map { now - .days($0) }, decidedBy: decided.map { _ in world.id() })
        }
        let figures = Dictionary(
            uniqueKeysWithValues: EscalationFigures.figures(
                [
                    one(20, decided: 18, due: -15), one(20, decided: 14, due: -15, handovers: 3),
                    one(20, decided: nil, due: -13), one(3, decided: nil, due: 4),
                ], answerDays: 5, asOf: now
            ).map { ($0.name, $0) })
        // Events after 2 and 6 days; one left after 3: S = 3/4 · 1/2.
        #expect(near(figures["Time to a decision on a question, median"]?.value, 6, within: 1e-9))
        #expect(near(figures["Questions still open after 14 days"]?.value, 0.375, within: 1e-9))
        #expect(near(figures["Open questions that wait for more than 5 working days"]?.value, 0.5, within: 1e-12))
        #expect(near(figures["Hand-overs a question"]?.value, 0.75, within: 1e-12))
        let twelve = (0..<12).map { _ in UseDecision(use: world.id(), at: now, wasOwned: true, isByOwner: false) }
        let share = try #require(EscalationFigures.figures(twelve).first)
        #expect(share.value == 0 && near(share.interval?.high, 0.2425, within: 5e-5))
    }
}
