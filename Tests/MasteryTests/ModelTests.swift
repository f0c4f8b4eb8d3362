import Basis
import Mastery
import Testing

@Suite struct ModelTests {
    let model = LearnerModel.standard
    let pool = SkillPool(difficulties: [-1.2, -0.4, 0, 0.3, 1.1])
    let now = Moment(microseconds: 1_760_000_000_000_000)

    /// Plays one learner through; the items start at zero and, where they move, move.
    private func play(
        _ events: [Simulation.Event], movesItems: Bool = true
    ) -> (learner: LearnerState, items: [Int: ItemState]) {
        var learner = LearnerState()
        var items: [Int: ItemState] = [:]
        for event in events {
            var item = items[event.item] ?? ItemState(number: event.item, difficulty: 0, skills: event.skills)
            model.observe(event.isRight, by: &learner, on: &item, at: event.at)
            if movesItems { items[event.item] = item }
        }
        return (learner, items)
    }

    private func flipped(_ event: Simulation.Event) -> Simulation.Event {
        Simulation.Event(
            learner: event.learner, item: event.item, skills: event.skills, isRight: !event.isRight, at: event.at)
    }

    private func mastery(_ learner: LearnerState, _ skill: Int, at moment: Moment?) -> Double {
        model.mastery(learner, of: skill, over: pool, at: moment).probability
    }

    /// The least that mastery changed when a wrong answer anywhere in a history turned right.
    private func leastChange(movesItems: Bool) -> Double {
        var least = 0.0
        for seed in 0..<400 as Range<UInt64> {
            var simulation = Simulation(seed: seed, skillCount: 3, itemsPerSkill: 4)
            let events = simulation.events(of: 0, count: Int(seed % 60) + 1, hasTimes: seed % 2 == 0)
            let before = play(events, movesItems: movesItems).learner
            for place in events.indices where !events[place].isRight {
                var better = events
                better[place] = flipped(events[place])
                let after = play(better, movesItems: movesItems).learner
                for skill in events[place].skills {
                    least = min(least, mastery(after, skill, at: now) - mastery(before, skill, at: now))
                }
            }
        }
        return least
    }

    @Test func `flipping an answer to right never lowers the mastery of its skills`() {
        #expect(leastChange(movesItems: false) == 0)
    }

    /// One learner alone, answering the same twelve new items again and again, moves them too: what then was taken for
    /// an easier item is not taken for ability. That is all that may be lost.
    @Test func `flipping hardly matters even where the learner alone moves the items`() {
        #expect(leastChange(movesItems: true) > -0.001)
    }

    @Test func `a right answer never lowers and a wrong one never raises the mastery of its skills`() {
        var worst = 0.0
        for seed in 0..<300 as Range<UInt64> {
            var simulation = Simulation(seed: seed, skillCount: 3, itemsPerSkill: 6)
            let events = simulation.events(of: 0, count: 80, hasTimes: seed % 2 == 0)
            var learner = LearnerState()
            var items: [Int: ItemState] = [:]
            for event in events {
                var item = items[event.item] ?? ItemState(number: event.item, difficulty: 0, skills: event.skills)
                let before = event.skills.map { mastery(learner, $0, at: event.at) }
                model.observe(event.isRight, by: &learner, on: &item, at: event.at)
                items[event.item] = item
                for (skill, earlier) in zip(event.skills, before) {
                    let change = mastery(learner, skill, at: event.at) - earlier
                    worst = min(worst, event.isRight ? change : -change)
                }
            }
        }
        #expect(worst >= 0, "worst change \(worst)")
    }

    @Test func `an item gets easier by right answers and harder by wrong ones`() {
        var learner = LearnerState()
        var item = ItemState(number: 1, difficulty: 0.4, skills: [1])
        model.observe(true, by: &learner, on: &item, at: nil)
        #expect(item.difficulty < 0.4 && item.answers == 1)
        let eased = item.difficulty
        model.observe(false, by: &learner, on: &item, at: nil)
        #expect(item.difficulty > eased)
    }

    @Test func `the terms of an explanation sum to the log-odds`() {
        for seed in 0..<50 as Range<UInt64> {
            var simulation = Simulation(seed: seed)
            let (learner, items) = play(simulation.events(of: 0, count: 40))
            for item in items.values {
                let prediction = model.predict(learner, item, at: now)
                #expect(abs(prediction.terms.reduce(0) { $0 + $1.value } - prediction.logOdds) < 1e-12)
                #expect(prediction.terms.map(\.feature) == Feature.allCases)
                #expect(prediction.probability > 0 && prediction.probability < 1)
                let alone = model.chance(learner, difficulty: item.difficulty, skills: item.skills, at: now)
                #expect(abs(alone - prediction.probability) < 1e-12)
            }
        }
    }

