public import Basis
public import Evidence
import People
public import Storage

// How a certificate is earned, and what stewards decide for one person.

extension CertificationBook {
    /// Notes that a person completed a content, in the transaction that stores the evidence of it.
    ///
    /// What renews counts only for who has a certificate that has not lapsed; whoever has none, or too late, takes the
    /// first path.
    ///
    /// - Returns: The certifications that it counted for, none when nothing of them was open.
    @discardableResult
    public func complete(
        _ content: ID<Content>, by person: ID<Person>, of tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws -> [ID<Mandate>] {
        let rows = try connection.rows(
            """
            SELECT c.certification AS certification, c.part AS part FROM certification_content c
            JOIN certification_assignment a
                ON a.tenant = c.tenant AND a.certification = c.certification AND a.person = \(person)
            WHERE c.tenant = \(tenant) AND c.content = \(content) AND a.is_asked = 1 AND a.is_employed = 1
            ORDER BY c.certification
            """)
        let parts = try rows.reduce(into: [ID<Mandate>: Set<CertificationPart>]()) {
            $0[try $1.get("certification"), default: []].insert(try $1.get("part"))
        }
        var counted: [ID<Mandate>] = []
        for (id, parts) in parts.sorted(by: { $0.key.description < $1.key.description }) {
            let record = try found(id, in: tenant, on: connection)
            let course = try course(record, in: tenant, on: connection)
            guard var seat = try seats(of: [person], course, in: tenant, on: connection).first else { continue }
            if try seat.earn(parts, at: now, course, now: now) { counted.append(id) }
            _ = try write([seat], course, in: tenant, at: now, on: connection)
        }
        return counted
    }

    /// Whose choice learning a content is now: asked when a cycle is open that it counts for.
    public func choice(
        of content: ID<Content>, by person: ID<Person>, of tenant: TenantID, on connection: any Connection
    ) throws -> Choice {
        let isAsked = try connection.holds(
            """
            SELECT a.cycle FROM certification_content c
            JOIN certification_assignment a
                ON a.tenant = c.tenant AND a.certification = c.certification AND a.person = \(person)
            WHERE c.tenant = \(tenant) AND c.content = \(content) AND a.cycle IS NOT NULL
            """)
        return isAsked ? .asked : .own
    }

    /// What a person completed that counts for a certification, by evidence: the latest of it.
    func completions(
        _ record: CertificationRecord, by people: [ID<Person>], in tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Person>: (Moment, CertificationWay)] {
        let parts = record.draft.parts.filter { $0.part != .renewal }
        if parts.isEmpty || people.isEmpty { return [:] }
        let wanted = Set(people)
        var found: [ID<Person>: (Moment, CertificationWay)] = [:]
        for (content, part) in parts {
            let own: SQL = people.count <= 500 ? " AND agent.person IN (\(SQL.list(people)))" : ""
            let rows = try connection.rows(
                evidence(
                    of: content, tenant, "agent.person AS person, MAX(statement.timestamp_at) AS at",
                    own + " GROUP BY agent.person"))
            for row in rows {
                let (person, at): (ID<Person>, Moment) = (try row.get("person"), try row.get("at"))
                if wanted.contains(person), found[person].map({ $0.0 < at }) ?? true { found[person] = (at, part.way) }
            }
        }
        return found
    }

    func evidence(of content: ID<Content>, _ tenant: TenantID, _ columns: SQL, _ more: SQL) -> SQL {
        let verbs = SQL.list([Verb.completed.iri, Verb.passed.iri])
        return """
            SELECT \(columns)
            FROM activity
            \(SQL.inOrder) statement ON statement.tenant = activity.tenant AND statement.activity = activity.number
            \(SQL.inOrder) agent ON agent.tenant = statement.tenant AND agent.number = statement.actor
            \(SQL.inOrder) verb ON verb.tenant = statement.tenant AND verb.number = statement.verb
            WHERE activity.tenant = \(tenant) AND activity.iri = \(Vocabulary.contentIRI(content))
            AND verb.iri IN (\(verbs)) AND statement.voided = 0 AND agent.person IS NOT NULL
            AND COALESCE(statement.completion, 1) = 1\(more)
            """
    }

    // MARK: What stewards decide

    /// A steward attests that somebody earned it: by what the certification asks, or by something equivalent.
    ///
    /// - Throws: `Problem` (`attest-content` when a content earns it and no equivalent is meant, `attest-future`,
    ///   `text-missing` without a reason, `certification-not-asked`, `certification-not-open`).
    public func attest(
        _ id: ID<Mandate>, of person: ID<Person>, on day: Day, by way: CertificationWay = .completion, reason: String,
        steward: ID<Person>, of tenant: TenantID
    ) async throws {
        try Findings.expect(reason: reason, atMost: MandateDraft.textLimit)
        try await decide(id, on: person, steward, tenant) { record, seat, today in
            if record.draft.content != nil, way == .completion {
                throw Problem(
                    .conflict, "attest-content",
                    "A content earns this certification. Recognise something equivalent, or have it completed.",
                    at: ["/way"])
            }
            guard day <= today else {
                throw Problem(.invalid, "attest-future", "The day, \(day), is still to come.", at: ["/day"])
            }
            if seat.state.current == nil, seat.state.isCertified(on: today) {
                throw Problem(
                    .conflict, "certification-not-open",
                    "Nothing is open: the certificate is valid and the window has not opened.")
            }
            // Noon, so that it is that day in the rule's time zone.
            let moment = Moment(microseconds: day.start.microseconds + 43_200_000_000)
            let fact = CertificationFact.earned(record.rule.moment(on: day) ?? moment, way)
            return Decision(
                fact: fact, what: .decided, reason: reason.trimmed, detail: "evidence \(way.words), of \(day)")
        }
    }

    /// Nothing is asked of somebody from a day until a day, for a reason that stands in the history.
    ///
    /// - Throws: `Problem` (`exemption-order`, `exemption-past`, `text-missing`, `certification-not-asked`).
    public func exempt(
        _ person: ID<Person>, from id: ID<Mandate>, since first: Day, until last: Day, reason: String,
        by steward: ID<Person>, of tenant: TenantID
    ) async throws {
        try Findings.expect(reason: reason, atMost: MandateDraft.textLimit)
        try await decide(id, on: person, steward, tenant) { _, _, today in
            var findings = Findings()
            findings.expect(
                last >= first, "exemption-order", at: "/until",
                "The last day, \(last), is before the first, \(first). Swap them.")
            findings.expect(
                last >= today, "exemption-past", at: "/until", "The last day, \(last), is past. Choose a later one.")
            try findings.settle("exemption-invalid")
            return Decision(
                fact: .exempted(from: first, until: last, reason: reason.trimmed), what: .excused,
                reason: reason.trimmed, detail: "\(first) to \(last)")
        }
    }

    /// Ends an exemption before its last day: from today it is asked again.
    ///
    /// - Throws: `Problem` (`exemption-missing`, `text-missing`).
    public func endExemption(
        of person: ID<Person>, from id: ID<Mandate>, reason: String, by steward: ID<Person>, of tenant: TenantID
    ) async throws {
        try Findings.expect(reason: reason, atMost: MandateDraft.textLimit)
        try await decide(id, on: person, steward, tenant) { _, seat, today in
            let running = seat.state.excuses.filter { $0.reason != nil && $0.until.map { $0 >= today } ?? true }
            guard let first = running.map(\.from).min() else {
                throw Problem(.conflict, "exemption-missing", "Nobody exempted this person for now or later.")
            }
            let day = max(first, today)
            return Decision(
                fact: .readmitted(on: day), what: .excused, reason: reason.trimmed,
                detail: "exemption ended on \(day)")
        }
    }

    /// The open cycle of somebody is due later.
    ///
    /// - Throws: `Problem` (`certification-not-open`, `extension-earlier`, `text-missing`).
    public func extend(
        _ person: ID<Person>, _ id: ID<Mandate>, until day: Day, reason: String, by steward: ID<Person>,
        of tenant: TenantID
    ) async throws {
        try Findings.expect(reason: reason, atMost: MandateDraft.textLimit)
        try await decide(id, on: person, steward, tenant) { _, seat, today in
            guard let current = seat.state.current, !current.isLapsed else {
                throw Problem(
                    .conflict, "certification-not-open", "Nothing is open that could be due later; it may have lapsed.")
            }
            guard day > current.dueOn, day >= today else {
                throw Problem(
                    .invalid, "extension-earlier", "It is due on \(current.dueOn) already. Choose a later day.",
                    at: ["/until"])
            }
            return Decision(
                fact: .extended(until: day), what: .extended, reason: reason.trimmed,
                detail: "due \(current.dueOn) → \(day)")
        }
    }

    private struct Decision {
        let fact: CertificationFact
        let what: Change.What
        let reason, detail: String
    }

    /// Moves one person by a decision, and puts it on record.
    private func decide(
        _ id: ID<Mandate>, on person: ID<Person>, _ steward: ID<Person>, _ tenant: TenantID,
        _ decision: @escaping @Sendable (CertificationRecord, CertificationSeat, Day) throws -> Decision
    ) async throws {
        let now = world.now()
        try await database.write { connection in
            let record = try expect(.published, id, in: tenant, on: connection)
            let course = try course(record, in: tenant, on: connection)
            let today = course.rule.day(of: now)
            guard var seat = try seats(of: [person], course, in: tenant, on: connection).first,
                seat.isAsked, seat.isEmployed
            else {
                throw Problem(
                    .conflict, "certification-not-asked", "This certification is not asked of that person now.",
                    at: ["/person"])
            }
            seat.advance(to: today, course)
            let made = try decision(record, seat, today)
            seat.take(CertificationNews(made.fact, at: now, by: steward), course, at: now)
            _ = try write([seat], course, in: tenant, at: now, on: connection)
            try put(
                made.what, record, by: steward, reason: made.reason, detail: made.detail, about: person, in: tenant,
                at: now, on: connection)
        }
    }
}

extension CertificationSeat {
    /// Takes a completion, if one of its parts counts now.
    ///
    /// - Returns: Whether it completed a cycle.
    mutating func earn(
        _ parts: Set<CertificationPart>, at moment: Moment, _ course: CertificationCourse, now: Moment
    ) throws -> Bool {
        advance(to: course.rule.day(of: now), course)
        let canRenew = state.certificateUntil != nil && state.current?.isLapsed != true
        guard let part = CertificationPart.allCases.first(where: { parts.contains($0) && ($0 != .renewal || canRenew) })
        else { return false }
        let before = lines.count
        take(CertificationNews(.earned(moment, part.way), at: now), course, at: now)
        return lines[before...].contains { if case .completed = $0.what { true } else { false } }
    }
}

extension CertificationRule {
    /// A moment on a day in the rule's time zone: near noon.
    func moment(on day: Day) -> Moment? {
        let noon = Moment(microseconds: day.start.microseconds + 43_200_000_000)
        return [noon, noon - .hours(12), noon + .hours(11)].first { self.day(of: $0) == day }
    }
}
