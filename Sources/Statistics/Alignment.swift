public import Basis
import Foundation

/// What leadership asks for and what learners do, over the same skills.
///
/// What could have been otherwise is which learners there are: seconds of one learner are not independent, so all
/// errors leave out, or draw again, whole learners. The weights count as known; their own uncertainty is in
/// `Allocation`.
public struct Alignment: Hashable, Sendable {
    /// One skill's share of learning time less its weight.
    public struct Gap: Hashable, Sendable {
        public let weight: Double
        /// The share of learning time.
        public let share: Double
        /// share − weight: above 0 more is learned than asked for. The intervals of all skills hold together: measured
        /// in 92.5 to 95 % for 95 %. Bonferroni's with Student's t held in 68 to 88 % for 20 learners.
        public let gap: Interval
    }

    /// How far apart the two would lie by chance if learners, on average, did what is asked.
    public struct NullBand: Hashable, Sendable {
        /// Total-variation distance that is exceeded by chance with probability 1 − level.
        public let distance: Double
        /// Jensen–Shannon divergence that is exceeded by chance with probability 1 − level.
        public let divergence: Double
        public let level: Double
    }

    /// Total-variation distance: the share of learning time that would have to move.
    ///
    /// Measured coverage of 95 % intervals: 89 to 93 % for 20 learners, 93 to 94 % from 60 on, 97 % under perfect
    /// alignment. The distance has a kink wherever a share meets its weight; the percentile bootstrap held the truth in
    /// 73 to 91 %, the studentised one in 84 to 95 %.
    public let distance: Interval
    /// Jensen–Shannon divergence in bits; its square root is a metric.
    ///
    /// Measured coverage of 95 % intervals: 93 to 97.4 %; 100 % under perfect alignment, where its low end is 0.
    public let divergence: Interval
    /// What the divergence would be on average under perfect alignment: (K − 1) ÷ (8·N·ln 2), N being Kish's effective
    /// number of learners. It takes each learner's time for one choice, and is too high where people learn many skills.
    public let bias: Double
    public let gaps: [Gap]
    public let nullBand: NullBand
    public let learners: Int
    /// Kish's (Σ time)² ÷ Σ time².
    public let effectiveLearners: Double
    /// All learning time on these skills, in the unit given.
    public let time: Double

    /// Nil unless there are two skills and two learners with time, all of it finite and none below 0.
    ///
    /// - Shape: the weight of each skill, scaled to sum to 1 (for an autonomy allowance see `Distribution.target`);
    ///   each learner's time on each skill (whoever has none does not count).
    /// - Range: learners are drawn again at least 100 times.
    /// - Source: the bias: to second order JSD = Σ (q − w)² ÷ (8·w·ln 2), and E Σ (q − w)² ÷ w = (K − 1) ÷ N.
    public init?(
        weights: [Double], learners: [[Double]], level: Double = 0.95, replicates: Int = 1_000, dice: inout Dice
    ) {
        guard weights.count > 1, let weights = Distribution.normalised(weights),
            learners.allSatisfy({ $0.count == weights.count }),
            let sample = LearningTime(learners), sample.count > 1
        else { return nil }
        let draws = Draws(sample, weights: weights, level: level, replicates: max(100, replicates), dice: &dice)
        self.learners = sample.count
        time = sample.whole
        effectiveLearners = sample.kish
        let used = zip(weights, sample.shares).count { $0 > 0 || $1 > 0 }
        bias = Double(used - 1) / (8 * sample.kish * log(2))
        nullBand = NullBand(distance: draws.distances.band, divergence: draws.divergences.band, level: level)
        distance = Alignment.interval(
            sample, low: draws.distances.edge, level: level, name: "total-variation distance"
        ) { Distribution.distance(weights, $0) }
        divergence = Alignment.interval(
            sample, low: draws.divergences.edge, level: level, name: "Jensen–Shannon divergence"
        ) { Distribution.jensenShannon(weights, $0) ?? 0 }
        gaps = weights.indices.map { place in
            let share = sample.shares[place]
            let interval = Proportion.wilson(
                share, variance: 0, otherwise: sample.sizes[place], reach: draws.reach, level: level,
                method: "Wilson score with effective sample size, simultaneous by bootstrap max-t over learners")
            let (low, high) = (interval?.low ?? 0, interval?.high ?? 1)
            return Gap(
                weight: weights[place], share: share,
                gap: Interval(
                    estimate: share - weights[place], low: low - weights[place], high: high - weights[place],
                    level: level, method: interval?.method ?? ""))
        }
    }

    /// Leaves out each learner in turn, with Student's t. The low end is reckoned from the estimate less its bias, and
    /// is 0 where chance alone brings about as much (`edge`); the high end on the logit scale from the estimate as it
    /// stands.
    private static func interval(
        _ sample: LearningTime, low edge: Double, level: Double, name: String, statistic: ([Double]) -> Double
    ) -> Interval {
        let estimate = statistic(sample.shares)
        let method = "\(name), jackknife over learners, low end less the bias"
        let moments = Jackknife.moments(of: sample.count) { leftOut in
            guard let leftOut else { return estimate }
            return sample.without(leftOut).map(statistic)
        }
        let half = StudentT.quantile(0.5 + level / 2, freedom: Double(sample.count - 1)) * (moments?.error ?? 0)
        let corrected = estimate - max(0, moments?.bias ?? 0)
        let above = Scale.logit.interval(estimate, error: half, reach: 1, level: level, method: method)
        return Interval(
            estimate: estimate, low: estimate <= edge ? 0 : max(0, corrected - half),
            high: above?.high ?? max(estimate, edge), level: level, method: method)
    }
}

