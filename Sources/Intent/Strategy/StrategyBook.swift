public import Basis
import Evidence
import JSON
import People
public import Storage

/// The organisation's strategies: their versions, and how far each came.
public struct StrategyBook: Sendable {
    let database: any Database
    let world: World
    let spine: Spine

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
        spine = Spine(database: database, world: world)
    }

    /// Begins a strategy: version 1, a draft.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place.
    public func draft(
        _ draft: StrategyDraft, by person: ID<Person>, of tenant: TenantID
    ) async throws -> StrategyRecord {
        try draft.check()
        let (id, now) = (world.id(Strategy.self), world.now())
        return try await database.write { connection in
            try insert(draft, as: id, version: 1, by: person, in: tenant, at: now, on: connection)
            try put(.drafted, id, draft.title, by: person, in: tenant, at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// Changes the draft of a strategy, or begins the next version when there is none.
    public func revise(
        _ id: ID<Strategy>, to draft: StrategyDraft, by person: ID<Person>, of tenant: TenantID
    ) async throws -> StrategyRecord {
        try draft.check()
        let now = world.now()
        return try await database.write { connection in
            let newest = try found(id, in: tenant, on: connection)
            var version = newest.version + 1
            if newest.state == .draft {
                version = newest.version
                try delete(id, version: version, in: tenant, on: connection)
                if !draft.keepsPriorities(of: newest) { try forgetPoints(of: newest, in: tenant, on: connection) }
            }
            try insert(draft, as: id, version: version, by: person, in: tenant, at: now, on: connection)
            try put(
                .drafted, id, draft.title, by: person, detail: "version \(version)", in: tenant, at: now,
                on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// Takes a draft away. A strategy that was never published is gone with it.
    public func discardDraft(
        of id: ID<Strategy>, by person: ID<Person>, of tenant: TenantID
    ) async throws {
        let now = world.now()
        try await database.write { connection in
            let draft = try newestDraft(of: id, in: tenant, on: connection)
            try delete(id, version: draft.version, in: tenant, on: connection)
            let key: SQL = "tenant = \(tenant) AND strategy = \(id) AND version = \(draft.version)"
            for table: SQL in ["strategy_check", "strategy_question", "strategy_points", "strategy_leader"] {
                try connection.run("DELETE FROM \(table) WHERE \(key)")
            }
            try put(
                .discarded, id, draft.title, by: person, detail: "version \(draft.version)", in: tenant, at: now,
                on: connection)
        }
    }

    /// Publishes the draft: the version before is superseded, and everybody in the audience is delivered to.
    ///
    /// `reason` is why it is published though leaders do not agree as far as the rules of governing want; it goes on
    /// record then.
    ///
    /// - Throws: `Problem` of kind `invalid` naming all that is missing: an owner, a priority with a skill, an
    ///   audience of at least one active person; `weighing-open`, `agreement-low`.
    public func publish(
        _ id: ID<Strategy>, reason: String = "", by person: ID<Person>, of tenant: TenantID
    ) async throws -> StrategyRecord {
        let now = world.now()
        return try await database.write { connection in
            let draft = try newestDraft(of: id, in: tenant, on: connection)
            let members = try draft.audience.map { try spine.members(of: $0, in: tenant, on: connection) } ?? []
            let isOwnerActive = try draft.owner.map { try spine.isActive($0, in: tenant, on: connection) } ?? false
            try draft.checkPublishable(people: members.count, isOwnerActive: isOwnerActive, today: now.day)
            let agreement = try checkAgreed(on: draft, reason: reason, in: tenant, on: connection)
            let superseded = try connection.run(
                """
                UPDATE strategy SET state = 'superseded', ended_at = \(now)
                WHERE tenant = \(tenant) AND id = \(id) AND state = 'published'
                """)
            try connection.run(
                """
                UPDATE strategy SET state = 'published', published_at = \(now)
                WHERE tenant = \(tenant) AND id = \(id) AND version = \(draft.version)
                """)
            try deliver(id, version: draft.version, to: members, in: tenant, at: now, on: connection)
            if !agreement.isReached {
                try put(
                    .overridden, id, draft.title, by: person, reason: reason.trimmed, detail: agreement.sentence,
                    in: tenant, at: now, on: connection)
            }
            if superseded > 0 {
                try put(.superseded, id, draft.title, by: person, in: tenant, at: now, on: connection)
            }
            try put(
                .published, id, draft.title, by: person,
                detail: "version \(draft.version) to \(members.count) people", people: members.count, in: tenant,
                at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// Takes the published version out of force. What was acknowledged stays on record.
    ///
    /// - Throws: `Problem` (`reason-missing`, `strategy-not-published`).
    public func withdraw(
        _ id: ID<Strategy>, reason: String, by person: ID<Person>, of tenant: TenantID
    ) async throws {
        try Findings.expect(reason: reason, atMost: StrategyDraft.textLimit)
        let now = world.now()
        try await database.write { connection in
            guard let record = try published(id, in: tenant, on: connection) else {
                throw Problem(
                    .conflict, "strategy-not-published", "No version is in force. There is nothing to withdraw.")
            }
            try connection.run(
                """
                UPDATE strategy SET state = 'withdrawn', ended_at = \(now)
                WHERE tenant = \(tenant) AND id = \(id) AND version = \(record.version)
                """)
            try put(
                .withdrawn, id, record.title, by: person, reason: reason.trimmed, in: tenant, at: now, on: connection)
        }
    }
}

// MARK: Reading

extension StrategyBook {
    /// The newest version of a strategy, or the one named.
    public func find(
        _ id: ID<Strategy>, version: Int? = nil, of tenant: TenantID
    ) async throws -> StrategyRecord? {
        try await database.read { try records(of: id, version: version, in: tenant, on: $0).first }
    }

    /// Every version of a strategy, the newest first.
    public func versions(of id: ID<Strategy>, in tenant: TenantID) async throws -> [StrategyRecord] {
        try await database.read { try records(of: id, version: nil, in: tenant, on: $0) }
    }

    /// Every strategy: its version in force if there is one, else its newest. The latest created first.
    public func list(of tenant: TenantID) async throws -> [StrategyRecord] {
        try await database.read { connection in
            let all = try records(where: "tenant = \(tenant)", in: tenant, on: connection)
            let chosen = Dictionary(grouping: all, by: \.id).values.compactMap { versions in
                versions.first { $0.state == .published } ?? versions.first
            }
            return chosen.sorted { $0.id.description > $1.id.description }
        }
    }

    /// The versions in force. The latest published first.
    public func inForce(of tenant: TenantID) async throws -> [StrategyRecord] {
        try await database.read { try inForce(of: tenant, on: $0) }
    }

    /// The versions in force, within the caller's transaction.
    public func inForce(of tenant: TenantID, on connection: any Connection) throws -> [StrategyRecord] {
        try records(where: "tenant = \(tenant) AND state = 'published'", in: tenant, on: connection)
            .sorted { ($0.publishedAt?.microseconds ?? 0) > ($1.publishedAt?.microseconds ?? 0) }
    }

    /// A priority as its newest version states it, with the strategy it belongs to.
    public func priority(
        _ id: ID<Priority>, of tenant: TenantID
    ) async throws -> (priority: PriorityRecord, strategy: StrategyRecord)? {
        try await database.read { connection in
            let row = try connection.row(
                """
                SELECT strategy, version FROM strategy_priority WHERE tenant = \(tenant) AND id = \(id)
                ORDER BY version DESC LIMIT 1
                """)
            guard let row else { return nil }
            let record = try records(
                of: try row.get("strategy"), version: try row.get("version"), in: tenant, on: connection
            ).first
            guard let record, let priority = record.priorities.first(where: { $0.id == id }) else { return nil }
            return (priority, record)
        }
    }

    /// What priorities are called in their newest version.
    public func names(
        of ids: Set<ID<Priority>>, of tenant: TenantID
    ) async throws -> [ID<Priority>: String] {
        if ids.isEmpty { return [:] }
        let list = SQL.list(ids.map(\.description).sorted())
        return try await database.read { connection in
            var names: [ID<Priority>: String] = [:]
            let sql: SQL = """
                SELECT id, name FROM strategy_priority WHERE tenant = \(tenant) AND id IN (\(list)) ORDER BY version
                """
            try connection.each(sql) { row in names[try row.get("id")] = try row.get("name", as: String.self) }
            return names
        }
    }

    func records(
        of id: ID<Strategy>, version: Int?, in tenant: TenantID, on connection: any Connection
    ) throws -> [StrategyRecord] {
        var condition: SQL = "tenant = \(tenant) AND id = \(id)"
        if let version { condition += " AND version = \(version)" }
        return try records(where: condition, in: tenant, on: connection)
    }

    /// The newest version first within each strategy.
    private func records(
        where condition: SQL, in tenant: TenantID, on connection: any Connection
    ) throws -> [StrategyRecord] {
        let rows = try connection.rows("SELECT * FROM strategy WHERE \(condition) ORDER BY id, version DESC")
        let ids = SQL.list(Set(try rows.map { try $0.get("id", as: String.self) }).sorted())
        var skills: [PriorityKey: [ID<Skill>]] = [:]
        try connection.each(
            """
            SELECT * FROM strategy_skill WHERE tenant = \(tenant) AND strategy IN (\(ids))
            ORDER BY strategy, version, priority, place
            """
        ) { row in
            let key = PriorityKey(
                strategy: try row.get("strategy"), version: try row.get("version"), priority: try row.get("priority"))
            skills[key, default: []].append(try row.get("skill"))
        }
        var priorities: [PriorityKey: [Row]] = [:]
        try connection.each(
            """
            SELECT * FROM strategy_priority WHERE tenant = \(tenant) AND strategy IN (\(ids))
            ORDER BY strategy, version, place
            """
        ) { row in
            let key = PriorityKey(strategy: try row.get("strategy"), version: try row.get("version"), priority: nil)
            priorities[key, default: []].append(row)
        }
        return try rows.map { row in
            let key = PriorityKey(strategy: try row.get("id"), version: try row.get("version"), priority: nil)
            let own = priorities[key] ?? []
            let shares = Shares.percents(try own.map { try $0.get("weight") })
            return try StrategyRecord(
                row,
                priorities: zip(own, shares).map { row, share in
                    let priority: ID<Priority> = try row.get("id")
                    let place = PriorityKey(strategy: key.strategy, version: key.version, priority: priority)
                    return PriorityRecord(
                        id: priority, name: try row.get("name"), text: try row.get("body"), skills: skills[place] ?? [],
                        weight: try row.get("weight"), share: share, target: try PriorityTarget(row))
                })
        }
    }

    func found(_ id: ID<Strategy>, in tenant: TenantID, on connection: any Connection) throws -> StrategyRecord {
        guard let record = try records(of: id, version: nil, in: tenant, on: connection).first else {
            throw Problem(.missing, "strategy-missing", "There is no such strategy.")
        }
        return record
    }

    func published(
        _ id: ID<Strategy>, in tenant: TenantID, on connection: any Connection
    ) throws -> StrategyRecord? {
        let all = try records(of: id, version: nil, in: tenant, on: connection)
        if all.isEmpty { throw Problem(.missing, "strategy-missing", "There is no such strategy.") }
        return all.first { $0.state == .published }
    }

    func newestDraft(
        of id: ID<Strategy>, in tenant: TenantID, on connection: any Connection
    ) throws -> StrategyRecord {
        let newest = try found(id, in: tenant, on: connection)
        if newest.state == .draft { return newest }
        throw Problem(
            .conflict, "strategy-no-draft", "Version \(newest.version) is \(newest.state.rawValue). Begin a new draft.")
    }
}

private struct PriorityKey: Hashable {
    let strategy: ID<Strategy>
    let version: Int
    let priority: ID<Priority>?
}

// MARK: Writing

extension StrategyBook {
    private func insert(
        _ draft: StrategyDraft, as id: ID<Strategy>, version: Int, by person: ID<Person>, in tenant: TenantID,
        at now: Moment, on connection: any Connection
    ) throws {
        try connection.run(
            """
            INSERT INTO strategy (tenant, id, version, state, title, summary, body, owner, audience, from_day,
                until_day, created_at, created_by)
            VALUES (\(tenant), \(id), \(version), 'draft', \(draft.title.trimmed), \(draft.summary.trimmed),
                \(draft.text), \(draft.owner), \(draft.audience?.text), \(draft.from),
                \(draft.until), \(now), \(person))
            """)
        for (place, priority) in draft.priorities.enumerated() {
            let name = priority.id ?? world.id(Priority.self)
            try connection.run(
                """
                INSERT INTO strategy_priority (tenant, strategy, version, id, place, name, body, weight,
                    target_share, target_level, target_day)
                VALUES (\(tenant), \(id), \(version), \(name), \(place), \(priority.name.trimmed), \(priority.text),
                    \(priority.weight), \(priority.target?.share), \(priority.target?.level), \(priority.target?.by))
                """)
            for (place, skill) in priority.skills.enumerated() {
                try connection.run(
                    """
                    INSERT INTO strategy_skill (tenant, strategy, version, priority, skill, place)
                    VALUES (\(tenant), \(id), \(version), \(name), \(skill), \(place))
                    """)
            }
        }
    }

    private func delete(
        _ id: ID<Strategy>, version: Int, in tenant: TenantID, on connection: any Connection
    ) throws {
        let key: SQL = "tenant = \(tenant) AND strategy = \(id) AND version = \(version)"
        try connection.run("DELETE FROM strategy_skill WHERE \(key)")
        try connection.run("DELETE FROM strategy_priority WHERE \(key)")
        try connection.run(
            "DELETE FROM strategy WHERE tenant = \(tenant) AND id = \(id) AND version = \(version) AND state = 'draft'")
    }

    func put(
        _ what: Change.What, _ id: ID<Strategy>, _ title: String, by person: ID<Person>, reason: String = "",
        detail: String = "", people: Int? = nil, in tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws {
        try spine.put(
            Spine.Note(
                what: what, subject: .strategy(id), name: title, by: person, reason: reason, detail: detail,
                extensions: people.map { [(Vocabulary.people, JSONValue($0))] } ?? []),
            in: tenant, at: now, on: connection)
    }
}

extension PriorityTarget {
    /// Nil where none is stated.
    fileprivate init?(_ row: Row) throws {
        guard let by = try row.find("target_day", as: Day.self) else { return nil }
        self.init(share: try row.get("target_share"), level: try row.get("target_level"), by: by)
    }
}

extension StrategyRecord {
    fileprivate init(_ row: Row, priorities: [PriorityRecord]) throws {
        self.init(
            id: try row.get("id"), version: try row.get("version"), state: try row.get("state"),
            title: try row.get("title"), summary: try row.get("summary"), text: try row.get("body"),
            owner: try row.find("owner"),
            audience: try row.find("audience", as: String.self).map { try AudienceRule(stored: $0) },
            priorities: priorities, from: try row.find("from_day"), until: try row.find("until_day"),
            createdAt: try row.get("created_at"), createdBy: try row.get("created_by"),
            publishedAt: try row.find("published_at"), endedAt: try row.find("ended_at"))
    }
}
