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
}
