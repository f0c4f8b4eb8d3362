public import Basis

/// Places what is asked of one person into calendar months, under the ceiling that the leeway policy sets and on the
/// days that the person works.
///
/// Earliest deadline first, ties by identity; each mandate fills the earliest months that have room, and may be split
/// over several. Everything asked may begin at once, so the windows are nested and this order finds a placement
/// whenever one exists, and otherwise leaves the fewest minutes out.
///
/// A month's ceiling counts in full for every deadline within it, first or last day, as far as the working days until
/// then can hold it: at least one, and with a daily limit as many as the minutes need. The budget is a promise about
/// a month, and the learner, not the planner, chooses the days; giving every day its even part of the month would make
/// the verdict depend on the day somebody looks, and what was previewed would no longer be true when it is published.
/// Only the working days that are truly gone count as gone. A sponsor who needs the time before the 5th names a
/// deadline in the month before.
///
/// What is overdue counts as due at the end of the current month: it can be done no earlier than now.
///
/// - Source: Jackson's rule with preemption: J. R. Jackson, "Scheduling a production line to minimize maximum
///   tardiness", UCLA Research Report 43, 1955; W. A. Horn, "Some simple scheduling algorithms", Naval Research
///   Logistics Quarterly 21, 1974. Months over days are a laminar polymatroid, whose greedy placements are optimal:
///   J. Edmonds, "Submodular functions, matroids, and certain polyhedra", 1970.
public struct Planner: Hashable, Sendable {
    /// The most months that are planned ahead. A later deadline counts as due in the last of them.
    public static let monthLimit = Capacity.monthLimit

    /// What mandates may take, by month and by day.
    public let capacity: Capacity
    /// What the person already spent on mandates in the current month.
    /// - Unit: minutes.
    public let spent: Int

    public init(capacity: Capacity, spent: Int) {
        precondition(spent >= 0, "minutes are never below zero")
        self.capacity = capacity
        self.spent = spent
    }

    /// For an organisation that keeps no calendar: every day is a working day, and every month has the same ceiling.
    /// `ceiling` is 0…`Capacity.minutesLimit` minutes.
    public init(month: Month, ceiling: Int, spent: Int) {
        self.init(
            capacity: Capacity(
                today: month.firstDay, minutes: ceiling, shareBasisPoints: 0, working: WorkingTime(week: .everyDay)),
            spent: spent)
    }

    /// The current month: nothing is placed before it.
    public var month: Month { capacity.month }

    /// One open mandate of one person.
    public struct Ask: Hashable, Sendable {
        public let mandate: ID<Mandate>
        /// What is still to do. Unit: minutes.
        public let minutes: Int
        public let deadline: Day

        public init(mandate: ID<Mandate>, minutes: Int, deadline: Day) {
            precondition(minutes >= 0, "minutes are never below zero")
            self.mandate = mandate
            self.minutes = minutes
            self.deadline = deadline
        }
    }
}

/// Where each mandate's minutes go, and what does not fit.
public struct Plan: Hashable, Sendable {
    /// Minutes of one mandate in one month.
    public struct Placement: Hashable, Sendable {
        public let mandate: ID<Mandate>
        public let month: Month
        public let minutes: Int
        /// The last working day of the month on which they can be done in time.
        public let by: Day

        public init(mandate: ID<Mandate>, month: Month, minutes: Int, by: Day) {
            self.mandate = mandate
            self.month = month
            self.minutes = minutes
            self.by = by
        }
    }

    /// In the order they were placed: by deadline, then by identity, then by month.
    public let placements: [Placement]
    public let overloads: [Overload]

    public init(placements: [Placement], overloads: [Overload]) {
        self.placements = placements
        self.overloads = overloads
    }

    public var fits: Bool { overloads.isEmpty }

    /// Minutes placed in a month. Never above what its ceiling leaves.
    public func minutes(in month: Month) -> Int {
        placements.reduce(0) { $0 + ($1.month == month ? $1.minutes : 0) }
    }

    /// Minutes due in a month that do not fit before their deadlines.
    public func minutesOver(in month: Month) -> Int {
        overloads.reduce(0) { $0 + ($1.month == month ? $1.minutes : 0) }
    }

    /// The day by which the last placed minute of a mandate is done; nil when none is placed.
    public func lastDay(of mandate: ID<Mandate>) -> Day? {
        placements.last { $0.mandate == mandate }?.by
    }
}

/// Minutes of a mandate that do not fit before its deadline.
public struct Overload: Hashable, Sendable {
    public let mandate: ID<Mandate>
    /// The month of the deadline; the current one when it is overdue.
    public let month: Month
    public let minutes: Int

    public init(mandate: ID<Mandate>, month: Month, minutes: Int) {
        self.mandate = mandate
        self.month = month
        self.minutes = minutes
    }
}
