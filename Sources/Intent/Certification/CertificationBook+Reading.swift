public import Basis
public import People
public import Storage

/// Where somebody stands with a certification on a day.
public enum CertificationStanding: String, CaseIterable, Storable, Sendable {
    /// A certificate is valid and nothing is to be done.
    case certified
    /// A certificate is valid, and the next cycle can be completed.
    case window
    /// Asked, without a valid certificate, and the due day is still to come.
    case due
    /// The due day is over, the grace is not.
    case overdue
    /// Due day and grace are over.
    case lapsed
    /// On leave or exempted: nothing is due.
    case excused
    /// Nothing is open yet.
    case waiting
    /// Left, or no longer asked.
    case ended
}

/// How many people stand where.
public struct CertificationCounts: Hashable, Sendable {
    public private(set) var byStanding: [CertificationStanding: Int] = [:]
    /// Those with a valid certificate, wherever they stand.
    public private(set) var certified = 0

    public init() {}

    /// Everybody of whom it is asked.
    public var asked: Int { byStanding.filter { $0.key != .ended }.reduce(0) { $0 + $1.value } }

    public subscript(standing: CertificationStanding) -> Int { byStanding[standing] ?? 0 }

    /// Counts people who stand there, of whom so many hold a valid certificate.
    public mutating func add(_ standing: CertificationStanding, _ count: Int, certified: Int) {
        byStanding[standing, default: 0] += count
        if standing != .ended { self.certified += certified }
    }
}

/// One person's row of a certification.
public struct CertificationPlace: Hashable, Sendable {
    public let certification: ID<Mandate>
    public let person: ID<Person>
    public let standing: CertificationStanding
    /// The open cycle; nil when none is.
    public let cycle: Int?
    /// When the open or the next cycle opens and is due.
    public let opensOn: Day?
    public let dueOn: Day?
    public let certifiedUntil: Day?
    /// The last day of the leave or exemption that holds or comes next.
    public let excusedUntil: Day?
}

/// One line of what was decided or became known of a person.
public struct CertificationTold: Hashable, Sendable {
    public let event: CertificationEvent
    /// Who decided it; nil when it follows from what the organisation keeps.
    public let by: ID<Person>?
}

/// Everything that there is about one person and one certification.
public struct CertificationFile: Sendable {
    public let place: CertificationPlace
    public let cycles: [CertificationCycle]
    public let lines: [CertificationEntry]
    public let told: [CertificationTold]
    public let state: CertificationState

    /// What a steward can take back now: an extension, or what a steward attested.
    public var withdrawable: CertificationState.Withdrawable? {
        guard state.withdrawable == .completion else { return state.withdrawable }
        let earned = told.last { if case .earned = $0.event.fact { true } else { false } }
        return earned?.by == nil ? nil : .completion
    }
}

extension CertificationBook {
    /// How many stand where, of all or of each unit (the unit itself, not those below it).
    public func counts(
        of id: ID<Mandate>, on day: Day, in tenant: TenantID
    ) async throws -> (all: CertificationCounts, units: [ID<Unit>?: CertificationCounts]) {
        try await database.read { connection in
            let rows = try connection.rows(
                """
                SELECT p.unit AS unit, \(standing(on: day)) AS standing, COUNT(*) AS count,
                    SUM(CASE WHEN a.certified_until >= \(day) THEN 1 ELSE 0 END) AS certified
                FROM certification_assignment a
                JOIN person p ON p.tenant = a.tenant AND p.id = a.person
                WHERE a.tenant = \(tenant) AND a.certification = \(id) GROUP BY 1, 2
                """)
            var all = CertificationCounts()
            var units: [ID<Unit>?: CertificationCounts] = [:]
            for row in rows {
                let standing: CertificationStanding = try row.get("standing")
                let (count, certified): (Int, Int) = (try row.get("count"), try row.get("certified"))
                all.add(standing, count, certified: certified)
                units[try row.find("unit"), default: CertificationCounts()].add(standing, count, certified: certified)
            }
            return (all, units)
        }
    }

