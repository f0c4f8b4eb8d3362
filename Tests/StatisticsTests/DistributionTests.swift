import Basis
import Foundation
import Statistics
import Testing

/// Expected values: scipy 1.17.1 and numpy 2.4.6; each test names the call.
@Suite struct DistributionTests {
    /// `scipy.special.betaincinv(a, b, p)` and `betainc(a, b, x)`.
    @Test func `beta quantiles and probabilities agree with scipy to 1e-10`() throws {
        for (a, b, share, x) in [
            (2.5, 7.5, 0.025, 0.04930192297659401), (0.5, 0.5, 0.1, 0.024471741852423214),
            (0.01, 3, 0.5, 1.771156265056217e-31), (30, 2, 0.975, 0.9920890165381453),
            (1234.5, 98765.25, 0.025, 0.011669939683793958), (1e6, 2e6, 0.9, 0.3336821512548501),
            (3, 1e5, 0.5, 2.673997821577458e-05), (24, 78, 0.975, 0.3218455203297203), (1, 1, 0.3, 0.3),
        ] {
            let beta = try #require(Beta(a, b))
            #expect(abs(beta.quantile(share) - x) <= 1e-10, "\(a) \(b) \(share)")
            #expect(abs(beta.probability(below: beta.quantile(share)) - share) <= 1e-10, "\(a) \(b) \(share)")
        }
        for (a, b, x, share) in [
            (2.5, 7.5, 0.3, 0.6789434858661821), (1e6, 2e6, 0.3333, 0.4513147049783689),
            (3, 1e5, 5e-05, 0.8753627194267227), (40, 60, 0.41, 0.5857757938009618),
            (0.2, 0.3, 0.999, 0.945832054741717), (2e4, 15, 0.9995, 0.9162286200320051),
        ] { #expect(abs(try #require(Beta(a, b)).probability(below: x) - share) <= 1e-10, "\(a) \(b) \(x)") }
        #expect(Beta(0, 1) == nil && Beta(1, .infinity) == nil && Beta(.nan, 1) == nil)
    }

    @Test func `beta quantiles undo probabilities for any shape`() throws {
        var dice = Dice(seed: 12)
        for _ in 0..<2_000 {
            let a = exp(Double.random(in: -3...12, using: &dice))
            let b = exp(Double.random(in: -3...12, using: &dice))
            let share = Double.random(in: 0.001...0.999, using: &dice)
            let beta = try #require(Beta(a, b))
            let x = beta.quantile(share)
            #expect(x >= 0 && x <= 1)
            // Near 1 a step of x itself is a step of the probability.
            let step = abs(beta.probability(below: min(1, x * (1 + 4e-16))) - beta.probability(below: x * (1 - 4e-16)))
            #expect(abs(beta.probability(below: x) - share) <= 1e-10 + step, "\(a) \(b) \(share)")
        }
    }

    @Test func `a beta distribution is found again from its mean and variance`() throws {
        let beta = try #require(Beta(2.5, 7.5))
        let again = try #require(Beta(mean: beta.mean, variance: beta.variance))
        #expect(agree(again.alpha, 2.5, within: 1e-12) && agree(again.beta, 7.5, within: 1e-12))
        #expect(Beta(mean: 0.5, variance: 0.25) == nil)
    }

    /// `scipy.stats.chi2.sf(x, k)`.
    @Test func `chi-squared probabilities agree with scipy`() {
        for (x, freedom, share) in [
            (17.24, 6.0, 0.008440523124928368), (3.841458820694124, 1, 0.05), (0.5, 10, 0.999993388289439),
            (100, 40, 4.791357300338064e-07), (1e-3, 2, 0.9995001249791693), (700, 500, 7.728992111216604e-09),
            (2, 0.5, 0.06792113201010888),
        ] {
            #expect(agree(ChiSquared.probability(above: x, freedom: freedom), share, within: 1e-12), "\(x) \(freedom)")
        }
        #expect(ChiSquared.probability(above: 0, freedom: 3) == 1)
    }

    /// The field's example: `scipy.spatial.distance.jensenshannon(w, q, base=2)`, `scipy.stats.entropy(q, base=2)`.
    @Test func `divergences agree with scipy`() throws {
        let (w, q) = ([0.4, 0.3, 0.2, 0.1, 0], [0.2, 0.2, 0.2, 0.1, 0.3])
        #expect(agree(Distribution.distance(w, q), 0.3, within: 1e-12))
        let divergence = try #require(Distribution.jensenShannon(w, q))
        #expect(agree(divergence, 0.18177360116998606, within: 1e-12))
        #expect(agree(divergence.squareRoot(), 0.42634915406270724, within: 1e-12))
        #expect(agree(Distribution.entropy(q), 2.2464393446710154, within: 1e-12))
        #expect(agree(Distribution.effectiveNumber(q), 4.74510280626355, within: 1e-12))
        #expect(agree(Distribution.divergence(w, from: q), 0.5754887502163473, within: 1e-12))
        #expect(Distribution.divergence(q, from: w) == nil)
        #expect(Distribution.jensenShannon([0, 0], [1, 1]) == nil && Distribution.entropy([-1, 2]) == nil)
    }

    @Test func `the divergence is symmetric, within 0 and 1, and its root keeps the triangle inequality`() throws {
        var dice = Dice(seed: 3)
        for _ in 0..<2_000 {
            let three = (0..<3).map { _ in (0..<5).map { _ in max(0, Double.random(in: -0.3...1, using: &dice)) } }
            guard three.allSatisfy({ $0.contains { $0 > 0 } }) else { continue }
            let one = try #require(Distribution.jensenShannon(three[0], three[1]))
            let back = try #require(Distribution.jensenShannon(three[1], three[0]))
            #expect(abs(one - back) < 1e-14 && one >= 0 && one <= 1)
            let over = try #require(Distribution.jensenShannon(three[0], three[2])).squareRoot()
            let on = try #require(Distribution.jensenShannon(three[2], three[1])).squareRoot()
            #expect(one.squareRoot() <= over + on + 1e-12)
            let distance = Distribution.distance(three[0], three[1])
            #expect(one <= distance + 1e-12, "JSD is at most the total variation")
        }
        #expect(Distribution.jensenShannon([1, 2], [2, 4]) == 0)
        #expect(Distribution.jensenShannon([1, 0], [0, 1]) == 1)
    }

    @Test func `an autonomy allowance makes room and keeps the order`() throws {
        let target = try #require(Distribution.target([40, 30, 20, 10], autonomy: 0.2))
        #expect(zip(target, [0.32, 0.24, 0.16, 0.08, 0.2]).allSatisfy { abs($0 - $1) < 1e-15 })
        #expect(Distribution.target([1, 1], autonomy: 1) == [0, 0, 1])
        #expect(Distribution.target([1], autonomy: 1.1) == nil && Distribution.target([0], autonomy: 0) == nil)
    }

    @Test func `a small unit's shares lie between its own and its parent's`() throws {
        let pooled = try #require(Distribution.drawn([3, 1], of: 10, towards: [1, 1], strength: 30))
        #expect(agree(pooled[0], 0.5625, within: 1e-12) && agree(pooled[1], 0.4375, within: 1e-12))
        #expect(Distribution.drawn([0, 0], of: 0, towards: [1, 3], strength: 5) == [0.25, 0.75])
        #expect(Distribution.drawn([0, 0], of: 4, towards: [1, 3], strength: 5) == nil)
    }

    /// The field's example, and `numpy` on its formulas.
    @Test func `diversity agrees with numpy`() throws {
        let owners = try #require(Diversity([12, 5, 2, 1]))
        #expect(agree(owners.entropy, 1.490468570732828, within: 1e-12))
        #expect(agree(owners.corrected.estimate, 1.5986706987995003, within: 1e-12))
        #expect(agree(owners.effectiveNumber.estimate, 2.809802194682973, within: 1e-12))
        #expect(agree(owners.normalised, 0.745234285366414, within: 1e-12))
        #expect(agree(owners.corrected, 1.0785535162369115, 2))
        #expect(owners.count == 20 && owners.kinds == 4)
    }

    @Test func `diversity does not depend on order, and holds at its borders`() throws {
        #expect(Diversity([1, 5, 0, 2]) == Diversity([5, 2, 1, 0]))
        #expect(Diversity([]) == nil && Diversity([0, 0]) == nil && Diversity([3, -1]) == nil)
        let one = try #require(Diversity([7]))
        #expect(one.entropy == 0 && one.normalised == nil && one.effectiveNumber.estimate == 1)
        let unseen = try #require(Diversity([7], possible: 4))
        #expect(unseen.corrected.low == 0 && unseen.corrected.high > 0.5 && unseen.normalised == 0)
        for counts in [[1], [1, 0], [1, 1], [1_000_000, 1], [3, 3, 3, 3]] {
            let diversity = try #require(Diversity(counts))
            #expect(isSound(diversity.corrected, within: 0...64) && isSound(diversity.effectiveNumber, within: 1...64))
        }
    }
}
