import Basis
import Foundation
public import Storage
import StoragePostgres
import StorageSQLite

/// Every engine that this machine can run. A store passes on all of them or it does not pass.
public enum Engine: String, CaseIterable, Sendable {
    case memory, file, postgres

    /// PostgreSQL is there when `LEEWAY_TEST_POSTGRES` holds the URL of a server that the test script started.
    public static var present: [Engine] {
        allCases.filter { $0 != .postgres || ProcessInfo.processInfo.environment["LEEWAY_TEST_POSTGRES"] != nil }
    }

    /// A database of its own, empty, migrated.
    public func database(_ migrations: [Migration]) async throws -> any Database {
        let database = try await empty()
        try await database.migrate(migrations, at: Moment(microseconds: 1_750_000_000_000_000))
        return database
    }

    /// A database of its own, without a table.
    public func empty() async throws -> any Database {
        switch self {
        case .memory: return try SQLiteDatabase(path: nil)
        case .file: return try SQLiteDatabase(path: try Scratch.path("leeway.sqlite"))
        case .postgres:
            let url = ProcessInfo.processInfo.environment["LEEWAY_TEST_POSTGRES"] ?? ""
            let schema = "t" + UUID().uuidString.lowercased().replacing("-", with: "")
            let admin = try PostgresDatabase(url: url, size: 1)
            try await admin.write { try $0.run(SQL(stringLiteral: "CREATE SCHEMA \(schema)")) }
            try await admin.close()
            return try PostgresDatabase(url: "\(url)&options=-csearch_path%3D\(schema)", size: 3)
        }
    }
}
