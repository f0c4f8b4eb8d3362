import Foundation

/// What a model said of an answer before it came, and what came.
public struct PredictedAnswer: Hashable, Sendable {
    public let learner: Int
    /// Whom the learner belongs with, as the audit asks; the same in all of a learner's answers.
    public let group: Int
    /// The chance of a right answer, as the model said it.
    ///
    /// - Range: 0 to 1.
    public let predicted: Double
    public let isRight: Bool

    public init(learner: Int, group: Int, predicted: Double, isRight: Bool) {
        self.learner = learner
        self.group = group
        self.predicted = predicted
        self.isRight = isRight
    }
}

/// How well predictions tell right answers from wrong ones: the area under the ROC curve.
public struct RankingQuality: Hashable, Sendable {
    /// The share of pairs of a right and a wrong answer in which the right one had the higher prediction; of equal ones
    /// a half. Wilson's interval, the size from Obuchowski's variance over learners (DeLong's, where each learner gave
    /// one answer), with Student's t for as many learners as have right answers, or wrong ones if those are fewer.
    public let auc: Interval
    public let learners: Int
    public let right: Int
    public let wrong: Int

    /// - Returns: nil without a right and a wrong answer, or when a prediction is no chance.
    /// - Source: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Biometrics 44 (1988), 837–845; N. A. Obuchowski,
    ///   Biometrics 53 (1997), 567–578, for answers of the same learners.
    public init?(_ answers: [PredictedAnswer], level: Double = 0.95) {
        right = answers.count { $0.isRight }
        wrong = answers.count - right
        guard right > 0, wrong > 0, answers.allSatisfy({ (0...1).contains($0.predicted) }) else { return nil }
        let beaten = RankingQuality.placements(answers)
        let (rights, wrongs) = (Double(right), Double(wrong))
        var byLearner: [Int: LearnerPairs] = [:]
        for (answer, share) in zip(answers, beaten) {
            byLearner[answer.learner, default: LearnerPairs()].add(answer, share)
        }
        learners = byLearner.count
        let pairs = byLearner.keys.sorted().compactMap { byLearner[$0] }
        let area = pairs.reduce(0) { $0 + $1.rightShares } / rights
        var (ofRight, ofWrong, ofBoth) = (0.0, 0.0, 0.0)
        for own in pairs {
            let (one, other) = (own.rightShares - area * own.rights, own.wrongShares - area * own.wrongs)
            ofRight += one * one
            ofWrong += other * other
            ofBoth += one * other
        }
        func spread(_ count: Int) -> Double { count > 1 ? Double(count) / Double(count - 1) : 0 }
        let variance =
            spread(pairs.count { $0.rights > 0 }) * ofRight / (rights * rights)
            + spread(pairs.count { $0.wrongs > 0 }) * ofWrong / (wrongs * wrongs)
            + spread(pairs.count) * 2 * ofBoth / (rights * wrongs)
        let fewest = Double(min(pairs.count { $0.rights > 0 }, pairs.count { $0.wrongs > 0 }))
        guard
            let auc = Proportion.wilson(
                min(1, area), variance: max(0, variance), otherwise: fewest,
                reach: StudentT.quantile(0.5 + level / 2, freedom: max(1, fewest - 1)), level: level,
                method: "AUC, Wilson score with effective size over learners, Student's t")
        else { return nil }
        self.auc = auc
    }

    /// Of each right answer the share of wrong ones with a lower prediction, of each wrong one the share of right ones
    /// with a higher prediction; equal ones count a half.
    private static func placements(_ answers: [PredictedAnswer]) -> [Double] {
        let order = answers.indices.sorted { answers[$0].predicted < answers[$1].predicted }
        let right = answers.count { $0.isRight }
        let wrong = answers.count - right
        var shares = Array(repeating: 0.0, count: answers.count)
        var (start, rightsBelow, wrongsBelow) = (0, 0, 0)
        while start < order.count {
            var end = start
            var (rights, wrongs) = (0, 0)
            while end < order.count, answers[order[end]].predicted == answers[order[start]].predicted {
                if answers[order[end]].isRight { rights += 1 } else { wrongs += 1 }
                end += 1
            }
            for place in order[start..<end] {
                shares[place] =
                    answers[place].isRight
                    ? (Double(wrongsBelow) + Double(wrongs) / 2) / Double(wrong)
                    : (Double(right - rightsBelow - rights) + Double(rights) / 2) / Double(right)
            }
            (start, rightsBelow, wrongsBelow) = (end, rightsBelow + rights, wrongsBelow + wrongs)
        }
        return shares
    }

    private struct LearnerPairs {
        private(set) var (rights, wrongs, rightShares, wrongShares) = (0.0, 0.0, 0.0, 0.0)

        mutating func add(_ answer: PredictedAnswer, _ share: Double) {
            if answer.isRight {
                rights += 1
                rightShares += share
            } else {
                wrongs += 1
                wrongShares += share
            }
        }
    }
}
