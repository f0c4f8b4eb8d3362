/// What several leaders want: each shares out 100 points over the same priorities.
public struct Allocation: Hashable, Sendable {
    /// The mean share of each priority, with its interval over leaders drawn from all there could be; the estimates sum
    /// to 1. The interval is nil for one leader; where all gave the priority the same its size is their number.
    public let weights: [Double]
    public let intervals: [Interval?]
    /// How far they put the priorities in the same order; nil for one leader, one priority, or when nobody tells
    /// priorities apart.
    public let concordance: Concordance?
    public let leaders: Int

    /// Wilson's interval for each mean, at the size whose binomial variance is the mean's over leaders, with Student's
    /// t for one degree of freedom less than there are leaders.
    ///
    /// Measured coverage of 95 % intervals, 5 to 9 leaders: 93 to 96 %; 89 to 90 % for a weight of 0.05 where leaders
    /// differ so much that most give it nothing. Student's t on the mean held there in 77 to 90 %, the percentile
    /// bootstrap in 86 %.
    ///
    /// Nil when there is no leader, leaders name different numbers of priorities, or somebody's points are no shares of
    /// a whole.
    ///
    /// - Shape: points of each leader, one for each priority; each leader's are scaled to sum to 1.
    public init?(points: [[Double]], level: Double = 0.95) {
        guard let count = points.first?.count, points.allSatisfy({ $0.count == count }) else { return nil }
        let shares = points.compactMap(Distribution.normalised)
        guard shares.count == points.count else { return nil }
        let n = Double(shares.count)
        let reach = n > 1 ? StudentT.quantile(0.5 + level / 2, freedom: n - 1) : 0
        let means = (0..<count).map { place in shares.reduce(0) { $0 + $1[place] } / n }
        weights = means
        intervals = (0..<count).map { place in
            let squares = shares.reduce(0) { $0 + ($1[place] - means[place]) * ($1[place] - means[place]) }
            guard n > 1 else { return nil }
            return Proportion.wilson(
                min(1, means[place]), variance: squares / (n * (n - 1)), otherwise: n, reach: reach, level: level,
                method: "Wilson score with effective sample size, Student's t over leaders")
        }
        concordance = Concordance(points, level: level)
        leaders = shares.count
    }
}
