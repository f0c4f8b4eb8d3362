public import Authorization
public import Basis
import Evidence
import People
public import Storage

/// The access rules of every tenant: one draft, versions that stay, and what an earlier one said.
public struct AccessRulesBook: Sendable {
    /// The longest reason of a version.
    public static let reasonLimit = 2_000

    let database: any Database
    let world: World
    let spine: Spine
    private let cache: RulesCache

    /// `desk` answers by the rules of this book: what is published is in force there at once.
    public init(database: any Database, world: World, desk: AccessDesk) {
        self.database = database
        self.world = world
        spine = Spine(database: database, world: world)
        cache = desk.cache
    }

    // MARK: Reading

    /// The rules in force.
    public func current(of tenant: TenantID) async throws -> RulesVersion {
        try await database.read { connection in
            try Self.version(try Self.number(of: tenant, on: connection), of: tenant, on: connection)
        }
    }

    /// One version; 0 is what Leeway ships with.
    ///
    /// - Throws: `Problem` (`rules-missing`).
    public func version(_ version: Int, of tenant: TenantID) async throws -> RulesVersion {
        try await database.read { try Self.version(version, of: tenant, on: $0) }
    }

    /// The newest first, what Leeway ships with last.
    public func versions(of tenant: TenantID, limit: Int = 200) async throws -> [RulesVersion] {
        try await database.read { connection in
            try connection.rows(
                "SELECT * FROM access_rules WHERE tenant = \(tenant) ORDER BY version DESC LIMIT \(limit)"
            ).map(RulesVersion.init)
        } + [.shipped]
    }

    /// The draft; nil where there is none.
    public func draft(of tenant: TenantID) async throws -> RulesDraft? {
        try await database.read { try draft(of: tenant, on: $0) }
    }

    /// What changes from one version to another, by policy.
    ///
    /// - Throws: `Problem` (`rules-missing`); `PolicyTextError` for a version that this program cannot read.
    public func difference(from old: Int, to new: Int, of tenant: TenantID) async throws -> PolicyDifference {
        let (former, later) = try await database.read { connection -> (RulesVersion, RulesVersion) in
            (try Self.version(old, of: tenant, on: connection), try Self.version(new, of: tenant, on: connection))
        }
        return PolicyDifference(
            from: try PolicySet(parsing: former.rules), to: try PolicySet(parsing: later.rules))
    }

    /// Checks texts without keeping them.
    public func check(rules: String, tests: String, of tenant: TenantID) async throws -> RulesCheck {
        let vocabulary = try await database.read { try self.vocabulary(of: tenant, on: $0) }
        return RulesCheck(rules: rules, tests: tests, against: vocabulary)
    }

    /// What each rule of a version says to people, by its id; empty for a version that this program cannot read.
    public func reasons(ofVersion version: Int, of tenant: TenantID) async throws -> [String: String] {
        let version = try await self.version(version, of: tenant)
        guard let set = try? PolicySet(parsing: version.rules) else { return [:] }
        return Dictionary(set.policies.map { ($0.id, $0.reason) }) { first, _ in first }
    }

    // MARK: Writing

    /// Keeps a draft, sound or not, so that no work is lost.
    ///
    /// `revision` is the draft's when it was read; nil where there was none. Another by now is refused.
    ///
    /// - Returns: The draft as it is kept.
    /// - Throws: `Problem` (`rules-too-long`, `rules-changed`).
    @discardableResult
    public func save(
        rules: String, tests: String, since revision: Int?, by person: ID<Person>, of tenant: TenantID
    ) async throws -> RulesDraft {
        guard rules.utf8.count <= PolicyLimits.textBytes, tests.utf8.count <= PolicyLimits.textBytes else {
            throw Problem(
                .invalid, "rules-too-long", "Rules and tests have at most \(PolicyLimits.textBytes) bytes each.",
                at: [rules.utf8.count > PolicyLimits.textBytes ? "/rules" : "/tests"])
        }
        let now = world.now()
        return try await database.write { connection in
            let old = try draft(of: tenant, on: connection)
            guard old?.revision == revision else { throw Self.changed }
            let base = try Self.number(of: tenant, on: connection)
            let next = (old?.revision ?? 0) + 1
            try connection.run(
                """
                INSERT INTO access_rules_draft (tenant, revision, base, rules, tests, changed_at, by_person)
                VALUES (\(tenant), \(next), \(base), \(rules), \(tests), \(now), \(person))
                ON CONFLICT (tenant) DO UPDATE SET revision = excluded.revision, base = excluded.base,
                    rules = excluded.rules, tests = excluded.tests, changed_at = excluded.changed_at,
                    by_person = excluded.by_person
                """)
            try put(
                old == nil ? .drafted : .revised, by: person, detail: "draft after version \(base)", in: tenant,
                at: now, on: connection)
            return RulesDraft(
                revision: next, base: base, rules: rules, tests: tests, changedAt: now, by: person)
        }
    }

