import Basis
import Foundation
import Intent

/// What certification rules say, done day by day with nothing remembered but what is on paper: the cycles and the
/// notices of one person. It shares no code with the state machine; months and time zones are Foundation's.
struct CertificationSimulation {
    struct Cycle: Equatable {
        let number: Int
        let opensOn: Day
        var dueOn: Day
        var state = CertificationCycle.State.open
        var completedOn: Day?
        var expiresOn: Day?
        var lapsedOn: Day?
        var closedOn: Day?
        var reason: String?
    }

    struct Notice: Hashable {
        let day: Day
        let cycle: Int
        let step: ReminderRule.Step
    }

    let rule: CertificationRule
    private(set) var cycles: [Cycle] = []
    private(set) var notices: [Notice] = []
    private var calendar = Calendar(identifier: .gregorian)
    private var local = Calendar(identifier: .gregorian)
    private var away: [(days: Set<Day>, reason: String?)] = []
    private var later: [(day: Day, fact: CertificationFact)] = []
    private var hired: Day?
    private var assigned: Day?
    private var employed = false
    private var asked = false
    private var planned: (opens: Day, due: Day)?
    private var lastDone: Day?
    private var validThrough: Day?
    /// The days on which active periods may end, counted from the first.
    private var grid: (start: Day, place: Int)?
    private var quietThrough = Day(number: 0)
    private let last: Day

    init(_ rule: CertificationRule, through last: Day) {
        self.rule = rule
        self.last = last
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        local.timeZone = rule.zone
    }

    mutating func run(_ events: [CertificationEvent]) {
        guard let first = events.first else { return }
        var rest = events[...]
        var day = civil(first.at)
        while day <= last {
            let come = later.filter { $0.day == day }
            later.removeAll { $0.day == day }
            for one in come { learn(one.fact, day) }
            look(day)
            while let event = rest.first, civil(event.at) <= day {
                rest = rest.dropFirst()
                if let from = start(of: event.fact), from > day {
                    later.append((from, event.fact))
                } else {
                    learn(event.fact, day)
                }
                look(day)
            }
            day = day + 1
        }
    }

    /// The calendar's day in the rule's zone.
    func civil(_ moment: Moment) -> Day {
        let date = Date(timeIntervalSince1970: Double(moment.microseconds / 1_000_000))
        let parts = local.dateComponents([.year, .month, .day], from: date)
        return Day(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0) ?? Day(number: 0)
    }

    private func start(of fact: CertificationFact) -> Day? {
        switch fact {
        case .hired(let day), .left(let day), .assigned(let day), .released(let day): day
        default: nil
        }
    }

    private func date(_ period: CalendarPeriod, _ count: Int, from day: Day) -> Day {
        switch period {
        case .days(let days): return day + days * count
        case .months(let months):
            let start = Date(timeIntervalSince1970: Double(day.number) * 86_400)
            let end = calendar.date(byAdding: .month, value: months * count, to: start) ?? start
            return Day(number: Int((end.timeIntervalSince1970 / 86_400).rounded(.down)))
        }
    }

    private func isAway(_ day: Day) -> Bool { away.contains { $0.days.contains(day) } }
    private func isValid(_ day: Day) -> Bool { validThrough.map { $0 >= day } ?? false }
    private var openPlace: Int? { cycles.lastIndex { $0.closedOn == nil } }

    /// One look at the person on a day. Looking again must find nothing new.
    private mutating func look(_ day: Day) {
        if let place = openPlace, cycles[place].state == .open, isAway(day + -1), !isAway(day) {
            postpone(place, to: day + rule.minimumDays, day)
        }
        if let planned {
            if planned.opens <= day {
                begin(day, due: planned.due)
            } else if !isValid(day), !isAway(day) {
                grid = nil
                begin(day, due: day + rule.minimumDays)
            }
        }
        if let place = openPlace, cycles[place].dueOn < day, isAway(cycles[place].dueOn) {
            cycles[place].state = .excused
            cycles[place].closedOn = day
            cycles[place].reason = away.first { $0.days.contains(cycles[place].dueOn) }?.reason
            grid =
                fixed(after: cycles[place].dueOn) ?? grid.map { ($0.start, $0.place + 1) } ?? (cycles[place].dueOn, 1)
            plan(day + 1)
        }
        if let place = openPlace, cycles[place].state == .open, cycles[place].dueOn + rule.graceDays < day {
            cycles[place].state = .lapsed
            cycles[place].lapsedOn = day
        }
        if let place = openPlace, quietThrough < day {
            quietThrough = day
            for step in rule.reminders.steps where !isAway(day) && day - cycles[place].dueOn == step.days {
                notices.append(Notice(day: day, cycle: cycles[place].number, step: step))
            }
        }
    }