    @Test func `independent learners may come in any order`() {
        var simulation = Simulation(seed: 3)
        let one = simulation.events(of: 0, count: 50)
        let two = simulation.events(of: 1, count: 50).map {
            Simulation.Event(
                learner: 1, item: $0.item + 1_000, skills: $0.skills.map { $0 + 10 }, isRight: $0.isRight, at: $0.at)
        }
        func states(_ events: [Simulation.Event]) -> [LearnerState] {
            var learners = [LearnerState(), LearnerState()]
            var items: [Int: ItemState] = [:]
            for event in events {
                var item = items[event.item] ?? ItemState(number: event.item, difficulty: 0, skills: event.skills)
                model.observe(event.isRight, by: &learners[event.learner], on: &item, at: event.at)
                items[event.item] = item
            }
            return learners
        }
        let mixed = zip(one, two).flatMap { [$0, $1] }
        #expect(states(one + two) == states(two + one))
        #expect(states(mixed) == states(one + two))
    }

    @Test func `no input makes a number that is not one`() {
        let wild: [Double] = [.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -1e300, 0]
        var learner = LearnerState()
        for (index, difficulty) in wild.enumerated() {
            for skills in [[], [0], [Int.max, 0, 0], [-1]] {
                for at in [nil, Moment(microseconds: .min), Moment(microseconds: .max), Moment(microseconds: 0)] {
                    var item = ItemState(number: index, difficulty: difficulty, answers: -3, skills: skills)
                    model.observe(index % 2 == 0, by: &learner, on: &item, at: at)
                    #expect(item.difficulty.isFinite)
                    let prediction = model.predict(learner, item, at: at)
                    #expect(prediction.probability.isFinite && prediction.logOdds.isFinite)
                    #expect(model.chance(learner, difficulty: difficulty, skills: skills, at: at).isFinite)
                }
            }
        }
        for pool in [[], wild, [.nan]] {
            let mastery = model.mastery(learner, of: 0, over: SkillPool(difficulties: pool), at: now)
            #expect(mastery.low <= mastery.probability && mastery.probability <= mastery.high)
            #expect(mastery.low >= 0 && mastery.high <= 1)
        }
        for count in [2_000, 20_000] {
            var champion = LearnerState()
            var item = ItemState(number: 1, difficulty: 0, skills: [1])
            for _ in 0..<count { model.observe(true, by: &champion, on: &item, at: nil) }
            #expect(model.predict(champion, item, at: nil).probability < 1)
        }
    }

    @Test func `a pool's points never rise when an item gets easier`() {
        var dice = Dice(seed: 5)
        for count in [1, 3, 16, 17, 40, 200] {
            var difficulties = (0..<count).map { _ in dice.bell() }
            for _ in 0..<50 {
                let before = SkillPool(difficulties: difficulties)
                difficulties[Int.random(in: 0..<count, using: &dice)] -= Double.random(in: 0...2, using: &dice)
                let after = SkillPool(difficulties: difficulties)
                #expect(zip(before.points, after.points).allSatisfy { $1 <= $0 + 1e-12 })
                #expect(after.count == count)
            }
        }
    }

    @Test func `a new item starts at its level, or where its skills' items start`() {
        let none = model.fresh(1, skills: [1], level: nil, startingAt: [:])
        #expect(none.difficulty == 0)
        #expect(model.fresh(1, skills: [1], level: .highlyAdvanced, startingAt: [:]).difficulty == 1.5)
        #expect(model.fresh(1, skills: [], level: .beginner, startingAt: [:]).difficulty == -1.5)
    }

    /// The simulator knows the true chance over the pool; the interval must hold it about nine times in ten.
    @Test func `the interval of mastery covers what the simulator knows`() {
        var held = 0
        var asked = 0
        for seed in 0..<600 as Range<UInt64> {
            var dice = Dice(seed: seed &* 7 &+ 1)
            let overall = 0.95 * dice.bell()
            let perSkill = (0..<4).map { _ in 0.7 * dice.bell() }
            let difficulties = (0..<80).map { _ in dice.bell() }
            var learner = LearnerState()
            for _ in 0..<Int.random(in: 5...120, using: &dice) {
                let number = Int.random(in: 0..<80, using: &dice)
                var item = ItemState(number: number, difficulty: difficulties[number], skills: [number / 20])
                let isRight = dice.isRight(overall + perSkill[number / 20] - difficulties[number])
                model.observe(isRight, by: &learner, on: &item, at: nil)
            }
            for skill in 0..<4 where learner.skill(skill).tries > 0 {
                let own = Array(difficulties[(skill * 20)..<(skill * 20 + 20)])
                var right = 0
                for _ in 0..<100 {
                    for difficulty in own where dice.isRight(overall + perSkill[skill] - difficulty) { right += 1 }
                }
                let truth = Double(right) / 2_000
                let shown = model.mastery(learner, of: skill, over: SkillPool(difficulties: own), at: nil)
                asked += 1
                if shown.low <= truth, truth <= shown.high { held += 1 }
            }
        }
        let share = Double(held) / Double(asked)
        #expect(share > 0.87 && share < 0.97, "held \(held) of \(asked)")
    }
}
