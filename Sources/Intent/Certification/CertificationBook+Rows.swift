public import Basis
import Evidence
import JSON
import People
public import Storage

// Finding certifications, and the checks and rows that every change shares.

extension CertificationBook {
    /// One certification, of whatever state; nil when there is none.
    public func find(_ id: ID<Mandate>, of tenant: TenantID) async throws -> CertificationRecord? {
        try await database.read { try find(id, in: tenant, on: $0) }
    }

    /// Within the caller's transaction.
    public func find(
        _ id: ID<Mandate>, in tenant: TenantID, on connection: any Connection
    ) throws -> CertificationRecord? {
        try records("c.id = \(id)", tenant, on: connection).first
    }

    /// Certifications of one state, or of any, by title.
    public func list(
        of tenant: TenantID, state: CertificationRecord.State? = nil
    ) async throws -> [CertificationRecord] {
        try await database.read { try list(of: tenant, state: state, on: $0) }
    }

    /// Within the caller's transaction.
    public func list(
        of tenant: TenantID, state: CertificationRecord.State? = nil, on connection: any Connection
    ) throws -> [CertificationRecord] {
        try records(state.map { "c.state = \($0)" } ?? "1 = 1", tenant, on: connection)
    }

    func records(
        _ condition: SQL, _ tenant: TenantID, on connection: any Connection
    ) throws -> [CertificationRecord] {
        try connection.rows(
            """
            SELECT c.*, o.reason AS override_reason, o.people_over, o.minutes_over, o.at AS overridden_at,
                o.by_person AS overridden_by
            FROM certification c LEFT JOIN certification_override o
                ON o.tenant = c.tenant AND o.certification = c.id AND o.revision = c.revision
            WHERE c.tenant = \(tenant) AND \(condition)
            """
        ).map(CertificationRecord.init).sorted { ($0.title, $0.id.description) < ($1.title, $1.id.description) }
    }

    func found(
        _ id: ID<Mandate>, in tenant: TenantID, on connection: any Connection
    ) throws -> CertificationRecord {
        if let record = try records("c.id = \(id)", tenant, on: connection).first { return record }
        throw Problem(.missing, "certification-missing", "There is no such certification.")
    }

    func expect(
        _ state: CertificationRecord.State, _ id: ID<Mandate>, in tenant: TenantID, on connection: any Connection
    ) throws -> CertificationRecord {
        let record = try found(id, in: tenant, on: connection)
        if record.state == state { return record }
        throw Problem(
            .conflict, "certification-not-\(state.rawValue)",
            "This certification is \(record.state.rawValue). Only a \(state.rawValue) one can be changed so.")
    }

    /// Checks a draft against the day, the directory and the other certifications.
    func check(
        _ draft: CertificationDraft, of id: ID<Mandate>, keeping old: CertificationTerms? = nil, at now: Moment,
        in tenant: TenantID, _ connection: any Connection
    ) throws {
        try draft.check(on: now.day, keeping: old)
        guard let asker = draft.asker, let audience = draft.audience else {
            preconditionFailure("a checked draft has an owner and an audience")
        }
        try spine.expectActive(asker, in: tenant, at: "/asker", on: connection)
        if try spine.directory.count(of: audience, tenant, on: connection) == 0 {
            throw Problem(
                .invalid, "audience-empty", "Nobody is in the audience. Widen it to at least one active person.",
                at: ["/audience"])
        }
        let others = try list(of: tenant, on: connection).filter { $0.id != id && $0.state != .retired }
        try EquivalenceGraph(draft, of: id, among: others).check()
    }

    func write(
        _ draft: CertificationDraft, to id: ID<Mandate>, in tenant: TenantID, _ connection: any Connection
    ) throws {
        try connection.run(
            """
            UPDATE certification SET asker = \(draft.asker), title = \(draft.title.trimmed),
                why = \(draft.why.trimmed), priority = \(draft.priority), basis = \(draft.basis.trimmed),
                audience = \(draft.audience?.text), content = \(draft.content),
                minutes = \(draft.minutes), renewal_content = \(draft.renewalContent),
                renewal_minutes = \(draft.renewalMinutes), equivalents = \(draft.equivalentsText),
                test_out = \(draft.testOut), leave_days = \(draft.leaveDays), rule = \(draft.terms.json.text)
            WHERE tenant = \(tenant) AND id = \(id)
            """)
    }

