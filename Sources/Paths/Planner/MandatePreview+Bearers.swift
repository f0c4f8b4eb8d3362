public import Basis

extension MandatePreview {
    /// Those who would be asked, with all that is asked of them already, in columns: a million people with twenty
    /// mandates each take about 220 MB.
    ///
    /// Say first what people share (`pattern`, `mandate`), then each person (`append`), each followed by what is asked
    /// of them (`ask`).
    public struct Bearers: Sendable {
        /// What is the same for many: terms, week and holidays. From `pattern`.
        public struct Pattern: Hashable, Sendable { let place: Int }
        /// One published mandate. From `mandate`.
        public struct Mark: Hashable, Sendable { let place: Int }

        struct Asked: Hashable, Sendable {
            let mandate: ID<Mandate>
            let deadline: Day
        }

        /// Numbers about one person.
        struct Person: Sendable {
            let id: ID<Basis.Person>
            let pattern: Int32
            let spent: Int32
            let spentOnIt: Int32
            /// Where asks and spans away begin. Those of the next person end them.
            let firstAsk: Int
            let firstAway: Int
        }

        struct Ask: Hashable, Sendable {
            /// Its place in `mandates`.
            var mandate: Int32
            let minutes: Int32
        }

        /// Days on which somebody does not work, by number; the last day with it.
        struct Away: Hashable, Sendable {
            let first: Int32
            let last: Int32
        }

        let today: Day
        private(set) var patterns: [CapacityPattern] = []
        private(set) var mandates: [Asked] = []
        private(set) var people: [Person] = []
        private(set) var asks: [Ask] = []
        private(set) var away: [Away] = []
        private var patternPlaces: [PatternKey: Int] = [:]
        private var mandatePlaces: [Asked: Int] = [:]

        private struct PatternKey: Hashable {
            let minutes, shareBasisPoints: Int
            let dailyLimit: Int?
            let week: WorkingWeek
            let holidays: [ClosedRange<Day>]
        }

        /// Everybody is planned from `today`. Memory is set aside for as many `people` and `asks` as are expected.
        public init(today: Day, people: Int = 0, asks: Int = 0) {
            self.today = today
            self.people.reserveCapacity(people)
            self.asks.reserveCapacity(asks)
        }

        /// How many would be asked.
        public var count: Int { people.count }

        /// What people share, with the ranges of `Capacity`. The same values give the same pattern.
        public mutating func pattern(
            minutes: Int, shareBasisPoints: Int, dailyLimit: Int? = nil, week: WorkingWeek = .standard,
            holidays: [ClosedRange<Day>] = []
        ) -> Pattern {
            let key = PatternKey(
                minutes: minutes, shareBasisPoints: shareBasisPoints, dailyLimit: dailyLimit, week: week,
                holidays: holidays)
            if let place = patternPlaces[key] { return Pattern(place: place) }
            patternPlaces[key] = patterns.count
            patterns.append(
                CapacityPattern(
                    today: today, minutes: minutes, shareBasisPoints: shareBasisPoints, dailyLimit: dailyLimit,
                    week: week, holidays: holidays))
            return Pattern(place: patterns.count - 1)
        }

        /// A published mandate other than the one that is previewed.
        public mutating func mandate(_ id: ID<Mandate>, deadline: Day) -> Mark {
            let asked = Asked(mandate: id, deadline: deadline)
            if let place = mandatePlaces[asked] { return Mark(place: place) }
            mandatePlaces[asked] = mandates.count
            mandates.append(asked)
            return Mark(place: mandates.count - 1)
        }

        /// Adds a person. `away` are days without work that others work: absences, and what lies before or after
        /// employment. `spent` is what was spent on mandates in the current month, `spentOnIt` what was ever spent on
        /// the mandate that is previewed, in minutes.
        public mutating func append(
            _ person: ID<Basis.Person>, _ pattern: Pattern, away: some Sequence<ClosedRange<Day>> = [],
            spent: Int = 0, spentOnIt: Int = 0
        ) {
            precondition(spent >= 0 && spentOnIt >= 0, "minutes are never below zero")
            people.append(
                Person(
                    id: person, pattern: Int32(pattern.place), spent: Int32(spent), spentOnIt: Int32(spentOnIt),
                    firstAsk: asks.count, firstAway: self.away.count))
            for span in away {
                self.away.append(
                    Away(
                        first: Int32(clamping: span.lowerBound.number), last: Int32(clamping: span.upperBound.number)))
            }
        }

        /// Adds what is still to do of a mandate, in minutes, to the person who was added last.
        public mutating func ask(_ mandate: Mark, minutes: Int) {
            precondition(!people.isEmpty && minutes >= 0, "somebody is asked for minutes")
            asks.append(Ask(mandate: Int32(mandate.place), minutes: Int32(minutes)))
        }

        /// What is open by what is due first, then deadline, then identity; `place` is one in `mandates`.
        var mandatesByDue: [(due: Due, asked: Asked, name: String, place: Int)] {
            mandates.enumerated().map { place, asked in
                (due: Due(asked.deadline, on: today), asked: asked, name: "\(asked.mandate)", place: place)
            }.sorted { ($0.due, $0.asked.deadline, $0.name) < ($1.due, $1.asked.deadline, $1.name) }
        }

        mutating func append(_ bearer: Bearer) {
            let capacity = bearer.planner.capacity
            precondition(capacity.today == today, "everybody is planned from the same day")
            let working = capacity.working
            let pattern = pattern(
                minutes: capacity.minutes, shareBasisPoints: capacity.shareBasisPoints,
                dailyLimit: capacity.dailyLimit, week: working.week, holidays: working.holidays)
            append(
                bearer.person, pattern,
                away: working.daysAway(from: Month(today).firstDay, to: patterns[pattern.place].lastDay),
                spent: bearer.planner.spent, spentOnIt: bearer.spent)
            for ask in bearer.asks { self.ask(mandate(ask.mandate, deadline: ask.deadline), minutes: ask.minutes) }
        }
    }
}
