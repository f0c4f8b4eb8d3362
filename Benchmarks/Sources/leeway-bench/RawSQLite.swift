import CSQLite
import Foundation

/// SQLite by its own interface: the floor that an import on SQLite is compared with.
enum RawSQLite {
    /// Reads all statement rows of a database into memory, then inserts them into a new file with the same table,
    /// indexes, journal and durability, `batch` rows a transaction. Only the inserting is timed.
    static func copyStatements(
        of path: String, batch: Int, limit: Int = .max
    ) throws -> (rows: Int, seconds: Double) {
        let source = try open(path)
        defer { sqlite3_close(source) }
        let schema = try texts(source, "SELECT sql FROM sqlite_schema WHERE tbl_name = 'statement' AND sql IS NOT NULL")
        let rows = try all(source, "SELECT * FROM statement LIMIT \(limit)")
        guard let width = rows.first?.count else { throw BenchError("there is no statement to copy") }
        let copy = path + ".floor"
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + suffix) } }
        let target = try open(copy)
        defer { sqlite3_close(target) }
        try run(target, "PRAGMA journal_mode = WAL")
        try run(target, "PRAGMA synchronous = FULL")
        for definition in schema { try run(target, definition) }
        let marks = Array(repeating: "?", count: width).joined(separator: ",")
        var statement: OpaquePointer?
        sqlite3_prepare_v2(target, "INSERT INTO statement VALUES (\(marks))", -1, &statement, nil)
        defer { sqlite3_finalize(statement) }
        let start = Date()
        for first in stride(from: 0, to: rows.count, by: batch) {
            try run(target, "BEGIN")
            for row in rows[first..<min(first + batch, rows.count)] {
                for (index, value) in row.enumerated() {
                    sqlite3_bind_value(statement, Int32(index + 1), value.pointer)
                }
                guard sqlite3_step(statement) == SQLITE_DONE else {
                    throw BenchError(String(cString: sqlite3_errmsg(target)))
                }
                sqlite3_reset(statement)
            }
            try run(target, "COMMIT")
        }
        return (rows.count, Date().timeIntervalSince(start))
    }

    /// A value kept after its row has gone.
    final class Kept {
        let pointer: OpaquePointer?
        init(_ value: OpaquePointer?) { pointer = sqlite3_value_dup(value) }
        deinit { sqlite3_value_free(pointer) }
    }

    /// Runs statements on a file, all in one transaction.
    static func script(_ path: String, _ statements: [String]) throws {
        let handle = try open(path)
        defer { sqlite3_close(handle) }
        try run(handle, "BEGIN")
        for statement in statements { try run(handle, statement) }
        try run(handle, "COMMIT")
    }

    private static func open(_ path: String) throws -> OpaquePointer? {
        var handle: OpaquePointer?
        guard sqlite3_open(path, &handle) == SQLITE_OK else { throw BenchError("\(path) cannot be opened") }
        return handle
    }

    private static func run(_ handle: OpaquePointer?, _ sql: String) throws {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
            throw BenchError(String(cString: sqlite3_errmsg(handle)))
        }
    }

    private static func texts(_ handle: OpaquePointer?, _ sql: String) throws -> [String] {
        try all(handle, sql).compactMap { row in sqlite3_value_text(row[0].pointer).map { String(cString: $0) } }
    }

    private static func all(_ handle: OpaquePointer?, _ sql: String) throws -> [[Kept]] {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
            throw BenchError(String(cString: sqlite3_errmsg(handle)))
        }
        defer { sqlite3_finalize(statement) }
        var rows: [[Kept]] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            rows.append((0..<sqlite3_column_count(statement)).map { Kept(sqlite3_column_value(statement, $0)) })
        }
        return rows
    }
}
