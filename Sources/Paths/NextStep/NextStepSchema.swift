import Storage

/// The tables of suggestions and of the learner's controls over them.
///
/// `suggestion_set` holds everything that ranked the suggestions, so that each can be shown, re-run and audited.
enum NextStepSchema {
    static let migrations = [
        Migration(
            "paths-0004-suggestions",
            """
            CREATE TABLE suggestion_set (
                tenant \(type: .integer) NOT NULL,
                id TEXT NOT NULL,
                person TEXT NOT NULL,
                day \(type: .integer) NOT NULL,
                made_at \(type: .integer) NOT NULL,
                basis TEXT NOT NULL,
                is_personal \(type: .integer) NOT NULL CHECK (is_personal IN (0, 1)),
                model TEXT NOT NULL,
                ranker TEXT NOT NULL,
                inputs TEXT NOT NULL,
                is_current \(type: .integer) NOT NULL CHECK (is_current IN (0, 1)),
                PRIMARY KEY (tenant, id)
            )\(SQL.strict)
            """,
            "CREATE UNIQUE INDEX suggestion_set_current ON suggestion_set (tenant, person) WHERE is_current = 1",
            """
            CREATE TABLE suggestion (
                tenant \(type: .integer) NOT NULL,
                id TEXT NOT NULL,
                set_id TEXT NOT NULL,
                person TEXT NOT NULL,
                place \(type: .integer) NOT NULL,
                pick \(type: .integer) NOT NULL,
                seed TEXT NOT NULL,
                beside TEXT NOT NULL,
                target TEXT NOT NULL,
                skill TEXT,
                title TEXT NOT NULL,
                minutes \(type: .integer),
                chance \(type: .real),
                score \(type: .real) NOT NULL,
                propensity \(type: .real) NOT NULL CHECK (propensity > 0 AND propensity <= 1),
                reasons TEXT NOT NULL,
                serves_kind TEXT CHECK (serves_kind IN ('goal', 'strategy', 'mandate')),
                serves TEXT,
                serves_name TEXT,
                state TEXT NOT NULL CHECK (state IN ('shown', 'chosen', 'dismissed', 'known', 'swapped')),
                state_at \(type: .integer) NOT NULL,
                PRIMARY KEY (tenant, id)
            )\(SQL.strict)
            """,
            "CREATE INDEX suggestion_by_set ON suggestion (tenant, set_id)",
            """
            CREATE TABLE suggestion_exclusion (
                tenant \(type: .integer) NOT NULL,
                person TEXT NOT NULL,
                target TEXT NOT NULL,
                why TEXT NOT NULL CHECK (why IN ('dismissed', 'known')),
                title TEXT NOT NULL,
                at \(type: .integer) NOT NULL,
                PRIMARY KEY (tenant, person, target)
            )\(SQL.strict)
            """,
            """
            CREATE TABLE saved_content (
                tenant \(type: .integer) NOT NULL,
                person TEXT NOT NULL,
                content TEXT NOT NULL,
                saved_at \(type: .integer) NOT NULL,
                PRIMARY KEY (tenant, person, content)
            )\(SQL.strict)
            """,
            """
            CREATE TABLE learner_setting (
                tenant \(type: .integer) NOT NULL,
                person TEXT NOT NULL,
                is_personal \(type: .integer) NOT NULL CHECK (is_personal IN (0, 1)),
                dial \(type: .real) NOT NULL CHECK (dial >= 0.55 AND dial <= 0.85),
                changed_at \(type: .integer) NOT NULL,
                PRIMARY KEY (tenant, person)
            )\(SQL.strict)
            """
        )
    ]
}
