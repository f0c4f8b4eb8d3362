public import Basis
import Evidence
import JSON
import Storage

// Reach: published → delivered → viewed → opened → understood, and acknowledged beside it. Applied comes from evidence.

extension StrategyRecord {
    /// How many words somebody has to read: summary, text and priorities.
    public var words: Int {
        ([summary, text] + priorities.flatMap { [$0.name, $0.text] }).reduce(0) { sum, text in
            sum + text.split(whereSeparator: \.isWhitespace).count
        }
    }

    /// For how long it has to be before a person's eyes to count as opened: the greater of ten seconds and the time in
    /// which 600 words a minute go by.
    ///
    /// - Source: field notes A3.2.
    public var readingTime: Duration {
        max(.seconds(10), .microseconds(Int64(words) * 100_000))
    }
}

extension StrategyBook {
    /// Notes that the page of the version in force was shown to a person of the audience. It does not count as opened
    /// before they had it before them for its `readingTime`.
    ///
    /// - Returns: Whether it was the first time. False also for somebody it is not addressed to.
    @discardableResult
    public func view(_ id: ID<Strategy>, by person: ID<Person>, of tenant: TenantID) async throws -> Bool {
        let now = world.now()
        return try await database.write { connection in
            guard let record = try published(id, in: tenant, on: connection) else { return false }
            let key = key(of: record, person, in: tenant)
            guard try connection.run("UPDATE strategy_delivery SET served_at = \(now) WHERE \(key)") == 1 else {
                return false
            }
            return try view(record, by: person, in: tenant, at: now, on: connection)
        }
    }

    /// Notes for how long a person had the version in force before them, as their browser counted it. Mail programs
    /// never call it. Once long enough, again does nothing.
    ///
    /// - Unit: whole seconds in which the page was visible; never taken for more than what passed since it was shown.
    /// - Returns: Whether it counts as opened now.
    @discardableResult
    public func noteReading(
        _ id: ID<Strategy>, version: Int, seconds: Int, by person: ID<Person>, of tenant: TenantID
    ) async throws -> Bool {
        let now = world.now()
        return try await database.write { connection in
            guard let record = try published(id, in: tenant, on: connection), record.version == version else {
                return false
            }
            let told = Duration.seconds(max(0, min(seconds, 86_400)))
            return try dwell(record, told, by: person, in: tenant, at: now, connection)
        }
    }

    /// Takes the shorter of what was told and what passed since the page was shown.
    @discardableResult
    private func dwell(
        _ record: StrategyRecord, _ told: Duration?, by person: ID<Person>, in tenant: TenantID, at now: Moment,
        _ connection: any Connection
    ) throws -> Bool {
        let key = key(of: record, person, in: tenant)
        let row = try connection.row("SELECT served_at, dwelt_at FROM strategy_delivery WHERE \(key)")
        guard let row, let served = try row.find("served_at", as: Moment.self) else { return false }
        if try row.find("dwelt_at", as: Moment.self) != nil { return true }
        let passed = now - served
        let length = min(told ?? passed, passed)
        guard length >= record.readingTime else { return false }
        try connection.run("UPDATE strategy_delivery SET dwelt_at = \(now) WHERE \(key) AND dwelt_at IS NULL")
        // Without a count by the page nobody knows how much of the time it was before them: at least what it takes.
        try say(
            .experienced, record, by: person, result: Outcome(duration: told == nil ? record.readingTime : length),
            in: tenant, at: now, on: connection)
        return true
    }

    /// Notes that a person confirms having read the version in force, which is the version that they had before
    /// them. Once; again does nothing. It counts as opened when its page was shown to them long enough before.
    ///
    /// - Returns: Whether it was the first time.
    /// - Throws: `Problem` (`strategy-changed`) when another version is in force, (`not-addressed`) when the person is
    ///   not in its audience.
    @discardableResult
    public func acknowledge(
        _ id: ID<Strategy>, version: Int, by person: ID<Person>, of tenant: TenantID
    ) async throws -> Bool {
        let now = world.now()
        return try await database.write { connection in
            guard let record = try published(id, in: tenant, on: connection), record.version == version else {
                throw Problem(
                    .stale, "strategy-changed", "Version \(version) is no longer in force. Read the strategy again.")
            }
            let row = try connection.row(
                """
                SELECT acknowledged_at FROM strategy_delivery
                WHERE tenant = \(tenant) AND strategy = \(id) AND version = \(version) AND person = \(person)
                """)
            guard let row else {
                throw Problem(
                    .conflict, "not-addressed",
                    "This strategy is not addressed to you. There is nothing to acknowledge.")
            }
            if try row.find("acknowledged_at", as: Moment.self) != nil { return false }
            try view(record, by: person, in: tenant, at: now, on: connection)
            try dwell(record, nil, by: person, in: tenant, at: now, connection)
            try connection.run(
                """
                UPDATE strategy_delivery SET acknowledged_at = \(now)
                WHERE tenant = \(tenant) AND strategy = \(id) AND version = \(version) AND person = \(person)
                """)
            try say(.acknowledged, record, by: person, in: tenant, at: now, on: connection)
            return true
        }
    }

