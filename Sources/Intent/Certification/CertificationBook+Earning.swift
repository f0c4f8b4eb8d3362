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
