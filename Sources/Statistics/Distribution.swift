import Foundation

/// Comparisons of ways to share out a whole.
public enum Distribution {
    /// Total-variation distance: the share that would have to move to turn one into the other.
    ///
    /// - Shape: both are scaled to sum to 1 first.
    /// - Range: 0 (the same) to 1 (nothing in common); NaN when either sums to nothing.
    public static func distance(_ one: [Double], _ other: [Double]) -> Double {
        precondition(one.count == other.count, "distributions over the same things")
        let first = one.reduce(0, +)
        let second = other.reduce(0, +)
        guard first > 0, second > 0 else { return .nan }
        var sum = 0.0
        for index in one.indices { sum += abs(one[index] / first - other[index] / second) }
        return sum / 2
    }

    /// Scaled to sum to 1; nil when the parts sum to nothing, or one is below 0 or not finite.
    public static func normalised(_ parts: [Double]) -> [Double]? {
        let sum = parts.reduce(0, +)
        guard sum > 0, sum.isFinite, parts.allSatisfy({ $0 >= 0 }) else { return nil }
        return parts.map { $0 / sum }
    }

    /// Shannon's entropy, −Σ p log₂ p.
    ///
    /// - Shape: scaled to sum to 1 first.
    /// - Unit: bits, from 0 (all in one place) to log₂ of the number of places.
    /// - Returns: nil when the parts are not shares of anything.
    public static func entropy(_ parts: [Double]) -> Double? {
        normalised(parts)?.reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 }
    }

    /// How many equal parts would be as spread out: 2 to the entropy.
    ///
    /// - Source: M. O. Hill, Ecology 54 (1973), 427–432 (diversity of order 1).
    public static func effectiveNumber(_ parts: [Double]) -> Double? { entropy(parts).map(exp2) }

    /// Kullback–Leibler divergence Σ p log₂(p ÷ q).
    ///
    /// - Shape: both are scaled to sum to 1 first.
    /// - Unit: bits, from 0.
    /// - Returns: nil when something is no share of a whole, and where it is infinite: q lacks what p has.
    public static func divergence(_ one: [Double], from other: [Double]) -> Double? {
        precondition(one.count == other.count, "distributions over the same things")
        guard let p = normalised(one), let q = normalised(other) else { return nil }
        var sum = 0.0
        for (p, q) in zip(p, q) where p > 0 {
            guard q > 0 else { return nil }
            sum += p * log2(p / q)
        }
        return max(0, sum)
    }

    /// Jensen–Shannon divergence: the mean Kullback–Leibler divergence of both from their mean. Its square root is a
    /// metric.
    ///
    /// - Shape: both are scaled to sum to 1 first.
    /// - Range: 0 (the same) to 1 (nothing in common), in bits.
    /// - Returns: nil when something is no share of a whole.
    /// - Source: J. Lin, IEEE Transactions on Information Theory 37 (1991), 145–151; the metric: D. M. Endres and J. E.
    ///   Schindelin, same journal 49 (2003), 1858–1860.
    public static func jensenShannon(_ one: [Double], _ other: [Double]) -> Double? {
        precondition(one.count == other.count, "distributions over the same things")
        guard let p = normalised(one), let q = normalised(other) else { return nil }
        var sum = 0.0
        for (p, q) in zip(p, q) {
            if p > 0 { sum += p * log2(2 * p / (p + q)) }
            if q > 0 { sum += q * log2(2 * q / (p + q)) }
        }
        return min(1, max(0, sum / 2))
    }

    /// What leadership asks for once people may spend a share of their time on what they choose: the weights make room
    /// for one part more, in last place.
    ///
    /// - Shape: one part more than the weights, sums to 1.
    /// - Range: autonomy 0 to 1.
    /// - Returns: nil when the weights are no shares of a whole or the autonomy is out of range.
    public static func target(_ weights: [Double], autonomy: Double) -> [Double]? {
        guard 0 <= autonomy, autonomy <= 1, let weights = normalised(weights) else { return nil }
        return weights.map { (1 - autonomy) * $0 } + [autonomy]
    }

    /// A small unit's shares drawn towards those of the unit above it: the mean of a Dirichlet posterior, whose prior
    /// has the parent's shares and counts for `strength` learners.
    ///
    /// - Shape: both over the same parts, scaled to sum to 1 first.
    /// - Range: learners (Kish's effective number) and strength not below 0, not both 0.
    /// - Returns: nil when something is no share of a whole or out of range; a unit without learners has its parent's.
    public static func drawn(
        _ parts: [Double], of learners: Double, towards parent: [Double], strength: Double
    ) -> [Double]? {
        precondition(parts.count == parent.count, "distributions over the same things")
        guard learners >= 0, strength >= 0, learners + strength > 0, (learners + strength).isFinite,
            let prior = normalised(parent)
        else { return nil }
        guard learners > 0 else { return prior }
        return normalised(parts).map { own in
            zip(own, prior).map { (learners * $0 + strength * $1) / (learners + strength) }
        }
    }
}
