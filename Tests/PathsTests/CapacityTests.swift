import Basis
import Intent
import Testing

@testable import Paths

@Suite struct CapacityTests {
    @Test func `a month's ceiling and any day's capacity are those counted day by day`() {
        var dice = Dice(seed: 61)
        for _ in 0..<1_000 {
            let small = CalendarCase(using: &dice)
            let capacity = small.capacity
            var sum = 0
            var month = capacity.month
            while month <= capacity.month.next.next {
                let left = max(0, small.ceiling(in: month) - (month == capacity.month ? small.spent : 0))
                #expect(capacity.ceiling(in: month) == small.ceiling(in: month), "\(small)")
                var day = max(small.today, month.firstDay)
                var (days, own) = (0, 0)
                while Month(day) == month {
                    #expect(small.working.isWorking(on: day) == small.isWorked(day), "\(small)")
                    if small.isWorked(day) { days += 1 }
                    own = days == 0 ? 0 : min(left, small.dailyLimit.map { $0 * days } ?? left)
                    #expect(capacity.minutes(upTo: day, spent: small.spent) == sum + own, "\(small) \(day)")
                    day = day + 1
                }
                sum += own
                month = month.next
            }
            #expect(capacity.minutes(upTo: small.today + -1) == 0)
        }
    }

    @Test func `rounding is for the learner, and full time gives the policy's own numbers`() {
        var dice = Dice(seed: 62)
        for _ in 0..<3_000 {
            let small = CalendarCase(using: &dice)
            let terms = LeewayTerms(
                minutes: .random(in: 0...480, using: &dice), shareBasisPoints: small.shareBasisPoints)
            let capacity = Capacity(today: small.today, terms: terms, working: small.working)
            let full = Capacity(
                today: small.today, terms: terms, working: WorkingTime(holidays: small.holidays))
            for offset in 0...3 {
                let month = capacity.month + offset
                #expect(full.ceiling(in: month) == terms.ceiling && full.guaranteed(in: month) == terms.guaranteed)
                let (normal, present) = small.workingDays(in: month)
                // The exact promise, in parts of 10⁸ × normal days.
                let promise = terms.minutes * terms.shareBasisPoints * small.part * present
                #expect(capacity.guaranteed(in: month) * 100_000_000 * max(1, normal) >= promise, "\(small)")
                #expect(capacity.guaranteed(in: month) <= terms.guaranteed + 1, "\(small)")
                #expect(capacity.ceiling(in: month) <= terms.ceiling && capacity.budget(in: month) <= terms.minutes)
            }
        }
    }

    @Test func `four long days can be full time, and half days weigh half`() {
        let today = Day(number: 20_786)
        let month = Month(today)
        let terms = LeewayTerms(minutes: 240, shareBasisPoints: 5_000)
        func ceiling(_ week: WorkingWeek, away: [ClosedRange<Day>] = []) -> Int {
            Capacity(today: today, terms: terms, working: WorkingTime(week: week, absences: away)).ceiling(in: month)
        }
        #expect(month.description == "2026-11")
        #expect(ceiling(WorkingWeek(days: 1...4)) == 120)
        #expect(ceiling(WorkingWeek(days: 1...4, shareBasisPoints: 8_000)) == 96)
        let halves = WorkingWeek(dayShares: [10_000, 10_000, 5_000, 0, 0, 0, 0])
        #expect(halves.shareBasisPoints == 5_000)
        #expect(ceiling(halves) == 60)
        // November 2026 has five Mondays, four Tuesdays and four Wednesdays: 11 full days of work, two of which are
        // Wednesdays' halves.
        let wednesdays = (0..<30).map { month.firstDay + $0 }.filter { $0.weekday == 3 }.map { $0...$0 }
        #expect(wednesdays.count == 4)
        #expect(ceiling(halves, away: wednesdays) == 60 * 9 / 11)
        #expect(ceiling(WorkingWeek(dayShares: [0, 0, 0, 0, 0, 0, 0])) == 0)
    }

    @Test func `no mandate and no spending enters the guarantee, and only a recorded override eats into it`() {
        var dice = Dice(seed: 63)
        var (published, overridden, refused) = (0, 0, 0)
        for _ in 0..<800 {
            var small = CalendarCase(using: &dice, asks: 8...8)
            small.minutes *= 3
            small.spent = 0
            let (planner, person) = (small.planner, CalendarCase.world.id(Person.self))
            let months = (0...4).map { planner.month + $0 }
            let guaranteed = months.map { planner.capacity.guaranteed(in: $0) }
            var (asks, overrides): ([Planner.Ask], [MandatePreview.MonthMinutes]) = ([], [])
            for ask in small.asks {
                let bearer = MandatePreview.Bearer(person: person, planner: planner, asks: asks)
                let preview = MandatePreview(
                    minutes: ask.minutes, deadline: ask.deadline, month: planner.month, bearers: [bearer], held: 0)
                let isOverride = Int.random(in: 0...2, using: &dice) == 0
                if !preview.fits, !isOverride {
                    refused += 1
                    continue
                }
                if preview.fits { published += 1 } else { overridden += 1 }
                asks.append(ask)
                overrides += preview.over.flatMap(\.months)
                let plan = planner.plan(asks)
                for (place, month) in months.enumerated() {
                    let meter = LeewayMeter(
                        month: month, capacity: planner.capacity, plan: plan, spentAsked: 0, spentOwn: 0)
                    #expect(meter.guaranteed == guaranteed[place])
                    #expect(meter.leeway >= planner.capacity.guaranteed(in: month, after: overrides), "\(small)")
                    let recorded = overrides.reduce(0) { $0 + ($1.month == month ? $1.minutes : 0) }
                    #expect(meter.over == recorded, "\(small)")
                }
            }
        }
        #expect(published > 500 && overridden > 500 && refused > 500)
    }
}
