import Storage

/// What certification keeps: programmes with their revisions, what became known of whom, the lines of the history,
/// where everybody stands, and notices.
enum CertificationSchema {
    /// In the order in which they are applied.
    static let migrations = [programmes, people, notices, feeds, overrides, withdrawals]

    static let programmes = Migration(
        "certification-0001-programmes",
        """
        CREATE TABLE certification (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'retired')),
            revision \(type: .integer) NOT NULL CHECK (revision >= 0),
            asker TEXT NOT NULL,
            title TEXT NOT NULL,
            why TEXT NOT NULL,
            priority TEXT,
            basis TEXT NOT NULL,
            audience TEXT NOT NULL,
            content TEXT,
            minutes \(type: .integer) NOT NULL CHECK (minutes BETWEEN 1 AND 6000),
            renewal_content TEXT,
            renewal_minutes \(type: .integer) NOT NULL CHECK (renewal_minutes BETWEEN 1 AND 6000),
            equivalents TEXT NOT NULL,
            test_out TEXT,
            leave_days \(type: .integer) CHECK (leave_days > 0),
            rule TEXT NOT NULL,
            created_at \(type: .integer) NOT NULL,
            created_by TEXT NOT NULL,
            published_at \(type: .integer),
            retired_at \(type: .integer),
            evidence_seq \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, id),
            CHECK (priority IS NOT NULL OR basis <> ''),
            CHECK (state = 'draft' OR revision > 0)
        )\(SQL.strict)
        """,
        "CREATE INDEX certification_asker ON certification (tenant, asker)",
        // What counts for a programme that is published: what completing a content asks first.
        """
        CREATE TABLE certification_content (
            tenant \(type: .integer) NOT NULL,
            content TEXT NOT NULL,
            certification TEXT NOT NULL,
            part TEXT NOT NULL CHECK (part IN ('first', 'renewal', 'equivalent', 'testOut')),
            PRIMARY KEY (tenant, content, certification, part),
            FOREIGN KEY (tenant, certification) REFERENCES certification (tenant, id)
        )\(SQL.strict)
        """,
        "CREATE INDEX certification_content_of ON certification_content (tenant, certification)",
        """
        CREATE TABLE certification_revision (
            tenant \(type: .integer) NOT NULL,
            certification TEXT NOT NULL,
            revision \(type: .integer) NOT NULL CHECK (revision > 0),
            since \(type: .integer) NOT NULL,
            rule TEXT NOT NULL,
            detail TEXT NOT NULL,
            people \(type: .integer) NOT NULL,
            by_person TEXT NOT NULL,
            PRIMARY KEY (tenant, certification, revision),
            FOREIGN KEY (tenant, certification) REFERENCES certification (tenant, id)
        )\(SQL.strict)
        """)

    static let overrides = Migration(
        "certification-0005-overrides",
        """
        CREATE TABLE certification_override (
            tenant \(type: .integer) NOT NULL,
            certification TEXT NOT NULL,
            revision \(type: .integer) NOT NULL CHECK (revision > 0),
            reason TEXT NOT NULL,
            people_over \(type: .integer) NOT NULL CHECK (people_over > 0),
            minutes_over \(type: .integer) NOT NULL CHECK (minutes_over > 0),
            at \(type: .integer) NOT NULL,
            by_person TEXT NOT NULL,
            PRIMARY KEY (tenant, certification, revision),
            FOREIGN KEY (tenant, certification) REFERENCES certification (tenant, id)
        )\(SQL.strict)
        """)

