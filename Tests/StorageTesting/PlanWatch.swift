public import Storage
import Synchronization

/// How an engine is about to answer one piece of SQL.
public struct QueryPlan: Sendable, CustomStringConvertible {
    /// One look at a stored table.
    public struct Look: Sendable {
        /// The table's name, or its alias where the engine tells only that.
        public let table: String
        /// Nil where the whole table is read.
        public let index: String?
        /// The columns that bound the index.
        public let columns: [String]
    }

    public let sql: String
    public let text: String
    public internal(set) var looks: [Look] = []
    /// Whether rows are gathered and sorted before the first one comes out.
    public internal(set) var sorts = false

    public var description: String { "\(sql)\n\(text)" }
}

/// A database that asks for the plan of every piece of SQL before it runs it: what is explained is what the program runs.
public final class PlanWatch: Database {
    private let base: any Database
    private let seen = Mutex<[QueryPlan]>([])

    public init(_ base: any Database) { self.base = base }

    public var dialect: Dialect { base.dialect }

    /// The plans since the last call.
    public func plans() -> [QueryPlan] {
        seen.withLock { plans in
            defer { plans = [] }
            return plans
        }
    }

    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        try await base.read { [self] connection in try body(Watched(connection, keep)) }
    }

    @discardableResult
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        try await base.write { [self] connection in try body(Watched(connection, keep)) }
    }

    public func snapshot<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        try await base.snapshot(body)
    }

    public func close() async throws { try await base.close() }

    private func keep(_ plan: QueryPlan) { seen.withLock { $0.append(plan) } }
}

private struct Watched: Connection {
    let base: any Connection
    let keep: (QueryPlan) -> Void

    init(_ base: any Connection, _ keep: @escaping (QueryPlan) -> Void) {
        self.base = base
        self.keep = keep
    }

    var dialect: Dialect { base.dialect }

    func rows(_ sql: SQL) throws -> [Row] {
        try explain(sql)
        return try base.rows(sql)
    }

    func each(_ sql: SQL, _ visit: (Row) throws -> Void) throws {
        try explain(sql)
        try base.each(sql, visit)
    }

    func scan(_ sql: SQL, _ visit: ([RawValue]) throws -> Void) throws {
        try explain(sql)
        try base.scan(sql, visit)
    }

    func run(_ sql: SQL) throws -> Int {
        try explain(sql)
        return try base.run(sql)
    }

    func bulk(_ table: StaticString, _ columns: [String], _ rows: [[Value]], on clash: Clash) throws -> Int {
        try base.bulk(table, columns, rows, on: clash)
    }

    func reserve(_ count: Int, of sequence: StaticString) throws -> Int { try base.reserve(count, of: sequence) }

    private func explain(_ sql: SQL) throws {
        let text = sql.rendered(for: dialect).text
        let kinds = ["SELECT", "WITH", "UPDATE", "DELETE", "INSERT"]
        guard kinds.contains(where: text.hasPrefix), !text.contains("set_config") else { return }
        keep(
            dialect == .sqlite
                ? SQLitePlan.read(text, try base.rows("EXPLAIN QUERY PLAN " + sql))
                : PostgresPlan.read(text, try base.rows("EXPLAIN (COSTS OFF) " + sql).map { try $0.first() }))
    }
}

/// - Source: sqlite.org, “The EXPLAIN QUERY PLAN Command”.
private enum SQLitePlan {
    static func read(_ sql: String, _ rows: [Row]) -> QueryPlan {
        var plan = QueryPlan(
            sql: sql, text: rows.compactMap { try? $0.get("detail", as: String.self) }.joined(separator: "\n"))
        /// Results that the query itself makes, each with the step that it is part of: they are read as a whole.
        var made: Set<String> = []
        for row in rows {
            let words = ((try? row.get("detail", as: String.self)) ?? "").split(separator: " ").map(String.init)
            let parent = (try? row.get("parent", as: Int.self)) ?? 0
            guard words.count > 1 else { continue }
            switch words[0] {
            case "CO-ROUTINE", "MATERIALIZE": made.insert("\(parent) \(words[1])")
            case "USE": plan.sorts = plan.sorts || words.contains("ORDER")
            case "SCAN" where words[1] == "CONSTANT" || made.contains("\(parent) \(words[1])"): break
            case "SCAN", "SEARCH":
                let index = words.firstIndex(of: "INDEX").map { words[$0 + 1] }
                let bounds = words.drop { !$0.hasPrefix("(") }.joined(separator: " ").dropFirst().dropLast()
                let columns = bounds.split(separator: " ").filter { $0.contains { "=<>".contains($0) } }.map {
                    String($0.prefix { !"=<>".contains($0) })
                }
                let isKey = words.contains("PRIMARY")
                plan.looks.append(
                    QueryPlan.Look(table: words[1], index: index ?? (isKey ? "primary key" : nil), columns: columns))
            default: break
            }
        }
        return plan
    }
}

/// - Source: PostgreSQL 15, 14.1, “Using EXPLAIN”.
private enum PostgresPlan {
    static func read(_ sql: String, _ lines: [String]) -> QueryPlan {
        var plan = QueryPlan(sql: sql, text: lines.joined(separator: "\n"))
        for (number, line) in lines.enumerated() {
            let words = line.split { $0 == " " || $0 == ">" }.map(String.init).filter { $0 != "-" }
            let rest = lines[(number + 1)...].prefix { !$0.contains("->") }
            if words.first == "Sort" || words.starts(with: ["Incremental", "Sort"]) { plan.sorts = true }
            guard words.contains("Scan"), !words.contains("Heap"), let table = word(after: "on", words) else {
                continue
            }
            let isBitmap = words.contains("Bitmap")
            let isIndex = isBitmap || words.contains("Index")
            guard isIndex || words.first == "Seq" else { continue }
            let condition = rest.first { $0.contains("Index Cond:") } ?? ""
            let columns = condition.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
            plan.looks.append(
                QueryPlan.Look(
                    table: table, index: isBitmap ? table : word(after: "using", words),
                    columns: columns.filter { $0.first?.isLetter == true }))
        }
        return plan
    }

    private static func word(after word: String, _ words: [String]) -> String? {
        words.firstIndex(of: word).flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
    }
}
