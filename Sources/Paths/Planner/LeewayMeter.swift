public import Basis
public import Intent

/// What one month holds for one learner: asked, spent, and free.
///
/// - Unit: minutes throughout.
public struct LeewayMeter: Hashable, Sendable {
    public let month: Month
    /// The month's learning time.
    public let budget: Int
    /// The most of it that mandates may ask.
    public let ceiling: Int
    /// The part that is the learner's own whatever is asked.
    public let guaranteed: Int
    /// Spent on what was asked, by evidence.
    public let spentAsked: Int
    /// Spent on what the learner chose, by evidence.
    public let spentOwn: Int
    /// Still to do of what is asked, as the planner places it in this month. Together with `spentAsked` it stays
    /// under the ceiling, unless the learner spent more than was asked.
    public let planned: Int
    /// Due in this month beyond the ceiling: somebody overrode the budget and said why.
    public let over: Int

    /// For full time without absence.
    public init(month: Month, terms: LeewayTerms, plan: Plan, spentAsked: Int, spentOwn: Int) {
        self.init(
            month: month, budget: terms.minutes, ceiling: terms.ceiling, plan: plan, spentAsked: spentAsked,
            spentOwn: spentOwn)
    }

    /// For the person's own working time.
    public init(month: Month, capacity: Capacity, plan: Plan, spentAsked: Int, spentOwn: Int) {
        self.init(
            month: month, budget: capacity.budget(in: month), ceiling: capacity.ceiling(in: month), plan: plan,
            spentAsked: spentAsked, spentOwn: spentOwn)
    }

    private init(month: Month, budget: Int, ceiling: Int, plan: Plan, spentAsked: Int, spentOwn: Int) {
        self.month = month
        self.budget = budget
        self.ceiling = ceiling
        guaranteed = budget - ceiling
        self.spentAsked = spentAsked
        self.spentOwn = spentOwn
        planned = plan.minutes(in: month)
        over = plan.minutesOver(in: month)
    }

    /// All that is asked of this month: done, to do, and beyond the ceiling.
    public var asked: Int { spentAsked + planned + over }

    /// The learner's own room in this month. Never below `guaranteed` unless `over` or overspending ate into it.
    public var leeway: Int { max(0, budget - asked) }

    /// What is left of the leeway after the learner's own learning so far.
    public var free: Int { max(0, leeway - spentOwn) }

    /// Whether less than the promise is left, so that the page must say why.
    public var isBelowGuarantee: Bool { leeway < guaranteed }
}

extension Capacity {
    /// What a policy's terms allow one person.
    public init(today: Day, terms: LeewayTerms, working: WorkingTime = WorkingTime()) {
        self.init(
            today: today, minutes: terms.minutes, shareBasisPoints: terms.shareBasisPoints,
            dailyLimit: terms.dailyLimit, working: working)
    }
}
