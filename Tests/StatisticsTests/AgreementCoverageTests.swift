import Basis
import Foundation
import Statistics
import Testing

/// How often the intervals of agreement, weights, concentration and alignment hold the truth; see `Coverage`.
@Suite struct AgreementCoverageTests {
    /// Six uses owned by 0, 1, 2, 0, 1, 3; whoever does not know names one of five at random.
    private static let owners = [0, 1, 2, 0, 1, 3]
    private static let ownerShares = [1.0 / 3, 1.0 / 3, 1.0 / 6, 1.0 / 6, 0]

    /// What a respondent who knows with this probability answers.
    private func answer(_ owner: Int, _ knows: Double, _ dice: inout Dice) -> Int {
        dice.isYes(knows) ? owner : Int.random(in: 0..<5, using: &dice)
    }

    /// Each respondent knows with a probability from a beta distribution, and answers 1 to 4 times.
    @Test func `agreement with the register covers`() {
        for (a, b) in [(4.0, 1.0), (2, 2), (1.5, 5), (18, 2)] {
            let knows = a / (a + b)
            let marginals = Self.ownerShares.map { knows * $0 + (1 - knows) / 5 }
            let chance = zip(Self.ownerShares, marginals).reduce(0) { $0 + $1.0 * $1.1 }
            let truth = (knows + (1 - knows) / 5 - chance) / (1 - chance)
            for size in [20, 60, 200] {
                Coverage.cover("κ over respondents, n = \(size), κ \((truth * 100).rounded() / 100)") { dice in
                    let respondents = (0..<size).map { _ in
                        let own = dice.beta(a, b)
                        return (0..<Int.random(in: 1...4, using: &dice)).map { _ in
                            let owner = Self.owners[Int.random(in: 0..<6, using: &dice)]
                            return Agreement.Pair(owner, answer(owner, own, &dice))
                        }
                    }
                    return holds(Agreement(clusters: respondents)?.kappa, truth)
                }
            }
        }
    }

    /// Three categories with shares 1/2, 1/3, 1/6; the second coder follows the first or names at random.
    @Test func `Cohen's kappa covers`() {
        for follows in [0.23, 0.5, 0.8, 0.9] {
            let shares = [1.0 / 2, 1.0 / 3, 1.0 / 6]
            let chance = shares.reduce(0) { $0 + $1 * (follows * $1 + (1 - follows) / 3) }
            let truth = (follows + (1 - follows) / 3 - chance) / (1 - chance)
            for size in [20, 60, 200] {
                Coverage.cover("Cohen's κ, n = \(size), κ \((truth * 100).rounded() / 100)") { dice in
                    let pairs = (0..<size).map { _ in
                        let first = dice.place(shares)
                        return Agreement.Pair(first, dice.isYes(follows) ? first : Int.random(in: 0..<3, using: &dice))
                    }
                    return holds(Agreement(pairs)?.kappa, truth)
                }
            }
        }
    }

    /// Each rating is the unit's true value of 1 to 4 with probability k, else any of the four: α = k² on every scale.
    @Test func `Krippendorff's alpha over units covers`() {
        for (units, raters, missing) in [(20, 4, 0.2), (60, 4, 0.2), (200, 3, 0.3), (20, 8, 0.4)] {
            for knows in [0.4, 0.8] {
                let measurements: [Krippendorff.Measurement] =
                    units < 200 ? [.nominal, .ordinal, .interval] : [.nominal]
                for measurement in measurements {
                    let name = "α \(measurement), \(units) units × \(raters), missing \(missing)"
                    let wanted = units == 20 ? 0.91...0.975 : 0.93...0.97
                    Coverage.cover("\(name), α \((knows * knows * 100).rounded() / 100)", wanted) { dice in
                        var ratings: [Krippendorff.Rating] = []
                        for unit in 0..<units {
                            let truth = Int.random(in: 1...4, using: &dice)
                            for rater in 0..<raters where !dice.isYes(missing) {
                                let value = dice.isYes(knows) ? truth : Int.random(in: 1...4, using: &dice)
                                ratings.append(.init(unit: unit, rater: rater, value: Double(value)))
                            }
                        }
                        let alpha = Krippendorff(ratings, as: measurement, resampling: .units)
                        return holds(alpha?.interval, knows * knows)
                    }
                }
            }
        }
    }

