import Basis
import Foundation
import Statistics
import Testing

/// Funnels, suppression, exposure, debt, clarity and alignment. Expected values: numpy 2.4.6, or counted by hand.
@Suite struct GovernanceTests {
    @Test func `a funnel shows reach and conversion with their own wholes`() throws {
        let funnel = try #require(Funnel([200, 150, 60, 0, 0]))
        #expect(funnel.steps.map(\.reach?.estimate) == [1, 0.75, 0.3, 0, 0])
        #expect(funnel.steps.map(\.conversion?.estimate) == [1, 0.75, 0.4, 0, nil])
        #expect(funnel.steps[2].conversion == Proportion.wilson(60, of: 150))
        #expect(Funnel([]) == nil && Funnel([5, 6]) == nil && Funnel([-1]) == nil)
        #expect(Funnel([0, 0])?.steps.allSatisfy { $0.reach == nil } == true)
    }

    @Test func `hidden groups are never one, nor fewer people than the minimum together`() {
        #expect(Suppression.decide(sizes: [40, 12, 30]).isShown == [true, true, true])
        #expect(Suppression.decide(sizes: [40, 4, 12, 30]).isShown == [true, false, false, true])
        #expect(Suppression.decide(sizes: [40, 4, 3, 30]).isShown == [true, false, false, false])
        #expect(Suppression.decide(sizes: [40, 6, 5, 30]).isShown == [true, false, false, true])
        #expect(Suppression.decide(sizes: [40, 0, 30]).isShown == [true, false, true])
        #expect(Suppression.decide(sizes: [9]).isShown == [false] && Suppression.decide(sizes: []).hidden == 0)
        #expect(Suppression.decide(sizes: [12, 12, 5]).isShown == [false, true, false])
    }

    @Test func `nobody derives a small group from the total and what is shown`() {
        var dice = Dice(seed: 19)
        for _ in 0..<5_000 {
            let sizes = (0..<Int.random(in: 1...8, using: &dice)).map { _ in Int.random(in: 0...25, using: &dice) }
            let decision = Suppression.decide(sizes: sizes)
            let hidden = zip(sizes, decision.isShown).filter { !$1 && $0 > 0 }.map(\.0)
            #expect(zip(sizes, decision.isShown).allSatisfy { $0 >= 10 || !$1 })
            #expect(decision.hidden == hidden.reduce(0, +))
            let isAllHidden = !decision.isShown.contains(true)
            #expect(hidden.isEmpty || isAllHidden || hidden.count > 1 && decision.hidden >= 10, "\(sizes) \(decision)")
        }
    }

    /// By hand: 10 days of weight 2 (4 owned, 3 with none, 3 with two), 5 days of weight 1 owned throughout.
    @Test func `exposure counts days with no owner and with several`() throws {
        let day: Int64 = 86_400_000_000
        func span(_ start: Int64, _ end: Int64) -> Exposure.Span { Exposure.Span(start: start * day, end: end * day) }
        let uses = [
            Exposure.Use(
                weight: 2, active: [span(-5, 6), span(6, 12)],
                accountable: [[span(3, 6), span(5, 7)], [span(7, 10), span(9, 10)], [span(7, 20)]]),
            Exposure.Use(weight: 1, active: [span(5, 30)], accountable: [[span(0, 40)]]),
            Exposure.Use(weight: 9, active: [span(50, 60)], accountable: []),
        ]
        let exposure = Exposure(uses, during: span(0, 10))
        #expect(exposure.total == Int128(25 * day) && exposure.uses == 2)
        #expect(exposure.ownerless == Int128(6 * day) && exposure.contested == Int128(6 * day))
        #expect(exposure.share == 12.0 / 25 && exposure.ownerlessShare == 6.0 / 25)
        #expect(Exposure([], during: span(0, 1)).share == nil)
    }

    /// A count of every instant instead of a sweep.
    @Test func `exposure agrees with counting each instant`() {
        var dice = Dice(seed: 23)
        func spans(_ count: Int) -> [Exposure.Span] {
            (0..<count).map { _ in
                let start = Int64.random(in: -5...40, using: &dice)
                return Exposure.Span(start: start, end: start + Int64.random(in: -2...15, using: &dice))
            }
        }
        for _ in 0..<300 {
            let uses = (0..<3).map { _ in
                Exposure.Use(
                    weight: Int.random(in: 0...4, using: &dice), active: spans(2),
                    accountable: (0..<3).map { _ in spans(2) })
            }
            let exposure = Exposure(uses, during: Exposure.Span(start: 0, end: 30))
            var (total, none, several) = (0, 0, 0)
            for use in uses {
                for at in 0..<Int64(30) where use.active.contains(where: { $0.start <= at && at < $0.end }) {
                    let owners = use.accountable.count { $0.contains { $0.start <= at && at < $0.end } }
                    total += use.weight
                    if owners == 0 { none += use.weight }
                    if owners > 1 { several += use.weight }
                }
            }
            #expect(exposure.total == Int128(total))
            #expect(exposure.ownerless == Int128(none) && exposure.contested == Int128(several))
        }
    }

    @Test func `sums of exposure cannot overflow`() {
        let age = Exposure.Span(start: .min, end: .max)
        let use = Exposure.Use(weight: 1_000_000_000, active: [age], accountable: [])
        #expect(Exposure([use, use, use], during: age).share == 1)
    }

