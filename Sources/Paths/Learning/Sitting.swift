public import Basis
public import Evidence

/// One sitting of a person with one learning object: from opening it to the end of its questions.
public struct Sitting: Hashable, Sendable {
    /// The registration of all its statements.
    public let id: ID<Registration>
    public let person: ID<Person>
    public let content: ID<Content>
    /// Whose choice it was when it began.
    public let choice: Choice
    public let openedAt: Moment
    /// When the learner last did something in it.
    public let movedAt: Moment
    /// When the text was read; nil before, and for questions only.
    public let readAt: Moment?
    public let endedAt: Moment?
    /// Learning time credited so far.
    public let spent: Duration
    /// In the order they were given.
    public let answers: [SittingAnswer]

    public var isOpen: Bool { endedAt == nil }

    /// The answer to an item, if there is one.
    public func answer(to item: ID<Item>) -> SittingAnswer? { answers.first { $0.item == item } }
}

/// What was answered to one item in a sitting.
public struct SittingAnswer: Hashable, Sendable {
    public let item: ID<Item>
    /// As `ItemAnswer.stored` has it; empty when it was skipped.
    public let given: String
    /// Nil when it was skipped.
    public let isRight: Bool?
    /// - Range: 0 to 1.
    public let score: Double
    public let at: Moment
}

/// How a sitting's questions went.
public struct SittingResult: Hashable, Sendable {
    /// The share of right answers that counts as passed: two of three, three of four or five.
    public static let passMark = 0.6

    public let right: Int
    public let skipped: Int
    public let count: Int

    public init(_ answers: [SittingAnswer], of count: Int) {
        right = answers.count { $0.isRight == true }
        skipped = answers.count { $0.isRight == nil }
        self.count = count
    }

    /// - Range: 0 to 1.
    public var share: Double { count == 0 ? 0 : Double(right) / Double(count) }
    public var isPassed: Bool { count > 0 && share >= SittingResult.passMark }
}

/// How much of what the page says was spent is believed. Pure.
public enum LearningTime {
    /// The most that one step of a sitting is credited with.
    public static let limit = Duration.hours(4)
    /// For an object that states no length, where the page could not count.
    public static let unstated = Duration.minutes(60)
    /// The most that one question is credited with.
    public static let questionLimit = Duration.minutes(10)

    /// Believes the page up to the server's own clock.
    ///
    /// - Parameters:
    ///   - claimed: The seconds that the page counted while it was seen and used; nil or 0 when it could not count.
    ///   - elapsed: The time since the sitting's last step, by the server's clock: never more than this.
    ///   - stated: The length that the object states, in minutes.
    /// - Returns: The time to credit.
    public static func credit(claimed: Int?, elapsed: Duration, stated: Int?) -> Duration {
        let ceiling = min(max(.zero, elapsed), limit)
        guard let claimed, claimed > 0 else {
            return min(ceiling, stated.map { .minutes($0) } ?? unstated)
        }
        return min(ceiling, .seconds(claimed))
    }
}
