public import Basis
import Evidence
import People
public import Storage

/// The leeway policy of each tenant, with every version that ever held.
public struct LeewayPolicyBook: Sendable {
    /// The most rules of a policy.
    public static let ruleLimit = 50
    static let textLimit = 2_000

    let database: any Database
    let world: World
    let spine: Spine

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
        spine = Spine(database: database, world: world)
    }

    /// The policy in force; `LeewayPolicy.initial` until somebody sets one.
    public func current(of tenant: TenantID) async throws -> LeewayPolicy {
        try await database.read { try current(of: tenant, on: $0) }
    }

    /// The policy in force, within the caller's transaction.
    public func current(of tenant: TenantID, on connection: any Connection) throws -> LeewayPolicy {
        let row = try connection.row(
            "SELECT * FROM leeway_policy WHERE tenant = \(tenant) ORDER BY version DESC LIMIT 1")
        return try row.map { try policy($0, in: tenant, on: connection) } ?? .initial
    }

    /// Every version, the newest first.
    public func versions(of tenant: TenantID) async throws -> [LeewayPolicy] {
        try await database.read { connection in
            try connection.rows("SELECT * FROM leeway_policy WHERE tenant = \(tenant) ORDER BY version DESC")
                .map { try policy($0, in: tenant, on: connection) }
        }
    }

    /// Puts a policy in force as the next version.
    ///
    /// Rules stand in the order in which they are asked: the first whose audience holds a person decides. `note` says
    /// why it changes; `version` is the one that the author had before them, and nil does not ask.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place, or `stale`.
    public func set(
        _ rules: [LeewayPolicy.Rule], fallback: LeewayTerms, note: String = "", since version: Int? = nil,
        by person: ID<Person>, of tenant: TenantID
    ) async throws -> LeewayPolicy {
        try check(rules, note: note)
        let now = world.now()
        return try await database.write { connection in
            let old = try current(of: tenant, on: connection)
            if let version, version != old.version {
                throw Problem(.stale, "policy-changed", "Somebody changed the policy meanwhile. Look at it again.")
            }
            let next = old.version + 1
            try connection.run(
                """
                INSERT INTO leeway_policy (tenant, version, minutes, share_bp, daily_limit, note, since, by_person)
                VALUES (\(tenant), \(next), \(fallback.minutes), \(fallback.shareBasisPoints),
                    \(fallback.dailyLimit), \(note.trimmed), \(now), \(person))
                """)
            for (place, rule) in rules.enumerated() {
                try connection.run(
                    """
                    INSERT INTO leeway_rule (tenant, version, place, name, audience, minutes, share_bp,
                        daily_limit)
                    VALUES (\(tenant), \(next), \(place), \(rule.name.trimmed), \(rule.audience.text),
                        \(rule.terms.minutes), \(rule.terms.shareBasisPoints), \(rule.terms.dailyLimit))
                    """)
            }
            try spine.put(
                Spine.Note(
                    what: .published, subject: .policy, name: "Leeway policy", by: person, reason: note.trimmed,
                    detail: "version \(next): \(summary(rules, fallback))"),
                in: tenant, at: now, on: connection)
            return try current(of: tenant, on: connection)
        }
    }

    private func check(_ rules: [LeewayPolicy.Rule], note: String) throws {
        var findings = Findings()
        findings.expect(
            rules.count <= LeewayPolicyBook.ruleLimit, "rules-too-many", at: "/rules",
            "There are \(rules.count) rules. Keep at most \(LeewayPolicyBook.ruleLimit).")
        for (index, rule) in rules.enumerated() {
            findings.expect(
                text: rule.name, atMost: 200, needed: .always, called: "The name of rule \(index + 1)",
                at: "/rules/\(index)/name")
        }
        findings.expect(
            text: note, atMost: LeewayPolicyBook.textLimit, needed: .maybe, called: "The note", at: "/note")
        try findings.settle("policy-invalid")
    }

    private func summary(_ rules: [LeewayPolicy.Rule], _ fallback: LeewayTerms) -> String {
        (rules.map { "\($0.name.trimmed) \(words($0.terms))" } + ["everyone else \(words(fallback))"])
            .joined(separator: "; ")
    }

    private func words(_ terms: LeewayTerms) -> String {
        "\(terms.minutes) min, \(terms.guaranteed) guaranteed"
            + (terms.dailyLimit.map { ", at most \($0) min of mandates a day" } ?? "")
    }

    private func policy(_ row: Row, in tenant: TenantID, on connection: any Connection) throws -> LeewayPolicy {
        let version: Int = try row.get("version")
        let rules = try connection.rows(
            "SELECT * FROM leeway_rule WHERE tenant = \(tenant) AND version = \(version) ORDER BY place"
        ).map { row in
            LeewayPolicy.Rule(
                name: try row.get("name"),
                audience: try AudienceRule(stored: try row.get("audience", as: String.self)),
                terms: try LeewayTerms(row))
        }
        return LeewayPolicy(
            version: version, rules: rules, fallback: try LeewayTerms(row), note: try row.get("note"),
            since: try row.get("since"), by: try row.get("by_person"))
    }
}

extension LeewayTerms {
    fileprivate init(_ row: Row) throws {
        self.init(
            minutes: try row.get("minutes"), shareBasisPoints: try row.get("share_bp"),
            dailyLimit: try row.find("daily_limit"))
    }
}
