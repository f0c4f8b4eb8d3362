public import Storage

/// The tables of this module.
///
/// `number` names a content object within the whole database: the full-text index is keyed by it, and the
/// narrow tables beside `content` carry it instead of the identifier.
public enum CatalogSchema {
    /// In the order in which they are applied.
    public static let migrations = [contents, details, search]

    private static let contents = Migration(
        "catalog-0001-content",
        Migration.sequence("content"),
        """
        CREATE TABLE content (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            number \(type: .integer) NOT NULL,
            key TEXT NOT NULL,
            version \(type: .integer) NOT NULL CHECK (version > 0),
            kind TEXT NOT NULL,
            title TEXT NOT NULL,
            title_folded TEXT\(sqlite: "", postgres: " COLLATE \"C\"") NOT NULL,
            description TEXT NOT NULL,
            language TEXT NOT NULL,
            translation_of TEXT,
            minutes \(type: .integer) CHECK (minutes >= 0),
            minutes_origin TEXT,
            level TEXT CHECK (level IN ('beginner', 'intermediate', 'advanced')),
            parent TEXT,
            children TEXT NOT NULL,
            objectives TEXT NOT NULL,
            prerequisites TEXT NOT NULL,
            quiz_items \(type: .integer) NOT NULL,
            url TEXT,
            source TEXT NOT NULL,
            licence TEXT NOT NULL,
            licence_url TEXT,
            attribution TEXT NOT NULL,
            origin TEXT NOT NULL CHECK (origin IN ('human', 'assisted', 'generated', 'unknown')),
            source_type TEXT,
            model TEXT,
            reviewer TEXT,
            reviewed_on \(type: .integer),
            modified_on \(type: .integer),
            has_text \(type: .integer) NOT NULL CHECK (has_text IN (0, 1)),
            hash \(type: .bytes) NOT NULL,
            created_at \(type: .integer) NOT NULL,
            changed_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, id),
            UNIQUE (tenant, key),
            UNIQUE (tenant, number)
        )\(SQL.strict)
        """,
        "CREATE INDEX content_by_title ON content (tenant, title_folded, number)",
        "CREATE INDEX content_by_parent ON content (tenant, parent)"
    )

    private static let details = Migration(
        "catalog-0002-details",
        """
        CREATE TABLE content_label (
            tenant \(type: .integer) NOT NULL,
            content \(type: .integer) NOT NULL,
            facet TEXT NOT NULL CHECK (facet IN ('role', 'topic', 'product')),
            label TEXT NOT NULL,
            PRIMARY KEY (tenant, content, facet, label)
        )\(SQL.strict)
        """,
        "CREATE INDEX content_label_by_label ON content_label (tenant, facet, label, content)",
        """
        CREATE TABLE content_skill (
            tenant \(type: .integer) NOT NULL,
            content \(type: .integer) NOT NULL,
            skill TEXT NOT NULL,
            PRIMARY KEY (tenant, content, skill)
        )\(SQL.strict)
        """,
        "CREATE INDEX content_skill_by_skill ON content_skill (tenant, skill, content)",
        """
        CREATE TABLE content_text (
            tenant \(type: .integer) NOT NULL,
            content \(type: .integer) NOT NULL,
            language TEXT NOT NULL,
            since_version \(type: .integer) NOT NULL,
            body TEXT NOT NULL,
            hash \(type: .bytes) NOT NULL,
            words \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, content, language, since_version)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE content_version (
            tenant \(type: .integer) NOT NULL,
            content \(type: .integer) NOT NULL,
            version \(type: .integer) NOT NULL,
            cause TEXT NOT NULL CHECK (cause IN ('made', 'changed', 'text')),
            made_at \(type: .integer) NOT NULL,
            title TEXT NOT NULL,
            origin TEXT NOT NULL CHECK (origin IN ('human', 'assisted', 'generated', 'unknown')),
            source_type TEXT,
            model TEXT,
            reviewer TEXT,
            reviewed_on \(type: .integer),
            body TEXT NOT NULL,
            PRIMARY KEY (tenant, content, version)
        )\(SQL.strict)
        """
    )

    private static let search = Migration(
        "catalog-0003-search",
        """
        \(sqlite: """
            CREATE VIRTUAL TABLE content_search USING fts5(
                title, description, body, content='', prefix='3',
                tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc' tokenchars '+#'"
            )
            """,
            postgres: """
            CREATE TABLE content_search (
                tenant BIGINT NOT NULL,
                number BIGINT NOT NULL,
                document TSVECTOR NOT NULL,
                PRIMARY KEY (tenant, number)
            )
            """)
        """,
        "\(sqlite: "SELECT 1", postgres: "CREATE INDEX content_search_document ON content_search USING GIN (document)")"
    )
}