    /// The same six uses, each respondent asked about 1 to 4 of them.
    @Test func `Krippendorff's alpha over respondents covers`() {
        for (a, b) in [(4.0, 1.0), (1.5, 3)] {
            let knows = a / (a + b)
            let agrees = knows * knows + 2 * knows * (1 - knows) / 5 + (1 - knows) * (1 - knows) / 5
            let chance = Self.ownerShares.reduce(0) { sum, share in
                let named = knows * share + (1 - knows) / 5
                return sum + named * named
            }
            let truth = 1 - (1 - agrees) / (1 - chance)
            for size in [20, 60] {
                Coverage.cover("α over respondents, n = \(size), α \((truth * 100).rounded() / 100)") { dice in
                    var ratings: [Krippendorff.Rating] = []
                    for rater in 0..<size {
                        let own = dice.beta(a, b)
                        for unit in (0..<6).shuffled(using: &dice).prefix(Int.random(in: 1...4, using: &dice)) {
                            let value = Double(answer(Self.owners[unit], own, &dice))
                            ratings.append(.init(unit: unit, rater: rater, value: value))
                        }
                    }
                    return holds(Krippendorff(ratings, resampling: .raters)?.interval, truth)
                }
            }
        }
    }

    /// Leaders score things as normal with means evenly spread: E rank of k = 1 + Σ Φ((μ_k − μ_j)/√2).
    @Test func `concordance covers`() {
        for (leaders, things) in [(5, 5), (7, 5), (9, 7), (5, 7), (6, 6)] {
            for spread in [0.0, 0.7, 1.5, 3] {
                let means = (0..<things).map { 2 * spread * Double($0) / Double(things - 1) }
                let squares = means.reduce(0.0) { sum, one in
                    let rank = means.reduce(0.5) { $0 + Normal.probability(below: (one - $1) / 2.0.squareRoot()) }
                    return sum + pow(rank - Double(things + 1) / 2, 2)
                }
                let correlation = 12 * squares / Double(things * things * things - things)
                let truth = (1 + Double(leaders - 1) * correlation) / Double(leaders)
                let wanted = spread < 1 ? 0.95...0.995 : 0.92...0.985
                let name = "W, \(leaders) leaders × \(things), W \((truth * 100).rounded() / 100)"
                Coverage.cover(name, wanted) { dice in
                    let scores = (0..<leaders).map { _ in means.map { $0 + dice.normal() } }
                    return holds(Concordance(scores)?.interval, truth)
                }
            }
        }
    }

    /// Dirichlet shares of two sizes, in steps of 5 points as people give them.
    @Test func `leaders' mean weights cover`() {
        let weights = [0.4, 0.3, 0.15, 0.1, 0.05]
        for leaders in [5, 7, 9] {
            for (size, wanted) in [(20.0, 0.92...0.97), (8, 0.88...0.97)] {
                for place in [0, 2, 4] {
                    Coverage.cover("mean weight \(weights[place]), \(leaders) leaders, spread \(Int(size))", wanted) {
                        dice in
                        let points = (0..<leaders).map { _ in dice.dirichlet(weights, size) }
                        return holds(Allocation(points: points)?.intervals[place], weights[place])
                    }
                }
            }
        }
    }

    /// Geometric counts of mean 5: G = 6/11; exponential: 1/2 and (1 + ln 10)/10; lognormal of σ 1: erf(1/2) and
    /// Φ(1 − 1.2816).
    @Test func `concentration covers`() {
        let tail = Normal.probability(below: 1 - Normal.quantile(0.9))
        for size in [20, 60, 200] {
            Coverage.cover("Gini, calls, n = \(size)") { dice in
                holds(Concentration((0..<size).map { _ in dice.poisson(5 * dice.exponential()) })?.gini, 6.0 / 11)
            }
            Coverage.cover("Gini, exponential, n = \(size)") { dice in
                holds(Concentration((0..<size).map { _ in dice.exponential() })?.gini, 0.5)
            }
            Coverage.cover("top tenth, exponential, n = \(size)", 0.92...0.97) { dice in
                holds(Concentration((0..<size).map { _ in dice.exponential() })?.topTenth, (1 + log(10)) / 10)
            }
            Coverage.cover("Gini, lognormal, n = \(size)", 0.87...0.93) { dice in
                holds(Concentration((0..<size).map { _ in exp(dice.normal()) })?.gini, erf(0.5))
            }
            Coverage.cover("top tenth, lognormal, n = \(size)", 0.80...0.92) { dice in
                holds(Concentration((0..<size).map { _ in exp(dice.normal()) })?.topTenth, tail)
            }
        }
    }

