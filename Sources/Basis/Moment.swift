/// A point in time.
///
/// - Unit: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
/// - Stored as one 64-bit integer by both engines, so order in SQL is order in time.
public struct Moment: Hashable, Comparable, Codable, Sendable {
    public let microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    public static func < (one: Moment, other: Moment) -> Bool { one.microseconds < other.microseconds }

    public static func + (moment: Moment, span: Duration) -> Moment {
        Moment(microseconds: moment.microseconds + span.microseconds)
    }

    public static func - (moment: Moment, span: Duration) -> Moment {
        Moment(microseconds: moment.microseconds - span.microseconds)
    }

    /// The span from `earlier` to `later`.
    public static func - (later: Moment, earlier: Moment) -> Duration {
        .microseconds(later.microseconds - earlier.microseconds)
    }

    /// The civil day in UTC.
    public var day: Day {
        Day(number: Int((microseconds.floored(by: 86_400_000_000))))
    }
}

extension Duration {
    /// Whole microseconds, rounded towards zero.
    public var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    /// Seconds as a real number.
    public var seconds: Double { Double(microseconds) / 1_000_000 }

    /// A span of whole minutes.
    public static func minutes(_ count: some BinaryInteger) -> Duration { .seconds(Int64(count) * 60) }
    /// A span of whole hours.
    public static func hours(_ count: some BinaryInteger) -> Duration { .seconds(Int64(count) * 3_600) }
    /// A span of days of 24 hours.
    public static func days(_ count: some BinaryInteger) -> Duration { .seconds(Int64(count) * 86_400) }
}

extension Int64 {
    /// The quotient rounded down, also below zero.
    func floored(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
