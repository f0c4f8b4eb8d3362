import Basis
import Foundation
import Statistics
import Testing

/// How often the intervals of the fairness audit hold the truth, and how often its tests find what is not there; see
/// `Coverage`.
@Suite struct FairnessCoverageTests {
    #if DEBUG
        private static let sizes = [30]
        private static let replicates = 200
    #else
        private static let sizes = [20, 60, 200]
        private static let replicates = 400
    #endif

    /// Right answers score `rise` higher than wrong ones, and each learner's by an amount of their own of variance ¼.
    private func answers(
        _ learners: Range<Int>, rise: Double, right: Double, group: Int = 0, _ dice: inout Dice
    ) -> [PredictedAnswer] {
        learners.flatMap { learner in
            let own = 0.5 * dice.normal()
            return (0..<Int.random(in: 2...8, using: &dice)).map { _ in
                let isRight = dice.isYes(right)
                let score = own + dice.normal() + (isRight ? rise : 0)
                return PredictedAnswer(
                    learner: learner, group: group, predicted: Normal.probability(below: score), isRight: isRight)
            }
        }
    }

    private func auc(_ rise: Double) -> Double { Normal.probability(below: rise / 2.5.squareRoot()) }

    @Test func `AUC and its difference cover`() {
        for size in Self.sizes {
            for (rise, right) in [(0.5, 0.5), (1.2, 0.5), (1.2, 0.85), (2.5, 0.7)] {
                let truth = auc(rise)
                Coverage.cover("AUC \(truth), right \(right), n = \(size)", 0.92...0.975) { dice in
                    holds(RankingQuality(answers(0..<size, rise: rise, right: right, &dice))?.auc, truth)
                }
            }
            let truth = auc(0.7) - auc(1.2)
            Coverage.cover("difference of AUCs, n = \(size) each", 0.92...0.975) { dice in
                let one = answers(0..<size, rise: 0.7, right: 0.6, group: 1, &dice)
                let other = answers(size..<2 * size, rise: 1.2, right: 0.7, &dice)
                let audit = FairnessAudit(one + other, reference: 0, permutations: 99, dice: &dice)
                return holds(audit?.comparisons.first?.auc, truth)
            }
        }
    }

    /// Learners' own offset makes the chances wrong for each, but right on the whole.
    @Test func `the calibration gap covers, and calibrated predictions stay within chance`() {
        for size in Self.sizes {
            func answers(_ spread: Double, _ dice: inout Dice) -> [PredictedAnswer] {
                (0..<size).flatMap { learner in
                    let own = spread * (dice.share() - 0.5)
                    return (0..<Int.random(in: 2...8, using: &dice)).map { _ in
                        let predicted = 0.2 + 0.6 * dice.share()
                        return PredictedAnswer(
                            learner: learner, group: 0, predicted: predicted,
                            isRight: dice.isYes(predicted - 0.05 + own))
                    }
                }
            }
            Coverage.cover("calibration gap of predictions, n = \(size)", 0.925...0.97) { dice in
                holds(Calibration(answers(0.3, &dice), draws: 100, dice: &dice)?.gap, -0.05)
            }
            Coverage.cover("calibration error within chance, n = \(size)", 0.925...0.97) { dice in
                let calibrated = answers(0, &dice).map { answer in
                    PredictedAnswer(
                        learner: answer.learner, group: 0, predicted: answer.predicted,
                        isRight: dice.isYes(answer.predicted))
                }
                return Calibration(calibrated, dice: &dice).map { $0.error <= $0.chance }
            }
        }
    }

    /// No false alarm in 95 %: with the same share of right answers in both groups, and with different ones.
    @Test func `ABROCA seldom finds a difference that is not there`() {
        for size in Self.sizes {
            for right in [0.6, 0.85] {
                Coverage.cover("ABROCA without alarm, right 0.6 and \(right), n = \(size) each", 0.91...0.98) { dice in
                    let one = answers(0..<size, rise: 1.2, right: 0.6, &dice)
                    let other = answers(size..<2 * size, rise: 1.2, right: right, &dice)
                    return ABROCA(one, other, permutations: 99, dice: &dice).map { $0.p > 0.05 }
                }
            }
        }
    }

    /// Half the learners master with each attempt at 0.1, half at 0.3; they are watched for 12 to 40 attempts.
    @Test func `mean attempts to mastery cover`() {
        for size in Self.sizes {
            for limit in [5, 12] {
                let truth = (0..<limit).reduce(0) { $0 + (pow(0.9, Double($1)) + pow(0.7, Double($1))) / 2 }
                Coverage.cover("mean attempts within \(limit), n = \(size)", 0.92...0.975) { dice in
                    let runs = (0..<size).flatMap { learner in
                        let share = dice.isYes(0.5) ? 0.1 : 0.3
                        return (0..<Int.random(in: 1...4, using: &dice)).map { _ in
                            let watched = Int.random(in: 12...40, using: &dice)
                            var attempts = 1
                            while attempts <= watched, !dice.isYes(share) { attempts += 1 }
                            return attempts <= watched
                                ? PracticeRun(
                                    learner: learner, group: 0, attempts: attempts, end: .reached(attemptsAfter: 0))
                                : PracticeRun(learner: learner, group: 0, attempts: watched, end: .ongoing)
                        }
                    }
                    let audit = PracticeAudit(runs, limit: limit, replicates: Self.replicates, dice: &dice)
                    return holds(audit?.groups.first?.meanAttempts, truth)
                }
            }
        }
    }
}
