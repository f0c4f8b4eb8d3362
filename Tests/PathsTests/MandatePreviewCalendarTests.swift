import Basis
import Testing

@testable import Paths

/// An audience with calendars, and what a new mandate does to it by the plan of each person.
private struct Audience {
    let today: Day
    let minutes: Int
    let deadline: Day
    var bearers: [MandatePreview.Bearer]

    /// Some of them are alike, since the same case may be drawn for several.
    init(using dice: inout Dice) {
        var cases = (0..<2).map { _ in CalendarCase(using: &dice, asks: 0...4) }
        let today = cases[0].today
        self.today = today
        for index in cases.indices { cases[index].today = today }
        minutes = Int.random(in: 1...9, using: &dice)
        deadline = today + Int.random(in: 0...60, using: &dice)
        let deadlines = CalendarCase.names.map { _ in today + Int.random(in: -8...70, using: &dice) }
        bearers = (0..<Int.random(in: 1...5, using: &dice)).map { _ in
            let small = cases[Int.random(in: 0...1, using: &dice)]
            return MandatePreview.Bearer(
                person: CalendarCase.world.id(), planner: small.planner,
                asks: small.asks.enumerated().map { place, ask in
                    Planner.Ask(mandate: ask.mandate, minutes: ask.minutes, deadline: deadlines[place])
                }.shuffled(using: &dice), spent: Int.random(in: 0...2, using: &dice) / 2)
        }
    }

    func preview(_ minutes: Int? = nil, by deadline: Day? = nil) -> MandatePreview {
        MandatePreview(
            minutes: minutes ?? self.minutes, deadline: deadline ?? self.deadline, month: Month(today),
            bearers: bearers, held: 0)
    }

    func without(_ mandate: ID<Mandate>) -> Audience {
        var audience = self
        audience.bearers = bearers.map { bearer in
            MandatePreview.Bearer(
                person: bearer.person, planner: bearer.planner, asks: bearer.asks.filter { $0.mandate != mandate },
                spent: bearer.spent)
        }
        return audience
    }

    /// Minutes over by month, by planning a person with and without the mandate.
    func over(_ bearer: MandatePreview.Bearer) -> [Month: Int] {
        let more = Planner.Ask(
            mandate: CalendarCase.names[7], minutes: max(0, minutes - bearer.spent), deadline: deadline)
        var months: [Month: Int] = [:]
        for overload in bearer.planner.plan(bearer.asks + [more]).overloads {
            months[overload.month, default: 0] += overload.minutes
        }
        for overload in bearer.planner.plan(bearer.asks).overloads {
            months[overload.month, default: 0] -= overload.minutes
        }
        return months.filter { $0.value != 0 }
    }
}

@Suite struct MandatePreviewCalendarTests {
    @Test func `with calendars too, who is over, when and by how much follows from the plans`() {
        var dice = Dice(seed: 71)
        var over = 0
        for _ in 0..<2_000 {
            let audience = Audience(using: &dice)
            let found = audience.preview()
            var (people, minutes): ([Month: Int], [Month: Int]) = ([:], [:])
            var planned: [Month: Int] = [:]
            for bearer in audience.bearers {
                let expected = audience.over(bearer)
                let parts = found.over.first { $0.person == bearer.person }?.months ?? []
                #expect(Dictionary(uniqueKeysWithValues: parts.map { ($0.month, $0.minutes) }) == expected)
                #expect(parts.map(\.month) == parts.map(\.month).sorted())
                for (month, count) in expected {
                    people[month, default: 0] += 1
                    minutes[month, default: 0] += count
                }
                let more = Planner.Ask(
                    mandate: CalendarCase.names[7], minutes: max(0, audience.minutes - bearer.spent),
                    deadline: audience.deadline)
                for placement in bearer.planner.plan(bearer.asks + [more]).placements {
                    planned[placement.month, default: 0] += placement.minutes
                }
            }
            over += found.peopleOver
            for load in found.months {
                #expect(load.peopleOver == people[load.month] ?? 0)
                #expect(load.minutesOver == minutes[load.month] ?? 0)
                #expect(load.minutesPlanned == planned[load.month] ?? 0)
                #expect(load.minutesPlanned <= load.minutesCeiling)
            }
            #expect(found.months.reduce(0) { $0 + $1.minutesOver } == found.minutesOver)
        }
        #expect(over > 1_000)
    }

