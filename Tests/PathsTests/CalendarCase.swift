import Basis

@testable import Paths

/// One person with a calendar, few minutes and few mandates: small enough to look at every day and every subset.
struct CalendarCase: CustomStringConvertible {
    static let world = World.replay(seed: 23)
    static let names = (0..<8).map { _ in world.id(Mandate.self) }.shuffledOnce
    static let start = 20_780

    var today: Day
    var minutes: Int
    var shareBasisPoints: Int
    var dailyLimit: Int?
    var days: [Int]
    var part: Int
    var holidays: [ClosedRange<Day>]
    var absences: [ClosedRange<Day>]
    var from: Day?
    var until: Day?
    var spent: Int
    var asks: [Planner.Ask]

    init(using dice: inout Dice, asks count: ClosedRange<Int> = 0...5) {
        let today = Day(number: Self.start + Int.random(in: 0...800, using: &dice))
        func day(_ range: ClosedRange<Int>, _ dice: inout Dice) -> Day { today + Int.random(in: range, using: &dice) }
        func spans(_ most: Int, _ dice: inout Dice) -> [ClosedRange<Day>] {
            (0..<Int.random(in: 0...most, using: &dice)).map { _ in
                let first = day(-20...60, &dice)
                return first...(first + Int.random(in: 0...25, using: &dice))
            }
        }
        self.today = today
        minutes = Int.random(in: 0...14, using: &dice)
        shareBasisPoints = [0, 2_500, 3_333, 5_000].randomElement(using: &dice) ?? 0
        dailyLimit = [nil, 1, 2, 3, 5].randomElement(using: &dice) ?? nil
        days = Array((1...7).shuffled(using: &dice).prefix(Int.random(in: 1...2, using: &dice)))
        part = [10_000, 10_000, 8_000, 5_000].randomElement(using: &dice) ?? 0
        holidays = spans(1, &dice)
        absences = spans(2, &dice)
        from = Int.random(in: 0...5, using: &dice) == 0 ? day(-30...40, &dice) : nil
        until = Int.random(in: 0...5, using: &dice) == 0 ? day(0...70, &dice) : nil
        spent = Int.random(in: 0...4, using: &dice)
        asks = Self.names.prefix(Int.random(in: count, using: &dice)).map { name in
            Planner.Ask(
                mandate: name, minutes: .random(in: 0...7, using: &dice), deadline: day(-8...70, &dice))
        }
    }

    var working: WorkingTime {
        WorkingTime(
            week: WorkingWeek(days: days, shareBasisPoints: part), holidays: holidays, absences: absences,
            employedFrom: from, employedUntil: until)
    }

    var capacity: Capacity {
        Capacity(
            today: today, minutes: minutes, shareBasisPoints: shareBasisPoints, dailyLimit: dailyLimit,
            working: working)
    }

    var planner: Planner { Planner(capacity: capacity, spent: spent) }

    var description: String {
        let limit = dailyLimit.map(String.init) ?? "none"
        let bounds = [from, until].map { $0?.description ?? "open" }
        let named = asks.map { "\($0.minutes) by \($0.deadline)" }
        return """
            today \(today), \(minutes) min, share \(shareBasisPoints), limit \(limit), days \(days), part \(part), \
            holidays \(holidays), absences \(absences), employed \(bounds), spent \(spent), asks \(named)
            """
    }

    // What follows knows nothing of the planner: it looks at one day after the other.

    func isWorked(_ day: Day) -> Bool {
        days.contains(day.weekday) && !holidays.contains { $0.contains(day) } && !absences.contains { $0.contains(day) }
            && (from.map { day >= $0 } ?? true) && (until.map { day <= $0 } ?? true)
    }

    /// The month's days that anybody of this pattern works, and those that this person works.
    func workingDays(in month: Month) -> (normal: Int, present: Int) {
        var (normal, present) = (0, 0)
        var day = month.firstDay
        while Month(day) == month {
            if days.contains(day.weekday), !holidays.contains(where: { $0.contains(day) }) { normal += 1 }
            if isWorked(day) { present += 1 }
            day = day + 1
        }
        return (normal, present)
    }

    /// What mandates may ask of the month, as the largest whole number not above the exact one.
    func ceiling(in month: Month) -> Int {
        let (normal, present) = workingDays(in: month)
        var ceiling = 0
        while present > 0,
            (ceiling + 1) * 100_000_000 * normal <= minutes * (10_000 - shareBasisPoints) * part * present
        { ceiling += 1 }
        return ceiling
    }

