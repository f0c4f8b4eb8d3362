public import Basis
public import Evidence
import People
public import Storage

// Who is asked, who is done, and how long it took. All of it follows from evidence and from who is in the audience.

extension MandateBook {
    /// What a synchronisation did.
    public struct Refreshed: Hashable, Sendable {
        /// People who are asked now and were not before.
        public let joined: Int
        /// People who are no longer asked.
        public let released: Int
        /// Everybody it is asked of now, done or not.
        public let reached: Int
        /// Those of `joined` who have it before them now.
        public let newcomers: [ID<Person>]
    }

    /// Brings a published mandate's assignments up to its audience: late joiners are asked, leavers are released,
    /// and who turns out to hold it already has nothing left to do. After the deadline nobody new is asked.
    ///
    /// - Throws: `Problem` (`mandate-missing`).
    @discardableResult
    public func refresh(_ id: ID<Mandate>, of tenant: TenantID) async throws -> Refreshed {
        let now = world.now()
        return try await database.write { connection in
            let record = try found(id, in: tenant, on: connection)
            return try synchronize(record, in: tenant, at: now, on: connection)
        }
    }

    /// Refreshes every published mandate.
    ///
    /// - Returns: The sum over all of them.
    @discardableResult
    public func refreshAll(of tenant: TenantID) async throws -> Refreshed {
        var (joined, released, reached) = (0, 0, 0)
        var newcomers: [ID<Person>] = []
        for record in try await list(of: tenant, state: .published) {
            let one = try await refresh(record.id, of: tenant)
            joined += one.joined
            released += one.released
            reached += one.reached
            newcomers += one.newcomers
        }
        return Refreshed(joined: joined, released: released, reached: reached, newcomers: newcomers)
    }

