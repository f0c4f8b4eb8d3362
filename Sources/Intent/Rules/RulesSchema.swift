import Storage

/// What the access rules keep: a draft, versions, and what was decided.
enum RulesSchema {
    static let migrations = [rules]

    static let rules = Migration(
        "intent-0016-access-rules",
        """
        CREATE TABLE access_rules (
            tenant \(type: .integer) NOT NULL,
            version \(type: .integer) NOT NULL CHECK (version > 0),
            rules TEXT NOT NULL,
            tests TEXT NOT NULL,
            reason TEXT NOT NULL CHECK (reason <> ''),
            restored_from \(type: .integer),
            since \(type: .integer) NOT NULL,
            by_person TEXT NOT NULL,
            PRIMARY KEY (tenant, version)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE access_rules_draft (
            tenant \(type: .integer) NOT NULL,
            revision \(type: .integer) NOT NULL CHECK (revision > 0),
            base \(type: .integer) NOT NULL,
            rules TEXT NOT NULL,
            tests TEXT NOT NULL,
            changed_at \(type: .integer) NOT NULL,
            by_person TEXT NOT NULL,
            PRIMARY KEY (tenant)
        )\(SQL.strict)
        """,
        // The three texts of facts are canonical JSON; with them a decision is taken again without looking elsewhere.
        """
        CREATE TABLE policy_decision (
            tenant \(type: .integer) NOT NULL,
            day \(type: .integer) NOT NULL,
            digest \(type: .bytes) NOT NULL,
            action TEXT NOT NULL,
            person TEXT,
            about TEXT,
            resource TEXT NOT NULL,
            is_allowed \(type: .integer) NOT NULL CHECK (is_allowed IN (0, 1)),
            version \(type: .integer) NOT NULL,
            determining TEXT NOT NULL,
            failures TEXT NOT NULL,
            principal_facts TEXT NOT NULL,
            resource_facts TEXT NOT NULL,
            context TEXT NOT NULL,
            times \(type: .integer) NOT NULL CHECK (times > 0),
            first_at \(type: .integer) NOT NULL,
            last_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, day, digest)
        )\(SQL.strict)
        """,
        "CREATE INDEX policy_decision_person ON policy_decision (tenant, person, last_at)",
        "CREATE INDEX policy_decision_about ON policy_decision (tenant, about, last_at)",
        "CREATE INDEX policy_decision_denied ON policy_decision (tenant, last_at) WHERE is_allowed = 0")
}
