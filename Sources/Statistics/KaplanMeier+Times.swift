import Foundation

extension KaplanMeier {
    /// The time by which a share has had its event.
    public struct Time: Hashable, Sendable {
        /// Nil when that share has not been reached.
        public let estimate: Double?
        /// Nil when even the lower end has not been reached.
        public let low: Double?
        /// Nil when the upper end has not been reached: it could be any time later.
        public let high: Double?
        public let level: Double
        public let method: String
    }

    /// The median time to the event: the first at which the share without one is a half or less.
    ///
    /// The interval holds the times at which a half lies in the interval of the share without an event.
    ///
    /// - Source: R. Brookmeyer and J. Crowley, Biometrics 38 (1982), 29–41.
    public func median(level: Double = 0.95, method: Method = .wilson) -> Time {
        quantile(0.5, level: level, method: method)
    }

    /// The time by which a share `share` has had its event, such as 0.9.
    ///
    /// - Range: above 0, below 1.
    public func quantile(_ share: Double, level: Double = 0.95, method: Method = .wilson) -> Time {
        let left = 1 - share + 1e-12
        let ends = steps.map { step in (step.time, interval(at: step.time, level: level, method: method)) }
        return Time(
            estimate: steps.first { $0.survival <= left }?.time,
            low: ends.first { time, interval in (interval?.low ?? survival(at: time) ?? 1) <= left }?.0,
            high: ends.first { _, interval in interval.map { $0.high <= left } ?? false }?.0, level: level,
            method: "Brookmeyer–Crowley, inverted \(method)")
    }

    /// The mean time without an event within the first `limit` of time, between 0 and `limit`.
    ///
    /// The interval is Wilson's of the share of that time, at the size whose binomial variance is the estimate's, which
    /// is raised by m ÷ (m − 1) for m events.
    ///
    /// - Returns: nil unless somebody was watched for that long, or nobody was left before, and the limit is above 0.
    /// - Source: Klein and Moeschberger, Survival Analysis (2nd ed. 2003), section 4.5; the factor: Kaplan and Meier
    ///   (1958).
    public func restrictedMean(to limit: Double, level: Double = 0.95) -> Interval? {
        guard limit > 0, survival(at: limit) != nil else { return nil }
        let own = steps.filter { $0.time <= limit }
        var (area, variance, until) = (0.0, 0.0, limit)
        for step in own.reversed() {
            area += (until - step.time) * step.survival
            until = step.time
            if step.events < step.atRisk {
                let (n, d) = (Double(step.atRisk), Double(step.events))
                variance += area * area * d / (n * (n - d))
            }
        }
        area += until
        let count = Double(own.reduce(0) { $0 + $1.events })
        let raised = count > 1 ? variance * count / (count - 1) : variance
        guard
            let share = Proportion.wilson(
                min(1, area / limit), variance: raised / (limit * limit), otherwise: Double(atRisk(at: limit)),
                level: level, method: "")
        else { return nil }
        return Interval(
            estimate: area, low: min(area, share.low * limit), high: max(area, share.high * limit), level: level,
            method: "restricted mean, Wilson score with effective sample size")
    }
}
