/// How many recognise something, corrected for lucky guesses.
public struct Recognition: Hashable, Sendable {
    /// One answer to a question with several options.
    public struct Answer: Hashable, Sendable {
        public let isRight: Bool
        /// How many options there were, one of them right; at least 2.
        public let options: Int

        public init(isRight: Bool, options: Int) {
            self.isRight = isRight
            self.options = options
        }
    }

    /// p* = (p − g) ÷ (1 − g), g the mean of 1 ÷ options: the share that knew. Below 0, down to −g ÷ (1 − g), when
    /// fewer were right than guessing makes right.
    public let known: Interval
    /// The share p of right answers.
    public let right: Interval
    /// The share g that guessing alone makes right.
    public let guessed: Double
    public let answers: Int
    public let people: Int

    /// The interval is that of the share of right answers over people, Wilson's with an effective sample size, on the
    /// corrected scale.
    ///
    /// Nil when there is no answer, or a question had fewer than two options.
    ///
    /// - Shape: the answers of each person; whoever gave none does not count.
    /// - Source: F. M. Lord and M. R. Novick, Statistical Theories of Mental Test Scores (1968), chapter 14.
    public init?(people: [[Answer]], level: Double = 0.95) {
        let kept = people.filter { !$0.isEmpty }
        guard kept.joined().allSatisfy({ $0.options > 1 }) else { return nil }
        let right =
            kept.allSatisfy { $0.count == 1 }
            ? Proportion.wilson(kept.count { $0[0].isRight }, of: kept.count, level: level)
            : Proportion.ratio(
                clusters: kept.map { own in (part: Double(own.count(where: \.isRight)), whole: Double(own.count)) },
                level: level)
        guard let right else { return nil }
        answers = kept.reduce(0) { $0 + $1.count }
        self.people = kept.count
        let guessed = kept.joined().reduce(0) { $0 + 1 / Double($1.options) } / Double(answers)
        self.guessed = guessed
        self.right = right
        known = right.scaled(method: "\(right.method), corrected for guessing") { ($0 - guessed) / (1 - guessed) }
    }
}

/// How many can name what they were told, without being shown it.
public enum Recall {
    /// The share of people who listed at least so many, such as 3 of 5 priorities; Wilson's interval.
    ///
    /// - Shape: how many each person listed rightly.
    /// - Returns: nil when nobody was asked.
    public static func share(listed: [Int], atLeast: Int = 3, level: Double = 0.95) -> Interval? {
        Proportion.wilson(listed.count { $0 >= atLeast }, of: listed.count, level: level)
    }
}
