public import Basis

/// What mandates may take of one person's time: by month, and up to any day.
///
/// With M the policy's minutes a month, s the learner's guaranteed share, p the part of full time, and w/W the weight
/// of the working days present over that of all the month's working days, a month has the budget ⌈M·p·w/W⌉ and the
/// ceiling ⌊M·(1 − s)·p·w/W⌋. The guarantee is their difference, so it is never below M·s·p·w/W. Full time without
/// absence gives the policy's own numbers, whatever the month.
///
/// Neither mandates nor what was spent enter any of the three. So no mandate can change what is guaranteed.
public struct Capacity: Hashable, Sendable {
    /// The most months that are planned ahead. A later deadline counts as due in the last of them.
    public static let monthLimit = 60
    /// The most minutes that a policy may set for a month: a month has no more.
    public static let minutesLimit = 44_640

    /// Nothing is placed before it.
    public let today: Day
    /// A month's learning time for full time without absence.
    /// - Unit: minutes. Range: 0…`minutesLimit`.
    public let minutes: Int
    /// The guaranteed share. Range: 0…10,000.
    public let shareBasisPoints: Int
    /// The most minutes of mandates on one working day; nil for no limit. Range: 0…1,440.
    public let dailyLimit: Int?
    public let working: WorkingTime
    /// From the current month, `monthLimit` of them. They follow from the rest.
    let months: [CapacityMonth]

    public init(
        today: Day, minutes: Int, shareBasisPoints: Int, dailyLimit: Int? = nil, working: WorkingTime = WorkingTime()
    ) {
        let pattern = CapacityPattern(
            today: today, minutes: minutes, shareBasisPoints: shareBasisPoints, dailyLimit: dailyLimit,
            week: working.week, holidays: working.holidays)
        self.today = today
        self.minutes = minutes
        self.shareBasisPoints = shareBasisPoints
        self.dailyLimit = dailyLimit
        self.working = working
        var months = pattern.months
        for range in working.daysAway(from: Month(today).firstDay, to: pattern.lastDay) {
            pattern.remove(from: range.lowerBound.number, to: range.upperBound.number, of: &months)
        }
        pattern.sum(&months)
        self.months = months
    }

    /// The current month.
    public var month: Month { Month(today) }

    /// The month's learning time, rounded up.
    /// - Unit: minutes. 0 before the current month; the last planned month's after it.
    public func budget(in month: Month) -> Int { slot(month).map { Int(months[$0].budget) } ?? 0 }
    /// What mandates may ask of the month in all, rounded down.
    public func ceiling(in month: Month) -> Int { slot(month).map { Int(months[$0].ceiling) } ?? 0 }
    /// What is the learner's own in the month, whatever is asked: budget − ceiling.
    public func guaranteed(in month: Month) -> Int { budget(in: month) - ceiling(in: month) }

    /// Days of a month on which others work and this person does not: absences, and what lies outside employment.
    public func daysAway(in month: Month) -> [Day] {
        (0...month.lastDay - month.firstDay).map { month.firstDay + $0 }.filter { day in
            working.week.weight(ofWeekday: day.weekday) > 0 && !working.isWorking(on: day)
                && !working.holidays.contains { $0.contains(day) }
        }
    }

    /// What the guarantee leaves after recorded overrides, which alone may eat into it. Never below 0.
    public func guaranteed(in month: Month, after overrides: some Sequence<MandatePreview.MonthMinutes>) -> Int {
        max(0, overrides.reduce(guaranteed(in: month)) { $1.month == month ? $0 - $1.minutes : $0 })
    }

    /// The most minutes of mandates that can be done from today up to a day, with it, after `spent` minutes of the
    /// current month's ceiling: the sum over months of min(ceiling left, daily limit × working days until then). A
    /// month without a working day until then counts nothing.
    public func minutes(upTo day: Day, spent: Int = 0) -> Int {
        day < today ? 0 : minutes(upTo: Due(day, on: today), spent: spent)
    }

