public import Basis
public import Statistics

/// How leaders weigh the priorities of a strategy's draft: each shares out 100 points, in secret, before it is
/// published.
///
/// What they gave is shown only together, and only once everybody who was asked has answered: while some are missing,
/// the mean before and after an answer would tell whose it was.
public struct Weighing: Hashable, Sendable {
    /// What each leader shares out.
    public static let points = 100
    /// From how many leaders on their mean is shown.
    public static let leadersNeeded = 3
    /// At most so many leaders are asked.
    public static let leaderLimit = 50

    /// One leader who was asked.
    public struct Leader: Hashable, Sendable {
        public let person: ID<Person>
        public let invitedAt: Moment
        /// When they shared out their points; nil when they have not yet.
        public let allottedAt: Moment?
    }

    public let strategy: ID<Strategy>
    public let version: Int
    /// In the order in which they were asked.
    public let leaders: [Leader]
    /// Of everybody who answered, in the order of the version's priorities; nil until all did, or when fewer than
    /// three were asked.
    public let allocation: Allocation?

    /// Whom it still waits for.
    public var missing: [Leader] { leaders.filter { $0.allottedAt == nil } }
    /// Whether leaders were asked and all have answered.
    public var isComplete: Bool { !leaders.isEmpty && missing.isEmpty }

    /// The leaders' mean as weights of the priorities, in the order of the version's priorities; nil while there is
    /// none.
    ///
    /// - Range: 1…10,000 each, a hundredth of a per cent. A priority that nobody gave a point still weighs 1.
    public var weights: [Int]? {
        allocation.map { $0.weights.map { max(1, Int(($0 * 10_000).rounded())) } }
    }
}

/// A draft that somebody was asked to weigh.
public struct WeighingRequest: Hashable, Sendable {
    public let strategy: StrategyRecord
    /// What the person gave so far; empty when they have not answered.
    public let points: [ID<Priority>: Int]
    public let invitedBy: ID<Person>
    public let allottedAt: Moment?
    /// Whether everybody has answered: then the points stay as they are.
    public let isComplete: Bool
}
