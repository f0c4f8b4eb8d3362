public import Evidence
public import Storage

/// The tables of letters: where they are handed in, what they are to tell whom, and how each fared.
public enum NoticesSchema {
    /// - `mail_settings` has one row a tenant. `sealed` is the password as the vault sealed it. `since` is when letters
    ///   were switched on: what happened before is not told. `followed_at` and `followed_day` say how far the events
    ///   were followed; `failures`, `next_at` and `last_error` are about the server as such, not about a letter.
    /// - `mail_choice` holds how somebody wants the letters of a topic, where it is not once a day.
    /// - `mail_notice` holds that somebody is to be told of something, once: its kind, subject and edition are the
    ///   cause. It holds no text; that is read from the cause when the letter goes.
    /// - `mail_letter` is what goes to one person at one time. A digest has its day: there is one a day at most.
    public static let migrations = [
        Migration(
            "notices-0001-letters",
            """
            CREATE TABLE mail_settings (
                tenant \(type: .integer) NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('on', 'off')),
                host TEXT NOT NULL,
                port \(type: .integer) NOT NULL CHECK (port BETWEEN 1 AND 65535),
                security TEXT NOT NULL CHECK (security IN ('none', 'starttls', 'tls')),
                username TEXT NOT NULL,
                sealed \(type: .bytes),
                sender_name TEXT NOT NULL,
                mailbox TEXT NOT NULL,
                address TEXT NOT NULL,
                since \(type: .integer) NOT NULL,
                followed_at \(type: .integer),
                followed_day \(type: .integer),
                failures \(type: .integer) NOT NULL,
                next_at \(type: .integer) NOT NULL,
                last_error TEXT NOT NULL,
                changed_at \(type: .integer) NOT NULL,
                changed_by TEXT,
                PRIMARY KEY (tenant)
            )\(SQL.strict)
            """,
            """
            CREATE TABLE mail_choice (
                tenant \(type: .integer) NOT NULL,
                person TEXT NOT NULL,
                topic TEXT NOT NULL CHECK (topic IN ('strategies', 'mandates', 'certifications', 'policies', 'news')),
                pace TEXT NOT NULL CHECK (pace IN ('atOnce', 'never')),
                PRIMARY KEY (tenant, person, topic)
            )\(SQL.strict)
            """,
            """
            CREATE TABLE mail_notice (
                tenant \(type: .integer) NOT NULL,
                person TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('strategyPublished', 'strategyReminder', 'weighingAsked',
                    'mandateAssigned', 'mandateDueInTwoWeeks', 'mandateDueInThreeDays', 'mandateOverdue',
                    'mandateOverdueInTeam', 'mandateOverdueAsked', 'certification', 'certificationEscalated',
                    'policyToAccept', 'ownershipAsked', 'ownershipAnswered', 'standInAsked', 'questionRaised',
                    'questionOverdue', 'questionAnswered', 'experimentSettled')),
                subject TEXT NOT NULL,
                edition \(type: .integer) NOT NULL,
                topic TEXT NOT NULL CHECK (topic IN ('strategies', 'mandates', 'certifications', 'policies',
                    'ownership', 'escalations', 'news')),
                at \(type: .integer) NOT NULL,
                letter TEXT,
                PRIMARY KEY (tenant, person, kind, subject, edition)
            )\(SQL.strict)
            """,
            "CREATE INDEX mail_notice_waiting ON mail_notice (tenant, person) WHERE letter IS NULL",
            "CREATE INDEX mail_notice_letter ON mail_notice (tenant, letter)",
            "CREATE INDEX mail_notice_at ON mail_notice (tenant, at)",
            """
            CREATE TABLE mail_letter (
                tenant \(type: .integer) NOT NULL,
                id TEXT NOT NULL,
                person TEXT NOT NULL,
                digest_day \(type: .integer),
                state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
                written_at \(type: .integer) NOT NULL,
                next_at \(type: .integer) NOT NULL,
                tries \(type: .integer) NOT NULL,
                tried_at \(type: .integer),
                answer TEXT NOT NULL,
                lease TEXT,
                leased_until \(type: .integer),
                settled_at \(type: .integer),
                PRIMARY KEY (tenant, id),
                CHECK ((settled_at IS NULL) = (state = 'waiting'))
            )\(SQL.strict)
            """,
            """
            CREATE UNIQUE INDEX mail_letter_digest ON mail_letter (tenant, person, digest_day)
            WHERE digest_day IS NOT NULL
            """,
            "CREATE INDEX mail_letter_person ON mail_letter (tenant, person)",
            "CREATE INDEX mail_letter_due ON mail_letter (tenant, next_at) WHERE state = 'waiting'",
            "CREATE INDEX mail_letter_state ON mail_letter (tenant, state, written_at)")
    ]

    /// What letters keep of people.
    public static let personal = [
        PersonalTable("choices about letters", "mail_choice"),
        PersonalTable("things to be told by letter", "mail_notice", order: "1, 2, 3, 4, 5"),
        PersonalTable("letters", "mail_letter", secrets: ["lease"]),
        PersonalTable(
            "mail settings changed", "mail_settings", by: "changed_by",
            .kept(ground: PersonalTable.accountability), secrets: ["sealed"]),
    ]
}
