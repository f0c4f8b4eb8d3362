public import Basis
import Evidence
import JSON
import People
public import Storage

/// What is asked of whom: mandates, their assignments, and what was done about them.
///
/// Publishing, changing and restoring take a `MandateVerdict`, which the planner gives (module `Paths`): whoever
/// publishes has looked at everybody's budget in the same transaction.
public struct MandateBook: Sendable {
    let database: any Database
    let world: World
    let spine: Spine

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
        spine = Spine(database: database, world: world)
    }

    /// Begins a mandate. Nothing is asked of anybody until it is published.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place: no owner, no audience or one of nobody, a deadline in
    ///   the past, minutes outside 1…6000, neither priority nor rule.
    public func draft(
        _ draft: MandateDraft, by person: ID<Person>, of tenant: TenantID
    ) async throws -> MandateRecord {
        let (id, now) = (world.id(Mandate.self), world.now())
        return try await database.write { connection in
            let (asker, audience, deadline) = try checked(draft, on: now.day, in: tenant, connection)
            try connection.run(
                """
                INSERT INTO mandate (tenant, id, state, revision, asker, content, title, priority, basis, why,
                    minutes, audience, deadline, test_mark, test_refusal, created_at, created_by)
                VALUES (\(tenant), \(id), 'draft', 0, \(asker), \(draft.content), \(draft.title.trimmed),
                    \(draft.priority), \(draft.rule.trimmed), \(draft.why.trimmed), \(draft.minutes),
                    \(audience.text), \(deadline), \(draft.testOut.mark), \(draft.testOut.refusal.trimmed), \(now),
                    \(person))
                """)
            try put(.drafted, id, draft.title, by: person, in: tenant, at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// Changes a mandate that is not published yet. A published one is changed by `revise`.
    ///
    /// - Throws: as `draft`; `Problem` (`mandate-not-draft`).
    public func edit(
        _ id: ID<Mandate>, to draft: MandateDraft, by person: ID<Person>, of tenant: TenantID
    ) async throws -> MandateRecord {
        let now = world.now()
        return try await database.write { connection in
            let old = try expect(.draft, id, in: tenant, on: connection)
            try update(id, to: draft, on: now.day, in: tenant, connection)
            try put(
                .revised, id, draft.title, by: person, detail: draft.difference(from: MandateDraft(old)), in: tenant,
                at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// Takes a draft away.
    ///
    /// - Throws: `Problem` (`mandate-not-draft`): what was published is retired, not discarded.
    public func discard(_ id: ID<Mandate>, by person: ID<Person>, of tenant: TenantID) async throws {
        let now = world.now()
        try await database.write { connection in
            let record = try expect(.draft, id, in: tenant, on: connection)
            try connection.run("DELETE FROM mandate WHERE tenant = \(tenant) AND id = \(id)")
            try put(.discarded, id, record.title, by: person, in: tenant, at: now, on: connection)
        }
    }

    /// Publishes a draft: writes an assignment for each person of its audience.
    ///
    /// - Throws: `Problem` (`over-budget`) when the verdict has people over and no reason; as `draft` otherwise.
    public func publish(
        _ id: ID<Mandate>, _ verdict: MandateVerdict, by person: ID<Person>, of tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws -> MandateRecord {
        let record = try expect(.draft, id, in: tenant, on: connection)
        _ = try checked(MandateDraft(record), on: now.day, in: tenant, connection)
        return try enact(record, .published, verdict, by: person, in: tenant, at: now, on: connection)
    }

    /// Changes a published mandate: a new revision, whose effect the planner has looked at anew.
    ///
    /// - Throws: as `publish`; `Problem` (`mandate-not-published`).
    public func revise(
        _ id: ID<Mandate>, to draft: MandateDraft, _ verdict: MandateVerdict, by person: ID<Person>,
        of tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws -> MandateRecord {
        let record = try expect(.published, id, in: tenant, on: connection)
        try update(id, to: draft, on: now.day, in: tenant, connection)
        let detail = draft.difference(from: MandateDraft(record))
        return try enact(record, .revised, verdict, detail: detail, by: person, in: tenant, at: now, on: connection)
    }

    /// Ends a mandate: nobody is asked any longer. What was done stays on record. `restore` undoes it.
    ///
    /// - Throws: `Problem` (`text-missing` without a reason, `mandate-not-published`).
    public func retire(
        _ id: ID<Mandate>, reason: String, by person: ID<Person>, of tenant: TenantID
    ) async throws -> MandateRecord {
        try Findings.expect(reason: reason, atMost: MandateDraft.textLimit)
        let now = world.now()
        return try await database.write { connection in
            let record = try expect(.published, id, in: tenant, on: connection)
            try connection.run(
                """
                UPDATE mandate SET state = 'retired', retired_at = \(now) WHERE tenant = \(tenant) AND id = \(id)
                """)
            try put(
                .retired, id, record.title, by: person, reason: reason.trimmed, in: tenant, at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// Undoes a retirement. Others may have been published meanwhile, so this too takes the planner's verdict.
    ///
    /// - Throws: as `publish`; `Problem` (`mandate-not-retired`).
    public func restore(
        _ id: ID<Mandate>, _ verdict: MandateVerdict, by person: ID<Person>, of tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws -> MandateRecord {
        let record = try expect(.retired, id, in: tenant, on: connection)
        return try enact(record, .restored, verdict, by: person, in: tenant, at: now, on: connection)
    }

    /// The new revision in force, its assignments, and the record of both.
    private func enact(
        _ before: MandateRecord, _ what: Change.What, _ verdict: MandateVerdict, detail: String = "",
        by person: ID<Person>, in tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws -> MandateRecord {
        let reason = try verdict.checkedReason()
        try connection.run(
            """
            UPDATE mandate SET state = 'published', revision = \(before.revision + 1), retired_at = NULL,
                published_at = COALESCE(published_at, \(now))
            WHERE tenant = \(tenant) AND id = \(before.id)
            """)
        let record = try found(before.id, in: tenant, on: connection)
        let people = try synchronize(record, in: tenant, at: now, on: connection).reached
        try connection.run(
            """
            INSERT INTO mandate_revision (tenant, mandate, revision, minutes, deadline, audience, people, people_over,
                minutes_over, override_reason, at, by_person)
            VALUES (\(tenant), \(record.id), \(record.revision), \(record.minutes), \(record.deadline),
                \(record.audience.text), \(people), \(verdict.peopleOver), \(verdict.minutesOver), \(reason), \(now),
                \(person))
            """)
        try put(
            what, record.id, record.title, by: person,
            detail: detail.isEmpty ? "\(record.minutes) min by \(record.deadline), \(people) people" : detail,
            people: people, in: tenant, at: now, on: connection)
        if let reason {
            try put(
                .overridden, record.id, record.title, by: person, reason: reason,
                detail: "\(verdict.peopleOver) people over by \(verdict.minutesOver) min", people: verdict.peopleOver,
                in: tenant, at: now, on: connection)
        }
        return try found(record.id, in: tenant, on: connection)
    }
}

/// What the planner found for a mandate about to be published, and why it shall be published all the same.
public struct MandateVerdict: Hashable, Sendable {
    public let peopleOver: Int
    /// Minutes by which those people are over, in all.
    public let minutesOver: Int
    /// Why the budget is set aside; nil when it is not.
    public let override: String?

    public init(peopleOver: Int, minutesOver: Int, override: String?) {
        self.peopleOver = peopleOver
        self.minutesOver = minutesOver
        self.override = override
    }

    /// The reason to record; nil when all of it fits, whatever was given.
    ///
    /// - Throws: `Problem` (`over-budget`, `override-reason-short`).
    func checkedReason() throws -> String? {
        if peopleOver == 0 { return nil }
        let reason = (override ?? "").trimmed
        if reason.isEmpty {
            let people = peopleOver == 1 ? "1 person" : "\(peopleOver) people"
            throw Problem(
                .conflict, "over-budget",
                """
                \(people) would be over budget, by \(minutesOver) minutes in all. Choose a later deadline or fewer \
                minutes, retire another mandate, or override with a reason.
                """, at: ["/deadline", "/minutes"])
        }
        if reason.count < Override.reasonMinimum {
            throw Problem(
                .invalid, "override-reason-short",
                "The reason has \(reason.count) characters. Write at least \(Override.reasonMinimum).",
                at: ["/override"])
        }
        if reason.count > MandateDraft.textLimit {
            throw Problem(
                .invalid, "text-too-long",
                "The reason has \(reason.count) characters. Use at most \(MandateDraft.textLimit).", at: ["/override"])
        }
        return reason
    }
}
