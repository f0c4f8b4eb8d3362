import Basis
import Foundation
import Statistics
import Testing

/// Expected values: scipy 1.17.1, statsmodels 0.15.0 and numpy 2.4.6 as named.
@Suite struct ShareTests {
    @Test func `Wilson's interval has the field's figures`() {
        #expect(agree(Proportion.wilson(23, of: 100), 0.1584, 0.3215, within: 5e-5))
        #expect(agree(Proportion.wilson(0, of: 12), 0, 0.2425, within: 5e-5))
        // statsmodels: proportion_confint(0, 12, .05, "wilson")
        #expect(agree(Proportion.wilson(0, of: 12)?.high, 0.24249400646886127, within: 1e-9))
    }

    private static let groups = [
        (0, 5), (1, 8), (3, 10), (2, 12), (8, 15), (5, 20), (1, 9), (9, 14), (4, 11), (12, 18), (0, 6), (7, 25),
        (3, 13), (6, 10), (2, 30),
    ].map { (successes: $0.0, trials: $0.1) }

    /// `scipy.optimize.minimize` (Nelder–Mead, 1e-14) of `scipy.stats.betabinom.logpmf`.
    @Test func `the marginal likelihood has its maximum where scipy finds it`() throws {
        let fit = try #require(BetaBinomial(Self.groups))
        guard case .partial(let alpha, let beta) = fit.pooling else {
            Issue.record("\(fit.pooling)")
            return
        }
        // Nelder and Mead stop where the likelihood no longer tells, at about seven digits.
        #expect(agree(alpha, 1.8699423074495685, within: 1e-6) && agree(beta, 4.305900693272375, within: 1e-6))
        #expect(agree(fit.estimate(8, of: 15), 0.46609442217309005))
        #expect(agree(fit.estimate(0, of: 5), 0.16732002295744247))
        #expect(fit.groups == 15 && fit.successes == 63 && fit.trials == 206)
    }

    @Test func `a small group is drawn in more than a large one, and its interval is wider`() throws {
        let fit = try #require(BetaBinomial(Self.groups))
        let (small, large) = (try #require(fit.interval(4, of: 5)), try #require(fit.interval(80, of: 100)))
        #expect(0.3 < small.estimate && small.estimate < large.estimate && large.estimate < 0.8)
        #expect(small.high - small.low > large.high - large.low)
        #expect(fit.interval(0, of: 0) != nil, "a new group is like the others")
        for successes in 0...10 {
            let own = try #require(fit.interval(successes, of: 10))
            #expect(isSound(own, within: 0...1))
            if successes > 0 { #expect(own.estimate > (fit.estimate(successes - 1, of: 10) ?? 1)) }
        }
        #expect(fit.estimate(3, of: 2) == nil && fit.interval(-1, of: 2) == nil)
    }

    @Test func `without a maximum inside, groups are pooled whole or not at all`() throws {
        let same = try #require(BetaBinomial(Array(repeating: (successes: 3, trials: 10), count: 12)))
        #expect(same.pooling == .complete && agree(same.estimate(9, of: 10), 0.3, within: 1e-12))
        let split = try #require(
            BetaBinomial((0..<12).map { (successes: $0 % 2 == 0 ? 10 : 0, trials: 10) }))
        #expect(split.pooling == .none && split.estimate(9, of: 10) == 0.9 && split.estimate(0, of: 0) == nil)
        let none = try #require(BetaBinomial([(successes: 0, trials: 7), (successes: 0, trials: 9)]))
        #expect(none.pooling == .complete && none.estimate(0, of: 7) == 0)
        let single = try #require(BetaBinomial((0..<30).map { (successes: $0 % 3 == 0 ? 1 : 0, trials: 1) }))
        #expect(single.pooling == .complete, "groups of one cannot tell how groups vary")
        for fit in [same, split, none, single] {
            let interval = try #require(fit.interval(1, of: 3))
            #expect(isSound(interval, within: 0...1) && interval.low < interval.high)
        }
        #expect(BetaBinomial([]) == nil && BetaBinomial([(successes: 0, trials: 0)]) == nil)
        #expect(BetaBinomial([(successes: 3, trials: 2)]) == nil)
    }

    @Test func `large groups do not break the likelihood`() throws {
        let counts = [(30_000, 100_000), (20_000, 90_000), (26_000, 80_000), (3, 10)]
        let fit = try #require(BetaBinomial(counts.map { (successes: $0.0, trials: $0.1) }))
        let interval = try #require(fit.interval(30_000, of: 100_000))
        #expect(abs(interval.estimate - 0.3) < 1e-3 && interval.high - interval.low < 0.006)
    }

    /// Wilson's interval of 14 of 20 by statsmodels, through (p − 1/4) ÷ (3/4).
    @Test func `recognition is corrected for guessing`() throws {
        let people = (0..<20).map { [Recognition.Answer(isRight: $0 < 14, options: 4)] }
        let known = try #require(Recognition(people: people))
        #expect(agree(known.known.estimate, 0.6, within: 1e-12))
        #expect(agree(known.known, 0.30803624219530196, 0.8060303401765276, within: 1e-9))
        let mixed = try #require(
            Recognition(people: [
                [.init(isRight: true, options: 2), .init(isRight: false, options: 4)],
                [.init(isRight: true, options: 4), .init(isRight: true, options: 2)], [],
            ]))
        #expect(agree(mixed.guessed, 0.375, within: 1e-12) && mixed.answers == 4 && mixed.people == 2)
        #expect(agree(mixed.known.estimate, (0.75 - 0.375) / 0.625, within: 1e-12))
        #expect(isSound(mixed.known))
        #expect(Recognition(people: [[]]) == nil)
        #expect(Recognition(people: [[.init(isRight: true, options: 1)]]) == nil)
        #expect(Recognition(people: [[.init(isRight: false, options: 2)]])?.known.estimate == -1, "worse than guessing")
        #expect(Recall.share(listed: [0, 3, 5, 2, 4])?.estimate == 0.6 && Recall.share(listed: []) == nil)
    }

