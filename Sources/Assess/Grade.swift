public import Basis

/// What became of one answer.
public struct Grade: Hashable, Sendable {
    /// Whether the picks are the key, no more and no less.
    public let isCorrect: Bool
    /// Right picks less wrong picks, over the right choices, never below 0.
    ///
    /// - Range: 0 to 1; 1 exactly when `isCorrect`.
    public let score: Double
    /// What the learner picked, ascending.
    public let chosen: [Int]
    /// The key, ascending.
    public let correct: [Int]
    /// What the item says of the picks, and of the key where the answer was wrong. In the order of the choices.
    public let explanations: [Explanation]

    /// What the item says of one choice.
    public struct Explanation: Hashable, Sendable {
        /// The choice's position, from 0.
        public let choice: Int
        public let text: String
    }
}

extension ItemRecord {
    /// Grades an answer.
    ///
    /// - Shape: `chosen` holds positions of the picked choices, in any order; repeats count once.
    /// - Throws: `Problem`: `item-opaque` for an item without a key, `answer-empty` for no pick, `answer-range` for
    ///   a pick that is no choice, `answer-many` for several picks where one is asked.
    public func grade(chosen: [Int]) throws(Problem) -> Grade {
        let picked = Set(chosen)
        if kind == .opaque {
            throw Problem(.conflict, "item-opaque", "This question was graded elsewhere and cannot be answered here.")
        }
        if picked.isEmpty { throw Problem(.invalid, "answer-empty", "Pick a choice first.", at: ["/chosen"]) }
        guard picked.allSatisfy(choices.indices.contains) else {
            throw Problem(
                .invalid, "answer-range", "A picked choice is not one of the \(choices.count).", at: ["/chosen"])
        }
        if kind == .single, picked.count > 1 {
            throw Problem(.invalid, "answer-many", "This question has one answer. Pick one choice.", at: ["/chosen"])
        }
        let key = Set(correct)
        let isCorrect = picked == key
        let points = picked.intersection(key).count - picked.subtracting(key).count
        let told = isCorrect ? picked : picked.union(key)
        return Grade(
            isCorrect: isCorrect,
            score: isCorrect ? 1 : key.isEmpty ? 0 : max(0, Double(points) / Double(key.count)),
            chosen: picked.sorted(),
            correct: key.sorted(),
            explanations: told.sorted().compactMap { choice in
                guard choice < explanations.count, let text = explanations[choice] else { return nil }
                return Grade.Explanation(choice: choice, text: text)
            })
    }
}
