import CPostgres
import Foundation

/// PostgreSQL by libpq alone: the floor that an import on PostgreSQL is compared with.
final class RawPostgres {
    private let handle: OpaquePointer

    init(url: String) throws {
        guard let handle = PQconnectdb(url), PQstatus(handle) == CONNECTION_OK else {
            throw BenchError("PostgreSQL cannot be reached")
        }
        self.handle = handle
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit { PQfinish(handle) }

    /// The same server, another database.
    static func url(_ url: String, database: String) -> String {
        var parts = URLComponents(string: url)
        parts?.path = "/\(database)"
        return parts?.string ?? url
    }

    func run(_ sql: String) throws {
        let result = PQexec(handle, sql)
        defer { PQclear(result) }
        let status = PQresultStatus(result)
        guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else {
            throw BenchError(String(cString: PQerrorMessage(handle)))
        }
    }

    /// Takes all statement rows into memory, then copies them into a table with the same indexes, `batch` rows
    /// a transaction. Only the copying is timed.
    func copyStatements(batch: Int, limit: Int = .max) throws -> (rows: Int, seconds: Double) {
        let lines = try copyOut("COPY (SELECT * FROM statement LIMIT \(limit)) TO STDOUT")
        try run("CREATE TABLE statement_floor (LIKE statement INCLUDING ALL)")
        defer { try? run("DROP TABLE statement_floor") }
        let start = Date()
        for first in stride(from: 0, to: lines.count, by: batch) {
            PQclear(PQexec(handle, "COPY statement_floor FROM STDIN"))
            for line in lines[first..<min(first + batch, lines.count)] {
                guard PQputCopyData(handle, line, Int32(line.count)) == 1 else { throw BenchError("COPY broke") }
            }
            PQputCopyEnd(handle, nil)
            while let result = PQgetResult(handle) {
                defer { PQclear(result) }
                guard PQresultStatus(result) == PGRES_COMMAND_OK else {
                    throw BenchError(String(cString: PQerrorMessage(handle)))
                }
            }
        }
        return (lines.count, Date().timeIntervalSince(start))
    }

    private func copyOut(_ sql: String) throws -> [[CChar]] {
        PQclear(PQexec(handle, sql))
        var lines: [[CChar]] = []
        while true {
            var buffer: UnsafeMutablePointer<CChar>?
            let count = PQgetCopyData(handle, &buffer, 0)
            guard count > 0, let buffer else { break }
            lines.append(Array(UnsafeBufferPointer(start: buffer, count: Int(count))))
            PQfreemem(buffer)
        }
        while let result = PQgetResult(handle) { PQclear(result) }
        return lines
    }
}
