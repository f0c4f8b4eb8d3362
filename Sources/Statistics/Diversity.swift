import Foundation

/// How spread out counted answers are over kinds, such as whom people take for the owner.
public struct Diversity: Hashable, Sendable {
    /// Answers counted.
    public let count: Int
    /// Kinds that were seen at least once.
    public let kinds: Int
    /// The plug-in entropy −Σ p log₂ p. It is too low, by about what `corrected` adds.
    ///
    /// - Unit: bits.
    public let entropy: Double
    /// With Miller and Madow's (kinds − 1) ÷ (2·count·ln 2), and its interval.
    ///
    /// - Unit: bits.
    public let corrected: Interval
    /// 2 to the plug-in entropy, with the interval of the corrected one.
    public let effectiveNumber: Interval
    /// The plug-in entropy as a share of the greatest there can be for the kinds that may be named; nil for one kind.
    public let normalised: Double?

    /// The error is the delta method's, widened by what the correction itself varies; the interval uses Student's t with
    /// count − 1 degrees of freedom. See docs/statistics.md for its coverage: below 95 % where kinds are seldom named.
    ///
    /// - Parameters:
    ///   - counts: how often each kind was named; none below 0.
    ///   - possible: how many kinds may be named, when that is more than there are counts for.
    /// - Returns: nil when nothing was counted.
    /// - Source: G. A. Miller, Note on the bias of information estimates (1955); the variance: G. P. Basharin, Theory of
    ///   Probability and Its Applications 4 (1959), 333–336; the effective number: M. O. Hill, Ecology 54 (1973), 427–432.
    public init?(_ counts: [Int], possible: Int? = nil, level: Double = 0.95) {
        let sum = counts.reduce(0, +)
        guard sum > 0, counts.allSatisfy({ $0 >= 0 }) else { return nil }
        let shares = counts.filter { $0 > 0 }.map { Double($0) / Double(sum) }
        let n = Double(sum)
        let entropy = shares.reduce(0) { $0 - $1 * log2($1) }
        count = sum
        kinds = shares.count
        self.entropy = entropy
        let most = log2(Double(max(counts.count, possible ?? 0)))
        normalised = most > 0 ? min(1, entropy / most) : nil
        let lost = Double(shares.count - 1) / (2 * n * log(2))
        let squares = shares.reduce(0) { $0 + $1 * log2($1) * log2($1) }
        let second = Double(shares.count - 1) / (2 * n * n * log(2) * log(2))
        let error = (max(0, squares - entropy * entropy) / n + second).squareRoot()
        let reach = sum > 1 ? StudentT.quantile(0.5 + level / 2, freedom: n - 1) : 0
        let centre = entropy + lost
        let low = max(0, centre - reach * error)
        let high = max(centre, min(most, centre + reach * error))
        corrected = Interval(
            estimate: centre, low: low, high: high, level: level, method: "Miller–Madow, Student's t")
        effectiveNumber = Interval(
            estimate: exp2(entropy), low: exp2(min(low, entropy)), high: exp2(high), level: level,
            method: "2 to the Miller–Madow interval")
    }
}
