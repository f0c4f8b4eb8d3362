import Basis
import Foundation
import Statistics
import Testing

/// Whether two numbers are the same to a tolerance, relative above 1.
func agree(_ one: Double?, _ other: Double, within tolerance: Double = 1e-6) -> Bool {
    guard let one else { return false }
    return abs(one - other) <= tolerance * max(1, abs(other))
}

/// Whether an interval's ends are these.
func agree(_ interval: Interval?, _ low: Double, _ high: Double, within tolerance: Double = 1e-6) -> Bool {
    agree(interval?.low, low, within: tolerance) && agree(interval?.high, high, within: tolerance)
}

/// Whether nothing about an interval is absurd.
func isSound(_ interval: Interval, within range: ClosedRange<Double> = -1...1) -> Bool {
    interval.low.isFinite && interval.high.isFinite && interval.low <= interval.estimate
        && interval.estimate <= interval.high && range.contains(interval.low) && range.contains(interval.high)
}
