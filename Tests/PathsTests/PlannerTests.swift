import Basis
import Intent
import Testing

@testable import Paths

/// A case small enough to try everything.
struct SmallCase: CustomStringConvertible {
    static let world = World.replay(seed: 17)
    static let month = Month(index: 24_310)
    static let names = (0..<8).map { _ in world.id(Mandate.self) }

    var ceiling: Int
    var spent: Int
    /// Minutes and month offset of the deadline; below zero is overdue.
    var asks: [(minutes: Int, due: Int)]

    init(using dice: inout Dice, asks count: ClosedRange<Int> = 0...4) {
        ceiling = Int.random(in: 0...6, using: &dice)
        spent = Int.random(in: 0...4, using: &dice)
        asks = (0..<Int.random(in: count, using: &dice)).map { _ in
            (Int.random(in: 0...9, using: &dice), Int.random(in: -1...3, using: &dice))
        }
    }

    var planner: Planner { Planner(month: Self.month, ceiling: ceiling, spent: spent) }

    var planned: [Planner.Ask] {
        asks.enumerated().map { index, ask in
            Planner.Ask(mandate: Self.names[index], minutes: ask.minutes, deadline: Self.day(in: ask.due))
        }
    }

    static func day(in offset: Int) -> Day { Month(index: month.index + offset).firstDay + 9 }

    var description: String { "ceiling \(ceiling), spent \(spent), asks \(asks)" }

    /// The most minutes that any placement can hold, by trying every one.
    var most: Int {
        var memory: [[Int]: Int] = [:]
        func best(_ index: Int, _ free: [Int]) -> Int {
            if index == asks.count { return 0 }
            if let known = memory[[index] + free] { return known }
            var found = 0
            func place(_ left: Int, _ month: Int, _ free: [Int], _ done: Int) {
                if month > max(0, asks[index].due) || left == 0 {
                    found = max(found, done + best(index + 1, free))
                    return
                }
                for amount in 0...min(left, free[month]) {
                    var rest = free
                    rest[month] -= amount
                    place(left - amount, month + 1, rest, done + amount)
                }
            }
            place(asks[index].minutes, 0, free, 0)
            memory[[index] + free] = found
            return found
        }
        return best(0, [max(0, ceiling - spent), ceiling, ceiling, ceiling])
    }
}

@Suite struct PlannerTests {
    @Test func `the planner fits exactly what some placement fits`() {
        var dice = Dice(seed: 2_026)
        var feasible = 0
        for _ in 0..<10_000 {
            let small = SmallCase(using: &dice)
            let plan = small.planner.plan(small.planned)
            let total = small.asks.reduce(0) { $0 + $1.minutes }
            let placed = plan.placements.reduce(0) { $0 + $1.minutes }
            let most = small.most
            #expect(plan.fits == (most == total), "\(small)")
            #expect(placed == most, "\(small)")
            if plan.fits { feasible += 1 }
        }
        // Neither answer is rare, so the test tests both.
        #expect((2_000...8_000).contains(feasible))
    }

    @Test func `a plan keeps the ceiling, the deadlines and the minutes`() {
        var dice = Dice(seed: 8)
        for _ in 0..<5_000 {
            let small = SmallCase(using: &dice, asks: 0...8)
            let (asks, planner) = (small.planned, small.planner)
            let plan = planner.plan(asks)
            #expect(plan == planner.plan(asks.shuffled(using: &dice)), "\(small)")
            for ask in asks {
                let own = plan.placements.filter { $0.mandate == ask.mandate }
                let over = plan.overloads.filter { $0.mandate == ask.mandate }
                let due = max(Month(ask.deadline), SmallCase.month)
                #expect(own.allSatisfy { $0.minutes > 0 && $0.month >= SmallCase.month && $0.month <= due })
                #expect(over.allSatisfy { $0.minutes > 0 && $0.month == due })
                #expect((own.map(\.minutes) + over.map(\.minutes)).reduce(0, +) == ask.minutes, "\(small)")
            }
            for offset in 0...4 {
                let month = Month(index: SmallCase.month.index + offset)
                let room = max(0, small.ceiling - (offset == 0 ? small.spent : 0))
                #expect(plan.minutes(in: month) <= room, "\(small)")
            }
        }
    }

