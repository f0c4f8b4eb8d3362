public import Basis

/// What is known of one learner's memory of one card.
public struct MemoryState: Hashable, Sendable {
    /// The days after which nine in ten such memories are still there.
    ///
    /// - Range: `MemoryState.stabilities`.
    public let stability: Double
    /// How little a recall adds to stability.
    ///
    /// - Range: 1 (easiest) to 10.
    public let difficulty: Double
    public let reviewedAt: Moment

    /// - Unit: days. The end keeps every later number finite; nobody's memory comes near it.
    public static let stabilities = 0.001...1e9
    public static let difficulties = 1.0...10.0

    /// - Returns: nil when a number is out of its range, as from a record of something else.
    public init?(stability: Double, difficulty: Double, reviewedAt: Moment) {
        guard MemoryState.stabilities.contains(stability), MemoryState.difficulties.contains(difficulty) else {
            return nil
        }
        self.init(bounding: stability, difficulty, reviewedAt: reviewedAt)
    }

    /// The nearest state within the ranges.
    init(bounding stability: Double, _ difficulty: Double, reviewedAt: Moment) {
        self.stability = min(max(stability, 0.001), 1e9)
        self.difficulty = min(max(difficulty, 1), 10)
        self.reviewedAt = reviewedAt
    }

    /// Whole days of 24 hours since the last review; 0 when the moment is before it.
    public func days(until moment: Moment) -> Int {
        let (span, isTooLong) = moment.microseconds.subtractingReportingOverflow(reviewedAt.microseconds)
        if moment <= reviewedAt { return 0 }
        return Int((isTooLong ? .max : span) / 86_400_000_000)
    }
}
