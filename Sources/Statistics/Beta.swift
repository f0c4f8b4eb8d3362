import Foundation

/// The beta distribution, which lies between 0 and 1.
public struct Beta: Hashable, Sendable {
    public let alpha: Double
    public let beta: Double

    /// - Returns: nil unless both shapes are above 0 and finite.
    public init?(_ alpha: Double, _ beta: Double) {
        guard alpha > 0, beta > 0, (alpha + beta).isFinite else { return nil }
        self.alpha = alpha
        self.beta = beta
    }

    /// The one with this mean and variance; nil where there is none.
    ///
    /// - Range: 0 < mean < 1, 0 < variance < mean·(1 − mean).
    public init?(mean: Double, variance: Double) {
        let size = mean * (1 - mean) / variance - 1
        self.init(mean * size, (1 - mean) * size)
    }

    public var mean: Double { alpha / (alpha + beta) }
    public var variance: Double { mean * (1 - mean) / (alpha + beta + 1) }

    /// The probability of a value at or below `x`; about 12 digits.
    public func probability(below x: Double) -> Double { IncompleteBeta.share(x, alpha, beta) }

    /// The value below which a share `probability` lies; exact to 1e-10.
    ///
    /// Newton's steps on the logit scale, kept within a bracket.
    public func quantile(_ probability: Double) -> Double {
        guard probability > 0 else { return 0 }
        guard probability < 1 else { return 1 }
        let scale = IncompleteBeta.logarithm(alpha, beta)
        var (low, high) = (-745.0, 745.0)
        var logit = log(alpha / beta)
        for _ in 0..<200 {
            let (x, rest) = (1 / (1 + exp(-logit)), 1 / (1 + exp(logit)))
            let below = x < 0.5 ? self.probability(below: x) : 1 - IncompleteBeta.share(rest, beta, alpha)
            let excess = below - probability
            if excess > 0 { high = logit } else { low = logit }
            let slope = exp(alpha * log(x) + beta * log(rest) - scale)
            let step = logit - excess / slope
            let next = step >= low && step <= high ? step : (low + high) / 2
            if abs(next - logit) <= 1e-14 * max(1, abs(next)) { return 1 / (1 + exp(-next)) }
            logit = next
        }
        return 1 / (1 + exp(-logit))
    }

    /// Equal tails on both sides.
    func interval(estimate: Double, level: Double, method: String) -> Interval {
        Interval(
            estimate: estimate, low: quantile((1 - level) / 2), high: quantile((1 + level) / 2), level: level,
            method: method)
    }
}

/// The regularised incomplete beta function.
enum IncompleteBeta {
    /// I_x(a, b): the share of a beta(a, b) distribution at or below `x`.
    ///
    /// - Source: continued fraction DLMF 8.17.22, evaluated by the modified Lentz method.
    static func share(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        if x > (a + 1) / (a + b + 2) { return 1 - share(1 - x, b, a) }
        let front = exp(power(x, a, b)) / a
        var c = 1.0
        var d = 1 - (a + b) * x / (a + 1)
        d = 1 / (abs(d) < tiny ? tiny : d)
        var fraction = d
        for step in 1...stepLimit {
            let m = Double(step)
            let middle = a + 2 * m
            let even: Double = m * (b - m) * x / ((middle - 1) * middle)
            let odd: Double = -(a + m) * (a + b + m) * x / (middle * (middle + 1))
            for numerator in [even, odd] {
                d = 1 + numerator * d
                d = 1 / (abs(d) < tiny ? tiny : d)
                c = 1 + numerator / c
                if abs(c) < tiny { c = tiny }
                fraction *= c * d
            }
            if abs(c * d - 1) < 1e-16 { break }
        }
        return front * fraction
    }

    /// log B(a, b).
    ///
    /// The logarithm of the gamma function of large arguments cancels; Stirling's series does not.
    static func logarithm(_ a: Double, _ b: Double) -> Double {
        let (small, large) = (min(a, b), max(a, b))
        if large < stirlingStart { return lgamma(a) + lgamma(b) - lgamma(a + b) }
        let sum = small + large
        let rise: Double =
            (large - 0.5) * log1p(small / large) + small * log(sum) - small + tail(sum) - tail(large)
        return lgamma(small) - rise
    }

    /// log(x^a · (1 − x)^b ÷ B(a, b)).
    private static func power(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if min(a, b) < stirlingStart { return a * log(x) + b * log1p(-x) - logarithm(a, b) }
        let sum = a + b
        let lean = x - a / sum
        let (over, under) = (lean * sum / a, -lean * sum / b)
        let one = over < -0.5 ? log(x * sum / a) : log1p(over)
        let two = under < -0.5 ? log((1 - x) * sum / b) : log1p(under)
        let deviance: Double = a * one + b * two
        let spread: Double = 0.5 * log(a * b / (2 * Double.pi * sum))
        return deviance + spread + tail(sum) - tail(a) - tail(b)
    }

    /// What Stirling's formula lacks of log Γ: 1/12x − 1/360x³ + …
    ///
    /// - Source: DLMF 5.11.1.
    private static func tail(_ x: Double) -> Double {
        let square = 1 / (x * x)
        let series = -1.0 / 1680 + square * (1.0 / 1188 - square * 691 / 360_360)
        return (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 + square * series))) / x
    }

    private static let stirlingStart = 15.0
    private static let stepLimit = 20_000
    private static let tiny = 1e-300
}
