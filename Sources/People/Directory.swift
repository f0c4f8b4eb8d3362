public import Basis
public import Storage

/// Who there is: tenants, people and units.
public struct Directory: Sendable {
    let database: any Database
    let world: World

    /// Keeps no state of its own: make as many as are handy.
    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
    }

    // MARK: Tenants

    /// The tenant, or nil when there is none with this number.
    public func tenant(_ id: TenantID) async throws -> TenantRecord? {
        try await database.read { try tenant(id, on: $0) }
    }

    /// The same, within the caller's transaction.
    public func tenant(_ id: TenantID, on connection: any Connection) throws -> TenantRecord? {
        try connection.row("SELECT * FROM tenant WHERE tenant = \(id)").map(TenantRecord.init)
    }

    /// In the order of their numbers.
    public func tenants() async throws -> [TenantRecord] {
        try await database.read { connection in
            try connection.rows("SELECT * FROM tenant ORDER BY tenant").map(TenantRecord.init)
        }
    }

    /// Makes a tenant with the next number; the first one is `TenantID.first`.
    ///
    /// `home` is an absolute IRL, the home page of the accounts in its evidence.
    /// - Throws: `Problem` (`tenant-invalid`).
    public func createTenant(name: String, home: String, isDemo: Bool = false) async throws -> TenantID {
        try await database.write { try createTenant(name: name, home: home, isDemo: isDemo, on: $0) }
    }

    /// The same, within the caller's transaction.
    public func createTenant(
        name: String, home: String, isDemo: Bool = false, on connection: any Connection
    ) throws -> TenantID {
        if let fault = PersonRules.fault(inText: name, called: "The organisation's name", limit: PersonRules.nameLimit)
        {
            throw Problem(.invalid, "tenant-invalid", fault, at: ["/name"])
        }
        guard PersonRules.isHome(home) else {
            let detail = "“\(home)” is not a web address. Write one such as https://learning.example.org."
            throw Problem(.invalid, "tenant-invalid", detail, at: ["/home"])
        }
        let last: Int = try connection.value("SELECT COALESCE(MAX(tenant), 0) AS last FROM tenant")
        let id = TenantID(last + 1)
        try connection.run(
            """
            INSERT INTO tenant (tenant, name, home, is_demo, created_at)
            VALUES (\(id), \(name), \(home), \(isDemo), \(world.now()))
            """)
        return id
    }

    /// - Throws: `Problem` (`tenant-invalid`, `tenant-missing`).
    public func rename(_ id: TenantID, _ name: String) async throws {
        if let fault = PersonRules.fault(inText: name, called: "The organisation's name", limit: PersonRules.nameLimit)
        {
            throw Problem(.invalid, "tenant-invalid", fault, at: ["/name"])
        }
        let count = try await database.write { connection in
            try connection.run("UPDATE tenant SET name = \(name) WHERE tenant = \(id)")
        }
        if count == 0 { throw Problem(.missing, "tenant-missing", "There is no such organisation.") }
    }

    /// Whether this is a first run: nobody can sign in yet.
    public func isEmpty() async throws -> Bool {
        try await database.read { try isEmpty(on: $0) }
    }

    /// The same, within the caller's transaction.
    public func isEmpty(on connection: any Connection) throws -> Bool {
        !(try connection.holds("SELECT 1 AS one FROM person_password LIMIT 1"))
    }

    // MARK: One person

    /// The person, also when inactive; nil for a stranger to the tenant.
    public func person(_ id: ID<Person>, of tenant: TenantID) async throws -> PersonRecord? {
        try await database.read { try person(id, of: tenant, on: $0) }
    }

    /// The same, within the caller's transaction.
    public func person(_ id: ID<Person>, of tenant: TenantID, on connection: any Connection) throws -> PersonRecord? {
        try connection.row(Directory.select + "WHERE p.tenant = \(tenant) AND p.id = \(id)").map(PersonRecord.init)
    }

    /// Finds by the organisation's own name for the person.
    public func person(key: String, of tenant: TenantID) async throws -> PersonRecord? {
        try await database.read { try person(key: key, of: tenant, on: $0) }
    }

    /// The same, within the caller's transaction.
    public func person(key: String, of tenant: TenantID, on connection: any Connection) throws -> PersonRecord? {
        try connection.row(Directory.select + "WHERE p.tenant = \(tenant) AND p.key = \(composed(key))").map(
            PersonRecord.init)
    }

    /// Finds by e-mail address, whatever its case.
    public func person(email: String, of tenant: TenantID) async throws -> PersonRecord? {
        try await database.read { try person(email: email, of: tenant, on: $0) }
    }

    /// The same, within the caller's transaction.
    public func person(email: String, of tenant: TenantID, on connection: any Connection) throws -> PersonRecord? {
        let condition: SQL = "WHERE p.tenant = \(tenant) AND p.email_key = \(emailKey(email))"
        return try connection.row(Directory.select + condition).map(PersonRecord.init)
    }

    // MARK: Many people

    /// How many people there are, the inactive among them.
    public func count(of tenant: TenantID) async throws -> Int {
        try await database.read { try $0.value("SELECT COUNT(*) AS count FROM person WHERE tenant = \(tenant)") }
    }

    /// The people who answer the filter, by name.
    public func people(of tenant: TenantID, matching filter: PeopleFilter = PeopleFilter()) async throws
        -> Page<PersonRecord>
    {
        try await database.read { try people(of: tenant, matching: filter, on: $0) }
    }

    /// The same, within the caller's transaction.
    public func people(
        of tenant: TenantID, matching filter: PeopleFilter, on connection: any Connection
    ) throws -> Page<PersonRecord> {
        let tree = try unitTree(of: tenant, on: connection)
        let condition = Directory.condition(filter, tenant, tree)
        let skipped = (filter.page - 1) * filter.pageSize
        guard let audience = filter.audience else {
            let total: Int = try connection.value("SELECT COUNT(*) AS count FROM person p " + condition)
            let items = try connection.rows(
                Directory.select + condition + Directory.byName + " LIMIT \(filter.pageSize) OFFSET \(skipped)"
            ).map(PersonRecord.init)
            return Page(items: items, total: total, page: filter.page, pageSize: filter.pageSize)
        }
        let meant = Set(try members(of: audience, tenant, on: connection).map(\.id))
        let ids = try connection.rows("SELECT p.id AS id FROM person p " + condition + Directory.byName)
            .map { try $0.get("id", as: ID<Person>.self) }.filter(meant.contains)
        let wanted = Array(ids.dropFirst(skipped).prefix(filter.pageSize))
        let items = try connection.rows(
            Directory.select + "WHERE p.tenant = \(tenant) AND p.id IN (\(SQL.list(wanted)))" + Directory.byName
        ).map(PersonRecord.init)
        return Page(items: items, total: ids.count, page: filter.page, pageSize: filter.pageSize)
    }

    /// Everybody, the inactive among them, by name.
    public func everyone(of tenant: TenantID, on connection: any Connection) throws -> [PersonRecord] {
        try connection.rows(Directory.select + "WHERE p.tenant = \(tenant)" + Directory.byName).map(PersonRecord.init)
    }

    /// Names by identity; who is unknown is left out.
    public func names(of ids: [ID<Person>], _ tenant: TenantID) async throws -> [ID<Person>: String] {
        try await database.read { try names(of: ids, tenant, on: $0) }
    }

    /// The same, within the caller's transaction.
    public func names(
        of ids: [ID<Person>], _ tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Person>: String] {
        var names: [ID<Person>: String] = [:]
        for part in ids.chunks(of: 1_000) {
            let rows = try connection.rows(
                "SELECT id, name FROM person WHERE tenant = \(tenant) AND id IN (\(SQL.list(part)))")
            for row in rows { names[try row.get("id")] = try row.get("name") }
        }
        return names
    }
}