    @Test func `review debt grows with risk and time`() {
        let day: Int64 = 86_400_000_000
        let debt = ReviewDebt([(due: 0, risk: 2), (due: 9 * day, risk: 3), (due: 12 * day, risk: 1)], at: 10 * day)
        #expect(debt.days == 23 && debt.overdue == 2 && debt.reviews == 3)
        #expect(ReviewDebt([], at: 0).share == nil && ReviewDebt([], at: 0).days == 0)
        #expect(ReviewDebt([(due: .min, risk: .nan)], at: .max).days == 0)
    }

    /// Wilson's intervals of 31/100 and 52/80 by statsmodels; MOVER by numpy.
    @Test func `clarity multiplies structure and knowledge, and the gap says who is too sure`() throws {
        let knowledge = try #require(Proportion.wilson(52, of: 80))
        let clarity = try #require(Clarity(structure: 0.8, knowledge: knowledge))
        #expect(agree(clarity.index, 0.4326400531904613, 0.5963635957210123) && agree(clarity.index.estimate, 0.52))
        #expect(agree(clarity.geometricMean.estimate, 0.7211102550927979))
        let gap = clarity.calibrationGap(stated: try #require(Proportion.wilson(31, of: 100)))
        #expect(agree(gap.estimate, -0.21) && agree(gap, -0.3221995389627963, -0.08000824957699468))
        #expect(Clarity(structure: 1.2, knowledge: knowledge) == nil)
        #expect(Clarity(structure: 0, knowledge: knowledge)?.index.high == 0)
    }

    private static let hours: [[Double]] = [
        [5, 1, 0, 2], [0, 3, 3, 0], [8, 2, 1, 1], [1, 0, 6, 0], [4, 4, 0, 1], [2, 1, 1, 7], [0, 2, 5, 3], [6, 0, 2, 2],
    ]

    /// numpy: estimate, bias and the jackknife's ends; low ends are 0, since chance brings about as much.
    @Test func `alignment agrees with numpy`() throws {
        var dice = Dice(seed: 1)
        let gap = try #require(
            Alignment(weights: [40, 30, 20, 10], learners: Self.hours + [[0, 0, 0, 0]], dice: &dice))
        #expect(agree(gap.distance.estimate, 0.16575342465753423, within: 1e-12))
        #expect(agree(gap.distance, 0, 0.5147511669660555) && agree(gap.divergence, 0, 0.20114946757669494))
        #expect(agree(gap.divergence.estimate, 0.03045610902073006, within: 1e-12))
        #expect(agree(gap.effectiveLearners, 7.6676258992805755, within: 1e-12))
        #expect(agree(gap.bias, 0.0705577772624669, within: 1e-12))
        #expect(gap.learners == 8 && gap.time == 73)
        #expect(abs(gap.gaps.reduce(0) { $0 + $1.gap.estimate }) < 1e-12, "gaps cancel out")
        var same = Dice(seed: 1)
        #expect(Alignment(weights: [40, 30, 20, 10], learners: Self.hours, dice: &same) == gap)
    }

    @Test func `alignment holds at its borders`() throws {
        var dice = Dice(seed: 2)
        #expect(Alignment(weights: [1], learners: [[1], [2]], dice: &dice) == nil)
        #expect(Alignment(weights: [1, 1], learners: [[1, 0]], dice: &dice) == nil)
        #expect(Alignment(weights: [1, 1], learners: [[1, .nan], [1, 1]], dice: &dice) == nil)
        #expect(Alignment(weights: [0, 0], learners: [[1, 0], [1, 1]], dice: &dice) == nil)
        for learners in [[[1.0, 1], [1, 1]], [[1, 0], [2, 0], [3, 0]], [[0, 1e-9], [1e9, 0]]] {
            let gap = try #require(Alignment(weights: [1, 1], learners: learners, replicates: 100, dice: &dice))
            #expect(isSound(gap.distance, within: 0...1) && isSound(gap.divergence, within: 0...1))
            #expect(gap.gaps.allSatisfy { isSound($0.gap) }, "\(gap.gaps)")
            #expect(gap.nullBand.distance.isFinite && gap.bias.isFinite)
        }
        let away = (0..<60).map { _ in [0, 1 + dice.share(), dice.share()] }
        let far = try #require(Alignment(weights: [0.8, 0.1, 0.1], learners: away, dice: &dice))
        #expect(far.distance.low > 0.7 && far.gaps[0].gap.high < -0.5 && far.gaps[1].gap.low > 0)
        #expect(far.distance.estimate > far.nullBand.distance && far.divergence.estimate > far.nullBand.divergence)
    }

    /// The field's figures under perfect alignment: N = 50, K = 4: 0.0115 (formula 0.0108); N = 200: 0.0028 (0.0027).
    @Test func `the bias formula is what perfect alignment simulates`() throws {
        var dice = Dice(seed: 41)
        let weights = [0.4, 0.3, 0.2, 0.1]
        for (learners, simulated, formula) in [(50, 0.0112, 0.0108), (200, 0.00275, 0.0027)] {
            var sum = 0.0
            for _ in 0..<2_000 {
                var counts = [0.0, 0, 0, 0]
                for _ in 0..<learners { counts[dice.place(weights)] += 1 }
                sum += try #require(Distribution.jensenShannon(weights, counts))
            }
            let rows = (0..<learners).map { row in (0..<4).map { $0 == row % 4 ? 1.0 : 0 } }
            let gap = try #require(Alignment(weights: weights, learners: rows, replicates: 100, dice: &dice))
            #expect(abs(gap.bias - formula) < 5e-5)
            #expect(abs(sum / 2_000 - simulated) < 0.05 * simulated, "\(sum / 2_000)")
        }
    }
}