    /// How many stand where, of every certification.
    public func counts(on day: Day, in tenant: TenantID) async throws -> [ID<Mandate>: CertificationCounts] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT a.certification AS certification, \(standing(on: day)) AS standing, COUNT(*) AS count,
                    SUM(CASE WHEN a.certified_until >= \(day) THEN 1 ELSE 0 END) AS certified
                FROM certification_assignment a WHERE a.tenant = \(tenant) GROUP BY 1, 2
                """
            ).reduce(into: [:]) { found, row in
                found[try row.get("certification"), default: CertificationCounts()].add(
                    try row.get("standing"), try row.get("count"), certified: try row.get("certified"))
            }
        }
    }

    /// People of a certification, by name, some at a time: all, or only those who stand there on the day, and whose
    /// name holds the text.
    public func people(
        of id: ID<Mandate>, on day: Day, standing wanted: CertificationStanding? = nil, matching text: String = "",
        page: Int = 1, pageSize: Int = 50, in tenant: TenantID
    ) async throws -> Page<CertificationPlace> {
        try await database.read { connection in
            var condition: SQL = "a.tenant = \(tenant) AND a.certification = \(id)"
            if let wanted { condition += " AND \(standing(on: day)) = \(wanted)" }
            if !text.isEmpty {
                let pattern = text.lowercased().replacing("!", with: "!!").replacing("%", with: "!%")
                    .replacing("_", with: "!_")
                condition += " AND LOWER(p.name) LIKE \("%\(pattern)%") ESCAPE '!'"
            }
            let join: SQL = """
                FROM certification_assignment a JOIN person p ON p.tenant = a.tenant AND p.id = a.person
                WHERE \(condition)
                """
            let total: Int = try connection.value("SELECT COUNT(*) AS count \(join)")
            let size = min(max(1, pageSize), 10_000)
            let rows = try connection.rows(
                """
                SELECT a.*, \(standing(on: day)) AS standing \(join)
                ORDER BY p.search_text \(sqlite: "", postgres: "COLLATE \"C\""), p.id
                LIMIT \(size) OFFSET \((max(1, page) - 1) * size)
                """)
            return Page(
                items: try rows.map(CertificationPlace.init), total: total, page: max(1, page), pageSize: size)
        }
    }

    /// Where a person stands with everything that was ever asked of them.
    public func places(
        of person: ID<Person>, on day: Day, in tenant: TenantID
    ) async throws -> [CertificationPlace] {
        try await places("a.person = \(person)", on: day, tenant)
    }

    /// What is asked of those who report to a manager. Only of active people.
    public func team(
        of manager: ID<Person>, on day: Day, in tenant: TenantID
    ) async throws -> [CertificationPlace] {
        try await places(
            """
            a.is_asked = 1 AND a.person IN (SELECT id FROM person WHERE tenant = \(tenant) AND manager = \(manager)
                AND is_active = 1)
            """, on: day, tenant)
    }

    private func places(_ condition: SQL, on day: Day, _ tenant: TenantID) async throws -> [CertificationPlace] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT a.*, \(standing(on: day)) AS standing FROM certification_assignment a
                WHERE a.tenant = \(tenant) AND \(condition)
                ORDER BY COALESCE(a.due_on, 4000000), a.certification, a.person
                """
            ).map(CertificationPlace.init)
        }
    }

    /// All that is kept of one person and one certification; nil when it was never asked of them.
    public func file(
        of person: ID<Person>, _ id: ID<Mandate>, on day: Day, in tenant: TenantID
    ) async throws -> CertificationFile? {
        try await database.read { connection in
            let whose: SQL = "tenant = \(tenant) AND certification = \(id) AND person = \(person)"
            let row = try connection.row(
                "SELECT a.*, \(standing(on: day)) AS standing FROM certification_assignment a WHERE \(whose)")
            guard let row else { return nil }
            let lines = try connection.rows("SELECT * FROM certification_line WHERE \(whose) ORDER BY number")
                .map(CertificationEntry.init)
            let told = try connection.rows("SELECT * FROM certification_event WHERE \(whose) ORDER BY number")
                .map(CertificationNews.init)
            return CertificationFile(
                place: try CertificationPlace(row), cycles: CertificationCycle.cycles(of: lines), lines: lines,
                told: told.map { CertificationTold(event: CertificationEvent(at: $0.at, $0.fact), by: $0.by) },
                state: try CertificationSeat(row).state)
        }
    }

    /// Every revision of a certification, the newest first: since when which terms hold.
    public func revisions(
        of id: ID<Mandate>, in tenant: TenantID
    ) async throws -> [(since: Moment, terms: CertificationTerms, people: Int)] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT since, rule, people FROM certification_revision
                WHERE tenant = \(tenant) AND certification = \(id) ORDER BY revision DESC
                """
            ).map { (try $0.get("since"), try CertificationTerms(stored: $0.get("rule")), try $0.get("people")) }
        }
    }

    /// When the last run that changed something was, and what it did.
    public func lastNight(of tenant: TenantID) async throws -> (at: Moment, night: CertificationNight)? {
        try await database.read { connection in
            try connection.row("SELECT * FROM certification_night WHERE tenant = \(tenant) ORDER BY at DESC LIMIT 1")
                .map { row in
                    var night = CertificationNight(day: try row.get("day"))
                    night.programmes = try row.get("programmes")
                    (night.joined, night.ended) = (try row.get("joined"), try row.get("ended"))
                    night.advanced = try row.get("advanced")
                    (night.lines, night.notices) = (try row.get("lines"), try row.get("notices"))
                    return (try row.get("at"), night)
                }
        }
    }

    /// Where a row stands on a day, from the columns beside the state.
    private func standing(on day: Day) -> SQL {
        """
        CASE WHEN a.is_asked = 0 OR a.is_employed = 0 THEN 'ended'
            WHEN a.excused_from <= \(day) AND a.excused_until >= \(day) THEN 'excused'
            WHEN a.cycle IS NOT NULL AND a.is_lapsed = 1 THEN 'lapsed'
            WHEN a.cycle IS NOT NULL AND a.due_on < \(day) THEN 'overdue'
            WHEN a.cycle IS NOT NULL AND a.certified_until >= \(day) THEN 'window'
            WHEN a.cycle IS NOT NULL THEN 'due'
            WHEN a.certified_until >= \(day) THEN 'certified' ELSE 'waiting' END
        """
    }
}

extension CertificationPlace {
    init(_ row: Row) throws {
        self.init(
            certification: try row.get("certification"), person: try row.get("person"),
            standing: try row.get("standing"), cycle: try row.find("cycle"), opensOn: try row.find("opens_on"),
            dueOn: try row.find("due_on"), certifiedUntil: try row.find("certified_until"),
            excusedUntil: try row.find("excused_until"))
    }
}
