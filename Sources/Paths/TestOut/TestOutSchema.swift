import Storage

/// The table of tests that stand in for learning what a mandate asks.
enum TestOutSchema {
    static let migrations = [
        Migration(
            "paths-0030-test-out",
            // Items by identity and answers by position, in the order in which they were asked.
            """
            CREATE TABLE test_out (
                tenant \(type: .integer) NOT NULL,
                id TEXT NOT NULL,
                mandate TEXT NOT NULL,
                person TEXT NOT NULL,
                number \(type: .integer) NOT NULL CHECK (number > 0),
                mark \(type: .integer) NOT NULL CHECK (mark BETWEEN 1 AND 100),
                items TEXT NOT NULL,
                answers TEXT NOT NULL,
                begun_at \(type: .integer) NOT NULL,
                ended_at \(type: .integer),
                correct \(type: .integer),
                is_passed \(type: .integer) CHECK (is_passed IN (0, 1)),
                PRIMARY KEY (tenant, id),
                UNIQUE (tenant, person, mandate, number),
                CHECK ((ended_at IS NULL) = (is_passed IS NULL)),
                CHECK ((ended_at IS NULL) = (correct IS NULL))
            )\(SQL.strict)
            """,
            "CREATE INDEX test_out_mandate ON test_out (tenant, mandate, is_passed)")
    ]
}
