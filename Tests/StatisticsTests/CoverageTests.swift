import Basis
import Foundation
import Statistics
import Testing

/// How often the intervals of shares, times and diversity hold the truth; see `Coverage`.
@Suite struct CoverageTests {
    /// Enumerated, not simulated: `scipy.stats.binom.pmf` over the counts whose `proportion_confint` holds the share.
    /// At n = 20 and 0.05 it is 92.5 %; a count more in the interval would make it 98.4 %, nothing lies between.
    @Test func `Wilson's interval covers`() throws {
        for (size, share, exact) in [
            (20, 0.05, 0.9245163262115039), (20, 0.23, 0.9700202060185601), (20, 0.5, 0.9586105346679689),
            (20, 0.9, 0.9568255047155563), (60, 0.05, 0.970305898045117), (60, 0.23, 0.9555107880512098),
            (60, 0.5, 0.9481061040710788), (60, 0.9, 0.9520137979552565), (200, 0.05, 0.9671521638567253),
            (200, 0.23, 0.9472034741947605), (200, 0.5, 0.9440342595057348), (200, 0.9, 0.956118236711414),
        ] {
            var (probability, sum) = (pow(1 - share, Double(size)), 0.0)
            for count in 0...size {
                if holds(Proportion.wilson(count, of: size), share) ?? false { sum += probability }
                probability *= Double(size - count) / Double(count + 1) * share / (1 - share)
            }
            #expect(abs(sum - exact) < 1e-9, "\(size) \(share): \(sum)")
        }
    }

    /// Each person's share is drawn from a beta distribution of size 5; each gives 2 to 6 answers.
    @Test func `the share over clusters covers`() {
        for share in [0.05, 0.23, 0.5, 0.9] {
            for size in [20, 60, 200] {
                let wanted = size == 20 ? 0.90...0.975 : 0.93...0.97
                Coverage.cover("ratio over clusters, n = \(size), share \(share)", wanted) { dice in
                    let people = (0..<size).map { _ in
                        let (own, answers) = (
                            dice.beta(5 * share, 5 * (1 - share)), Int.random(in: 2...6, using: &dice)
                        )
                        return (part: Double(dice.binomial(answers, own)), whole: Double(answers))
                    }
                    return holds(Proportion.ratio(clusters: people), share)
                }
            }
        }
    }

    /// Exponential events at rate 1, censored at rate 3/7: 30 %.
    private func watched(_ count: Int, _ dice: inout Dice) -> [FollowUp] {
        (0..<count).map { _ in
            let (event, end) = (dice.exponential(), dice.exponential() * 7 / 3)
            return FollowUp(exit: min(event, end), event: event <= end ? (dice.isYes(0.6) ? 0 : 1) : nil)
        }
    }

    @Test func `survival at a time covers`() {
        for survival in [0.9, 0.5, 0.23, 0.05] {
            for size in [20, 60, 200] {
                Coverage.cover("Kaplan–Meier, n = \(size), S \(survival)") {
                    holds(KaplanMeier(watched(size, &$0))?.interval(at: -log(survival)), survival)
                }
            }
        }
    }

    @Test func `median and restricted mean cover`() {
        for size in [20, 60, 200] {
            Coverage.cover("median time, n = \(size)") { dice in
                KaplanMeier(watched(size, &dice)).map { curve in
                    let time = curve.median()
                    return (time.low ?? .infinity) <= log(2) && log(2) <= (time.high ?? .infinity)
                }
            }
            for limit in [0.3, 1, 1.5] {
                Coverage.cover("restricted mean to \(limit), n = \(size)") {
                    holds(KaplanMeier(watched(size, &$0))?.restrictedMean(to: limit), 1 - exp(-limit))
                }
            }
        }
    }

    @Test func `cumulative incidence covers`() {
        for size in [20, 60, 200] {
            for time in [0.05, 0.3, 1, 1.5] {
                let truth = 0.6 * (1 - exp(-time))
                let wanted = size < 200 && time < 1 ? 0.93...0.98 : 0.93...0.97
                Coverage.cover("Aalen–Johansen, n = \(size), F \((truth * 1_000).rounded() / 1_000)", wanted) {
                    holds(CumulativeIncidence(watched(size, &$0), of: 0)?.interval(at: time), truth)
                }
            }
        }
    }

    @Test func `late entry covers`() {
        for size in [60, 200] {
            for survival in [0.5, 0.23] {
                Coverage.cover("Kaplan–Meier with late entry, n = \(size), S \(survival)") { dice in
                    var seen: [FollowUp] = []
                    while seen.count < size {
                        let entry = Double.random(in: -0.25..<0.25, using: &dice)
                        let one = watched(1, &dice)[0]
                        if one.exit <= entry { continue }
                        seen.append(FollowUp(entry: entry > 0 ? entry : nil, exit: one.exit, event: one.event))
                    }
                    return holds(KaplanMeier(seen)?.interval(at: -log(survival)), survival)
                }
            }
        }
    }

    /// The intervals of all groups of 5 to 30, together; sets of groups number 2,000 ÷ 4.
    @Test func `credible intervals of groups cover`() throws {
        for (groups, alpha, beta, wanted) in [
            (20, 2.3, 7.7, 0.93...0.97), (20, 1, 19, 0.93...0.97), (20, 9, 1, 0.93...0.97), (20, 5, 5, 0.93...0.97),
            (60, 2.3, 7.7, 0.93...0.97), (20, 46, 154, 0.97...1), (60, 23, 77, 0.95...0.98),
        ] {
            var dice = Dice(seed: 2_026)
            var (held, all) = (0, 0)
            for _ in 0..<Coverage.samples / 4 {
                let truths = (0..<groups).map { _ in dice.beta(alpha, beta) }
                let counts = truths.map { truth in
                    let trials = Int.random(in: 5...30, using: &dice)
                    return (successes: dice.binomial(trials, truth), trials: trials)
                }
                let fit = try #require(BetaBinomial(counts))
                for (truth, count) in zip(truths, counts) {
                    all += 1
                    if holds(fit.interval(count.successes, of: count.trials), truth) ?? false { held += 1 }
                }
            }
            Coverage.expect("beta-binomial, \(groups) groups of beta(\(alpha), \(beta))", held, of: all, wanted)
        }
    }

    @Test func `entropy covers`() {
        for (shares, narrow) in [
            ([0.6, 0.25, 0.1, 0.05], 0.98), ([0.9, 0.05, 0.03, 0.02], 0.97), ([0.5, 0.23, 0.22, 0.05], 1),
            ([0.8, 0.05, 0.05, 0.04, 0.03, 0.03], 0.97), ([0.25, 0.25, 0.25, 0.25], 1),
        ] {
            for size in [20, 60, 200] {
                let isEven = shares[0] == 0.25
                let wanted = isEven ? 0.97...1 : size == 20 ? 0.93...narrow : 0.93...0.97
                Coverage.cover("entropy, n = \(size), \(shares)", wanted) { dice in
                    var counts = shares.map { _ in 0 }
                    for _ in 0..<size { counts[dice.place(shares)] += 1 }
                    return holds(Diversity(counts)?.corrected, Distribution.entropy(shares) ?? .nan)
                }
            }
        }
    }
}