    @Test func `the arithmetic without names agrees with the plan`() {
        var dice = Dice(seed: 9)
        for _ in 0..<3_000 {
            let small = SmallCase(using: &dice, asks: 0...6)
            let (asks, planner) = (small.planned, small.planner)
            let plan = planner.plan(asks)
            var headroom = Headroom()
            for ask in planner.ordered(asks) {
                let due = planner.due(ask.deadline)
                headroom.append(
                    due: due, minutes: ask.minutes, capacity: planner.capacity.minutes(upTo: due, spent: small.spent))
            }
            for (place, ask) in planner.ordered(asks).enumerated() {
                let over = plan.overloads.first { $0.mandate == ask.mandate }?.minutes ?? 0
                #expect(headroom.over(place) == over, "\(small)")
            }
            func over(_ minutes: Int, in offset: Int, _ asks: [Planner.Ask]) -> Int {
                let more = Planner.Ask(
                    mandate: SmallCase.names[7], minutes: minutes, deadline: SmallCase.day(in: offset))
                return planner.plan(asks + [more]).overloads.reduce(0) { $0 + $1.minutes }
            }
            for offset in 0...4 {
                let due = planner.due(SmallCase.day(in: offset))
                let capacity = planner.capacity.minutes(upTo: due, spent: small.spent)
                let first = headroom.count(upTo: due)
                let room = headroom.room(after: first, capacity: capacity)
                let before = over(0, in: offset, asks)
                #expect(over(room, in: offset, asks) == before, "\(small) month \(offset)")
                #expect(over(room + 1, in: offset, asks) == before + 1, "\(small) month \(offset)")
                for (place, ask) in planner.ordered(asks).enumerated() {
                    let rest = asks.filter { $0 != ask }
                    let minutes = Int.random(in: 1...9, using: &dice)
                    let fits = headroom.fits(minutes, after: first, capacity: capacity, without: place)
                    #expect(fits == (over(minutes, in: offset, rest) == over(0, in: offset, rest)), "\(small)")
                }
            }
        }
    }

    @Test func `the earliest deadline goes first and may be split`() {
        let planner = Planner(month: SmallCase.month, ceiling: 60, spent: 20)
        let (first, second) = (SmallCase.names[0], SmallCase.names[1])
        let plan = planner.plan([
            Planner.Ask(mandate: second, minutes: 70, deadline: SmallCase.day(in: 2)),
            Planner.Ask(mandate: first, minutes: 30, deadline: SmallCase.day(in: 0)),
        ])
        #expect(plan.fits)
        #expect(plan.placements.map(\.mandate) == [first, second, second])
        #expect(plan.placements.map(\.minutes) == [30, 10, 60])
        #expect(plan.placements.map(\.month.index) == [0, 0, 1].map { $0 + SmallCase.month.index })
    }

    @Test func `any day of a month has the whole month`() {
        let planner = Planner(month: SmallCase.month, ceiling: 60, spent: 0)
        let name = SmallCase.names[0]
        for day in [SmallCase.month.firstDay, SmallCase.month.lastDay] {
            #expect(planner.plan([Planner.Ask(mandate: name, minutes: 60, deadline: day)]).fits)
            let over = planner.plan([Planner.Ask(mandate: name, minutes: 61, deadline: day)]).overloads
            #expect(over == [Overload(mandate: name, month: SmallCase.month, minutes: 1)])
        }
    }
}

@Suite struct MandatePreviewTests {
    private static let names = (0..<3).map { _ in SmallCase.world.id(Person.self) }

    private func bearers(using dice: inout Dice) -> [MandatePreview.Bearer] {
        Self.names.prefix(Int.random(in: 1...3, using: &dice)).map { name in
            let small = SmallCase(using: &dice, asks: 0...4)
            return MandatePreview.Bearer(
                person: name, planner: small.planner, asks: small.planned, spent: Int.random(in: 0...2, using: &dice))
        }
    }

    private func preview(_ minutes: Int, _ deadline: Day, _ bearers: [MandatePreview.Bearer]) -> MandatePreview {
        MandatePreview(minutes: minutes, deadline: deadline, month: SmallCase.month, bearers: bearers, held: 0)
    }

    @Test func `who is over, by how much and when follows from the plans`() {
        var dice = Dice(seed: 31)
        for _ in 0..<3_000 {
            let people = bearers(using: &dice)
            let (minutes, deadline) = (
                Int.random(in: 1...12, using: &dice), SmallCase.day(in: .random(in: 0...3, using: &dice))
            )
            let found = preview(minutes, deadline, people)
            for bearer in people {
                let more = Planner.Ask(
                    mandate: SmallCase.names[7], minutes: max(0, minutes - bearer.spent), deadline: deadline)
                let (before, after) = (bearer.planner.plan(bearer.asks), bearer.planner.plan(bearer.asks + [more]))
                let over = found.over.first { $0.person == bearer.person }
                var sum = 0
                for offset in 0...4 {
                    let month = Month(index: SmallCase.month.index + offset)
                    let delta = after.minutesOver(in: month) - before.minutesOver(in: month)
                    #expect(delta >= 0)
                    #expect((over?.months.first { $0.month == month }?.minutes ?? 0) == delta)
                    sum += delta
                }
                #expect((over?.minutes ?? 0) == sum)
            }
            #expect(found.months.reduce(0) { $0 + $1.minutesOver } == found.minutesOver)
            #expect(found.months.allSatisfy { $0.minutesPlanned <= $0.minutesCeiling })
            #expect(found.over.map(\.minutes) == found.over.map(\.minutes).sorted(by: >))
        }
    }

