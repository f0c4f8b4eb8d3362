/// Statements of several walks, each in order, on their way into one page.
///
/// A walk stops when what it gave fills the page's bytes. From where it stopped on nothing of any walk may be shown:
/// the stopped one might have more there.
struct PageInMaking {
    private let isAscending: Bool
    private let limit: Int
    private let byteLimit: Int
    private var found: [Int: StoredStatement] = [:]
    /// The last number that may be shown; nil for no bound.
    private var horizon: Int?

    init(isAscending: Bool, limit: Int, byteLimit: Int) {
        self.isAscending = isAscending
        self.limit = limit
        self.byteLimit = byteLimit
    }

    private struct Enough: Error {}

    /// Adds one walk, whose statements come in the page's order.
    mutating func add(_ walk: ((StoredStatement) throws -> Void) throws -> Void) throws {
        var bytes = 0
        var last: Int?
        do {
            try walk { statement in
                if bytes >= byteLimit { throw Enough() }
                bytes += statement.body.count
                last = statement.sequence
                found[statement.sequence] = statement
            }
        } catch is Enough {
            guard let last else { return }
            horizon = horizon.map { isBefore(last, $0) ? last : $0 } ?? last
        }
    }

    private func isBefore(_ one: Int, _ other: Int) -> Bool { isAscending ? one < other : one > other }

    var page: StatementPage {
        let ordered = found.values.sorted { isBefore($0.sequence, $1.sequence) }
        var shown: [StoredStatement] = []
        var bytes = 0
        for statement in ordered.prefix(limit) {
            if let horizon, isBefore(horizon, statement.sequence) { break }
            if !shown.isEmpty, bytes + statement.body.count > byteLimit { break }
            bytes += statement.body.count
            shown.append(statement)
        }
        let isMore = ordered.count > shown.count || horizon != nil
        return StatementPage(statements: shown, next: isMore ? shown.last?.sequence : nil)
    }
}
