import Storage

/// The table of documents.
enum DocumentSchema {
    /// - `activity` and `agent` are 0 where the kind has none; `registration` is empty where there is none.
    /// - `hash` is the SHA-1 of `body`; `authority` is the agent of the credential that wrote last.
    /// - The second index finds what is held about an agent, and so about a person.
    static let documents = Migration(
        "evidence-0004-documents",
        """
        CREATE TABLE document (
            tenant \(type: .integer) NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('state', 'activity', 'agent')),
            activity \(type: .integer) NOT NULL,
            agent \(type: .integer) NOT NULL,
            registration TEXT NOT NULL,
            name TEXT NOT NULL,
            type TEXT NOT NULL,
            hash \(type: .bytes) NOT NULL,
            updated_at \(type: .integer) NOT NULL,
            authority \(type: .integer) NOT NULL,
            body \(type: .bytes) NOT NULL,
            PRIMARY KEY (tenant, kind, activity, agent, registration, name)
        )\(SQL.strict)
        """,
        "CREATE INDEX document_agent ON document (tenant, agent) WHERE agent <> 0")
}
