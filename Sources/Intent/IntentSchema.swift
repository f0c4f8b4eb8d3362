public import Storage

/// The tables of strategy, register, mandates and the leeway policy.
public enum IntentSchema {
    /// In the order in which they are applied.
    public static let migrations =
        [changes, strategies, register, mandates, policy] + RegisterSchema.migrations + ReachSchema.migrations
        + QuestionSchema.migrations + RulesSchema.migrations + DocumentsSchema.migrations + PolicySchema.migrations
        + CertificationSchema.migrations + [mandateTests] + StrategyLetterSchema.migrations

    static let changes = Migration(
        "intent-0001-changes",
        """
        CREATE TABLE intent_change (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            subject_kind TEXT NOT NULL CHECK (subject_kind IN ('strategy', 'use', 'mandate', 'policy')),
            subject TEXT NOT NULL,
            what TEXT NOT NULL CHECK (what IN ('registered', 'drafted', 'revised', 'published', 'superseded',
                'withdrawn', 'discarded', 'retired', 'restored', 'overridden', 'moved', 'proposed', 'accepted',
                'declined', 'ended', 'refreshed')),
            person TEXT NOT NULL,
            at \(type: .integer) NOT NULL,
            reason TEXT NOT NULL,
            detail TEXT NOT NULL,
            PRIMARY KEY (tenant, id)
        )\(SQL.strict)
        """,
        "CREATE INDEX intent_change_subject ON intent_change (tenant, subject_kind, subject, at)",
        "CREATE INDEX intent_change_at ON intent_change (tenant, at)")

    static let strategies = Migration(
        "intent-0002-strategies",
        """
        CREATE TABLE strategy (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            version \(type: .integer) NOT NULL CHECK (version > 0),
            state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'superseded', 'withdrawn')),
            title TEXT NOT NULL,
            body TEXT NOT NULL,
            owner TEXT,
            audience TEXT,
            from_day \(type: .integer),
            until_day \(type: .integer),
            created_at \(type: .integer) NOT NULL,
            created_by TEXT NOT NULL,
            published_at \(type: .integer),
            ended_at \(type: .integer),
            PRIMARY KEY (tenant, id, version),
            CHECK (state = 'draft' OR (owner IS NOT NULL AND audience IS NOT NULL AND published_at IS NOT NULL))
        )\(SQL.strict)
        """,
        "CREATE UNIQUE INDEX strategy_draft ON strategy (tenant, id) WHERE state = 'draft'",
        "CREATE UNIQUE INDEX strategy_published ON strategy (tenant, id) WHERE state = 'published'",
        """
        CREATE TABLE strategy_priority (
            tenant \(type: .integer) NOT NULL,
            strategy TEXT NOT NULL,
            version \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            place \(type: .integer) NOT NULL,
            name TEXT NOT NULL,
            body TEXT NOT NULL,
            weight \(type: .integer) NOT NULL CHECK (weight BETWEEN 1 AND 10000),
            PRIMARY KEY (tenant, strategy, version, id)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE strategy_skill (
            tenant \(type: .integer) NOT NULL,
            strategy TEXT NOT NULL,
            version \(type: .integer) NOT NULL,
            priority TEXT NOT NULL,
            skill TEXT NOT NULL,
            place \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, strategy, version, priority, skill)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE strategy_delivery (
            tenant \(type: .integer) NOT NULL,
            strategy TEXT NOT NULL,
            version \(type: .integer) NOT NULL,
            person TEXT NOT NULL,
            delivered_at \(type: .integer),
            opened_at \(type: .integer),
            acknowledged_at \(type: .integer),
            PRIMARY KEY (tenant, strategy, version, person),
            CHECK (opened_at IS NULL OR delivered_at IS NOT NULL),
            CHECK (acknowledged_at IS NULL OR opened_at IS NOT NULL)
        )\(SQL.strict)
        """,
        "CREATE INDEX strategy_delivery_person ON strategy_delivery (tenant, person)")

    static let register = Migration(
        "intent-0003-register",
        """
        CREATE TABLE ai_use (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            revision \(type: .integer) NOT NULL CHECK (revision > 0),
            name TEXT NOT NULL,
            purpose TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('tool', 'feature', 'model', 'practice')),
            provider TEXT NOT NULL,
            model TEXT NOT NULL,
            hosting TEXT NOT NULL,
            data_classes TEXT NOT NULL,
            audience TEXT NOT NULL,
            cost TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('idea', 'sandbox', 'pilot', 'live', 'suspended', 'retired')),
            risk TEXT NOT NULL,
            review_on \(type: .integer),
            opt_out TEXT NOT NULL,
            created_at \(type: .integer) NOT NULL,
            created_by TEXT NOT NULL,
            changed_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, id),
            CHECK (review_on IS NOT NULL OR status NOT IN ('pilot', 'live'))
        )\(SQL.strict)
        """,
        """
        CREATE TABLE responsibility (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            ai_use TEXT NOT NULL,
            part TEXT NOT NULL CHECK (part IN ('accountable', 'responsible', 'consulted', 'informed')),
            person TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'declined', 'withdrawn', 'ended')),
            reason TEXT NOT NULL,
            proposed_by TEXT NOT NULL,
            proposed_at \(type: .integer) NOT NULL,
            answered_at \(type: .integer),
            ended_at \(type: .integer),
            PRIMARY KEY (tenant, id),
            FOREIGN KEY (tenant, ai_use) REFERENCES ai_use (tenant, id)
        )\(SQL.strict)
        """,
        // Exactly one accountable owner, and one open question who that should be: held by the schema.
        """
        CREATE UNIQUE INDEX responsibility_accountable ON responsibility (tenant, ai_use)
        WHERE part = 'accountable' AND state = 'accepted'
        """,
        """
        CREATE UNIQUE INDEX responsibility_proposed ON responsibility (tenant, ai_use)
        WHERE part = 'accountable' AND state = 'proposed'
        """,
        "CREATE INDEX responsibility_use ON responsibility (tenant, ai_use, proposed_at)",
        "CREATE INDEX responsibility_person ON responsibility (tenant, person, state)")

