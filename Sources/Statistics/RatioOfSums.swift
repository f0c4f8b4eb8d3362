import Basis
import Foundation

/// Σ top ÷ Σ bottom over independent members, with errors.
///
/// - Source: W. G. Cochran, Sampling Techniques (3rd ed. 1977), section 6.4.
struct RatioOfSums {
    let estimate: Double
    /// Linearised: √(m ÷ (m − 1)·Σ (top − estimate·bottom)²) ÷ Σ bottom.
    let error: Double
    private let members: [(top: Double, bottom: Double)]

    /// - Returns: nil with fewer than two members, or where the bottoms do not sum to more than 0.
    init?(_ members: [(top: Double, bottom: Double)]) {
        var moments = Moments()
        for member in members { moments.add(member) }
        guard members.count > 1, let (estimate, error) = moments.ratio(members.count) else { return nil }
        self.members = members
        self.estimate = estimate
        self.error = error
    }

    /// - Returns: nil where the error or the freedom is not above 0.
    func interval(level: Double, freedom: Double, method: String) -> Interval? {
        guard freedom > 0 else { return nil }
        return Scale.plain.interval(
            estimate, error: error, reach: StudentT.quantile(0.5 + level / 2, freedom: freedom), level: level,
            method: method)
    }

    /// Quantiles of (redrawn − estimate) ÷ redrawn error in place of Student's.
    ///
    /// - Source: B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), section 12.5.
    func studentised(replicates: Int, level: Double, method: String, dice: inout Dice) -> Interval? {
        guard error > 0 else { return nil }
        var pivots: [Double] = []
        for _ in 0..<replicates {
            var moments = Moments()
            for _ in members.indices { moments.add(members[Int.random(in: members.indices, using: &dice)]) }
            if let drawn = moments.ratio(members.count), drawn.error > 0 {
                pivots.append((drawn.estimate - estimate) / drawn.error)
            }
        }
        guard pivots.count > replicates / 2 else { return nil }
        pivots.sort()
        let low = estimate - error * Quantile.interpolated(pivots, at: 0.5 + level / 2)
        let high = estimate - error * Quantile.interpolated(pivots, at: 0.5 - level / 2)
        guard low.isFinite, high.isFinite else { return nil }
        return Interval(
            estimate: estimate, low: min(low, estimate), high: max(high, estimate), level: level, method: method)
    }

    /// Sums that tell the ratio and its error.
    private struct Moments {
        private var (top, bottom, tops, products, bottoms) = (0.0, 0.0, 0.0, 0.0, 0.0)

        mutating func add(_ member: (top: Double, bottom: Double)) {
            top += member.top
            bottom += member.bottom
            tops += member.top * member.top
            products += member.top * member.bottom
            bottoms += member.bottom * member.bottom
        }

        func ratio(_ count: Int) -> (estimate: Double, error: Double)? {
            let ratio = top / bottom
            guard bottom > 0, ratio.isFinite else { return nil }
            let squares = max(0, tops - 2 * ratio * products + ratio * ratio * bottoms)
            let error = (squares * Double(count) / Double(count - 1)).squareRoot() / bottom
            // What rounding leaves of errors that are all 0.
            guard squares > 1e-14 * tops else { return (ratio, 0) }
            return error.isFinite ? (ratio, error) : nil
        }
    }
}
