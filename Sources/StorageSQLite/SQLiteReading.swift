import GRDB
import GRDBSQLite
import Storage

/// Tells SQLite to make its own copy of what is bound.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

extension SQLiteConnection {
    /// Binds every value of a statement that is at rest.
    func bind(_ values: [Value], to statement: OpaquePointer) throws {
        for (place, value) in values.enumerated() {
            let index = Int32(place + 1)
            let code =
                switch value {
                case .null: sqlite3_bind_null(statement, index)
                case .integer(let number): sqlite3_bind_int64(statement, index, number)
                case .real(let number): sqlite3_bind_double(statement, index, number)
                case .text(let text): try bind(text, to: statement, at: index)
                case .bytes(let bytes):
                    bytes.isEmpty
                        ? sqlite3_bind_zeroblob(statement, index, 0)
                        : sqlite3_bind_blob(statement, index, bytes, Int32(bytes.count), transient)
                }
            if code != SQLITE_OK { throw failure() }
        }
    }

    /// - Throws: `StorageError.unstorable`.
    private func bind(_ text: String, to statement: OpaquePointer, at index: Int32) throws -> Int32 {
        var text = text
        return try text.withUTF8 { bytes in
            if bytes.contains(0) { throw StorageError.unstorable }
            // An empty buffer may have no address, which would bind NULL.
            guard let start = bytes.baseAddress else { return sqlite3_bind_text(statement, index, "", 0, transient) }
            return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                sqlite3_bind_text(statement, index, $0, Int32(bytes.count), transient)
            }
        }
    }

    private func failure() -> StorageError {
        let handle = database.sqliteConnection
        return StorageError(sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle)))
    }

    /// Steps through a bound statement, each value read straight from the engine.
    func step(_ statement: OpaquePointer, _ columns: [String], _ visit: (Storage.Row) throws -> Void) throws {
        defer { sqlite3_reset(statement) }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                let values = columns.indices.map { value(statement, Int32($0)) }
                try visit(Storage.Row(columns: columns, values: values))
            case SQLITE_DONE: return
            default: throw failure()
            }
        }
    }

    /// The same without a copy: one list for all rows, and texts where SQLite keeps them.
    func step(_ statement: OpaquePointer, width: Int, _ visit: ([RawValue]) throws -> Void) throws {
        defer { sqlite3_reset(statement) }
        var values = [RawValue](repeating: .null, count: width)
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                for place in 0..<width { values[place] = rawValue(statement, Int32(place)) }
                try visit(values)
            case SQLITE_DONE: return
            default: throw failure()
            }
        }
    }

    private func rawValue(_ statement: OpaquePointer, _ column: Int32) -> RawValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
        case SQLITE_TEXT:
            let start = UnsafeRawPointer(sqlite3_column_text(statement, column))
            return .text(
                UnsafeRawBufferPointer(
                    start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, column))))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(statement, column)
            return .bytes(
                UnsafeRawBufferPointer(
                    start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, column))))
        default: return .null
        }
    }

    private func value(_ statement: OpaquePointer, _ column: Int32) -> Value {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
        case SQLITE_TEXT:
            guard let start = sqlite3_column_text(statement, column) else { return .text("") }
            let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
            return .text(String(decoding: bytes, as: UTF8.self))
        case SQLITE_BLOB:
            guard let start = sqlite3_column_blob(statement, column) else { return .bytes([]) }
            return .bytes(
                Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))))
        default: return .null
        }
    }
}
