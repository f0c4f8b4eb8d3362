import Basis
import Foundation
import Statistics
import Testing

@Suite struct OffPolicyTests {
    /// The log that Tests/Oracle/offpolicy.py draws, each choice by another learner.
    private func log() -> [LoggedChoice] {
        var dice = Dice(seed: 2_026)
        func share() -> Double { Double(dice.next() >> 11) * 0x1p-53 }
        return (0..<400).map { learner in
            var logging = (0..<4).map { _ in share() + 0.05 }
            var target = (0..<4).map { _ in pow(share(), 3) }
            let (logged, wanted) = (logging.reduce(0, +), target.reduce(0, +))
            logging = logging.map { $0 / logged }
            target = target.map { $0 / wanted }
            let predicted = (0..<4).map { _ in share() }
            var (draw, action) = (share(), 0)
            while action < 3, draw >= logging[action] {
                draw -= logging[action]
                action += 1
            }
            let reward = predicted[action] * 0.5 + share() * 0.5
            return LoggedChoice(
                learner: learner, propensity: logging[action], target: target[action], reward: reward,
                predicted: .init(
                    chosen: predicted[action], expected: zip(target, predicted).reduce(0) { $0 + $1.0 * $1.1 }))
        }
    }

    @Test func `estimates agree with obp`() throws {
        let free = try OffPolicy(log())
        let clipped = try OffPolicy(log(), clip: 3)
        for (policy, estimator, expected) in [
            (free, OffPolicy.Estimator.ips, 0.4609797104134303), (clipped, .ips, 0.41591458250016516),
            (free, .snips, 0.5026660188694447), (free, .directMethod, 0.4978958551250252),
            (free, .doublyRobust, 0.5040908119210052), (clipped, .doublyRobust, 0.5154913087885312),
        ] {
            #expect(agree(try policy.estimate(by: estimator), expected, within: 1e-12), "\(estimator)")
        }
        #expect(agree(free.effectiveChoices, 138.58748132466508, within: 1e-12))
        #expect(agree(free.effectiveLearners, free.effectiveChoices, within: 1e-12))
        #expect(agree(free.largestWeight, 13.86126944038281, within: 1e-12))
        #expect(free.clipped == 0 && clipped.clipped > 0 && clipped.largestWeight == free.largestWeight)
        #expect(free.choices == 400 && free.learners == 400)
        let mean = try #require(free.meanWeight)
        #expect(mean.low < 1 && 1 < mean.high)
    }

    /// The error by numpy, Student's quantile by scipy; Bernstein's low end by obp.
    @Test func `intervals agree with numpy and obp`() throws {
        let policy = try OffPolicy(log())
        let interval = try #require(try policy.interval(by: .ips))
        let reach = StudentT.quantile(0.975, freedom: policy.effectiveLearners - 1)
        #expect(agree((interval.high - interval.estimate) / reach, 0.03667721290906921, within: 1e-12))
        let sure = try #require(try policy.guaranteed(by: .ips, rewards: 0...1, largestWeight: 60))
        #expect(agree(sure.low, -1.1851532430516318, within: 1e-12))
    }

    /// One learner's choices are one observation: writing each learner down twice changes nothing but their number.
    @Test func `choices of one learner do not count as independent`() throws {
        let once = log()
        let policy = try OffPolicy(once)
        let twice = try OffPolicy(once + once)
        #expect(twice.learners == 400 && twice.choices == 800)
        for estimator in OffPolicy.Estimator.allCases {
            let (one, two) = (try policy.interval(by: estimator), try twice.interval(by: estimator))
            #expect(agree(one?.low, try #require(two?.low), within: 1e-9), "\(estimator)")
        }
    }

    @Test func `the policy that logged is worth what it reached`() throws {
        let log = log().map {
            LoggedChoice(learner: $0.learner, propensity: $0.propensity, target: $0.propensity ?? 0, reward: $0.reward)
        }
        let policy = try OffPolicy(log)
        let mean = log.reduce(0) { $0 + $1.reward } / 400
        #expect(agree(try policy.estimate(by: .ips), mean, within: 1e-12))
        #expect(agree(try policy.estimate(by: .snips), mean, within: 1e-12))
        #expect(agree(policy.effectiveChoices, 400, within: 1e-12))
        #expect(policy.meanWeight == nil)
    }

