import Basis

/// What those share who have the same terms, week and holidays: everything but their absences.
///
/// People who are away differ from it in the months of their absence only, so the rest is counted once.
struct CapacityPattern: Sendable {
    let minutes: Int
    let shareBasisPoints: Int
    let dailyLimit: Int?
    let week: WorkingWeek
    let firstMonth: Month
    /// The last day that is planned.
    let lastDay: Day
    /// As they are for somebody who is never away.
    private(set) var months: [CapacityMonth] = []
    /// What never changes about each month.
    private var frames: [Frame] = []
    /// The weekdays that are worked, and the weight of each when all have the same.
    private let weekdays: [Int]
    private let evenWeight: Int?

    private struct Frame {
        let firstDay: Int
        let length: Int
        /// 1 for Monday to 7 for Sunday.
        let weekday: Int
        /// The weight of all its working days.
        let weight: Int
    }

    init(
        today: Day, minutes: Int, shareBasisPoints: Int, dailyLimit: Int?, week: WorkingWeek,
        holidays: [ClosedRange<Day>]
    ) {
        precondition((0...Capacity.minutesLimit).contains(minutes), "minutes within the limit")
        precondition((0...10_000).contains(shareBasisPoints), "a share is between 0 and 10,000 basis points")
        precondition((0...1_440).contains(dailyLimit ?? 0), "a day has 1,440 minutes")
        self.minutes = minutes
        self.shareBasisPoints = shareBasisPoints
        self.dailyLimit = dailyLimit
        self.week = week
        firstMonth = Month(today)
        lastDay = (firstMonth + (Capacity.monthLimit - 1)).lastDay
        weekdays = (1...7).filter { week.weight(ofWeekday: $0) > 0 }
        let weights = Set(weekdays.map { week.weight(ofWeekday: $0) })
        evenWeight = weights.count == 1 ? weights.first : nil
        months.reserveCapacity(Capacity.monthLimit)
        frames.reserveCapacity(Capacity.monthLimit)
        for offset in 0..<Capacity.monthLimit { append(firstMonth + offset, today, holidays) }
        sum(&months)
    }

    private mutating func append(_ month: Month, _ today: Day, _ holidays: [ClosedRange<Day>]) {
        let (first, last) = (month.firstDay, month.lastDay)
        var days = DaysOfMonth(bits: 0)
        for weekday in weekdays { days.bits |= DaysOfMonth(weekday: weekday, first: first.weekday).bits }
        days = days.upTo(last - first + 1)
        for range in holidays where range.lowerBound <= last && range.upperBound >= first {
            days = days.without(max(range.lowerBound, first) - first + 1, min(range.upperBound, last) - first + 1)
        }
        let weight = weight(of: days, first: first.weekday)
        frames.append(
            Frame(firstDay: first.number, length: last - first + 1, weekday: first.weekday, weight: weight))
        let ahead = today > first ? days.from(today - first + 1) : days
        months.append(CapacityMonth(present: days, days: ahead, budget: 0, ceiling: 0, full: 0, before: 0))
        scale(&months[months.count - 1], frames[frames.count - 1])
    }

    /// Takes the days `first` to `last` (numbers of days) out of the months of one person. `sum` must follow.
    func remove(from first: Int, to last: Int, of months: inout [CapacityMonth]) {
        if last < first || first > lastDay.number || last < frames[0].firstDay { return }
        var offset = Month(Day(number: max(first, frames[0].firstDay))).index - firstMonth.index
        while offset < frames.count, frames[offset].firstDay <= last {
            let frame = frames[offset]
            let (low, high) = (max(1, first - frame.firstDay + 1), min(frame.length, last - frame.firstDay + 1))
            months[offset].present = months[offset].present.without(low, high)
            months[offset].days = months[offset].days.without(low, high)
            scale(&months[offset], frame)
            offset += 1
        }
    }

    /// Sums the months up, after all that is not worked was removed.
    func sum(_ months: inout [CapacityMonth]) {
        var before: Int32 = 0
        for offset in months.indices {
            months[offset].before = before
            if offset > 0 { before += months[offset].full }
        }
    }

    /// Budget and ceiling by the days present. Whole numbers of at most 44,640 × 10⁸ × 31 × 10⁴, below 2⁶³.
    private func scale(_ month: inout CapacityMonth, _ frame: Frame) {
        let whole = frame.weight
        let present = weight(of: month.present, first: frame.weekday)
        guard whole > 0, present > 0 else {
            (month.budget, month.ceiling, month.full) = (0, 0, 0)
            return
        }
        let part = minutes * week.shareBasisPoints * present
        month.budget = Int32((part + 10_000 * whole - 1) / (10_000 * whole))
        let ceiling = part * (10_000 - shareBasisPoints) / (100_000_000 * whole)
        month.ceiling = Int32(ceiling)
        month.full = Int32(ceiling.limited(to: month.days, dailyLimit))
    }

    private func weight(of days: DaysOfMonth, first: Int) -> Int {
        if let evenWeight { return evenWeight * days.count }
        return weekdays.reduce(0) {
            $0 + week.weight(ofWeekday: $1) * days.and(DaysOfMonth(weekday: $1, first: first)).count
        }
    }
}

extension Month {
    static func + (month: Month, offset: Int) -> Month { Month(index: month.index + offset) }
}
