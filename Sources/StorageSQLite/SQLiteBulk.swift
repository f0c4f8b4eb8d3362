import GRDB
import GRDBSQLite
import Storage

extension SQLiteConnection {
    /// One prepared statement, bound and stepped for each row, without a copy of text or bytes.
    @discardableResult
    func bulk(_ table: StaticString, _ columns: [String], _ rows: [[Value]], on clash: Clash) throws -> Int {
        if rows.isEmpty { return 0 }
        let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        var text = "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))"
        switch clash {
        case .refuse: break
        case .skip: text += " ON CONFLICT DO NOTHING"
        case .replace(let key):
            let sets = columns.filter { !key.contains($0) }.map { "\($0) = excluded.\($0)" }
            text += " ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE SET \(sets.joined(separator: ", "))"
        }
        let handle = database.sqliteConnection
        let statement = try database.cachedStatement(sql: text).sqliteStatement
        defer {
            sqlite3_reset(statement)
            // What was bound lived as long as its row only.
            sqlite3_clear_bindings(statement)
        }
        var touched = 0
        for row in rows {
            precondition(row.count == columns.count, "a row has one value a column")
            try step(statement, binding: row[...], at: 1, handle)
            touched += Int(sqlite3_changes(handle))
            sqlite3_reset(statement)
        }
        return touched
    }

    /// Binds what is left and then steps, so that each pointer lives until the step is done.
    private func step(
        _ statement: OpaquePointer?, binding values: ArraySlice<Value>, at index: Int32, _ handle: OpaquePointer?
    ) throws {
        guard let value = values.first else {
            let code = sqlite3_step(statement)
            if code != SQLITE_DONE { try check(code == SQLITE_ROW ? SQLITE_MISUSE : code, handle) }
            return
        }
        let rest = values.dropFirst()
        switch value {
        case .null: try check(sqlite3_bind_null(statement, index), handle)
        case .integer(let number): try check(sqlite3_bind_int64(statement, index, number), handle)
        case .real(let number): try check(sqlite3_bind_double(statement, index, number), handle)
        case .text(var text):
            return try text.withUTF8 { bytes in
                if bytes.contains(0) { throw StorageError.unstorable }
                let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
                try check(sqlite3_bind_text(statement, index, start, Int32(bytes.count), nil), handle)
                try step(statement, binding: rest, at: index + 1, handle)
            }
        case .bytes(let bytes):
            return try bytes.withUnsafeBytes { buffer in
                if buffer.isEmpty {
                    try check(sqlite3_bind_zeroblob(statement, index, 0), handle)
                } else {
                    try check(sqlite3_bind_blob(statement, index, buffer.baseAddress, Int32(buffer.count), nil), handle)
                }
                try step(statement, binding: rest, at: index + 1, handle)
            }
        }
        try step(statement, binding: rest, at: index + 1, handle)
    }

    private func check(_ code: Int32, _ handle: OpaquePointer?) throws {
        if code == SQLITE_OK { return }
        throw StorageError(sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle)))
    }
}
