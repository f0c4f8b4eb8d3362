import Foundation

/// The difficulty of a new item from the answers of people whose ability is known from other items.
///
/// Those abilities stay as they are: the new item is put on their scale and cannot move it. Each ability comes with its
/// standard deviation, and the probability of a right answer is averaged over it; else a new item would seem easier to
/// tell, and nearer to the middle, than it is.
///
/// - Source: fixed ability, or method A, calibration: M. L. Stocking, ETS Research Report RR-88-28 (1988); here with
///   the abilities' errors, and a normal prior from the level that the item was written for.
/// - Cost: about 850 exponentials an answer with an uncertain ability, 120 with a certain one.
public struct NewItemDifficulty: Hashable, Sendable {
    /// A person's answer.
    public struct Answer: Hashable, Sendable {
        public let isRight: Bool
        /// In logits, from other items.
        public let ability: Double
        /// Its standard deviation, from 0.
        public let sd: Double

        public init(isRight: Bool, ability: Double, sd: Double) {
            self.isRight = isRight
            self.ability = ability
            self.sd = sd
        }
    }

    /// The mean of the posterior, in logits.
    public let mean: Double
    /// Its standard deviation; that of the prior before any answer.
    public let standardError: Double
    /// Answers that counted: those with a finite ability and an sd from 0 to 10.
    public let count: Int

    /// The prior is what the item's level says before any answer, such as its mean difficulty with a standard deviation
    /// of 1. Discrimination and asymptote are held fast: one item's few answers do not tell them. Nil when one of them
    /// is out of its range (see `LogisticItem`).
    public init?(
        prior: AbilityPrior, discrimination: Double = 1, lowerAsymptote: Double = 0, answers: [Answer]
    ) {
        guard
            LogisticItem(discrimination: discrimination, difficulty: prior.mean, lowerAsymptote: lowerAsymptote) != nil
        else { return nil }
        let counted = answers.filter { abs($0.ability) <= 1_000 && 0...10 ~= $0.sd }
        var grid = Grid(middle: prior.mean, reach: 6 * prior.sd)
        var (mean, sd) = (prior.mean, prior.sd)
        // Each round looks closer, until the points lie well within the posterior's standard deviation.
        for _ in 0..<8 where !counted.isEmpty {
            (mean, sd) = grid.moments { difficulty in
                let z = (difficulty - prior.mean) / prior.sd
                return counted.reduce(-z * z / 2) {
                    $0 + Self.logLikelihood($1, difficulty, discrimination, lowerAsymptote)
                }
            }
            if sd >= 1.5 * grid.width { break }
            grid = Grid(middle: mean, reach: max(6 * sd, 3 * grid.width))
        }
        self.mean = mean
        standardError = sd
        count = counted.count
    }

    private struct Grid {
        let middle: Double
        let reach: Double
        static let points = 61

        var width: Double { 2 * reach / Double(Self.points - 1) }

        func moments(_ logWeight: (Double) -> Double) -> (mean: Double, sd: Double) {
            let places = (0..<Self.points).map { middle - reach + width * Double($0) }
            let logs = places.map(logWeight)
            let top = logs.max() ?? 0
            let weights = logs.map { exp($0 - top) }
            let sum = weights.reduce(0, +)
            let mean = zip(places, weights).reduce(0) { $0 + $1.0 * $1.1 } / sum
            let variance = zip(places, weights).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) } / sum
            return (mean, variance.squareRoot())
        }
    }

    private static func logLikelihood(
        _ answer: Answer, _ difficulty: Double, _ slope: Double, _ lowest: Double
    ) -> Double {
        if answer.sd == 0, lowest == 0 {
            let logit = slope * (answer.ability - difficulty)
            return Logistic.logShare(answer.isRight ? logit : -logit)
        }
        var share = 0.0
        for (node, weight) in answer.sd == 0 ? [(0, 1)] : GaussHermite.seven {
            let logit = slope * (answer.ability + answer.sd * node - difficulty)
            let right = lowest + (1 - lowest) * Logistic.share(logit)
            share += weight * (answer.isRight ? right : (1 - lowest) * Logistic.share(-logit))
        }
        // Far out the share itself is 0; the nearest that a double can say keeps the sum finite.
        return log(max(share, Double.leastNormalMagnitude))
    }
}

/// Nodes and weights for the mean of a function of a standard normal variable.
enum GaussHermite {
    /// - Source: M. Abramowitz and I. Stegun, Handbook of Mathematical Functions (1964), table 25.10, n = 7, scaled to
    ///   the normal density: nodes times √2, weights over √π.
    static let seven: [(node: Double, weight: Double)] = [
        (-3.750_439_717_725_742, 5.482_688_559_722_184e-4), (-2.366_759_410_734_541, 3.075_712_396_758_645e-2),
        (-1.154_405_394_739_968, 0.240_123_178_605_012_7), (0, 0.457_142_857_142_857_1),
        (1.154_405_394_739_968, 0.240_123_178_605_012_7), (2.366_759_410_734_541, 3.075_712_396_758_645e-2),
        (3.750_439_717_725_742, 5.482_688_559_722_184e-4),
    ]
}