    @Test func `with calendars too, the alternatives are the best there are`() {
        var dice = Dice(seed: 72)
        var (later, shorter, both, helpful) = (0, 0, 0, 0)
        for _ in 0..<250 {
            let audience = Audience(using: &dice)
            let found = audience.preview()
            if found.fits { continue }
            let other = found.alternatives
            let ends = (0..<12).map { (Month(audience.today) + $0).lastDay }.filter { $0 >= audience.deadline }
            if let end = other.deadline {
                #expect(audience.preview(by: end).fits)
                let before = Month(end).firstDay + -1
                #expect(before < audience.deadline || !audience.preview(by: before).fits)
            } else {
                #expect(!audience.preview(by: (Month(audience.today) + 59).lastDay).fits)
            }
            if other.deadline != nil { later += 1 }
            func most(by deadline: Day) -> Int { (1...9).last { audience.preview($0, by: deadline).fits } ?? 0 }
            let here = most(by: audience.deadline)
            #expect(other.minutes ?? 0 == here)
            if other.minutes != nil { shorter += 1 }
            var options: [MandatePreview.Option] = []
            for end in ends where other.deadline.map({ end < $0 }) ?? true {
                let minutes = most(by: end)
                if minutes > options.last?.minutes ?? here {
                    options.append(MandatePreview.Option(deadline: end, minutes: minutes))
                }
            }
            let near = other.options.filter { $0.deadline <= ends.last ?? audience.deadline }
            #expect(near == Array(options.prefix(MandatePreview.Alternatives.optionLimit)))
            both += options.count
            let tooFull = Set(found.over.map(\.person))
            for mandate in Set(audience.bearers.flatMap(\.asks).map(\.mandate)) {
                let rest = audience.without(mandate).preview()
                #expect(rest.fits == other.retiring.contains(mandate))
                let freed = tooFull.subtracting(rest.over.map(\.person)).count
                #expect(other.relief.first { $0.mandate == mandate }?.people ?? 0 == freed)
                helpful += freed
            }
            #expect(other.relief.map(\.people) == other.relief.map(\.people).sorted(by: >))
        }
        #expect(later > 50 && shorter > 20 && both > 10 && helpful > 50)
    }

    @Test func `without calendars and limits the day of the month does not matter`() {
        var dice = Dice(seed: 74)
        for _ in 0..<300 {
            let small = SmallCase(using: &dice, asks: 0...6)
            let person = CalendarCase.world.id(Person.self)
            let (minutes, due) = (Int.random(in: 1...12, using: &dice), Int.random(in: 0...3, using: &dice))
            // Asks are due on the tenth of their months, the new one on the twentieth.
            let deadline = SmallCase.day(in: due) + 10
            let bearer = MandatePreview.Bearer(person: person, planner: small.planner, asks: small.planned)
            let first = MandatePreview(
                minutes: minutes, deadline: deadline, month: SmallCase.month, bearers: [bearer], held: 0)
            var columns = MandatePreview.Bearers(today: SmallCase.month.firstDay + .random(in: 0...19, using: &dice))
            let pattern = columns.pattern(minutes: small.ceiling, shareBasisPoints: 0, week: .everyDay)
            columns.append(person, pattern, spent: small.spent)
            for ask in small.planned {
                let mark = columns.mandate(ask.mandate, deadline: ask.deadline)
                columns.ask(mark, minutes: ask.minutes)
            }
            #expect(
                MandatePreview(minutes: minutes, deadline: deadline, bearers: columns, held: 0) == first, "\(small)")
        }
    }

    @Test func `people who are alike are looked at once and counted each`() {
        var dice = Dice(seed: 73)
        let today = Day(number: 20_780)
        var columns = MandatePreview.Bearers(today: today)
        let pattern = columns.pattern(minutes: 480, shareBasisPoints: 5_000)
        let marks = CalendarCase.names.prefix(3).map { columns.mandate($0, deadline: today + 5) }
        #expect(columns.mandate(CalendarCase.names[0], deadline: today + 5) == marks[0])
        #expect(columns.pattern(minutes: 480, shareBasisPoints: 5_000) == pattern)
        let people = (0..<300).map { _ in CalendarCase.world.id(Person.self) }
        for (place, person) in people.enumerated() {
            columns.append(person, pattern, spent: place % 2)
            for mark in marks.shuffled(using: &dice) { columns.ask(mark, minutes: 60) }
        }
        let profiles = BearerProfiles(columns, ranks: [0, 1, 2])
        #expect(profiles.all.map(\.count) == [150, 150])
        let found = MandatePreview(minutes: 100, deadline: today + 5, bearers: columns, held: 5)
        #expect(found.audience == 305 && found.asked == 300 && found.peopleOver == 300)
        // 240 minutes until the end of November, of which 180 are asked already and one was spent by every other.
        #expect(found.over.prefix(150).map(\.minutes) == Array(repeating: 41, count: 150))
        #expect(found.over.map(\.person) == people.indices.sorted { ($1 % 2, $0) < ($0 % 2, $1) }.map { people[$0] })
        #expect(found.alternatives.relief.map(\.people) == [300, 300, 300])
    }
}
