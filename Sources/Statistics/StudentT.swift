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
            let next = step >= low && step <= high ? step : (low + high) / 2
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