    /// Takes the draft away. Again does nothing.
    public func discard(by person: ID<Person>, of tenant: TenantID) async throws {
        let now = world.now()
        try await database.write { connection in
            let count = try connection.run("DELETE FROM access_rules_draft WHERE tenant = \(tenant)")
            if count > 0 { try put(.discarded, by: person, in: tenant, at: now, on: connection) }
        }
    }

    /// Puts the draft in force as the next version. All of it or nothing.
    ///
    /// `revision` is the draft's when it was read; another by now is refused. Everybody reads the reason.
    ///
    /// - Returns: The version.
    /// - Throws: `Problem` (`rules-outdated`, `rules-draft-missing`, `rules-changed`); all that
    ///   `publish(rules:tests:)` throws.
    @discardableResult
    public func publish(
        draft revision: Int, reason: String, by person: ID<Person>, of tenant: TenantID
    ) async throws -> RulesVersion {
        try await change(of: tenant) { connection, now in
            guard let draft = try draft(of: tenant, on: connection) else {
                throw Problem(.missing, "rules-draft-missing", "There is no draft. Write one first.")
            }
            guard draft.revision == revision else { throw Self.changed }
            guard try Self.number(of: tenant, on: connection) == draft.base else {
                throw Problem(
                    .stale, "rules-outdated",
                    "Version \(draft.base), which the draft was written after, is no longer in force. Compare the "
                        + "draft with the present rules and save it again.")
            }
            try connection.run("DELETE FROM access_rules_draft WHERE tenant = \(tenant)")
            return try publish(
                draft.rules, draft.tests, .published, reason: reason, by: person, in: tenant, at: now, on: connection)
        }
    }

    /// Puts texts in force as the next version, beside the draft. All of it or nothing.
    ///
    /// - Throws: `Problem` (`text-missing`, `text-too-long`) for the reason; (`rules-text`, `rules-vocabulary`,
    ///   `rules-test`) with every place that must be mended; (`rules-lock-out`) where no steward could change the
    ///   rules again.
    @discardableResult
    public func publish(
        rules: String, tests: String, reason: String, by person: ID<Person>, of tenant: TenantID
    ) async throws -> RulesVersion {
        try await change(of: tenant) { connection, now in
            try publish(
                rules, tests, .published, reason: reason, by: person, in: tenant, at: now, on: connection)
        }
    }

    /// Puts an earlier version in force again, as the next one. 0 brings back what Leeway ships with.
    ///
    /// - Throws: `Problem` (`rules-missing`, `rules-in-force`); all that `publish(rules:tests:)` throws.
    @discardableResult
    public func restore(
        _ version: Int, reason: String, by person: ID<Person>, of tenant: TenantID
    ) async throws -> RulesVersion {
        try await change(of: tenant) { connection, now in
            let former = try Self.version(version, of: tenant, on: connection)
            if try Self.number(of: tenant, on: connection) == version {
                throw Problem(.conflict, "rules-in-force", "Version \(version) is in force already.")
            }
            return try publish(
                former.rules, former.tests, .restored, from: version, reason: reason, by: person, in: tenant, at: now,
                on: connection)
        }
    }

    private func change(
        of tenant: TenantID, _ body: @escaping @Sendable (any Connection, Moment) throws -> RulesVersion
    ) async throws -> RulesVersion {
        let now = world.now()
        let made = try await database.write { try body($0, now) }
        cache.forget(tenant)
        return made
    }

