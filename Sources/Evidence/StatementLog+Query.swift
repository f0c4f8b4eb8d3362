public import Basis
public import JSON
import Storage

extension StatementLog {
    /// What all statements together say of activities, by IRI.
    public func definitions(of iris: [String], in tenant: TenantID) async throws -> [String: JSONValue] {
        try await database.read { connection in
            var definitions: [String: JSONValue] = [:]
            for chunk in chunks(Set(iris).sorted()) {
                let rows = try connection.rows(
                    """
                    SELECT iri, definition FROM activity
                    WHERE tenant = \(tenant) AND definition IS NOT NULL AND iri IN (\(SQL.list(chunk)))
                    """)
                for row in rows {
                    definitions[try row.get("iri")] = try? JSONValue(
                        parsing: try row.get("definition", as: String.self))
                }
            }
            return definitions
        }
    }

    /// One statement that is not voided, or nil.
    public func find(_ id: ID<Statement>, of tenant: TenantID) async throws -> StoredStatement? {
        try await find(id, of: tenant, voided: false)
    }

    /// One statement that is voided, or nil.
    public func find(voided id: ID<Statement>, of tenant: TenantID) async throws -> StoredStatement? {
        try await find(id, of: tenant, voided: true)
    }

    private func find(_ id: ID<Statement>, of tenant: TenantID, voided: Bool) async throws -> StoredStatement? {
        try await database.read { connection in
            let row = try connection.row(
                selection + """
                    FROM statement s LEFT JOIN agent a ON a.tenant = s.tenant AND a.number = s.authority
                    WHERE s.tenant = \(tenant) AND s.id = \(id.bytes) AND s.voided = \(voided)
                    """)
            return try row.map(StoredStatement.init)
        }
    }

    /// One page of the statements asked for, newest first unless ascending. Voided ones are never among them.
    ///
    /// A statement about another one (a StatementRef as object) is also there when that other one, voided or not,
    /// meets the filters, and so on along the references; time and order are always its own.
    ///
    /// - Source: xAPI 1.0.3, part 3, 2.1.3, "Filter conditions for StatementRefs".
    public func query(_ query: StatementQuery, of tenant: TenantID) async throws -> StatementPage {
        try await database.read { connection in
            try StatementSearch(query: query, tenant: tenant, connection: connection, cache: cache).page()
        }
    }
}

/// Makes PostgreSQL walk the index that is meant, in its order, and look up the rest row by row, for the remainder of
/// the transaction. By itself it would gather and sort what the index already holds sorted, or, trusting its figures,
/// walk along all statements until enough match: which is long where the matches are old.
func walkInOrder(on connection: any Connection) throws {
    if connection.dialect == .sqlite { return }
    _ = try connection.rows(
        """
        SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
            set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
            set_config('enable_mergejoin', 'off', true), set_config('random_page_cost', '1', true)
        """)
}

/// What `StoredStatement.init(row)` reads.
let selection: SQL = """
    SELECT s.seq AS seq, s.id AS id, s.stored_at AS stored_at, s.timestamp_at AS timestamp_at, s.body AS body,
        s.edition AS edition, s.voided AS voided, a.ifi AS authority

    """

extension StoredStatement {
    init(_ row: Row) throws {
        guard let version = XAPIVersion(rawValue: try row.get("edition")) else {
            throw StorageError.mistyped(column: "edition")
        }
        let authority: String? = try row.find("authority")
        self.init(
            sequence: try row.get("seq"), id: ID(bytes: try row.get("id")), storedAt: try row.get("stored_at"),
            timestamp: try row.get("timestamp_at"), body: try row.get("body"), version: version,
            isVoided: try row.get("voided"), authority: authority.flatMap { AgentName(canonical: $0) })
    }
}
