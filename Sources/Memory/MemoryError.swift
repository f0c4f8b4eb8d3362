public import Basis

/// What a memory model or a schedule cannot be made of.
public enum MemoryError: Error, Hashable, Sendable {
    case wrongCount(Int)
    case parameterOutOfRange(place: Int, allowed: ClosedRange<Double>)
    case retentionOutOfRange(ClosedRange<Double>)
    case maximumIntervalOutOfRange(ClosedRange<Int>)
    case capOutOfRange
    case sharesOutOfRange
}

extension MemoryError: ProblemConvertible {
    /// For the author of the setting.
    public var problem: Problem {
        switch self {
        case .wrongCount(let count):
            Problem(.invalid, "memory-parameters", "The memory model takes 21 parameters, not \(count).")
        case .parameterOutOfRange(let place, let allowed):
            Problem(
                .invalid, "memory-parameters",
                "Parameter \(place) must lie between \(allowed.lowerBound) and \(allowed.upperBound).")
        case .retentionOutOfRange(let allowed):
            Problem(
                .invalid, "desired-retention",
                "The desired retention must lie between \(allowed.lowerBound) and \(allowed.upperBound).")
        case .maximumIntervalOutOfRange(let allowed):
            Problem(
                .invalid, "maximum-interval",
                "The longest interval must be \(allowed.lowerBound) to \(allowed.upperBound) days.")
        case .capOutOfRange:
            Problem(.invalid, "daily-cap", "A daily cap must be at least 1 review.")
        case .sharesOutOfRange:
            Problem(
                .invalid, "easy-days",
                "Each of the 7 days of the week takes a share from 0 to 1, and one of them more than 0.")
        }
    }
}
