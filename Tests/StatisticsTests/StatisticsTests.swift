import Basis
import Foundation
import Statistics
import Testing

/// Expected values: scipy 1.17.1 and statsmodels 0.15.0; each test names the call.
@Suite struct StatisticsTests {
    private func agree(_ one: Double, _ other: Double, within tolerance: Double = 1e-12) -> Bool {
        abs(one - other) <= tolerance * max(1, abs(other))
    }

    /// `scipy.stats.norm.ppf` and `.cdf`.
    @Test func `normal quantiles and probabilities agree with scipy`() {
        for (share, z) in [
            (1e-300, -37.0470962993612), (1e-10, -6.361340902404056), (0.001, -3.090232306167813),
            (0.025, -1.9599639845400545), (0.05, -1.6448536269514729), (0.3, -0.5244005127080409), (0.5, 0.0),
            (0.8, 0.8416212335729143), (0.975, 1.959963984540054), (0.9999999, 5.199337582290661),
        ] { #expect(agree(Normal.quantile(share), z), "\(share)") }
        for (z, share) in [
            (-10.0, 7.61985302416047e-24), (-3, 0.0013498980316300933), (-1, 0.15865525393145707), (0, 0.5),
            (0.5, 0.6914624612740131), (1.96, 0.9750021048517795), (5, 0.9999997133484281),
        ] { #expect(agree(Normal.probability(below: z), share), "\(z)") }
        #expect(Normal.quantile(0) == -.infinity)
        #expect(Normal.quantile(1) == .infinity)
    }

    /// `scipy.stats.t.ppf` and `.cdf`.
    @Test func `t quantiles and probabilities agree with scipy`() {
        for (share, freedom, t) in [
            (0.975, 1.0, 12.706204736174694), (0.975, 2.5, 3.5746548420036817), (0.95, 10, 1.8124611228116756),
            (0.995, 30, 2.7499956535672254), (0.6, 4, 0.2707222947075976), (0.025, 7, -2.3646242515927844),
            (0.975, 1000, 1.9623390808264083), (1 - 1e-8, 3, 479.5250687765639),
        ] { #expect(agree(StudentT.quantile(share, freedom: freedom), t, within: 1e-8), "\(share) \(freedom)") }
        for (t, freedom, share) in [
            (-2.0, 3.0, 0.06966298427942152), (0.5, 10, 0.6860531971285135), (4, 1, 0.9220208696226306),
            (1.5, 200, 0.9324043393864826),
        ] { #expect(agree(StudentT.probability(below: t, freedom: freedom), share), "\(t) \(freedom)") }
    }

    /// `statsmodels.stats.proportion.proportion_confint(x, n, alpha, "wilson")`.
    @Test func `Wilson intervals agree with statsmodels`() throws {
        for (successes, trials, level, low, high) in [
            (23, 100, 0.95, 0.15843265880303448, 0.3215438302287378), (0, 20, 0.95, 0, 0.1611251580528194),
            (20, 20, 0.95, 0.8388748419471804, 1), (1, 1, 0.95, 0.2065493143772374, 1),
            (3, 7, 0.9, 0.186443190363956, 0.7105229089864071),
            (5_000, 100_000, 0.99, 0.04825439507970588, 0.051805315027999406),
        ] {
            let interval = try #require(Proportion.wilson(successes, of: trials, level: level))
            #expect(agree(interval.low, low) && agree(interval.high, high), "\(successes)/\(trials): \(interval)")
        }
        #expect(Proportion.wilson(0, of: 0) == nil)
        #expect(Proportion.wilson(2, of: 1) == nil)
    }

    /// `confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff")`.
    @Test func `Newcombe intervals agree with statsmodels`() throws {
        for (one, two, low, high) in [
            ((56, 70), (48, 80), 0.05243147240236498, 0.33387265403690614),
            ((9, 10), (3, 10), 0.1705227239345029, 0.809017973535488),
            ((10, 10), (0, 20), 0.6790860371419145, 1), ((0, 10), (0, 20), -0.1611251580528194, 0.27753279986288926),
            ((5, 56), (0, 29), -0.038137147903536936, 0.19256001385511165),
        ] {
            let interval = try #require(
                Proportion.newcombe((successes: one.0, trials: one.1), minus: (successes: two.0, trials: two.1)))
            #expect(agree(interval.low, low) && agree(interval.high, high), "\(one) \(two): \(interval)")
        }
    }

    /// Share and variance: `WLS(part/whole, 1, weights=whole).fit(cov_type="HC1")`, which is the linearised ratio;
    /// interval: `proportion_confint(p·n, n, .05, "wilson")` with n = p(1−p)/variance.
    @Test func `the clustered ratio agrees with a robust weighted regression`() throws {
        let part = [3.0, 0, 5, 10, 2.5, 7, 1, 0]
        let whole = [10.0, 4, 5, 22, 2.5, 9, 8, 6]
        let interval = try #require(Proportion.ratio(clusters: zip(part, whole).map { (part: $0, whole: $1) }))
        #expect(agree(interval.estimate, 0.4285714285714287))
        #expect(agree(interval.low, 0.25796443572988226))
        #expect(agree(interval.high, 0.6180338643248299))
    }

    /// `proportion_confint` with Kish's effective size 5.0909….
    @Test func `the weighted share agrees with Wilson at Kish's effective size`() throws {
        let weights = [1, 2, 3, 4, 1.5, 2.5]
        let answers = [true, false, true, true, false, false]
        let interval = try #require(
            Proportion.weighted(zip(weights, answers).map { (weight: $0, isYes: $1) }))
        #expect(agree(interval.estimate, 0.5714285714285714))
        #expect(agree(interval.low, 0.21472748228608157))
        #expect(agree(interval.high, 0.8666924429196405))
    }

    @Test func `a ratio of all or nothing keeps an honest width`() throws {
        let all = try #require(Proportion.ratio(clusters: [(part: 2, whole: 2), (part: 6, whole: 6)]))
        #expect(all.estimate == 1 && all.high == 1 && all.low > 0.2 && all.low < 0.5)
        #expect(Proportion.ratio(clusters: []) == nil)
        #expect(Proportion.ratio(clusters: [(part: 0, whole: 0)]) == nil)
        let lone = try #require(Proportion.ratio(clusters: [(part: 1, whole: 2)]))
        #expect(lone.low < 0.15 && lone.high > 0.85)
    }

    /// `numpy.quantile([1, 2, 4, 8, 16], q)`.
    @Test func `quantiles agree with numpy`() {
        for (share, value) in [(0.025, 1.1), (0.1, 1.4), (0.5, 4.0), (0.9, 12.8), (0.975, 15.2)] {
            #expect(agree(Quantile.interpolated([1, 2, 4, 8, 16], at: share), value))
        }
    }

    /// `scipy.stats.bootstrap((x,), mean, n_resamples=200000, method="percentile")`: 3.1267 to 4.3867.
    @Test func `the bootstrap agrees with scipy and repeats itself`() throws {
        let sample = [2.1, 3.4, 1.9, 5.6, 4.4, 3.8, 2.7, 6.1, 4.9, 3.3, 2.2, 4.1, 5.0, 3.9, 2.8]
        func mean(_ drawn: [Int]) -> Double {
            zip(sample, drawn).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(sample.count)
        }
        var dice = Dice(seed: 7)
        let interval = try #require(Bootstrap.percentile(of: 15, replicates: 20_000, dice: &dice, statistic: mean))
        #expect(abs(interval.low - 3.1267) < 0.02)
        #expect(abs(interval.high - 4.3867) < 0.02)
        var same = Dice(seed: 7)
        #expect(Bootstrap.percentile(of: 15, replicates: 20_000, dice: &same, statistic: mean) == interval)
        #expect(Bootstrap.percentile(of: 0, dice: &dice, statistic: mean) == nil)
    }

    @Test func `total variation is zero for the same and one for strangers`() {
        #expect(Distribution.distance([1, 2, 3], [2, 4, 6]) < 1e-15)
        #expect(Distribution.distance([1, 0], [0, 5]) == 1)
        #expect(abs(Distribution.distance([0.5, 0.3, 0.2], [0.2, 0.3, 0.5]) - 0.3) < 1e-15)
        #expect(Distribution.distance([0, 0], [1, 1]).isNaN)
    }

    /// 2,000 seeded trials of hours in clusters: the interval holds the truth about as often as it says.
    @Test func `the clustered interval covers`() {
        var dice = Dice(seed: 11)
        var held = 0
        for _ in 0..<2_000 {
            let clusters = (0..<60).map { _ in
                let whole = Double.random(in: 0.5...6, using: &dice)
                return (part: whole * min(1, Double.random(in: 0...0.8, using: &dice)), whole: whole)
            }
            if let interval = Proportion.ratio(clusters: clusters), interval.low <= 0.4, 0.4 <= interval.high {
                held += 1
            }
        }
        #expect((1_860...1_940).contains(held), "\(held) of 2,000")
    }
}
