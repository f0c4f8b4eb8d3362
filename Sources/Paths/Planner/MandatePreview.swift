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

    /// What would make it fit for everyone; everything is empty when it does already.
    public struct Alternatives: Hashable, Sendable {
        /// The last day of the earliest month by which everyone can do it; nil when none within five years.
        public let deadline: Day?
        /// The most minutes that everyone can do by the deadline given; nil when there is no room at all.
        public let minutes: Int?
        /// Published mandates of which retiring any one alone makes room for everyone.
        public let retiring: [ID<Mandate>]
    }

    public let minutes: Int
    public let deadline: Day
    /// Active people in the audience.
    public let audience: Int
    /// Those of them who have done it already and are asked for nothing.
    public let held: Int
    /// The most minutes over first, then in the order of the audience.
    public let over: [Over]
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

    /// Looks at everybody who would be asked.
    ///
    /// A person is over by what does not fit with the mandate and did fit without it: what was overridden earlier is
    /// not blamed on this one.
    ///
    /// `month` is the current one, the same for every bearer; `held` counts people of the audience who have done it
    /// already.
    ///
    /// - Cost: bearers × months, and for those who are over × mandates again.
    public init(minutes: Int, deadline: Day, month: Month, bearers: [Bearer], held: Int) {
        self.minutes = minutes
        self.deadline = deadline
        audience = bearers.count + held
        self.held = held
        var survey = Survey(minutes: minutes, deadline: deadline, month: month)
        for bearer in bearers { survey.add(bearer) }
        over = survey.over.enumerated().sorted { one, other in
            one.element.minutes == other.element.minutes
                ? one.offset < other.offset : one.element.minutes > other.element.minutes
        }.map(\.element)
        months = survey.months
        alternatives = survey.alternatives
    }
}

/// What is gathered over the audience.
private struct Survey {
    let minutes: Int
    let deadline: Day
    let month: Month
    var over: [MandatePreview.Over] = []
    private var peopleOver = [Int](repeating: 0, count: Planner.monthLimit)
    private var minutesOver = [Int](repeating: 0, count: Planner.monthLimit)
    private var planned = [Int](repeating: 0, count: Planner.monthLimit)
    private var ceiling = [Int](repeating: 0, count: Planner.monthLimit)
    /// The last month with anything due.
    private var last = 0
    /// The earliest month by which everyone so far can do it; nil once somebody never can.
    private var earliest: Int? = 0
    private var most = Int.max
    /// Mandates whose retirement would free everyone so far who is over; nil before the first.
    private var retiring: Set<ID<Mandate>>?

    init(minutes: Int, deadline: Day, month: Month) {
        self.minutes = minutes
        self.deadline = deadline
        self.month = month
    }

    mutating func add(_ bearer: MandatePreview.Bearer) {
        let planner = bearer.planner
        precondition(planner.month == month, "everybody is planned from the same month")
        let (due, left) = (planner.due(deadline), max(0, minutes - bearer.spent))
        var demand = planner.demand(bearer.asks)
        let before = Headroom(planner, demand: demand)
        let room = before.room(in: due)
        most = min(most, room + bearer.spent)
        earliest = earliest.flatMap { so in before.earliest(fitting: left).map { max(so, $0) } }
        demand[due] += left
        let after = Headroom(planner, demand: demand)
        last = max(last, demand.lastIndex { $0 > 0 } ?? 0)
        for offset in 0..<Planner.monthLimit {
            planned[offset] += after.planned(in: offset)
            ceiling[offset] += planner.capacity(of: offset)
        }
        if room >= left { return }
        var parts: [MandatePreview.MonthMinutes] = []
        for offset in 0..<Planner.monthLimit where after.over[offset] > before.over[offset] {
            let minutes = after.over[offset] - before.over[offset]
            peopleOver[offset] += 1
            minutesOver[offset] += minutes
            parts.append(MandatePreview.MonthMinutes(month: month + offset, minutes: minutes))
        }
        over.append(
            MandatePreview.Over(
                person: bearer.person, minutes: parts.reduce(0) { $0 + $1.minutes }, months: parts))
        keepRetiring(bearer, due: due, left: left)
    }

    /// Of the mandates that may be retired, keeps those that would make room for this person too.
    private mutating func keepRetiring(_ bearer: MandatePreview.Bearer, due: Int, left: Int) {
        var freeing: Set<ID<Mandate>> = []
        for ask in bearer.asks where retiring?.contains(ask.mandate) ?? true {
            var demand = bearer.planner.demand(bearer.asks)
            demand[bearer.planner.due(ask.deadline)] -= ask.minutes
            if Headroom(bearer.planner, demand: demand).room(in: due) >= left { freeing.insert(ask.mandate) }
        }
        retiring = freeing
    }

    var months: [MandatePreview.MonthLoad] {
        (0...last).map { offset in
            MandatePreview.MonthLoad(
                month: month + offset, peopleOver: peopleOver[offset], minutesOver: minutesOver[offset],
                minutesPlanned: planned[offset], minutesCeiling: ceiling[offset])
        }
    }

    var alternatives: MandatePreview.Alternatives {
        if over.isEmpty { return MandatePreview.Alternatives(deadline: nil, minutes: nil, retiring: []) }
        return MandatePreview.Alternatives(
            deadline: earliest.map { (month + $0).lastDay }, minutes: most > 0 ? most : nil,
            retiring: (retiring ?? []).sorted { $0.description < $1.description })
    }
}
