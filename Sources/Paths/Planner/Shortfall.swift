public import Basis

/// Why what is asked cannot be placed, so that anybody can check it, and the least that would have to give way.
public struct Shortfall: Hashable, Sendable {
    /// The day up to which more is asked than can be done.
    public let deadline: Day
    /// What is due by that day, what is overdue with it, by deadline.
    public let due: [Planner.Ask]
    /// The most minutes that can be done by that day.
    public let capacity: Int
    /// The smallest set of mandates without which the rest can be placed, by deadline: the fewest mandates, of those
    /// sets the one with the fewest minutes, of those the one with the latest deadlines, of those the mandates named
    /// last, which are the youngest.
    public let unplaceable: [Planner.Ask]
    /// Whether `unplaceable` is proved to have the fewest minutes. It always has the fewest mandates. See
    /// `Planner.shortfall`.
    public let isExact: Bool

    /// Minutes due by the deadline.
    public var asked: Int { due.reduce(0) { $0 + $1.minutes } }
    /// The fewest minutes that any plan leaves out: the same as the overloads of `Planner.plan`.
    public var minutes: Int { asked - capacity }
    /// Minutes of the mandates that give way.
    public var minutesUnplaceable: Int { unplaceable.reduce(0) { $0 + $1.minutes } }
}

extension Planner {
    /// The most memory that the search for the fewest minutes may take.
    /// - Unit: words of 64 bits; 64 MiB in all.
    static let shortfallWordLimit = 1 << 23

    /// Why these asks cannot all be placed; nil when they can.
    ///
    /// The day is the earliest of those by which the most minutes too many are due. By min cut that is just what the
    /// best plan leaves out. The fewest mandates are found by Moore and Hodgson's rule. The fewest minutes among as
    /// few mandates are a knapsack, solved exactly by reachable sums: always for up to 60 asks of up to 6,000 minutes,
    /// and for more as long as it fits into `shortfallWordLimit`; beyond it, Moore and Hodgson's own set is given.
    ///
    /// Of equal sets the one due latest gives way, since it leaves most time to be moved, and then the youngest, so
    /// that nobody's mandate is pushed out by a later one.
    ///
    /// - Cost: with n asks, r of them unplaceable, m minutes of these and g what divides the minutes of all:
    ///   n·r·m/(64·g) steps on words, below 10⁷.
    /// - Source: J. M. Moore, "An n job, one machine sequencing algorithm for minimizing the number of late jobs",
    ///   Management Science 15, 1968; E. L. Lawler and J. M. Moore, "A functional equation and its application to
    ///   resource allocation and sequencing problems", Management Science 16, 1969.
    public func shortfall(of asks: [Ask]) -> Shortfall? {
        let asks = ordered(asks.filter { $0.minutes > 0 })
        var jobs: [RemovalSearch.Job] = []
        var sum = 0
        var worst: (place: Int, excess: Int)?
        var last = 0
        for (place, ask) in asks.enumerated() {
            sum += ask.minutes
            let capacity = capacity.minutes(upTo: due(ask.deadline), spent: spent)
            jobs.append(RemovalSearch.Job(minutes: ask.minutes, capacity: capacity))
            let excess = sum - capacity
            if excess > 0 { last = place }
            if excess > worst?.excess ?? 0 { worst = (place, excess) }
        }
        guard let worst else { return nil }
        // What is due after the last day that is too full never has to give way.
        let search = RemovalSearch(jobs: Array(jobs[...last]))
        let removed = search.fewestMinutes(wordLimit: Planner.shortfallWordLimit)
        return Shortfall(
            deadline: day(of: due(asks[worst.place].deadline)), due: Array(asks[...worst.place]),
            capacity: jobs[worst.place].capacity,
            unplaceable: (removed ?? search.fewest).map { asks[$0] }, isExact: removed != nil)
    }

    private func day(of due: Due) -> Day { (month + due.offset).firstDay + (due.day - 1) }
}

/// The fewest jobs that must give way so that the rest is done in time, on one machine with time given by capacity.
struct RemovalSearch {
    struct Job {
        /// Range: 1….
        let minutes: Int
        /// What can be done by its deadline. Never falls from one job to the next.
        let capacity: Int
    }

    let jobs: [Job]
    /// The fewest, by Moore and Hodgson: whenever too much is due, the longest so far gives way. In order.
    let fewest: [Int]

