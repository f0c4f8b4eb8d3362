import Foundation

/// Intervals for shares of a whole.
public enum Proportion {
    /// Wilson's score interval.
    ///
    /// The counts are not whole when they come from an effective sample size. None when nothing was counted.
    ///
    /// - Source: E. B. Wilson, JASA 22 (1927), 209–212; recommended by Brown, Cai and DasGupta,
    ///   Statistical Science 16 (2001), 101–133.
    public static func wilson(_ successes: Double, of trials: Double, level: Double = 0.95) -> Interval? {
        guard trials > 0, successes >= 0, successes <= trials, trials.isFinite else { return nil }
        return wilson(
            successes / trials, size: trials, reach: Normal.reach(level: level), level: level, method: "Wilson score")
    }

    /// Wilson's score interval of a count.
    public static func wilson(_ successes: Int, of trials: Int, level: Double = 0.95) -> Interval? {
        wilson(Double(successes), of: Double(trials), level: level)
    }

    /// Wilson's interval at the size whose binomial variance is the one given; at the other size where the variance is
    /// zero.
    static func wilson(
        _ share: Double, variance: Double, otherwise size: Double, reach: Double? = nil, level: Double, method: String
    ) -> Interval? {
        let size = variance > 1e-15 && share > 0 && share < 1 ? share * (1 - share) / variance : size
        return wilson(share, size: size, reach: reach ?? Normal.reach(level: level), level: level, method: method)
    }

    /// `reach` standard errors wide.
    private static func wilson(
        _ share: Double, size: Double, reach: Double, level: Double, method: String
    ) -> Interval? {
        guard size > 0, size.isFinite, reach.isFinite, share >= 0, share <= 1 else { return nil }
        let spread = reach * reach / size
        let centre = (share + spread / 2) / (1 + spread)
        let half = reach / (1 + spread) * (share * (1 - share) / size + spread / (4 * size)).squareRoot()
        return Interval(
            estimate: share, low: share == 0 ? 0 : min(share, max(0, centre - half)),
            high: share == 1 ? 1 : max(share, min(1, centre + half)), level: level, method: method)
    }

    /// The difference between two independent proportions, first minus second.
    ///
    /// - Returns: nil when either group is empty.
    /// - Source: R. G. Newcombe, Statistics in Medicine 17 (1998), 873–890, method 10.
    public static func newcombe(
        _ first: (successes: Int, trials: Int), minus second: (successes: Int, trials: Int), level: Double = 0.95
    ) -> Interval? {
        guard let one = wilson(first.successes, of: first.trials, level: level),
            let two = wilson(second.successes, of: second.trials, level: level)
        else { return nil }
        return one.minus(two, within: -1...1, method: "Newcombe hybrid score")
    }

    /// A share of a whole that comes in unequal clusters, such as hours by person.
    ///
    /// The share is Σ part ÷ Σ whole. Its variance is that of a ratio, linearised over the clusters; the effective
    /// sample size share·(1−share)/variance then goes into Wilson's interval. Where the variance is zero (the share is
    /// 0 or 1, or all clusters agree) the effective size is Kish's (Σ whole)² ÷ Σ whole².
    ///
    /// None when the wholes sum to nothing; a cluster with an empty whole carries nothing and drops out.
    ///
    /// - Range: 0 ≤ part ≤ whole.
    /// - Source: W. G. Cochran, Sampling Techniques (1977), section 6.4 (variance of a ratio); L. Kish, Survey Sampling
    ///   (1965), section 8.2 (effective size); Franco, Little, Louis and Slud, Journal of Survey Statistics and
    ///   Methodology 7 (2019), 334–364 (Wilson with an effective size).
    public static func ratio(clusters: [(part: Double, whole: Double)], level: Double = 0.95) -> Interval? {
        let kept = clusters.filter { $0.whole > 0 && $0.whole.isFinite }
        let whole = kept.reduce(0) { $0 + $1.whole }
        guard whole > 0 else { return nil }
        let share = min(1, max(0, kept.reduce(0) { $0 + $1.part } / whole))
        let squares = kept.reduce(0) { $0 + $1.whole * $1.whole }
        let variance = linearisedVariance(kept, share: share, whole: whole)
        return wilson(
            share, variance: variance, otherwise: whole * whole / squares, level: level,
            method: "Wilson score with effective sample size, clustered")
    }

    /// n/(n−1) · Σ (part − share·whole)² ÷ (Σ whole)².
    static func linearisedVariance(
        _ clusters: [(part: Double, whole: Double)], share: Double, whole: Double
    ) -> Double {
        guard clusters.count > 1 else { return 0 }
        let count = Double(clusters.count)
        let squares = clusters.reduce(0) { sum, cluster in
            let residual = cluster.part - share * cluster.whole
            return sum + residual * residual
        }
        return count / (count - 1) * squares / (whole * whole)
    }

    /// A weighted share of yes and no: Wilson's interval with Kish's effective sample size.
    ///
    /// - Returns: nil when the weights sum to nothing.
    /// - Source: L. Kish, Survey Sampling (1965), section 8.2 and 11.7.
    public static func weighted(_ members: [(weight: Double, isYes: Bool)], level: Double = 0.95) -> Interval? {
        let sum = members.reduce(0) { $0 + $1.weight }
        guard sum > 0 else { return nil }
        let yes = members.reduce(0) { $0 + ($1.isYes ? $1.weight : 0) }
        let effective = sum * sum / members.reduce(0) { $0 + $1.weight * $1.weight }
        guard let wilson = wilson(yes / sum * effective, of: effective, level: level) else { return nil }
        return Interval(
            estimate: yes / sum, low: wilson.low, high: wilson.high, level: level,
            method: "Wilson score with Kish effective sample size")
    }

    /// How large a share must be and can be when some parts do not say: from what is stated to that and all undeclared.
    ///
    /// - Returns: nil when the whole is empty, or a part is below 0 or the parts exceed the whole.
    public static func bounds(_ part: Double, undeclared: Double, of whole: Double) -> ClosedRange<Double>? {
        guard whole > 0, whole.isFinite, part >= 0, undeclared >= 0, part + undeclared <= whole else { return nil }
        return part / whole...(part + undeclared) / whole
    }
}
