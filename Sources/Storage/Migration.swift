public import Basis

/// One step of the schema. Written once, never edited: the next change is the next step.
public struct Migration: Sendable {
    /// `module-number-what`, such as `people-0001-tenants`. The identity of the step.
    public let name: String
    public let steps: [SQL]

    public init(_ name: String, _ steps: SQL...) {
        self.name = name
        self.steps = steps
    }

    /// The statement that makes a sequence for `Connection.reserve`.
    ///
    /// SQLite has none, so its numbers stand in the table `sequence`, which every database has.
    public static func sequence(_ name: StaticString) -> SQL {
        let insert = "INSERT INTO sequence (name, next) VALUES ('\(name)', 1)"
        let create = "CREATE SEQUENCE \(name)_numbers"
        return "\(sqlite: insert, postgres: create)"
    }
}

extension Database {
    /// Applies the steps not yet applied, each in its own transaction, in order.
    ///
    /// - Returns: The names of the steps applied now.
    /// - Throws: `StorageError.foreign` when the ledger holds a step that `migrations` lacks (the database is newer
    ///   than the program), or when there are tables but no ledger (not a Leeway database).
    @discardableResult
    public func migrate(_ migrations: [Migration], at moment: Moment) async throws -> [String] {
        precondition(Set(migrations.map(\.name)).count == migrations.count, "a migration's name is used once")
        try await makeLedger()
        let applied = try await read { connection in
            try connection.rows("SELECT name FROM migration").map { try $0.get("name", as: String.self) }
        }
        let unknown = Set(applied).subtracting(migrations.map(\.name))
        if let step = unknown.min() {
            throw StorageError.foreign(
                "This database is newer than this program: it holds the step “\(step)”. Start a newer Leeway.")
        }
        let open = migrations.filter { !applied.contains($0.name) }
        for migration in open {
            try await write { connection in
                let done = try connection.holds("SELECT name FROM migration WHERE name = \(migration.name)")
                if done { return }
                for step in migration.steps { try connection.run(step) }
                try connection.run("INSERT INTO migration (name, applied_at) VALUES (\(migration.name), \(moment))")
            }
        }
        return open.map(\.name)
    }

    private func makeLedger() async throws {
        let present = try await read { connection in
            try connection.rows(
                """
                \(sqlite: "SELECT name AS name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
                postgres: "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()")
                """
            ).map { try $0.get("name", as: String.self) }
        }
        if present.contains("migration") { return }
        if let stranger = present.min() {
            throw StorageError.foreign(
                "This is not a Leeway database: it has a table “\(stranger)” and no ledger. Name another one.")
        }
        try await write { connection in
            try connection.run(
                """
                CREATE TABLE IF NOT EXISTS migration (
                    name TEXT PRIMARY KEY,
                    applied_at \(type: .integer) NOT NULL
                )\(SQL.strict)
                """)
            try connection.run(
                """
                CREATE TABLE IF NOT EXISTS sequence (
                    name TEXT PRIMARY KEY,
                    next \(type: .integer) NOT NULL
                )\(SQL.strict)
                """)
        }
    }
}