    private func publish(
        _ rules: String, _ tests: String, _ what: Change.What, from: Int? = nil, reason: String, by person: ID<Person>,
        in tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws -> RulesVersion {
        var findings = Findings()
        findings.expect(
            text: reason, atMost: Self.reasonLimit, needed: .always, called: "The reason", at: "/reason")
        try findings.settle("rules-invalid")
        let vocabulary = try self.vocabulary(of: tenant, on: connection)
        let check = RulesCheck(rules: rules, tests: tests, against: vocabulary)
        if let problem = check.problem { throw problem }
        try expectWayBack(Authorizer(try PolicySet(parsing: rules)), in: tenant, on: connection)
        let version = try Self.number(of: tenant, on: connection) + 1
        try connection.run(
            """
            INSERT INTO access_rules (tenant, version, rules, tests, reason, restored_from, since, by_person)
            VALUES (\(tenant), \(version), \(rules), \(tests), \(reason.trimmed), \(from), \(now), \(person))
            """)
        let told = from.map { "version \(version), as version \($0)" } ?? "version \(version)"
        try put(what, by: person, reason: reason.trimmed, detail: told, in: tenant, at: now, on: connection)
        return RulesVersion(
            version: version, rules: rules, tests: tests, reason: reason.trimmed, restoredFrom: from, since: now,
            by: person)
    }

    private func put(
        _ what: Change.What, by person: ID<Person>, reason: String = "", detail: String = "", in tenant: TenantID,
        at now: Moment, on connection: any Connection
    ) throws {
        try spine.put(
            Spine.Note(
                what: what, subject: .rules, name: "Access rules", by: person, reason: reason, detail: detail),
            in: tenant, at: now, on: connection)
    }

    private static let changed = Problem(
        .stale, "rules-changed", "Somebody changed the draft meanwhile. Look at it again.")
}

// MARK: - Within a transaction

extension AccessRulesBook {
    /// The number of the version in force; 0 for what Leeway ships with.
    static func number(of tenant: TenantID, on connection: any Connection) throws -> Int {
        try connection.row("SELECT MAX(version) AS version FROM access_rules WHERE tenant = \(tenant)")?
            .find("version") ?? 0
    }

    static func version(_ version: Int, of tenant: TenantID, on connection: any Connection) throws -> RulesVersion {
        if version == 0 { return .shipped }
        guard
            let row = try connection.row(
                "SELECT * FROM access_rules WHERE tenant = \(tenant) AND version = \(version)")
        else { throw Problem(.missing, "rules-missing", "There is no version \(version) of the access rules.") }
        return try RulesVersion(row)
    }

    func draft(of tenant: TenantID, on connection: any Connection) throws -> RulesDraft? {
        try connection.row("SELECT * FROM access_rules_draft WHERE tenant = \(tenant)").map { row in
            RulesDraft(
                revision: try row.get("revision"), base: try row.get("base"), rules: try row.get("rules"),
                tests: try row.get("tests"), changedAt: try row.get("changed_at"), by: try row.get("by_person"))
        }
    }

    func vocabulary(of tenant: TenantID, on connection: any Connection) throws -> PolicyVocabulary {
        AccessVocabulary.vocabulary(
            attributes: try connection.rows(
                "SELECT DISTINCT name FROM person_attribute WHERE tenant = \(tenant) ORDER BY name"
            ).map { try $0.get("name") })
    }

    /// Refuses rules under which no active steward could publish others at any hour of the week. Where there is no
    /// steward yet, one who is only that counts.
    private func expectWayBack(
        _ authorizer: Authorizer, in tenant: TenantID, on connection: any Connection
    ) throws {
        let tree = try spine.directory.unitTree(of: tenant, on: connection)
        let rows = try connection.rows(
            """
            SELECT p.id AS id FROM person p JOIN person_role r ON r.tenant = p.tenant AND r.person = p.id
            WHERE p.tenant = \(tenant) AND p.is_active = 1 AND r.role = \(Role.steward) ORDER BY p.id
            """)
        var stewards = try rows.compactMap { row -> [Entity]? in
            try spine.directory.person(row.get("id"), of: tenant, on: connection).map {
                AccessDesk.entities(of: $0, in: tree)
            }
        }
        if stewards.isEmpty {
            stewards = [
                [
                    Entity(
                        EntityReference("Person", "steward"),
                        ["roles": ["steward"], "isActive": true, "attributes": .record(PolicyRecord())])
                ]
            ]
        }
        for steward in stewards {
            let entities = try Entities(AccessAction.entities + steward)
            for weekday in 1...7 {
                for hour in 0...23 {
                    let request = AuthorizationRequest(
                        principal: steward[0].reference, action: AccessAction.publishRules.reference,
                        resource: AccessDesk.rulesReference,
                        context: ["weekday": .long(Int64(weekday)), "hour": .long(Int64(hour)), "isOwn": false])
                    if authorizer.decide(request, entities).isAllowed { return }
                }
            }
        }
        throw Problem(
            .conflict, "rules-lock-out",
            "Under these rules no steward could change the access rules again. Permit publishRules to at least one.",
            at: ["/rules"])
    }
}

extension RulesVersion {
    init(_ row: Row) throws {
        self.init(
            version: try row.get("version"), rules: try row.get("rules"), tests: try row.get("tests"),
            reason: try row.get("reason"), restoredFrom: try row.find("restored_from"), since: try row.get("since"),
            by: try row.get("by_person"))
    }
}
