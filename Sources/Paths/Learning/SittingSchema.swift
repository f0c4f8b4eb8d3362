import Storage

/// The tables of sittings.
enum SittingSchema {
    static let migrations = [
        Migration(
            "paths-0003-sittings",
            """
            CREATE TABLE sitting (
                tenant \(type: .integer) NOT NULL,
                id TEXT NOT NULL,
                person TEXT NOT NULL,
                content TEXT NOT NULL,
                choice TEXT NOT NULL CHECK (choice IN ('own', 'asked')),
                opened_at \(type: .integer) NOT NULL,
                moved_at \(type: .integer) NOT NULL,
                read_at \(type: .integer),
                ended_at \(type: .integer),
                spent_us \(type: .integer) NOT NULL CHECK (spent_us >= 0),
                PRIMARY KEY (tenant, id)
            )\(SQL.strict)
            """,
            "CREATE INDEX sitting_open ON sitting (tenant, person, moved_at) WHERE ended_at IS NULL",
            """
            CREATE TABLE sitting_answer (
                tenant \(type: .integer) NOT NULL,
                sitting TEXT NOT NULL,
                item TEXT NOT NULL,
                chosen TEXT NOT NULL,
                is_right \(type: .integer) CHECK (is_right IN (0, 1)),
                score \(type: .real) NOT NULL,
                answered_at \(type: .integer) NOT NULL,
                PRIMARY KEY (tenant, sitting, item)
            )\(SQL.strict)
            """
        )
    ]
}