/// Time of learners on skills, and what their shares are worth.
private struct LearningTime {
    let rows: [[Double]]
    let totals: [Double]
    let sums: [Double]
    let whole: Double
    let shares: [Double]
    let kish: Double
    /// The size whose binomial variance is that of each share, over learners.
    let sizes: [Double]

    init?(_ learners: [[Double]]) {
        guard learners.joined().allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
        rows = learners.filter { $0.contains { $0 > 0 } }
        guard let count = rows.first?.count else { return nil }
        totals = rows.map { $0.reduce(0, +) }
        whole = totals.reduce(0, +)
        var sums = Array(repeating: 0.0, count: count)
        for row in rows { for place in row.indices { sums[place] += row[place] } }
        self.sums = sums
        shares = sums.map { [whole] in $0 / whole }
        kish = whole * whole / totals.reduce(0) { $0 + $1 * $1 }
        guard whole.isFinite, kish.isFinite else { return nil }
        let all = Array(rows.indices)
        sizes = sums.indices.map { [rows, totals, shares, whole, kish] place in
            LearningTime.size(
                shares[place],
                residuals: all.reduce(0) { sum, row in
                    let residual = rows[row][place] - shares[place] * totals[row]
                    return sum + residual * residual
                }, whole: whole, count: all.count) ?? kish
        }
    }

    var count: Int { rows.count }

    /// The shares of all others.
    func without(_ row: Int) -> [Double]? {
        Distribution.normalised(zip(sums, rows[row]).map { max(0, $0 - $1) })
    }

    static func size(_ share: Double, residuals: Double, whole: Double, count: Int) -> Double? {
        let variance = residuals * Double(count) / (Double(count - 1) * whole * whole)
        return variance > 1e-15 && share > 0 && share < 1 ? share * (1 - share) / variance : nil
    }
}

/// What shares come to when the learners are drawn again.
private struct Draws {
    /// How many errors wide intervals must be for all of them to hold at once.
    let reach: Double
    /// Exceeded with probability 1 − level, and (1 − level) ÷ 2.
    let distances: (band: Double, edge: Double)
    let divergences: (band: Double, edge: Double)

    /// Each draw asks how many errors its shares lie from the sample's, the errors being the draw's own at the sample's
    /// share, as in Wilson's interval; and how far its shares lie from the weights once the sample's gap is taken away,
    /// widened for the number of learners as Student's t is.
    init(_ sample: LearningTime, weights: [Double], level: Double, replicates: Int, dice: inout Dice) {
        let count = sample.count
        let t = StudentT.quantile(0.5 + level / 2, freedom: Double(count - 1)) / Normal.reach(level: level)
        let widening = t * (Double(count) / Double(count - 1)).squareRoot()
        var (farthest, distances, divergences): ([Double], [Double], [Double]) = ([], [], [])
        for _ in 0..<replicates {
            let drawn = (0..<count).map { _ in Int.random(in: 0..<count, using: &dice) }
            var sums = weights.map { _ in 0.0 }
            for row in drawn { for place in sums.indices { sums[place] += sample.rows[row][place] } }
            let whole = sums.reduce(0, +)
            let shares = sums.map { $0 / whole }
            farthest.append(Draws.farthest(sample, shares, whole: whole, drawn: drawn))
            let null = weights.indices.map { max(0, weights[$0] + (shares[$0] - sample.shares[$0]) * widening) }
            distances.append(Distribution.distance(weights, null))
            divergences.append(Distribution.jensenShannon(weights, null) ?? 0)
        }
        reach = Quantile.interpolated(farthest.sorted(), at: level)
        func edges(_ values: [Double]) -> (band: Double, edge: Double) {
            let sorted = values.sorted()
            return (
                Quantile.interpolated(sorted, at: level), Quantile.interpolated(sorted, at: 0.5 + level / 2)
            )
        }
        self.distances = edges(distances)
        self.divergences = edges(divergences)
    }

    private static func farthest(_ sample: LearningTime, _ shares: [Double], whole: Double, drawn: [Int]) -> Double {
        var most = 0.0
        for place in shares.indices where sample.shares[place] > 0 && sample.shares[place] < 1 {
            var residuals = 0.0
            for row in drawn {
                let residual = sample.rows[row][place] - shares[place] * sample.totals[row]
                residuals += residual * residual
            }
            let size =
                LearningTime.size(shares[place], residuals: residuals, whole: whole, count: drawn.count) ?? sample.kish
            let share = sample.shares[place]
            most = max(most, abs(shares[place] - share) * (size / (share * (1 - share))).squareRoot())
        }
        return most
    }
}
