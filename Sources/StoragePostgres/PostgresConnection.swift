private import CPostgres
import Storage

/// Safe to send because `IdleList` hands each one to a single thread at a time.
final class PostgresConnection: WriteSession, @unchecked Sendable {
    private let handle: OpaquePointer

    var dialect: Dialect { .postgres }

    init(url: String) throws {
        guard let handle = PQconnectdb(url) else { throw StorageError.unreachable("out of memory") }
        guard PQstatus(handle) == CONNECTION_OK else {
            defer { PQfinish(handle) }
            throw StorageError.unreachable(sentence(String(cString: PQerrorMessage(handle))))
        }
        self.handle = handle
        // Notices ("relation exists, skipping") say nothing that an error would not.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit { PQfinish(handle) }

    func begin() throws { try begin("BEGIN ISOLATION LEVEL SERIALIZABLE") }

    /// Opens a transaction; connects again, once, when the server has gone away meanwhile.
    func begin(_ sql: SQL) throws {
        do {
            try run(sql)
        } catch StorageError.unreachable {
            PQreset(handle)
            try run(sql)
        }
    }

    func commit() throws { try run("COMMIT") }

    /// Does nothing when the engine has rolled back already, as after a failed COMMIT.
    func rollBack() {
        if PQtransactionStatus(handle) != PQTRANS_IDLE { _ = try? run("ROLLBACK") }
    }

    func rows(_ sql: SQL) throws -> [Row] {
        let result = try query(sql)
        defer { PQclear(result) }
        return try rows(in: result)
    }

    func each(_ sql: SQL, _ visit: (Row) throws -> Void) throws {
        try run("DECLARE walk NO SCROLL CURSOR FOR " + sql)
        while true {
            let batch = try rows("FETCH 1000 FROM walk")
            for row in batch { try visit(row) }
            if batch.count < 1_000 { break }
        }
        try run("CLOSE walk")
    }

    func scan(_ sql: SQL, _ visit: ([RawValue]) throws -> Void) throws {
        // All of it is read: plans that only begin sooner are no help.
        try run("SET LOCAL cursor_tuple_fraction = 1")
        try run("DECLARE scan NO SCROLL CURSOR FOR " + sql)
        var values: [RawValue] = []
        while true {
            let result = try query("FETCH 10000 FROM scan")
            defer { PQclear(result) }
            let (count, width) = (PQntuples(result), PQnfields(result))
            let types = (0..<width).map { PQftype(result, $0) }
            if values.isEmpty { values = Array(repeating: .null, count: Int(width)) }
            for row in 0..<count {
                for column in 0..<width {
                    values[Int(column)] = try rawValue(in: result, row: row, column: column, type: types[Int(column)])
                }
                try visit(values)
            }
            if count < 10_000 { break }
        }
        try run("CLOSE scan")
    }

    @discardableResult func run(_ sql: SQL) throws -> Int {
        let result = try change(sql)
        defer { PQclear(result) }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    func reserve(_ count: Int, of sequence: StaticString) throws -> Int {
        // Sequences stand outside transactions, so a lock held only for this call keeps blocks apart. Each level of
        // the query runs before the one around it: lock, take, unlock, in one round trip.
        let name = "\(sequence)_numbers"
        let key = "hashtext('\(name)')"
        let row = try row(
            SQL(
                stringLiteral: """
                    SELECT last, pg_advisory_unlock(\(key)) AS freed FROM (
                        SELECT setval('\(name)'::regclass, nextval('\(name)'::regclass) + \(count - 1)) AS last
                        FROM (SELECT pg_advisory_lock(\(key)) AS held OFFSET 0) AS locked OFFSET 0) AS taken
                    """))
        guard let row else { throw StorageError.absent(column: "sequence \(sequence)") }
        return try row.get("last", as: Int.self) - count + 1
    }

    @discardableResult
    func bulk(_ table: StaticString, _ columns: [String], _ rows: [[Value]], on clash: Clash) throws -> Int {
        if rows.isEmpty { return 0 }
        let list = columns.joined(separator: ", ")
        if case .refuse = clash { return try copy(into: "\(table)", list, rows, width: columns.count) }
        let holder = "\(table)_incoming"
        try run(SQL(stringLiteral: "DROP TABLE IF EXISTS \(holder)"))
        try run(
            SQL(
                stringLiteral: "CREATE TEMPORARY TABLE \(holder) ON COMMIT DROP AS SELECT \(list) FROM \(table) LIMIT 0"
            ))
        try copy(into: holder, list, rows, width: columns.count)
        var insert = "INSERT INTO \(table) (\(list)) SELECT \(list) FROM \(holder)"
        if case .replace(let key) = clash {
            let sets = columns.filter { !key.contains($0) }.map { "\($0) = excluded.\($0)" }
            insert += " ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE SET \(sets.joined(separator: ", "))"
        } else {
            insert += " ON CONFLICT DO NOTHING"
        }
        return try run(SQL(stringLiteral: insert))
    }

    @discardableResult
    private func copy(into table: String, _ list: String, _ rows: [[Value]], width: Int) throws -> Int {
        let start = PQexec(handle, "COPY \(table) (\(list)) FROM STDIN (FORMAT binary)")
        defer { PQclear(start) }
        guard PQresultStatus(start) == PGRES_COPY_IN else { throw failure(start) }
        do {
            var buffer = CopyBuffer()
            for row in rows {
                precondition(row.count == width, "a row has one value a column")
                try buffer.append(row)
                if buffer.isFull { try send(&buffer) }
            }
            buffer.finish()
            try send(&buffer)
        } catch {
            // The connection takes no other command before the copy has ended.
            PQputCopyEnd(handle, "given up")
            while let rest = PQgetResult(handle) { PQclear(rest) }
            throw error
        }
        guard PQputCopyEnd(handle, nil) == 1 else {
            throw StorageError.unreachable(sentence(String(cString: PQerrorMessage(handle))))
        }
        let end = PQgetResult(handle)
        defer {
            PQclear(end)
            while let more = PQgetResult(handle) { PQclear(more) }
        }
        guard PQresultStatus(end) == PGRES_COMMAND_OK else { throw failure(end) }
        return Int(String(cString: PQcmdTuples(end))) ?? 0
    }

    private func send(_ buffer: inout CopyBuffer) throws {
        let sent = buffer.bytes.withUnsafeBytes { bytes in
            bytes.isEmpty
                ? 1 : PQputCopyData(handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
        }
        buffer.empty()
        guard sent == 1 else { throw StorageError.unreachable(sentence(String(cString: PQerrorMessage(handle)))) }
    }

    /// Runs what gives rows, in binary.
    ///
    /// Nothing is prepared: a plan that is kept from when a table was empty reads all of it when it is full.
    private func query(_ sql: SQL) throws -> OpaquePointer { try execute(sql, resultFormat: 1) }

    /// Runs what gives no rows.
    private func change(_ sql: SQL) throws -> OpaquePointer { try execute(sql, resultFormat: 0) }

    private func execute(_ sql: SQL, resultFormat: Int32) throws -> OpaquePointer {
        let (text, values) = sql.rendered(for: .postgres)
        // Without parameters and rows one message will do.
        if values.isEmpty, resultFormat == 0 { return try checked(PQexec(handle, text)) }
        return try checked(
            withParameters(values) { parameters in
                PQexecParams(
                    handle, text, parameters.count, nil, parameters.values, parameters.lengths, parameters.formats,
                    resultFormat)
            })
    }

    private func checked(_ result: OpaquePointer?) throws -> OpaquePointer {
        guard let result else { throw StorageError.unreachable(sentence(String(cString: PQerrorMessage(handle)))) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return result
        default:
            defer { PQclear(result) }
            throw failure(result)
        }
    }

    private func failure(_ result: OpaquePointer?) -> StorageError {
        if PQstatus(handle) != CONNECTION_OK {
            return .unreachable(sentence(String(cString: PQerrorMessage(handle))))
        }
        // The codes are macros of character constants, which Swift does not import.
        func field(_ code: Unicode.Scalar) -> String {
            PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) } ?? ""
        }
        let (state, message, constraint) = (field("C"), field("M"), field("n"))
        return switch state {
        case "23505": .duplicate(constraint: constraint)
        case _ where state.hasPrefix("23"): .violated(constraint: constraint)
        case "40001", "40P01": .contended
        case "53100": .full
        case "53300": .busy
        case _ where state.hasPrefix("08") || state.hasPrefix("57P"): .unreachable(message)
        default: .engine(code: state, message: message)
        }
    }

    private func rows(in result: OpaquePointer) throws -> [Row] {
        let columns = 0..<PQnfields(result)
        let names = columns.map { String(cString: PQfname(result, $0)) }
        let types = columns.map { PQftype(result, $0) }
        return try (0..<PQntuples(result)).map { row in
            let values = try columns.map { column in
                try value(in: result, row: row, column: column, type: types[Int(column)], name: names[Int(column)])
            }
            return Row(columns: names, values: values)
        }
    }

    private func rawValue(
        in result: OpaquePointer, row: Int32, column: Int32, type: UInt32
    ) throws(StorageError) -> RawValue {
        if PQgetisnull(result, row, column) == 1 { return .null }
        let field = UnsafeRawBufferPointer(
            start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
        guard let value = RawValue(binary: field, type: type) else { throw .mistyped(column: "\(column)") }
        return value
    }

    private func value(
        in result: OpaquePointer, row: Int32, column: Int32, type: UInt32, name: String
    ) throws(StorageError) -> Value {
        if PQgetisnull(result, row, column) == 1 { return .null }
        guard let start = PQgetvalue(result, row, column) else { throw .mistyped(column: name) }
        let field = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        guard let value = Value(binary: field, type: type) else { throw .mistyped(column: name) }
        return value
    }
}

/// The first line that the engine said, without its prefix.
private func sentence(_ message: String) -> String {
    let line = message.split(separator: "\n").first.map(String.init) ?? message
    return line.hasPrefix("connection to server") ? line : line.replacing("ERROR:  ", with: "")
}
