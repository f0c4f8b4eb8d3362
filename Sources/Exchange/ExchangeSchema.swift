public import Evidence
public import Storage

/// The tables of what leaves for elsewhere and comes from there.
public enum ExchangeSchema {
    /// - `exchange_link` holds each target, source and webhook with how far it came: `place` is one of the feed (see
    ///   `StatementLog.feed`), `since_at` and `more` are a source's, `seen_at` is the latest that a walk under way saw.
    ///   `lease` names the worker that holds it.
    ///   `erased` counts what a source gave that was erased here.
    ///   `sealed` is its password or signing key as the vault sealed it; `secret` holds one until a server seals it.
    /// - `exchange_letter` holds what could not be delivered or stored, by its first statement.
    ///   What a source gave and was not stored lies in `body`; what could not be sent lies in the record, and is read
    ///   again when it is tried again.
    public static let migrations = [
        Migration(
            "exchange-0001-links",
            """
            CREATE TABLE exchange_link (
                tenant \(type: .integer) NOT NULL,
                id TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('forward', 'pull', 'webhook')),
                label TEXT NOT NULL,
                url TEXT NOT NULL,
                username TEXT NOT NULL,
                secret TEXT NOT NULL,
                edition \(type: .integer) CHECK (edition IN (1, 2)),
                filter TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('on', 'paused')),
                place \(type: .integer) NOT NULL,
                since_at \(type: .integer),
                more TEXT,
                seen_at \(type: .integer),
                moved \(type: .integer) NOT NULL,
                failures \(type: .integer) NOT NULL,
                failing_since \(type: .integer),
                last_error TEXT NOT NULL,
                last_moved_at \(type: .integer),
                next_at \(type: .integer) NOT NULL,
                lease TEXT,
                leased_until \(type: .integer),
                created_at \(type: .integer) NOT NULL,
                PRIMARY KEY (tenant, id)
            )\(SQL.strict)
            """,
            "CREATE INDEX exchange_link_due ON exchange_link (state, next_at)",
            """
            CREATE TABLE exchange_letter (
                tenant \(type: .integer) NOT NULL,
                link TEXT NOT NULL,
                statement TEXT NOT NULL,
                statements TEXT NOT NULL,
                body \(type: .bytes),
                error TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('dead', 'queued')),
                failed_at \(type: .integer) NOT NULL,
                PRIMARY KEY (tenant, link, statement)
            )\(SQL.strict)
            """),
        Migration(
            "exchange-0002-erased",
            "ALTER TABLE exchange_link ADD COLUMN erased \(type: .integer) NOT NULL DEFAULT 0"),
        Migration("exchange-0003-sealed", "ALTER TABLE exchange_link ADD COLUMN sealed \(type: .bytes)"),
    ]

    /// What exports and erasures of people look through.
    public static let papers = [
        PersonalPapers(
            "statements not delivered", "exchange_letter", key: ("link", "statement"), body: "body",
            statements: "statements", remark: "error")
    ]
}
