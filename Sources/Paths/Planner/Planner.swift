public import Basis

/// Places what is asked of one person into calendar months, under the ceiling that the leeway policy sets.
///
/// Earliest deadline first, ties by identity; each mandate fills the earliest months that have room, and may be split
/// over several. Everything asked may begin at once, so the windows are nested and this order finds a placement
/// whenever one exists, and otherwise leaves the fewest minutes out.
///
/// A month counts in full for every deadline within it, first or last day. The budget is a promise about a month,
/// and the learner, not the planner, chooses the days; counting part of a month would make the verdict depend on the
/// day somebody looks, and what was previewed would no longer be true when it is published. A sponsor who needs the
/// time before the 5th names a deadline in the month before.
///
/// What is overdue counts as due in the current month: it can be done no earlier.
///
/// - Source: Jackson's rule with preemption: J. R. Jackson, "Scheduling a production line to minimize maximum
///   tardiness", UCLA Research Report 43, 1955; W. A. Horn, "Some simple scheduling algorithms", Naval Research
///   Logistics Quarterly 21, 1974.
public struct Planner: Hashable, Sendable {
    /// The most months that are planned ahead. A later deadline counts as due in the last of them.
    public static let monthLimit = 60

    /// The current month: nothing is placed before it.
    public let month: Month
    /// What mandates may ask of each month.
    /// - Unit: minutes.
    public let ceiling: Int
    /// What the person already spent on mandates in the current month.
    /// - Unit: minutes.
    public let spent: Int

    public init(month: Month, ceiling: Int, spent: Int) {
        precondition(ceiling >= 0 && spent >= 0, "minutes are never below zero")
        self.month = month
        self.ceiling = ceiling
        self.spent = spent
    }

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
    }

    /// In the order they were placed: by deadline, then by identity, then by month.
    public let placements: [Placement]
    public let overloads: [Overload]

    public var fits: Bool { overloads.isEmpty }

    /// Minutes placed in a month. Never above what its ceiling leaves.
    public func minutes(in month: Month) -> Int {
        placements.reduce(0) { $0 + ($1.month == month ? $1.minutes : 0) }
    }

    /// Minutes due in a month that do not fit before its end.
    public func minutesOver(in month: Month) -> Int {
        overloads.reduce(0) { $0 + ($1.month == month ? $1.minutes : 0) }
    }
}

/// Minutes of a mandate that do not fit before its deadline.
public struct Overload: Hashable, Sendable {
    public let mandate: ID<Mandate>
    /// The month of the deadline; the current one when it is overdue.
    public let month: Month
    public let minutes: Int
}
