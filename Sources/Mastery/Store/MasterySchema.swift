public import Storage

/// The tables of what learners know.
public enum MasterySchema {
    public static let migrations: [Migration] = [
        Migration(
            "mastery-0001-states",
            """
            CREATE TABLE mastery_state (
                tenant \(type: .integer) NOT NULL,
                person TEXT NOT NULL,
                state \(type: .bytes) NOT NULL,
                model TEXT NOT NULL,
                answers \(type: .integer) NOT NULL CHECK (answers >= 0),
                updated_at \(type: .integer) NOT NULL,
                PRIMARY KEY (tenant, person)
            )\(SQL.strict)
            """,
            """
            CREATE TABLE mastery_item (
                tenant \(type: .integer) NOT NULL,
                item \(type: .integer) NOT NULL,
                difficulty \(type: .real) NOT NULL,
                answers \(type: .integer) NOT NULL CHECK (answers >= 0),
                PRIMARY KEY (tenant, item)
            )\(SQL.strict)
            """,
            """
            CREATE TABLE mastery_pool (
                tenant \(type: .integer) NOT NULL,
                skill \(type: .integer) NOT NULL,
                item \(type: .integer) NOT NULL,
                PRIMARY KEY (tenant, skill, item)
            )\(SQL.strict)
            """,
            """
            CREATE TABLE mastery_skill (
                tenant \(type: .integer) NOT NULL,
                skill \(type: .integer) NOT NULL,
                difficulty \(type: .real) NOT NULL,
                answers \(type: .integer) NOT NULL CHECK (answers >= 0),
                PRIMARY KEY (tenant, skill)
            )\(SQL.strict)
            """
        )
    ]
}
