import Basis
import JSON
import Merkle
import Storage

/// Compares everything of a kind that is stored with its leaves, and every leaf with what is stored.
///
/// - Cost: some hundred rows in memory.
struct LedgerWalk {
    let table: LedgerTable
    let kind: LeafKind
    let spans: [LedgerSpan]

    /// Rows of one look.
    private static let pageLimit = 500

    /// The span under way.
    private var place = 0
    /// The number that comes next.
    private var next = 0
    /// Entries last looked at: a bundle of the tree, or a row of the queue.
    private var open: (name: String, entries: [[UInt8]]) = ("", [])
    /// Statements from before the ledger that need no leaf yet.
    private var backlog = 0..<0
    private var renamed = FormerNames()

    init(table: LedgerTable, kind: LeafKind, spans: [LedgerSpan]) {
        self.table = table
        self.kind = kind
        self.spans = spans
    }

    mutating func run(_ report: inout LedgerReport) throws {
        backlog = kind == .statement ? try readBacklog() : 0..<0
        if kind == .statement { renamed = try FormerNames(of: table.tenant, on: table.connection) }
        next = spans.first?.first ?? 0
        var last = Int.min
        while !report.isFull {
            let rows = try page(after: last)
            for row in rows {
                let number: Int = try row.get("seq")
                try visit(number, row, &report)
                last = number
            }
            if rows.count < LedgerWalk.pageLimit { break }
        }
        try skip(to: Int.max, &report)
    }

    private func page(after number: Int) throws -> [Row] {
        if kind == .statement {
            return try IndexCheck.page(of: table, after: number, limit: LedgerWalk.pageLimit)
        }
        return try table.connection.rows(
            """
            SELECT seq, salt, detail FROM document_change WHERE tenant = \(table.tenant) AND seq > \(number)
            ORDER BY seq LIMIT \(LedgerWalk.pageLimit)
            """)
    }

    private func readBacklog() throws -> Range<Int> {
        let row = try table.connection.row(
            "SELECT next_seq, last_seq FROM ledger_backlog WHERE tenant = \(table.tenant)")
        guard let row else { return 0..<0 }
        let first: Int = try row.get("next_seq")
        return first..<max(first, try row.get("last_seq") + 1)
    }

    private func name(_ number: Int) -> String { "\(kind.rawValue) \(number)" }

    private mutating func visit(_ number: Int, _ row: Row, _ report: inout LedgerReport) throws {
        try skip(to: number, &report)
        guard place < spans.count, spans[place].first <= number else {
            if backlog.contains(number), try row.find("salt", as: [UInt8].self) == nil {
                report.backlog += 1
            } else {
                report.add(name(number), "It has no leaf: it was put in beside the ledger.")
            }
            return
        }
        next = number + 1
        let content: LedgerContent
        var value = JSONValue.null
        do {
            if kind == .statement {
                value = try JSONValue(parsing: try row.get("body", as: [UInt8].self))
                content = try LedgerContent(statement: row, value: value, formerly: renamed)
            } else {
                content = try LedgerContent(document: row)
            }
        } catch is JSONError {
            report.add(name(number), "It is no JSON any more.")
            return
        }
        guard content.isOpen else {
            if try isErased(number) {
                report.erased += 1
            } else {
                report.add(name(number), "Its salt is gone, and no erasure says so.")
            }
            return
        }
        if try entry(number).flatMap({ content.match($0) }) == nil {
            report.add(name(number), "It is not what its leaf commits to.")
        } else if kind == .statement {
            let wrong = try IndexCheck(row: row, value: value, formerly: renamed).differences()
            if !wrong.isEmpty {
                report.add(
                    name(number), "Its index does not say what it says itself: \(wrong.joined(separator: ", ")).")
            }
        }
        if kind == .statement { report.statements += 1 } else { report.documents += 1 }
    }

    /// Goes over the leaves before `number`, whose contents must have been erased.
    private mutating func skip(to number: Int, _ report: inout LedgerReport) throws {
        while place < spans.count {
            let end = min(number, spans[place].end)
            next = max(next, spans[place].first)
            if next < end { try checkErased(next..<end, &report) }
            next = max(next, end)
            if number < spans[place].end { return }
            place += 1
        }
    }

    private func checkErased(_ numbers: Range<Int>, _ report: inout LedgerReport) throws {
        let erased = Set(
            try table.connection.rows(
                """
                SELECT seq FROM ledger_erasure WHERE tenant = \(table.tenant) AND kind = \(kind)
                    AND seq BETWEEN \(numbers.lowerBound) AND \(numbers.upperBound - 1)
                """
            ).map { try $0.get("seq", as: Int.self) })
        report.erased += erased.count
        for number in numbers where !erased.contains(number) {
            if report.isFull { return }
            report.add(name(number), "It is missing, and no erasure says so.")
        }
    }

    private func isErased(_ number: Int) throws -> Bool {
        try table.connection.holds(
            """
            SELECT seq FROM ledger_erasure
            WHERE tenant = \(table.tenant) AND kind = \(kind) AND seq = \(number)
            """)
    }

    /// The entry of the leaf of a number of the span under way; nil when it cannot be read.
    private mutating func entry(_ number: Int) throws -> [UInt8]? {
        let (span, table, kind) = (spans[place], table, kind)
        guard let firstIndex = span.firstIndex else {
            try look("queue \(span.first)") {
                let row = try table.connection.row(
                    """
                    SELECT commitments FROM ledger_queue
                    WHERE tenant = \(table.tenant) AND kind = \(kind) AND first_seq = \(span.first)
                    """)
                let bytes: [UInt8] = try row?.get("commitments") ?? []
                return stride(from: 0, to: bytes.count, by: Commitment.byteCount).map { start in
                    Array(bytes[start..<min(start + Commitment.byteCount, bytes.count)])
                }
            }
            return open.entries.indices.contains(number - span.first) ? open.entries[number - span.first] : nil
        }
        let index = firstIndex + number - span.first
        let bundle = index / Tile.fullWidth
        try look("bundle \(bundle)") {
            let bytes = try table.tile(Tile(.entries, index: bundle, width: index % Tile.fullWidth + 1), whole: true)
            return bytes.flatMap { EntryBundle.entries($0) } ?? []
        }
        let place = index % Tile.fullWidth
        return open.entries.indices.contains(place) ? open.entries[place] : nil
    }

    private mutating func look(_ name: String, _ read: () throws -> [[UInt8]]) throws {
        if open.name == name { return }
        open = (name, try read())
    }
}
