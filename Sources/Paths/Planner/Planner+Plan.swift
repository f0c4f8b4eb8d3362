import Basis

extension Planner {
    /// Places what is asked.
    ///
    /// - Cost: asks × months.
    public func plan(_ asks: [Ask]) -> Plan {
        var used = [Int](repeating: 0, count: Planner.monthLimit)
        var placements: [Plan.Placement] = []
        var overloads: [Overload] = []
        for ask in ordered(asks) {
            let due = due(ask.deadline)
            var left = ask.minutes
            for offset in 0...due.offset where left > 0 {
                let minutes = min(left, room(in: offset, upTo: due) - used[offset])
                guard minutes > 0, let by = lastWorkingDay(in: offset, upTo: due) else { continue }
                used[offset] += minutes
                left -= minutes
                placements.append(
                    Plan.Placement(mandate: ask.mandate, month: month + offset, minutes: minutes, by: by))
            }
            if left > 0 {
                overloads.append(Overload(mandate: ask.mandate, month: month + due.offset, minutes: left))
            }
        }
        return Plan(placements: placements, overloads: overloads)
    }

    /// By what is due, then by deadline, then by identity: the same answer whatever the order they came in.
    func ordered(_ asks: [Ask]) -> [Ask] {
        let named = asks.map { (ask: $0, due: due($0.deadline), name: $0.mandate.description) }
        return named.sorted { ($0.due, $0.ask.deadline, $0.name) < ($1.due, $1.ask.deadline, $1.name) }.map(\.ask)
    }

    /// Where a deadline counts; what is overdue is due at the end of the current month.
    func due(_ deadline: Day) -> Due { Due(deadline, on: capacity.today) }

    /// What the month at `offset` holds for something due then.
    private func room(in offset: Int, upTo due: Due) -> Int {
        let month = capacity.months[offset]
        let left = offset == 0 ? max(0, Int(month.ceiling) - spent) : Int(month.ceiling)
        return left.limited(to: month.days.upTo(offset == due.offset ? due.day : 31), capacity.dailyLimit)
    }

    private func lastWorkingDay(in offset: Int, upTo due: Due) -> Day? {
        let days = capacity.months[offset].days.upTo(offset == due.offset ? due.day : 31)
        return days.last.map { (month + offset).firstDay + ($0 - 1) }
    }
}

/// What one person's working time holds against what is due in it: the planner's arithmetic without the names.
///
/// With C(d) the capacity up to day d and w(k) the minutes of the k-th ask by deadline, earliest deadline first places
/// F(k) = min(C(d(k)), F(k−1) + w(k)) minutes, which is also the most that any placement can (the least cut of the
/// flow from mandates to days and months, whose windows are nested). What is left out of k is w(k) − (F(k) − F(k−1)).
///
/// - Shape: one place an ask, by deadline. Can be loaded again and again, so that a million people need no memory.
struct Headroom {
    private(set) var dues: [Due] = []
    private(set) var minutes: [Int] = []
    private(set) var capacities: [Int] = []
    /// F(k).
    private(set) var placed: [Int] = []

    /// Minutes placed in all.
    var total: Int { placed.last ?? 0 }

    mutating func clear() {
        dues.removeAll(keepingCapacity: true)
        minutes.removeAll(keepingCapacity: true)
        capacities.removeAll(keepingCapacity: true)
        placed.removeAll(keepingCapacity: true)
    }

    /// Adds an ask that is due when the last one is, or later. `capacity` is C of that day.
    mutating func append(due: Due, minutes: Int, capacity: Int) {
        placed.append(min(capacity, total + minutes))
        dues.append(due)
        self.minutes.append(minutes)
        capacities.append(capacity)
    }

    /// How many asks are due on or before a day.
    func count(upTo due: Due) -> Int {
        var count = dues.count
        while count > 0, due < dues[count - 1] { count -= 1 }
        return count
    }

    /// C − F after the k-th ask: the minutes that may still be due then.
    func slack(_ place: Int) -> Int { capacities[place] - placed[place] }

    /// Minutes of the k-th ask that do not fit.
    func over(_ place: Int) -> Int { minutes[place] - (placed[place] - (place == 0 ? 0 : placed[place - 1])) }

    /// The most minutes that one more mandate may ask without pushing anything out: the least of C − F from its
    /// deadline on. `first` is the count of asks up to its deadline, `capacity` C of it.
    func room(after first: Int, capacity: Int) -> Int {
        var room = capacity - (first == 0 ? 0 : placed[first - 1])
        for place in first..<dues.count { room = min(room, slack(place)) }
        return room
    }

    /// Whether one more mandate of `left` minutes fits once the ask at `gone` is retired.
    func fits(_ left: Int, after first: Int, capacity: Int, without gone: Int) -> Bool {
        let start = min(first, gone)
        var done = start == 0 ? 0 : placed[start - 1]
        for place in start...dues.count {
            if place == first, capacity - done < left { return false }
            if place == gone || place == dues.count { continue }
            done = min(capacities[place], done + minutes[place])
            if place >= first, capacities[place] - done < left { return false }
        }
        return true
    }
}
