public import Basis
import Evidence
import JSON
import People
public import Storage

/// The register of AI uses, and who answers for each.
public struct AIRegister: Sendable {
    let database: any Database
    let world: World
    let spine: Spine

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
        spine = Spine(database: database, world: world)
    }

    /// Enters a use.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place.
    public func register(
        _ draft: AIUseDraft, by person: ID<Person>, of tenant: TenantID
    ) async throws -> AIUseRecord {
        try draft.check()
        let now = world.now()
        return try await database.write { connection in
            try enter(draft, from: nil, by: person, in: tenant, at: now, on: connection)
        }
    }

    /// Enters a use within the caller's transaction.
    ///
    /// - Throws: `Problem` (`governed-already`).
    func enter(
        _ draft: AIUseDraft, from origin: ID<Experiment>?, by person: ID<Person>, in tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws -> AIUseRecord {
        let id = world.id(AIUse.self)
        try expectAlone(draft.governs, besides: nil, in: tenant, on: connection)
        try connection.run(
            """
            INSERT INTO ai_use (tenant, id, revision, name, purpose, kind, provider, model, hosting, data_classes,
                audience, cost, status, risk, review_on, opt_out, effect, governs, consults_nobody, informs_nobody,
                origin, created_at, created_by, changed_at)
            VALUES (\(tenant), \(id), 1, \(draft.name.trimmed), \(draft.purpose), \(draft.kind),
                \(draft.provider), \(draft.model), \(draft.hosting), \(draft.data.stored), \(draft.audience.text),
                \(draft.cost), \(draft.status), \(draft.risk), \(draft.reviewOn), \(draft.optOut),
                \(draft.effect), \(draft.governs), \(draft.consultsNobody), \(draft.informsNobody), \(origin),
                \(now), \(person), \(now))
            """)
        try note(draft.status, of: id, in: tenant, at: now, on: connection)
        try put(
            .registered, id, draft.name, by: person, detail: "status \(draft.status.rawValue)", in: tenant,
            at: now, on: connection)
        return try found(id, in: tenant, on: connection)
    }

    /// Refuses that two entries govern the same part of Leeway.
    private func expectAlone(
        _ feature: AIUseRecord.Feature?, besides id: ID<AIUse>?, in tenant: TenantID, on connection: any Connection
    ) throws {
        guard let feature, let other = try governing(feature, in: tenant, on: connection), other.id != id else {
            return
        }
        throw Problem(
            .conflict, "governed-already",
            "“\(other.name)” governs this part of Leeway already. Take it off there first.", at: ["/governs"])
    }

    /// Changes an entry. Says what changed in its history; does nothing when nothing does.
    ///
    /// `revision` is the one that the author had before them; nil does not ask.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place, or `stale` when somebody changed it meanwhile.
    public func change(
        _ id: ID<AIUse>, to draft: AIUseDraft, since revision: Int? = nil, reason: String = "",
        by person: ID<Person>, of tenant: TenantID
    ) async throws -> AIUseRecord {
        try draft.check()
        let now = world.now()
        return try await database.write { connection in
            let old = try found(id, in: tenant, on: connection)
            if let revision, revision != old.revision {
                throw Problem(.stale, "ai-use-changed", "Somebody changed this entry meanwhile. Look at it again.")
            }
            let detail = draft.difference(from: AIUseDraft(old))
            if detail.isEmpty { return old }
            try expectAlone(draft.governs, besides: id, in: tenant, on: connection)
            if draft.status.mayRun, !old.status.mayRun { try expectAllowed(id, in: tenant, on: connection) }
            try update(id, to: draft, in: tenant, at: now, on: connection)
            try put(
                draft.status == old.status ? .revised : .moved, id, draft.name, by: person, reason: reason.trimmed,
                detail: detail, in: tenant, at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// Moves an entry to another status, such as suspended. Moving it back is the undo.
    ///
    /// - Throws: `Problem` (`review-missing`) when it is to be a pilot or live and has no review date.
    public func move(
        _ id: ID<AIUse>, to status: AIUseRecord.Status, reason: String = "", by person: ID<Person>,
        of tenant: TenantID
    ) async throws -> AIUseRecord {
        try await change(id, reason: reason, by: person, of: tenant) { $0.status = status }
    }

    /// Notes that somebody looked at it again, and when that is next due.
    ///
    /// - Throws: `Problem` (`review-past`) when the next day is not after today.
    public func review(
        _ id: ID<AIUse>, nextOn day: Day, note: String = "", by person: ID<Person>, of tenant: TenantID
    ) async throws -> AIUseRecord {
        if day <= world.now().day {
            throw Problem(
                .invalid, "review-past", "The next review, \(day), is not after today. Choose a later day.",
                at: ["/reviewOn"])
        }
        return try await change(id, reason: note, by: person, of: tenant) { $0.reviewOn = day }
    }

    private func change(
        _ id: ID<AIUse>, reason: String, by person: ID<Person>, of tenant: TenantID,
        _ edit: @Sendable (inout AIUseDraft) -> Void
    ) async throws -> AIUseRecord {
        let record = try await database.read { try found(id, in: tenant, on: $0) }
        var draft = AIUseDraft(record)
        edit(&draft)
        return try await change(id, to: draft, since: record.revision, reason: reason, by: person, of: tenant)
    }

    func update(
        _ id: ID<AIUse>, to draft: AIUseDraft, in tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws {
        try connection.run(
            """
            UPDATE ai_use SET revision = revision + 1, name = \(draft.name.trimmed), purpose = \(draft.purpose),
                kind = \(draft.kind), provider = \(draft.provider), model = \(draft.model),
                hosting = \(draft.hosting), data_classes = \(draft.data.stored), audience = \(draft.audience.text),
                cost = \(draft.cost), status = \(draft.status), risk = \(draft.risk), review_on = \(draft.reviewOn),
                opt_out = \(draft.optOut), effect = \(draft.effect), governs = \(draft.governs),
                consults_nobody = \(draft.consultsNobody), informs_nobody = \(draft.informsNobody),
                changed_at = \(now)
            WHERE tenant = \(tenant) AND id = \(id)
            """)
        try note(draft.status, of: id, in: tenant, at: now, on: connection)
    }

    /// Keeps since when it has its status.
    private func note(
        _ status: AIUseRecord.Status, of id: ID<AIUse>, in tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws {
        let last = try connection.row(
            "SELECT status FROM ai_use_status WHERE tenant = \(tenant) AND ai_use = \(id) ORDER BY at DESC LIMIT 1")
        if try last?.get("status") == status { return }
        try connection.run(
            """
            INSERT INTO ai_use_status (tenant, ai_use, at, status) VALUES (\(tenant), \(id), \(now), \(status))
            ON CONFLICT (tenant, ai_use, at) DO UPDATE SET status = excluded.status
            """)
    }

    func put(
        _ what: Change.What, _ id: ID<AIUse>, _ name: String, by person: ID<Person>, reason: String = "",
        detail: String = "", about other: ID<Person>? = nil, in tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws {
        try spine.put(
            Spine.Note(
                what: what, subject: .use(id), name: name, by: person, reason: reason, detail: detail,
                extensions: other.map { [(Vocabulary.person, .string($0.description))] } ?? []),
            in: tenant, at: now, on: connection)
    }
}

// MARK: Reading

extension AIRegister {
    /// One entry; nil when there is none.
    public func find(_ id: ID<AIUse>, of tenant: TenantID) async throws -> AIUseRecord? {
        try await database.read { try find(id, in: tenant, on: $0) }
    }

    /// The entry that governs a part of Leeway, within the caller's transaction; nil when none does.
    public func governing(
        _ feature: AIUseRecord.Feature, in tenant: TenantID, on connection: any Connection
    ) throws -> AIUseRecord? {
        try connection.row("SELECT * FROM ai_use WHERE tenant = \(tenant) AND governs = \(feature)")
            .map(AIUseRecord.init)
    }

    /// Every entry, in the order of their names.
    public func list(of tenant: TenantID) async throws -> [AIUseRecord] {
        try await database.read { try list(of: tenant, on: $0) }
    }

    /// Every entry with who answers for it and how many learners it reaches, in the order of their names.
    public func overview(of tenant: TenantID) async throws -> [Clarity.Entry] {
        let today = world.now().day
        return try await database.read { connection in
            try entries(try list(of: tenant, on: connection), in: tenant, on: today, connection)
        }
    }

    /// One entry with who answers for it and how many learners it reaches.
    public func entry(_ id: ID<AIUse>, of tenant: TenantID) async throws -> Clarity.Entry? {
        let today = world.now().day
        return try await database.read { connection in
            let uses = try find(id, in: tenant, on: connection).map { [$0] } ?? []
            return try entries(uses, in: tenant, on: today, connection).first
        }
    }

    /// Ownership clarity over the active uses of a tenant: measure 1.
    public func clarity(of tenant: TenantID) async throws -> Clarity {
        let today = world.now().day
        return try await database.read { connection in
            let active = try list(of: tenant, on: connection).filter(\.status.isActive)
            return Clarity(entries: try entries(active, in: tenant, on: today, connection))
        }
    }

    func entries(
        _ uses: [AIUseRecord], in tenant: TenantID, on today: Day, _ connection: any Connection
    ) throws -> [Clarity.Entry] {
        let responsibilities = Dictionary(
            grouping: try connection.rows(
                """
                SELECT * FROM responsibility
                WHERE tenant = \(tenant) AND part = 'accountable' AND state IN ('accepted', 'proposed')
                ORDER BY proposed_at, id
                """
            ).map(Responsibility.init), by: \.use)
        let people = try spine.directory.facts(of: tenant, on: connection)
        let active = Set(people.map(\.id))
        let presence = try spine.presence.table(of: tenant, from: today, on: connection)
        let delegations = try delegations(in: tenant, on: connection)
        return uses.map { use in
            let ownership = Ownership(
                responsibilities: responsibilities[use.id] ?? [], reviewOn: use.reviewOn, today: today,
                standIn: { owner in
                    delegations.last {
                        $0.person == owner && $0.holds(on: today, for: use.id) && active.contains($0.delegate)
                    }?.delegate
                },
                isAway: { owner in
                    presence.absences[owner]?.contains {
                        $0.contains(today) && $0.upperBound - $0.lowerBound >= Ownership.awayDayLimit
                    } ?? false
                }, isActive: active.contains)
            let learners = people.count { use.audience.contains($0) }
            return Clarity.Entry(use: use, ownership: ownership, learners: learners)
        }
    }

    func list(of tenant: TenantID, on connection: any Connection) throws -> [AIUseRecord] {
        try connection.rows("SELECT * FROM ai_use WHERE tenant = \(tenant) ORDER BY LOWER(name), id")
            .map(AIUseRecord.init)
    }

    private func find(
        _ id: ID<AIUse>, in tenant: TenantID, on connection: any Connection
    ) throws -> AIUseRecord? {
        try connection.row("SELECT * FROM ai_use WHERE tenant = \(tenant) AND id = \(id)").map(AIUseRecord.init)
    }

    func found(_ id: ID<AIUse>, in tenant: TenantID, on connection: any Connection) throws -> AIUseRecord {
        guard let record = try find(id, in: tenant, on: connection) else {
            throw Problem(.missing, "ai-use-missing", "There is no such AI use.")
        }
        return record
    }
}

extension AIUseRecord {
    fileprivate init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), revision: try row.get("revision"), name: try row.get("name"),
            purpose: try row.get("purpose"), kind: try row.get("kind"), provider: try row.get("provider"),
            model: try row.get("model"), hosting: try row.get("hosting"),
            data: try Set<DataClass>(row).ordered,
            audience: try AudienceRule(stored: try row.get("audience", as: String.self)),
            cost: try row.get("cost"), status: try row.get("status"), risk: try row.get("risk"),
            reviewOn: try row.find("review_on"), optOut: try row.get("opt_out"), effect: try row.get("effect"),
            governs: try row.find("governs"), consultsNobody: try row.get("consults_nobody"),
            informsNobody: try row.get("informs_nobody"), origin: try row.find("origin"),
            createdAt: try row.get("created_at"), createdBy: try row.get("created_by"),
            changedAt: try row.get("changed_at"))
    }
}