    /// More may become known, and more may come of it; what was written stays as it is.
    static let withdrawals = Migration(
        "certification-0006-withdrawals",
        """
        CREATE TABLE certification_event_next (
            tenant \(type: .integer) NOT NULL,
            certification TEXT NOT NULL,
            person TEXT NOT NULL,
            number \(type: .integer) NOT NULL CHECK (number > 0),
            at \(type: .integer) NOT NULL,
            fact TEXT NOT NULL CHECK (fact IN ('hired', 'left', 'assigned', 'released', 'earned', 'leave', 'returned',
                'exempted', 'readmitted', 'extended', 'revoked', 'unextended')),
            from_day \(type: .integer),
            until_day \(type: .integer),
            earned_at \(type: .integer),
            way TEXT CHECK (way IN ('completion', 'equivalence', 'testOut')),
            reason TEXT NOT NULL,
            by_person TEXT,
            PRIMARY KEY (tenant, certification, person, number)
        )\(SQL.strict)
        """,
        "INSERT INTO certification_event_next SELECT * FROM certification_event",
        "DROP TABLE certification_event",
        "ALTER TABLE certification_event_next RENAME TO certification_event",
        "CREATE INDEX certification_event_person ON certification_event (tenant, person)",
        """
        CREATE TABLE certification_line_next (
            tenant \(type: .integer) NOT NULL,
            certification TEXT NOT NULL,
            person TEXT NOT NULL,
            number \(type: .integer) NOT NULL CHECK (number > 0),
            day \(type: .integer) NOT NULL,
            cycle \(type: .integer) NOT NULL CHECK (cycle > 0),
            what TEXT NOT NULL CHECK (what IN ('opened', 'dueMoved', 'lapsed', 'completed', 'excused', 'reopened',
                'ended', 'notice')),
            until_day \(type: .integer),
            earned_on \(type: .integer),
            way TEXT CHECK (way IN ('completion', 'equivalence', 'testOut')),
            reason TEXT,
            told TEXT CHECK (told IN ('person', 'manager', 'owner')),
            days \(type: .integer),
            PRIMARY KEY (tenant, certification, person, number)
        )\(SQL.strict)
        """,
        "INSERT INTO certification_line_next SELECT * FROM certification_line",
        "DROP TABLE certification_line",
        "ALTER TABLE certification_line_next RENAME TO certification_line",
        "CREATE INDEX certification_line_person ON certification_line (tenant, person)")

    static let people = Migration(
        "certification-0002-people",
        // Where one person stands with one programme. `state` holds all of it; the columns beside it are what lists
        // and counts ask. `next_day` is when it may change by itself.
        """
        CREATE TABLE certification_assignment (
            tenant \(type: .integer) NOT NULL,
            certification TEXT NOT NULL,
            person TEXT NOT NULL,
            revision \(type: .integer) NOT NULL CHECK (revision > 0),
            state TEXT NOT NULL,
            next_day \(type: .integer),
            is_asked \(type: .integer) NOT NULL CHECK (is_asked IN (0, 1)),
            is_employed \(type: .integer) NOT NULL CHECK (is_employed IN (0, 1)),
            cycle \(type: .integer),
            opens_on \(type: .integer),
            due_on \(type: .integer),
            is_lapsed \(type: .integer) NOT NULL CHECK (is_lapsed IN (0, 1)),
            certified_until \(type: .integer),
            excused_from \(type: .integer),
            excused_until \(type: .integer),
            events \(type: .integer) NOT NULL,
            lines \(type: .integer) NOT NULL,
            seen_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, certification, person),
            FOREIGN KEY (tenant, certification) REFERENCES certification (tenant, id)
        )\(SQL.strict)
        """,
        "CREATE INDEX certification_assignment_next ON certification_assignment (tenant, certification, next_day)",
        "CREATE INDEX certification_assignment_person ON certification_assignment (tenant, person)",
        """
        CREATE TABLE certification_event (
            tenant \(type: .integer) NOT NULL,
            certification TEXT NOT NULL,
            person TEXT NOT NULL,
            number \(type: .integer) NOT NULL CHECK (number > 0),
            at \(type: .integer) NOT NULL,
            fact TEXT NOT NULL CHECK (fact IN ('hired', 'left', 'assigned', 'released', 'earned', 'leave', 'returned',
                'exempted', 'readmitted', 'extended')),
            from_day \(type: .integer),
            until_day \(type: .integer),
            earned_at \(type: .integer),
            way TEXT CHECK (way IN ('completion', 'equivalence', 'testOut')),
            reason TEXT NOT NULL,
            by_person TEXT,
            PRIMARY KEY (tenant, certification, person, number)
        )\(SQL.strict)
        """,
        "CREATE INDEX certification_event_person ON certification_event (tenant, person)",
        """
        CREATE TABLE certification_line (
            tenant \(type: .integer) NOT NULL,
            certification TEXT NOT NULL,
            person TEXT NOT NULL,
            number \(type: .integer) NOT NULL CHECK (number > 0),
            day \(type: .integer) NOT NULL,
            cycle \(type: .integer) NOT NULL CHECK (cycle > 0),
            what TEXT NOT NULL CHECK (what IN ('opened', 'dueMoved', 'lapsed', 'completed', 'excused', 'ended',
                'notice')),
            until_day \(type: .integer),
            earned_on \(type: .integer),
            way TEXT CHECK (way IN ('completion', 'equivalence', 'testOut')),
            reason TEXT,
            told TEXT CHECK (told IN ('person', 'manager', 'owner')),
            days \(type: .integer),
            PRIMARY KEY (tenant, certification, person, number)
        )\(SQL.strict)
        """,
        "CREATE INDEX certification_line_person ON certification_line (tenant, person)",
        // The absences that certification was told of, so that it is told what changes.
        """
        CREATE TABLE certification_leave (
            tenant \(type: .integer) NOT NULL,
            person TEXT NOT NULL,
            from_day \(type: .integer) NOT NULL,
            until_day \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, person, from_day)
        )\(SQL.strict)
        """)

