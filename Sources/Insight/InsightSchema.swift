import Evidence
public import Storage

/// The tables of what was made out. Everything else that insight shows is counted when it is asked for.
public enum InsightSchema {
    /// In the order in which they are applied.
    public static let migrations = [dossiers]

    /// What they keep of people.
    static let personal = [
        PersonalTable(
            "dossiers made out", "dossier", by: "by_person", .kept(ground: PersonalTable.accountability),
            secrets: ["body"])
    ]

    static let dossiers = Migration(
        "insight-0001-dossiers",
        """
        CREATE TABLE dossier (
            tenant \(type: .integer) NOT NULL,
            id TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('literacy', 'deployer', 'iso-42001', 'nist-ai-rmf')),
            digest TEXT NOT NULL,
            size \(type: .integer) NOT NULL,
            body \(type: .bytes) NOT NULL,
            at \(type: .integer) NOT NULL,
            by_person TEXT,
            PRIMARY KEY (tenant, id)
        )\(SQL.strict)
        """,
        "CREATE INDEX dossier_at ON dossier (tenant, at)",
        "CREATE INDEX dossier_digest ON dossier (tenant, digest)",
        "CREATE INDEX dossier_person ON dossier (tenant, by_person)")
}
