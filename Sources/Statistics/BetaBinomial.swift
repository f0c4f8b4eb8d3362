import Foundation

/// Shares of many groups, each drawn towards what all groups have in common, the more the fewer it holds.
///
/// The groups' true shares are taken for draws from one beta distribution.
///
/// - Source: J. G. Skellam, Journal of the Royal Statistical Society B 10 (1948), 257–261 (the beta-binomial); B. Efron
///   and C. Morris, JASA 70 (1975), 311–319 (estimates by marginal likelihood).
public struct BetaBinomial: Sendable {
    /// How much one group counts against all others.
    public enum Pooling: Hashable, Sendable {
        /// The likelihood has a maximum: the groups' shares vary as beta(α, β) does.
        case partial(alpha: Double, beta: Double)
        /// The likelihood rises until nothing varies: the groups differ no more than chance would have them. Each
        /// group's estimate is the share of all.
        case complete
        /// The likelihood rises until the groups have nothing in common: every group says yes with one voice, or no.
        /// Each group's estimate is its own share.
        case none
    }

    public let pooling: Pooling
    /// The groups with anything in them.
    public let groups: Int
    public let successes: Int
    public let trials: Int
    private let weighted: [(alpha: Double, beta: Double, weight: Double)]

    /// Nil unless some group holds something, and no count is below 0 or above its whole.
    public init?(_ groups: [(successes: Int, trials: Int)]) {
        guard groups.allSatisfy({ 0 <= $0.successes && $0.successes <= $0.trials }) else { return nil }
        let kept = groups.filter { $0.trials > 0 }
        guard !kept.isEmpty else { return nil }
        self.groups = kept.count
        successes = kept.reduce(0) { $0 + $1.successes }
        trials = kept.reduce(0) { $0 + $1.trials }
        let likelihood = MarginalLikelihood(kept)
        let start = (Double(successes) + 0.5) / (Double(trials) + 1)
        pooling =
            successes == 0 || successes == trials
            ? .complete : BetaBinomial.fit(likelihood, start: log(start / (1 - start)))
        weighted = BetaBinomial.posterior(likelihood, start: log(start / (1 - start)))
    }

    /// The estimate of a group: (x + α) ÷ (n + α + β).
    ///
    /// - Returns: nil when the counts are not those of a group, or nothing is pooled and the group is empty.
    public func estimate(_ successes: Int, of trials: Int) -> Double? {
        guard 0 <= successes, successes <= trials else { return nil }
        switch pooling {
        case .partial(let alpha, let beta): return (Double(successes) + alpha) / (Double(trials) + alpha + beta)
        case .complete: return Double(self.successes) / Double(self.trials)
        case .none: return trials > 0 ? Double(successes) / Double(trials) : nil
        }
    }

    /// The estimate of a group with its credible interval.
    ///
    /// The interval also carries that α and β are not known: mean and variance of the group's share are those of all α
    /// and β, each weighted by how likely it makes the counts, under even priors for μ = α/(α + β) and ρ = 1/(1 + α +
    /// β); it is the beta distribution's with that mean and variance. Measured coverage of 95 % intervals: 94 to
    /// 95 % for 20 and 60 groups; 97 to 99.5 % where groups hardly differ, which so few cannot tell. With α and β held
    /// fast instead, it is 90 % for 20 groups.
    ///
    /// - Source: R. E. Kass and D. Steffey, JASA 84 (1989), 717–726 (the two parts of the variance); M. J. Daniels,
    ///   Canadian Journal of Statistics 27 (1999), 567–578 (the even prior on ρ).
    public func interval(_ successes: Int, of trials: Int, level: Double = 0.95) -> Interval? {
        guard let estimate = estimate(successes, of: trials), 0 < level, level < 1 else { return nil }
        var (mean, square, inner) = (0.0, 0.0, 0.0)
        for (alpha, beta, weight) in weighted {
            guard let own = Beta(Double(successes) + alpha, Double(trials - successes) + beta) else { continue }
            mean += weight * own.mean
            square += weight * own.mean * own.mean
            inner += weight * own.variance
        }
        guard let whole = Beta(mean: mean, variance: inner + max(0, square - mean * mean)) else { return nil }
        let interval = whole.interval(
            estimate: estimate, level: level, method: "beta-binomial, credible, α and β integrated out")
        return Interval(
            estimate: estimate, low: min(interval.low, estimate), high: max(interval.high, estimate), level: level,
            method: interval.method)
    }
}

extension BetaBinomial {
    /// The scale of ρ = 1/(1 + α + β) that is searched: its logit, from groups alike to groups with nothing in common.
    private static let scale = stride(from: -11.0, through: 5.0, by: 0.5)

    /// α and β at a logit of ρ and a logit of μ.
    private static func shapes(_ logit: Double, _ mean: Double) -> (alpha: Double, beta: Double) {
        let size = exp(-logit)
        return (size / (1 + exp(-mean)), size / (1 + exp(mean)))
    }

    private static func fit(_ likelihood: MarginalLikelihood, start: Double) -> Pooling {
        var mean = start
        func height(_ logit: Double) -> Double {
            let top = likelihood.top(at: logit, start: mean, prior: 0)
            mean = top.mean
            return top.height
        }
        let places = Array(scale)
        let heights = places.map(height)
        guard let best = heights.indices.max(by: { heights[$0] < heights[$1] }) else { return .complete }
        // Groups of one say nothing of how groups vary: then all heights are the same.
        if heights[best] - heights[0] < 1e-9 { return .complete }
        if best == places.count - 1 { return .none }
        let logit = Search.maximum(of: height, from: places[best - 1], to: places[best + 1])
        let top = likelihood.top(at: logit, start: mean, prior: 0)
        let (alpha, beta) = shapes(logit, top.mean)
        return .partial(alpha: alpha, beta: beta)
    }

