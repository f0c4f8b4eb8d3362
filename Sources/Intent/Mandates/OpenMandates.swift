public import Basis
public import People
public import Storage

/// What is open for many people, in columns: a bit for each person and mandate, and minutes only where some were spent.
///
/// A million people with twenty mandates each take 25 MB.
public struct OpenMandates: Sendable {
    /// A published mandate.
    public struct Entry: Hashable, Sendable {
        public let id: ID<Mandate>
        public let minutes: Int
        public let deadline: Day
    }

    /// By deadline, then identity.
    public let mandates: [Entry]
    /// Whose place in `roll` is everybody's place here.
    public let roll: PersonRoll
    /// Open assignments in all.
    public private(set) var count = 0
    /// Words of bits a person.
    private let width: Int
    private var bits: [UInt64]
    /// By person, then mandate.
    private var spendings: [Spending] = []
    /// By person: what was spent in the month, and on the mandate that changes. Empty when nothing was.
    private var monthTimes: [Int] = []
    private var ownTimes: [Int] = []

    private struct Spending {
        let person: Int32
        let mandate: Int32
        var microseconds: Int
    }

    init(mandates: [Entry], roll: PersonRoll) {
        self.mandates = mandates
        self.roll = roll
        width = (mandates.count + 63) / 64
        bits = [UInt64](repeating: 0, count: width * roll.count)
    }

    /// Visits what is open for a person: the mandate's place, and the minutes that are still to do.
    public func each(of person: Int, _ body: (_ mandate: Int, _ minutesLeft: Int) -> Void) {
        var spending = firstSpending(of: person)
        for word in 0..<width {
            var left = bits[person * width + word]
            while left != 0 {
                let mandate = word * 64 + left.trailingZeroBitCount
                left &= left - 1
                while spending < spendings.count, spendings[spending].person == person,
                    spendings[spending].mandate < mandate
                {
                    spending += 1
                }
                var minutes = mandates[mandate].minutes
                if spending < spendings.count, spendings[spending].person == person,
                    spendings[spending].mandate == mandate
                {
                    minutes = max(0, minutes - spendings[spending].microseconds / minuteMicroseconds)
                }
                body(mandate, minutes)
            }
        }
    }

    /// What a person spent on mandates in the month.
    /// - Unit: minutes, rounded up, so that mandates never get more of a month than its ceiling.
    public func minutesSpentInMonth(by person: Int) -> Int {
        monthTimes.isEmpty ? 0 : (monthTimes[person] + minuteMicroseconds - 1) / minuteMicroseconds
    }

    /// What a person ever spent on the mandate that changes.
    /// - Unit: minutes, rounded down.
    public func minutesSpentOnIt(by person: Int) -> Int {
        ownTimes.isEmpty ? 0 : ownTimes[person] / minuteMicroseconds
    }

    mutating func open(_ mandate: Int, for person: Int) {
        bits[person * width + mandate / 64] |= 1 << UInt64(mandate % 64)
        count += 1
    }

    mutating func spend(_ microseconds: Int, on mandate: Int, by person: Int) {
        spendings.append(Spending(person: Int32(person), mandate: Int32(mandate), microseconds: microseconds))
    }

    mutating func spendInMonth(_ microseconds: Int, by person: Int) {
        if monthTimes.isEmpty { monthTimes = [Int](repeating: 0, count: roll.count) }
        monthTimes[person] += microseconds
    }

    mutating func spendOnIt(_ microseconds: Int, by person: Int) {
        if ownTimes.isEmpty { ownTimes = [Int](repeating: 0, count: roll.count) }
        ownTimes[person] += microseconds
    }

    /// Joins what was spent on the same mandate in several months.
    mutating func finish() {
        spendings.sort { ($0.person, $0.mandate) < ($1.person, $1.mandate) }
        var joined: [Spending] = []
        for one in spendings {
            if let last = joined.last, last.person == one.person, last.mandate == one.mandate {
                joined[joined.count - 1].microseconds += one.microseconds
            } else {
                joined.append(one)
            }
        }
        spendings = joined
    }

    private func firstSpending(of person: Int) -> Int {
        var (low, high) = (0, spendings.count)
        while low < high {
            let middle = (low + high) / 2
            if spendings[middle].person < person { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension MandateBook {
    /// What is open for these people, and what they spent, in one query a mandate and one for the time spent.
    ///
    /// `changing` is the mandate that is looked at: it is left out of what is open, and what was spent on it is kept
    /// apart. The month is the one of `minutesSpentInMonth`.
    public func openMandates(
        of roll: PersonRoll, in month: Month, changing: ID<Mandate>? = nil, tenant: TenantID,
        on connection: any Connection
    ) throws -> OpenMandates {
        let entries = try connection.rows(
            """
            SELECT id, minutes, deadline FROM mandate WHERE tenant = \(tenant) AND state = 'published'
            ORDER BY deadline, id
            """
        ).map {
            OpenMandates.Entry(id: try $0.get("id"), minutes: try $0.get("minutes"), deadline: try $0.get("deadline"))
        }.filter { $0.id != changing }
        var open = OpenMandates(mandates: entries, roll: roll)
        for (mandate, entry) in entries.enumerated() {
            var walk = PersonRoll.Walk(roll)
            try connection.scan(
                """
                SELECT person FROM assignment
                WHERE tenant = \(tenant) AND mandate = \(entry.id) AND state = 'open'
                \(sqlite: "ORDER BY person", postgres: "")
                """
            ) { row in
                guard case .text(let text) = row[0], let key = IDKey(column: text), let place = walk.place(of: key)
                else { return }
                open.open(mandate, for: place)
            }
        }
        try readSpending(into: &open, month, changing, tenant, on: connection)
        return open
    }

    private func readSpending(
        into open: inout OpenMandates, _ month: Month, _ changing: ID<Mandate>?, _ tenant: TenantID,
        on connection: any Connection
    ) throws {
        let places = Dictionary(
            uniqueKeysWithValues: open.mandates.enumerated().map { (IDKey($1.id.uuid), $0) })
        let own = changing.map { IDKey($0.uuid) }
        var walk = PersonRoll.Walk(open.roll)
        try connection.scan(
            """
            SELECT person, mandate, month, duration_us FROM mandate_spending WHERE tenant = \(tenant)
            \(sqlite: "ORDER BY person, month, mandate", postgres: "")
            """
        ) { row in
            guard case .text(let person) = row[0], case .text(let mandate) = row[1],
                let key = IDKey(column: mandate), let time = row[3].integer,
                let place = IDKey(column: person).flatMap({ walk.place(of: $0) })
            else { return }
            if row[2].integer == month.index { open.spendInMonth(time, by: place) }
            if key == own { open.spendOnIt(time, by: place) }
            if let mandate = places[key] { open.spend(time, on: mandate, by: place) }
        }
        open.finish()
    }

    /// Who completed a mandate or held it when they were asked.
    public func finished(
        _ id: ID<Mandate>, in tenant: TenantID, on connection: any Connection,
        _ visit: (ID<Person>) -> Void
    ) throws {
        try connection.scan(
            """
            SELECT person FROM assignment
            WHERE tenant = \(tenant) AND mandate = \(id) AND state IN ('completed', 'held')
            """
        ) { row in
            if case .text(let text) = row[0], let key = IDKey(column: text) { visit(ID(key.uuid)) }
        }
    }
}

private let minuteMicroseconds = 60_000_000
