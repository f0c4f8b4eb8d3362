import Foundation

/// The share that has not had an event yet, by time, where some were not watched to the end.
///
/// - Source: E. L. Kaplan and P. Meier, JASA 53 (1958), 457–481; with late entry: J. P. Klein and M. L. Moeschberger,
///   Survival Analysis (2nd ed. 2003), sections 4.2 and 4.6. Where few are at risk early, as late entry brings about,
///   the curve can fall to 0 too soon: read the numbers at risk.
public struct KaplanMeier: Sendable {
    /// A time at which something happened.
    public struct Step: Hashable, Sendable {
        public let time: Double
        /// Watched just before this time, without an event so far.
        public let atRisk: Int
        public let events: Int
        /// The share without an event up to and including this time.
        public let survival: Double
        /// Greenwood's sum Σ d ÷ (n·(n − d)); nil from where nobody is left.
        public let greenwood: Double?
    }

    /// How an interval for a share without an event is made.
    public enum Method: Sendable {
        /// Wilson's interval at the size whose binomial variance is Greenwood's.
        ///
        /// - Source: K. J. Rothman, Journal of Chronic Diseases 31 (1978), 557–560; with few at risk R. Peto and
        ///   others, British Journal of Cancer 35 (1977), 1–39.
        case wilson
        /// Symmetric on the scale log(−log S). None where S is 0 or 1.
        ///
        /// - Source: J. D. Kalbfleisch and R. L. Prentice, The Statistical Analysis of Failure Time Data (1980), p. 15.
        case logLog
        /// S ± z·error, cut at 0 and 1. None where S is 0 or 1.
        case plain
    }

    /// At each time of an event, rising.
    public let steps: [Step]
    /// How many were watched.
    public let count: Int
    /// How many had an event.
    public let events: Int
    private let table: RiskTable
    private let times: [Double]

    /// - Returns: nil when there is nothing, or a time is not finite, below 0 or before its entry.
    public init?(_ followUps: [FollowUp]) {
        guard let table = RiskTable(followUps) else { return nil }
        self.table = table
        count = table.count
        events = table.rows.reduce(0) { $0 + $1.events }
        times = table.rows.map(\.time)
        var (survival, sum) = (1.0, 0.0)
        steps = table.rows.map { row in
            let left = row.atRisk - row.events
            survival *= Double(left) / Double(row.atRisk)
            sum += Double(row.events) / (Double(row.atRisk) * Double(left))
            return Step(
                time: row.time, atRisk: row.atRisk, events: row.events, survival: survival,
                greenwood: survival > 0 ? sum : nil)
        }
    }

    /// Watched just before this time, without an event so far.
    public func atRisk(at time: Double) -> Int { table.atRisk(at: time) }

    /// The share without an event up to and including a time; nil below 0 and after the last was watched, unless
    /// nobody was left before.
    public func survival(at time: Double) -> Double? {
        guard time >= 0, let step = lastStep(at: time) else { return time >= 0 && time <= table.end ? 1 : nil }
        return time <= table.end || step.survival == 0 ? step.survival : nil
    }

    /// The variance of the share without an event; nil where there is no share, or nobody is left.
    ///
    /// - Source: M. Greenwood, The Natural Duration of Cancer (1926), appendix 1.
    public func variance(at time: Double) -> Double? {
        guard let survival = survival(at: time) else { return nil }
        guard let step = lastStep(at: time) else { return 0 }
        return step.greenwood.map { survival * survival * $0 }
    }

    /// The share without an event, with its interval.
    ///
    /// Wilson's method also holds at the borders: where nothing happened yet its size is the number still at risk, and
    /// where nobody is left it is the size just before. Where fewer than three are at risk Greenwood's variance is too
    /// low, and Peto's S²·(1 − S) ÷ n is taken if it is higher. The measured coverage is in docs/statistics.md.
    ///
    /// - Returns: nil where there is no share, and where the method has none.
    public func interval(at time: Double, level: Double = 0.95, method: Method = .wilson) -> Interval? {
        guard let survival = survival(at: time) else { return nil }
        let z = Normal.reach(level: level)
        switch method {
        case .wilson:
            let few = atRisk(at: time)
            let peto = 1...2 ~= few ? survival * survival * (1 - survival) / Double(few) : 0
            return Proportion.wilson(
                survival, variance: max(peto, variance(at: time) ?? 0), otherwise: borderSize(at: time), level: level,
                method: "Kaplan–Meier, Wilson score with effective sample size")
        case .logLog:
            guard survival > 0, survival < 1, let sum = lastStep(at: time)?.greenwood else { return nil }
            let reach = exp(z * sum.squareRoot() / abs(log(survival)))
            return Interval(
                estimate: survival, low: pow(survival, reach), high: pow(survival, 1 / reach), level: level,
                method: "Kaplan–Meier, log-log with Greenwood's variance")
        case .plain:
            guard survival < 1, let variance = variance(at: time), variance > 0 else { return nil }
            let half = z * variance.squareRoot()
            return Interval(
                estimate: survival, low: max(0, survival - half), high: min(1, survival + half), level: level,
                method: "Kaplan–Meier, plain with Greenwood's variance")
        }
    }

    func lastStep(at time: Double) -> Step? {
        let place = times.partition { $0 <= time }
        return place > 0 ? steps[place - 1] : nil
    }

    /// The size for an interval where the variance says nothing.
    private func borderSize(at time: Double) -> Double {
        guard let step = lastStep(at: time) else { return Double(atRisk(at: time)) }
        guard let before = steps.last(where: { $0.time < step.time }), let sum = before.greenwood else {
            return Double(step.atRisk)
        }
        return (1 - before.survival) / (before.survival * sum)
    }
}
