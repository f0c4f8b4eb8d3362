import Storage

/// The tables of learners' goals.
enum GoalsSchema {
    static let migrations = [
        Migration(
            "paths-0002-goals",
            """
            CREATE TABLE goal (
                tenant \(type: .integer) NOT NULL,
                id TEXT NOT NULL,
                person TEXT NOT NULL,
                skill TEXT NOT NULL,
                target \(type: .real) NOT NULL CHECK (target >= 0.5 AND target <= 0.95),
                start \(type: .real) NOT NULL,
                due_on \(type: .integer),
                note TEXT NOT NULL,
                set_at \(type: .integer) NOT NULL,
                changed_at \(type: .integer) NOT NULL,
                reached_at \(type: .integer),
                removed_at \(type: .integer),
                PRIMARY KEY (tenant, id)
            )\(SQL.strict)
            """,
            "CREATE INDEX goal_person ON goal (tenant, person)",
            "CREATE UNIQUE INDEX goal_skill ON goal (tenant, person, skill) WHERE removed_at IS NULL"
        )
    ]
}