    /// The same within the caller's transaction.
    public func refresh(
        _ id: ID<Mandate>, of tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws -> Refreshed {
        try synchronize(found(id, in: tenant, on: connection), in: tenant, at: now, on: connection)
    }

    func synchronize(
        _ record: MandateRecord, in tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws -> Refreshed {
        if record.state != .published { return Refreshed(joined: 0, released: 0, reached: 0, newcomers: []) }
        let members = try spine.members(of: record.audience, in: tenant, on: connection)
        let present = Set(members)
        let held = try record.content.map { try holders(of: $0, in: tenant, on: connection) } ?? [:]
        let old = try assignments(of: record.id, in: tenant, on: connection)
        let known = Set(old.map(\.person))
        var (joined, released) = (0, 0)
        var newcomers: [ID<Person>] = []
        for one in old {
            let target: Assignment.State
            let heldAt = held[one.person]
            switch one.state {
            case .completed, .held: continue
            case .open: target = heldAt != nil ? .completed : present.contains(one.person) ? .open : .released
            case .released: target = !present.contains(one.person) ? .released : heldAt == nil ? .open : .held
            }
            if target == one.state { continue }
            if target == .released { released += 1 }
            if one.state == .released { joined += 1 }
            if target == .open { newcomers.append(one.person) }
            try set(one, to: target, at: heldAt, in: tenant, on: connection)
        }
        if now.day <= record.deadline {
            newcomers += members.filter { !known.contains($0) && held[$0] == nil }
            joined += try connection.bulk(
                "assignment", ["tenant", "mandate", "person", "state", "assigned_at", "completed_at"],
                members.filter { !known.contains($0) }.map { person in
                    let heldAt = held[person]
                    return [
                        tenant.stored, record.id.stored, person.stored,
                        (heldAt == nil ? Assignment.State.open : .held).stored, now.stored, heldAt?.stored ?? .null,
                    ]
                }, on: .skip)
        }
        let reached: Int = try connection.value(
            """
            SELECT COUNT(*) AS count FROM assignment
            WHERE tenant = \(tenant) AND mandate = \(record.id) AND state <> 'released'
            """)
        return Refreshed(joined: joined, released: released, reached: reached, newcomers: newcomers)
    }

    /// Who completed a content, by evidence, and when first.
    public func holders(
        of content: ID<Content>, in tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Person>: Moment] {
        let verbs = SQL.list([Verb.completed.iri, Verb.passed.iri])
        return try connection.rows(
            """
            SELECT agent.person AS person, MIN(statement.timestamp_at) AS at
            FROM activity
            \(SQL.inOrder) statement ON statement.tenant = activity.tenant AND statement.activity = activity.number
            \(SQL.inOrder) agent ON agent.tenant = statement.tenant AND agent.number = statement.actor
            \(SQL.inOrder) verb ON verb.tenant = statement.tenant AND verb.number = statement.verb
            WHERE activity.tenant = \(tenant) AND activity.iri = \(Vocabulary.contentIRI(content))
            AND verb.iri IN (\(verbs)) AND statement.voided = 0 AND agent.person IS NOT NULL
            AND COALESCE(statement.completion, 1) = 1
            GROUP BY agent.person
            """
        ).reduce(into: [:]) { $0[try $1.get("person")] = try $1.get("at") }
    }

    /// Notes that a person completed a content, in the transaction that stores the evidence of it.
    ///
    /// - Returns: The mandates that this completes, none when it was not asked.
    @discardableResult
    public func complete(
        _ content: ID<Content>, by person: ID<Person>, of tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws -> [ID<Mandate>] {
        let open = try openMandates(of: person, for: content, in: tenant, on: connection)
        for mandate in open {
            try connection.run(
                """
                UPDATE assignment SET state = 'completed', completed_at = \(now)
                WHERE tenant = \(tenant) AND mandate = \(mandate) AND person = \(person) AND state = 'open'
                """)
        }
        return open
    }

    /// Notes that a person did what a mandate without content asks, and puts it in evidence.
    ///
    /// - Returns: False when there was nothing open.
    @discardableResult
    public func complete(
        _ mandate: ID<Mandate>, by person: ID<Person>, of tenant: TenantID
    ) async throws -> Bool {
        let now = world.now()
        return try await database.write { connection in
            let record = try expect(.published, mandate, in: tenant, on: connection)
            if record.content != nil {
                throw Problem(
                    .conflict, "mandate-has-content", "This mandate asks for a content. Complete that content.")
            }
            let isFirst =
                try connection.run(
                    """
                    UPDATE assignment SET state = 'completed', completed_at = \(now)
                    WHERE tenant = \(tenant) AND mandate = \(mandate) AND person = \(person) AND state = 'open'
                    """) == 1
            if isFirst {
                try spine.log.append(
                    [
                        StatementDraft(
                            .person(person), .completed, Change.Subject.mandate(mandate).activity(name: record.title),
                            choice: .asked, timestamp: now)
                    ], to: tenant, on: connection)
            }
            return isFirst
        }
    }

    /// Notes learning time on a content, in the transaction that stores the evidence of it. It counts for the open
    /// mandate with the earliest deadline; when none is open, it is the learner's own and nothing is noted.
    ///
    /// Call it before `complete` for the same statement. The month is that of `moment` in UTC.
    ///
    /// - Returns: Whose choice the time was: the `choice` that its statement carries.
    /// - Throws: `StorageError`.
    @discardableResult
    public func spend(
        _ duration: Duration, on content: ID<Content>, by person: ID<Person>, of tenant: TenantID, at moment: Moment,
        on connection: any Connection
    ) throws -> Choice {
        guard let mandate = try openMandates(of: person, for: content, in: tenant, on: connection).first else {
            return .own
        }
        try spine.spend(duration, on: mandate, by: person, of: tenant, at: moment, on: connection)
        return .asked
    }

    /// Notes that a person showed by a test to know what a mandate asks, and the time that the test took. The evidence
    /// of the test itself is the caller's.
    ///
    /// - Returns: False when there was nothing open.
    @discardableResult
    public func testOut(
        of mandate: ID<Mandate>, taking duration: Duration, isPassed: Bool, by person: ID<Person>, of tenant: TenantID,
        at now: Moment, on connection: any Connection
    ) throws -> Bool {
        try spine.spend(duration, on: mandate, by: person, of: tenant, at: now, on: connection)
        guard isPassed else { return false }
        return try connection.run(
            """
            UPDATE assignment SET state = 'completed', completed_at = \(now)
            WHERE tenant = \(tenant) AND mandate = \(mandate) AND person = \(person) AND state = 'open'
            """) == 1
    }

    /// Whose choice learning a content is now: asked when a published mandate for it is open for the person.
    public func choice(
        of content: ID<Content>, by person: ID<Person>, of tenant: TenantID, on connection: any Connection
    ) throws -> Choice {
        try openMandates(of: person, for: content, in: tenant, on: connection).isEmpty ? .own : .asked
    }

    private func openMandates(
        of person: ID<Person>, for content: ID<Content>, in tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Mandate>] {
        try connection.rows(
            """
            SELECT m.id FROM mandate m
            JOIN assignment a ON a.tenant = m.tenant AND a.mandate = m.id
            WHERE m.tenant = \(tenant) AND m.content = \(content) AND m.state = 'published'
            AND a.person = \(person) AND a.state = 'open'
            ORDER BY m.deadline, m.id
            """
        ).map { try $0.get("id") }
    }

    private func set(
        _ one: Assignment, to state: Assignment.State, at completedAt: Moment?, in tenant: TenantID,
        on connection: any Connection
    ) throws {
        let completedAt = state == .completed || state == .held ? completedAt : nil
        try connection.run(
            """
            UPDATE assignment SET state = \(state), completed_at = \(completedAt)
            WHERE tenant = \(tenant) AND mandate = \(one.mandate) AND person = \(one.person)
            """)
    }
}
