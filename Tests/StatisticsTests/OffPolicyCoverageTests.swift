import Basis
import Foundation
import Statistics
import Testing

/// How often the intervals of off-policy estimates hold the truth; see `Coverage`.
@Suite struct OffPolicyCoverageTests {
    /// Three kinds of place, five choices; a reward comes or not, with the probability `reached` plus the learner's own
    /// effect of at most ±0.15. The logging policy takes one choice at 0.6 and the others at 0.1.
    private struct Scene {
        let learners: Int
        /// What the target policy does with each choice, turned on by one with each kind of place.
        let target: [Double]
        let reached = [[0.2, 0.5, 0.4, 0.3, 0.8], [0.7, 0.3, 0.2, 0.6, 0.5], [0.4, 0.8, 0.6, 0.2, 0.3]]

        func targetShare(_ place: Int, _ choice: Int) -> Double { target[(choice + place) % 5] }

        var truth: Double {
            let values = (0..<3).map { place in
                (0..<5).reduce(0) { $0 + targetShare(place, $1) * reached[place][$1] }
            }
            return values.reduce(0, +) / 3
        }

        /// Each learner makes 1 to 6 choices. The model is off by up to 0.2.
        func log(_ dice: inout Dice) -> [LoggedChoice] {
            var log: [LoggedChoice] = []
            for learner in 0..<learners {
                let own = 0.3 * dice.share() - 0.15
                for _ in 0..<Int.random(in: 1...6, using: &dice) {
                    let place = Int.random(in: 0..<3, using: &dice)
                    let logging = (0..<5).map { $0 == place ? 0.6 : 0.1 }
                    let choice = dice.place(logging)
                    let predicted = (0..<5).map { reached[place][$0] + ($0 % 2 == 0 ? 0.2 : -0.1) }
                    log.append(
                        LoggedChoice(
                            learner: learner, propensity: logging[choice], target: targetShare(place, choice),
                            reward: dice.isYes(reached[place][choice] + own) ? 1 : 0,
                            predicted: .init(
                                chosen: predicted[choice],
                                expected: (0..<5).reduce(0) { $0 + targetShare(place, $1) * predicted[$1] })))
                }
            }
            return log
        }
    }

    private static let targets: [(name: String, shares: [Double])] = [
        ("a little other", [0.4, 0.3, 0.1, 0.1, 0.1]), ("another choice", [0, 0, 0, 1, 0]),
    ]

    #if DEBUG
        private static let sizes = [40]
        private static let replicates = 200
    #else
        private static let sizes = [30, 60, 200]
        private static let replicates = 400
    #endif

    @Test func `linearised intervals cover`() throws {
        for (name, shares) in Self.targets {
            for learners in Self.sizes {
                let scene = Scene(learners: learners, target: shares)
                for estimator in [OffPolicy.Estimator.ips, .snips, .doublyRobust] {
                    try Coverage.cover("\(estimator.rawValue), \(name), \(learners)", 0.925...0.98) { dice in
                        let policy = try OffPolicy(scene.log(&dice), needed: 0)
                        return holds(try policy.interval(by: estimator), scene.truth)
                    }
                }
            }
        }
    }

    @Test func `bootstrap intervals cover`() throws {
        for (name, shares) in Self.targets {
            for learners in Self.sizes {
                let scene = Scene(learners: learners, target: shares)
                // Thirty learners are worth eight of a policy that chooses something else.
                let least = learners == 30 ? 0.82 : 0.92
                for estimator in [OffPolicy.Estimator.ips, .snips, .doublyRobust] {
                    try Coverage.cover("bootstrap \(estimator.rawValue), \(name), \(learners)", least...0.975) { dice in
                        let policy = try OffPolicy(scene.log(&dice), needed: 0)
                        return holds(
                            try policy.bootstrap(by: estimator, replicates: Self.replicates, dice: &dice), scene.truth)
                    }
                }
            }
        }
    }

    @Test func `guaranteed intervals cover always`() throws {
        for (name, shares) in Self.targets {
            let scene = Scene(learners: 60, target: shares)
            for estimator in [OffPolicy.Estimator.ips, .doublyRobust] {
                try Coverage.cover("guaranteed \(estimator.rawValue), \(name)", 0.95...1) { dice in
                    let policy = try OffPolicy(scene.log(&dice), needed: 0)
                    return holds(
                        try policy.guaranteed(by: estimator, rewards: -0.1...1.1, largestWeight: 10), scene.truth)
                }
            }
        }
    }
}
