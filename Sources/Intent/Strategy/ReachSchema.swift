import Storage

/// What strategies keep of how they are agreed on, read and understood.
enum ReachSchema {
    /// In the order in which they are applied.
    static let migrations = [reading, checks, allocations, targets]

    /// `opened_at` keeps its meaning: the page was shown. `dwelt_at` says that it was seen for as long as it takes to
    /// read it, which is what counts as opened.
    static let reading = Migration(
        "intent-0011-strategy-reading",
        "ALTER TABLE strategy ADD COLUMN summary TEXT NOT NULL DEFAULT ''",
        // When its page was last made for the person: no dwell can be longer than what has passed since.
        "ALTER TABLE strategy_delivery ADD COLUMN served_at \(type: .integer)",
        "ALTER TABLE strategy_delivery ADD COLUMN dwelt_at \(type: .integer)")

    static let checks = Migration(
        "intent-0012-strategy-checks",
        """
        CREATE TABLE strategy_check (
            tenant \(type: .integer) NOT NULL,
            strategy TEXT NOT NULL,
            version \(type: .integer) NOT NULL,
            asks_recall \(type: .integer) NOT NULL,
            set_at \(type: .integer) NOT NULL,
            by_person TEXT NOT NULL,
            PRIMARY KEY (tenant, strategy, version)
        )\(SQL.strict)
        """,
        "CREATE INDEX strategy_check_person ON strategy_check (tenant, by_person)",
        """
        CREATE TABLE strategy_question (
            tenant \(type: .integer) NOT NULL,
            strategy TEXT NOT NULL,
            version \(type: .integer) NOT NULL,
            place \(type: .integer) NOT NULL,
            body TEXT NOT NULL,
            options TEXT NOT NULL,
            correct \(type: .integer) NOT NULL CHECK (correct >= 0),
            feedback TEXT NOT NULL,
            PRIMARY KEY (tenant, strategy, version, place)
        )\(SQL.strict)
        """,
        // Once a version for each person: what was named freely, and what was recognised after that.
        """
        CREATE TABLE strategy_answer (
            tenant \(type: .integer) NOT NULL,
            strategy TEXT NOT NULL,
            version \(type: .integer) NOT NULL,
            person TEXT NOT NULL,
            recalled_at \(type: .integer),
            answered_at \(type: .integer),
            picks TEXT NOT NULL,
            PRIMARY KEY (tenant, strategy, version, person)
        )\(SQL.strict)
        """,
        "CREATE INDEX strategy_answer_person ON strategy_answer (tenant, person)",
        """
        CREATE TABLE strategy_recall (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            strategy TEXT NOT NULL,
            version \(type: .integer) NOT NULL,
            person TEXT NOT NULL,
            body TEXT NOT NULL,
            suggested TEXT,
            similarity_bp \(type: .integer) NOT NULL CHECK (similarity_bp BETWEEN 0 AND 10000),
            matched TEXT,
            settled_at \(type: .integer),
            settled_by TEXT,
            PRIMARY KEY (tenant, id),
            CHECK ((settled_at IS NULL) = (settled_by IS NULL))
        )\(SQL.strict)
        """,
        "CREATE INDEX strategy_recall_strategy ON strategy_recall (tenant, strategy, version)",
        "CREATE INDEX strategy_recall_person ON strategy_recall (tenant, person)",
        "CREATE INDEX strategy_recall_settled ON strategy_recall (tenant, settled_by)")

    static let targets = Migration(
        "intent-0021-priority-targets",
        "ALTER TABLE strategy_priority ADD COLUMN target_share \(type: .integer)",
        "ALTER TABLE strategy_priority ADD COLUMN target_level \(type: .integer)",
        "ALTER TABLE strategy_priority ADD COLUMN target_day \(type: .integer)")

    static let allocations = Migration(
        "intent-0013-strategy-allocations",
        """
        CREATE TABLE strategy_leader (
            tenant \(type: .integer) NOT NULL,
            strategy TEXT NOT NULL,
            version \(type: .integer) NOT NULL,
            person TEXT NOT NULL,
            invited_at \(type: .integer) NOT NULL,
            invited_by TEXT NOT NULL,
            allotted_at \(type: .integer),
            PRIMARY KEY (tenant, strategy, version, person)
        )\(SQL.strict)
        """,
        "CREATE INDEX strategy_leader_person ON strategy_leader (tenant, person)",
        "CREATE INDEX strategy_leader_inviter ON strategy_leader (tenant, invited_by)",
        """
        CREATE TABLE strategy_points (
            tenant \(type: .integer) NOT NULL,
            strategy TEXT NOT NULL,
            version \(type: .integer) NOT NULL,
            person TEXT NOT NULL,
            priority TEXT NOT NULL,
            points \(type: .integer) NOT NULL CHECK (points BETWEEN 0 AND 100),
            PRIMARY KEY (tenant, strategy, version, person, priority)
        )\(SQL.strict)
        """,
        "CREATE INDEX strategy_points_person ON strategy_points (tenant, person)",
        // Rules of governing itself: how long an escalation may wait, and how far leaders must agree.
        """
        CREATE TABLE governance_policy (
            tenant \(type: .integer) NOT NULL,
            version \(type: .integer) NOT NULL CHECK (version > 0),
            answer_days \(type: .integer) NOT NULL CHECK (answer_days BETWEEN 1 AND 60),
            agreement_bp \(type: .integer) CHECK (agreement_bp BETWEEN 0 AND 10000),
            since \(type: .integer) NOT NULL,
            by_person TEXT NOT NULL,
            PRIMARY KEY (tenant, version)
        )\(SQL.strict)
        """,
        "CREATE INDEX governance_policy_person ON governance_policy (tenant, by_person)")
}
