public import Basis

/// What publishing a mandate would do to everybody in its audience.
public struct MandatePreview: Hashable, Sendable {
    /// One person who would be over budget.
    public struct Over: Hashable, Sendable {
        public let person: ID<Person>
        /// By how much, in all.
        public let minutes: Int
        /// By how much in which month, the earliest first. Another mandate may be what is pushed out of it.
        public let months: [MonthMinutes]
    }

    /// Minutes of one month.
    public struct MonthMinutes: Hashable, Sendable {
        public let month: Month
        public let minutes: Int
    }

    /// One month of the audience's load.
    public struct MonthLoad: Hashable, Sendable {
        public let month: Month
        /// People whom this mandate would take over budget in this month.
        public let peopleOver: Int
        public let minutesOver: Int
        /// What would be planned of mandates in this month, for all of them.
        public let minutesPlanned: Int
        /// What mandates may take of this month, for all of them.
        public let minutesCeiling: Int
    }

    /// A deadline, and the most minutes that everyone can do by it.
    public struct Option: Hashable, Sendable {
        public let deadline: Day
        public let minutes: Int
    }

    /// A published mandate, and how many of those who are over would have room if it alone were retired.
    public struct Relief: Hashable, Sendable {
        public let mandate: ID<Mandate>
        public let people: Int
    }

    /// What would make it fit for everyone; everything is empty when it does already.
    public struct Alternatives: Hashable, Sendable {
        /// The most options that are given.
        public static let optionLimit = 6
        /// The most mandates of which the relief is given.
        public static let reliefLimit = 10

        /// The last day of the earliest month by which everyone can do it; nil when none within five years.
        public let deadline: Day?
        /// The most minutes that everyone can do by the deadline given; nil when there is no room at all.
        public let minutes: Int?
        /// Published mandates of which retiring any one alone makes room for everyone.
        public let retiring: [ID<Mandate>]
        /// Both later and shorter: ends of months before `deadline`, each of which allows more minutes than the one
        /// before it and than `minutes`. The earliest `optionLimit`.
        public let options: [Option]
        /// The mandates whose retirement helps most, the most people first, also when no single one helps everyone.
        public let relief: [Relief]

        public init(
            deadline: Day?, minutes: Int?, retiring: [ID<Mandate>], options: [Option] = [], relief: [Relief] = []
        ) {
            self.deadline = deadline
            self.minutes = minutes
            self.retiring = retiring
            self.options = options
            self.relief = relief
        }
    }

    public let minutes: Int
    public let deadline: Day
    /// Active people in the audience.
    public let audience: Int
    /// Those of them who have done it already and are asked for nothing.
    public let held: Int
    /// The most minutes over first, then in the order of the audience.
    public let over: [Over]
    /// Those who are asked and have no working day until the deadline, in the order of the audience.
    public let withoutDay: [ID<Person>]
    /// From the current month to the last with anything due or over.
    public let months: [MonthLoad]
    public let alternatives: Alternatives

    /// People who are asked to do it.
    public var asked: Int { audience - held }
    public var fits: Bool { over.isEmpty }
    public var peopleOver: Int { over.count }
    public var minutesOver: Int { over.reduce(0) { $0 + $1.minutes } }
}

extension MandatePreview {
    /// One person who would be asked, with all that is asked of them already.
    public struct Bearer: Hashable, Sendable {
        public let person: ID<Person>
        public let planner: Planner
        /// What is open already, without the mandate that is previewed.
        public let asks: [Planner.Ask]
        /// Minutes already spent on the mandate that is previewed, when it is published already.
        public let spent: Int

        public init(person: ID<Person>, planner: Planner, asks: [Planner.Ask], spent: Int = 0) {
            self.person = person
            self.planner = planner
            self.asks = asks
            self.spent = spent
        }
    }

    /// Looks at everybody who would be asked, as `init(minutes:deadline:audience:held:)` does, from values.
    ///
    /// `month` is the current one; every bearer is planned from the same day of it. `held` counts people of the
    /// audience who have done it already.
    public init(minutes: Int, deadline: Day, month: Month, bearers: [Bearer], held: Int) {
        let today = bearers.first?.planner.capacity.today ?? month.firstDay
        precondition(Month(today) == month, "everybody is planned from the same month")
        var columns = Bearers(today: today)
        for bearer in bearers { columns.append(bearer) }
        self.init(minutes: minutes, deadline: deadline, bearers: columns, held: held)
    }

    /// Looks at everybody who would be asked.
    ///
    /// A person is over by what does not fit with the mandate and did fit without it: what was overridden earlier is
    /// not blamed on this one. `held` counts people of the audience who have done it already.
    ///
    /// - Cost: people × asks to find those of whom the same is asked; for each different one asks + months, and asks²
    ///   for those who are over.
    public init(minutes: Int, deadline: Day, bearers: Bearers, held: Int) {
        self.init(minutes: minutes, deadline: deadline, bearers: bearers, held: held, months: 0)
    }

    /// The same with as many months of load at least.
    init(minutes: Int, deadline: Day, bearers: Bearers, held: Int, months count: Int) {
        self.minutes = minutes
        self.deadline = deadline
        audience = bearers.count + held
        self.held = held
        var survey = MandateSurvey(minutes: minutes, deadline: deadline, bearers: bearers, months: count)
        survey.run()
        over = survey.over
        withoutDay = survey.withoutDay
        months = survey.months
        alternatives = survey.alternatives
    }
}