    /// Delivers the version in force to people who have joined its audience since.
    ///
    /// - Returns: How many are new.
    @discardableResult
    public func refresh(_ id: ID<Strategy>, of tenant: TenantID) async throws -> Int {
        let now = world.now()
        return try await database.write { connection in
            guard let record = try published(id, in: tenant, on: connection), let audience = record.audience else {
                return 0
            }
            let members = try spine.members(of: audience, in: tenant, on: connection)
            return try deliver(id, version: record.version, to: members, in: tenant, at: now, on: connection)
        }
    }

    /// The strategies in force that are addressed to a person. The latest published first.
    public func notices(for person: ID<Person>, of tenant: TenantID) async throws -> [StrategyNotice] {
        try await database.read { connection in
            let rows = try connection.rows(
                """
                SELECT d.* FROM strategy_delivery d
                JOIN strategy s ON s.tenant = d.tenant AND s.id = d.strategy AND s.version = d.version
                WHERE d.tenant = \(tenant) AND d.person = \(person) AND s.state = 'published'
                ORDER BY s.published_at DESC, s.id
                """)
            return try rows.compactMap { row in
                let found = try records(
                    of: try row.get("strategy"), version: try row.get("version"), in: tenant, on: connection)
                return try found.first.map {
                    StrategyNotice(
                        strategy: $0, deliveredAt: try row.find("delivered_at"), viewedAt: try row.find("opened_at"),
                        openedAt: try row.find("dwelt_at"), acknowledgedAt: try row.find("acknowledged_at"))
                }
            }
        }
    }

    /// The strategy in force that waits to be acknowledged by a person: the latest published of them.
    public func unread(
        by person: ID<Person>, of tenant: TenantID
    ) async throws -> (id: ID<Strategy>, title: String)? {
        try await database.read { connection in
            try connection.row(
                """
                SELECT s.id, s.title FROM strategy_delivery d
                JOIN strategy s ON s.tenant = d.tenant AND s.id = d.strategy AND s.version = d.version
                WHERE d.tenant = \(tenant) AND d.person = \(person) AND d.acknowledged_at IS NULL
                    AND s.state = 'published'
                ORDER BY s.published_at DESC, s.id LIMIT 1
                """
            ).map { (try $0.get("id"), try $0.get("title")) }
        }
    }

    /// How far a version came: nil asks for the one in force, or the newest that was. Nil when none was published.
    public func reach(
        of id: ID<Strategy>, version: Int? = nil, in tenant: TenantID
    ) async throws -> StrategyReach? {
        try await database.read { connection in
            let versions = try records(of: id, version: version, in: tenant, on: connection)
            guard let record = versions.first(where: { $0.state != .draft }) else { return nil }
            let row = try connection.row(
                """
                SELECT COUNT(*) AS published, COUNT(delivered_at) AS delivered, COUNT(opened_at) AS viewed,
                    COUNT(dwelt_at) AS opened, COUNT(acknowledged_at) AS acknowledged
                FROM strategy_delivery
                WHERE tenant = \(tenant) AND strategy = \(id) AND version = \(record.version)
                """)
            guard let row else { return nil }
            return StrategyReach(
                strategy: id, version: record.version, published: try row.get("published"),
                delivered: try row.get("delivered"), viewed: try row.get("viewed"), opened: try row.get("opened"),
                acknowledged: try row.get("acknowledged"))
        }
    }

    /// Adds the people who are not there yet. Delivery is in the program itself, so it happens as it is addressed.
    @discardableResult
    func deliver(
        _ id: ID<Strategy>, version: Int, to people: [ID<Person>], in tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws -> Int {
        try connection.bulk(
            "strategy_delivery", ["tenant", "strategy", "version", "person", "delivered_at"],
            people.map { [tenant.stored, id.stored, version.stored, $0.stored, now.stored] }, on: .skip)
    }

    private func key(of record: StrategyRecord, _ person: ID<Person>, in tenant: TenantID) -> SQL {
        """
        tenant = \(tenant) AND strategy = \(record.id) AND version = \(record.version) AND person = \(person)
        """
    }

    @discardableResult
    private func view(
        _ record: StrategyRecord, by person: ID<Person>, in tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws -> Bool {
        let isFirst =
            try connection.run(
                """
                UPDATE strategy_delivery SET opened_at = \(now)
                WHERE \(key(of: record, person, in: tenant)) AND opened_at IS NULL
                """) == 1
        if isFirst { try say(.opened, record, by: person, in: tenant, at: now, on: connection) }
        return isFirst
    }

    func say(
        _ verb: Verb, _ record: StrategyRecord, by person: ID<Person>, result: Outcome? = nil, in tenant: TenantID,
        at now: Moment, on connection: any Connection
    ) throws {
        try spine.log.append(
            [
                StatementDraft(
                    .person(person), verb, Change.Subject.strategy(record.id).activity(name: record.title),
                    result: result, extensions: [(Vocabulary.version, .string(String(record.version)))],
                    timestamp: now)
            ], to: tenant, on: connection)
    }
}
