import Foundation

/// Student's t distribution.
public enum StudentT {
    /// The probability of a value at or below `t`.
    ///
    /// - Range: degrees of freedom above 0, whole or not.
    public static func probability(below t: Double, freedom: Double) -> Double {
        let tail = 0.5 * IncompleteBeta.share(freedom / (freedom + t * t), freedom / 2, 0.5)
        return t > 0 ? 1 - tail : tail
    }

    /// The value below which a share `probability` lies.
    ///
    /// Newton's steps kept within a bracket, from the normal quantile; about 12 digits.
    public static func quantile(_ probability: Double, freedom: Double) -> Double {
        guard probability > 0 else { return -.infinity }
        guard probability < 1 else { return .infinity }
        if probability == 0.5 { return 0 }
        if probability < 0.5 { return -quantile(1 - probability, freedom: freedom) }
        var low = 0.0
        var high = 1.0
        while StudentT.probability(below: high, freedom: freedom) < probability, high < 1e300 {
            low = high
            high *= 2
        }
        var t = min(max(Normal.quantile(probability), low), high)
        for _ in 0..<200 {
            let excess = StudentT.probability(below: t, freedom: freedom) - probability
            if excess > 0 { high = t } else { low = t }
            let step = t - excess / density(t, freedom: freedom)
            let next = step > low && step < high ? step : (low + high) / 2
            if abs(next - t) <= 1e-15 * max(1, abs(t)) { return next }
            t = next
        }
        return t
    }

    static func density(_ t: Double, freedom: Double) -> Double {
        let half = (freedom + 1) / 2
        let scale: Double = lgamma(half) - lgamma(freedom / 2) - 0.5 * log(freedom * Double.pi)
        return exp(scale - half * log1p(t * t / freedom))
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
        let scale: Double = lgamma(a + b) - lgamma(a) - lgamma(b)
        let front: Double = exp(scale + a * log(x) + b * log1p(-x)) / a
        var c = 1.0
        var d = 1 - (a + b) * x / (a + 1)
        d = 1 / (abs(d) < tiny ? tiny : d)
        var fraction = d
        for step in 1...500 {
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

    private static let tiny = 1e-300
}
