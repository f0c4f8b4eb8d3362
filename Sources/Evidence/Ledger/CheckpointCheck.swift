import Basis
import Merkle
import Storage

/// Checks the checkpoints that are kept: each is signed by a key that vouches for it, and today's log begins with its
/// leaves.
struct CheckpointCheck {
    let table: LedgerTable

    /// Checkpoints after which the tiles that were read are forgotten, so that memory stays bounded.
    private static let stretch = 100

    init(table: LedgerTable) { self.table = table }

    func run(_ report: inout LedgerReport) throws {
        let head = try? table.head()
        let size = head?.size ?? 0
        var (tree, read) = (table.tree(size), 0)
        try table.connection.each(
            "SELECT size, note FROM ledger_checkpoint WHERE tenant = \(table.tenant) ORDER BY hour"
        ) { row in
            if report.isFull { return }
            read += 1
            if read % CheckpointCheck.stretch == 0 { tree = table.tree(size) }
            let (count, note): (Int, [UInt8]) = (try row.get("size"), try row.get("note"))
            let place = "checkpoint of \(count) leaves"
            do {
                let checkpoint = try (head?.keys ?? []).open(note)
                if checkpoint.size != count {
                    report.add(place, "It says that it is of \(checkpoint.size) leaves.")
                } else if try tree.root(at: count) != checkpoint.root {
                    report.add(place, "Today's ledger does not begin with its leaves.")
                }
            } catch let problem as Problem {
                report.add(place, problem.detail)
            }
        }
    }
}
