import Basis
import Foundation
import Statistics
import Testing

/// Expected values: Tests/Oracle/fairness.py, which draws the same data and asks scikit-learn 1.9.1, lifelines 0.30.3,
/// statsmodels 0.15.0, and numpy on the cited formulas.
@Suite struct FairnessTests {
    private func answers(seed: UInt64 = 2_026) -> [PredictedAnswer] {
        var dice = Dice(seed: seed)
        func share() -> Double { Double(dice.next() >> 11) * 0x1p-53 }
        return (0..<400).map { _ in
            let learner = Int(share() * 60)
            let group = learner < 25 ? 0 : 1
            let predicted = ((share() * 80).rounded(.down) + 0.5) / 80
            let chance = group == 1 ? predicted : 0.3 + 0.5 * predicted
            return PredictedAnswer(
                learner: learner, group: group, predicted: predicted, isRight: share() < chance)
        }
    }

    private func runs() -> [PracticeRun] {
        var dice = Dice(seed: 7)
        func share() -> Double { Double(dice.next() >> 11) * 0x1p-53 }
        return (0..<120).map { _ in
            let learner = Int(share() * 30)
            let attempts = Int(share() * 20)
            let end = share() < 0.7 ? PracticeRun.End.reached(attemptsAfter: Int(share() * 6)) : .stopped
            return PracticeRun(learner: learner, group: 0, attempts: attempts, end: end)
        }
    }

