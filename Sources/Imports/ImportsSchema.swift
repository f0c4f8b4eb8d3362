public import Storage

/// The tables of imports.
public enum ImportsSchema {
    /// In the order in which they are applied.
    public static let migrations = [
        // `source` names the data set; `lines_done` lines of it, header included, are in the database whole, and
        // `digest` is the SHA-256 of exactly those lines.
        Migration(
            "imports-0001-progress",
            """
            CREATE TABLE import_progress (
                tenant \(type: .integer) NOT NULL,
                kind TEXT NOT NULL,
                source TEXT NOT NULL,
                digest \(type: .bytes) NOT NULL,
                lines_done \(type: .integer) NOT NULL CHECK (lines_done >= 1),
                started_at \(type: .integer) NOT NULL,
                changed_at \(type: .integer) NOT NULL,
                PRIMARY KEY (tenant, kind, source)
            )\(SQL.strict)
            """,
            """
            CREATE TABLE import_file (
                tenant \(type: .integer) NOT NULL,
                id TEXT NOT NULL,
                name TEXT NOT NULL,
                bytes \(type: .bytes) NOT NULL,
                created_at \(type: .integer) NOT NULL,
                PRIMARY KEY (tenant, id)
            )\(SQL.strict)
            """)
    ]
}
