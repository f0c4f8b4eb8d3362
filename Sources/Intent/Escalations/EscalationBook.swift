public import Basis
import Evidence
import JSON
import People
public import Storage

/// A question about a use of AI that somebody raised to the one who answers for it.
public struct EscalationRecord: Hashable, Sendable {
    public let id: ID<Escalation>
    public let use: ID<AIUse>
    public let by: ID<Person>
    public let raisedAt: Moment
    public let question: String
    /// The last day for its answer; after it, stewards answer as well.
    public let dueOn: Day
    /// To whom it was handed over; nil is whoever answers for the use, or the stewards when nobody does.
    public let holder: ID<Person>?
    public let handovers: Int
    /// Empty while it waits.
    public let answer: String
    public let decidedAt: Moment?
    public let decidedBy: ID<Person>?

    public var isOpen: Bool { decidedAt == nil }

    /// Whether it waits longer than it may, on a day.
    public func isOverdue(on day: Day) -> Bool { isOpen && day > dueOn }
}

/// Rules of governing itself.
public struct GovernancePolicy: Hashable, Sendable {
    /// 0 before anybody set one.
    public let version: Int
    /// How long an escalation may wait.
    /// - Unit: working days: Monday to Friday without the organisation's holidays.
    public let answerDays: Int
    /// Leaders' agreement (Kendall's W) below which publishing a strategy needs a word why; nil is never.
    /// - Range: 0…1.
    public let agreement: Double?

    public static let initial = GovernancePolicy(version: 0, answerDays: 5, agreement: nil)

    static func inForce(of tenant: TenantID, on connection: any Connection) throws -> GovernancePolicy {
        let row = try connection.row(
            "SELECT * FROM governance_policy WHERE tenant = \(tenant) ORDER BY version DESC LIMIT 1")
        guard let row else { return .initial }
        return GovernancePolicy(
            version: try row.get("version"), answerDays: try row.get("answer_days"),
            agreement: try row.find("agreement_bp", as: Int.self).map { Double($0) / 10_000 })
    }
}

/// Escalations: anybody raises one, the owner or a stand-in answers or hands it over, stewards once it waits too long.
public struct EscalationBook: Sendable {
    /// - Unit: characters.
    public static let textLimit = 2_000

