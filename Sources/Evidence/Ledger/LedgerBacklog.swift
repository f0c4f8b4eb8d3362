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
            """
            SELECT seq, id, body FROM statement
            WHERE tenant = \(tenant) AND seq BETWEEN \(next) AND \(last) AND salt IS NULL
            ORDER BY seq LIMIT \(LedgerBacklog.chunkLimit)
            """)
        var runs: [(first: Int, entries: [UInt8])] = []
        var end = 0
        for row in rows {
            let (number, body): (Int, [UInt8]) = (try row.get("seq"), try row.get("body"))
            let form = Commitment.form(of: try JSONValue(parsing: body), id: ID(bytes: try row.get("id")))
            let commitment = Commitment(.statement, form, world: world)
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
