import Foundation

/// The logistic function and its logarithm, without overflow or cancellation.
enum Logistic {
    /// 1 ÷ (1 + e^−x).
    static func share(_ x: Double) -> Double {
        if x >= 0 { return 1 / (1 + exp(-x)) }
        let odds = exp(x)
        return odds / (1 + odds)
    }

    /// log(1 ÷ (1 + e^−x)); finite for every finite x.
    static func logShare(_ x: Double) -> Double { x >= 0 ? -log1p(exp(-x)) : x - log1p(exp(x)) }

    /// The x whose share this is.
    static func logit(_ share: Double) -> Double { log(share) - log1p(-share) }
}
