import Basis
import Storage

/// Numbers that follow one another and have leaves, in the tree or in the queue.
struct LedgerSpan {
    let first: Int
    let leaves: Int
    /// The index of the first leaf; nil in the queue.
    let firstIndex: Int?

    var end: Int { first + leaves }
}

/// Reads which numbers of a kind have leaves, and checks that each has one.
struct LedgerSpans {
    let table: LedgerTable
    let kind: LeafKind
    let size: Int

    /// - Returns: The spans by number, none overlapping another.
    func read(_ report: inout LedgerReport) throws -> [LedgerSpan] {
        if kind == LeafKind.allCases.first { try checkIndexes(&report) }
        let rows = try table.connection.rows(
            """
            SELECT first_index, first_seq, leaves FROM ledger_run WHERE tenant = \(table.tenant) AND kind = \(kind)
            UNION ALL
            SELECT NULL AS first_index, first_seq, leaves FROM ledger_queue
            WHERE tenant = \(table.tenant) AND kind = \(kind)
            ORDER BY first_seq
            """)
        var spans: [LedgerSpan] = []
        for row in rows {
            let span = LedgerSpan(
                first: try row.get("first_seq"), leaves: try row.get("leaves"), firstIndex: try row.find("first_index"))
            if let last = spans.last, span.first < last.end {
                report.add("\(kind.rawValue) \(span.first)", "It has more than one leaf.")
            } else {
                spans.append(span)
            }
        }
        return spans
    }

    /// Every leaf of the tree belongs to one number of one kind.
    private func checkIndexes(_ report: inout LedgerReport) throws {
        var next = 0
        try table.connection.each(
            "SELECT first_index, leaves FROM ledger_run WHERE tenant = \(table.tenant) ORDER BY first_index"
        ) { row in
            let (first, leaves): (Int, Int) = (try row.get("first_index"), try row.get("leaves"))
            if first != next {
                report.add("leaf \(min(first, next))", "It belongs to nothing that is stored, or to two things.")
            }
            next = first + leaves
        }
        if next != size {
            report.add("leaf \(min(next, size))", "The leaves told of are \(next), and the tree has \(size).")
        }
    }
}