    @Test func `a model that is right makes doubly robust exact, and one that says nothing makes it IPS`() throws {
        let right = log().map {
            LoggedChoice(
                learner: $0.learner, propensity: $0.propensity, target: $0.target, reward: 0.4,
                predicted: .init(chosen: 0.4, expected: 0.4))
        }
        let exact = try OffPolicy(right)
        #expect(agree(try exact.estimate(by: .doublyRobust), 0.4, within: 1e-12))
        #expect(try exact.interval(by: .doublyRobust) == nil)
        let silent = try OffPolicy(
            log().map {
                LoggedChoice(
                    learner: $0.learner, propensity: $0.propensity, target: $0.target, reward: $0.reward,
                    predicted: .init(chosen: 0, expected: 0))
            })
        #expect(try silent.interval(by: .doublyRobust)?.low == silent.interval(by: .ips)?.low)
    }

    @Test func `the bootstrap repeats with the same dice`() throws {
        let policy = try OffPolicy(log())
        var (one, two) = (Dice(seed: 4), Dice(seed: 4))
        let interval = try policy.bootstrap(by: .snips, dice: &one)
        #expect(interval == (try policy.bootstrap(by: .snips, dice: &two)))
        #expect(isSound(try #require(interval)))
    }

    private func choice(
        _ learner: Int, propensity: Double?, target: Double = 0.5, reward: Double = 1
    ) -> LoggedChoice {
        LoggedChoice(learner: learner, propensity: propensity, target: target, reward: reward)
    }

    @Test func `a log that cannot tell is refused by name`() throws {
        let sound = (0..<50).map { choice($0, propensity: 0.5) }
        for bad in [nil, 0, -0.1, 1.1, Double.nan] {
            #expect(throws: OffPolicyRefusal.propensity(choices: 2)) {
                try OffPolicy(sound + [choice(1, propensity: bad), choice(2, propensity: bad)])
            }
        }
        #expect(throws: OffPolicyRefusal.empty) { try OffPolicy([]) }
        #expect(throws: OffPolicyRefusal.limit) { try OffPolicy(sound, clip: 0) }
        #expect(throws: OffPolicyRefusal.invalid(choices: 1)) {
            try OffPolicy(sound + [choice(1, propensity: 0.5, reward: .infinity)])
        }
        #expect(throws: OffPolicyRefusal.invalid(choices: 1)) {
            try OffPolicy(sound + [choice(1, propensity: 0.5, target: 1.5)])
        }
        #expect(throws: OffPolicyRefusal.prediction(choices: 50)) {
            try OffPolicy(sound).estimate(by: .doublyRobust)
        }
        #expect(throws: OffPolicyRefusal.unbounded) {
            try OffPolicy(sound).guaranteed(by: .snips, rewards: 0...1, largestWeight: 9)
        }
        #expect(throws: OffPolicyRefusal.outOfBounds) {
            try OffPolicy(sound).guaranteed(by: .ips, rewards: 0...1, largestWeight: 0.9)
        }
        #expect(throws: OffPolicyRefusal.outOfBounds) {
            try OffPolicy(sound).guaranteed(by: .ips, rewards: 0...0.5, largestWeight: 9)
        }
    }

    @Test func `too little overlap is refused, and the refusal says how little`() throws {
        let none = (0..<50).map { choice($0, propensity: 0.5, target: 0) }
        #expect(throws: OffPolicyRefusal.tooFew(effectiveLearners: 0, needed: 20)) { try OffPolicy(none) }
        #expect(throws: OffPolicyRefusal.tooFew(effectiveLearners: 0, needed: 0)) { try OffPolicy(none, needed: 0) }
        let one = (0..<50).map { choice($0, propensity: $0 == 0 ? 1e-6 : 1, target: 1) }
        #expect {
            try OffPolicy(one)
        } throws: { error in
            guard case .tooFew(let effective, 20)? = error as? OffPolicyRefusal else { return false }
            return effective < 1.01
        }
        #expect(try OffPolicy(one, clip: 2).effectiveLearners > 45)
    }

    @Test func `small and odd logs give finite numbers or none`() throws {
        var dice = Dice(seed: 78)
        for _ in 0..<500 {
            let log = (0..<Int.random(in: 1...6, using: &dice)).map { _ in
                LoggedChoice(
                    learner: Int.random(in: 0...3, using: &dice),
                    propensity: [1e-9, 0.1, 1].randomElement(using: &dice) ?? 1,
                    target: [0, 0.5, 1].randomElement(using: &dice) ?? 1,
                    reward: [-1e12, 0, 1].randomElement(using: &dice) ?? 1, predicted: .init(chosen: 0, expected: 1))
            }
            guard let policy = try? OffPolicy(log, needed: 0) else { continue }
            for estimator in OffPolicy.Estimator.allCases {
                for interval in [
                    try policy.interval(by: estimator), try policy.bootstrap(by: estimator, dice: &dice),
                ] {
                    if let interval { #expect(isSound(interval, within: -Double.infinity...Double.infinity)) }
                }
            }
        }
    }
}