extension Directory {
    /// A person in one row: roles and attributes come gathered, with separators that no text may hold.
    static let select: SQL = """
        SELECT p.tenant, p.id, p.key, p.name, p.email, p.unit, p.manager, p.is_active, p.language, p.created_at,
            \(gathered) FROM person p 
        """

    static let gathered: SQL = """
        (SELECT \(sqlite: "group_concat(r.role, ' ')", postgres: "string_agg(r.role, ' ')")
            FROM person_role r WHERE r.tenant = p.tenant AND r.person = p.id) AS roles,
        (SELECT \(sqlite: "group_concat(a.name || char(31) || a.value, char(30))",
            postgres: "string_agg(a.name || chr(31) || a.value, chr(30))")
            FROM person_attribute a WHERE a.tenant = p.tenant AND a.person = p.id) AS attributes
        """

    /// The same order on both engines, whatever the server's locale.
    static let byName: SQL = " ORDER BY p.search_text \(sqlite: "", postgres: "COLLATE \"C\""), p.id "

    private static func condition(_ filter: PeopleFilter, _ tenant: TenantID, _ tree: UnitTree) -> SQL {
        var conditions: [SQL] = ["p.tenant = \(tenant)"]
        for word in folded(filter.text).split(whereSeparator: \.isWhitespace).prefix(8) {
            conditions.append("p.search_text LIKE \(likePattern(containing: String(word))) ESCAPE '!'")
        }
        if let unit = filter.unit {
            conditions.append("p.unit IN (\(SQL.list(tree.below(unit).sorted { $0.description < $1.description })))")
        }
        if let role = filter.role {
            conditions.append(
                """
                EXISTS (SELECT 1 FROM person_role r
                    WHERE r.tenant = p.tenant AND r.person = p.id AND r.role = \(role))
                """)
        }
        if let manager = filter.manager { conditions.append("p.manager = \(manager)") }
        if let isActive = filter.isActive { conditions.append("p.is_active = \(isActive)") }
        return "WHERE " + SQL.join(conditions, " AND ")
    }
}

/// A pattern for LIKE … ESCAPE '!' that takes every character of the text as itself.
func likePattern(containing text: String) -> String {
    "%" + text.replacing("!", with: "!!").replacing("%", with: "!%").replacing("_", with: "!_") + "%"
}

extension Array {
    func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}

extension TenantRecord {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("tenant"), name: try row.get("name"), home: try row.get("home"),
            isDemo: try row.get("is_demo"), createdAt: try row.get("created_at"))
    }
}

extension PersonRecord {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), tenant: try row.get("tenant"), key: try row.get("key"), name: try row.get("name"),
            email: try row.find("email"), unit: try row.find("unit"), manager: try row.find("manager"),
            roles: gatheredRoles(try row.find("roles")), attributes: gatheredAttributes(try row.find("attributes")),
            isActive: try row.get("is_active"), language: try row.find("language"),
            createdAt: try row.get("created_at"))
    }
}

func gatheredRoles(_ text: String?) -> Set<Role> {
    Set((text ?? "").split(separator: " ").compactMap { Role(rawValue: String($0)) })
}

func gatheredAttributes(_ text: String?) -> [String: String] {
    var attributes: [String: String] = [:]
    for pair in (text ?? "").utf8.split(separator: 0x1E) {
        guard let middle = pair.firstIndex(of: 0x1F) else { continue }
        attributes[String(Substring(pair[..<middle]))] = String(Substring(pair[pair.index(after: middle)...]))
    }
    return attributes
}
