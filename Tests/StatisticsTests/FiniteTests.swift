import Basis
import Foundation
import Statistics
import Testing

/// Small and odd samples at every level, the silly ones too: an answer is finite and holds its estimate, or is nil.
@Suite struct FiniteTests {
    @Test(arguments: [0, 0.5, 0.95, 0.999_999_999, 1])
    func `nothing is ever NaN or infinite`(level: Double) {
        var dice = Dice(seed: 77)
        var seen = 0
        func check(_ interval: Interval?, _ range: ClosedRange<Double>) {
            guard let interval else { return }
            seen += 1
            #expect(isSound(interval, within: range), "\(interval)")
        }
        for round in 0..<400 {
            let size = 1 + round % 7
            func few(_ most: Int) -> Int { Int.random(in: 0...most, using: &dice) }
            let values = (0..<size).map { _ in Double(few(3)) * (round % 5 == 0 ? 1e150 : 1) }
            let watched = (0..<size).map { _ in FollowUp(exit: Double(few(4)), event: few(2) == 0 ? nil : few(1)) }
            for time in 0...5 {
                check(KaplanMeier(watched)?.interval(at: Double(time), level: level), 0...1)
                check(CumulativeIncidence(watched, of: 0)?.interval(at: Double(time), level: level), 0...1)
                check(KaplanMeier(watched)?.restrictedMean(to: Double(time), level: level), 0...5)
            }
            check(Diversity((0..<size).map { _ in few(3) }, level: level)?.corrected, 0...3)
            check(Concentration(values, level: level)?.gini, 0...1)
            check(Concentration(values, level: level)?.topTenth, 0...1)
            check(UsageIndex(group: values, others: values.reversed() + [1], level: level)?.interval, 0...1e300)
            let pairs = (0..<size).map { _ in (0..<few(2)).map { _ in Agreement.Pair(few(2), few(2)) } }
            check(Agreement(clusters: pairs, level: level)?.kappa, -1e300...1)
            let ratings = (0..<size).flatMap { unit in
                (0..<3).map { Krippendorff.Rating(unit: unit, rater: $0, value: Double(few(2))) }
            }
            for measurement in [Krippendorff.Measurement.nominal, .ordinal, .interval] {
                let alpha = Krippendorff(ratings, as: measurement, resampling: .raters, level: level)
                check(alpha?.interval, -1e300...1)
                #expect(alpha?.alpha.isFinite ?? true)
            }
            let scores = (0..<size).map { _ in (0..<4).map { _ in Double(few(2)) } }
            check(Concordance(scores, level: level)?.interval, 0...1)
            for interval in Allocation(points: scores, level: level)?.intervals ?? [] { check(interval, 0...1) }
            let groups = (0..<size).map { _ in (successes: few(2), trials: 2 + few(2)) }
            check(BetaBinomial(groups)?.interval(1, of: 2, level: level), 0...1)
            if round % 10 == 0, level < 1,
                let gap = Alignment(
                    weights: [1, 2, 0, 1], learners: scores, level: level, replicates: 100, dice: &dice)
            {
                check(gap.distance, 0...1)
                check(gap.divergence, 0...1)
                for own in gap.gaps { check(own.gap, -1...1) }
            }
        }
        #expect(seen > 3_000 || level == 1)
    }
}
