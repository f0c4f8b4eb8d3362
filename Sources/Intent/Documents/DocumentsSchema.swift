import Storage

/// Policies in prose, and who accepted which version.
enum DocumentsSchema {
    /// In the order in which they are applied.
    static let migrations = [documents]

    static let documents = Migration(
        "intent-0020-documents",
        """
        CREATE TABLE policy_document (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            version \(type: .integer) NOT NULL CHECK (version > 0),
            state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'superseded', 'withdrawn')),
            title TEXT NOT NULL,
            summary TEXT NOT NULL,
            body TEXT NOT NULL,
            audience TEXT NOT NULL,
            owner TEXT NOT NULL,
            ai_use TEXT,
            is_material \(type: .integer) NOT NULL CHECK (is_material IN (0, 1)),
            created_at \(type: .integer) NOT NULL,
            created_by TEXT NOT NULL,
            published_at \(type: .integer),
            ended_at \(type: .integer),
            PRIMARY KEY (tenant, id, version),
            CHECK (state = 'draft' OR published_at IS NOT NULL),
            CHECK (version > 1 OR is_material = 1)
        )\(SQL.strict)
        """,
        "CREATE UNIQUE INDEX policy_document_draft ON policy_document (tenant, id) WHERE state = 'draft'",
        "CREATE UNIQUE INDEX policy_document_published ON policy_document (tenant, id) WHERE state = 'published'",
        "CREATE INDEX policy_document_owner ON policy_document (tenant, owner)",
        "CREATE INDEX policy_document_created ON policy_document (tenant, created_by)",
        """
        CREATE TABLE policy_acceptance (
            tenant \(type: .integer) NOT NULL,
            document TEXT NOT NULL,
            person TEXT NOT NULL,
            version \(type: .integer) NOT NULL,
            at \(type: .integer) NOT NULL,
            point TEXT NOT NULL,
            PRIMARY KEY (tenant, document, person, version)
        )\(SQL.strict)
        """,
        "CREATE INDEX policy_acceptance_person ON policy_acceptance (tenant, person)")
}
