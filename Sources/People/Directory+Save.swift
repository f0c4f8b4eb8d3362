public import Basis
public import Storage

extension Directory {
    /// Makes or changes a person.
    ///
    /// - Returns: The person as stored.
    /// - Throws: `Problem`: `person-invalid` with pointers to the fields, `person-missing`, `person-duplicate`,
    ///   `manager-cycle`, `last-administrator`.
    @discardableResult
    public func save(_ draft: PersonDraft, of tenant: TenantID) async throws -> PersonRecord {
        try await database.write { try save(draft, of: tenant, on: $0) }
    }

    /// The same, within the caller's transaction.
    @discardableResult
    public func save(_ draft: PersonDraft, of tenant: TenantID, on connection: any Connection) throws -> PersonRecord {
        let draft = PersonRules.tidied(draft)
        let faults = PersonRules.faults(in: draft)
        if !faults.isEmpty {
            let detail = faults.map(\.detail).joined(separator: " ")
            throw Problem(.invalid, "person-invalid", detail, at: faults.map { "/\($0.field)" })
        }
        let stored = try draft.id.flatMap { try person($0, of: tenant, on: connection) }
        if draft.id != nil, stored == nil { throw Problem(.missing, "person-missing", "There is no such person.") }
        try checkPlace(of: draft, tenant, on: connection)
        try checkNames(of: draft, tenant, on: connection)
        let record = PersonRecord(
            draft, id: draft.id ?? world.id(), tenant: tenant, createdAt: stored?.createdAt ?? world.now())
        try keepingAdministrator(of: tenant, on: connection) {
            try write([record], replacing: stored.map { [$0] } ?? [], on: connection)
        }
        return record
    }

    /// Takes the person's rights and ends the person's sessions; evidence stays.
    ///
    /// - Throws: `Problem` (`person-missing`, `last-administrator`).
    public func deactivate(_ person: ID<Person>, of tenant: TenantID) async throws {
        try await change(person, of: tenant) { $0.isActive = false }
    }

    /// - Throws: `Problem` (`person-missing`).
    public func reactivate(_ person: ID<Person>, of tenant: TenantID) async throws {
        try await change(person, of: tenant) { $0.isActive = true }
    }

    /// - Throws: `Problem` (`person-missing`, `last-administrator`).
    public func setRoles(_ roles: Set<Role>, of person: ID<Person>, _ tenant: TenantID) async throws {
        try await change(person, of: tenant) { $0.roles = roles }
    }

    private func change(
        _ id: ID<Person>, of tenant: TenantID, _ change: @escaping @Sendable (inout PersonDraft) -> Void
    ) async throws {
        try await database.write { connection in
            guard let stored = try person(id, of: tenant, on: connection) else {
                throw Problem(.missing, "person-missing", "There is no such person.")
            }
            var draft = PersonDraft(stored)
            change(&draft)
            try save(draft, of: tenant, on: connection)
        }
    }

    /// Runs a change of people, and refuses it when it leaves a tenant that had an administrator without one.
    func keepingAdministrator(of tenant: TenantID, on connection: any Connection, _ change: () throws -> Void) throws {
        let held: SQL = """
            SELECT 1 AS one FROM person_role r JOIN person p ON p.tenant = r.tenant AND p.id = r.person
            WHERE r.tenant = \(tenant) AND r.role = 'administrator' AND p.is_active = 1 LIMIT 1
            """
        let wasHeld = try connection.holds(held)
        try change()
        if wasHeld, !(try connection.holds(held)) {
            let detail = "This would leave nobody to administer Leeway. Make somebody else administrator first."
            throw Problem(.conflict, "last-administrator", detail)
        }
    }

