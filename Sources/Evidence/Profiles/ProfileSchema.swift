import Storage

/// The tables of xAPI Profiles.
enum ProfileSchema {
    /// - `profile` holds the documents as they were loaded, each with how strict it is and which statements it is for.
    /// - `profile_finding` holds what stored statements do otherwise: one row for each place of a statement.
    static let profiles = Migration(
        "evidence-0020-profiles",
        """
        CREATE TABLE profile (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            mode TEXT NOT NULL CHECK (mode IN ('off', 'warn', 'refuse')),
            reach TEXT NOT NULL CHECK (reach IN ('declared', 'described')),
            document \(type: .bytes) NOT NULL,
            loaded_at \(type: .integer) NOT NULL,
            changed_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, id)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE profile_finding (
            tenant \(type: .integer) NOT NULL,
            profile TEXT NOT NULL,
            statement TEXT NOT NULL,
            position \(type: .integer) NOT NULL,
            place TEXT NOT NULL,
            name TEXT NOT NULL,
            pointer TEXT NOT NULL,
            detail TEXT NOT NULL,
            found_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, profile, statement, position)
        )\(SQL.strict)\(sqlite: ", WITHOUT ROWID", postgres: "")
        """)
}
