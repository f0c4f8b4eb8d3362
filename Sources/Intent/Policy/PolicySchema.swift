import Storage

/// What the leeway policy and the planner need beyond their first tables.
enum PolicySchema {
    /// In the order in which they are applied.
    static let migrations = [dailyLimits, openAssignments]

    /// The most minutes of mandates on one working day; NULL for no limit.
    static let dailyLimits = Migration(
        "intent-0021-daily-limits",
        """
        ALTER TABLE leeway_policy ADD COLUMN daily_limit \(type: .integer)
            CHECK (daily_limit BETWEEN 1 AND 480)
        """,
        """
        ALTER TABLE leeway_rule ADD COLUMN daily_limit \(type: .integer)
            CHECK (daily_limit BETWEEN 1 AND 480)
        """)

    /// The planner reads what is open of each mandate in the order of the people, without a look at the table.
    static let openAssignments = Migration(
        "intent-0022-open-assignments",
        "CREATE INDEX assignment_open ON assignment (tenant, mandate, person) WHERE state = 'open'")
}
