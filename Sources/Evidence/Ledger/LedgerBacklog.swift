import Basis
import JSON
import Storage

/// Statements that were stored before there was a ledger.
struct LedgerBacklog {
    /// Statements of one transaction.
    static let chunkLimit = 500

    let tenant: TenantID
    let connection: any Connection
    let world: World

    /// Salts the next statements and queues their leaves.
    func commitSome() throws {
        let row = try connection.row("SELECT next_seq, last_seq FROM ledger_backlog WHERE tenant = \(tenant)")
        guard let row else { return }
        let (next, last): (Int, Int) = (try row.get("next_seq"), try row.get("last_seq"))
        let rows = try connection.rows(
            "SELECT " + LedgerContent.columns
                + """
                 FROM statement s LEFT JOIN agent u ON u.tenant = s.tenant AND u.number = s.authority
                WHERE s.tenant = \(tenant) AND s.seq BETWEEN \(next) AND \(last) AND s.salt IS NULL
                ORDER BY s.seq LIMIT \(LedgerBacklog.chunkLimit)
                """)
        var runs: [(first: Int, entries: [UInt8])] = []
        var end = 0
        for row in rows {
            let number: Int = try row.get("seq")
            let content = try LedgerContent(statement: row)
            var commitment = Commitment(.statement, content.form ?? [], world: world)
            if let assignment = content.assignments.first { commitment = commitment.bound(to: assignment) }
            try connection.run(
                "UPDATE statement SET salt = \(commitment.salt) WHERE tenant = \(tenant) AND seq = \(number)")
            if number != end || runs.isEmpty { runs.append((number, [])) }
            runs[runs.count - 1].entries += commitment.entry
            end = number + 1
        }
        let pen = LedgerPen(tenant: tenant, connection: connection)
        for run in runs { try pen.queue(.statement, first: run.first, entries: run.entries) }
        if rows.count < LedgerBacklog.chunkLimit {
            try connection.run("DELETE FROM ledger_backlog WHERE tenant = \(tenant)")
        } else {
            try connection.run("UPDATE ledger_backlog SET next_seq = \(end) WHERE tenant = \(tenant)")
        }
    }
}