    func minutes(upTo due: Due, spent: Int) -> Int { months.minutes(upTo: due, spent: spent, dailyLimit) }

    private func slot(_ month: Month) -> Int? {
        let offset = month.index - self.month.index
        return offset < 0 ? nil : min(offset, Capacity.monthLimit - 1)
    }

    public static func == (one: Capacity, other: Capacity) -> Bool {
        one.today == other.today && one.minutes == other.minutes && one.shareBasisPoints == other.shareBasisPoints
            && one.dailyLimit == other.dailyLimit && one.working == other.working
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(today)
        hasher.combine(minutes)
        hasher.combine(shareBasisPoints)
        hasher.combine(dailyLimit)
        hasher.combine(working)
    }
}

/// A deadline as the planner counts it: a month from the current one, and a day of it.
struct Due: Hashable, Comparable, Sendable {
    /// Range: 0..<`Capacity.monthLimit`.
    let offset: Int
    /// Range: 1…31.
    let day: Int

    init(offset: Int, day: Int) {
        self.offset = offset
        self.day = day
    }

    /// What is overdue is due at the end of the current month, what is beyond the limit at its end.
    init(_ deadline: Day, on today: Day) {
        let month = Month(today)
        let limit = month + (Capacity.monthLimit - 1)
        let day = deadline < today ? month.lastDay : Month(deadline) > limit ? limit.lastDay : deadline
        let (year, number, dayOfMonth) = day.civil
        self.init(offset: year * 12 + number - 1 - month.index, day: dayOfMonth)
    }

    static func < (one: Due, other: Due) -> Bool { (one.offset, one.day) < (other.offset, other.day) }
}

/// One month of one person.
struct CapacityMonth: Hashable, Sendable {
    /// The working days of the month, gone or to come.
    var present: DaysOfMonth
    /// Those from today.
    var days: DaysOfMonth
    var budget: Int32
    var ceiling: Int32
    /// Minutes that mandates may take of the month from today, before anything is spent.
    var full: Int32
    /// The sum of `full` over the months between the current one and this one, without both.
    var before: Int32
}

extension [CapacityMonth] {
    /// See `Capacity.minutes(upTo:spent:)`. The parts of a month that is over are not asked for.
    func minutes(upTo due: Due, spent: Int, _ dailyLimit: Int?) -> Int {
        if due.offset == 0 { return first(upTo: due.day, spent: spent, dailyLimit) }
        let month = self[due.offset]
        let own = Int(month.ceiling).limited(to: month.days.upTo(due.day), dailyLimit)
        return first(upTo: 31, spent: spent, dailyLimit) + Int(month.before) + own
    }

    /// Whether a working day is left until then.
    func hasDay(upTo due: Due) -> Bool {
        self[..<due.offset].contains { !$0.days.isEmpty } || !self[due.offset].days.upTo(due.day).isEmpty
    }

    /// What the month at `offset` holds in full.
    func minutes(in offset: Int, spent: Int, _ dailyLimit: Int?) -> Int {
        offset == 0 ? first(upTo: 31, spent: spent, dailyLimit) : Int(self[offset].full)
    }

    private func first(upTo day: Int, spent: Int, _ dailyLimit: Int?) -> Int {
        Swift.max(0, Int(self[0].ceiling) - spent).limited(to: self[0].days.upTo(day), dailyLimit)
    }
}

extension Int {
    /// The least of it and what these days can hold; nothing without a day.
    func limited(to days: DaysOfMonth, _ dailyLimit: Int?) -> Int {
        guard let dailyLimit else { return days.isEmpty ? 0 : self }
        return Swift.min(self, dailyLimit * days.count)
    }
}

extension WorkingTime {
    /// Days within the span on which the person is away or not employed.
    func daysAway(from first: Day, to last: Day) -> [ClosedRange<Day>] {
        var away = absences
        if let employedFrom, employedFrom > first { away.append(first...(employedFrom + -1)) }
        if let employedUntil, employedUntil < last { away.append((employedUntil + 1)...max(last, employedUntil + 1)) }
        return away
    }
}
