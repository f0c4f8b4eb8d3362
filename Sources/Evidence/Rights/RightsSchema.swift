import Storage

/// The tables of erasure, legal hold, retention and pseudonyms.
enum RightsSchema {
    /// - `legal_hold.person` is null for a hold over everybody; `ends_on` is the last day of it.
    /// - `erasure` is an order and, once done, its record: `person` is the number of somebody who is gone.
    /// - `erasure_agent` pins who the person was in evidence; `ifi` is null once the erasure is done.
    /// - `erased_leaf` is the tombstone of each content: `erased` with its row, or `blinded`, so that the row stays
    ///   without the person. `run` is an erasure or a retention run; `id` is the statement's.
    /// - `retention_run.place` is where a run goes on that was interrupted.
    /// - `pseudonym_key` holds the one key of each tenant; a new one replaces it.
    static let rights = Migration(
        "evidence-0008-rights",
        """
        CREATE TABLE legal_hold (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            person TEXT,
            reason TEXT NOT NULL CHECK (reason <> ''),
            ends_on \(type: .integer) NOT NULL,
            set_at \(type: .integer) NOT NULL,
            set_by TEXT,
            lifted_at \(type: .integer),
            lifted_by TEXT,
            lifted_reason TEXT,
            PRIMARY KEY (tenant, id),
            CHECK ((lifted_at IS NULL) = (lifted_reason IS NULL))
        )\(SQL.strict)
        """,
        """
        CREATE TABLE erasure (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            person TEXT NOT NULL,
            reason TEXT NOT NULL CHECK (reason <> ''),
            ordered_at \(type: .integer) NOT NULL,
            ordered_by TEXT,
            phase TEXT NOT NULL CHECK (phase IN ('statements', 'sweep', 'documents', 'tables', 'account', 'done')),
            place \(type: .integer) NOT NULL,
            counts TEXT NOT NULL,
            finished_at \(type: .integer),
            event \(type: .bytes),
            PRIMARY KEY (tenant, id),
            CHECK ((finished_at IS NULL) = (phase <> 'done'))
        )\(SQL.strict)
        """,
        "CREATE UNIQUE INDEX erasure_under_way ON erasure (tenant, person) WHERE finished_at IS NULL",
        "CREATE INDEX erasure_order ON erasure (tenant, ordered_at)",
        """
        CREATE TABLE erasure_agent (
            tenant \(type: .integer) NOT NULL,
            erasure TEXT NOT NULL,
            agent \(type: .integer) NOT NULL,
            ifi TEXT,
            pseudonym TEXT NOT NULL,
            PRIMARY KEY (tenant, erasure, agent)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE erased_leaf (
            tenant \(type: .integer) NOT NULL,
            run TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('statement', 'document')),
            seq \(type: .integer) NOT NULL,
            id \(type: .bytes),
            fate TEXT NOT NULL CHECK (fate IN ('erased', 'blinded')),
            PRIMARY KEY (tenant, run, kind, seq)
        )\(SQL.strict)\(sqlite: ", WITHOUT ROWID", postgres: "")
        """,
        """
        CREATE TABLE retention_rule (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            purpose TEXT NOT NULL CHECK (purpose <> ''),
            verb TEXT,
            activity_type TEXT,
            days \(type: .integer) NOT NULL CHECK (days BETWEEN 1 AND 36525),
            is_high_risk \(type: .integer) NOT NULL CHECK (is_high_risk IN (0, 1)),
            made_at \(type: .integer) NOT NULL,
            made_by TEXT,
            ended_at \(type: .integer),
            ended_by TEXT,
            PRIMARY KEY (tenant, id),
            CHECK (verb IS NOT NULL OR activity_type IS NOT NULL),
            CHECK (is_high_risk = 0 OR days >= 183)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE retention_run (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            rule TEXT NOT NULL,
            before_at \(type: .integer) NOT NULL,
            started_at \(type: .integer) NOT NULL,
            started_by TEXT,
            place \(type: .integer) NOT NULL,
            erased \(type: .integer) NOT NULL CHECK (erased >= 0),
            held \(type: .integer) NOT NULL CHECK (held >= 0),
            finished_at \(type: .integer),
            event \(type: .bytes),
            PRIMARY KEY (tenant, id)
        )\(SQL.strict)
        """,
        "CREATE INDEX retention_run_rule ON retention_run (tenant, rule, started_at)",
        """
        CREATE TABLE retention_day (
            tenant \(type: .integer) NOT NULL,
            day \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, day)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE pseudonym_key (
            tenant \(type: .integer) PRIMARY KEY,
            version \(type: .integer) NOT NULL CHECK (version > 0),
            secret \(type: .bytes) NOT NULL,
            made_at \(type: .integer) NOT NULL
        )\(SQL.strict)
        """)

    /// Finds tombstones by the statement's identifier, so that what was erased does not come back.
    static let tombstones = Migration(
        "evidence-0022-tombstones", "CREATE INDEX erased_leaf_id ON erased_leaf (tenant, id)")
}