    /// When an ask is due: one that is overdue, at the end of the current month.
    func due(_ ask: Planner.Ask) -> Day { ask.deadline < today ? Month(today).lastDay : ask.deadline }

    /// By what is due first, as the positions of a set's bits.
    var byDue: [Planner.Ask] {
        asks.sorted {
            (due($0), $0.deadline, $0.mandate.description) < (due($1), $1.deadline, $1.mandate.description)
        }
    }

    /// The most minutes of these asks that fit on days and in months.
    func most(_ asks: [Planner.Ask]) -> Int {
        guard let end = asks.map(due).max(), end >= today else { return 0 }
        let worked = (0...(end - today)).map { today + $0 }.filter(isWorked)
        let months = Array(Set(worked.map { Month($0) })).sorted()
        var flow = Flow(nodes: 2 + asks.count + worked.count + months.count)
        for (place, ask) in asks.enumerated() {
            flow.join(0, 2 + place, ask.minutes)
            for (index, day) in worked.enumerated() where day <= due(ask) {
                flow.join(2 + place, 2 + asks.count + index, 1_000)
            }
        }
        for (index, day) in worked.enumerated() {
            let month = months.firstIndex(of: Month(day)) ?? 0
            flow.join(2 + asks.count + index, 2 + asks.count + worked.count + month, dailyLimit ?? 1_000)
        }
        for (index, month) in months.enumerated() {
            let left = max(0, ceiling(in: month) - (month == Month(today) ? spent : 0))
            flow.join(2 + asks.count + worked.count + index, 1, left)
        }
        return flow.most()
    }

    /// The smallest set of asks without which the rest fits, by trying every set.
    var smallestUnplaceable: [Planner.Ask] {
        let asks = byDue
        for size in 0...asks.count {
            var best: (minutes: Int, set: Int)?
            for set in 0..<(1 << asks.count) where set.nonzeroBitCount == size {
                let gone = asks.indices.filter { set >> $0 & 1 == 1 }
                let minutes = gone.reduce(0) { $0 + asks[$1].minutes }
                if let best, (minutes, -set) > (best.minutes, -best.set) { continue }
                let rest = asks.indices.filter { set >> $0 & 1 == 0 }.map { asks[$0] }
                if most(rest) == rest.reduce(0, { $0 + $1.minutes }) { best = (minutes, set) }
            }
            if let best { return asks.indices.filter { best.set >> $0 & 1 == 1 }.map { asks[$0] } }
        }
        return asks
    }
}

extension [ID<Mandate>] {
    /// Identities that do not come in the order of their deadlines or of their making.
    fileprivate var shuffledOnce: Self {
        var dice = Dice(seed: 5)
        return shuffled(using: &dice)
    }
}

/// Maximum flow by shortest augmenting paths, from node 0 to node 1.
///
/// - Source: J. Edmonds and R. M. Karp, "Theoretical improvements in algorithmic efficiency for network flow
///   problems", Journal of the ACM 19, 1972.
private struct Flow {
    private var edges: [(to: Int, left: Int)] = []
    private var from: [[Int]]

    init(nodes: Int) { from = Array(repeating: [], count: nodes) }

    mutating func join(_ one: Int, _ other: Int, _ capacity: Int) {
        if capacity == 0 { return }
        from[one].append(edges.count)
        edges.append((other, capacity))
        from[other].append(edges.count)
        edges.append((one, 0))
    }

    mutating func most() -> Int {
        var sum = 0
        while let path = path() {
            let amount = path.map { edges[$0].left }.min() ?? 0
            for edge in path {
                edges[edge].left -= amount
                edges[edge ^ 1].left += amount
            }
            sum += amount
        }
        return sum
    }

    private func path() -> [Int]? {
        var via = [Int](repeating: -1, count: from.count)
        var queue = [0]
        var next = 0
        while next < queue.count, via[1] < 0 {
            for edge in from[queue[next]] where edges[edge].left > 0 && via[edges[edge].to] < 0 && edges[edge].to != 0 {
                via[edges[edge].to] = edge
                queue.append(edges[edge].to)
            }
            next += 1
        }
        if via[1] < 0 { return nil }
        var path: [Int] = []
        var node = 1
        while node != 0 {
            path.append(via[node])
            node = edges[via[node] ^ 1].to
        }
        return path
    }
}
