import Foundation

/// Errors and bias by leaving out each member of a sample in turn.
///
/// Members drawn twice, as in a bootstrap, agree perfectly with themselves, which raises every measure of agreement;
/// nothing of the kind happens here. It needs no chance either.
enum Jackknife {
    /// - Source: B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), chapter 11.
    struct Moments {
        let estimate: Double
        let error: Double
        /// What to subtract from the estimate.
        let bias: Double
    }

    /// The statistic is told whom to leave out.
    ///
    /// - Returns: nil with fewer than two members, and where the statistic has no value without one of them.
    static func moments(of count: Int, statistic: (_ leftOut: Int?) -> Double?) -> Moments? {
        guard count > 1, let estimate = statistic(nil) else { return nil }
        var values: [Double] = []
        for place in 0..<count {
            guard let value = statistic(place) else { return nil }
            values.append(value)
        }
        let mean = values.reduce(0, +) / Double(count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let factor = Double(count - 1)
        guard estimate.isFinite, squares.isFinite else { return nil }
        return Moments(
            estimate: estimate, error: (squares * factor / Double(count)).squareRoot(),
            bias: factor * (mean - estimate))
    }
}

/// A scale on which an interval is symmetric.
enum Scale: Sendable {
    case plain
    /// For ratios: log x.
    case log
    /// For what lies between 0 and 1: log(x ÷ (1 − x)).
    case logit
    /// For what is at most 1: −log(1 − x).
    case complement

    private func forward(_ x: Double) -> Double {
        switch self {
        case .plain: x
        case .log: Foundation.log(x)
        case .logit: Foundation.log(x / (1 - x))
        case .complement: -log1p(-x)
        }
    }

    private func backward(_ y: Double) -> Double {
        switch self {
        case .plain: y
        case .log: exp(y)
        case .logit: 1 / (1 + exp(-y))
        case .complement: -expm1(-y)
        }
    }

    private func slope(_ x: Double) -> Double {
        switch self {
        case .plain: 1
        case .log: 1 / x
        case .logit: 1 / (x * (1 - x))
        case .complement: 1 / (1 - x)
        }
    }

    /// The interval `reach` errors wide on this scale, about `centre` when that is not the estimate; nil where the
    /// scale has no value or the error is 0.
    func interval(
        _ estimate: Double, around centre: Double? = nil, error: Double, reach: Double, level: Double, method: String
    ) -> Interval? {
        let centre = centre ?? estimate
        let half = reach * error * slope(centre)
        let (low, high) = (backward(forward(centre) - half), backward(forward(centre) + half))
        guard error > 0, low.isFinite, high.isFinite, estimate.isFinite else { return nil }
        return Interval(
            estimate: estimate, low: min(low, estimate), high: max(high, estimate), level: level, method: method)
    }
}
