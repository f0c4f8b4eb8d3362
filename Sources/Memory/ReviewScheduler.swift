public import Basis
import Foundation

/// When to review next, so that as many memories are still there as the learner wants.
public struct ReviewScheduler: Sendable {
    public let model: MemoryModel
    /// The share of reviews at which the learner should still remember.
    public let desiredRetention: Double
    /// - Unit: days.
    public let maximumInterval: Int
    /// The interval ÷ the stability.
    private let daysPerStability: Double

    /// What a learner may ask for: below, more is forgotten than learned; above, reviews multiply.
    public static let retentions = 0.70...0.97
    /// - Unit: days.
    public static let maximumIntervals = 1...36_500

    /// - Throws: when the retention or the longest interval is out of its range.
    public init(
        model: MemoryModel = .standard, desiredRetention: Double = 0.9, maximumInterval: Int = 36_500
    ) throws(MemoryError) {
        guard ReviewScheduler.retentions.contains(desiredRetention) else {
            throw .retentionOutOfRange(ReviewScheduler.retentions)
        }
        guard ReviewScheduler.maximumIntervals.contains(maximumInterval) else {
            throw .maximumIntervalOutOfRange(ReviewScheduler.maximumIntervals)
        }
        self.model = model
        self.desiredRetention = desiredRetention
        self.maximumInterval = maximumInterval
        daysPerStability = (pow(desiredRetention, 1 / model.decay) - 1) / model.factor
    }

    /// Days from a review to the next, of all memories in this state.
    ///
    /// - Range: 1 to `maximumInterval`.
    /// - Source: S ÷ F·(r^(−1 ÷ w20) − 1), rounded half to even as py-fsrs does.
    public func interval(after state: MemoryState) -> Int {
        let days = (state.stability * daysPerStability).rounded(.toNearestOrEven)
        return Int(min(max(days, 1), Double(maximumInterval)))
    }

    /// The intervals that do nearly as well, over which reviews learned together may be spread.
    ///
    /// Intervals under three days are not spread. From there on the reach is a day and 15 % of the days from 2.5 to 7,
    /// 10 % of those from 7 to 20, and 5 % of the rest.
    ///
    /// - Unit: days.
    /// - Source: Anki's scheduler and py-fsrs 6.3.2, `_get_fuzz_range`.
    public func range(around interval: Int) -> ClosedRange<Int> {
        let kept = min(max(interval, 1), maximumInterval)
        guard kept > 2 else { return kept...kept }
        let days = Double(kept)
        let reach =
            1 + 0.15 * max(0, min(days, 7) - 2.5) + 0.1 * max(0, min(days, 20) - 7) + 0.05 * max(0, days - 20)
        let high = min(Int((days + reach).rounded(.toNearestOrEven)), maximumInterval)
        let low = max(2, Int((days - reach).rounded(.toNearestOrEven)))
        return min(low, high)...high
    }

    /// One of the intervals that do nearly as well, each as likely as any other.
    ///
    /// py-fsrs draws over the same range, but its rounding gives the first and one past the last half a chance each.
    public func fuzzed(_ interval: Int, dice: inout Dice) -> Int {
        Int.random(in: range(around: interval), using: &dice)
    }

    /// The best day for the next review and the days that do nearly as well.
    public func due(after state: MemoryState) -> DueReview {
        let (day, interval) = (state.reviewedAt.day, interval(after: state))
        let range = range(around: interval)
        return DueReview(best: day + interval, days: day + range.lowerBound...day + range.upperBound)
    }
}
