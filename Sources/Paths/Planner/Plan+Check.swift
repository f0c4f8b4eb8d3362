public import Basis

/// What is wrong with a plan.
public enum PlanFlaw: Error, Hashable, Sendable {
    /// Minutes are placed that nobody asked for, or none or fewer than none.
    case unasked(ID<Mandate>)
    /// Minutes are on a day that is gone, not worked, in another month, or after the deadline.
    case misplaced(ID<Mandate>, Day)
    /// Placed and left out together are not what was asked.
    case incomplete(ID<Mandate>)
    /// More is placed in a month than its ceiling leaves.
    case ceiling(Month)
    /// More is to be done by a day than the daily limit allows.
    case dailyLimit(Day)
    /// A shortfall's sums are not what the asks and the working days say.
    case unproved
}

extension Planner {
    /// Verifies a plan against what is asked, from the working days one by one and without the planner's own
    /// arithmetic: the certificate that everything can be done when nothing is left out.
    ///
    /// That every day holds its minutes follows from the sums up to each day (Hall's condition for nested windows).
    ///
    /// - Throws: the first flaw.
    public func check(_ plan: Plan, of asks: [Ask]) throws(PlanFlaw) {
        for placement in plan.placements {
            guard placement.minutes > 0, let ask = asks.first(where: { $0.mandate == placement.mandate }) else {
                throw .unasked(placement.mandate)
            }
            let by = placement.by
            guard by >= capacity.today, Month(by) == placement.month, capacity.working.isWorking(on: by),
                by <= latestDay(of: ask)
            else { throw .misplaced(placement.mandate, by) }
        }
        for overload in plan.overloads {
            let isAsked = asks.contains { $0.mandate == overload.mandate }
            guard overload.minutes > 0, isAsked else { throw .unasked(overload.mandate) }
        }
        for ask in asks {
            let placed = plan.placements.reduce(0) { $0 + ($1.mandate == ask.mandate ? $1.minutes : 0) }
            let over = plan.overloads.reduce(0) { $0 + ($1.mandate == ask.mandate ? $1.minutes : 0) }
            if placed + over != ask.minutes { throw .incomplete(ask.mandate) }
        }
        for month in Set(plan.placements.map(\.month)).sorted() { try check(plan, in: month) }
    }

    private func check(_ plan: Plan, in month: Month) throws(PlanFlaw) {
        let spent = month == self.month ? spent : 0
        if plan.minutes(in: month) > max(0, capacity.ceiling(in: month) - spent) { throw .ceiling(month) }
        guard let dailyLimit = capacity.dailyLimit else { return }
        var room = 0
        var day = max(month.firstDay, capacity.today)
        while day <= month.lastDay {
            if capacity.working.isWorking(on: day) { room += dailyLimit }
            let done = plan.placements.reduce(0) { $0 + ($1.month == month && $1.by <= day ? $1.minutes : 0) }
            if done > room { throw .dailyLimit(day) }
            day = day + 1
        }
    }

    /// Verifies that a shortfall proves what it says: more is due by its day than the months' ceilings and the working
    /// days until then hold, counted one by one, and without the unplaceable mandates a plan exists.
    ///
    /// - Throws: `unproved`, or the flaw of the plan for the rest.
    public func check(_ shortfall: Shortfall, of asks: [Ask]) throws(PlanFlaw) {
        let known = Set(asks)
        let capacity = countedCapacity(upTo: shortfall.deadline)
        guard Set(shortfall.due).count == shortfall.due.count,
            shortfall.due.allSatisfy({ known.contains($0) && latestDay(of: $0) <= shortfall.deadline }),
            shortfall.unplaceable.allSatisfy(known.contains), shortfall.capacity == capacity,
            shortfall.asked > capacity
        else { throw .unproved }
        let rest = asks.filter { !shortfall.unplaceable.contains($0) }
        let plan = plan(rest)
        if !plan.fits { throw .unproved }
        try check(plan, of: rest)
    }

    /// The day after which nothing of an ask may be placed.
    private func latestDay(of ask: Ask) -> Day {
        let horizon = (month + (Planner.monthLimit - 1)).lastDay
        return ask.deadline < capacity.today ? month.lastDay : min(ask.deadline, horizon)
    }

    private func countedCapacity(upTo deadline: Day) -> Int {
        var sum = 0
        var month = month
        while month <= Month(deadline) {
            var day = max(month.firstDay, capacity.today)
            var days = 0
            while day <= min(month.lastDay, deadline) {
                if capacity.working.isWorking(on: day) { days += 1 }
                day = day + 1
            }
            let left = max(0, capacity.ceiling(in: month) - (month == self.month ? spent : 0))
            sum += days == 0 ? 0 : min(left, capacity.dailyLimit.map { $0 * days } ?? left)
            month = month.next
        }
        return sum
    }
}
