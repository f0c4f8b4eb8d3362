import Basis
import Foundation
import Testing

@testable import Intent

/// A rule and five years of one person's life under it, with what became known when.
private struct Career {
    let rule: CertificationRule
    let events: [CertificationEvent]
    /// 1 June 2023, so that two leap days lie within five years.
    static let first = Day(number: 19_509)
    static let last = first + 1_830
    static let zones = [
        "UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Niue", "Asia/Kathmandu",
        "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca",
    ]

    init(using dice: inout Dice) throws {
        rule = try Self.rule(using: &dice)
        events = Self.events(under: rule, using: &dice)
    }

    static func rule(using dice: inout Dice) throws -> CertificationRule {
        func one<Value>(_ values: [Value], _ dice: inout Dice) -> Value {
            values[Int.random(in: values.indices, using: &dice)]
        }
        let period: CalendarPeriod = one(
            [.months(3), .months(3), .months(1), .months(12), .days(91), .days(30)], &dice)
        let firstDue: CertificationRule.Due = one(
            [
                .after(.hired, .days(30)), .after(.assigned, .days(14)), .after(.assigned, .months(1)),
                .on(first + 200),
            ], &dice)
        let renewalDue: CertificationRule.Due = one(
            [
                .after(.previousExpiry, .days(0)), .after(.previousExpiry, .days(0)),
                .after(.previousExpiry, .days(-5)), .after(.previousExpiry, .days(10)),
                .after(.previousCompletion, period), .on(first + 900),
            ], &dice)
        let reminders = ReminderRule(
            daysBefore: one([[], [14, 3], [30, 7, 1]], &dice), person: one([[], [1]], &dice),
            manager: one([[], [3, 10]], &dice), owner: one([[], [10, 60]], &dice))
        return try CertificationRule(
            activePeriod: period, windowDays: one([0, 7, 14, 28, 45], &dice),
            base: one([.expiry, .expiry, .completion, .fixed(first + 122)], &dice),
            firstDue: firstDue, renewalDue: renewalDue, graceDays: one([0, 0, 5, 14], &dice),
            minimumDays: one([0, 0, 7, 14], &dice), zone: one(zones, &dice), reminders: reminders)
    }

    /// Most complete most cycles, early or late; some are away, leave, come back, and what is known late is known late.
    private static func events(under rule: CertificationRule, using dice: inout Dice) -> [CertificationEvent] {
        var state = CertificationState()
        var events: [CertificationEvent] = []
        var at = first.start + .microseconds(Int64.random(in: 0..<86_400_000_000, using: &dice))
        func add(_ fact: CertificationFact) {
            let event = CertificationEvent(at: at, fact)
            _ = state.apply(event, by: rule)
            events.append(event)
        }
        let keenness = Int.random(in: 30...95, using: &dice)
        let hiredOn = first + Int.random(in: -40...40, using: &dice)
        add(.hired(on: hiredOn))
        add(.assigned(on: hiredOn + Int.random(in: 0...20, using: &dice)))
        while true {
            at = at + .microseconds(Int64.random(in: 1...12 * 86_400_000_000, using: &dice))
            let today = rule.day(of: at)
            if today > last { return events }
            _ = state.advance(to: today, by: rule)
            func day(_ range: ClosedRange<Int>, _ dice: inout Dice) -> Day {
                today + Int.random(in: range, using: &dice)
            }
            switch Int.random(in: 0..<400, using: &dice) {
            case 0..<4: add(.left(on: day(-3...20, &dice)))
            case 4..<7: add(.released(on: day(-3...20, &dice)))
            case 7..<12:
                let from = day(-20...20, &dice)
                add(.leave(from: from, until: from + Int.random(in: 0...200, using: &dice)))
            case 12..<15: add(.leave(from: day(-20...20, &dice), until: nil))
            case 15..<19:
                let from = day(-20...20, &dice)
                add(.exempted(from: from, until: from + Int.random(in: 0...120, using: &dice), reason: "external"))
            case 19..<25: add(.extended(until: day(-5...40, &dice)))
            case 25..<40: add(.returned(on: day(-5...10, &dice)))
            case 40..<55: add(.hired(on: day(-3...30, &dice)))
            case 55..<70: add(.assigned(on: day(-3...30, &dice)))
            case 70..<75: add(.earned(at - .days(Int.random(in: 0...40, using: &dice)), .equivalence))
            case 75..<78: add(.readmitted(on: day(-5...10, &dice)))
            default:
                if state.current != nil, Int.random(in: 0..<100, using: &dice) < keenness {
                    let back = Int.random(in: 0...9, using: &dice) == 0 ? Int.random(in: 0...30, using: &dice) : 0
                    add(.earned(at - .days(back), Bool.random(using: &dice) ? .completion : .testOut))
                }
            }
        }
    }
}

