public import Basis
import Evidence
import People
import Storage

// What stewards decide for one person, and what of it they take back.

extension CertificationBook {
    /// A steward attests that somebody earned it: by what the certification asks, or by something equivalent.
    ///
    /// - Throws: `Problem` (`attest-content` when a content earns it and no equivalent is meant, `attest-future`,
    ///   `text-missing` without a reason, `certification-not-asked`, `certification-not-open`).
    public func attest(
        _ id: ID<Mandate>, of person: ID<Person>, on day: Day, by way: CertificationWay = .completion, reason: String,
        steward: ID<Person>, of tenant: TenantID
    ) async throws {
        try Findings.expect(reason: reason, atMost: MandateDraft.textLimit)
        try await decide(id, on: person, steward, tenant) { scene in
            let (record, seat, today) = (scene.record, scene.seat, scene.today)
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
        try await decide(id, on: person, steward, tenant) { scene in
            let today = scene.today
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
        try await decide(id, on: person, steward, tenant) { scene in
            let (seat, today) = (scene.seat, scene.today)
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
        try await decide(id, on: person, steward, tenant) { scene in
            let (seat, today) = (scene.seat, scene.today)
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

    /// Takes back what a steward attested last: its cycle is open again, and the history keeps both.
    ///
    /// - Throws: `Problem` (`attestation-missing` when evidence earned it, or when something followed that rests on
    ///   it; `text-missing`).
    public func withdrawAttestation(
        of person: ID<Person>, _ id: ID<Mandate>, reason: String, by steward: ID<Person>, of tenant: TenantID
    ) async throws {
        try Findings.expect(reason: reason, atMost: MandateDraft.textLimit)
        try await decide(id, on: person, steward, tenant) { scene in
            guard scene.seat.state.withdrawable == .completion, scene.isAttested else {
                throw Problem(
                    .conflict, "attestation-missing",
                    "There is no attestation to take back: evidence earned the certificate, or the next cycle is open.")
            }
            return Decision(
                fact: .revoked(reason: reason.trimmed), what: .withdrawn, reason: reason.trimmed,
                detail: "attestation taken back")
        }
    }

    /// Takes back the last extension: the cycle is due as before, though not sooner than the fewest days from now.
    ///
    /// - Throws: `Problem` (`extension-missing`, `text-missing`).
    public func withdrawExtension(
        of person: ID<Person>, _ id: ID<Mandate>, reason: String, by steward: ID<Person>, of tenant: TenantID
    ) async throws {
        try Findings.expect(reason: reason, atMost: MandateDraft.textLimit)
        try await decide(id, on: person, steward, tenant) { scene in
            guard scene.seat.state.withdrawable == .moreTime else {
                throw Problem(
                    .conflict, "extension-missing", "There is no extension of an open cycle to take back.")
            }
            return Decision(
                fact: .unextended(reason: reason.trimmed), what: .withdrawn, reason: reason.trimmed,
                detail: "extension taken back")
        }
    }

    /// What a decision is made on.
    private struct Scene {
        let record: CertificationRecord
        let seat: CertificationSeat
        let today: Day
        /// Whether a steward attested what was earned last.
        let isAttested: Bool
    }

    private struct Decision {
        let fact: CertificationFact
        let what: Change.What
        let reason, detail: String
    }

    /// Moves one person by a decision, and puts it on record.
    private func decide(
        _ id: ID<Mandate>, on person: ID<Person>, _ steward: ID<Person>, _ tenant: TenantID,
        _ decision: @escaping @Sendable (Scene) throws -> Decision
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
            let isAttested =
                try connection.row(
                    """
                    SELECT by_person FROM certification_event
                    WHERE tenant = \(tenant) AND certification = \(id) AND person = \(person) AND fact = 'earned'
                    ORDER BY number DESC LIMIT 1
                    """
                ).map { try $0.find("by_person", as: ID<Person>.self) != nil } ?? false
            let made = try decision(Scene(record: record, seat: seat, today: today, isAttested: isAttested))
            seat.take(CertificationNews(made.fact, at: now, by: steward), course, at: now)
            _ = try write([seat], course, in: tenant, at: now, on: connection)
            try put(
                made.what, record, by: steward, reason: made.reason, detail: made.detail, about: person, in: tenant,
                at: now, on: connection)
        }
    }
}
