public import Basis

/// What is asked to see whether a version of a strategy is understood.
public struct StrategyCheck: Hashable, Sendable {
    /// One question with several options.
    public struct Question: Hashable, Sendable {
        public var text: String
        /// - Shape: 2 to 6, all different.
        public var options: [String]
        /// The place of the right one, from 0.
        public var correct: Int
        /// Said after the answer; may be empty.
        public var feedback: String

        public init(text: String, options: [String], correct: Int, feedback: String = "") {
            (self.text, self.options, self.correct, self.feedback) = (text, options, correct, feedback)
        }
    }

    public let strategy: ID<Strategy>
    public let version: Int
    /// Whether people are asked to name priorities in their own words.
    public let asksRecall: Bool
    public let questions: [Question]
    /// People who answered some of it; then it stays as it is.
    public let answers: Int

    /// The most questions of a check.
    public static let questionLimit = 12
    /// How many options a question has.
    public static let optionRange = 2...6
    /// How many priorities are asked for.
    public static let recallLimit = 5
    /// So many named is enough, or all when there are fewer.
    /// - Source: D. Sull, C. Sull and J. Yoder, MIT Sloan Management Review, 2018: could list three of five.
    public static let recallNeeded = 3
    /// Recognition corrected for guessing from which somebody counts as having understood.
    public static let recognitionNeeded = 2.0 / 3
    /// - Unit: characters.
    public static let textLimit = 300

    /// The rule in words, as pages state it.
    public static let rule =
        "Understood: named at least \(recallNeeded) priorities freely, confirmed by a person (all, where there are "
        + "fewer), or answered the questions so well that, less what guessing makes right, two thirds remain. "
        + "Saying to have read it never counts."

    /// What is known by somebody with these answers: (p − g) ÷ (1 − g), g the mean of 1 ÷ options; nil without any.
    ///
    /// - Source: F. M. Lord and M. R. Novick, Statistical Theories of Mental Test Scores (1968), chapter 14.
    public static func known(_ answers: [(isRight: Bool, options: Int)]) -> Double? {
        if answers.isEmpty { return nil }
        let right = Double(answers.count(where: \.isRight)) / Double(answers.count)
        let guessed = answers.reduce(0) { $0 + 1 / Double(max(2, $1.options)) } / Double(answers.count)
        return (right - guessed) / (1 - guessed)
    }
}

/// How far one person is with a check.
public struct CheckStanding: Hashable, Sendable {
    /// Whether they opened the strategy; before that nothing is asked.
    public let hasOpened: Bool
    public let recalledAt: Moment?
    public let answeredAt: Moment?
    /// The options they chose, by question; nil is “don't know”. Empty before they answered.
    public let picks: [Int?]

    /// Whether anything is still asked of them.
    public func isOpen(in check: StrategyCheck) -> Bool {
        (check.asksRecall && recalledAt == nil) || (!check.questions.isEmpty && answeredAt == nil)
    }
}

/// Something that somebody named as a priority, without who it was.
public struct RecallText: Hashable, Sendable {
    public let id: ID<Recalled>
    public let text: String
    /// The priority whose name is most like it.
    public let suggested: ID<Priority>?
    /// - Range: 0…1.
    public let similarity: Double
    /// Nil is none of them, once it is settled.
    public let matched: ID<Priority>?
    public let isSettled: Bool
}

/// What each person's answers to a check come to.
public struct CheckResult: Hashable, Sendable {
    public let person: ID<Person>
    public let recalledAt: Moment?
    public let answeredAt: Moment?
    /// Different priorities that a person's words were confirmed to mean.
    public let named: Int
    /// Words of theirs that nobody has looked at yet.
    public let pending: Int
    /// Of each question answered: whether it was right, and how many options it had.
    public let answers: [Answer]
    public let isUnderstood: Bool

    /// One answer.
    public struct Answer: Hashable, Sendable {
        public let isRight: Bool
        public let options: Int
    }
}
