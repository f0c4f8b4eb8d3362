import Basis
import Foundation
import Intent
import Testing

@Suite struct CertificationTests {
    private func day(_ text: String) throws -> Day { try #require(Day(text)) }

    private func rule(
        _ period: CalendarPeriod = .months(3), window: Int = 30, base: CertificationRule.Base = .expiry,
        firstDue: CertificationRule.Due = .after(.assigned, .days(30)),
        renewalDue: CertificationRule.Due = .after(.previousExpiry, .days(0)), grace: Int = 0, minimum: Int = 0,
        zone: String = "UTC", reminders: ReminderRule = ReminderRule()
    ) throws -> CertificationRule {
        try CertificationRule(
            activePeriod: period, windowDays: window, base: base, firstDue: firstDue, renewalDue: renewalDue,
            graceDays: grace, minimumDays: minimum, zone: zone, reminders: reminders)
    }

    /// Somebody hired and assigned on a day, and what became known afterwards at noon UTC of each day.
    private func events(
        _ start: String, _ facts: [(day: String, fact: CertificationFact)] = []
    ) throws -> [CertificationEvent] {
        let first = try day(start)
        let begin = [CertificationFact.hired(on: first), .assigned(on: first)].map {
            CertificationEvent(at: first.start, $0)
        }
        return try begin + facts.map { CertificationEvent(at: try day($0.day).start + .hours(12), $0.fact) }
    }

    private func earned(_ text: String) throws -> (day: String, fact: CertificationFact) {
        (text, .earned(try day(text).start + .hours(12), .completion))
    }

    private func cycles(
        _ rule: CertificationRule, _ events: [CertificationEvent], through last: String
    ) throws -> [CertificationCycle] {
        CertificationCycle.cycles(of: rule.replay(events, through: try day(last)).history)
    }

    @Test func `months are counted from the anchor, so that no month end drifts`() throws {
        let anchor = try day("2024-01-31")
        let ends = (1...14).map { CalendarPeriod.months(1).day($0, after: anchor).description }
        #expect(
            ends == [
                "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30", "2024-07-31", "2024-08-31",
                "2024-09-30", "2024-10-31", "2024-11-30", "2024-12-31", "2025-01-31", "2025-02-28", "2025-03-31",
            ])
        #expect(CalendarPeriod.months(12).day(after: try day("2024-02-29")).description == "2025-02-28")
        #expect(CalendarPeriod.months(12).day(4, after: try day("2024-02-29")).description == "2028-02-29")
        #expect(CalendarPeriod.months(-1).day(after: try day("2024-03-31")).description == "2024-02-29")
        #expect(CalendarPeriod.days(90).day(2, after: try day("2024-01-01")).description == "2024-06-29")
    }

    @Test func `completing inside the window counts from the old expiry, completing late from completion`() throws {
        let facts = try [earned("2026-01-31"), earned("2026-04-10"), earned("2026-08-15")]
        let early = try cycles(try rule(), events("2026-01-10", facts), through: "2026-10-20")
        #expect(early.map(\.opensOn.description) == ["2026-01-10", "2026-03-31", "2026-07-01", "2026-10-16"])
        #expect(early.map(\.dueOn.description) == ["2026-02-09", "2026-04-30", "2026-07-31", "2026-11-15"])
        #expect(early.map { $0.expiresOn?.description } == ["2026-04-30", "2026-07-31", "2026-11-15", nil])
        #expect(early.map(\.state) == [.completed, .completed, .completed, .open])
        #expect(early.map { $0.lapsedOn?.description } == [nil, nil, "2026-08-01", nil])
        let byCompletion = try cycles(try rule(base: .completion), events("2026-01-10", facts), through: "2026-06-20")
        #expect(byCompletion.map { $0.expiresOn?.description } == ["2026-04-30", "2026-07-10", nil])
        // With grace, the fifteenth day after the due day is still in time.
        let grace = try cycles(try rule(grace: 15), events("2026-01-10", facts), through: "2026-09-01")
        #expect(grace[2].lapsedOn == nil && grace[2].expiresOn?.description == "2026-10-31")
    }