@Suite struct CertificationPropertyTests {
    /// 10,000 people, who have 277,000 cycles in five years, take half a minute of an optimised build. A debug build
    /// takes fewer.
    static let people = ProcessInfo.processInfo.environment["LEEWAY_TEST_CAREERS"].flatMap { Int($0) } ?? 250

    /// The cycles as the simulation writes them.
    private func lines(_ history: [CertificationEntry]) -> [CertificationSimulation.Cycle] {
        CertificationCycle.cycles(of: history).map { cycle in
            CertificationSimulation.Cycle(
                number: cycle.number, opensOn: cycle.opensOn, dueOn: cycle.dueOn, state: cycle.state,
                completedOn: cycle.completedOn, expiresOn: cycle.expiresOn, lapsedOn: cycle.lapsedOn,
                closedOn: cycle.closedOn, reason: cycle.reason)
        }
    }

    private func notices(_ history: [CertificationEntry]) -> [CertificationSimulation.Notice] {
        history.compactMap { entry in
            guard case .notice(let step) = entry.what else { return nil }
            return CertificationSimulation.Notice(day: entry.day, cycle: entry.cycle, step: step)
        }
    }

    @Test func `cycles and notices are those of looking at every day`() throws {
        var dice = Dice(seed: 81)
        var states: [CertificationCycle.State: Int] = [:]
        var (cycles, notices, wrong) = (0, 0, 0)
        for person in 0..<Self.people {
            let career = try Career(using: &dice)
            let history = career.rule.replay(career.events, through: Career.last).history
            var simulation = CertificationSimulation(career.rule, through: Career.last)
            simulation.run(career.events)
            let found = lines(history)
            if found != simulation.cycles || self.notices(history) != simulation.notices {
                wrong += 1
                let place = zip(found, simulation.cycles).first { $0 != $1 }
                Issue.record("\(person): \(career.rule) \(career.events) \(String(describing: place))")
                if wrong > 3 { return }
            }
            #expect(found.map(\.number) == Array(1...max(1, found.count)).prefix(found.count).map { $0 })
            #expect(zip(found, found.dropFirst()).allSatisfy { $0.opensOn <= $1.opensOn && $0.closedOn != nil })
            for cycle in found { states[cycle.state, default: 0] += 1 }
            cycles += found.count
            notices += simulation.notices.count
        }
        // No end of a cycle is rare, so the test tests all of them.
        #expect(cycles > Self.people * 20 && notices > Self.people * 8)
        for state in [CertificationCycle.State.completed, .excused, .ended] {
            #expect(states[state, default: 0] > Self.people / 4, "\(state)")
        }
    }

