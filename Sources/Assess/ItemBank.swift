public import Basis
import JSON
public import Storage

/// The items of a tenant.
public struct ItemBank: Sendable {
    let database: any Database
    let world: World

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
    }

    /// The item, nil when the tenant has none of that identifier.
    public func find(_ id: ID<Item>, of tenant: TenantID) async throws -> ItemRecord? {
        try await database.read { try find(id, of: tenant, on: $0) }
    }

    /// The same within a transaction.
    public func find(_ id: ID<Item>, of tenant: TenantID, on connection: any Connection) throws -> ItemRecord? {
        try records(where: "i.id = \(id)", tenant, on: connection).first
    }

    /// The item of that key, nil when there is none.
    public func find(key: String, of tenant: TenantID) async throws -> ItemRecord? {
        try await database.read { try records(where: "i.key = \(key)", tenant, on: $0).first }
    }

    /// The items of a learning object, in the order in which they came.
    public func items(of content: ID<Content>, tenant: TenantID) async throws -> [ItemRecord] {
        try await database.read { try items(of: content, tenant: tenant, on: $0) }
    }

    /// The same within a transaction.
    public func items(
        of content: ID<Content>, tenant: TenantID, on connection: any Connection
    ) throws -> [ItemRecord] {
        try records(where: "i.content = \(content)", tenant, on: connection)
    }

    /// The items by their identifiers; identifiers that name none are left out.
    public func items(_ ids: some Sequence<ID<Item>>, of tenant: TenantID) async throws -> [ID<Item>: ItemRecord] {
        let ids = Array(Set(ids))
        return try await database.read { connection in
            var found: [ID<Item>: ItemRecord] = [:]
            for chunk in chunks(ids) {
                for item in try records(where: "i.id IN (\(SQL.list(chunk)))", tenant, on: connection) {
                    found[item.id] = item
                }
            }
            return found
        }
    }

    /// The items that practise any of some skills and can be played, lowest number first.
    public func items(practising skills: Set<ID<Skill>>, limit: Int = 200, tenant: TenantID) async throws
        -> [ItemRecord]
    {
        if skills.isEmpty { return [] }
        let wanted = skills.sorted { $0.description < $1.description }
        return try await database.read { connection in
            try records(
                where: """
                    i.kind <> 'opaque' AND i.number IN (
                        SELECT s.item FROM item_skill s WHERE s.tenant = \(tenant) AND s.skill IN (\(SQL.list(wanted))))
                    """, tenant, limit: limit, on: connection)
        }
    }

    /// The items that can be played and practise any of some skills or belong to any of some learning objects, lowest
    /// number first, within a transaction.
    public func items(
        practising skills: Set<ID<Skill>>, orOf contents: [ID<Content>], limit: Int = 500, tenant: TenantID,
        on connection: any Connection
    ) throws -> [ItemRecord] {
        try records(
            where: """
                i.kind <> 'opaque' AND (i.content IN (\(SQL.list(Array(contents.prefix(500))))) OR i.number IN (
                    SELECT s.item FROM item_skill s WHERE s.tenant = \(tenant)
                    AND s.skill IN (\(SQL.list(skills.sorted { $0.description < $1.description })))))
                """, tenant, limit: limit, on: connection)
    }

    /// How many items there are, or belong to one learning object.
    public func count(of content: ID<Content>? = nil, tenant: TenantID) async throws -> Int {
        try await database.read { connection in
            let condition: SQL = content.map { "content = \($0)" } ?? "1 = 1"
            return try connection.value(
                "SELECT COUNT(*) AS count FROM item WHERE tenant = \(tenant) AND \(condition)")
        }
    }

    /// How many items each of some learning objects has; those without are left out.
    public func counts(of contents: some Sequence<ID<Content>>, tenant: TenantID) async throws -> [ID<Content>: Int] {
        let contents = Array(Set(contents))
        return try await database.read { connection in
            var counts: [ID<Content>: Int] = [:]
            for chunk in chunks(contents) {
                let rows = try connection.rows(
                    """
                    SELECT content, COUNT(*) AS count FROM item
                    WHERE tenant = \(tenant) AND content IN (\(SQL.list(chunk))) GROUP BY content
                    """)
                for row in rows { counts[try row.get("content")] = try row.get("count", as: Int.self) }
            }
            return counts
        }
    }

    /// How many items state each origin.
    public func composition(of tenant: TenantID) async throws -> [Origin: Int] {
        try await database.read { connection in
            var composition: [Origin: Int] = [:]
            let rows = try connection.rows(
                """
                SELECT origin, COUNT(*) AS count FROM item
                WHERE tenant = \(tenant) AND kind <> 'opaque' GROUP BY origin
                """)
            for row in rows { composition[try row.get("origin")] = try row.get("count", as: Int.self) }
            return composition
        }
    }

    /// The item of that key; when it is not there, an opaque one is made, known from responses only.
    ///
    /// For one or two at a time; `ItemCache` is for many.
    @discardableResult
    public func ensure(
        key: String, skills: [ID<Skill>] = [], content: ID<Content>? = nil, tenant: TenantID,
        on connection: any Connection
    ) throws -> ItemRecord {
        if let item = try records(where: "i.key = \(key)", tenant, on: connection).first { return item }
        let last: Int = try connection.value(
            "SELECT COALESCE(MAX(number), 0) AS last FROM item WHERE tenant = \(tenant)")
        let item = ItemRecord(
            id: world.id(), number: last + 1, key: key, content: content, kind: .opaque, skills: skills)
        try insertOpaque([item], tenant, on: connection)
        return item
    }

    func insertOpaque(_ items: [ItemRecord], _ tenant: TenantID, on connection: any Connection) throws {
        let now = world.now()
        try connection.bulk(
            "item",
            [
                "tenant", "id", "number", "key", "version", "content", "kind", "stem", "choices", "correct",
                "explanations", "language", "licence", "author", "source", "origin", "hash", "created_at", "changed_at",
            ],
            items.map { item in
                [
                    tenant.stored, item.id.stored, item.number.stored, item.key.stored, 1.stored,
                    item.content?.stored ?? .null, ItemKind.opaque.stored, .text(""), .text("[]"), .text("[]"),
                    .text("[]"), .text(""), .text(""), .text(""), .text(""), Origin.unknown.stored, .bytes([]),
                    now.stored, now.stored,
                ]
            }, on: .refuse)
        try connection.bulk(
            "item_skill", ["tenant", "item", "skill"],
            items.flatMap { item in Set(item.skills).map { [tenant.stored, item.number.stored, $0.stored] } },
            on: .refuse)
    }

    /// The items that meet a condition over `item i`, by number.
    func records(
        where condition: SQL, _ tenant: TenantID, limit: Int = 100_000, on connection: any Connection
    ) throws -> [ItemRecord] {
        let rows = try connection.rows(
            "SELECT i.* FROM item i WHERE i.tenant = \(tenant) AND \(condition) ORDER BY i.number LIMIT \(limit)")
        var skills: [Int: [ID<Skill>]] = [:]
        for chunk in chunks(try rows.map { try $0.get("number", as: Int.self) }) {
            let pairs = try connection.rows(
                """
                SELECT item, skill FROM item_skill
                WHERE tenant = \(tenant) AND item IN (\(SQL.list(chunk))) ORDER BY item, skill
                """)
            for row in pairs { skills[try row.get("item"), default: []].append(try row.get("skill")) }
        }
        return try rows.map { row in
            try ItemRecord(row, skills: skills[try row.get("number", as: Int.self)] ?? [])
        }
    }
}

