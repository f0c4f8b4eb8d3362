import Storage

extension EvidenceSchema {
    /// - `attachment_body` holds the bytes once, under their SHA-256 (`key`), however many statements carry them.
    /// - `attachment` says which statement (by identifier) came with which bytes. `sha2` and `type` are what the
    ///   statement says of them; `position` is the place among its attachments.
    static let attachments = Migration(
        "evidence-0005-attachments",
        """
        CREATE TABLE attachment_body (
            tenant \(type: .integer) NOT NULL,
            key \(type: .bytes) NOT NULL,
            size \(type: .integer) NOT NULL,
            stored_at \(type: .integer) NOT NULL,
            body \(type: .bytes) NOT NULL,
            PRIMARY KEY (tenant, key)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE attachment (
            tenant \(type: .integer) NOT NULL,
            statement \(type: .bytes) NOT NULL,
            position \(type: .integer) NOT NULL,
            sha2 TEXT NOT NULL,
            type TEXT NOT NULL,
            key \(type: .bytes) NOT NULL,
            PRIMARY KEY (tenant, statement, position)
        )\(SQL.strict)\(sqlite: ", WITHOUT ROWID", postgres: "")
        """,
        "CREATE INDEX attachment_key ON attachment (tenant, key)")

    /// Statements about statements in the order of storing: a filter that many statements meet walks them from one end.
    static let references = Migration(
        "evidence-0006-references", "CREATE INDEX reference_seq ON reference (tenant, seq, target)")
}
