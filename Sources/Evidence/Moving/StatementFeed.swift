public import Basis
import Storage

/// A piece of the record in the order in which the ledger took it up.
public struct FeedPage: Sendable {
    /// What the filter admits.
    public let statements: [StoredStatement]
    /// The place behind all that was looked at, whether it was admitted or not.
    public let next: Int
    /// Whether there is nothing behind it yet.
    public let isEnd: Bool
}

extension StatementLog {
    /// The most statements that one look takes.
    public static let feedScanLimit = 2_000

    /// The place behind the last statement so far.
    public func feedEnd(of tenant: TenantID) async throws -> Int {
        try await database.read { connection in
            try LedgerTable(tenant: tenant, connection: connection).lastRun()?.endIndex ?? 0
        }
    }

    /// What comes at and after a place, voided statements included, because what voids them follows.
    ///
    /// Places are those of the ledger: a statement is there only once it is durable, and none appears before one that
    /// was seen. So whoever keeps the place misses nothing, however many nodes write.
    ///
    /// - Parameters:
    ///   - place: Where to begin; 0 for the beginning.
    ///   - tenant: Whose statements.
    ///   - filter: Which ones.
    ///   - limit: The most statements.
    ///   - byteLimit: The most bytes of their bodies; one statement is always there.
    /// - Returns: What was found, and where to go on.
    /// - Throws: `StorageError`.
    public func feed(
        from place: Int, of tenant: TenantID, matching filter: StatementFilter, limit: Int, byteLimit: Int = 4 << 20
    ) async throws -> FeedPage {
        try await database.read { connection in
            var statements: [StoredStatement] = []
            var (next, scanned, bytes) = (place, 0, 0)
            for run in try runs(from: place, of: tenant, on: connection) {
                if run.kind != .statement {
                    next = run.endIndex
                    continue
                }
                let first = run.first + max(0, next - run.firstIndex)
                let room = StatementLog.feedScanLimit - scanned
                let rows = try connection.rows(
                    selection + """
                        FROM (SELECT * FROM statement WHERE tenant = \(tenant) AND seq >= \(first) AND seq < \(run.end)
                            ORDER BY seq LIMIT \(room)) s
                        LEFT JOIN agent a ON a.tenant = s.tenant AND a.number = s.authority
                        """)
                for statement in try rows.map(StoredStatement.init).sorted(by: { $0.sequence < $1.sequence }) {
                    let isAdmitted = filter.admits(statement)
                    if isAdmitted, !statements.isEmpty, bytes + statement.body.count > byteLimit {
                        return FeedPage(statements: statements, next: next, isEnd: false)
                    }
                    next = run.firstIndex + statement.sequence - run.first + 1
                    scanned += 1
                    guard isAdmitted else { continue }
                    bytes += statement.body.count
                    statements.append(statement)
                    if statements.count == limit { return FeedPage(statements: statements, next: next, isEnd: false) }
                }
                if rows.count == room { return FeedPage(statements: statements, next: next, isEnd: false) }
                next = run.endIndex
            }
            let end = try LedgerTable(tenant: tenant, connection: connection).lastRun()?.endIndex ?? 0
            return FeedPage(statements: statements, next: next, isEnd: next >= end)
        }
    }

    private func runs(
        from place: Int, of tenant: TenantID, on connection: any Connection
    ) throws -> [LedgerTable.Run] {
        let before = try connection.rows(
            """
            SELECT first_index, kind, first_seq, leaves FROM ledger_run
            WHERE tenant = \(tenant) AND first_index < \(place) ORDER BY first_index DESC LIMIT 1
            """)
        let after = try connection.rows(
            """
            SELECT first_index, kind, first_seq, leaves FROM ledger_run
            WHERE tenant = \(tenant) AND first_index >= \(place) ORDER BY first_index LIMIT 64
            """)
        return try (before + after).map(LedgerTable.Run.init).filter { $0.endIndex > place }
    }

    /// Some statements by identifier, voided ones included, in the order asked for. What is gone is left out.
    public func statements(_ ids: [ID<Statement>], of tenant: TenantID) async throws -> [StoredStatement] {
        let found = try await database.read { connection in
            try chunks(ids.map(\.bytes)).flatMap { chunk in
                try connection.rows(
                    selection + """
                        FROM statement s LEFT JOIN agent a ON a.tenant = s.tenant AND a.number = s.authority
                        WHERE s.tenant = \(tenant) AND s.id IN (\(SQL.list(chunk)))
                        """
                ).map(StoredStatement.init)
            }
        }
        let byID = Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
        return ids.compactMap { byID[$0] }
    }
}
