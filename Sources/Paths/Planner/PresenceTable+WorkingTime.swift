import Basis
import People

extension WorkingTerms {
    /// The week that the planner counts with.
    var week: WorkingWeek { WorkingWeek(days: weekdays.sorted(), shareBasisPoints: shareBasisPoints) }
}

extension PresenceTable {
    /// The holidays as spans, the earliest first.
    var holidaySpans: [ClosedRange<Day>] {
        var spans: [ClosedRange<Day>] = []
        for day in holidays.sorted() {
            if let last = spans.last, last.upperBound + 1 == day {
                spans[spans.count - 1] = last.lowerBound...day
            } else {
                spans.append(day...day)
            }
        }
        return spans
    }

    /// When one person works.
    func working(of person: ID<Person>) -> WorkingTime {
        let own = terms[person] ?? .usual
        return WorkingTime(
            week: own.week, holidays: holidaySpans, absences: absences[person] ?? [], employedFrom: own.hiredOn,
            employedUntil: own.leftOn)
    }
}
