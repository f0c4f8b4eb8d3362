public import Basis
import Foundation

/// One learner's practice of one skill.
public struct PracticeRun: Hashable, Sendable {
    /// How it ended.
    public enum End: Hashable, Sendable {
        /// Mastery was reached; so many attempts came after.
        case reached(attemptsAfter: Int)
        /// The learner went on to something else without it.
        case stopped
        /// Practice is still going on.
        case ongoing
    }

    public let learner: Int
    /// The same in all of a learner's runs.
    public let group: Int
    /// Until mastery, or until the end of what was seen.
    ///
    /// - Range: 0 (mastered from the start) to `PracticeRun.attemptLimit`.
    public let attempts: Int
    public let end: End

    /// The most attempts at one skill that an audit takes.
    public static let attemptLimit = 100_000

    public init(learner: Int, group: Int, attempts: Int, end: End) {
        self.learner = learner
        self.group = group
        self.attempts = attempts
        self.end = end
    }

    var isReached: Bool { attemptsAfter != nil }

    var attemptsAfter: Int? {
        switch end {
        case .reached(let after): after
        case .stopped, .ongoing: nil
        }
    }

    fileprivate var isValid: Bool {
        let limits = 0...PracticeRun.attemptLimit
        return limits.contains(attempts) && limits.contains(attemptsAfter ?? 0)
    }
}

/// Whether all groups reach mastery in the same time, and whether some are kept at it too long or let go too soon.
///
/// A model that fits the mean learner lets slow learners go too soon and keeps fast ones too long.
///
/// - Source: S. Doroudi and E. Brunskill, "Fairer but Not Fair Enough: On the Equitability of Knowledge Tracing", LAK
///   2019.
public struct PracticeAudit: Sendable {
    /// One group's figures, with what they were counted from.
    public struct Group: Sendable {
        public let group: Int
        public let learners: Int
        public let runs: Int
        public let reached: Int
        public let stopped: Int
        public let ongoing: Int
        /// The share that has not reached mastery, by attempts. Runs that stopped or go on count as not seen any
        /// further: where learners stop because they would not get there, it falls too fast.
        public let curve: KaplanMeier
        /// Its interval takes runs for independent.
        public let median: KaplanMeier.Time
        /// Mean attempts without mastery within the first `limit`; bootstrap over learners. Nil when the curve does not
        /// reach that far, or with one learner.
        public let meanAttempts: Interval?
        /// Of runs that reached mastery, attempts after it ÷ all attempts; over learners.
        public let overPractice: Interval?
        /// Of runs that ended, those that stopped without mastery; over learners.
        public let underPractice: Interval?
        /// Attempts, after mastery too, in the runs that reached it: what `overPractice` is a share of.
        public let attemptsOfReached: Int
    }

    /// A group less the reference, each by MOVER from the two intervals.
    public struct Comparison: Sendable {
        public let group: Int
        public let reference: Int
        public let meanAttempts: Interval?
        public let overPractice: Interval?
        public let underPractice: Interval?
    }

    /// Those that may be shown, by number.
    public let groups: [Group]
    /// Learners of groups that are not shown.
    public let hiddenLearners: Int
    public let hiddenGroups: Int
    /// Attempts within which means are taken: what was asked for, else the most that every shown group was watched for.
    public let limit: Int
    /// The group that the others are compared with: the one asked for, else the one with the most learners.
    public let reference: Int?
    public let comparisons: [Comparison]

    /// - Range: groups under `minimum` learners are hidden, and with them as many others as `Suppression` asks; at
    ///   least 200 replicates.
    /// - Returns: nil without a run, when a learner is in two groups, or when a number of attempts is out of range.
    public init?(
        _ runs: [PracticeRun], limit: Int? = nil, reference: Int? = nil, minimum: Int = 10, level: Double = 0.95,
        replicates: Int = 1_000, dice: inout Dice
    ) {
        guard !runs.isEmpty, runs.allSatisfy(\.isValid), (1...PracticeRun.attemptLimit).contains(limit ?? 1) else {
            return nil
        }
        let byGroup = Dictionary(grouping: runs, by: \.group)
        let numbers = byGroup.keys.sorted()
        let learners = numbers.map { number in Set((byGroup[number] ?? []).map(\.learner)).count }
        guard learners.reduce(0, +) == Set(runs.map(\.learner)).count else { return nil }
        let decision = Suppression.decide(sizes: learners, minimum: minimum)
        let shown = numbers.indices.filter { decision.isShown[$0] }
        let watched = shown.compactMap { place in byGroup[numbers[place]]?.map(\.attempts).max() }.min()
        let chosen = limit ?? max(1, watched ?? 1)
        self.limit = chosen
        var groups: [Group] = []
        for place in shown {
            let own = byGroup[numbers[place]] ?? []
            if let group = Group(own, limit: chosen, level: level, replicates: max(200, replicates), dice: &dice) {
                groups.append(group)
            }
        }
        self.groups = groups
        hiddenLearners = decision.hidden
        hiddenGroups = numbers.count - shown.count
        let base =
            groups.first { $0.group == reference }
            ?? (reference == nil ? groups.max { ($0.learners, $1.group) < ($1.learners, $0.group) } : nil)
        self.reference = base?.group
        comparisons = groups.compactMap { group in
            guard let base, group.group != base.group else { return nil }
            let span = Double(chosen)
            return Comparison(
                group: group.group, reference: base.group,
                meanAttempts: difference(group.meanAttempts, base.meanAttempts, within: -span...span),
                overPractice: difference(group.overPractice, base.overPractice, within: -1...1),
                underPractice: difference(group.underPractice, base.underPractice, within: -1...1))
        }
    }
}

