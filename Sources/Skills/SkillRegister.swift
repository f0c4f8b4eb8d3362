public import Basis
public import Storage

/// The skills of a tenant.
public struct SkillRegister: Sendable {
    /// The framework of skills that no framework file brought.
    public static let ownFramework = "Own"

    let database: any Database
    let world: World

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
    }

    /// The skills that match, a page of them by name, and how many there are in all.
    public func list(_ filter: SkillFilter = SkillFilter(), of tenant: TenantID) async throws -> (
        skills: [SkillRecord], total: Int
    ) {
        try await database.read { connection in
            let condition = condition(filter, tenant)
            let total: Int = try connection.value("SELECT COUNT(*) AS total FROM skill WHERE \(condition)")
            let rows = try connection.rows(
                """
                SELECT \(columns) FROM skill WHERE \(condition) ORDER BY folded, number
                LIMIT \(filter.pageSize) OFFSET \((filter.page - 1) * filter.pageSize)
                """)
            return (try rows.map(SkillRecord.init), total)
        }
    }

    /// The skill, nil when the tenant has none of that identifier.
    public func find(_ id: ID<Skill>, of tenant: TenantID) async throws -> SkillRecord? {
        try await database.read { try find(id, of: tenant, on: $0) }
    }

    /// The same within a transaction.
    public func find(_ id: ID<Skill>, of tenant: TenantID, on connection: any Connection) throws -> SkillRecord? {
        try connection.row("SELECT \(columns) FROM skill WHERE tenant = \(tenant) AND id = \(id)").map(SkillRecord.init)
    }

    /// The skill of that key, nil when there is none.
    public func find(key: String, of tenant: TenantID) async throws -> SkillRecord? {
        try await database.read { try find(key: key, of: tenant, on: $0) }
    }

    /// The same within a transaction.
    public func find(key: String, of tenant: TenantID, on connection: any Connection) throws -> SkillRecord? {
        try connection.row("SELECT \(columns) FROM skill WHERE tenant = \(tenant) AND key = \(key)")
            .map(SkillRecord.init)
    }

    /// The skills by their numbers; numbers that name none are left out.
    public func skills(numbered numbers: [Int], of tenant: TenantID) async throws -> [Int: SkillRecord] {
        try await database.read { connection in
            var found: [Int: SkillRecord] = [:]
            for chunk in chunks(numbers) {
                let rows = try connection.rows(
                    "SELECT \(columns) FROM skill WHERE tenant = \(tenant) AND number IN (\(SQL.list(chunk)))")
                for row in rows {
                    let skill = try SkillRecord(row)
                    found[skill.number] = skill
                }
            }
            return found
        }
    }

    /// The skills by their identifiers; identifiers that name none are left out.
    public func skills(_ ids: some Sequence<ID<Skill>>, of tenant: TenantID) async throws -> [ID<Skill>: SkillRecord] {
        let ids = Array(Set(ids))
        return try await database.read { connection in
            var found: [ID<Skill>: SkillRecord] = [:]
            for chunk in chunks(ids) {
                let rows = try connection.rows(
                    "SELECT \(columns) FROM skill WHERE tenant = \(tenant) AND id IN (\(SQL.list(chunk)))")
                for row in rows {
                    let skill = try SkillRecord(row)
                    found[skill.id] = skill
                }
            }
            return found
        }
    }

    /// Names to show, by identifier.
    public func names(of ids: some Sequence<ID<Skill>>, tenant: TenantID) async throws -> [ID<Skill>: String] {
        try await skills(ids, of: tenant).mapValues(\.name)
    }

    /// The frameworks of a tenant with the number of skills of each, by name.
    public func frameworks(of tenant: TenantID) async throws -> [(name: String, count: Int)] {
        try await database.read { connection in
            try connection.rows(
                "SELECT framework, COUNT(*) AS count FROM skill WHERE tenant = \(tenant) GROUP BY framework"
            ).map { (name: try $0.get("framework", as: String.self), count: try $0.get("count", as: Int.self)) }
                .sorted { $0.name < $1.name }
        }
    }

    /// How many skills there are: the highest number, since numbers are dense.
    public func count(of tenant: TenantID) async throws -> Int {
        try await database.read {
            try $0.value("SELECT COALESCE(MAX(number), 0) AS count FROM skill WHERE tenant = \(tenant)")
        }
    }

    /// The skill of that key, made when it is not there.
    ///
    /// For one or two at a time; `SkillCache` is for many.
    @discardableResult
    public func ensure(
        key: String, name: String, description: String = "", framework: String = ownFramework,
        tenant: TenantID, on connection: any Connection
    ) throws -> SkillRecord {
        if let skill = try find(key: key, of: tenant, on: connection) { return skill }
        let last: Int = try connection.value(
            "SELECT COALESCE(MAX(number), 0) AS last FROM skill WHERE tenant = \(tenant)")
        let skill = SkillRecord(
            id: world.id(), number: last + 1, key: key, name: name, description: description, framework: framework)
        try insert([skill], tenant, on: connection)
        return skill
    }

    /// The same in a transaction of its own.
    @discardableResult
    public func ensure(
        key: String, name: String, description: String = "", framework: String = ownFramework, tenant: TenantID
    ) async throws -> SkillRecord {
        try await database.write { connection in
            try ensure(
                key: key, name: name, description: description, framework: framework, tenant: tenant, on: connection)
        }
    }

    /// What catalogue and item imports take to turn a word of a file into a skill: the skill of that key, else of that
    /// name, else a new one. Called once for each try of the transaction, so that an undone try leaves no trace.
    public func resolver(
        of tenant: TenantID, framework: String = ownFramework
    ) -> @Sendable (any Connection) throws -> (String) throws -> ID<Skill> {
        { connection in
            var cache = try SkillCache(self, tenant, on: connection)
            return { word in try cache.ensure(word: word, framework: framework, on: connection).id }
        }
    }

    func insert(_ skills: [SkillRecord], _ tenant: TenantID, on connection: any Connection) throws {
        let now = world.now()
        try connection.bulk(
            "skill",
            [
                "tenant", "id", "number", "key", "name", "folded", "description", "framework", "parent", "created_at",
                "changed_at",
            ],
            skills.map { skill in
                [
                    tenant.stored, skill.id.stored, skill.number.stored, skill.key.stored, skill.name.stored,
                    SkillName.folded(skill.name).stored, skill.description.stored, skill.framework.stored,
                    skill.parent?.stored ?? .null, now.stored, now.stored,
                ]
            },
            on: .refuse)
    }

    private func condition(_ filter: SkillFilter, _ tenant: TenantID) -> SQL {
        var parts: [SQL] = ["tenant = \(tenant)"]
        let text = SkillName.folded(filter.text)
        if !text.isEmpty {
            let literal = text.replacing("!", with: "!!").replacing("%", with: "!%").replacing("_", with: "!_")
            parts.append("folded LIKE \("%" + literal + "%") ESCAPE '!'")
        }
        if let framework = filter.framework { parts.append("framework = \(framework)") }
        if let parent = filter.parent { parts.append("parent = \(parent)") }
        return SQL.join(parts, " AND ")
    }
}

let columns: SQL = "id, number, key, name, description, framework, parent"

/// At most 500 at a time, so that a statement never binds more than both engines take.
func chunks<Element>(_ elements: [Element], of size: Int = 500) -> [[Element]] {
    stride(from: 0, to: elements.count, by: size).map { Array(elements[$0..<min($0 + size, elements.count)]) }
}
