public import Basis
public import Evidence
public import People
public import Storage

/// What certifications ask of many people, in columns: their cycles with the days on which they are due.
///
/// A million cycles take 24 MB.
public struct OpenCycles: Sendable {
    /// Which cycles are meant.
    public enum Kind: Hashable, Sendable {
        /// Those that can be completed now.
        case open
        /// With those that will open on a day that is known: what is asked already, though nobody can begin.
        case openAndScheduled
    }

    /// One cycle of one person.
    public struct Entry: Hashable, Sendable {
        public let certification: ID<Mandate>
        public let dueOn: Day
        /// What is still to do: the minutes asked without what was spent since the month in which the cycle opened.
        public let minutesLeft: Int
        public let minutesSpent: Int
    }

    struct Cycle {
        let place: Int32
        let certification: Int32
        let opensOn: Int32
        let dueOn: Int32
        let minutes: Int32
        var spent: Int32 = 0
    }

    private let certifications: [ID<Mandate>]
    /// By place.
    private let rows: [Cycle]

    init(certifications: [ID<Mandate>], rows: [Cycle]) {
        self.certifications = certifications
        self.rows = rows
    }

    /// How many cycles in all.
    public var count: Int { rows.count }

    /// Visits the cycles of the person at a place of the roll.
    public func each(of place: Int, _ body: (Entry) -> Void) {
        var index = first(of: place)
        while index < rows.count, Int(rows[index].place) == place {
            let row = rows[index]
            body(
                Entry(
                    certification: certifications[Int(row.certification)], dueOn: Day(number: Int(row.dueOn)),
                    minutesLeft: max(0, Int(row.minutes - row.spent)), minutesSpent: Int(row.spent)))
            index += 1
        }
    }

    /// The latest day on which one is due; nil when there is none.
    public var lastDue: Day? { rows.map(\.dueOn).max().map { Day(number: Int($0)) } }

    private func first(of place: Int) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(rows[middle].place) < place { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension CertificationBook {
    /// The cycles of the people of a roll, in one query and one for the time spent. A cycle whose due day lies in a
    /// leave or an exemption asks for nothing.
    ///
    /// `person` narrows it to one of them; `certification` is left out.
    public func cycles(
        _ kind: OpenCycles.Kind, of roll: PersonRoll, person: ID<Person>? = nil, leavingOut certification: ID<Mandate>?,
        tenant: TenantID, on connection: any Connection
    ) throws -> OpenCycles {
        let programmes = try connection.rows(
            """
            SELECT id, minutes, renewal_minutes FROM certification
            WHERE tenant = \(tenant) AND state = 'published' ORDER BY id
            """
        ).map {
            (
                id: try $0.get("id", as: ID<Mandate>.self), first: try $0.get("minutes", as: Int.self),
                again: try $0.get("renewal_minutes", as: Int.self)
            )
        }.filter { $0.id != certification }
        if programmes.isEmpty { return OpenCycles(certifications: [], rows: []) }
        let places = Dictionary(uniqueKeysWithValues: programmes.enumerated().map { (IDKey($1.id.uuid), $0) })
        var rows: [OpenCycles.Cycle] = []
        var walk = PersonRoll.Walk(roll)
        let isMeant: SQL = kind == .open ? " AND cycle IS NOT NULL" : " AND due_on IS NOT NULL"
        let own: SQL = person.map { " AND person = \($0)" } ?? ""
        try connection.scan(
            """
            SELECT person, certification, opens_on, due_on, is_lapsed, certified_until FROM certification_assignment
            WHERE tenant = \(tenant) AND is_asked = 1 AND is_employed = 1
            AND (excused_from IS NULL OR excused_from > due_on OR excused_until < due_on)\(isMeant)\(own)
            \(sqlite: "ORDER BY person", postgres: "")
            """
        ) { row in
            guard case .text(let someone) = row[0], case .text(let name) = row[1], let key = IDKey(column: name),
                let programme = places[key], let opensOn = row[2].integer, let dueOn = row[3].integer,
                let place = IDKey(column: someone).flatMap({ walk.place(of: $0) })
            else { return }
            let renews = row[5].integer != nil && row[4].integer != 1
            rows.append(
                OpenCycles.Cycle(
                    place: Int32(place), certification: Int32(programme), opensOn: Int32(clamping: opensOn),
                    dueOn: Int32(clamping: dueOn),
                    minutes: Int32(renews ? programmes[programme].again : programmes[programme].first)))
        }
        let isSorted = zip(rows, rows.dropFirst()).allSatisfy { $0.place <= $1.place }
        if !isSorted { rows.sort { ($0.place, $0.certification) < ($1.place, $1.certification) } }
        let spent = try spending(on: programmes.map(\.id), by: person, tenant, on: connection)
        if !spent.isEmpty {
            for index in rows.indices {
                let row = rows[index]
                let whose = Spender(
                    person: IDKey(roll[Int(row.place)].uuid), certification: programmes[Int(row.certification)].id)
                rows[index].spent = Int32(spent[whose]?.minutes(since: Day(number: Int(row.opensOn))) ?? 0)
            }
        }
        return OpenCycles(certifications: programmes.map(\.id), rows: rows)
    }

    struct Spender: Hashable {
        let person: IDKey
        let certification: ID<Mandate>
    }

    /// Time that was spent, by month.
    struct Spending {
        var parts: [(month: Int, microseconds: Int)] = []

        /// - Unit: minutes, rounded down.
        func minutes(since day: Day) -> Int {
            let first = Month(day).index
            return parts.reduce(0) { $0 + ($1.month >= first ? $1.microseconds : 0) } / 60_000_000
        }
    }

    func spending(
        on certifications: [ID<Mandate>], by person: ID<Person>?, _ tenant: TenantID, on connection: any Connection
    ) throws -> [Spender: Spending] {
        let own: SQL = person.map { " AND person = \($0)" } ?? ""
        var found: [Spender: Spending] = [:]
        for row in try connection.rows(
            """
            SELECT person, mandate, month, duration_us FROM mandate_spending
            WHERE tenant = \(tenant)\(own) AND mandate IN (\(SQL.list(certifications)))
            """)
        {
            let whose = Spender(
                person: IDKey(try row.get("person", as: ID<Person>.self).uuid), certification: try row.get("mandate"))
            found[whose, default: Spending()].parts.append((try row.get("month"), try row.get("duration_us")))
        }
        return found
    }

    /// Books learning time on the open cycle that is due first and that a content counts for, in the transaction that
    /// stores the evidence of it.
    ///
    /// - Returns: Whose choice the time was.
    @discardableResult
    public func spend(
        _ duration: Duration, on content: ID<Content>, by person: ID<Person>, of tenant: TenantID, at moment: Moment,
        on connection: any Connection
    ) throws -> Choice {
        let row = try connection.row(
            """
            SELECT c.certification AS certification FROM certification_content c
            JOIN certification_assignment a
                ON a.tenant = c.tenant AND a.certification = c.certification AND a.person = \(person)
            WHERE c.tenant = \(tenant) AND c.content = \(content) AND a.cycle IS NOT NULL
            ORDER BY a.due_on, c.certification LIMIT 1
            """)
        guard let row else { return .own }
        try spine.spend(
            duration, on: row.get("certification"), by: person, of: tenant, at: moment, on: connection)
        return .asked
    }
}