private func difference(
    _ one: Interval?, _ other: Interval?, within range: ClosedRange<Double>
) -> Interval? {
    guard let one, let other else { return nil }
    return one.minus(other, within: range, method: "difference, MOVER")
}

extension PracticeAudit.Group {
    fileprivate init?(
        _ runs: [PracticeRun], limit: Int, level: Double, replicates: Int, dice: inout Dice
    ) {
        let followUps = runs.map { FollowUp(exit: Double($0.attempts), event: $0.isReached ? 0 : nil) }
        guard let first = runs.first, let curve = KaplanMeier(followUps) else { return nil }
        let byLearner = Dictionary(grouping: runs, by: \.learner)
        let own = byLearner.keys.sorted().compactMap { byLearner[$0] }
        group = first.group
        learners = own.count
        self.runs = runs.count
        reached = runs.count { $0.isReached }
        stopped = runs.count { $0.end == .stopped }
        ongoing = runs.count { $0.end == .ongoing }
        self.curve = curve
        median = curve.median(level: level)
        meanAttempts =
            curve.survival(at: Double(limit)) == nil
            ? nil : LearnerRuns(own, limit: limit).mean(level: level, replicates: replicates, dice: &dice)
        let reachedRuns = own.map { $0.filter(\.isReached) }
        attemptsOfReached = reachedRuns.joined().reduce(0) { $0 + $1.attempts + ($1.attemptsAfter ?? 0) }
        overPractice = Proportion.ratio(
            clusters: reachedRuns.map { runs in
                let after = runs.reduce(0) { $0 + ($1.attemptsAfter ?? 0) }
                return (part: Double(after), whole: Double(after + runs.reduce(0) { $0 + $1.attempts }))
            }, level: level)
        underPractice = Proportion.ratio(
            clusters: own.map { runs in
                (
                    part: Double(runs.count { $0.end == .stopped }),
                    whole: Double(runs.count { $0.end != .ongoing })
                )
            }, level: level)
    }
}

/// The runs of each learner, to draw learners again.
private struct LearnerRuns {
    private let ends: [[(time: Int, isReached: Bool)]]
    private let limit: Int

    init(_ learners: [[PracticeRun]], limit: Int) {
        self.limit = limit
        ends = learners.map { $0.map { (time: min($0.attempts, limit + 1), isReached: $0.isReached) } }
    }

    /// Mean attempts without mastery within the limit: Σ S over attempts, when learners are drawn so often.
    private func mean(_ drawn: [Int]) -> Double {
        var reached = Array(repeating: 0, count: limit + 2)
        var left = reached
        var atRisk = 0
        for (runs, times) in zip(ends, drawn) where times > 0 {
            for run in runs {
                atRisk += times
                left[run.time] += times
                if run.isReached, run.time <= limit { reached[run.time] += times }
            }
        }
        var (survival, sum) = (1.0, 0.0)
        for time in 0..<limit {
            if atRisk > 0 { survival *= Double(atRisk - reached[time]) / Double(atRisk) }
            sum += survival
            atRisk -= left[time]
        }
        return sum
    }

    /// The percentile interval, widened as Student's t is wider than the normal distribution.
    ///
    /// - Source: T. C. Hesterberg, The American Statistician 69 (2015), 371–386, section 3.2 (expanded percentile).
    func mean(level: Double, replicates: Int, dice: inout Dice) -> Interval? {
        let count = Double(ends.count)
        guard count > 1 else { return nil }
        let reach = StudentT.quantile(0.5 + level / 2, freedom: count - 1) * (count / (count - 1)).squareRoot()
        let wide = 1 - 2 * Normal.probability(below: -reach)
        let interval = Bootstrap.percentile(
            of: ends.count, replicates: replicates, level: wide, dice: &dice, statistic: mean)
        return interval.map {
            Interval(
                estimate: $0.estimate, low: min($0.low, $0.estimate), high: max($0.high, $0.estimate), level: level,
                method: "restricted mean, expanded percentile bootstrap over learners")
        }
    }
}