    @Test func `nightly runs that are skipped or doubled change nothing, and nothing written changes`() throws {
        var dice = Dice(seed: 82)
        for _ in 0..<Self.people {
            let career = try Career(using: &dice)
            let (rule, events) = (career.rule, career.events)
            let whole = rule.replay(events, through: Career.last)
            var state = CertificationState()
            var history: [CertificationEntry] = []
            var rest = events[...]
            var day = Career.first + -1
            let isSelecting = Bool.random(using: &dice)
            while day <= Career.last {
                while let event = rest.first, rule.day(of: event.at) <= day {
                    history += state.apply(event, by: rule)
                    rest = rest.dropFirst()
                }
                // A run looks at those only whose day has come.
                if !isSelecting || state.nextDay(by: rule).map({ $0 <= day }) ?? false {
                    for _ in 0..<Int.random(in: 0...2, using: &dice) { history += state.advance(to: day, by: rule) }
                }
                if Int.random(in: 0..<200, using: &dice) == 0 {
                    _ = state.advance(to: day, by: rule).map { history.append($0) }
                    #expect(Array(whole.history.prefix(history.count)) == history)
                    #expect(rule.replay(events.filter { rule.day(of: $0.at) <= day }, through: day).history == history)
                }
                day = day + (Int.random(in: 0...9, using: &dice) == 0 ? Int.random(in: 2...20, using: &dice) : 1)
            }
            for event in rest { history += state.apply(event, by: rule) }
            history += state.advance(to: Career.last, by: rule)
            #expect(history == whole.history, "\(rule) \(events)")
            #expect(state == whole.state)
            #expect(CertificationState(text: state.text) == state)
            let told = notices(history)
            #expect(Set(told).count == told.count)
        }
    }

    @Test func `a rule that changes changes nothing that was written, whenever somebody looks`() throws {
        var dice = Dice(seed: 84)
        for _ in 0..<Self.people {
            let career = try Career(using: &dice)
            var revisions: [CertificationRevision] = []
            for place in 0..<2 {
                let since =
                    (Career.first + (300 + 700 * place)).start + .seconds(Int64.random(in: 0...9_999_999, using: &dice))
                revisions.append(CertificationRevision(since: since, rule: try Career.rule(using: &dice)))
            }
            let whole = career.rule.replay(career.events, revisions: revisions, through: Career.last)
            var (rule, state) = (career.rule, CertificationState())
            var history: [CertificationEntry] = []
            var (events, changes) = (career.events[...], revisions[...])
            func revise(before moment: Moment) {
                while let next = changes.first, next.since <= moment {
                    history += state.revise(at: next.since, from: rule, to: next.rule)
                    (rule, changes) = (next.rule, changes.dropFirst())
                }
            }
            var day = Career.first
            while rule.day(of: day.start + .hours(12)) <= Career.last {
                while let event = events.first, event.at < day.start + .hours(12) {
                    revise(before: event.at)
                    history += state.apply(event, by: rule)
                    events = events.dropFirst()
                }
                revise(before: day.start + .hours(12))
                let night = rule.day(of: day.start + .hours(12))
                if state.nextDay(by: rule).map({ $0 <= night }) ?? false {
                    history += state.advance(to: night, by: rule)
                }
                day = day + Int.random(in: 1...8, using: &dice)
            }
            for event in events where rule.day(of: event.at) <= Career.last {
                revise(before: event.at)
                history += state.apply(event, by: rule)
            }
            history += state.advance(to: Career.last, by: rule)
            #expect(history == whole.history && state == whole.state, "\(career.rule) \(revisions) \(career.events)")
            let told = notices(history)
            #expect(Set(told).count == told.count)
        }
    }

    @Test func `a day that nextDay does not name brings nothing`() throws {
        var dice = Dice(seed: 83)
        for _ in 0..<min(Self.people, 60) {
            let career = try Career(using: &dice)
            let until = career.events[Int.random(in: career.events.indices, using: &dice)].at
            let day = career.rule.day(of: until)
            let known = career.events.filter { $0.at <= until }
            var state = career.rule.replay(known, through: day).state
            for later in 1...400 {
                let next = state.nextDay(by: career.rule)
                var looked = state
                var entries: [CertificationEntry] = []
                // Everything that a day brings, without asking whether it may bring anything.
                looked.today = day + later
                looked.settle(day + later, career.rule, &entries)
                if next.map({ $0 > day + later }) ?? true {
                    #expect(entries.isEmpty, "\(career.rule) \(known) \(day + later)")
                }
                _ = state.advance(to: day + later, by: career.rule)
            }
        }
    }
}