    /// α and β on a grid, each with its posterior weight.
    private static func posterior(
        _ likelihood: MarginalLikelihood, start: Double
    ) -> [(alpha: Double, beta: Double, weight: Double)] {
        var mean = start
        var points: [(alpha: Double, beta: Double, weight: Double)] = []
        for logit in scale {
            let top = likelihood.top(at: logit, start: mean, prior: 1)
            mean = top.mean
            // The even prior on ρ has density ρ(1 − ρ) on the scale of its logit.
            let prior = -log1p(exp(-logit)) - log1p(exp(logit))
            for (node, weight) in hermite {
                let at = top.mean + 2.squareRoot() * top.spread * node
                let (alpha, beta) = shapes(logit, at)
                let height = likelihood.height(logit, at, prior: 1) + prior + node * node + log(weight * top.spread)
                points.append((alpha, beta, height))
            }
        }
        let highest = points.map(\.weight).max() ?? 0
        let sum = points.reduce(0) { $0 + exp($1.weight - highest) }
        return points.map { ($0.alpha, $0.beta, exp($0.weight - highest) / sum) }.filter { $0.2 > 1e-9 }
    }

    /// Gauss–Hermite, 5 nodes.
    ///
    /// - Source: DLMF section 3.5(v).
    private static let hermite: [(node: Double, weight: Double)] = [
        (-2.020_182_870_456_086, 0.019_953_242_059_046), (-0.958_572_464_613_819, 0.393_619_323_152_241),
        (0, 0.945_308_720_482_942), (0.958_572_464_613_819, 0.393_619_323_152_241),
        (2.020_182_870_456_086, 0.019_953_242_059_046),
    ]
}

/// The beta-binomial likelihood of counts, without what does not depend on α and β.
private struct MarginalLikelihood {
    private let successes: [(value: Int, times: Double)]
    private let failures: [(value: Int, times: Double)]
    private let trials: [(value: Int, times: Double)]

    init(_ groups: [(successes: Int, trials: Int)]) {
        func tally(_ values: [Int]) -> [(value: Int, times: Double)] {
            Dictionary(grouping: values.filter { $0 > 0 }, by: \.self).sorted { $0.key < $1.key }
                .map { ($0.key, Double($0.value.count)) }
        }
        successes = tally(groups.map(\.successes))
        failures = tally(groups.map { $0.trials - $0.successes })
        trials = tally(groups.map(\.trials))
    }

    /// With the density μ(1 − μ) of an even prior on μ, on the scale of its logit, to the power `prior`.
    func height(_ logit: Double, _ mean: Double, prior: Double) -> Double {
        let size = exp(-logit)
        let share = 1 / (1 + exp(-mean))
        let rest = 1 / (1 + exp(mean))
        return sum(successes, size * share) + sum(failures, size * rest) - sum(trials, size)
            + prior * log(share * rest)
    }

    /// The mean's logit with the greatest height at this ρ, and the spread of the height around it: Newton's steps,
    /// with slopes taken from differences.
    func top(at logit: Double, start: Double, prior: Double) -> (mean: Double, height: Double, spread: Double) {
        let gap = 1e-3
        var mean = start
        for _ in 0..<50 {
            let (below, here, above) = (
                height(logit, mean - gap, prior: prior), height(logit, mean, prior: prior),
                height(logit, mean + gap, prior: prior)
            )
            let bend = (above - 2 * here + below) / (gap * gap)
            let slope = (above - below) / (2 * gap)
            let step = bend < -1e-9 ? -slope / bend : (slope > 0 ? 1 : -1)
            mean = min(30, max(-30, mean + min(2, max(-2, step))))
            if abs(step) < 1e-7 || abs(mean) == 30 {
                return (mean, height(logit, mean, prior: prior), 1 / max(1e-6, -bend).squareRoot())
            }
        }
        return (mean, height(logit, mean, prior: prior), 1)
    }

    /// Σ times · log(a·(a + 1)·…·(a + value − 1)).
    private func sum(_ tally: [(value: Int, times: Double)], _ a: Double) -> Double {
        var (sum, product, logs, reached) = (0.0, 1.0, 0.0, 0)
        for (value, times) in tally {
            if value - reached > 64 {
                logs += log(product) + lgamma(a + Double(value)) - lgamma(a + Double(reached))
                product = 1
                reached = value
            }
            while reached < value {
                product *= a + Double(reached)
                reached += 1
                if product > 1e200 || product < 1e-200 {
                    logs += log(product)
                    product = 1
                }
            }
            sum += times * (logs + log(product))
        }
        return sum
    }
}

/// Searches on a line.
enum Search {
    /// The place of the greatest value of a function with one peak; to about eight digits, which is all that the values
    /// of a smooth function tell.
    static func maximum(of value: (Double) -> Double, from start: Double, to end: Double) -> Double {
        let golden = (5.0.squareRoot() - 1) / 2
        var (low, high) = (start, end)
        var (one, two) = (high - golden * (high - low), low + golden * (high - low))
        var (atOne, atTwo) = (value(one), value(two))
        while high - low > 1e-8 {
            if atOne > atTwo {
                (high, two, atTwo) = (two, one, atOne)
                one = high - golden * (high - low)
                atOne = value(one)
            } else {
                (low, one, atOne) = (one, two, atTwo)
                two = low + golden * (high - low)
                atTwo = value(two)
            }
        }
        return (low + high) / 2
    }
}
