import Basis
import Mastery

/// Answers of seeded simulated learners: true abilities, true difficulties, known to the simulator.
struct Simulation {
    struct Event {
        let learner: Int
        let item: Int
        let skills: [Int]
        let isRight: Bool
        let at: Moment?
    }

    var dice: Dice
    let skillCount: Int
    let itemsPerSkill: Int
    let difficulties: [Double]

    init(seed: UInt64, skillCount: Int = 4, itemsPerSkill: Int = 20) {
        var dice = Dice(seed: seed)
        self.skillCount = skillCount
        self.itemsPerSkill = itemsPerSkill
        difficulties = (0..<(skillCount * itemsPerSkill)).map { _ in dice.bell() }
        self.dice = dice
    }

    /// One learner's answers. A fifth of the items have two skills.
    mutating func events(of learner: Int, count: Int, hasTimes: Bool = true) -> [Event] {
        let overall = 0.95 * dice.bell()
        let perSkill = (0..<skillCount).map { _ in 0.7 * dice.bell() }
        var now: Int64 = 1_700_000_000_000_000
        return (0..<count).map { _ in
            now += Int64.random(in: 10...400_000, using: &dice) * 1_000_000
            let item = Int.random(in: 0..<difficulties.count, using: &dice)
            let main = item / itemsPerSkill
            let skills = item % 5 == 0 ? [main, (main + 1) % skillCount] : [main]
            let ability = skills.reduce(0) { $0 + perSkill[$1] } / Double(skills.count)
            return Event(
                learner: learner, item: item, skills: skills,
                isRight: dice.isRight(overall + ability - difficulties[item]),
                at: hasTimes ? Moment(microseconds: now) : nil)
        }
    }
}

extension Dice {
    /// A standard normal draw, near enough: twelve uniforms less six.
    mutating func bell() -> Double {
        (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &self) }
    }

    mutating func isRight(_ logOdds: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < 1 / (1 + power(-logOdds))
    }

    /// e to the x, by squaring a short series: good to ten digits here, without Foundation.
    private func power(_ x: Double) -> Double {
        let small = x / 1_024
        var value = 1 + small * (1 + small / 2 * (1 + small / 3 * (1 + small / 4)))
        for _ in 0..<10 { value *= value }
        return value
    }
}
