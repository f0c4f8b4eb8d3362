import Basis
import Testing

@testable import Paths

@Suite struct PlannerCalendarTests {
    @Test func `the planner agrees with looking at every day and every set of mandates`() throws {
        var dice = Dice(seed: 2_027)
        var (fitting, failing, several) = (0, 0, 0)
        for _ in 0..<10_000 {
            let small = CalendarCase(using: &dice)
            let (planner, asks) = (small.planner, small.asks)
            let total = asks.reduce(0) { $0 + $1.minutes }
            let most = small.most(asks)
            let plan = planner.plan(asks)
            #expect(throws: Never.self, "\(small)") { try planner.check(plan, of: asks) }
            #expect(plan.placements.reduce(0) { $0 + $1.minutes } == most, "\(small)")
            #expect(plan.fits == (most == total), "\(small)")
            guard let shortfall = planner.shortfall(of: asks) else {
                #expect(plan.fits, "\(small)")
                fitting += 1
                continue
            }
            failing += 1
            if shortfall.unplaceable.count > 1 { several += 1 }
            #expect(throws: Never.self, "\(small)") { try planner.check(shortfall, of: asks) }
            #expect(shortfall.minutes == total - most, "\(small)")
            #expect(shortfall.unplaceable == small.smallestUnplaceable, "\(small)")
            #expect(shortfall.isExact)
        }
        // No answer is rare, so the test tests all of them.
        #expect(fitting > 2_000 && failing > 2_000 && several > 500)
    }

    @Test func `the order of the asks changes nothing`() {
        var dice = Dice(seed: 51)
        for _ in 0..<2_000 {
            let small = CalendarCase(using: &dice, asks: 0...8)
            let shuffled = small.asks.shuffled(using: &dice)
            #expect(small.planner.plan(small.asks) == small.planner.plan(shuffled), "\(small)")
            #expect(small.planner.shortfall(of: small.asks) == small.planner.shortfall(of: shuffled), "\(small)")
        }
    }

    @Test func `more capacity never makes it worse`() {
        var dice = Dice(seed: 52)
        for _ in 0..<3_000 {
            let small = CalendarCase(using: &dice, asks: 1...8)
            var more = small
            switch Int.random(in: 0...5, using: &dice) {
            case 0: more.minutes += Int.random(in: 1...5, using: &dice)
            case 1: more.shareBasisPoints = 0
            case 2: more.dailyLimit = small.dailyLimit.flatMap { $0 < 3 ? $0 + 1 : nil }
            case 3: more.absences = Array(small.absences.dropFirst())
            case 4: more.until = nil
            default: more.spent = 0
            }
            func left(_ shortfall: Shortfall?) -> (Int, Int) {
                (shortfall?.unplaceable.count ?? 0, shortfall?.minutes ?? 0)
            }
            let (one, other) = (
                left(small.planner.shortfall(of: small.asks)), left(more.planner.shortfall(of: small.asks))
            )
            #expect(other.0 <= one.0 && other.1 <= one.1, "\(small)")
        }
    }

    @Test func `a check finds what is wrong with a plan`() {
        let (today, name) = (Day(number: 20_789), CalendarCase.names[0])
        let planner = Planner(
            capacity: Capacity(today: today, minutes: 200, shareBasisPoints: 5_000, dailyLimit: 60), spent: 0)
        let asks = [Planner.Ask(mandate: name, minutes: 100, deadline: today + 10)]
        func flaw(_ minutes: Int, by day: Day, over: Int = 0) -> PlanFlaw? {
            let placement = Plan.Placement(mandate: name, month: planner.month, minutes: minutes, by: day)
            let overloads = over == 0 ? [] : [Overload(mandate: name, month: planner.month, minutes: over)]
            do throws(PlanFlaw) {
                try planner.check(Plan(placements: [placement], overloads: overloads), of: asks)
                return nil
            } catch { return error }
        }
        // 2 December 2026 is a Wednesday.
        #expect(today.description == "2026-12-02")
        #expect(flaw(100, by: today + 8) == nil)
        #expect(flaw(90, by: today + 8) == .incomplete(name))
        #expect(flaw(90, by: today + 8, over: 10) == nil)
        #expect(flaw(100, by: today) == .dailyLimit(today))
        #expect(flaw(100, by: today + 3) == .misplaced(name, today + 3))
        #expect(flaw(100, by: today + 12) == .misplaced(name, today + 12))
        #expect(flaw(100, by: today + -1) == .misplaced(name, today + -1))
        let more = [Planner.Ask(mandate: name, minutes: 101, deadline: today + 10)]
        let plan = Plan(
            placements: [Plan.Placement(mandate: name, month: planner.month, minutes: 101, by: today + 9)],
            overloads: [])
        #expect(throws: PlanFlaw.ceiling(planner.month)) { try planner.check(plan, of: more) }
        #expect(throws: PlanFlaw.unasked(name)) { try planner.check(plan, of: []) }
    }

    @Test func `sixty mandates of very different minutes still give the smallest set`() throws {
        var dice = Dice(seed: 53)
        let today = Day(number: 20_780)
        for _ in 0..<6 {
            let planner = Planner(capacity: Capacity(today: today, minutes: 4_800, shareBasisPoints: 5_000), spent: 0)
            let asks = (0..<60).map { _ in
                Planner.Ask(
                    mandate: CalendarCase.world.id(), minutes: .random(in: 1...6_000, using: &dice),
                    deadline: today + .random(in: 0...1_500, using: &dice))
            }
            let shortfall = try #require(planner.shortfall(of: asks))
            #expect(shortfall.isExact)
            #expect(throws: Never.self) { try planner.check(shortfall, of: asks) }
            // One fewer than the fewest never fits: even the longest of all that is due too early leave too much.
            let jobs = RemovalSearch(
                jobs: asks.sorted { $0.deadline < $1.deadline }.map {
                    RemovalSearch.Job(
                        minutes: $0.minutes, capacity: planner.capacity.minutes(upTo: $0.deadline))
                })
            #expect(jobs.fewest.count == shortfall.unplaceable.count)
            #expect(shortfall.minutesUnplaceable <= jobs.fewest.reduce(0) { $0 + jobs.jobs[$1].minutes })
            #expect(shortfall.minutesUnplaceable >= shortfall.minutes)
        }
    }
}