    @Test func `a fixed day ends every certificate, but none that was just earned`() throws {
        let rule = try rule(.months(12), window: 60, base: .fixed(day("2025-12-31")))
        for (completed, ends) in [
            ("2026-02-01", "2026-12-31"), ("2026-10-31", "2026-12-31"), ("2026-11-01", "2027-12-31"),
            ("2026-12-31", "2027-12-31"),
        ] {
            let known = try events(
                "2026-01-10", [("2026-01-20", .extended(until: day("2027-06-01"))), earned(completed)])
            let found = try cycles(rule, known, through: completed)
            #expect(found[0].expiresOn?.description == ends, "\(completed)")
        }
        #expect(try CalendarPeriod.months(3).count(after: day("2026-01-31"), beyond: day("2026-04-29")) == 1)
        #expect(try CalendarPeriod.months(3).count(after: day("2026-01-31"), beyond: day("2026-04-30")) == 2)
        #expect(try CalendarPeriod.months(3).count(after: day("2026-01-31"), beyond: day("2025-01-31")) == -3)
        #expect(try CalendarPeriod.days(10).count(after: day("2026-01-31"), beyond: day("2026-01-20")) == -1)
    }

    @Test func `a shorter grace takes effect when the rule changes`() throws {
        let (old, new) = (try rule(grace: 60), try rule(grace: 5))
        let change = CertificationRevision(since: try day("2026-03-01").start, rule: new)
        let history = try old.replay(events("2026-01-10"), revisions: [change], through: day("2026-03-31")).history
        let lapses = history.filter { $0.what == .lapsed }
        #expect(lapses.map(\.day.description) == ["2026-03-01"])
        #expect(try old.replay(events("2026-01-10"), through: day("2026-03-31")).history.count == 1)
    }

    @Test func `a moment counts on its day in the rule's zone`() throws {
        let moment = try day("2026-06-30").start + .minutes(23 * 60 + 30)
        for (zone, expected) in [
            ("UTC", "2026-06-30"), ("Europe/Berlin", "2026-07-01"), ("America/New_York", "2026-06-30"),
            ("Pacific/Kiritimati", "2026-07-01"), ("Pacific/Niue", "2026-06-30"),
        ] {
            #expect(try rule(zone: zone).day(of: moment).description == expected, "\(zone)")
        }
        // Due on 30 June: in Berlin it is July already, and the cycle has lapsed.
        for (zone, state) in [("UTC", CertificationCycle.State.completed), ("Europe/Berlin", .lapsed)] {
            let rule = try rule(firstDue: .on(day("2026-06-30")), zone: zone)
            let known = try events("2026-06-01") + [CertificationEvent(at: moment, .earned(moment, .completion))]
            let history = rule.replay(known, through: try day("2026-07-05")).history
            let cycle = try #require(CertificationCycle.cycles(of: history).first)
            #expect((cycle.lapsedOn != nil) == (state == .lapsed), "\(zone)")
            #expect(cycle.state == .completed)
        }
    }

    @Test func `a cycle that is due during leave is excused, and who comes back has the fewest days`() throws {
        let leave = CertificationFact.leave(from: try day("2026-02-01"), until: try day("2026-07-15"))
        let known = try events("2026-01-10", [("2026-01-20", leave)])
        let found = try cycles(try rule(minimum: 14), known, through: "2026-08-20")
        #expect(found.map(\.state) == [.excused, .excused, .lapsed])
        #expect(found.map(\.opensOn.description) == ["2026-01-10", "2026-04-09", "2026-07-10"])
        // The third opened in the leave, five days before its end, and was due in August anyway.
        #expect(found.map(\.dueOn.description) == ["2026-02-09", "2026-05-09", "2026-08-09"])
        #expect(found.map { $0.closedOn?.description } == ["2026-02-10", "2026-05-10", nil])
        // Back before the next cycle opens, and without a certificate: it opens at once.
        let back =
            known + [
                CertificationEvent(at: try day("2026-03-02").start, .returned(on: try day("2026-03-03")))
            ]
        let sooner = try cycles(try rule(minimum: 14), back, through: "2026-03-20")
        #expect(sooner.map(\.opensOn.description) == ["2026-01-10", "2026-03-03"])
        #expect(sooner.map(\.dueOn.description) == ["2026-02-09", "2026-03-17"])
        #expect(sooner.map(\.state) == [.excused, .lapsed])
    }

    @Test func `an exemption keeps its reason, and what was lapsed before it stays lapsed`() throws {
        func exempted(_ from: String) throws -> (day: String, fact: CertificationFact) {
            let fact = CertificationFact.exempted(
                from: try day(from), until: try day("2026-12-31"), reason: "seconded to a partner")
            return ("2026-03-01", fact)
        }
        let known = try cycles(try rule(), events("2026-01-10", [exempted("2026-02-09")]), through: "2026-03-02")
        #expect(known[0].state == .excused && known[0].reason == "seconded to a partner")
        #expect(known[0].lapsedOn?.description == "2026-02-10" && known[0].closedOn?.description == "2026-03-01")
        let later = try cycles(try rule(), events("2026-01-10", [exempted("2026-02-10")]), through: "2026-12-31")
        #expect(later.map(\.state) == [.lapsed])
    }