    init(jobs: [Job]) {
        self.jobs = jobs
        var removed: [Int] = []
        var kept: [Int] = []
        var sum = 0
        for (place, job) in jobs.enumerated() {
            kept.append(place)
            sum += job.minutes
            while sum > job.capacity {
                var longest = 0
                for other in kept.indices where jobs[kept[other]].minutes >= jobs[kept[longest]].minutes {
                    longest = other
                }
                sum -= jobs[kept[longest]].minutes
                removed.append(kept.remove(at: longest))
            }
        }
        fewest = removed.sorted()
    }

    /// Of all sets of as few jobs, the one with the fewest minutes; ties by the last job that is in one of them only.
    /// Nil when it would take more than `wordLimit` words of memory.
    ///
    /// `layers[k][r]` holds the minutes that r of the first k + 1 jobs can have when they give way and everything so
    /// far is done in time, which is when they have at least what is due too much.
    func fewestMinutes(wordLimit: Int) -> [Int]? {
        let unit = jobs.reduce(0) { greatestCommonDivisor($0, $1.minutes) }
        let most = fewest.reduce(0) { $0 + jobs[$1].minutes } / unit
        var layers: [[Sums]] = []
        var (sum, words) = (0, 0)
        for job in jobs {
            sum += job.minutes
            let needed = max(0, (sum - job.capacity + unit - 1) / unit)
            let length = min(most, sum / unit)
            let count = min(layers.count + 1, fewest.count)
            words += (count + 1) * (length / 64 + 1)
            if words > wordLimit { return nil }
            let before = layers.last ?? [Sums.zero]
            layers.append(
                (0...count).map { removed in
                    var sums = removed < before.count ? before[removed].extended(to: length) : Sums(length: length)
                    if removed > 0 { sums.add(before[removed - 1], shiftedBy: job.minutes / unit) }
                    sums.clear(below: needed)
                    return sums
                })
        }
        return trace(layers, unit: unit)
    }

    private func trace(_ layers: [[Sums]], unit: Int) -> [Int]? {
        guard var minutes = layers.last?.last?.first else { return nil }
        var left = fewest.count
        var removed: [Int] = []
        for place in jobs.indices.reversed() where left > 0 {
            let before = place == 0 ? [Sums.zero] : layers[place - 1]
            let rest = minutes - jobs[place].minutes / unit
            guard left - 1 < before.count, before[left - 1].contains(rest) else { continue }
            removed.append(place)
            (left, minutes) = (left - 1, rest)
        }
        return removed.reversed()
    }
}

/// A set of numbers from 0 to a limit, one bit each.
struct Sums {
    private var words: [UInt64]
    private let length: Int

    static var zero: Sums {
        var sums = Sums(length: 0)
        sums.words[0] = 1
        return sums
    }

    init(length: Int) {
        self.length = length
        words = [UInt64](repeating: 0, count: length / 64 + 1)
    }

    func extended(to length: Int) -> Sums {
        var sums = Sums(length: length)
        for place in 0..<min(words.count, sums.words.count) { sums.words[place] = words[place] }
        return sums
    }

    /// Adds every number of `other`, greater by `shift`, that is within the limit.
    mutating func add(_ other: Sums, shiftedBy shift: Int) {
        let (skip, bits) = (shift / 64, UInt64(shift % 64))
        for place in other.words.indices where place + skip < words.count {
            words[place + skip] |= other.words[place] << bits
            if bits > 0, place + skip + 1 < words.count {
                words[place + skip + 1] |= other.words[place] >> (64 - bits)
            }
        }
        let spare = UInt64(length % 64) + 1
        if spare < 64 { words[words.count - 1] &= 1 << spare - 1 }
    }

    mutating func clear(below number: Int) {
        for place in words.indices where place * 64 < number {
            words[place] = (place + 1) * 64 <= number ? 0 : words[place] & ~(1 << UInt64(number % 64) - 1)
        }
    }

    func contains(_ number: Int) -> Bool {
        number >= 0 && number <= length && words[number / 64] >> UInt64(number % 64) & 1 == 1
    }

    /// The least of them.
    var first: Int? {
        for (place, word) in words.enumerated() where word != 0 { return place * 64 + word.trailingZeroBitCount }
        return nil
    }
}

private func greatestCommonDivisor(_ one: Int, _ other: Int) -> Int {
    var (one, other) = (one, other)
    while other != 0 { (one, other) = (other, one % other) }
    return one
}
