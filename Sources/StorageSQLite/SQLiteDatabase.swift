import Foundation
import GRDB
import GRDBSQLite
public import Storage

/// SQLite through GRDB. One writer, many readers, write-ahead log, every commit on disk before it is answered.
public final class SQLiteDatabase: Storage.Database {
    private let writer: any GRDB.DatabaseWriter
    /// Nil in memory, where there is one connection only.
    private let snapshots: SnapshotReaders?
    private let queue = WriteQueue(pause: { Thread.sleep(forTimeInterval: 0.005 * Double($0)) })

    public var dialect: Dialect { .sqlite }

    /// - Parameters:
    ///   - path: A file, made if absent. `nil` is a database in memory.
    ///   - cacheKibibytes: The page cache of the writer; each of the sixteen readers has a sixteenth of it.
    /// - Throws: `StorageError.foreign` when the file is no SQLite database, `.unreachable` when it cannot be opened.
    public init(path: String?, cacheKibibytes: Int = 65_536) throws {
        var configuration = GRDB.Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 8
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            let isReader = database.configuration.readonly
            try database.execute(sql: "PRAGMA cache_size = -\(isReader ? cacheKibibytes / 16 : cacheKibibytes)")
            // Pages that many commits touch go into the file once, not every 1,000 pages.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 8000")
        }
        do {
            if let path {
                writer = try DatabasePool(path: path, configuration: configuration)
                snapshots = SnapshotReaders(
                    path: path, configuration: configuration, limit: configuration.maximumReaderCount)
            } else {
                writer = try DatabaseQueue(configuration: configuration)
                snapshots = nil
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
            throw StorageError.foreign("The file is not an SQLite database. Name another one.")
        } catch let error as DatabaseError {
            throw StorageError.unreachable(error.message ?? "The file cannot be opened.")
        } catch {
            throw StorageError.unreachable("The file cannot be opened.")
        }
    }

    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Storage.Connection) throws -> Result
    ) async throws -> Result {
        if let snapshot = SQLiteSnapshot.current, snapshot.readers === snapshots {
            return try await snapshot.read(body)
        }
        return try await writer.read { database in
            try translating { try body(SQLiteConnection(database: database)) }
        }
    }

    @discardableResult
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Storage.Connection) throws -> Result
    ) async throws -> Result {
        if let snapshot = SQLiteSnapshot.current, snapshot.readers === snapshots { await snapshot.end() }
        return try await withCheckedThrowingContinuation { continuation in
            queue.add(body) { continuation.resume(with: $0) }
            // Each write asks for one visit of the writer; the first visit takes all that wait.
            writer.asyncWriteWithoutTransaction { [queue] database in
                queue.commit(on: SQLiteConnection(database: database))
            }
        }
    }

    /// Holds a connection of its own from the first read to the end.
    public func snapshot<Result: Sendable>(
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        guard let snapshots, SQLiteSnapshot.current == nil else { return try await body() }
        let snapshot = SQLiteSnapshot(readers: snapshots)
        return try await SQLiteSnapshot.$current.withValue(snapshot) {
            do {
                let result = try await body()
                await snapshot.end()
                return result
            } catch {
                await snapshot.end()
                throw error
            }
        }
    }

    public func close() async throws {
        try snapshots?.close()
        try writer.close()
    }
}

struct SQLiteConnection: WriteSession {
    let database: GRDB.Database

    var dialect: Dialect { .sqlite }

    func begin() throws { try run("BEGIN IMMEDIATE") }
    func commit() throws { try run("COMMIT") }
    func rollBack() { if database.isInsideTransaction { _ = try? run("ROLLBACK") } }

    func rows(_ sql: Storage.SQL) throws -> [Storage.Row] {
        var rows: [Storage.Row] = []
        try each(sql) { rows.append($0) }
        return rows
    }

    func each(_ sql: Storage.SQL, _ visit: (Storage.Row) throws -> Void) throws {
        try translating {
            let statement = try bound(sql)
            try step(statement.sqliteStatement, statement.columnNames, visit)
        }
    }

    func scan(_ sql: Storage.SQL, _ visit: ([RawValue]) throws -> Void) throws {
        try translating {
            let statement = try bound(sql)
            try step(statement.sqliteStatement, width: statement.columnCount, visit)
        }
    }

    /// A statement at rest, its values bound.
    private func bound(_ sql: Storage.SQL) throws -> GRDB.Statement {
        let (text, values) = sql.rendered(for: .sqlite)
        var statement = try database.cachedStatement(sql: text)
        // A visit may ask the same question again, while its own answer is still under way.
        if sqlite3_stmt_busy(statement.sqliteStatement) != 0 { statement = try database.makeStatement(sql: text) }
        try bind(values, to: statement.sqliteStatement)
        return statement
    }

    @discardableResult func run(_ sql: Storage.SQL) throws -> Int {
        try translating {
            let (text, values) = sql.rendered(for: .sqlite)
            try database.cachedStatement(sql: text).execute(arguments: try arguments(values))
            return database.changesCount
        }
    }

    func reserve(_ count: Int, of sequence: StaticString) throws -> Int {
        let row = try row(
            """
            UPDATE sequence SET next = next + \(count) WHERE name = \("\(sequence)")
            RETURNING next - \(count) AS first
            """
        )
        guard let row else { throw StorageError.absent(column: "sequence \(sequence)") }
        return try row.get("first")
    }

    /// - Throws: `StorageError.unstorable`.
    private func arguments(_ values: [Value]) throws -> StatementArguments {
        StatementArguments(
            try values.map { value -> DatabaseValue in
                switch value {
                case .null: return .null
                case .integer(let number): return number.databaseValue
                case .real(let number): return number.databaseValue
                case .text(let text):
                    if text.utf8.contains(0) { throw StorageError.unstorable }
                    return text.databaseValue
                case .bytes(let bytes): return Data(bytes).databaseValue
                }
            }
        )
    }
}

private func translating<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as DatabaseError {
        throw StorageError(error.extendedResultCode.rawValue, message: error.message ?? "")
    }
}

extension StorageError {
    /// - Source: the result codes of sqlite.org/rescode.html.
    init(_ code: Int32, message: String) {
        self =
            switch (code, code & 0xFF) {
            case (2067, _), (1555, _): .duplicate(constraint: message)
            case (_, 19): .violated(constraint: message)
            case (_, 5), (_, 6): .contended
            // SQLITE_FULL, and what the shared memory of the write-ahead log says when it cannot grow.
            case (_, 13), (4874, _): .full
            case (_, 26): .foreign("The file is not an SQLite database. Name another one.")
            default: .engine(code: "\(code)", message: message)
            }
    }
}
