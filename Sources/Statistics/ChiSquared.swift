import Foundation

/// The chi-squared distribution.
public enum ChiSquared {
    /// The probability of a value above `x`.
    ///
    /// - Range: degrees of freedom above 0, whole or not; about 12 digits.
    public static func probability(above x: Double, freedom: Double) -> Double {
        x <= 0 ? 1 : IncompleteGamma.rest(x / 2, freedom / 2)
    }
}

/// The regularised incomplete gamma function.
enum IncompleteGamma {
    /// Q(a, x): the share of a gamma(a) distribution above `x`.
    ///
    /// - Source: series DLMF 8.7.1 where x < a + 1, else the continued fraction 8.9.2 by the modified Lentz method.
    static func rest(_ x: Double, _ a: Double) -> Double {
        if x <= 0 { return 1 }
        let front = exp(a * log(x) - x - lgamma(a))
        return x < a + 1 ? 1 - front * series(x, a) : front * fraction(x, a)
    }

    private static func series(_ x: Double, _ a: Double) -> Double {
        var term = 1 / a
        var sum = term
        for step in 1...stepLimit {
            term *= x / (a + Double(step))
            sum += term
            if term < sum * 1e-17 { break }
        }
        return sum
    }

    private static func fraction(_ x: Double, _ a: Double) -> Double {
        var b = x + 1 - a
        var c = 1e300
        var d = 1 / b
        var value = d
        for step in 1...stepLimit {
            let m = Double(step)
            let numerator = -m * (m - a)
            b += 2
            d = 1 / (numerator * d + b)
            c = b + numerator / c
            value *= c * d
            if abs(c * d - 1) < 1e-16 { break }
        }
        return value
    }

    private static let stepLimit = 20_000
}