    /// The field's example, and numpy: half the mean difference over the mean; jackknife on the logit scale.
    @Test func `concentration agrees with numpy`() throws {
        #expect(agree(Concentration([0, 0, 1, 2, 3, 10])?.coefficient, 0.625, within: 1e-12))
        #expect(agree(Concentration([0, 0, 1, 2, 3, 10])?.topShare, 0.375, within: 1e-12))
        #expect(agree(Concentration([0, 0, 1, 2, 3, 10])?.gini, 0.27738719807508766, 0.9590928786343915))
        let calls = try #require(Concentration([5, 1, 0, 0, 7, 2, 2, 19, 4, 1, 0, 3, 8, 2, 6, 1, 1, 0, 12, 3]))
        #expect(agree(calls.coefficient, 0.5850649350649351, within: 1e-12))
        #expect(agree(calls.gini, 0.4494039868009949, 0.7589782488486361, within: 1e-9))
        #expect(agree(calls.topShare, 0.4025974025974026, within: 1e-12))
        #expect(agree(calls.topTenth, 0.2534842795363469, 0.6347565053633978, within: 1e-9))
        #expect(calls.people == 20 && calls.total == 77)
    }

    @Test func `concentration is blind to scale and order, and rises when the rich take`() throws {
        var dice = Dice(seed: 8)
        for size in [2, 7, 10, 33] {
            let values = (0..<size).map { _ in Double.random(in: 0...5, using: &dice) + 0.01 }
            let one = try #require(Concentration(values))
            let scaled = try #require(Concentration(values.shuffled(using: &dice).map { $0 * 40 }))
            #expect(agree(scaled.coefficient, one.coefficient, within: 1e-12))
            #expect(agree(scaled.topShare, one.topShare, within: 1e-12))
            var sorted = values.sorted()
            sorted[0] -= 0.005
            sorted[size - 1] += 0.005
            #expect(try #require(Concentration(sorted)).coefficient > one.coefficient)
            for interval in [one.gini, one.topTenth].compactMap(\.self) { #expect(isSound(interval, within: 0...1)) }
        }
        #expect(Concentration([]) == nil && Concentration([0, 0]) == nil && Concentration([1, -1]) == nil)
        let same = try #require(Concentration([2, 2, 2, 2]))
        #expect(same.coefficient == 0 && same.gini == nil && agree(same.topShare, 0.1, within: 1e-12))
        #expect(Concentration([3])?.gini == nil)
    }

    /// numpy: numerical slopes of log AUI, Welch's degrees of freedom.
    @Test func `the usage index agrees with numpy`() throws {
        let index = try #require(UsageIndex(group: [3, 0, 8, 1, 12, 5], others: [2, 2, 0, 9, 1, 4, 0, 3, 7, 1]))
        #expect(agree(index.value, 1.3333333333333333, within: 1e-12))
        #expect(agree(index.interval, 0.768436273133757, 2.3135005984658026))
        #expect(index.heads == 6 && index.allHeads == 16 && index.calls == 29 && index.allCalls == 58)
        #expect(UsageIndex(group: [0, 0], others: [1, 2])?.value == 0)
        #expect(UsageIndex(group: [0, 0], others: [1, 2])?.interval == nil)
        #expect(UsageIndex(group: [], others: [1]) == nil && UsageIndex(group: [0], others: [0]) == nil)
        #expect(UsageIndex(group: [2, 3], others: [])?.value == 1)
    }

    @Test func `undeclared parts leave bounds`() {
        #expect(Proportion.bounds(2, undeclared: 3, of: 10) == 0.2...0.5)
        #expect(Proportion.bounds(1, undeclared: 0, of: 0) == nil && Proportion.bounds(8, undeclared: 3, of: 10) == nil)
    }
}
