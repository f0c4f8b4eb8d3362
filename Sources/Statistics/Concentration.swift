import Foundation

/// How unequally something, such as calls, is spread over people.
public struct Concentration: Hashable, Sendable {
    /// Gini's coefficient of these people: 0 when all have the same, near 1 when one has all. The interval is for the
    /// people they were drawn from, and lies about n ÷ (n − 1) times the coefficient, which is less biased.
    public let gini: Interval?
    /// The share that the tenth of people with the most have; of 25 people that is two and a half. The interval is for
    /// the people they were drawn from.
    public let topTenth: Interval?
    /// Gini's coefficient as it stands.
    public let coefficient: Double
    /// The top tenth's share as it stands.
    public let topShare: Double
    public let people: Int
    public let total: Double

    /// Errors leave out each person in turn; intervals are symmetric on the logit scale, with Student's t for n − 1
    /// degrees of freedom. They are nil with fewer than two people, and where all have the same.
    ///
    /// Nil when there is nobody, all have nothing, or a value is below 0 or not finite.
    ///
    /// - Shape: what each person has; zeros count.
    /// - Source: C. Gini (1914) by way of P. M. Dixon and others, Ecology 68 (1987), 1548–1551 (with n ÷ (n − 1)); the
    ///   jackknife: S. Yitzhaki, Journal of Business and Economic Statistics 9 (1991), 235–239.
    public init?(_ values: [Double], level: Double = 0.95) {
        let total = values.reduce(0, +)
        guard total > 0, total.isFinite, values.allSatisfy({ $0 >= 0 }) else { return nil }
        let sorted = values.sorted()
        self.total = total
        people = sorted.count
        coefficient = Concentration.gini(sorted)
        topShare = Concentration.topShare(sorted)
        gini = Concentration.interval(sorted, factor: Double(people) / Double(max(1, people - 1)), level: level) {
            Concentration.gini($0)
        }
        let n = Double(people)
        topTenth = Concentration.interval(sorted, factor: (n + 1) / max(1, n - 1), origin: 0.1, level: level) {
            Concentration.topShare($0)
        }
    }

    /// Σ (2i − n − 1)·x ÷ (n·Σx) over rising values.
    private static func gini(_ sorted: [Double]) -> Double {
        let n = Double(sorted.count)
        var (sum, lean) = (0.0, 0.0)
        for (place, value) in sorted.enumerated() {
            sum += value
            lean += (2 * Double(place + 1) - n - 1) * value
        }
        return sum > 0 ? max(0, lean / (n * sum)) : .nan
    }

    private static func topShare(_ sorted: [Double]) -> Double {
        let size = Double(sorted.count) / 10
        let whole = Int(size)
        var top = sorted.suffix(whole).reduce(0, +)
        if whole < sorted.count { top += (size - Double(whole)) * sorted[sorted.count - whole - 1] }
        let sum = sorted.reduce(0, +)
        return sum > 0 ? top / sum : .nan
    }

    private static func interval(
        _ sorted: [Double], factor: Double, origin: Double = 0, level: Double, statistic: ([Double]) -> Double
    ) -> Interval? {
        let moments = Jackknife.moments(of: sorted.count) { leftOut in
            guard let leftOut else { return statistic(sorted) }
            var others = sorted
            others.remove(at: leftOut)
            let value = statistic(others)
            return value.isFinite ? value : nil
        }
        guard let moments else { return nil }
        let centre = origin + (moments.estimate - origin) * factor
        guard centre > 0, centre < 1 else { return nil }
        return Scale.logit.interval(
            moments.estimate, around: centre, error: moments.error * factor,
            reach: StudentT.quantile(0.5 + level / 2, freedom: Double(sorted.count - 1)), level: level,
            method: "jackknife over people, on the logit scale")
    }
}