    /// Poisson calls whose mean is gamma of shape 0.7: the variance is far above the mean.
    @Test func `the usage index covers`() {
        for (own, others) in [(20, 180), (60, 140), (200, 800), (20, 40)] {
            for times in [0.5, 1, 2] {
                let truth = times * Double(own + others) / (times * Double(own) + Double(others))
                let wanted = own == 20 ? 0.91...0.97 : 0.93...0.97
                let name = "AUI \((truth * 100).rounded() / 100), \(own) of \(own + others)"
                Coverage.cover(name, wanted) { dice in
                    let group = (0..<own).map { _ in dice.poisson(8 * times * dice.gamma(0.7) / 0.7) }
                    let rest = (0..<others).map { _ in dice.poisson(8 * dice.gamma(0.7) / 0.7) }
                    return holds(UsageIndex(group: group, others: rest)?.interval, truth)
                }
            }
        }
    }

    @Test func `recognition and calibration gap cover`() {
        for size in [20, 60, 200] {
            for knows in [0.05, 0.23, 0.5, 0.9] {
                let wanted = size == 20 ? 0.90...0.985 : 0.93...0.97
                Coverage.cover("recognition, n = \(size), known \(knows)", wanted) { dice in
                    let people = (0..<size).map { _ in
                        let own = dice.beta(5 * knows, 5 * (1 - knows))
                        return [2, 4, 4, 5].map { options in
                            Recognition.Answer(
                                isRight: dice.isYes(own) || dice.isYes(1 / Double(options)), options: options)
                        }
                    }
                    return holds(Recognition(people: people)?.known, knows)
                }
            }
            Coverage.cover("calibration gap, n = \(size)") { dice in
                guard let stated = Proportion.wilson(dice.binomial(size, 0.23), of: size),
                    let known = Proportion.wilson(dice.binomial(size, 0.6), of: size)
                else { return nil }
                return holds(Clarity(structure: 0.8, knowledge: known)?.calibrationGap(stated: stated), 0.23 - 0.48)
            }
        }
    }

    /// Gamma hours, each learner's mix from a Dirichlet of size 2: few skills each.
    @Test func `alignment covers`() throws {
        let cases: [(weights: [Double], shares: [Double])] = [
            ([0.4, 0.3, 0.2, 0.1, 0], [0.2, 0.2, 0.2, 0.1, 0.3]), ([0.25, 0.25, 0.25, 0.25], [0.6, 0.25, 0.1, 0.05]),
            ([0.4, 0.3, 0.2, 0.1], [0.4, 0.3, 0.2, 0.1]),
        ]
        for (weights, shares) in cases {
            let distance = Distribution.distance(weights, shares)
            let divergence = Distribution.jensenShannon(weights, shares) ?? .nan
            for size in [20, 60, 200] {
                var dice = Dice(seed: 2_026)
                let samples = size == 200 ? Coverage.samples / 2 : Coverage.samples
                var held = (distance: 0, divergence: 0, gaps: 0, band: 0)
                for _ in 0..<samples {
                    let learners = (0..<size).map { _ in
                        let hours = 10 * dice.gamma(1.5)
                        return dice.dirichlet(shares, 2).map { $0 * hours }
                    }
                    let gap = try #require(
                        Alignment(weights: weights, learners: learners, replicates: 250, dice: &dice))
                    if holds(gap.distance, distance) ?? false { held.distance += 1 }
                    if holds(gap.divergence, divergence) ?? false { held.divergence += 1 }
                    if zip(gap.gaps, shares).allSatisfy({ holds($0.gap, $1 - $0.weight) ?? false }) { held.gaps += 1 }
                    if gap.divergence.estimate <= gap.nullBand.divergence { held.band += 1 }
                }
                let name = "n = \(size), TV \((distance * 100).rounded() / 100)"
                let isSmall = size == 20
                Coverage.expect(
                    "alignment gaps together, \(name)", held.gaps, of: samples, isSmall ? 0.91...0.975 : 0.925...0.975)
                Coverage.expect(
                    "TV, \(name)", held.distance, of: samples,
                    distance == 0 ? 0.94...0.99 : isSmall ? 0.88...0.97 : 0.92...0.97)
                Coverage.expect(
                    "JSD, \(name)", held.divergence, of: samples, distance == 0 ? 0.95...1 : 0.92...0.98)
                if distance == 0 { Coverage.expect("null band, \(name)", held.band, of: samples, 0.925...0.975) }
            }
        }
    }
}
