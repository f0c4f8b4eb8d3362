public import Basis
import Storage

extension Outbox {
    /// One page of letters, the newest first; of one state or of all.
    public func letters(
        of tenant: TenantID, state: Letter.State? = nil, page: Int = 1
    ) async throws -> LetterPage {
        let condition: SQL = state.map { "tenant = \(tenant) AND state = \($0)" } ?? "tenant = \(tenant)"
        return try await database.read { connection in
            let total: Int = try connection.value("SELECT COUNT(*) AS count FROM mail_letter WHERE \(condition)")
            let count = max(1, (total + LetterPage.size - 1) / LetterPage.size)
            let number = min(max(1, page), count)
            let rows = try connection.rows(
                """
                SELECT * FROM mail_letter WHERE \(condition) ORDER BY written_at DESC, id DESC
                LIMIT \(LetterPage.size) OFFSET \((number - 1) * LetterPage.size)
                """)
            let kinds = try kinds(of: try rows.map { try $0.get("id") }, tenant, on: connection)
            let letters = try rows.map { row in
                try Letter(row, kinds: kinds[try row.get("id")] ?? [])
            }
            return LetterPage(letters: letters, number: number, count: count, total: total)
        }
    }

    private func kinds(
        of ids: [ID<Letter>], _ tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Letter>: [NoticeKind]] {
        var kinds: [ID<Letter>: [NoticeKind]] = [:]
        let rows = try connection.rows(
            """
            SELECT DISTINCT letter, kind FROM mail_notice
            WHERE tenant = \(tenant) AND letter IN (\(SQL.list(ids))) ORDER BY letter, kind
            """)
        for row in rows { kinds[try row.get("letter"), default: []].append(try row.get("kind")) }
        return kinds
    }

    /// How many letters stand where.
    public func counts(of tenant: TenantID) async throws -> LetterCounts {
        try await database.read { connection in
            var counts = LetterCounts()
            counts.gathering = try connection.value(
                "SELECT COUNT(*) AS count FROM mail_notice WHERE tenant = \(tenant) AND letter IS NULL")
            let rows = try connection.rows(
                "SELECT state, COUNT(*) AS count FROM mail_letter WHERE tenant = \(tenant) GROUP BY state")
            for row in rows { counts.states[try row.get("state")] = try row.get("count", as: Int.self) }
            return counts
        }
    }

    /// Tries a letter again that failed, or waits, now.
    ///
    /// - Throws: `Problem` (`letter-missing`, also for one that was sent or dropped).
    public func retry(_ id: ID<Letter>, of tenant: TenantID) async throws {
        if try await retry("id = \(id)", tenant) == 0 {
            throw Problem(
                .missing, "letter-missing", "There is no such letter that waits or failed. It may have gone meanwhile.")
        }
    }

    /// Tries all letters again that failed.
    ///
    /// - Returns: How many.
    @discardableResult
    public func retryAll(of tenant: TenantID) async throws -> Int { try await retry("state = 'failed'", tenant) }

    private func retry(_ which: SQL, _ tenant: TenantID) async throws -> Int {
        let now = world.now()
        return try await database.write { connection in
            try connection.run(
                """
                UPDATE mail_letter SET state = 'waiting', next_at = \(now), tried_at = NULL, settled_at = NULL
                WHERE tenant = \(tenant) AND \(which) AND state IN ('waiting', 'failed')
                """)
        }
    }
}