    @Test func `who leaves ends the cycle, and who comes back with a valid certificate goes on with it`() throws {
        let facts: [(day: String, fact: CertificationFact)] = try [
            earned("2026-01-31"), ("2026-02-10", .left(on: try day("2026-04-15"))),
            ("2026-04-18", .hired(on: try day("2026-04-20"))),
        ]
        let soon = try cycles(try rule(minimum: 7), events("2026-01-10", facts), through: "2026-05-05")
        #expect(soon.map(\.state) == [.completed, .ended, .lapsed])
        #expect(soon.map(\.opensOn.description) == ["2026-01-10", "2026-03-31", "2026-04-20"])
        #expect(soon.map(\.dueOn.description) == ["2026-02-09", "2026-04-30", "2026-04-30"])
        #expect(soon[1].closedOn?.description == "2026-04-15")
        var late = facts
        late[2] = ("2026-06-01", .hired(on: try day("2026-06-01")))
        let fresh = try cycles(
            try rule(firstDue: .after(.hired, .days(10))), events("2026-01-10", late), through: "2026-06-05")
        #expect(fresh.map(\.dueOn.description) == ["2026-01-20", "2026-04-30", "2026-06-11"])
        #expect(fresh.map(\.number) == [1, 2, 3])
    }

    @Test func `what was earned before it was asked counts while it is valid`() throws {
        let held = try [("2026-01-10", CertificationFact.earned(day("2025-12-01").start, .equivalence))]
        let found = try cycles(try rule(), events("2026-01-10", held), through: "2026-01-20")
        #expect(found.map(\.state) == [.completed])
        #expect(found[0].way == .equivalence && found[0].expiresOn?.description == "2026-03-01")
        let stale = try [("2026-01-10", CertificationFact.earned(day("2025-09-01").start, .equivalence))]
        #expect(try cycles(try rule(), events("2026-01-10", stale), through: "2026-01-20").map(\.state) == [.open])
    }

    @Test func `an extension moves the due day later, never earlier, and not after it lapsed`() throws {
        func due(_ known: String, _ until: String) throws -> String {
            let facts = [(day: known, fact: CertificationFact.extended(until: try day(until)))]
            return try cycles(try rule(), events("2026-01-10", facts), through: "2026-04-01")[0].dueOn.description
        }
        #expect(try due("2026-02-01", "2026-03-15") == "2026-03-15")
        #expect(try due("2026-02-01", "2026-02-01") == "2026-02-09")
        #expect(try due("2026-02-11", "2026-03-15") == "2026-02-09")
    }

    @Test func `reminders go to the person before, and to manager and owner after, each once`() throws {
        let reminders = ReminderRule(daysBefore: [14, 60, 1], person: [1], manager: [3], owner: [10])
        let rule = try rule(reminders: reminders)
        let known = try events("2026-01-10", [("2026-02-05", .extended(until: day("2026-02-20")))])
        let notices = rule.replay(known, through: try day("2026-12-01")).history.compactMap { entry -> String? in
            guard case .notice(let step) = entry.what else { return nil }
            return "\(entry.day) \(step.recipient) \(step.days)"
        }
        // Sixty days before is before it opened. The extension came after the first reminder and brings reminders of
        // its own.
        #expect(
            notices == [
                "2026-01-26 person -14", "2026-02-06 person -14", "2026-02-19 person -1", "2026-02-21 person 1",
                "2026-02-23 manager 3", "2026-03-02 owner 10",
            ])
        var state = rule.replay(known, through: try day("2026-02-06")).state
        #expect(state.nextDay(by: rule)?.description == "2026-02-19")
        #expect(state.advance(to: try day("2026-02-18"), by: rule).isEmpty)
        #expect(state.advance(to: try day("2026-02-19"), by: rule).count == 1)
        #expect(state.advance(to: try day("2026-02-19"), by: rule).isEmpty)
    }

    @Test func `a rule out of range is refused`() throws {
        #expect(throws: CertificationRuleError.activePeriodOutOfRange) { try rule(.months(0)) }
        #expect(throws: CertificationRuleError.activePeriodOutOfRange) { try rule(.days(40_000)) }
        #expect(throws: CertificationRuleError.windowOutOfRange) { try rule(window: -1) }
        #expect(throws: CertificationRuleError.graceOutOfRange) { try rule(grace: -1) }
        #expect(throws: CertificationRuleError.minimumOutOfRange) { try rule(minimum: 5_000) }
        #expect(throws: CertificationRuleError.zoneUnknown) { try rule(zone: "Europe/Nowhere") }
    }
}
