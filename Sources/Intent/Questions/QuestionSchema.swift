import Storage

/// What the register asks and is asked.
enum QuestionSchema {
    /// In the order in which they are applied.
    static let migrations = [questions, escalations]

    static let questions = Migration(
        "intent-0014-owner-questions",
        """
        CREATE TABLE owner_question (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            person TEXT NOT NULL,
            ai_use TEXT NOT NULL,
            month \(type: .integer) NOT NULL,
            asked_at \(type: .integer) NOT NULL,
            answered_at \(type: .integer),
            answer TEXT CHECK (answer IN ('person', 'unknown', 'nobody', 'refused', 'dismissed')),
            named_person TEXT,
            owner TEXT,
            PRIMARY KEY (tenant, id),
            FOREIGN KEY (tenant, ai_use) REFERENCES ai_use (tenant, id),
            CHECK ((answered_at IS NULL) = (answer IS NULL))
        )\(SQL.strict)
        """,
        // At most one a month a person, held by the schema.
        "CREATE UNIQUE INDEX owner_question_month ON owner_question (tenant, person, month)",
        "CREATE INDEX owner_question_use ON owner_question (tenant, ai_use)",
        "CREATE INDEX owner_question_named ON owner_question (tenant, named_person)",
        "CREATE INDEX owner_question_owner ON owner_question (tenant, owner)",
        "CREATE INDEX owner_question_answered ON owner_question (tenant, answered_at)")

    static let escalations = Migration(
        "intent-0015-escalations",
        """
        CREATE TABLE escalation (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            ai_use TEXT NOT NULL,
            by_person TEXT NOT NULL,
            raised_at \(type: .integer) NOT NULL,
            body TEXT NOT NULL,
            due_day \(type: .integer) NOT NULL,
            holder TEXT,
            handovers \(type: .integer) NOT NULL CHECK (handovers >= 0),
            answer TEXT NOT NULL,
            decided_at \(type: .integer),
            decided_by TEXT,
            PRIMARY KEY (tenant, id),
            FOREIGN KEY (tenant, ai_use) REFERENCES ai_use (tenant, id),
            CHECK ((decided_at IS NULL) = (decided_by IS NULL))
        )\(SQL.strict)
        """,
        "CREATE INDEX escalation_use ON escalation (tenant, ai_use, raised_at)",
        "CREATE INDEX escalation_person ON escalation (tenant, by_person)",
        "CREATE INDEX escalation_holder ON escalation (tenant, holder)",
        "CREATE INDEX escalation_decider ON escalation (tenant, decided_by)",
        "CREATE INDEX escalation_open ON escalation (tenant, decided_at)")
}
