public import Storage

/// The tables of this module.
public enum SkillsSchema {
    /// In the order in which they are applied.
    public static let migrations = [
        Migration(
            "skills-0001-register",
            """
            CREATE TABLE skill (
                tenant \(type: .integer) NOT NULL,
                id TEXT NOT NULL,
                number \(type: .integer) NOT NULL,
                key TEXT NOT NULL,
                name TEXT NOT NULL,
                folded TEXT NOT NULL,
                description TEXT NOT NULL,
                framework TEXT NOT NULL,
                parent TEXT,
                created_at \(type: .integer) NOT NULL,
                changed_at \(type: .integer) NOT NULL,
                PRIMARY KEY (tenant, id),
                UNIQUE (tenant, key),
                UNIQUE (tenant, number)
            )\(SQL.strict)
            """,
            "CREATE INDEX skill_by_framework ON skill (tenant, framework, folded)",
            "CREATE INDEX skill_by_name ON skill (tenant, folded)",
            "CREATE INDEX skill_by_parent ON skill (tenant, parent)"
        )
    ]
}
