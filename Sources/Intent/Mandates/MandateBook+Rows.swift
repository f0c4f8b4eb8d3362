public import Basis
import Evidence
import JSON
import People
public import Storage

// Finding mandates, and the checks and rows that every change shares.

extension MandateBook {
    /// One mandate, of whatever state; nil when there is none.
    public func find(_ id: ID<Mandate>, of tenant: TenantID) async throws -> MandateRecord? {
        try await database.read { try find(id, in: tenant, on: $0) }
    }

    /// Within the caller's transaction.
    public func find(
        _ id: ID<Mandate>, in tenant: TenantID, on connection: any Connection
    ) throws -> MandateRecord? {
        try records("m.tenant = \(tenant) AND m.id = \(id)", on: connection).first
    }

    /// Mandates of one state, or of any: the earliest deadline first.
    public func list(of tenant: TenantID, state: MandateRecord.State? = nil) async throws -> [MandateRecord] {
        try await database.read { try list(of: tenant, state: state, on: $0) }
    }

    /// Within the caller's transaction.
    public func list(
        of tenant: TenantID, state: MandateRecord.State? = nil, on connection: any Connection
    ) throws -> [MandateRecord] {
        var condition: SQL = "m.tenant = \(tenant)"
        if let state { condition += " AND m.state = \(state)" }
        return try records(condition, on: connection)
    }

    func records(_ condition: SQL, on connection: any Connection) throws -> [MandateRecord] {
        try connection.rows(
            """
            SELECT m.*, r.override_reason, r.people_over, r.minutes_over, r.at AS revised_at, r.by_person
            FROM mandate m LEFT JOIN mandate_revision r
                ON r.tenant = m.tenant AND r.mandate = m.id AND r.revision = m.revision
            WHERE \(condition) ORDER BY m.deadline, m.id
            """
        ).map(MandateRecord.init)
    }

    func found(_ id: ID<Mandate>, in tenant: TenantID, on connection: any Connection) throws -> MandateRecord {
        guard let record = try find(id, in: tenant, on: connection) else {
            throw Problem(.missing, "mandate-missing", "There is no such mandate.")
        }
        return record
    }

    func expect(
        _ state: MandateRecord.State, _ id: ID<Mandate>, in tenant: TenantID, on connection: any Connection
    ) throws -> MandateRecord {
        let record = try found(id, in: tenant, on: connection)
        if record.state == state { return record }
        throw Problem(
            .conflict, "mandate-not-\(state.rawValue)",
            "This mandate is \(record.state.rawValue). Only a \(state.rawValue) one can be changed so.")
    }

    /// Checks a draft against the day and the directory.
    func checked(
        _ draft: MandateDraft, on today: Day, in tenant: TenantID, _ connection: any Connection
    ) throws -> (asker: ID<Person>, audience: AudienceRule, deadline: Day) {
        try draft.check(on: today)
        guard let asker = draft.asker, let audience = draft.audience, let deadline = draft.deadline else {
            preconditionFailure("a checked draft has an owner, an audience and a deadline")
        }
        try spine.expectActive(asker, in: tenant, at: "/asker", on: connection)
        if try spine.directory.count(of: audience, tenant, on: connection) == 0 {
            throw Problem(
                .invalid, "audience-empty", "Nobody is in the audience. Widen it to at least one active person.",
                at: ["/audience"])
        }
        return (asker, audience, deadline)
    }

    func update(
        _ id: ID<Mandate>, to draft: MandateDraft, on today: Day, in tenant: TenantID, _ connection: any Connection
    ) throws {
        let (asker, audience, deadline) = try checked(draft, on: today, in: tenant, connection)
        try connection.run(
            """
            UPDATE mandate SET asker = \(asker), content = \(draft.content), title = \(draft.title.trimmed),
                priority = \(draft.priority), basis = \(draft.rule.trimmed), why = \(draft.why.trimmed),
                minutes = \(draft.minutes), audience = \(audience.text), deadline = \(deadline),
                test_mark = \(draft.testOut.mark), test_refusal = \(draft.testOut.refusal.trimmed)
            WHERE tenant = \(tenant) AND id = \(id)
            """)
    }

    func put(
        _ what: Change.What, _ id: ID<Mandate>, _ title: String, by person: ID<Person>, reason: String = "",
        detail: String = "", people: Int? = nil, in tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws {
        try spine.put(
            Spine.Note(
                what: what, subject: .mandate(id), name: title, by: person, reason: reason, detail: detail,
                extensions: people.map { [(Vocabulary.people, JSONValue($0))] } ?? []),
            in: tenant, at: now, on: connection)
    }
}

extension MandateDraft {
    /// What changes from one to the other, in plain words.
    func difference(from old: MandateDraft) -> String {
        var parts: [String] = []
        if old.minutes != minutes { parts.append("minutes \(old.minutes) → \(minutes)") }
        if old.deadline != deadline {
            parts.append("deadline \(old.deadline?.description ?? "none") → \(deadline?.description ?? "none")")
        }
        if old.title != title { parts.append("title “\(old.title)” → “\(title)”") }
        if old.audience?.text != audience?.text { parts.append("audience changed") }
        if old.content != content { parts.append("content changed") }
        if old.asker != asker { parts.append("owner changed") }
        if old.priority != priority || old.rule != rule { parts.append("priority or rule changed") }
        if old.why != why { parts.append("why changed") }
        if old.testOut.mark != testOut.mark {
            parts.append("test passed with \(old.testOut.mark)% → \(testOut.mark)%")
        }
        if old.testOut.refusal != testOut.refusal {
            parts.append(testOut.refusal.isEmpty ? "a test counts" : "no test counts: \(testOut.refusal)")
        }
        return parts.joined(separator: "; ")
    }
}

extension MandateRecord {
    fileprivate init(_ row: Row) throws {
        let reason = try row.find("override_reason", as: String.self)
        self.init(
            id: try row.get("id"), state: try row.get("state"), revision: try row.get("revision"),
            asker: try row.get("asker"), content: try row.find("content"), title: try row.get("title"),
            priority: try row.find("priority"), rule: try row.get("basis"), why: try row.get("why"),
            minutes: try row.get("minutes"),
            audience: try AudienceRule(stored: try row.get("audience", as: String.self)),
            deadline: try row.get("deadline"),
            testOut: TestOutTerms(mark: try row.get("test_mark"), refusal: try row.get("test_refusal")),
            override: try reason.map {
                Override(
                    reason: $0, by: try row.get("by_person"), at: try row.get("revised_at"),
                    peopleOver: try row.get("people_over"), minutesOver: try row.get("minutes_over"))
            },
            createdAt: try row.get("created_at"), createdBy: try row.get("created_by"),
            publishedAt: try row.find("published_at"), retiredAt: try row.find("retired_at"))
    }
}