    @Test func `the alternatives are the best there are`() {
        var dice = Dice(seed: 32)
        var offered = 0
        for _ in 0..<3_000 {
            let people = bearers(using: &dice)
            let minutes = Int.random(in: 1...12, using: &dice)
            let deadline = SmallCase.day(in: .random(in: 0...3, using: &dice))
            let found = preview(minutes, deadline, people)
            let other = found.alternatives
            if found.fits {
                #expect(other == MandatePreview.Alternatives(deadline: nil, minutes: nil, retiring: []))
                continue
            }
            if let later = other.deadline {
                offered += 1
                #expect(later > deadline)
                #expect(preview(minutes, later, people).fits)
                #expect(!preview(minutes, Month(later).firstDay + -1, people).fits)
            } else {
                #expect(!preview(minutes, Month(index: SmallCase.month.index + 59).lastDay, people).fits)
            }
            if let fewer = other.minutes {
                #expect(fewer < minutes)
                #expect(preview(fewer, deadline, people).fits)
            }
            #expect(!preview((other.minutes ?? 0) + 1, deadline, people).fits)
            for name in SmallCase.names.prefix(4) {
                let without = people.map { bearer in
                    MandatePreview.Bearer(
                        person: bearer.person, planner: bearer.planner,
                        asks: bearer.asks.filter { $0.mandate != name }, spent: bearer.spent)
                }
                #expect(preview(minutes, deadline, without).fits == other.retiring.contains(name))
            }
        }
        #expect(offered > 500)
    }

    @Test func `five thousand people and six mandates are planned`() {
        var dice = Dice(seed: 33)
        let names = (0..<6).map { _ in SmallCase.world.id(Mandate.self) }
        let people = (0..<5_000).map { _ in
            MandatePreview.Bearer(
                person: SmallCase.world.id(), planner: Planner(month: SmallCase.month, ceiling: 120, spent: 0),
                asks: names.map {
                    Planner.Ask(
                        mandate: $0, minutes: .random(in: 15...90, using: &dice),
                        deadline: SmallCase.day(in: .random(in: 0...6, using: &dice)))
                })
        }
        let found = preview(90, SmallCase.day(in: 3), people)
        #expect(found.asked == 5_000)
        #expect(!found.fits)
    }
}

@Suite struct LeewayMeterTests {
    @Test func `what is asked keeps the ceiling and what is promised is kept`() {
        var dice = Dice(seed: 41)
        for _ in 0..<5_000 {
            let terms = LeewayTerms(
                minutes: .random(in: 0...480, using: &dice), shareBasisPoints: .random(in: 0...10_000, using: &dice))
            let spent = Int.random(in: 0...max(0, terms.ceiling), using: &dice)
            let asks = (0..<Int.random(in: 0...5, using: &dice)).map { index in
                Planner.Ask(
                    mandate: SmallCase.names[index], minutes: .random(in: 0...200, using: &dice),
                    deadline: SmallCase.day(in: .random(in: 0...5, using: &dice)))
            }
            let plan = Planner(month: SmallCase.month, ceiling: terms.ceiling, spent: spent).plan(asks)
            for offset in 0...5 {
                let own = Int.random(in: 0...300, using: &dice)
                let meter = LeewayMeter(
                    month: Month(index: SmallCase.month.index + offset), terms: terms, plan: plan,
                    spentAsked: offset == 0 ? spent : 0, spentOwn: own)
                #expect(meter.planned + meter.spentAsked <= meter.ceiling)
                #expect(meter.guaranteed + meter.ceiling == meter.budget)
                #expect(meter.free >= 0 && meter.free <= meter.leeway)
                #expect(meter.leeway + meter.asked == meter.budget || meter.over > 0)
                if meter.over == 0 {
                    #expect(meter.leeway >= meter.guaranteed)
                    #expect(!meter.isBelowGuarantee)
                }
                if meter.over > 0 { #expect(meter.isBelowGuarantee || meter.leeway >= meter.guaranteed) }
            }
        }
    }

    @Test func `mandates taken on only when they fit never touch the promise`() {
        var dice = Dice(seed: 42)
        for _ in 0..<500 {
            let terms = LeewayTerms(minutes: 240, shareBasisPoints: .random(in: 0...10_000, using: &dice))
            let planner = Planner(month: SmallCase.month, ceiling: terms.ceiling, spent: 0)
            var asks: [Planner.Ask] = []
            for name in SmallCase.names {
                let (minutes, due) = (Int.random(in: 1...150, using: &dice), Int.random(in: 0...4, using: &dice))
                let found = MandatePreview(
                    minutes: minutes, deadline: SmallCase.day(in: due), month: SmallCase.month,
                    bearers: [
                        MandatePreview.Bearer(person: SmallCase.world.id(), planner: planner, asks: asks)
                    ], held: 0)
                if !found.fits { continue }
                asks.append(Planner.Ask(mandate: name, minutes: minutes, deadline: SmallCase.day(in: due)))
                let plan = planner.plan(asks)
                #expect(plan.fits)
                for offset in 0...4 {
                    let meter = LeewayMeter(
                        month: Month(index: SmallCase.month.index + offset), terms: terms, plan: plan, spentAsked: 0,
                        spentOwn: 0)
                    #expect(meter.leeway >= terms.guaranteed)
                }
            }
        }
    }
}
