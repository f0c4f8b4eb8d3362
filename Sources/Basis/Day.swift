/// A civil day of the proleptic Gregorian calendar, without a time zone.
///
/// - Source: conversions are Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`
///   and `civil_from_days`.
public struct Day: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    public let number: Int

    public init(number: Int) { self.number = number }

    /// - Returns: nil when there is no such day, such as 30 February.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1, day <= Day.length(ofMonth: month, year: year),
            (0...9_999).contains(year)
        else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = era * 146_097 + dayOfEra - 719_468
    }

    /// Reads `2026-11-23`.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Year, month 1 to 12, day 1 to 31.
    public var civil: (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// Midnight UTC at the start of the day.
    public var start: Moment { Moment(microseconds: Int64(number) * 86_400_000_000) }

    public static func < (one: Day, other: Day) -> Bool { one.number < other.number }
    public static func + (day: Day, count: Int) -> Day { Day(number: day.number + count) }
    public static func - (later: Day, earlier: Day) -> Int { later.number - earlier.number }

    /// 1 is Monday, 7 is Sunday (ISO 8601).
    public var weekday: Int { ((number + 3) % 7 + 7) % 7 + 1 }

    static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Day: CustomStringConvertible {
    /// ISO 8601, such as `2026-11-23`.
    public var description: String {
        let (year, month, day) = civil
        return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))"
    }
}

/// A calendar month: the period over which learning time is budgeted.
public struct Month: Hashable, Comparable, Sendable {
    public let year: Int
    /// 1 to 12.
    public let month: Int

    public init(_ day: Day) {
        let (year, month, _) = day.civil
        self.year = year
        self.month = month
    }

    /// The month `offset` months after month 1 of year 0.
    public init(index: Int) {
        year = index / 12
        month = index % 12 + 1
    }

    /// Months since month 1 of year 0: adjacent months differ by 1.
    public var index: Int { year * 12 + month - 1 }
    public var next: Month { Month(index: index + 1) }

    public var firstDay: Day { Day(year: year, month: month, day: 1) ?? Day(number: 0) }
    public var lastDay: Day { next.firstDay + -1 }

    public static func < (one: Month, other: Month) -> Bool { one.index < other.index }
}

extension Month: CustomStringConvertible {
    /// Such as `2026-11`.
    public var description: String { "\(padded(year, to: 4))-\(padded(month, to: 2))" }
}

func padded(_ number: Int, to width: Int) -> String {
    let text = String(number)
    return text.count >= width ? text : String(repeating: "0", count: width - text.count) + text
}
