/// A database of either engine.
///
/// The body runs without suspending, inside one transaction, so what it read is
/// still true when it writes. Nothing asynchronous may happen within it.
public protocol Database: Sendable {
    var dialect: Dialect { get }

    /// Reads one consistent snapshot.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result

    /// Writes all of it or none of it; returns only after it is durable.
    ///
    /// Serialisable: runs again, up to a limit, on a clash, so the body must be free of other effects.
    /// Bodies that arrive together share one commit, each within its own savepoint.
    @discardableResult
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result

    /// Lets the reads of one piece of work, such as a page, see one moment and share what opening it costs.
    ///
    /// A write within it is a transaction of its own; what is read after it sees it.
    func snapshot<Result: Sendable>(
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result

    /// Ends every connection after what is under way.
    func close() async throws
}

/// A value of one row where the engine keeps it: valid until the visit of its row ends. See `Connection.scan`.
public enum RawValue {
    case null
    case integer(Int64)
    case real(Double)
    /// UTF-8.
    case text(UnsafeRawBufferPointer)
    case bytes(UnsafeRawBufferPointer)

    /// The number; nil when it is none.
    public var integer: Int? { if case .integer(let number) = self { Int(exactly: number) } else { nil } }
}

/// What `Connection.bulk` does with a row whose key is there already.
public enum Clash: Sendable {
    /// Refuses the whole call with `StorageError.duplicate`.
    case refuse
    /// Keeps the row that is there.
    case skip
    /// Overwrites every other column of the row that is there.
    case replace(key: [String])
}

/// The one connection that a transaction's body may use. Never leaves the body.
public protocol Connection {
    var dialect: Dialect { get }

    func rows(_ sql: SQL) throws -> [Row]

    /// Visits the rows one by one, in bounded memory.
    func each(_ sql: SQL, _ visit: (Row) throws -> Void) throws

    /// Visits the values of each row where the engine keeps them, in bounded memory: for millions of rows. Neither the
    /// values nor the list outlive their visit. The visit asks nothing else of the connection.
    func scan(_ sql: SQL, _ visit: ([RawValue]) throws -> Void) throws

    /// Returns the number of rows touched.
    @discardableResult func run(_ sql: SQL) throws -> Int

    /// Inserts many rows as fast as the engine can: one prepared statement (SQLite) or COPY (PostgreSQL).
    ///
    /// - Parameters:
    ///   - table: A table's name, written in the program, never taken from input.
    ///   - columns: The names, in the order of each row's values.
    ///   - rows: One value a column each, of the column's own type: `integer`, `real`, `text` or `bytes`.
    ///   - clash: What becomes of a row whose key is there already.
    /// - Returns: The number of rows inserted or overwritten.
    /// - Throws: `StorageError`, such as `.duplicate` when a clash is refused.
    @discardableResult
    func bulk(_ table: StaticString, _ columns: [String], _ rows: [[Value]], on clash: Clash) throws -> Int

    /// Takes successive numbers that were never given before.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - sequence: The name of a sequence made by `Migration.sequence`.
    /// - Returns: The first of them.
    /// - Throws: `StorageError.absent` for a sequence that was never made.
    func reserve(_ count: Int, of sequence: StaticString) throws -> Int
}

extension Connection {
    /// The first row, or nil.
    public func row(_ sql: SQL) throws -> Row? { try rows(sql).first }

    /// The first column of the first row, which must be there.
    public func value<Column: Storable>(_ sql: SQL, as _: Column.Type = Column.self) throws -> Column {
        guard let row = try row(sql) else { throw StorageError.absent(column: "row") }
        return try row.first()
    }

    /// Whether any row answers.
    public func holds(_ sql: SQL) throws -> Bool { try row(sql) != nil }
}

/// One row: values by column name.
public struct Row: Sendable {
    private let columns: [String]
    private let values: [Value]

    public init(columns: [String], values: [Value]) {
        precondition(columns.count == values.count, "a row has one value a column")
        self.columns = columns
        self.values = values
    }

    /// Reads a column that must be there and must not be null.
    public func get<Column: Storable>(_ name: String, as _: Column.Type = Column.self) throws(StorageError) -> Column {
        guard let column = Column(stored: try value(name)) else { throw .mistyped(column: name) }
        return column
    }

    /// Reads a column that may be null.
    public func find<Column: Storable>(
        _ name: String, as _: Column.Type = Column.self
    ) throws(StorageError) -> Column? {
        let value = try value(name)
        if value == .null { return nil }
        guard let column = Column(stored: value) else { throw .mistyped(column: name) }
        return column
    }

    /// Reads the first column, which must not be null.
    public func first<Column: Storable>(as _: Column.Type = Column.self) throws(StorageError) -> Column {
        guard let value = values.first, let column = Column(stored: value) else {
            throw .mistyped(column: columns.first ?? "")
        }
        return column
    }

    /// Every column with its value, in the order asked for.
    public var fields: [(name: String, value: Value)] { Array(zip(columns, values)).map { ($0.0, $0.1) } }

    private func value(_ name: String) throws(StorageError) -> Value {
        guard let index = columns.firstIndex(of: name) else { throw .absent(column: name) }
        return values[index]
    }
}

/// What an engine may throw, the same for both.
public enum StorageError: Error, Equatable {
    /// A unique constraint: the thing is there already.
    case duplicate(constraint: String)
    /// A foreign key or check constraint.
    case violated(constraint: String)
    /// Another transaction got there first, and still did after the last retry.
    case contended
    /// No connection could be had.
    case unreachable(String)
    /// Too many callers wait already.
    case busy
    /// The engine has no room on its disk for what was written. Reading goes on.
    case full
    /// A text with the character U+0000, which PostgreSQL cannot hold; neither engine takes it.
    case unstorable
    /// Not a Leeway database, or one of a newer program.
    case foreign(String)
    case absent(column: String)
    case mistyped(column: String)
    /// Anything else that the engine said. `code` is the engine's own.
    case engine(code: String, message: String)

    /// Whether it says something about the whole transaction, which the engine may have rolled back already; no
    /// savepoint helps then.
    public var endsTransaction: Bool {
        switch self {
        case .contended, .unreachable, .full: true
        default: false
        }
    }
}
