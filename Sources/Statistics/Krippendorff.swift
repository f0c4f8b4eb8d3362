import Foundation

/// Krippendorff's α: how far several raters agree beyond chance, where not everybody rates everything.
///
/// - Source: K. Krippendorff, Content Analysis (4th ed. 2019), chapter 12; A. F. Hayes and K. Krippendorff,
///   Communication Methods and Measures 1 (2007), 77–89.
public struct Krippendorff: Hashable, Sendable {
    /// What one rater said of one unit.
    public struct Rating: Hashable, Sendable {
        public let unit: Int
        public let rater: Int
        /// A category's number, a rank or a value.
        public let value: Double

        public init(unit: Int, rater: Int, value: Double) {
            self.unit = unit
            self.rater = rater
            self.value = value
        }
    }

    /// What differences between values mean.
    public enum Measurement: Sendable {
        /// The same or not.
        case nominal
        /// Ranks: how many ratings lie between.
        case ordinal
        /// Numbers: the square of the difference.
        case interval
    }

    /// What else could have been drawn, and is left out in turn for the error.
    public enum Resampling: Sendable {
        /// Other people asked about the same units.
        case raters
        /// Other units rated by the same people.
        case units
    }

    /// α: 1 at perfect agreement, 0 at chance, below where raters avoid each other's answers.
    public let alpha: Double
    /// Nil where no error can be told: all agree, or one rater's, or unit's, leaving takes all differences away.
    public let interval: Interval?
    /// Units with at least two ratings; others carry nothing.
    public let units: Int
    public let raters: Int
    /// Ratings on those units.
    public let ratings: Int

    /// The error leaves out each rater, or unit, in turn; the interval is symmetric on the scale of −log(1 − α) with
    /// Student's t for one degree of freedom less than there are raters, or units. It is not the bootstrap: a rater
    /// drawn twice would agree with himself.
    ///
    /// Nil unless some unit has two ratings, not all of those are alike, every value is finite, and no rater rates a
    /// unit twice.
    public init?(
        _ ratings: [Rating], as measurement: Measurement = .nominal, resampling: Resampling, level: Double = 0.95
    ) {
        guard ratings.allSatisfy(\.value.isFinite) else { return nil }
        let seats = ratings.map { [$0.unit, $0.rater] }
        guard Set(seats).count == seats.count else { return nil }
        let sizes = Dictionary(ratings.map { ($0.unit, 1) }, uniquingKeysWith: +)
        let kept = ratings.filter { sizes[$0.unit, default: 0] > 1 }.sorted {
            ($0.unit, $0.rater) < ($1.unit, $1.rater)
        }
        guard let alpha = Krippendorff.alpha(kept, measurement) else { return nil }
        let groups: [Int] = kept.map { resampling == .raters ? $0.rater : $0.unit }
        let names = Set(groups).sorted()
        let moments = Jackknife.moments(of: names.count) { leftOut in
            guard let leftOut else { return alpha }
            return Krippendorff.alpha(
                zip(kept, groups).compactMap { $1 == names[leftOut] ? nil : $0 }, measurement)
        }
        let reach = StudentT.quantile(0.5 + level / 2, freedom: Double(max(1, names.count - 1)))
        self.alpha = alpha
        interval = moments.flatMap {
            Scale.complement.interval(
                alpha, error: $0.error, reach: reach, level: level,
                method: "Krippendorff's α, jackknife over \(resampling), on −log(1 − α)")
        }
        units = Set(kept.map(\.unit)).count
        raters = Set(kept.map(\.rater)).count
        self.ratings = kept.count
    }

    /// 1 − observed ÷ expected disagreement of ratings ordered by unit; nil where nothing can disagree.
    private static func alpha(_ ratings: [Rating], _ measurement: Measurement) -> Double? {
        var units: [ArraySlice<Rating>] = []
        var start = 0
        for end in 1...max(1, ratings.count) where end == ratings.count || ratings[end].unit != ratings[start].unit {
            if end - start > 1 { units.append(ratings[start..<end]) }
            start = end
        }
        var tally: [Double: Double] = [:]
        for rating in units.joined() { tally[rating.value, default: 0] += 1 }
        let count = tally.values.reduce(0, +)
        guard tally.count > 1 else { return nil }
        let scores = measurement == .ordinal ? midRanks(tally) : [:]
        var observed = 0.0
        for unit in units {
            let values = unit.map { measurement == .ordinal ? scores[$0.value, default: 0] : $0.value }
            observed += disagreement(values, measurement) / Double(values.count - 1)
        }
        let all = tally.sorted { $0.key < $1.key }
        let expected: Double
        switch measurement {
        case .nominal: expected = count * count - all.reduce(0) { $0 + $1.value * $1.value }
        case .ordinal, .interval:
            let mean = all.reduce(0) { $0 + (scores[$1.key] ?? $1.key) * $1.value } / count
            expected =
                2 * count
                * all.reduce(0) { sum, one in
                    let lean = (scores[one.key] ?? one.key) - mean
                    return sum + one.value * lean * lean
                }
        }
        return 1 - (count - 1) * observed / expected
    }

    /// Σ over ordered pairs of the squared difference, or of being different.
    private static func disagreement(_ values: [Double], _ measurement: Measurement) -> Double {
        var sum = 0.0
        for (place, one) in values.enumerated() {
            for other in values[(place + 1)...] where one != other {
                sum += measurement == .nominal ? 2 : 2 * (one - other) * (one - other)
            }
        }
        return sum
    }

    /// Ratings up to the middle of each value's own: the ordinal difference of two values is the one between these.
    private static func midRanks(_ tally: [Double: Double]) -> [Double: Double] {
        var below = 0.0
        var ranks: [Double: Double] = [:]
        for (value, count) in tally.sorted(by: { $0.key < $1.key }) {
            ranks[value] = below + count / 2
            below += count
        }
        return ranks
    }
}
