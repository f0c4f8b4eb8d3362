public import Basis
import Foundation

/// How differently a model tells right from wrong in two groups: the area between their ROC curves.
///
/// Unlike a difference of two AUCs it also sees curves that cross. It is above 0 by chance, the more the fewer learners
/// there are; so read it with its p and with the power of the comparison.
///
/// - Source: J. Gardner, C. Brooks and R. Baker, "Evaluating the Fairness of Predictive Student Models Through Slicing
///   Analysis", LAK 2019; C. Borchers and R. S. Baker, "ABROCA Distributions For Algorithmic Bias Assessment", LAK
///   2025 (that it needs a test, and large samples).
public struct ABROCA: Hashable, Sendable {
    /// The area, exact for curves of straight lines between the predictions that occur.
    ///
    /// - Range: 0 (the same curve) to 1.
    public let area: Double
    /// How likely an area of at least this size is when group membership says nothing: learners' groups are drawn anew,
    /// (1 + as large) ÷ (1 + drawn).
    public let p: Double
    /// The mean area of the redrawn groups: what to expect by chance.
    public let chance: Double
    /// Redrawn groups that had right and wrong answers in both.
    public let permutations: Int
    /// Learners in each of the two groups.
    public let learners: [Int]
    /// Answers in each of the two groups.
    public let answers: [Int]

    /// Redrawing learners, not answers, keeps the answers of a learner together. Besides different curves, a different
    /// share of right answers in the two groups can move p a little (measured in docs/statistics.md).
    ///
    /// - Range: at least 99 permutations.
    /// - Returns: nil when a group has no right or no wrong answer, a learner is in both, or a prediction is no chance.
    public init?(
        _ first: [PredictedAnswer], _ second: [PredictedAnswer], permutations: Int = 999, dice: inout Dice
    ) {
        guard let ranked = RankedAnswers(first, second) else { return nil }
        var isFirst = ranked.isFirst
        guard let area = ranked.area(isFirst) else { return nil }
        var (larger, drawn, sum) = (0, 0, 0.0)
        for _ in 0..<max(99, permutations) {
            isFirst.shuffle(using: &dice)
            guard let other = ranked.area(isFirst) else { continue }
            drawn += 1
            sum += other
            if other >= area - 1e-12 { larger += 1 }
        }
        self.area = area
        p = Double(1 + larger) / Double(1 + drawn)
        chance = drawn > 0 ? sum / Double(drawn) : 0
        self.permutations = drawn
        let ofFirst = ranked.isFirst.count { $0 }
        learners = [ofFirst, ranked.isFirst.count - ofFirst]
        answers = [first.count, second.count]
    }
}

/// The answers of two groups in falling order of their predictions, to be divided among the groups in any way.
struct RankedAnswers {
    /// Of each learner, by place: whether they are in the first group.
    let isFirst: [Bool]
    private let learners: [Int]
    private let isRight: [Bool]
    /// Whether the next answer has another prediction.
    private let isLastOfEqual: [Bool]

    init?(_ first: [PredictedAnswer], _ second: [PredictedAnswer]) {
        let ofFirst = Set(first.map(\.learner))
        let ofSecond = Set(second.map(\.learner))
        let all = (first + second).sorted { ($1.predicted, $0.learner) < ($0.predicted, $1.learner) }
        guard ofFirst.isDisjoint(with: ofSecond), all.allSatisfy({ (0...1).contains($0.predicted) }) else {
            return nil
        }
        let numbers = ofFirst.union(ofSecond).sorted()
        let places = Dictionary(uniqueKeysWithValues: zip(numbers, numbers.indices))
        isFirst = numbers.map(ofFirst.contains)
        learners = all.compactMap { places[$0.learner] }
        isRight = all.map(\.isRight)
        isLastOfEqual = all.indices.map { $0 + 1 == all.count || all[$0 + 1].predicted != all[$0].predicted }
    }

    /// Nil when a group has no right or no wrong answer.
    func area(_ isFirst: [Bool]) -> Double? {
        guard let (one, other) = curves(isFirst) else { return nil }
        var (area, left) = (0.0, 0.0)
        var (place, otherPlace) = (0, 0)
        while place < one.count, otherPlace < other.count {
            let right = min(one[place].end, other[otherPlace].end)
            area += RankedAnswers.between(
                one[place].height(left) - other[otherPlace].height(left),
                one[place].height(right) - other[otherPlace].height(right), width: right - left)
            if one[place].end <= right { place += 1 }
            if otherPlace < other.count, other[otherPlace].end <= right { otherPlace += 1 }
            left = right
        }
        return area
    }