    static let mandates = Migration(
        "intent-0004-mandates",
        """
        CREATE TABLE mandate (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
            revision \(type: .integer) NOT NULL CHECK (revision >= 0),
            asker TEXT NOT NULL,
            content TEXT,
            title TEXT NOT NULL,
            priority TEXT,
            basis TEXT NOT NULL,
            why TEXT NOT NULL,
            minutes \(type: .integer) NOT NULL CHECK (minutes BETWEEN 1 AND 6000),
            audience TEXT NOT NULL,
            deadline \(type: .integer) NOT NULL,
            created_at \(type: .integer) NOT NULL,
            created_by TEXT NOT NULL,
            published_at \(type: .integer),
            retired_at \(type: .integer),
            PRIMARY KEY (tenant, id),
            CHECK (priority IS NOT NULL OR basis <> ''),
            CHECK (state = 'draft' OR revision > 0)
        )\(SQL.strict)
        """,
        "CREATE INDEX mandate_state ON mandate (tenant, state, deadline)",
        "CREATE INDEX mandate_content ON mandate (tenant, content)",
        """
        CREATE TABLE mandate_revision (
            tenant \(type: .integer) NOT NULL,
            mandate TEXT NOT NULL,
            revision \(type: .integer) NOT NULL,
            minutes \(type: .integer) NOT NULL,
            deadline \(type: .integer) NOT NULL,
            audience TEXT NOT NULL,
            people \(type: .integer) NOT NULL,
            people_over \(type: .integer) NOT NULL,
            minutes_over \(type: .integer) NOT NULL,
            override_reason TEXT,
            at \(type: .integer) NOT NULL,
            by_person TEXT NOT NULL,
            PRIMARY KEY (tenant, mandate, revision),
            FOREIGN KEY (tenant, mandate) REFERENCES mandate (tenant, id),
            CHECK ((people_over = 0) = (override_reason IS NULL))
        )\(SQL.strict)
        """,
        """
        CREATE TABLE assignment (
            tenant \(type: .integer) NOT NULL,
            mandate TEXT NOT NULL,
            person TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('open', 'completed', 'held', 'released')),
            assigned_at \(type: .integer) NOT NULL,
            completed_at \(type: .integer),
            PRIMARY KEY (tenant, mandate, person),
            CHECK ((completed_at IS NULL) = (state IN ('open', 'released')))
        )\(SQL.strict)
        """,
        "CREATE INDEX assignment_person ON assignment (tenant, person, state)",
        """
        CREATE TABLE mandate_spending (
            tenant \(type: .integer) NOT NULL,
            person TEXT NOT NULL,
            month \(type: .integer) NOT NULL,
            mandate TEXT NOT NULL,
            duration_us \(type: .integer) NOT NULL CHECK (duration_us >= 0),
            PRIMARY KEY (tenant, person, month, mandate)
        )\(SQL.strict)
        """)

    /// Whether a test may stand in for the learning, and with how much it is passed.
    static let mandateTests = Migration(
        "mandate-0001-test-out",
        """
        ALTER TABLE mandate ADD COLUMN test_mark \(type: .integer) NOT NULL DEFAULT 80
            CHECK (test_mark BETWEEN 50 AND 100)
        """,
        "ALTER TABLE mandate ADD COLUMN test_refusal TEXT NOT NULL DEFAULT ''")

    static let policy = Migration(
        "intent-0005-policy",
        """
        CREATE TABLE leeway_policy (
            tenant \(type: .integer) NOT NULL,
            version \(type: .integer) NOT NULL CHECK (version > 0),
            minutes \(type: .integer) NOT NULL CHECK (minutes BETWEEN 0 AND 4800),
            share_bp \(type: .integer) NOT NULL CHECK (share_bp BETWEEN 0 AND 10000),
            note TEXT NOT NULL,
            since \(type: .integer) NOT NULL,
            by_person TEXT NOT NULL,
            PRIMARY KEY (tenant, version)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE leeway_rule (
            tenant \(type: .integer) NOT NULL,
            version \(type: .integer) NOT NULL,
            place \(type: .integer) NOT NULL,
            name TEXT NOT NULL,
            audience TEXT NOT NULL,
            minutes \(type: .integer) NOT NULL CHECK (minutes BETWEEN 0 AND 4800),
            share_bp \(type: .integer) NOT NULL CHECK (share_bp BETWEEN 0 AND 10000),
            PRIMARY KEY (tenant, version, place),
            FOREIGN KEY (tenant, version) REFERENCES leeway_policy (tenant, version)
        )\(SQL.strict)
        """)
}