    /// Stores people, new or changed, with their roles and attributes. What they may hold was checked before.
    ///
    /// `stored` are those of them that are there already, as they are.
    func write(_ records: [PersonRecord], replacing stored: [PersonRecord], on connection: any Connection) throws {
        guard let tenant = records.first?.tenant else { return }
        let new = Dictionary(uniqueKeysWithValues: records.map { ($0.id, $0) })
        // Two people may swap addresses, so all that change are let go before one is taken.
        let freed = stored.filter { $0.email != nil && $0.email != new[$0.id]?.email }.map(\.id)
        let ended = stored.filter { $0.isActive && new[$0.id]?.isActive == false }.map(\.id)
        for ids in freed.chunks(of: 1_000) {
            try connection.run(
                "UPDATE person SET email_key = NULL WHERE tenant = \(tenant) AND id IN (\(SQL.list(ids)))")
        }
        for ids in ended.chunks(of: 1_000) {
            try connection.run(
                "DELETE FROM person_session WHERE tenant = \(tenant) AND person IN (\(SQL.list(ids)))")
        }
        for ids in stored.map(\.id).chunks(of: 1_000) {
            let list = SQL.list(ids)
            try connection.run("DELETE FROM person_role WHERE tenant = \(tenant) AND person IN (\(list))")
            try connection.run("DELETE FROM person_attribute WHERE tenant = \(tenant) AND person IN (\(list))")
        }
        try connection.bulk("person", PersonRecord.columns, records.map(\.values), on: .replace(key: ["tenant", "id"]))
        try connection.bulk(
            "person_role", ["tenant", "person", "role"],
            records.flatMap { record in
                record.roles.map { [tenant.stored, record.id.stored, $0.stored] }
            }, on: .refuse)
        try connection.bulk(
            "person_attribute", ["tenant", "person", "name", "value"],
            records.flatMap { record in
                record.attributes.map { [tenant.stored, record.id.stored, $0.key.stored, $0.value.stored] }
            }, on: .refuse)
    }

    private func checkPlace(of draft: PersonDraft, _ tenant: TenantID, on connection: any Connection) throws {
        if let unit = draft.unit {
            guard try connection.holds("SELECT 1 AS one FROM unit WHERE tenant = \(tenant) AND id = \(unit)") else {
                throw Problem(.invalid, "person-invalid", "The unit is not there. Choose another.", at: ["/unit"])
            }
        }
        var seen: Set<ID<Person>> = []
        var next = draft.manager
        while let id = next, seen.insert(id).inserted {
            if id == draft.id {
                let detail = "The manager reports to this person, directly or not. Choose another manager."
                throw Problem(.conflict, "manager-cycle", detail, at: ["/manager"])
            }
            let row = try connection.row("SELECT manager FROM person WHERE tenant = \(tenant) AND id = \(id)")
            guard let row else {
                throw Problem(.invalid, "person-invalid", "The manager is not there. Choose another.", at: ["/manager"])
            }
            next = try row.find("manager")
        }
    }

    private func checkNames(of draft: PersonDraft, _ tenant: TenantID, on connection: any Connection) throws {
        if let other = try person(key: draft.key, of: tenant, on: connection), other.id != draft.id {
            let detail = "\(other.name) has the id “\(draft.key)”. Choose another."
            throw Problem(.conflict, "person-duplicate", detail, at: ["/key"])
        }
        if let email = draft.email, let other = try person(email: email, of: tenant, on: connection),
            other.id != draft.id
        {
            let detail = "\(other.name) has the e-mail address “\(email)”. Choose another."
            throw Problem(.conflict, "person-duplicate", detail, at: ["/email"])
        }
    }
}

extension PersonRecord {
    init(_ draft: PersonDraft, id: ID<Person>, tenant: TenantID, createdAt: Moment) {
        self.init(
            id: id, tenant: tenant, key: draft.key, name: draft.name, email: draft.email, unit: draft.unit,
            manager: draft.manager, roles: draft.roles, attributes: draft.attributes, isActive: draft.isActive,
            language: draft.language, createdAt: createdAt)
    }

    static let columns = [
        "tenant", "id", "key", "name", "email", "email_key", "unit", "manager", "is_active", "language",
        "search_text", "created_at",
    ]

    /// In the order of `columns`.
    var values: [Value] {
        [
            tenant.stored, id.stored, key.stored, name.stored, email?.stored ?? .null,
            email.map(emailKey)?.stored ?? .null, unit?.stored ?? .null, manager?.stored ?? .null, isActive.stored,
            language?.stored ?? .null, folded("\(name) \(email ?? "") \(key)").stored, createdAt.stored,
        ]
    }
}
