public import Basis

/// A span of the calendar: so many days, or so many months.
public enum CalendarPeriod: Hashable, Sendable {
    case days(Int)
    case months(Int)

    /// The day `count` periods after `anchor`.
    ///
    /// Months keep the anchor's day of the month, or take the month's last day when it has no such day. They are
    /// counted from the anchor each time, not from one another, so that 31 January is followed by 28 February and
    /// then by 31 March.
    public func day(_ count: Int = 1, after anchor: Day) -> Day {
        switch self {
        case .days(let days): anchor + days * count
        case .months(let months): anchor.addingMonths(months * count)
        }
    }

    /// The least count with which `day(_:after:)` is after `day`; below zero when the anchor is far after it. The
    /// period must be longer than nothing.
    public func count(after anchor: Day, beyond day: Day) -> Int {
        var count =
            switch self {
            case .days(let days): (day - anchor) / days - 1
            case .months(let months): (Month(day).index - Month(anchor).index) / months - 1
            }
        while self.day(count, after: anchor) <= day { count += 1 }
        return count
    }
}

extension Day {
    /// The same day of the month, or the month's last day when there is none. `count` may be below zero.
    func addingMonths(_ count: Int) -> Day {
        let month = Month(index: Month(self).index + count)
        return min(month.firstDay + (civil.day - 1), month.lastDay)
    }
}