    @Test func `AUC agrees with scikit-learn, its variance with Obuchowski's and DeLong's formula`() throws {
        for (group, count, right, auc, byLearner, byAnswer) in [
            (0, 167, 94, 0.6095161760419703, 0.001665271155710321, 0.0019770840981850352),
            (1, 233, 124, 0.8154039656703167, 0.0009848290437113212, 0.0007545183401886742),
        ] {
            let own = answers().filter { $0.group == group }
            let ranking = try #require(RankingQuality(own))
            #expect(agree(ranking.auc.estimate, auc, within: 1e-12))
            #expect(own.count == count && ranking.right == right && ranking.wrong == count - right)
            let apart = own.enumerated().map {
                PredictedAnswer(
                    learner: $0, group: 0, predicted: $1.predicted, isRight: $1.isRight)
            }
            func learners(_ isRight: Bool) -> Int { Set(own.filter { $0.isRight == isRight }.map(\.learner)).count }
            for (ranking, variance, fewest) in [
                (ranking, byLearner, min(learners(true), learners(false))),
                (try #require(RankingQuality(apart)), byAnswer, min(right, count - right)),
            ] {
                let size = auc * (1 - auc) / variance
                let reach = StudentT.quantile(0.975, freedom: Double(fewest - 1))
                let level = 1 - 2 * Normal.probability(below: -reach)
                let wilson = try #require(Proportion.wilson(auc * size, of: size, level: level))
                #expect(agree(ranking.auc, wilson.low, wilson.high, within: 1e-9))
            }
        }
    }

    @Test func `calibration agrees with scikit-learn`() throws {
        var dice = Dice(seed: 1)
        for (group, error, gap, first) in [
            (0, 0.17159431137724557, 0.08117514970059879, (8, 0.0578125, 0.375)),
            (1, 0.03795600858369096, 0.013760729613733909, (15, 0.04875, 0.13333333333333333)),
        ] {
            let own = answers().filter { $0.group == group }
            let calibration = try #require(Calibration(own, dice: &dice))
            #expect(agree(calibration.error, error, within: 1e-12))
            #expect(agree(calibration.gap?.estimate, gap, within: 1e-12))
            let bin = calibration.bins[0]
            #expect(bin.answers == first.0 && agree(bin.predicted, first.1, within: 1e-12))
            #expect(agree(bin.right?.estimate, first.2, within: 1e-12))
            #expect(calibration.bins.reduce(0) { $0 + $1.answers } == own.count)
            // The first group's chances were drawn wrong, the second's right.
            #expect((calibration.error > calibration.chance) == (group == 0))
            #expect(calibration.chanceMean < calibration.chance)
        }
    }

    @Test func `ABROCA agrees with scikit-learn's curves, whichever group comes first`() throws {
        var dice = Dice(seed: 2)
        let (one, other) = (answers().filter { $0.group == 0 }, answers().filter { $0.group == 1 })
        let abroca = try #require(ABROCA(one, other, dice: &dice))
        #expect(agree(abroca.area, 0.20588778962834642, within: 1e-12))
        #expect(abroca.p < 0.01 && abroca.chance < 0.1 && abroca.permutations == 999)
        #expect(abroca.learners == [25, 35] && abroca.answers == [167, 233])
        let turned = try #require(ABROCA(other, one, permutations: 99, dice: &dice))
        #expect(agree(turned.area, abroca.area, within: 1e-12))
    }

    @Test func `the same answers in both groups have no area between them`() throws {
        var dice = Dice(seed: 3)
        let one = answers()
        let other = one.map {
            PredictedAnswer(
                learner: $0.learner + 100, group: 9, predicted: $0.predicted, isRight: $0.isRight)
        }
        let abroca = try #require(ABROCA(one, other, permutations: 99, dice: &dice))
        #expect(abroca.area < 1e-12 && abroca.p == 1)
        #expect(ABROCA(one, one, dice: &dice) == nil)
        #expect(ABROCA(one, other.filter { $0.isRight }, dice: &dice) == nil)
    }

    @Test func `an audit compares every group that may be shown with the largest`() throws {
        var dice = Dice(seed: 4)
        let few = (0..<6).map {
            PredictedAnswer(learner: 200 + $0, group: 2, predicted: 0.5, isRight: $0 % 2 == 0)
        }
        let large = answers().map {
            PredictedAnswer(
                learner: $0.learner + 300, group: $0.group + 5, predicted: $0.predicted, isRight: $0.isRight)
        }
        let audit = try #require(FairnessAudit(answers() + few + large, permutations: 99, dice: &dice))
        // One group of six may not be told from the total either, so the smallest that could be shown is hidden with it.
        #expect(audit.groups.map(\.group) == [1, 5, 6])
        #expect(audit.hiddenGroups == 2 && audit.hiddenLearners == 31)
        #expect(audit.reference == 1 && audit.comparisons.map(\.group) == [5, 6])
        let comparison = try #require(audit.comparisons.first)
        #expect(agree(comparison.auc?.estimate, 0.6095161760419703 - 0.8154039656703167, within: 1e-12))
        #expect(try #require(comparison.auc).high < 0)
        #expect(try #require(comparison.adjustedP) >= (try #require(comparison.abroca?.p)))
        #expect(try #require(comparison.calibrationGap).estimate > 0)
        #expect(audit.groups[0].learners == 35 && audit.groups[0].answers == 233 && audit.groups[0].right == 124)
    }

    @Test func `an audit repeats with the same dice`() throws {
        var (one, two) = (Dice(seed: 5), Dice(seed: 5))
        let first = FairnessAudit(answers(), permutations: 99, dice: &one)
        #expect(first == FairnessAudit(answers(), permutations: 99, dice: &two) && first != nil)
    }

    @Test func `what cannot be audited has no audit`() throws {
        var dice = Dice(seed: 6)
        func audit(_ answers: [PredictedAnswer]) -> FairnessAudit? { FairnessAudit(answers, dice: &dice) }
        #expect(audit([]) == nil)
        #expect(audit([PredictedAnswer(learner: 1, group: 0, predicted: .nan, isRight: true)]) == nil)
        #expect(
            audit([
                PredictedAnswer(learner: 1, group: 0, predicted: 0.5, isRight: true),
                PredictedAnswer(learner: 1, group: 1, predicted: 0.5, isRight: true),
            ]) == nil)
        let oneSided = (0..<40).map {
            PredictedAnswer(learner: $0, group: $0 % 2, predicted: 0.5, isRight: true)
        }
        let silent = try #require(audit(oneSided))
        #expect(silent.groups.allSatisfy { $0.ranking == nil } && silent.comparisons.allSatisfy { $0.abroca == nil })
        #expect(RankingQuality(oneSided) == nil)
    }