    private mutating func postpone(_ place: Int, to due: Day, _ day: Day) {
        if due <= cycles[place].dueOn { return }
        cycles[place].dueOn = due
        quietThrough = day
    }

    private mutating func begin(_ day: Day, due: Day) {
        planned = nil
        quietThrough = day + -1
        cycles.append(Cycle(number: cycles.count + 1, opensOn: day, dueOn: due))
    }

    /// Plans the cycle that renews what ends at the present place of the grid.
    private mutating func plan(_ earliest: Day) {
        guard let grid else { return }
        let end = date(rule.activePeriod, grid.place, from: grid.start)
        let opens = max(earliest, end + -rule.windowDays)
        planned = (opens, due(rule.renewalDue, opens, end))
    }

    private func due(_ due: CertificationRule.Due, _ opens: Day, _ end: Day?) -> Day {
        var found = end ?? opens
        switch due {
        case .on(let day): if day >= opens { found = day }
        case .after(let anchor, let period):
            let from =
                switch anchor {
                case .hired: hired
                case .assigned: assigned
                case .previousExpiry: end
                case .previousCompletion: lastDone
                }
            if let from, date(period, 1, from: from) >= opens { found = date(period, 1, from: from) }
        }
        return max(found, opens + rule.minimumDays)
    }

    private mutating func learn(_ fact: CertificationFact, _ day: Day) {
        switch fact {
        case .hired(let on):
            if employed { return }
            employed = true
            hired = on
            if asked { start(day) }
        case .assigned(let on):
            if asked { return }
            asked = true
            assigned = on
            if employed { start(day) }
        case .left:
            employed = false
            stop(day)
        case .released:
            asked = false
            stop(day)
        case .leave(let from, let until): away.append((days(from, until ?? last + 400), nil))
        case .exempted(let from, let until, let reason): away.append((days(from, until), reason))
        case .returned(let on):
            for place in away.indices where away[place].reason == nil && away[place].days.contains(max(on, day)) {
                away[place].days = away[place].days.filter { $0 < max(on, day) }
            }
        case .readmitted(let on):
            for place in away.indices where away[place].reason != nil && away[place].days.contains(max(on, day)) {
                away[place].days = away[place].days.filter { $0 < max(on, day) }
            }
        case .extended(let until):
            if let place = openPlace, cycles[place].state == .open { postpone(place, to: until, day) }
        case .earned(let moment, _): earn(min(civil(moment), day), day)
        case .revoked, .unextended: break  // Not simulated: CertificationUndoTests.
        }
    }

    private func days(_ from: Day, _ until: Day) -> Set<Day> {
        from <= until ? Set((from.number...until.number).map { Day(number: $0) }) : []
    }

    private mutating func start(_ day: Day) {
        if isValid(day), grid != nil {
            plan(day)
        } else {
            grid = nil
            planned = (day, due(rule.firstDue, day, nil))
        }
    }

    private mutating func stop(_ day: Day) {
        planned = nil
        if let place = openPlace {
            cycles[place].state = .ended
            cycles[place].closedOn = day
        }
    }

    private mutating func earn(_ on: Day, _ day: Day) {
        let isBefore = on < (openPlace.map { cycles[$0].opensOn } ?? day)
        let afresh = fixed(after: on) ?? (on, 1)
        if isBefore, isValid(on) || date(rule.activePeriod, afresh.place, from: afresh.start) < day { return }
        if openPlace == nil, planned != nil, !isValid(day) {
            grid = nil
            begin(day, due: day + rule.minimumDays)
        }
        guard let place = openPlace else { return }
        let isLate = isBefore || cycles[place].dueOn + rule.graceDays < on
        grid = next(on, isLate: isLate)
        let end = grid.map { date(rule.activePeriod, $0.place, from: $0.start) }
        cycles[place].state = .completed
        cycles[place].completedOn = on
        cycles[place].closedOn = day
        cycles[place].expiresOn = end
        lastDone = on
        validThrough = end
        plan(day + 1)
    }

    /// The first day of the common grid that is further away than the window.
    private func fixed(after day: Day) -> (start: Day, place: Int)? {
        guard case .fixed(let start) = rule.base else { return nil }
        var place = -100
        while date(rule.activePeriod, place, from: start) - day <= rule.windowDays { place += 1 }
        return (start, place)
    }

    private func next(_ on: Day, isLate: Bool) -> (start: Day, place: Int) {
        if let common = fixed(after: on) { return common }
        guard rule.base == .expiry, !isLate, let grid,
            date(rule.activePeriod, grid.place + 1, from: grid.start) > on
        else { return (on, 1) }
        return (grid.start, grid.place + 1)
    }
}
