public import Basis

/// What became of one answer.
public struct Grade: Hashable, Sendable {
    /// Whether all of it is right.
    public let isCorrect: Bool
    /// The share that is right: of picks, right ones less wrong ones over the right choices, never below 0; of an
    /// order, the pairs of steps in the right order; of matches, the right pairs.
    ///
    /// - Range: 0 to 1; 1 exactly when `isCorrect`.
    public let score: Double
    /// What the learner answered. Picks are ascending.
    public let answer: ItemAnswer
    /// The key as an answer.
    public let key: ItemAnswer
    /// What the item says of the picks, and of the key where the answer was wrong. In the order of the choices.
    public let explanations: [Explanation]

    /// What the item says of one choice.
    public struct Explanation: Hashable, Sendable {
        /// The choice's position, from 0.
        public let choice: Int
        public let text: String
    }

    /// Positions of the picked choices; empty for answers of other kinds.
    public var chosen: [Int] { if case .picks(let places) = answer { places } else { [] } }
    /// Positions of the right choices; empty for items of other kinds.
    public var correct: [Int] { if case .picks(let places) = key { places } else { [] } }
}

extension ItemRecord {
    /// Grades picked choices.
    ///
    /// - Shape: `chosen` holds positions of the picked choices, in any order; repeats count once.
    /// - Throws: as `grade(_:)`.
    public func grade(chosen: [Int]) throws(Problem) -> Grade { try grade(.picks(chosen)) }

    /// Grades an answer.
    ///
    /// - Throws: `Problem`: `item-opaque` for an item without a key; `answer-kind` for an answer of another kind than
    ///   the item asks for; `answer-empty`, `answer-range`, `answer-many` and `answer-order` for one that is not
    ///   complete or not possible.
    public func grade(_ answer: ItemAnswer) throws(Problem) -> Grade {
        switch (kind, answer) {
        case (.opaque, _):
            throw Problem(.conflict, "item-opaque", "This question was graded elsewhere and cannot be answered here.")
        case (.single, .picks(let chosen)), (.multiple, .picks(let chosen)), (.scenario, .picks(let chosen)):
            return try grade(picks: Set(chosen))
        case (.order, .order(let places)): return try grade(order: places)
        case (.match, .pairs(let partners)): return try grade(pairs: partners)
        case (.numeric, .number(let value)):
            guard value.isFinite else {
                throw Problem(.invalid, "answer-range", "This is no number. Write one.", at: ["/answer"])
            }
            let key = numeric ?? NumericKey(value: .nan)
            return Grade(key.takes(value), answer: answer, key: .number(key.value))
        case (.short, .text(let text)):
            let given = ItemAnswer.folded(text)
            if given.isEmpty { throw Problem(.invalid, "answer-empty", "Write an answer first.", at: ["/answer"]) }
            return Grade(
                accepted.contains { ItemAnswer.folded($0) == given }, answer: answer, key: .text(accepted.first ?? ""))
        default:
            throw Problem(.invalid, "answer-kind", "This question is answered in another way.", at: ["/answer"])
        }
    }

    private func grade(picks: Set<Int>) throws(Problem) -> Grade {
        if picks.isEmpty { throw Problem(.invalid, "answer-empty", "Pick a choice first.", at: ["/chosen"]) }
        guard picks.allSatisfy(choices.indices.contains) else {
            throw Problem(
                .invalid, "answer-range", "A picked choice is not one of the \(choices.count).", at: ["/chosen"])
        }
        if kind != .multiple, picks.count > 1 {
            throw Problem(.invalid, "answer-many", "This question has one answer. Pick one choice.", at: ["/chosen"])
        }
        let right = Set(correct)
        let isCorrect = picks == right
        let points = picks.intersection(right).count - picks.subtracting(right).count
        let told = isCorrect ? picks : picks.union(right)
        return Grade(
            isCorrect: isCorrect,
            score: isCorrect ? 1 : right.isEmpty ? 0 : max(0, Double(points) / Double(right.count)),
            answer: .picks(picks.sorted()), key: .picks(right.sorted()),
            explanations: told.sorted().compactMap { choice in
                guard choice < explanations.count, let text = explanations[choice] else { return nil }
                return Grade.Explanation(choice: choice, text: text)
            })
    }

    private func grade(order places: [Int]) throws(Problem) -> Grade {
        guard places.sorted() == Array(choices.indices) else {
            throw Problem(
                .invalid, "answer-order", "Give each of the \(choices.count) steps a place of its own.", at: ["/answer"]
            )
        }
        // Where each choice stands in the key.
        var rank = Array(repeating: 0, count: choices.count)
        for (place, choice) in correct.enumerated() where rank.indices.contains(choice) { rank[choice] = place }
        var (right, pairs) = (0, 0)
        for first in places.indices {
            for second in places.indices where second > first {
                pairs += 1
                if rank[places[first]] < rank[places[second]] { right += 1 }
            }
        }
        return Grade(
            isCorrect: places == correct, score: pairs == 0 ? 1 : Double(right) / Double(pairs),
            answer: .order(places), key: .order(correct), explanations: [])
    }

    private func grade(pairs partners: [Int?]) throws(Problem) -> Grade {
        guard partners.count == choices.count, partners.allSatisfy({ $0 != nil }) else {
            throw Problem(
                .invalid, "answer-empty", "Choose a partner for each of the \(choices.count).", at: ["/answer"])
        }
        guard partners.allSatisfy({ $0.map(matches.indices.contains) ?? false }) else {
            throw Problem(.invalid, "answer-range", "A partner is not one of the \(matches.count).", at: ["/answer"])
        }
        let right = zip(partners, correct).count { $0 == $1 }
        return Grade(
            isCorrect: right == choices.count, score: Double(right) / Double(max(1, choices.count)),
            answer: .pairs(partners), key: .pairs(correct), explanations: [])
    }
}

extension Grade {
    /// Of an answer that is right or not.
    fileprivate init(_ isCorrect: Bool, answer: ItemAnswer, key: ItemAnswer) {
        self.init(isCorrect: isCorrect, score: isCorrect ? 1 : 0, answer: answer, key: key, explanations: [])
    }
}
