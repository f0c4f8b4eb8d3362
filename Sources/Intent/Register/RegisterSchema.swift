import Storage

/// What the register keeps beside its entries: classifications, stand-ins, and learners' experiments.
enum RegisterSchema {
    /// In the order in which they are applied.
    static let migrations = [changes, parts, classifications, delegations, experiments]

    /// The history takes up more subjects; its rows stay as they are.
    static let changes = Migration(
        "intent-0006-changes",
        """
        CREATE TABLE intent_change_next (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            subject_kind TEXT NOT NULL CHECK (subject_kind IN ('strategy', 'use', 'mandate', 'policy', 'experiment',
                'rules', 'document', 'escalation', 'dossier')),
            subject TEXT NOT NULL,
            what TEXT NOT NULL CHECK (what IN ('registered', 'drafted', 'revised', 'published', 'superseded',
                'withdrawn', 'discarded', 'retired', 'restored', 'overridden', 'moved', 'proposed', 'accepted',
                'declined', 'ended', 'refreshed', 'classified', 'delegated', 'promoted', 'adapted', 'stopped',
                'commented', 'escalated', 'decided', 'excused', 'extended', 'allotted', 'issued')),
            person TEXT NOT NULL,
            at \(type: .integer) NOT NULL,
            reason TEXT NOT NULL,
            detail TEXT NOT NULL,
            PRIMARY KEY (tenant, id)
        )\(SQL.strict)
        """,
        "INSERT INTO intent_change_next SELECT * FROM intent_change",
        "DROP TABLE intent_change",
        "ALTER TABLE intent_change_next RENAME TO intent_change",
        "CREATE INDEX intent_change_subject ON intent_change (tenant, subject_kind, subject, at)",
        "CREATE INDEX intent_change_at ON intent_change (tenant, at)",
        "CREATE INDEX intent_change_person ON intent_change (tenant, person)")

    static let parts = Migration(
        "intent-0007-register-parts",
        "ALTER TABLE ai_use ADD COLUMN effect TEXT NOT NULL DEFAULT ''",
        // The part of Leeway itself that the entry governs: at most one entry each.
        "ALTER TABLE ai_use ADD COLUMN governs TEXT",
        "ALTER TABLE ai_use ADD COLUMN origin TEXT",
        "ALTER TABLE ai_use ADD COLUMN consults_nobody \(type: .integer) NOT NULL DEFAULT 0",
        "ALTER TABLE ai_use ADD COLUMN informs_nobody \(type: .integer) NOT NULL DEFAULT 0",
        "CREATE UNIQUE INDEX ai_use_governs ON ai_use (tenant, governs) WHERE governs IS NOT NULL",
        "ALTER TABLE responsibility ADD COLUMN until_day \(type: .integer)",
        // Since when a use has which status: what exposure over time is counted from.
        """
        CREATE TABLE ai_use_status (
            tenant \(type: .integer) NOT NULL,
            ai_use TEXT NOT NULL,
            at \(type: .integer) NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('idea', 'sandbox', 'pilot', 'live', 'suspended', 'retired')),
            PRIMARY KEY (tenant, ai_use, at),
            FOREIGN KEY (tenant, ai_use) REFERENCES ai_use (tenant, id)
        )\(SQL.strict)
        """,
        "INSERT INTO ai_use_status (tenant, ai_use, at, status) SELECT tenant, id, created_at, status FROM ai_use")

    static let classifications = Migration(
        "intent-0008-classifications",
        """
        CREATE TABLE ai_use_classification (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            ai_use TEXT NOT NULL,
            revision \(type: .integer) NOT NULL,
            answers TEXT NOT NULL,
            level TEXT NOT NULL CHECK (level IN ('prohibited', 'high', 'excepted', 'transparency', 'minimal')),
            note TEXT NOT NULL,
            law TEXT NOT NULL,
            assessor TEXT NOT NULL,
            at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, id),
            FOREIGN KEY (tenant, ai_use) REFERENCES ai_use (tenant, id)
        )\(SQL.strict)
        """,
        "CREATE INDEX ai_use_classification_use ON ai_use_classification (tenant, ai_use, at)")

    static let delegations = Migration(
        "intent-0009-delegations",
        """
        CREATE TABLE delegation (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            person TEXT NOT NULL,
            delegate TEXT NOT NULL,
            ai_use TEXT,
            from_day \(type: .integer) NOT NULL,
            until_day \(type: .integer) NOT NULL,
            reason TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'declined', 'withdrawn', 'ended')),
            proposed_at \(type: .integer) NOT NULL,
            answered_at \(type: .integer),
            ended_at \(type: .integer),
            PRIMARY KEY (tenant, id),
            CHECK (person <> delegate),
            CHECK (until_day >= from_day)
        )\(SQL.strict)
        """,
        "CREATE INDEX delegation_person ON delegation (tenant, person, state)",
        "CREATE INDEX delegation_delegate ON delegation (tenant, delegate, state)")

    static let experiments = Migration(
        "intent-0010-experiments",
        """
        CREATE TABLE experiment (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            revision \(type: .integer) NOT NULL CHECK (revision > 0),
            title TEXT NOT NULL,
            tool TEXT NOT NULL,
            idea TEXT NOT NULL,
            learned TEXT NOT NULL,
            data_classes TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'promoted', 'adapted', 'stopped')),
            by_person TEXT NOT NULL,
            until_day \(type: .integer) NOT NULL,
            created_at \(type: .integer) NOT NULL,
            settled_at \(type: .integer),
            settled_by TEXT,
            reason TEXT NOT NULL,
            ai_use TEXT,
            PRIMARY KEY (tenant, id),
            CHECK ((settled_at IS NULL) = (state = 'running')),
            CHECK (ai_use IS NULL OR state IN ('promoted', 'adapted'))
        )\(SQL.strict)
        """,
        "CREATE INDEX experiment_state ON experiment (tenant, state, created_at)",
        "CREATE INDEX experiment_person ON experiment (tenant, by_person)",
        """
        CREATE TABLE experiment_follower (
            tenant \(type: .integer) NOT NULL,
            experiment TEXT NOT NULL,
            person TEXT NOT NULL,
            since \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, experiment, person),
            FOREIGN KEY (tenant, experiment) REFERENCES experiment (tenant, id)
        )\(SQL.strict)
        """,
        "CREATE INDEX experiment_follower_person ON experiment_follower (tenant, person)",
        """
        CREATE TABLE experiment_comment (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            experiment TEXT NOT NULL,
            person TEXT,
            body TEXT NOT NULL,
            at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, id),
            FOREIGN KEY (tenant, experiment) REFERENCES experiment (tenant, id)
        )\(SQL.strict)
        """,
        "CREATE INDEX experiment_comment_experiment ON experiment_comment (tenant, experiment, at)",
        "CREATE INDEX experiment_comment_person ON experiment_comment (tenant, person)",
        """
        CREATE TABLE sandbox_policy (
            tenant \(type: .integer) NOT NULL,
            version \(type: .integer) NOT NULL CHECK (version > 0),
            data_classes TEXT NOT NULL,
            days \(type: .integer) NOT NULL CHECK (days BETWEEN 1 AND 366),
            rules TEXT NOT NULL,
            since \(type: .integer) NOT NULL,
            by_person TEXT NOT NULL,
            PRIMARY KEY (tenant, version)
        )\(SQL.strict)
        """)
}