    @Test func `Holm's method agrees with statsmodels`() {
        let adjusted = Holm.adjusted([0.01, nil, 0.04, 0.03, 0.005])
        for (own, wanted) in zip(adjusted.compactMap { $0 }, [0.03, 0.06, 0.06, 0.02]) { #expect(agree(own, wanted)) }
        #expect(adjusted[1] == nil)
    }

    @Test func `power rises with the difference and the learners, and is the error without a difference`() throws {
        var dice = Dice(seed: 8)
        func power(_ learners: Int, _ auc: Double) -> Double {
            ABROCA.power(
                learners: (learners, learners), answersEach: 4, aucs: (0.75, auc), simulations: 50, permutations: 99,
                dice: &dice)?.estimate ?? -1
        }
        let (none, small, large, many) = (power(20, 0.75), power(20, 0.85), power(20, 0.95), power(60, 0.85))
        #expect(none < 0.17 && small > none && large > small && large > 0.7 && many > small)
        #expect(ABROCA.power(learners: (0, 5), answersEach: 4, aucs: (0.7, 0.8), dice: &dice) == nil)
    }

    @Test func `practice agrees with lifelines`() throws {
        var dice = Dice(seed: 9)
        let audit = try #require(PracticeAudit(runs(), limit: 15, dice: &dice))
        let group = try #require(audit.groups.first)
        #expect(group.runs == 120 && group.reached == 84 && group.stopped == 36 && group.ongoing == 0)
        #expect(group.median.estimate == 11)
        #expect(agree(group.meanAttempts?.estimate, 9.58909022078093, within: 1e-12))
        #expect(agree(group.meanAttempts?.estimate, try #require(group.curve.restrictedMean(to: 15)).estimate))
        #expect(group.attemptsOfReached == 892)
        #expect(agree(group.overPractice?.estimate, 0.23318385650224216, within: 1e-12))
        #expect(agree(group.underPractice?.estimate, 0.3, within: 1e-12))
        for interval in [group.meanAttempts, group.overPractice, group.underPractice] {
            #expect(isSound(try #require(interval), within: 0...15))
        }
    }

    @Test func `groups in practice are compared, and small ones hidden`() throws {
        var dice = Dice(seed: 10)
        let slow = runs().map {
            PracticeRun(
                learner: $0.learner + 100, group: 1, attempts: $0.attempts + 5, end: .reached(attemptsAfter: 0))
        }
        let audit = try #require(PracticeAudit(runs() + slow, reference: 0, dice: &dice))
        #expect(audit.limit == 19 && audit.reference == 0)
        let comparison = try #require(audit.comparisons.first)
        #expect(comparison.group == 1 && audit.comparisons.count == 1)
        #expect(try #require(comparison.meanAttempts).low > 0)
        #expect(try #require(comparison.overPractice).high < 0)
        #expect(try #require(comparison.underPractice).high < 0)
        let small = try #require(PracticeAudit(runs().filter { $0.learner < 5 }, dice: &dice))
        #expect(small.groups.isEmpty && small.hiddenLearners == 5 && small.hiddenGroups == 1)
    }

    @Test func `what cannot be practice has no audit`() {
        var dice = Dice(seed: 11)
        func run(_ attempts: Int, _ end: PracticeRun.End, group: Int = 0) -> PracticeRun {
            PracticeRun(learner: 1, group: group, attempts: attempts, end: end)
        }
        #expect(PracticeAudit([], dice: &dice) == nil)
        #expect(PracticeAudit([run(-1, .stopped)], dice: &dice) == nil)
        #expect(PracticeAudit([run(1, .reached(attemptsAfter: -1))], dice: &dice) == nil)
        #expect(PracticeAudit([run(1, .stopped), run(1, .stopped, group: 2)], dice: &dice) == nil)
        #expect(PracticeAudit([run(1, .stopped)], limit: 0, dice: &dice) == nil)
        let odd = PracticeAudit([run(0, .reached(attemptsAfter: 0)), run(3, .ongoing)], minimum: 1, dice: &dice)
        #expect(odd?.groups.first?.meanAttempts == nil && odd?.groups.first?.underPractice?.estimate == 0)
    }
}