    static let notices = Migration(
        "certification-0003-notices",
        // Written once, shown in the application. Whatever sends them elsewhere reads them here.
        """
        CREATE TABLE certification_notice (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            certification TEXT NOT NULL,
            person TEXT NOT NULL,
            recipient TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('asked', 'reminder', 'overdue', 'escalated', 'excused', 'extended')),
            cycle \(type: .integer) NOT NULL,
            day \(type: .integer) NOT NULL,
            due_on \(type: .integer),
            written_at \(type: .integer) NOT NULL,
            seen_at \(type: .integer),
            PRIMARY KEY (tenant, id)
        )\(SQL.strict)
        """,
        """
        CREATE UNIQUE INDEX certification_notice_once
        ON certification_notice (tenant, certification, person, cycle, kind, recipient, day)
        """,
        "CREATE INDEX certification_notice_recipient ON certification_notice (tenant, recipient, seen_at, day)",
        "CREATE INDEX certification_notice_person ON certification_notice (tenant, person)",
        """
        CREATE TABLE certification_night (
            tenant \(type: .integer) NOT NULL,
            at \(type: .integer) NOT NULL,
            day \(type: .integer) NOT NULL,
            programmes \(type: .integer) NOT NULL,
            joined \(type: .integer) NOT NULL,
            ended \(type: .integer) NOT NULL,
            advanced \(type: .integer) NOT NULL,
            lines \(type: .integer) NOT NULL,
            notices \(type: .integer) NOT NULL,
            duration_us \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, at)
        )\(SQL.strict)
        """)

    static let feeds = Migration(
        "certification-0004-feeds",
        // Only the hash of the secret is kept.
        """
        CREATE TABLE calendar_feed (
            tenant \(type: .integer) NOT NULL,
            person TEXT NOT NULL,
            secret_hash \(type: .bytes) NOT NULL,
            created_at \(type: .integer) NOT NULL,
            read_at \(type: .integer),
            PRIMARY KEY (tenant, person),
            UNIQUE (secret_hash)
        )\(SQL.strict)
        """)
}