    func put(
        _ what: Change.What, _ record: CertificationRecord, by person: ID<Person>, reason: String = "",
        detail: String = "", people: Int? = nil, about: ID<Person>? = nil, in tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws {
        var extensions = people.map { [(Vocabulary.people, JSONValue($0))] } ?? []
        if let about { extensions.append((Vocabulary.person, .string(about.description))) }
        try spine.put(
            Spine.Note(
                what: what, subject: .mandate(record.id), name: record.title, by: person, reason: reason,
                detail: detail, extensions: extensions),
            in: tenant, at: now, on: connection)
    }
}

/// Which certification counts what another one asks. Counting in a circle is refused: each would rest on the other.
struct EquivalenceGraph {
    private let draft: CertificationDraft
    private let id: ID<Mandate>
    private let others: [CertificationRecord]

    init(_ draft: CertificationDraft, of id: ID<Mandate>, among others: [CertificationRecord]) {
        self.draft = draft
        self.id = id
        self.others = others
    }

    /// - Throws: `Problem` (`equivalence-cyclic`) at the equivalent that closes a circle, naming the certifications.
    func check() throws {
        for (place, content) in draft.equivalents.enumerated() {
            for other in others where asks(other.draft, content) {
                var seen: Set<ID<Mandate>> = [other.id]
                guard let circle = way(from: other, &seen) else { continue }
                let names = circle.map { "“\($0)”" }.joined(separator: ", then ")
                throw Problem(
                    .invalid, "equivalence-cyclic",
                    """
                    It would count what \(names) asks, which in turn counts what this one asks. Take this content \
                    out, or that one.
                    """, at: ["/equivalents/\(place)"])
            }
        }
    }

    private func asks(_ draft: CertificationDraft, _ content: ID<Content>) -> Bool {
        draft.content == content || draft.renewalContent == content
    }

    /// The titles on a way back to the draft.
    private func way(from record: CertificationRecord, _ seen: inout Set<ID<Mandate>>) -> [String]? {
        if record.draft.equivalents.contains(where: { asks(draft, $0) }) { return [record.title] }
        for next in others where !seen.contains(next.id) {
            guard record.draft.equivalents.contains(where: { asks(next.draft, $0) }) else { continue }
            seen.insert(next.id)
            if let rest = way(from: next, &seen) { return [record.title] + rest }
        }
        return nil
    }
}

extension CertificationDraft {
    var equivalentsText: String { equivalents.map(\.description).joined(separator: " ") }
}

extension CertificationRecord {
    fileprivate init(_ row: Row) throws {
        let terms = try CertificationTerms(stored: row.get("rule"))
        let asker: ID<Person> = try row.get("asker")
        let audience = try AudienceRule(stored: try row.get("audience", as: String.self))
        let equivalents = try row.get("equivalents", as: String.self).split(separator: " ")
        self.init(
            id: try row.get("id"), state: try row.get("state"), revision: try row.get("revision"),
            draft: CertificationDraft(
                asker: asker, title: try row.get("title"), why: try row.get("why"), priority: try row.find("priority"),
                basis: try row.get("basis"), audience: audience, content: try row.find("content"),
                minutes: try row.get("minutes"), renewalContent: try row.find("renewal_content"),
                renewalMinutes: try row.get("renewal_minutes"),
                equivalents: equivalents.compactMap { ID<Content>($0) }, testOut: try row.find("test_out"),
                leaveDays: try row.find("leave_days"), terms: terms),
            asker: asker, audience: audience, rule: try terms.rule(), override: try Override(certification: row),
            createdAt: try row.get("created_at"), createdBy: try row.get("created_by"),
            publishedAt: try row.find("published_at"), retiredAt: try row.find("retired_at"))
    }
}

extension Override {
    fileprivate init?(certification row: Row) throws {
        guard let reason = try row.find("override_reason", as: String.self) else { return nil }
        self.init(
            reason: reason, by: try row.get("overridden_by"), at: try row.get("overridden_at"),
            peopleOver: try row.get("people_over"), minutesOver: try row.get("minutes_over"))
    }
}

extension CertificationTerms {
    init(stored text: String) throws {
        guard case .object(let object) = try JSONValue(parsing: text) else {
            throw StorageError.mistyped(column: "rule")
        }
        self.init(json: object)
    }
}
