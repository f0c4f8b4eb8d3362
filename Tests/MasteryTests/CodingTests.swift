import Basis
import Mastery
import Testing

@Suite struct CodingTests {
    private func state(seed: UInt64, answers: Int, skills: Int = 12) -> LearnerState {
        var simulation = Simulation(seed: seed, skillCount: skills)
        var learner = LearnerState()
        for event in simulation.events(of: 0, count: answers) {
            var item = ItemState(number: event.item, difficulty: 0, skills: event.skills.map { $0 * 300 })
            LearnerModel.standard.observe(event.isRight, by: &learner, on: &item, at: event.at)
        }
        return learner
    }

    @Test func `a state comes back as it went, bit for bit`() throws {
        for seed in 0..<40 as Range<UInt64> {
            let learner = state(seed: seed, answers: Int(seed) * 7)
            #expect(try LearnerState(encoded: learner.encoded) == learner)
        }
        #expect(try LearnerState(encoded: LearnerState().encoded) == LearnerState())
    }

    @Test func `twenty skills take less than 640 bytes`() {
        let learner = state(seed: 1, answers: 900, skills: 20)
        #expect(learner.skills.count == 20)
        #expect(learner.encoded.count <= 640, "\(learner.encoded.count)")
    }

    @Test func `a newer or damaged state is refused by name`() throws {
        let good = state(seed: 2, answers: 50).encoded
        var newer = good
        newer[1] = 2
        #expect(throws: StateError.newer(version: 2)) { try LearnerState(encoded: newer) }
        #expect(throws: StateError.self) { try LearnerState(encoded: []) }
        #expect(throws: StateError.self) { try LearnerState(encoded: Array("learner".utf8)) }
        #expect(throws: StateError.self) { try LearnerState(encoded: good + [0]) }
        for length in 0..<good.count {
            #expect(throws: StateError.self) { try LearnerState(encoded: Array(good.prefix(length))) }
        }
    }

    @Test func `no damage makes a number that is not one`() {
        let good = state(seed: 4, answers: 30).encoded
        var dice = Dice(seed: 9)
        for _ in 0..<5_000 {
            var bad = good
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                bad[Int.random(in: 0..<bad.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
            }
            guard let read = try? LearnerState(encoded: bad) else { continue }
            let item = ItemState(number: 1, difficulty: 0, skills: read.skills.map(\.number))
            #expect(LearnerModel.standard.predict(read, item, at: nil).probability.isFinite)
        }
    }
}