    /// The area between two lines whose distance goes evenly from one value to another.
    private static func between(_ from: Double, _ to: Double, width: Double) -> Double {
        if from * to >= 0 { return width * (abs(from) + abs(to)) / 2 }
        return width * (from * from + to * to) / (2 * (abs(from) + abs(to)))
    }

    /// A piece of a ROC curve over some of the false positives; upright pieces are left out.
    private struct Piece {
        let start: Double
        let end: Double
        let from: Double
        let to: Double

        func height(_ x: Double) -> Double { from + (to - from) * (x - start) / (end - start) }
    }

    private func curves(_ isFirst: [Bool]) -> ([Piece], [Piece])? {
        // Right and wrong of the first group, right and wrong of the second.
        var totals = SIMD4<Int>(repeating: 0)
        for index in learners.indices { totals[kind(index, isFirst)] += 1 }
        guard totals.min() > 0 else { return nil }
        var (seen, before) = (SIMD4<Int>(repeating: 0), SIMD4<Int>(repeating: 0))
        var (one, other): ([Piece], [Piece]) = ([], [])
        func piece(_ rights: Int) -> Piece? {
            guard seen[rights + 1] > before[rights + 1] else { return nil }
            let (right, wrong) = (Double(totals[rights]), Double(totals[rights + 1]))
            return Piece(
                start: Double(before[rights + 1]) / wrong, end: Double(seen[rights + 1]) / wrong,
                from: Double(before[rights]) / right, to: Double(seen[rights]) / right)
        }
        for index in learners.indices {
            seen[kind(index, isFirst)] += 1
            guard isLastOfEqual[index] else { continue }
            if let piece = piece(0) { one.append(piece) }
            if let piece = piece(2) { other.append(piece) }
            before = seen
        }
        return (one, other)
    }

    private func kind(_ index: Int, _ isFirst: [Bool]) -> Int {
        (isFirst[learners[index]] ? 0 : 2) + (isRight[index] ? 0 : 1)
    }
}

extension ABROCA {
    /// The share of such comparisons that would find a difference of this size, by simulation.
    ///
    /// Predictions of wrong answers are drawn from a normal distribution, those of right ones from one further up, so
    /// that each group has the AUC wanted; the curves do not cross, and the area is the difference of the AUCs.
    /// Answers are independent: with answers of a learner that resemble each other, power is lower.
    ///
    /// - Shape: learners in each of two groups, each with as many answers, of which `right` is the share of right ones.
    /// - Range: AUCs above 0 and below 1; at least 50 simulations of at least 99 permutations.
    /// - Returns: the share with p ≤ `significance`, Wilson's interval for the number of simulations; nil when a group
    ///   is empty or a number is out of range.
    public static func power(
        learners: (Int, Int), answersEach: Int, right: Double = 0.5, aucs: (Double, Double),
        significance: Double = 0.05, simulations: Int = 200, permutations: Int = 199, dice: inout Dice
    ) -> Interval? {
        guard learners.0 > 0, learners.1 > 0, answersEach > 0, right > 0, right < 1,
            [aucs.0, aucs.1].allSatisfy({ $0 > 0 && $0 < 1 })
        else { return nil }
        func draw(_ numbers: Range<Int>, _ auc: Double) -> [PredictedAnswer] {
            let rise = 2.0.squareRoot() * Normal.quantile(auc)
            return numbers.flatMap { learner in
                (0..<answersEach).map { _ in
                    let isRight = Double.random(in: 0..<1, using: &dice) < right
                    let score = Normal.quantile(Double.random(in: 1e-12..<1, using: &dice)) + (isRight ? rise : 0)
                    return PredictedAnswer(
                        learner: learner, group: 0, predicted: Normal.probability(below: score), isRight: isRight)
                }
            }
        }
        var (found, count) = (0, 0)
        for _ in 0..<max(50, simulations) {
            let first = draw(0..<learners.0, aucs.0)
            let second = draw(learners.0..<learners.0 + learners.1, aucs.1)
            guard let one = ABROCA(first, second, permutations: permutations, dice: &dice) else { continue }
            count += 1
            if one.p <= significance { found += 1 }
        }
        return Proportion.wilson(found, of: count)
    }
}
