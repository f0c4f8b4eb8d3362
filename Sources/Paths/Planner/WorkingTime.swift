public import Basis

/// On which weekdays somebody works, and how much of full time that is.
///
/// Two numbers say it. A weekday's weight says how much of the person's own week it holds, so that a day's absence
/// takes its part of the month. The share says what part of full time the whole week is. So four long days can be
/// full time, and a month's budget does not depend on how many of somebody's weekdays happen to fall into it.
public struct WorkingWeek: Hashable, Sendable {
    /// Monday first. The eighth place is always 0.
    /// - Unit: basis points of a full working day. Range: 0…10,000; 0 is a day off.
    let weights: SIMD8<UInt16>
    /// - Unit: basis points of full time. Range: 0…10,000.
    public let shareBasisPoints: Int

    /// Full days of equal weight on the weekdays given, 1 for Monday to 7 for Sunday. `shareBasisPoints` is the part
    /// of full time, 0…10,000.
    public init(days: some Sequence<Int>, shareBasisPoints: Int = 10_000) {
        precondition((0...10_000).contains(shareBasisPoints), "a share is between 0 and 10,000 basis points")
        var weights = SIMD8<UInt16>(repeating: 0)
        for day in days {
            precondition((1...7).contains(day), "a weekday is between 1 and 7")
            weights[day - 1] = 10_000
        }
        self.weights = weights
        self.shareBasisPoints = shareBasisPoints
    }

    /// A share of a full day for each weekday, Monday first: seven numbers of 0…10,000 basis points. `fullDays` is how
    /// many full days a full-time week has; the part of full time follows, rounded to a basis point.
    public init(dayShares: [Int], fullDays: Int = 5) {
        precondition(dayShares.count == 7 && (1...7).contains(fullDays), "a week has seven days")
        precondition(dayShares.allSatisfy { (0...10_000).contains($0) }, "a share is 0 to 10,000 basis points")
        var weights = SIMD8<UInt16>(repeating: 0)
        for (place, share) in dayShares.enumerated() { weights[place] = UInt16(share) }
        self.weights = weights
        shareBasisPoints = min(10_000, (dayShares.reduce(0, +) + fullDays / 2) / fullDays)
    }

    /// Monday to Friday, full time.
    public static let standard = WorkingWeek(days: 1...5)
    /// Every day of the week, full time: for an organisation that keeps no calendar.
    public static let everyDay = WorkingWeek(days: 1...7)

    /// The weight of a weekday, 1 for Monday to 7 for Sunday.
    /// - Unit: basis points of a full working day.
    public func weight(ofWeekday weekday: Int) -> Int { Int(weights[weekday - 1]) }
}

/// When one person works: weekdays, part of full time, holidays, absences and employment.
public struct WorkingTime: Hashable, Sendable {
    public let week: WorkingWeek
    /// Days on which nobody works. They belong to the norm: a month's budget is for the working days that it has, so a
    /// holiday takes nothing from it.
    public let holidays: [ClosedRange<Day>]
    /// Days on which this person is away though others work: leave, illness, parental leave. They take their part of
    /// the month's budget. In the order of their first days.
    public let absences: [ClosedRange<Day>]
    /// The first day of employment; nil when it began before anything that is planned.
    public let employedFrom: Day?
    /// The last day of employment; nil when no end is known.
    public let employedUntil: Day?

    public init(
        week: WorkingWeek = .standard, holidays: [ClosedRange<Day>] = [], absences: [ClosedRange<Day>] = [],
        employedFrom: Day? = nil, employedUntil: Day? = nil
    ) {
        self.week = week
        self.holidays = holidays
        self.absences = absences.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        self.employedFrom = employedFrom
        self.employedUntil = employedUntil
    }

    /// Whether the person works on a day.
    public func isWorking(on day: Day) -> Bool {
        week.weight(ofWeekday: day.weekday) > 0 && isEmployed(on: day)
            && !holidays.contains { $0.contains(day) } && !absences.contains { $0.contains(day) }
    }

    /// Whether a day lies within the employment.
    public func isEmployed(on day: Day) -> Bool {
        employedFrom.map { $0 <= day } ?? true && employedUntil.map { day <= $0 } ?? true
    }
}

/// Some of the days of one month.
struct DaysOfMonth: Hashable, Sendable {
    /// Bit d − 1 is day d.
    var bits: UInt32

    init(bits: UInt32) { self.bits = bits }

    /// Every day of a month of that length.
    init(length: Int) { bits = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(length)) - 1) }

    /// The days of a weekday (1 to 7) in a month whose first day is on `first` (1 to 7), of 31 days.
    init(weekday: Int, first: Int) {
        // Bits 0, 7, 14, 21 and 28.
        bits = 0x1020_4081 << UInt32((weekday - first + 7) % 7) & 0x7FFF_FFFF
    }

    var count: Int { bits.nonzeroBitCount }
    var isEmpty: Bool { bits == 0 }
    /// The last of them, 1 to 31; nil when there is none.
    var last: Int? { isEmpty ? nil : 32 - bits.leadingZeroBitCount }

    /// Those up to a day of the month, 0 to 31, with it.
    func upTo(_ day: Int) -> DaysOfMonth { DaysOfMonth(bits: bits & DaysOfMonth(length: day).bits) }
    /// Those from a day of the month, 1 to 32, with it.
    func from(_ day: Int) -> DaysOfMonth { DaysOfMonth(bits: bits & ~DaysOfMonth(length: day - 1).bits) }
    /// Those of both.
    func and(_ other: DaysOfMonth) -> DaysOfMonth { DaysOfMonth(bits: bits & other.bits) }
    /// Those without the days `first` to `last`, 1 to 31.
    func without(_ first: Int, _ last: Int) -> DaysOfMonth {
        DaysOfMonth(bits: bits & ~DaysOfMonth(length: last).from(first).bits)
    }
}
