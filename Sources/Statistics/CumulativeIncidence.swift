import Foundation

/// The share that has had one kind of event, by time, where other kinds forestall it.
///
/// One minus Kaplan–Meier counts a forestalled event as one that is still to come, and is too high.
///
/// - Source: O. Aalen and S. Johansen, Scandinavian Journal of Statistics 5 (1978), 141–150; J. D. Kalbfleisch and R.
///   L. Prentice, The Statistical Analysis of Failure Time Data (1980), section 7.2.
public struct CumulativeIncidence: Sendable {
    /// A time at which something happened.
    public struct Step: Hashable, Sendable {
        public let time: Double
        /// Watched just before this time, without an event of any kind so far.
        public let atRisk: Int
        /// Events of this kind.
        public let events: Int
        /// Events of the other kinds.
        public let others: Int
        /// The share with an event of this kind up to and including this time.
        public let incidence: Double
        /// The share without an event of any kind just before.
        let before: Double
    }

    /// At each time of an event of any kind, rising.
    public let steps: [Step]
    /// How many were watched.
    public let count: Int
    /// How many had an event of this kind.
    public let events: Int
    private let table: RiskTable

    /// - Returns: nil when there is nothing, or a time is not finite, below 0 or before its entry.
    public init?(_ followUps: [FollowUp], of kind: Int) {
        guard let table = RiskTable(followUps, kind: kind) else { return nil }
        self.table = table
        count = table.count
        events = table.rows.reduce(0) { $0 + $1.ofKind }
        var (survival, incidence) = (1.0, 0.0)
        steps = table.rows.map { row in
            let before = survival
            incidence += before * Double(row.ofKind) / Double(row.atRisk)
            survival *= Double(row.atRisk - row.events) / Double(row.atRisk)
            return Step(
                time: row.time, atRisk: row.atRisk, events: row.ofKind, others: row.events - row.ofKind,
                incidence: incidence, before: before)
        }
    }

    /// The share with an event of this kind up to and including a time; nil below 0 and after the last was watched.
    public func incidence(at time: Double) -> Double? {
        guard time >= 0, time <= table.end || table.rows.last.map({ $0.atRisk == $0.events }) ?? false else {
            return nil
        }
        return steps.last { $0.time <= time }?.incidence ?? 0
    }

    /// The variance of that share by the delta method.
    ///
    /// - Source: E. Marubini and M. G. Valsecchi, Analysing Survival Data (1995), chapter 10.
    public func variance(at time: Double) -> Double? {
        guard let incidence = incidence(at: time) else { return nil }
        var variance = 0.0
        for step in steps where step.time <= time {
            let (n, d) = (Double(step.atRisk), Double(step.events))
            let all = d + Double(step.others)
            let rest = incidence - step.incidence
            if all < n { variance += rest * rest * all / (n * (n - all)) }
            variance += step.before * step.before * (n - d) * d / (n * n * n)
            variance -= 2 * rest * step.before * d / (n * n)
        }
        return max(0, variance)
    }

    /// The share with an event of this kind, with Wilson's interval at the size whose binomial variance is the share's.
    ///
    /// Where the share is 0 or 1 the size is the number whose outcome by that time is known.
    public func interval(at time: Double, level: Double = 0.95) -> Interval? {
        guard let incidence = incidence(at: time), let variance = variance(at: time) else { return nil }
        let known = steps.reduce(0) { $0 + ($1.time < time ? $1.events + $1.others : 0) } + table.atRisk(at: time)
        return Proportion.wilson(
            min(1, incidence), variance: variance, otherwise: Double(known), level: level,
            method: "Aalen–Johansen, Wilson score with effective sample size")
    }
}