extension ItemRecord {
    init(_ row: Row, skills: [ID<Skill>]) throws {
        func list(_ column: String) throws -> [JSONValue] {
            let text = try row.get(column, as: String.self)
            return text == "[]" ? [] : try JSONValue(parsing: Array(text.utf8)).array ?? []
        }
        self.init(
            id: try row.get("id"), number: try row.get("number"), key: try row.get("key"),
            version: try row.get("version"), content: try row.find("content"), kind: try row.get("kind"),
            stem: try row.get("stem"), choices: try list("choices").compactMap(\.string),
            correct: try list("correct").compactMap(\.integer), explanations: try list("explanations").map(\.string),
            skills: skills, level: try row.find("level"), language: try row.get("language"),
            licence: try row.get("licence"), author: try row.get("author"), source: try row.get("source"),
            provenance: Provenance(
                try row.get("origin"), digitalSourceType: try row.find("source_type"), model: try row.find("model"),
                reviewer: try row.find("reviewer"), reviewed: try row.find("reviewed_on")))
    }
}

/// At most 500 at a time, so that a statement never binds more than both engines take.
func chunks<Element>(_ elements: [Element], of size: Int = 500) -> [[Element]] {
    stride(from: 0, to: elements.count, by: size).map { Array(elements[$0..<min($0 + size, elements.count)]) }
}
