import Storage

/// The tables of the planner.
enum PlannerSchema {
    /// In the order in which they are applied.
    static let migrations = [overloads, joiners]

    /// Whom an override touches, and by how much: written as the override is, so that it can be shown to them.
    static let overloads = Migration(
        "paths-0001-overloads",
        """
        CREATE TABLE mandate_overload (
            tenant \(type: .integer) NOT NULL,
            mandate TEXT NOT NULL,
            revision \(type: .integer) NOT NULL,
            person TEXT NOT NULL,
            month \(type: .integer) NOT NULL,
            minutes \(type: .integer) NOT NULL CHECK (minutes > 0),
            PRIMARY KEY (tenant, mandate, revision, person, month)
        )\(SQL.strict)
        """,
        "CREATE INDEX mandate_overload_person ON mandate_overload (tenant, person)")

    /// Who joined an audience later and could not fit the mandate, and by how much.
    static let joiners = Migration(
        "paths-0021-joiners",
        """
        CREATE TABLE mandate_joiner (
            tenant \(type: .integer) NOT NULL,
            mandate TEXT NOT NULL,
            person TEXT NOT NULL,
            month \(type: .integer) NOT NULL,
            minutes \(type: .integer) NOT NULL CHECK (minutes > 0),
            noted_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, mandate, person, month)
        )\(SQL.strict)
        """,
        "CREATE INDEX mandate_joiner_person ON mandate_joiner (tenant, person)")
}
