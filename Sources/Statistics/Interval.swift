import Foundation

/// An estimate with what it could as well have been.
public struct Interval: Hashable, Sendable {
    public let estimate: Double
    public let low: Double
    public let high: Double
    /// Confidence, such as 0.95.
    public let level: Double
    /// How it was computed, in words a reader can look up.
    public let method: String

    public init(estimate: Double, low: Double, high: Double, level: Double, method: String) {
        self.estimate = estimate
        self.low = low
        self.high = high
        self.level = level
        self.method = method
    }

    /// The difference to another, independent estimate, from the two intervals.
    ///
    /// - Source: G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008), 1693–1702 (MOVER).
    func minus(_ other: Interval, within range: ClosedRange<Double>, method: String) -> Interval {
        let difference = estimate - other.estimate
        let below = hypot(estimate - low, other.high - other.estimate)
        let above = hypot(high - estimate, other.estimate - other.low)
        return Interval(
            estimate: difference, low: max(range.lowerBound, difference - below),
            high: min(range.upperBound, difference + above), level: level, method: method)
    }

    /// The same on another scale, which must rise.
    func scaled(method: String, by rise: (Double) -> Double) -> Interval {
        Interval(estimate: rise(estimate), low: rise(low), high: rise(high), level: level, method: method)
    }
}
