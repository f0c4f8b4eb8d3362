public import Storage

/// The tables of tenants, people, sign-in and credentials.
public enum PeopleSchema {
    /// In the order in which they are applied.
    public static let migrations = [tenants, units, people, signIn, clients, clientKeys, presence]

    static let tenants = Migration(
        "people-0001-tenants",
        """
        CREATE TABLE tenant (
            tenant \(type: .integer) PRIMARY KEY,
            name TEXT NOT NULL,
            home TEXT NOT NULL,
            is_demo \(type: .integer) NOT NULL CHECK (is_demo IN (0, 1)),
            created_at \(type: .integer) NOT NULL
        )\(SQL.strict)
        """)

    static let units = Migration(
        "people-0002-units",
        """
        CREATE TABLE unit (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            key TEXT NOT NULL,
            name TEXT NOT NULL,
            parent TEXT,
            PRIMARY KEY (tenant, id),
            UNIQUE (tenant, key),
            CHECK (parent <> id)
        )\(SQL.strict)
        """,
        "CREATE UNIQUE INDEX unit_name ON unit (tenant, COALESCE(parent, ''), name)")

    static let people = Migration(
        "people-0003-people",
        """
        CREATE TABLE person (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            key TEXT NOT NULL,
            name TEXT NOT NULL,
            email TEXT,
            email_key TEXT,
            unit TEXT,
            manager TEXT,
            is_active \(type: .integer) NOT NULL CHECK (is_active IN (0, 1)),
            language TEXT,
            search_text TEXT NOT NULL,
            created_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, id),
            UNIQUE (tenant, key),
            UNIQUE (tenant, email_key),
            CHECK (manager <> id)
        )\(SQL.strict)
        """,
        "CREATE INDEX person_unit ON person (tenant, unit)",
        "CREATE INDEX person_manager ON person (tenant, manager)",
        """
        CREATE TABLE person_role (
            tenant \(type: .integer) NOT NULL,
            person TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN
                ('learner', 'manager', 'designer', 'steward', 'sponsor', 'auditor', 'administrator')),
            PRIMARY KEY (tenant, person, role)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE person_attribute (
            tenant \(type: .integer) NOT NULL,
            person TEXT NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL CHECK (value <> ''),
            PRIMARY KEY (tenant, person, name)
        )\(SQL.strict)
        """)

    static let signIn = Migration(
        "people-0004-sign-in",
        """
        CREATE TABLE person_password (
            tenant \(type: .integer) NOT NULL,
            person TEXT NOT NULL,
            hash TEXT NOT NULL,
            is_temporary \(type: .integer) NOT NULL CHECK (is_temporary IN (0, 1)),
            used_at \(type: .integer),
            changed_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, person)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE person_session (
            tenant \(type: .integer) NOT NULL,
            token_hash \(type: .bytes) NOT NULL,
            person TEXT NOT NULL,
            csrf TEXT NOT NULL,
            created_at \(type: .integer) NOT NULL,
            expires_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, token_hash)
        )\(SQL.strict)
        """,
        "CREATE INDEX person_session_person ON person_session (tenant, person)",
        "CREATE INDEX person_session_expiry ON person_session (expires_at)",
        """
        CREATE TABLE sign_in_throttle (
            tenant \(type: .integer) NOT NULL,
            subject TEXT NOT NULL,
            failures \(type: .integer) NOT NULL,
            last_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, subject)
        )\(SQL.strict)
        """,
        "CREATE INDEX sign_in_throttle_age ON sign_in_throttle (last_at)")

    static let clients = Migration(
        "people-0005-clients",
        """
        CREATE TABLE client (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            label TEXT NOT NULL,
            key TEXT NOT NULL,
            secret_hash \(type: .bytes) NOT NULL,
            scopes TEXT NOT NULL,
            created_at \(type: .integer) NOT NULL,
            revoked_at \(type: .integer),
            last_used_at \(type: .integer),
            PRIMARY KEY (tenant, id),
            UNIQUE (tenant, key)
        )\(SQL.strict)
        """)

    /// - `former_hash` is of the secret before the last rotation, valid until `former_until`.
    /// - `activities` begins the IRIs of the only activities in reach; `learner` is the only person in reach.
    static let clientKeys = Migration(
        "people-0006-client-keys",
        "ALTER TABLE client ADD COLUMN former_hash \(type: .bytes)",
        "ALTER TABLE client ADD COLUMN former_until \(type: .integer)",
        "ALTER TABLE client ADD COLUMN rotated_at \(type: .integer)",
        "ALTER TABLE client ADD COLUMN activities TEXT",
        "ALTER TABLE client ADD COLUMN learner TEXT")

    /// When people are there: what the planner, due dates and responsibilities ask.
    static let presence = Migration(
        "people-0007-presence",
        """
        CREATE TABLE working_time (
            tenant \(type: .integer) NOT NULL,
            person TEXT NOT NULL,
            share_bp \(type: .integer) NOT NULL CHECK (share_bp BETWEEN 0 AND 10000),
            weekdays \(type: .integer) NOT NULL CHECK (weekdays BETWEEN 1 AND 127),
            time_zone TEXT,
            hired_on \(type: .integer),
            left_on \(type: .integer),
            PRIMARY KEY (tenant, person),
            CHECK (left_on IS NULL OR hired_on IS NULL OR left_on >= hired_on)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE absence (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            person TEXT NOT NULL,
            from_day \(type: .integer) NOT NULL,
            until_day \(type: .integer) NOT NULL,
            noted_by TEXT NOT NULL,
            noted_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, id),
            CHECK (until_day >= from_day)
        )\(SQL.strict)
        """,
        "CREATE INDEX absence_person ON absence (tenant, person, from_day)",
        "CREATE INDEX absence_until ON absence (tenant, until_day)",
        """
        CREATE TABLE holiday (
            tenant \(type: .integer) NOT NULL,
            day \(type: .integer) NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (tenant, day)
        )\(SQL.strict)
        """)
}
