public import Basis
import Storage

extension StatementLog {
    /// The IRIs of the verbs that statements used, in their order; at most `limit`.
    public func verbs(of tenant: TenantID, limit: Int = 500) async throws -> [String] {
        try await database.read { connection in
            try connection.rows("SELECT iri FROM verb WHERE tenant = \(tenant) ORDER BY iri LIMIT \(limit)").map {
                try $0.get("iri")
            }
        }
    }

    /// The statements whose object is this statement, the oldest first, voided ones included; at most `limit`.
    public func references(
        to id: ID<Statement>, of tenant: TenantID, limit: Int = 50
    ) async throws -> [StoredStatement] {
        try await database.read { connection in
            try connection.rows(
                selection + """
                    FROM reference r \(SQL.inOrder) statement s ON s.tenant = r.tenant AND s.seq = r.seq
                    LEFT JOIN agent a ON a.tenant = s.tenant AND a.number = s.authority
                    WHERE r.tenant = \(tenant) AND r.target = \(id.bytes)
                    ORDER BY r.seq LIMIT \(limit)
                    """
            ).map(StoredStatement.init)
        }
    }
}
