import Basis
import JSON
import Storage

/// Statements that were erased here, or that had a person taken out. They never come back by being sent again: an
/// erasure holds, whoever keeps a copy. A tombstone knows each of them by its identifier.
enum ErasedStatements {
    /// Those among some identifiers.
    ///
    /// - Cost: one look where nothing was ever erased.
    static func among(
        _ ids: some Collection<ID<Statement>>, of tenant: TenantID, on connection: any Connection
    ) throws -> Set<ID<Statement>> {
        if ids.isEmpty { return [] }
        let isAny = try connection.holds("SELECT 1 AS one FROM erased_leaf WHERE tenant = \(tenant) LIMIT 1")
        if !isAny { return [] }
        var found: Set<ID<Statement>> = []
        for chunk in chunks(ids.map(\.bytes)) {
            let rows = try connection.rows(
                "SELECT id FROM erased_leaf WHERE tenant = \(tenant) AND id IN (\(SQL.list(chunk)))")
            for row in rows { found.insert(ID(bytes: try row.get("id"))) }
        }
        return found
    }

    /// - Throws: `Problem` (`statement-erased`) with a pointer to each that was erased.
    static func refuse(
        _ entries: [StatementBatch.Entry], of tenant: TenantID, on connection: any Connection
    ) throws {
        let gone = try among(entries.filter { !$0.isFresh }.map(\.id), of: tenant, on: connection)
        let erased = entries.filter { gone.contains($0.id) }
        guard let first = erased.first else { return }
        let more = erased.count > 1 ? " There are \(erased.count - 1) more: see the pointers." : ""
        throw Problem(
            .conflict, "statement-erased",
            "The statement \(first.id) was erased here, as a whole or a person in it, and does not come back. "
                + "Leave it out.\(more)", at: erased.map { $0.pointer.appending("id").description })
    }
}
