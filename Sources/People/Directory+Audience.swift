public import Basis
public import Storage

/// Whom a rule means now.
public struct AudiencePreview: Sendable {
    /// Active people who are meant.
    public let count: Int
    /// Active people in all.
    public let total: Int
    /// The first of those who are meant, by name.
    public let people: [PersonFacts]
    /// The rule in plain words.
    public let sentence: String
}

extension Directory {
    /// What rules may ask of the active people, by name. Load it once to judge several rules.
    public func facts(of tenant: TenantID, on connection: any Connection) throws -> [PersonFacts] {
        let tree = try unitTree(of: tenant, on: connection)
        return try connection.rows(
            Directory.factsSelect + "WHERE p.tenant = \(tenant) AND p.is_active = 1" + Directory.byName
        ).facts(tree)
    }

    /// The same, in a transaction of its own.
    public func facts(of tenant: TenantID) async throws -> [PersonFacts] {
        try await database.read { try facts(of: tenant, on: $0) }
    }

    /// What rules may ask of one person; nil for a stranger. The inactive are found as well.
    public func facts(
        of person: ID<Person>, _ tenant: TenantID, on connection: any Connection
    ) throws -> PersonFacts? {
        let tree = try unitTree(of: tenant, on: connection)
        return try connection.rows(
            Directory.factsSelect + "WHERE p.tenant = \(tenant) AND p.id = \(person)"
        ).facts(tree).first
    }

    /// The active people whom the rule means, by name.
    public func members(of rule: AudienceRule, _ tenant: TenantID) async throws -> [PersonFacts] {
        try await database.read { try members(of: rule, tenant, on: $0) }
    }

    /// The same, within the caller's transaction.
    public func members(
        of rule: AudienceRule, _ tenant: TenantID, on connection: any Connection
    ) throws -> [PersonFacts] {
        try facts(of: tenant, on: connection).filter(rule.contains)
    }

    /// How many active people the rule means.
    public func count(of rule: AudienceRule, _ tenant: TenantID) async throws -> Int {
        try await database.read { try count(of: rule, tenant, on: $0) }
    }

    /// The same, within the caller's transaction.
    public func count(of rule: AudienceRule, _ tenant: TenantID, on connection: any Connection) throws -> Int {
        if rule.simplified == .everyone {
            return try connection.value(
                "SELECT COUNT(*) AS count FROM person WHERE tenant = \(tenant) AND is_active = 1")
        }
        return try facts(of: tenant, on: connection).count { rule.contains($0) }
    }

    /// Count, words and the first few people of a rule.
    public func preview(of rule: AudienceRule, _ tenant: TenantID, limit: Int = 10) async throws -> AudiencePreview {
        try await database.read { connection in
            let facts = try facts(of: tenant, on: connection)
            let meant = facts.filter(rule.contains)
            return AudiencePreview(
                count: meant.count, total: facts.count, people: Array(meant.prefix(limit)),
                sentence: try sentence(of: rule, tenant, on: connection))
        }
    }

    /// The rule in plain words, with the present names of units and people.
    public func sentence(of rule: AudienceRule, _ tenant: TenantID) async throws -> String {
        try await database.read { try sentence(of: rule, tenant, on: $0) }
    }

    /// The same, within the caller's transaction.
    public func sentence(of rule: AudienceRule, _ tenant: TenantID, on connection: any Connection) throws -> String {
        rule.sentence(
            units: try unitTree(of: tenant, on: connection),
            names: try names(of: Array(rule.people), tenant, on: connection))
    }

    /// Reads a rule that a person typed, with the tenant's units and people.
    ///
    /// - Throws: `AudienceSyntaxError`.
    public func audience(parsing text: String, of tenant: TenantID) async throws -> AudienceRule {
        try await database.read { connection in
            var failure: (any Error)?
            do {
                return try AudienceRule(parsing: text, units: unitTree(of: tenant, on: connection)) { name in
                    do {
                        return try person(key: name, of: tenant, on: connection)?.id
                            ?? person(email: name, of: tenant, on: connection)?.id
                    } catch {
                        failure = error
                        return nil
                    }
                }
            } catch {
                // A database that failed must not be told as a person who is not there.
                throw failure ?? error
            }
        }
    }

    private static let factsSelect: SQL = "SELECT p.id, p.key, p.name, p.unit, p.is_active, \(gathered) FROM person p "
}

extension [Row] {
    fileprivate func facts(_ tree: UnitTree) throws -> [PersonFacts] {
        var lines: [ID<Unit>: Set<ID<Unit>>] = [:]
        return try map { row in
            let unit = try row.find("unit", as: ID<Unit>.self)
            var units: Set<ID<Unit>> = []
            if let unit {
                units = lines[unit] ?? Set(tree.line(from: unit).map(\.id))
                lines[unit] = units
            }
            return PersonFacts(
                id: try row.get("id"), key: try row.get("key"), name: try row.get("name"), unit: unit, units: units,
                roles: gatheredRoles(try row.find("roles")),
                attributes: gatheredAttributes(try row.find("attributes")), isActive: try row.get("is_active"))
        }
    }
}