    let database: any Database
    let world: World
    let spine: Spine
    let register: AIRegister

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
        spine = Spine(database: database, world: world)
        register = AIRegister(database: database, world: world)
    }

    /// Raises a question about a use.
    ///
    /// - Throws: `Problem` (`text-missing`, `text-too-long`, `ai-use-missing`).
    public func raise(
        _ question: String, about use: ID<AIUse>, by person: ID<Person>, of tenant: TenantID
    ) async throws -> EscalationRecord {
        try check(question, called: "The question", at: "/question")
        let (id, now) = (world.id(Escalation.self), world.now())
        return try await database.write { connection in
            let record = try register.found(use, in: tenant, on: connection)
            let days = try GovernancePolicy.inForce(of: tenant, on: connection).answerDays
            let holidays = try spine.presence.table(of: tenant, from: now.day, on: connection).holidays
            let due = EscalationBook.day(days, workingDaysAfter: now.day, holidays: holidays)
            try connection.run(
                """
                INSERT INTO escalation (tenant, id, ai_use, by_person, raised_at, body, due_day, handovers, answer)
                VALUES (\(tenant), \(id), \(use), \(person), \(now), \(question.trimmed), \(due), 0, '')
                """)
            try put(.escalated, id, record.name, by: person, in: tenant, at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// Answers it.
    ///
    /// `isSteward` says that the person may act for stewards: once it is overdue, or when nobody answers for the use.
    ///
    /// - Throws: `Problem` (`text-missing`, `escalation-missing`, `escalation-decided`, `escalation-not-yours`).
    public func answer(
        _ id: ID<Escalation>, _ text: String, by person: ID<Person>, isSteward: Bool, of tenant: TenantID
    ) async throws -> EscalationRecord {
        try check(text, called: "The answer", at: "/answer")
        let now = world.now()
        return try await database.write { connection in
            let (one, use) = try held(id, by: person, isSteward, in: tenant, at: now, on: connection)
            try connection.run(
                """
                UPDATE escalation SET answer = \(text.trimmed), decided_at = \(now), decided_by = \(person)
                WHERE tenant = \(tenant) AND id = \(one.id)
                """)
            try put(
                .decided, id, use.name, by: person, reason: text.trimmed, in: tenant, at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// Hands it to somebody else, with a reason. Its last day stays.
    ///
    /// - Throws: as `answer`; `person-inactive`, `escalation-self`.
    public func handOver(
        _ id: ID<Escalation>, to other: ID<Person>, reason: String, by person: ID<Person>, isSteward: Bool,
        of tenant: TenantID
    ) async throws -> EscalationRecord {
        try check(reason, called: "The reason", at: "/reason")
        let now = world.now()
        return try await database.write { connection in
            let (one, use) = try held(id, by: person, isSteward, in: tenant, at: now, on: connection)
            if other == person {
                throw Problem(
                    .invalid, "escalation-self", "It is with you already. Name somebody else.", at: ["/person"])
            }
            try spine.expectActive(other, in: tenant, at: "/person", on: connection)
            try connection.run(
                """
                UPDATE escalation SET holder = \(other), handovers = handovers + 1
                WHERE tenant = \(tenant) AND id = \(one.id)
                """)
            try put(
                .moved, id, use.name, by: person, reason: reason.trimmed, detail: "handed over", about: other,
                in: tenant, at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    // MARK: Reading

    /// One of them; nil when there is none.
    public func find(_ id: ID<Escalation>, of tenant: TenantID) async throws -> EscalationRecord? {
        try await database.read { connection in
            try connection.row("SELECT * FROM escalation WHERE tenant = \(tenant) AND id = \(id)")
                .map(EscalationRecord.init)
        }
    }

    /// Those about a use, or about any; the newest first.
    public func list(of tenant: TenantID, about use: ID<AIUse>? = nil) async throws -> [EscalationRecord] {
        try await database.read { try list(of: tenant, about: use, on: $0) }
    }

    /// The same within the caller's transaction.
    public func list(
        of tenant: TenantID, about use: ID<AIUse>? = nil, on connection: any Connection
    ) throws -> [EscalationRecord] {
        var sql: SQL = "SELECT * FROM escalation WHERE tenant = \(tenant)"
        if let use { sql += " AND ai_use = \(use)" }
        return try connection.rows(sql + " ORDER BY raised_at DESC, id DESC").map(EscalationRecord.init)
    }

    /// The open ones that a person may answer, the earliest first.
    public func waiting(
        for person: ID<Person>, isSteward: Bool, of tenant: TenantID
    ) async throws -> [EscalationRecord] {
        let today = world.now().day
        return try await database.read { connection in
            let open = try list(of: tenant, on: connection).filter(\.isOpen)
            if open.isEmpty { return [] }
            let wanted = Set(open.map(\.use))
            let uses = try register.list(of: tenant, on: connection).filter { wanted.contains($0.id) }
            let owners = Dictionary(
                uniqueKeysWithValues: try register.entries(uses, in: tenant, on: today, connection).map {
                    ($0.use.id, $0.ownership)
                })
            return open.filter { one in
                EscalationBook.may(person, isSteward, answer: one, owners[one.use], on: today)
            }.reversed()
        }
    }

    /// The rules in force.
    public func policy(of tenant: TenantID) async throws -> GovernancePolicy {
        try await database.read { try GovernancePolicy.inForce(of: tenant, on: $0) }
    }

    /// Sets the rules.
    ///
    /// - Throws: `Problem` of kind `invalid` (`answer-days`, `agreement-range`).
    public func set(
        answerDays: Int, agreement: Double?, by steward: ID<Person>, of tenant: TenantID
    ) async throws -> GovernancePolicy {
        var findings = Findings()
        findings.expect(
            (1...60).contains(answerDays), "answer-days", at: "/answerDays",
            "An escalation may wait for 1 to 60 working days. Choose one of these.")
        findings.expect(
            agreement.map { (0...1).contains($0) } ?? true, "agreement-range", at: "/agreement",
            "Agreement lies between 0 and 1. Choose one of these, or none.")
        try findings.settle("governance-invalid")
        let now = world.now()
        return try await database.write { connection in
            let next = try GovernancePolicy.inForce(of: tenant, on: connection).version + 1
            let points = agreement.map { Int(($0 * 10_000).rounded()) }
            try connection.run(
                """
                INSERT INTO governance_policy (tenant, version, answer_days, agreement_bp, since, by_person)
                VALUES (\(tenant), \(next), \(answerDays), \(points), \(now), \(steward))
                """)
            let detail =
                "version \(next): answers within \(answerDays) working days, "
                + (agreement.map { "agreement of at least \($0)" } ?? "no agreement asked for")
            try spine.put(
                Spine.Note(
                    what: .published, subject: .policy, name: "Governance policy", by: steward, detail: detail),
                in: tenant, at: now, on: connection)
            return try GovernancePolicy.inForce(of: tenant, on: connection)
        }
    }

    // MARK: Rules

    /// The day that is so many working days later: Monday to Friday, without holidays.
    static func day(_ count: Int, workingDaysAfter start: Day, holidays: Set<Day>) -> Day {
        var (day, left) = (start, count)
        // A calendar of nothing but holidays must not keep it waiting for ever.
        for _ in 0..<1_000 where left > 0 {
            day = day + 1
            if day.weekday <= 5, !holidays.contains(day) { left -= 1 }
        }
        return day
    }

    /// Who may answer: whom it was handed to, else the owner or their stand-in; stewards once it is overdue, or when
    /// nobody else can.
    static func may(
        _ person: ID<Person>, _ isSteward: Bool, answer one: EscalationRecord, _ ownership: Ownership?, on today: Day
    ) -> Bool {
        if isSteward, one.isOverdue(on: today) || (one.holder == nil && ownership?.owner == nil) { return true }
        if let holder = one.holder { return holder == person }
        return ownership?.owner == person || (ownership?.standIn == person && ownership?.owner != nil)
    }

    private func held(
        _ id: ID<Escalation>, by person: ID<Person>, _ isSteward: Bool, in tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws -> (EscalationRecord, AIUseRecord) {
        let one = try found(id, in: tenant, on: connection)
        let use = try register.found(one.use, in: tenant, on: connection)
        let ownership = try register.entries([use], in: tenant, on: now.day, connection).first?.ownership
        if !one.isOpen {
            throw Problem(.conflict, "escalation-decided", "It is answered already. Raise another if need be.")
        }
        guard EscalationBook.may(person, isSteward, answer: one, ownership, on: now.day) else {
            throw Problem(
                .forbidden, "escalation-not-yours", "It waits for somebody else. Stewards take it after \(one.dueOn).")
        }
        return (one, use)
    }

    private func found(
        _ id: ID<Escalation>, in tenant: TenantID, on connection: any Connection
    ) throws -> EscalationRecord {
        let row = try connection.row("SELECT * FROM escalation WHERE tenant = \(tenant) AND id = \(id)")
        guard let row else { throw Problem(.missing, "escalation-missing", "There is no such escalation.") }
        return try EscalationRecord(row)
    }

    private func check(_ text: String, called name: String, at pointer: String) throws {
        var findings = Findings()
        findings.expect(text: text, atMost: EscalationBook.textLimit, needed: .always, called: name, at: pointer)
        try findings.settle("escalation-invalid")
    }

    private func put(
        _ what: Change.What, _ id: ID<Escalation>, _ name: String, by person: ID<Person>, reason: String = "",
        detail: String = "", about other: ID<Person>? = nil, in tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws {
        try spine.put(
            Spine.Note(
                what: what, subject: .escalation(id), name: "Question about \(name)", by: person, reason: reason,
                detail: detail, extensions: other.map { [(Vocabulary.person, .string($0.description))] } ?? []),
            in: tenant, at: now, on: connection)
    }
}

extension EscalationRecord {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), use: try row.get("ai_use"), by: try row.get("by_person"),
            raisedAt: try row.get("raised_at"), question: try row.get("body"), dueOn: try row.get("due_day"),
            holder: try row.find("holder"), handovers: try row.get("handovers"), answer: try row.get("answer"),
            decidedAt: try row.find("decided_at"), decidedBy: try row.find("decided_by"))
    }
}
