public import Basis
import Evidence
import JSON
import People
public import Storage

/// Certifications: who is asked to hold what, how each stands, and everything that ever came of it.
///
/// Publishing, changing, retiring and restoring move everybody whom it touches in the same transaction: either all of
/// it holds or nothing. What asks for more takes a `MandateVerdict`, which the planner gives (module `Paths`).
public struct CertificationBook: Sendable {
    let database: any Database
    let world: World
    let spine: Spine

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
        spine = Spine(database: database, world: world)
    }

    /// Begins a certification. Nothing is asked of anybody until it is published.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place: no owner, no audience or one of nobody, a due day in
    ///   the past, contents that count in a circle (`equivalence-cyclic`), a rule out of range.
    public func draft(
        _ draft: CertificationDraft, by person: ID<Person>, of tenant: TenantID
    ) async throws -> CertificationRecord {
        let (id, now) = (world.id(Mandate.self), world.now())
        return try await database.write { connection in
            try check(draft, of: id, at: now, in: tenant, connection)
            try connection.run(
                """
                INSERT INTO certification (tenant, id, state, revision, asker, title, why, basis, priority, audience,
                    minutes, renewal_minutes, equivalents, rule, created_at, created_by, evidence_seq)
                VALUES (\(tenant), \(id), 'draft', 0, \(draft.asker), '', '', \(draft.basis.trimmed),
                    \(draft.priority), \(draft.audience?.text), 1, 1, '', '', \(now), \(person), 0)
                """)
            try write(draft, to: id, in: tenant, connection)
            let record = try found(id, in: tenant, on: connection)
            try put(.drafted, record, by: person, in: tenant, at: now, on: connection)
            return record
        }
    }

    /// Changes a certification that is not published yet. A published one is changed by `revise`.
    ///
    /// - Throws: as `draft`; `Problem` (`certification-not-draft`).
    public func edit(
        _ id: ID<Mandate>, to draft: CertificationDraft, by person: ID<Person>, of tenant: TenantID
    ) async throws -> CertificationRecord {
        let now = world.now()
        return try await database.write { connection in
            let old = try expect(.draft, id, in: tenant, on: connection)
            try check(draft, of: id, at: now, in: tenant, connection)
            try write(draft, to: id, in: tenant, connection)
            let record = try found(id, in: tenant, on: connection)
            try put(
                .revised, record, by: person, detail: draft.difference(from: old.draft), in: tenant, at: now,
                on: connection)
            return record
        }
    }

    /// Takes a draft away.
    ///
    /// - Throws: `Problem` (`certification-not-draft`): what was published is retired, not discarded.
    public func discard(_ id: ID<Mandate>, by person: ID<Person>, of tenant: TenantID) async throws {
        let now = world.now()
        try await database.write { connection in
            let record = try expect(.draft, id, in: tenant, on: connection)
            try connection.run("DELETE FROM certification WHERE tenant = \(tenant) AND id = \(id)")
            try put(.discarded, record, by: person, in: tenant, at: now, on: connection)
        }
    }

    /// Publishes a draft: everybody of its audience is asked, and what they did before counts if it still would.
    ///
    /// - Throws: as `draft`; `Problem` (`over-budget`) when the verdict has people over and no reason.
    public func publish(
        _ id: ID<Mandate>, _ verdict: MandateVerdict, by person: ID<Person>, of tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws -> CertificationRecord {
        let record = try expect(.draft, id, in: tenant, on: connection)
        try check(record.draft, of: id, at: now, in: tenant, connection)
        return try enact(record, .published, verdict, by: person, in: tenant, at: now, on: connection)
    }

    /// Changes a published certification: a new revision. What is due stays due as it was said; grace and reminders,
    /// and all that is reckoned from now on, follow the new rule.
    ///
    /// - Throws: as `publish`; `Problem` (`certification-not-published`, `stale` when it is another revision by now).
    public func revise(
        _ id: ID<Mandate>, to draft: CertificationDraft, since revision: Int? = nil, _ verdict: MandateVerdict,
        by person: ID<Person>, of tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws -> CertificationRecord {
        let old = try expect(.published, id, in: tenant, on: connection)
        if let revision, revision != old.revision {
            throw Problem(.stale, "certification-changed", "It was changed meanwhile. Look at it again.")
        }
        try check(draft, of: id, keeping: old.draft.terms, at: now, in: tenant, connection)
        try write(draft, to: id, in: tenant, connection)
        let record = try found(id, in: tenant, on: connection)
        return try enact(
            record, .revised, verdict, detail: draft.difference(from: old.draft), by: person, in: tenant, at: now,
            on: connection)
    }

    /// Ends a certification: nobody is asked any longer. Certificates and history stay. `restore` undoes it.
    ///
    /// - Throws: `Problem` (`text-missing` without a reason, `certification-not-published`).
    public func retire(
        _ id: ID<Mandate>, reason: String, by person: ID<Person>, of tenant: TenantID
    ) async throws -> CertificationRecord {
        try Findings.expect(reason: reason, atMost: MandateDraft.textLimit)
        let now = world.now()
        return try await database.write { connection in
            let record = try expect(.published, id, in: tenant, on: connection)
            let course = try course(record, in: tenant, on: connection)
            let asked = try connection.rows(
                """
                SELECT person FROM certification_assignment
                WHERE tenant = \(tenant) AND certification = \(id) AND is_asked = 1 ORDER BY person
                """
            ).map { try $0.get("person", as: ID<Person>.self) }
            let news = CertificationNews(.released(on: course.rule.day(of: now)), at: now)
            _ = try move(asked.map { ($0, [news]) }, course, in: tenant, at: now, on: connection)
            try connection.run(
                """
                UPDATE certification SET state = 'retired', retired_at = \(now) WHERE tenant = \(tenant) AND id = \(id)
                """)
            try connection.run(
                "DELETE FROM certification_content WHERE tenant = \(tenant) AND certification = \(id)")
            try put(
                .retired, record, by: person, reason: reason.trimmed, people: asked.count, in: tenant, at: now,
                on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// Undoes a retirement: who is in the audience is asked again, and goes on with the certificate they hold.
    ///
    /// - Throws: as `publish`; `Problem` (`certification-not-retired`).
    public func restore(
        _ id: ID<Mandate>, _ verdict: MandateVerdict, by person: ID<Person>, of tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws -> CertificationRecord {
        let record = try expect(.retired, id, in: tenant, on: connection)
        try check(record.draft, of: id, keeping: record.draft.terms, at: now, in: tenant, connection)
        return try enact(record, .restored, verdict, by: person, in: tenant, at: now, on: connection)
    }

    /// The new revision in force, everybody moved, and the record of both.
    private func enact(
        _ before: CertificationRecord, _ what: Change.What, _ verdict: MandateVerdict, detail: String = "",
        by person: ID<Person>, in tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws -> CertificationRecord {
        let (id, revision, reason) = (before.id, before.revision + 1, try verdict.checkedReason())
        try connection.run(
            """
            UPDATE certification SET state = 'published', revision = \(revision), retired_at = NULL,
                published_at = COALESCE(published_at, \(now)),
                evidence_seq = CASE WHEN state = 'published' THEN evidence_seq ELSE \(lastStatement(tenant)) END
            WHERE tenant = \(tenant) AND id = \(id)
            """)
        try connection.run("DELETE FROM certification_content WHERE tenant = \(tenant) AND certification = \(id)")
        try connection.bulk(
            "certification_content", ["tenant", "content", "certification", "part"],
            before.draft.parts.map { [tenant.stored, $0.content.stored, id.stored, $0.part.stored] }, on: .skip)
        try connection.run(
            """
            INSERT INTO certification_revision (tenant, certification, revision, since, rule, detail, people, by_person)
            VALUES (\(tenant), \(id), \(revision), \(now), \(before.draft.terms.json.text), \(detail), 0, \(person))
            """)
        let record = try found(id, in: tenant, on: connection)
        let course = try course(record, in: tenant, on: connection)
        try bringAllUp(course, in: tenant, at: now, on: connection)
        let population = try population(of: tenant, on: connection)
        let changes = try changes(of: course, among: population, in: tenant, at: now, on: connection)
        _ = try move(changes, course, in: tenant, at: now, on: connection)
        let people: Int = try connection.value(
            """
            SELECT COUNT(*) AS count FROM certification_assignment WHERE tenant = \(tenant) AND certification = \(id)
            AND is_asked = 1 AND is_employed = 1
            """)
        try connection.run(
            """
            UPDATE certification_revision SET people = \(people)
            WHERE tenant = \(tenant) AND certification = \(id) AND revision = \(revision)
            """)
        try put(
            what, record, by: person, detail: detail.isEmpty ? "\(people) people" : detail, people: people,
            in: tenant, at: now, on: connection)
        if let reason {
            try override(record, because: reason, verdict, by: person, in: tenant, at: now, on: connection)
        }
        return try found(id, in: tenant, on: connection)
    }

    /// Puts on record that it is asked although some are over their budget.
    private func override(
        _ record: CertificationRecord, because reason: String, _ verdict: MandateVerdict, by person: ID<Person>,
        in tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws {
        try connection.run(
            """
            INSERT INTO certification_override (tenant, certification, revision, reason, people_over, minutes_over, at,
                by_person)
            VALUES (\(tenant), \(record.id), \(record.revision), \(reason), \(verdict.peopleOver),
                \(verdict.minutesOver), \(now), \(person))
            """)
        try put(
            .overridden, record, by: person, reason: reason,
            detail: "\(verdict.peopleOver) people over by \(verdict.minutesOver) min", people: verdict.peopleOver,
            in: tenant, at: now, on: connection)
    }

    private func lastStatement(_ tenant: TenantID) -> SQL {
        "(SELECT COALESCE(MAX(seq), 0) FROM statement WHERE tenant = \(tenant))"
    }

    /// Takes everybody over to the newest rule.
    private func bringAllUp(
        _ course: CertificationCourse, in tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws {
        while true {
            var seats = try connection.rows(
                """
                SELECT person, revision, state, events, lines, seen_at FROM certification_assignment
                WHERE tenant = \(tenant) AND certification = \(course.record.id) AND revision < \(course.revision)
                ORDER BY person LIMIT \(CertificationBook.batch)
                """
            ).map(CertificationSeat.init)
            if seats.isEmpty { return }
            for place in seats.indices { seats[place].catchUp(course) }
            _ = try write(seats, course, in: tenant, at: now, on: connection)
        }
    }

    /// How many people are moved at a time.
    static let batch = 5_000
}
