public import Basis
import Foundation

/// Intervals by drawing the same people again, with replacement.
public enum Bootstrap {
    /// The percentile interval of any statistic of a sample.
    ///
    /// The statistic is given how often each member was drawn; values of it that are not finite are left out. The
    /// dice are seeded, so that the interval can be computed again. At least 20 samples are drawn. There is none when
    /// the sample is empty or the statistic has no value on it.
    ///
    /// - Source: B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
    public static func percentile(
        of count: Int, replicates: Int = 1_000, level: Double = 0.95, dice: inout Dice,
        statistic: (_ timesDrawn: [Int]) -> Double
    ) -> Interval? {
        guard count > 0 else { return nil }
        let estimate = statistic(Array(repeating: 1, count: count))
        guard estimate.isFinite else { return nil }
        var values: [Double] = []
        values.reserveCapacity(replicates)
        var drawn = Array(repeating: 0, count: count)
        for _ in 0..<max(20, replicates) {
            for index in drawn.indices { drawn[index] = 0 }
            for _ in 0..<count { drawn[Int.random(in: 0..<count, using: &dice)] += 1 }
            let value = statistic(drawn)
            if value.isFinite { values.append(value) }
        }
        values.sort()
        guard !values.isEmpty else { return nil }
        return Interval(
            estimate: estimate, low: Quantile.interpolated(values, at: (1 - level) / 2),
            high: Quantile.interpolated(values, at: (1 + level) / 2), level: level, method: "bootstrap percentile")
    }
}
