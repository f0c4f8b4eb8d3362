public import Storage

/// The tables of this module.
public enum AssessSchema {
    /// In the order in which they are applied.
    public static let migrations = [items, kinds]

    private static let items = Migration(
        "assess-0001-items",
        """
        CREATE TABLE item (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            number \(type: .integer) NOT NULL,
            key TEXT NOT NULL,
            version \(type: .integer) NOT NULL CHECK (version > 0),
            content TEXT,
            kind TEXT NOT NULL CHECK (kind IN ('single', 'multiple', 'opaque')),
            stem TEXT NOT NULL,
            choices TEXT NOT NULL,
            correct TEXT NOT NULL,
            explanations TEXT NOT NULL,
            level TEXT CHECK (level IN ('beginner', 'intermediate', 'advanced')),
            language TEXT NOT NULL,
            licence TEXT NOT NULL,
            author TEXT NOT NULL,
            source TEXT NOT NULL,
            origin TEXT NOT NULL CHECK (origin IN ('human', 'assisted', 'generated', 'unknown')),
            source_type TEXT,
            model TEXT,
            reviewer TEXT,
            reviewed_on \(type: .integer),
            hash \(type: .bytes) NOT NULL,
            created_at \(type: .integer) NOT NULL,
            changed_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, id),
            UNIQUE (tenant, key),
            UNIQUE (tenant, number)
        )\(SQL.strict)
        """,
        "CREATE INDEX item_by_content ON item (tenant, content, number)",
        """
        CREATE TABLE item_skill (
            tenant \(type: .integer) NOT NULL,
            item \(type: .integer) NOT NULL,
            skill TEXT NOT NULL,
            PRIMARY KEY (tenant, item, skill)
        )\(SQL.strict)
        """,
        "CREATE INDEX item_skill_by_skill ON item_skill (tenant, skill, item)",
        """
        CREATE TABLE item_version (
            tenant \(type: .integer) NOT NULL,
            item \(type: .integer) NOT NULL,
            version \(type: .integer) NOT NULL,
            made_at \(type: .integer) NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (tenant, item, version)
        )\(SQL.strict)
        """)

    /// More kinds of items. SQLite cannot widen a CHECK, so that the table is made anew.
    private static let kinds = Migration(
        "assess-0002-kinds",
        """
        CREATE TABLE item_of_kinds (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            number \(type: .integer) NOT NULL,
            key TEXT NOT NULL,
            version \(type: .integer) NOT NULL CHECK (version > 0),
            content TEXT,
            kind TEXT NOT NULL CHECK (kind IN ('single', 'multiple', 'scenario', 'order', 'match', 'numeric', 'short',
                'opaque')),
            stem TEXT NOT NULL,
            situation TEXT NOT NULL DEFAULT '',
            choices TEXT NOT NULL,
            matches TEXT NOT NULL DEFAULT '[]',
            correct TEXT NOT NULL,
            number_value \(type: .real),
            number_tolerance \(type: .real),
            number_unit TEXT,
            accepted TEXT NOT NULL DEFAULT '[]',
            explanations TEXT NOT NULL,
            feedback TEXT NOT NULL DEFAULT '',
            outcome TEXT NOT NULL DEFAULT '',
            review TEXT NOT NULL DEFAULT 'unreviewed' CHECK (review IN ('unreviewed', 'reviewed', 'rejected')),
            level TEXT CHECK (level IN ('beginner', 'intermediate', 'advanced', 'highly advanced')),
            language TEXT NOT NULL,
            licence TEXT NOT NULL,
            author TEXT NOT NULL,
            source TEXT NOT NULL,
            origin TEXT NOT NULL CHECK (origin IN ('human', 'assisted', 'generated', 'unknown')),
            source_type TEXT,
            model TEXT,
            reviewer TEXT,
            reviewed_on \(type: .integer),
            hash \(type: .bytes) NOT NULL,
            created_at \(type: .integer) NOT NULL,
            changed_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, id),
            UNIQUE (tenant, key),
            UNIQUE (tenant, number),
            CHECK ((kind = 'numeric') = (number_value IS NOT NULL))
        )\(SQL.strict)
        """,
        """
        INSERT INTO item_of_kinds (tenant, id, number, key, version, content, kind, stem, choices, correct,
            explanations, level, language, licence, author, source, origin, source_type, model, reviewer, reviewed_on,
            hash, created_at, changed_at)
        SELECT tenant, id, number, key, version, content, kind, stem, choices, correct, explanations, level, language,
            licence, author, source, origin, source_type, model, reviewer, reviewed_on, hash, created_at, changed_at
        FROM item
        """,
        "DROP TABLE item",
        "ALTER TABLE item_of_kinds RENAME TO item",
        "CREATE INDEX item_by_content ON item (tenant, content, number)",
        "CREATE INDEX item_by_outcome ON item (tenant, outcome) WHERE outcome <> ''")
}
