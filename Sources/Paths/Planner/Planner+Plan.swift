import Basis

extension Planner {
    /// Places what is asked.
    ///
    /// - Cost: asks × months.
    public func plan(_ asks: [Ask]) -> Plan {
        var free = (0..<Planner.monthLimit).map { capacity(of: $0) }
        var placements: [Plan.Placement] = []
        var overloads: [Overload] = []
        for ask in Planner.ordered(asks) {
            let due = due(ask.deadline)
            var left = ask.minutes
            for offset in 0...due where left > 0 && free[offset] > 0 {
                let minutes = min(left, free[offset])
                free[offset] -= minutes
                left -= minutes
                placements.append(Plan.Placement(mandate: ask.mandate, month: month + offset, minutes: minutes))
            }
            if left > 0 {
                overloads.append(Overload(mandate: ask.mandate, month: month + due, minutes: left))
            }
        }
        return Plan(placements: placements, overloads: overloads)
    }

    /// By deadline, then by identity: the same answer whatever the order they came in.
    static func ordered(_ asks: [Ask]) -> [Ask] {
        let named: [(ask: Ask, name: String)] = asks.map { ($0, $0.mandate.description) }
        let sorted = named.sorted { one, other in
            if one.ask.deadline != other.ask.deadline { return one.ask.deadline < other.ask.deadline }
            return one.name < other.name
        }
        return sorted.map(\.ask)
    }

    /// The month of a deadline, counted from the current one; what is overdue is due now.
    /// - Range: 0..<`monthLimit`.
    func due(_ deadline: Day) -> Int {
        min(max(0, Month(deadline).index - month.index), Planner.monthLimit - 1)
    }

    /// Minutes that mandates may still take of the month at `offset`.
    func capacity(of offset: Int) -> Int { offset == 0 ? max(0, ceiling - spent) : ceiling }

    /// Minutes due in each month.
    func demand(_ asks: [Ask]) -> [Int] {
        var demand = [Int](repeating: 0, count: Planner.monthLimit)
        for ask in asks { demand[due(ask.deadline)] += ask.minutes }
        return demand
    }
}

/// What one person's months hold against what is due in them: the planner's arithmetic without the names.
///
/// With C(m) the capacity up to month m and w(m) the minutes due in it, earliest deadline first places
/// F(m) = min(C(m), F(m-1) + w(m)) minutes due by m, which is also the most that any placement can (the least cut
/// of the flow from mandates to months, whose windows are nested). What is left out in m is w(m) - (F(m) - F(m-1)).
///
/// - Shape: every list has `Planner.monthLimit` places, from the current month.
struct Headroom {
    private(set) var capacity: [Int]
    private(set) var placed: [Int]
    /// Minutes due in each month that do not fit.
    private(set) var over: [Int]

    init(_ planner: Planner, demand: [Int]) {
        let count = Planner.monthLimit
        capacity = [Int](repeating: 0, count: count)
        placed = capacity
        over = capacity
        var (total, done) = (0, 0)
        for offset in 0..<count {
            total += planner.capacity(of: offset)
            let next = min(total, done + demand[offset])
            over[offset] = demand[offset] - (next - done)
            done = next
            capacity[offset] = total
            placed[offset] = done
        }
    }

    /// The most minutes that one more mandate due in `month` may ask without pushing anything out: the least of
    /// C(d) - F(d) over d from that month on.
    func room(in month: Int) -> Int {
        var room = Int.max
        for offset in month..<capacity.count { room = min(room, capacity[offset] - placed[offset]) }
        return room
    }

    /// The earliest month in which one more mandate of these minutes fits; nil within `Planner.monthLimit`.
    func earliest(fitting minutes: Int) -> Int? {
        var found: Int?
        for offset in capacity.indices.reversed() {
            if capacity[offset] - placed[offset] < minutes { break }
            found = offset
        }
        return found
    }

    /// Minutes worked in a month when everything is done as early as it can be.
    func planned(in month: Int) -> Int {
        let all = placed[placed.count - 1]
        return min(capacity[month], all) - (month == 0 ? 0 : min(capacity[month - 1], all))
    }
}

extension Month {
    static func + (month: Month, offset: Int) -> Month { Month(index: month.index + offset) }
}
