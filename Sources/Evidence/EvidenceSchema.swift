public import Storage

/// The tables of the record store.
///
/// Agents, verbs and activities are interned as integers, so that the indexes of `statement` stay narrow: index
/// maintenance, not JSON, is what bounds the rate of writing.
public enum EvidenceSchema {
    /// In the order in which they are applied.
    public static let migrations = [
        names, statements, hours, DocumentSchema.documents, attachments, references, LedgerSchema.ledger,
        ProfileSchema.profiles, RightsSchema.rights, searches, RightsSchema.tombstones, LedgerSchema.keys,
    ]

    static let names = Migration(
        "evidence-0001-names",
        """
        CREATE TABLE agent (
            tenant \(type: .integer) NOT NULL,
            number \(type: .integer) NOT NULL,
            ifi TEXT NOT NULL,
            name TEXT,
            person TEXT,
            PRIMARY KEY (tenant, number),
            UNIQUE (tenant, ifi)
        )\(SQL.strict)
        """,
        "CREATE INDEX agent_person ON agent (tenant, person) WHERE person IS NOT NULL",
        """
        CREATE TABLE verb (
            tenant \(type: .integer) NOT NULL,
            number \(type: .integer) NOT NULL,
            iri TEXT NOT NULL,
            PRIMARY KEY (tenant, number),
            UNIQUE (tenant, iri)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE activity (
            tenant \(type: .integer) NOT NULL,
            number \(type: .integer) NOT NULL,
            iri TEXT NOT NULL,
            definition TEXT,
            PRIMARY KEY (tenant, number),
            UNIQUE (tenant, iri)
        )\(SQL.strict)
        """,
        Migration.sequence("agent"),
        Migration.sequence("verb"),
        Migration.sequence("activity"))

    /// - `seq` is the order of storing. `actor` 0 is an anonymous group.
    /// - `edition` is `XAPIVersion`'s number; `body` is exactly what was received.
    /// - `related_activity` and `related_agent` hold what a statement names besides its actor and object;
    ///   `is_direct` marks those that xAPI's plain `agent` filter finds too (agents as object, members of groups).
    /// - `reference` holds statements whose object is another statement; `is_open` marks a voiding whose target
    ///   has not arrived yet.
    static let statements = Migration(
        "evidence-0002-statements",
        """
        CREATE TABLE statement (
            tenant \(type: .integer) NOT NULL,
            seq \(type: .integer) NOT NULL,
            id \(type: .bytes) NOT NULL,
            stored_at \(type: .integer) NOT NULL,
            timestamp_at \(type: .integer) NOT NULL,
            actor \(type: .integer) NOT NULL,
            verb \(type: .integer) NOT NULL,
            activity \(type: .integer),
            registration TEXT,
            success \(type: .integer) CHECK (success IN (0, 1)),
            completion \(type: .integer) CHECK (completion IN (0, 1)),
            scaled \(type: .real),
            duration_us \(type: .integer),
            choice TEXT CHECK (choice IN ('own', 'asked')),
            voided \(type: .integer) NOT NULL CHECK (voided IN (0, 1)),
            authority \(type: .integer) NOT NULL,
            edition \(type: .integer) NOT NULL CHECK (edition IN (1, 2)),
            body \(type: .bytes) NOT NULL,
            PRIMARY KEY (tenant, seq),
            UNIQUE (tenant, id)
        )\(SQL.strict)
        """,
        "CREATE INDEX statement_actor ON statement (tenant, actor, seq)",
        "CREATE INDEX statement_activity ON statement (tenant, activity, seq)",
        "CREATE INDEX statement_verb ON statement (tenant, verb, seq)",
        """
        CREATE INDEX statement_registration ON statement (tenant, registration, seq) WHERE registration IS NOT NULL
        """,
        Migration.sequence("statement"),
        """
        CREATE TABLE related_activity (
            tenant \(type: .integer) NOT NULL,
            activity \(type: .integer) NOT NULL,
            seq \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, activity, seq)
        )\(SQL.strict)\(sqlite: ", WITHOUT ROWID", postgres: "")
        """,
        """
        CREATE TABLE related_agent (
            tenant \(type: .integer) NOT NULL,
            agent \(type: .integer) NOT NULL,
            seq \(type: .integer) NOT NULL,
            is_direct \(type: .integer) NOT NULL CHECK (is_direct IN (0, 1)),
            PRIMARY KEY (tenant, agent, seq)
        )\(SQL.strict)\(sqlite: ", WITHOUT ROWID", postgres: "")
        """,
        """
        CREATE TABLE reference (
            tenant \(type: .integer) NOT NULL,
            target \(type: .bytes) NOT NULL,
            seq \(type: .integer) NOT NULL,
            is_open \(type: .integer) NOT NULL CHECK (is_open IN (0, 1)),
            PRIMARY KEY (tenant, target, seq)
        )\(SQL.strict)\(sqlite: ", WITHOUT ROWID", postgres: "")
        """,
        "CREATE INDEX reference_open ON reference (tenant) WHERE is_open = 1")

    /// Learning time by when, what, who and whose choice, without a look at the statements themselves: measures and
    /// suggestions sum it over months. Most statements carry no duration and cost nothing here.
    static let hours = Migration(
        "evidence-0003-hours",
        """
        CREATE INDEX statement_hours ON statement (tenant, timestamp_at, activity, actor, choice, duration_us)
        WHERE duration_us > 0 AND voided = 0
        """)

    /// Indexes that hold what else a search compares, so that it reads only rows that match: an agent with a verb or an
    /// activity, an activity with a verb. What an authority stored is found without a look at what others stored.
    static let searches = Migration(
        "evidence-0021-searches",
        "DROP INDEX statement_actor",
        "CREATE INDEX statement_actor ON statement (tenant, actor, seq, verb, activity)",
        "DROP INDEX statement_activity",
        "CREATE INDEX statement_activity ON statement (tenant, activity, seq, verb)",
        "CREATE INDEX statement_authority ON statement (tenant, authority, seq)")
}
