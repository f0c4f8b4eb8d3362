public import Basis
import JSON
public import Storage

/// The catalogue of a tenant: what can be learned from.
public struct Library: Sendable {
    /// The most matches that are ranked and counted. A common word matches more at a million objects; then the
    /// newest so many stand for them, because ranking all takes most of a second.
    public static let candidateLimit = 4_000
    /// The most values listed of a facet.
    public static let facetLimit = 50

    let database: any Database
    let world: World

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
    }

    /// The object, nil when the tenant has none of that identifier.
    public func content(_ id: ID<Content>, of tenant: TenantID) async throws -> ContentRecord? {
        try await database.read { try content(id, of: tenant, on: $0) }
    }

    /// The same within a transaction.
    public func content(
        _ id: ID<Content>, of tenant: TenantID, on connection: any Connection
    ) throws -> ContentRecord? {
        try records(where: "c.id = \(id)", tenant, on: connection).first
    }

    /// The object of that key, nil when there is none.
    public func content(key: String, of tenant: TenantID) async throws -> ContentRecord? {
        try await database.read { connection in
            try records(where: "c.key = \(key)", tenant, on: connection).first
        }
    }

    /// The objects by their identifiers; identifiers that name none are left out.
    public func contents(
        _ ids: some Sequence<ID<Content>>, of tenant: TenantID
    ) async throws -> [ID<Content>: ContentRecord] {
        let ids = Array(Set(ids))
        return try await database.read { connection in
            var found: [ID<Content>: ContentRecord] = [:]
            for chunk in chunks(ids) {
                for record in try records(where: "c.id IN (\(SQL.list(chunk)))", tenant, on: connection) {
                    found[record.id] = record
                }
            }
            return found
        }
    }

    /// Titles to show, by identifier.
    public func titles(of ids: some Sequence<ID<Content>>, tenant: TenantID) async throws -> [ID<Content>: String] {
        let ids = Array(Set(ids))
        return try await database.read { connection in
            var titles: [ID<Content>: String] = [:]
            for chunk in chunks(ids) {
                let rows = try connection.rows(
                    "SELECT id, title FROM content WHERE tenant = \(tenant) AND id IN (\(SQL.list(chunk)))")
                for row in rows { titles[try row.get("id")] = try row.get("title", as: String.self) }
            }
            return titles
        }
    }

    /// How many objects there are.
    public func count(of tenant: TenantID) async throws -> Int {
        try await database.read { try $0.value("SELECT COUNT(*) AS count FROM content WHERE tenant = \(tenant)") }
    }

    /// The current body text: in the wanted language, else in the object's own, else in any.
    public func text(
        of id: ID<Content>, language: String? = nil, tenant: TenantID
    ) async throws -> ContentText? {
        try await database.read { connection in
            let rows = try connection.rows(
                """
                SELECT t.language, t.body, t.words, t.since_version, c.language AS own
                FROM content c JOIN content_text t ON t.tenant = c.tenant AND t.content = c.number
                WHERE c.tenant = \(tenant) AND c.id = \(id) ORDER BY t.since_version
                """)
            var latest: [String: ContentText] = [:]
            var own = ""
            for row in rows {
                let text = ContentText(
                    language: try row.get("language"), body: try row.get("body"), words: try row.get("words"),
                    sinceVersion: try row.get("since_version"))
                latest[text.language] = text
                own = try row.get("own")
            }
            return language.flatMap { latest[$0] } ?? latest[own] ?? latest.min { $0.key < $1.key }?.value
        }
    }

    /// What the object holds, in the source's order; what the source does not list comes last, by title.
    public func children(of content: ContentRecord, tenant: TenantID) async throws -> [ContentRecord] {
        try await database.read { connection in
            var found: [String: ContentRecord] = [:]
            for chunk in chunks(content.children) {
                for record in try records(where: "c.key IN (\(SQL.list(chunk)))", tenant, on: connection) {
                    found[record.key] = record
                }
            }
            let listed = content.children.compactMap { found[$0] }
            let others = try records(where: "c.parent = \(content.key)", tenant, on: connection)
                .filter { found[$0.key] == nil }
            return listed + others.sorted { ($0.title, $0.number) < ($1.title, $1.number) }
        }
    }

    /// The object that holds this one, if it is here.
    public func parent(of content: ContentRecord, tenant: TenantID) async throws -> ContentRecord? {
        guard let key = content.parent else { return nil }
        return try await self.content(key: key, of: tenant)
    }

    /// All versions, the newest first.
    public func versions(of id: ID<Content>, tenant: TenantID) async throws -> [ContentVersion] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT v.version, v.cause, v.made_at, v.title, v.origin, v.source_type, v.model, v.reviewer,
                    v.reviewed_on, v.body
                FROM content c JOIN content_version v ON v.tenant = c.tenant AND v.content = c.number
                WHERE c.tenant = \(tenant) AND c.id = \(id) ORDER BY v.version DESC
                """
            ).map { row in
                ContentVersion(
                    version: try row.get("version"), cause: try row.get("cause"), madeAt: try row.get("made_at"),
                    title: try row.get("title"), provenance: try Provenance(row), body: try row.get("body"))
            }
        }
    }

    /// How many objects, as of now, state each origin.
    public func composition(of tenant: TenantID) async throws -> Composition {
        try await database.read { connection in
            try composition(
                "SELECT origin, COUNT(*) AS count FROM content WHERE tenant = \(tenant) GROUP BY origin", connection)
        }
    }

    /// How many versions, past ones too, state each origin.
    public func compositionOfVersions(of tenant: TenantID) async throws -> Composition {
        try await database.read { connection in
            try composition(
                "SELECT origin, COUNT(*) AS count FROM content_version WHERE tenant = \(tenant) GROUP BY origin",
                connection)
        }
    }

    private func composition(_ sql: SQL, _ connection: any Connection) throws -> Composition {
        var composition = Composition()
        for row in try connection.rows(sql) {
            composition[try row.get("origin", as: Origin.self)] = try row.get("count")
        }
        return composition
    }

    /// What item imports take to turn a key of a file into an object. Called once for each try of the transaction.
    public func resolver(
        of tenant: TenantID
    ) -> @Sendable (any Connection) throws -> (String) throws -> ID<Content>? {
        { connection in
            var known: [String: ID<Content>?] = [:]
            return { key in
                if let found = known[key] { return found }
                let row = try connection.row("SELECT id FROM content WHERE tenant = \(tenant) AND key = \(key)")
                let id = try row?.get("id", as: ID<Content>.self)
                known[key] = .some(id)
                return id
            }
        }
    }
}

/// At most 500 at a time, so that a statement never binds more than both engines take.
func chunks<Element>(_ elements: [Element], of size: Int = 500) -> [[Element]] {
    stride(from: 0, to: elements.count, by: size).map { Array(elements[$0..<min($0 + size, elements.count)]) }
}
