import Storage

/// The tables of the ledger.
enum LedgerSchema {
    /// - `ledger_key` holds the keys that signed before the one in `ledger`; `seed` until `signs_until`, as long as it
    ///   signs beside the new one. It is valid for checkpoints of `first_size` to `last_size` leaves.
    /// - `ledger_checkpoint` holds the last checkpoint of each hour for a week, and of each day for ever. Hours are
    ///   counted from 1970-01-01 in UTC.
    static let keys = Migration(
        "evidence-0023-ledger-keys",
        """
        CREATE TABLE ledger_key (
            tenant \(type: .integer) NOT NULL,
            number \(type: .integer) NOT NULL CHECK (number > 0),
            public_key \(type: .bytes) NOT NULL,
            seed \(type: .bytes),
            first_size \(type: .integer) NOT NULL CHECK (first_size >= 0),
            last_size \(type: .integer),
            replaced_size \(type: .integer) NOT NULL CHECK (replaced_size >= first_size),
            replaced_at \(type: .integer) NOT NULL,
            signs_until \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, number),
            CHECK ((seed IS NULL) = (last_size IS NOT NULL))
        )\(SQL.strict)
        """,
        """
        CREATE TABLE ledger_checkpoint (
            tenant \(type: .integer) NOT NULL,
            hour \(type: .integer) NOT NULL,
            size \(type: .integer) NOT NULL CHECK (size >= 0),
            note \(type: .bytes) NOT NULL,
            signed_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, hour)
        )\(SQL.strict)
        """)

    /// - `ledger` holds, for each tenant, its origin, its private key (`seed`) and its present checkpoint.
    /// - `ledger_queue` holds what was committed to and is not integrated: one row for each piece that was written,
    ///   with one commitment after another, 32 bytes each.
    /// - `ledger_run` tells which leaves belong to which numbers: leaf `first_index` + n to number `first_seq` + n.
    /// - `ledger_tile` holds the tiles as wide as they are; level -1 holds the entries.
    /// - `document_change` holds what was said of a change of a document; `agent` is 0 where it is about nobody.
    /// - `ledger_erasure` tells whose body and salt are gone on purpose.
    /// - `ledger_backlog` tells which statements were there before the ledger and are not committed to yet.
    static let ledger = Migration(
        "evidence-0007-ledger",
        "ALTER TABLE statement ADD COLUMN salt \(type: .bytes)",
        """
        CREATE TABLE ledger (
            tenant \(type: .integer) PRIMARY KEY,
            origin TEXT NOT NULL,
            seed \(type: .bytes) NOT NULL,
            size \(type: .integer) NOT NULL CHECK (size >= 0),
            note \(type: .bytes) NOT NULL,
            signed_at \(type: .integer) NOT NULL
        )\(SQL.strict)
        """,
        """
        CREATE TABLE ledger_queue (
            tenant \(type: .integer) NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('statement', 'document')),
            first_seq \(type: .integer) NOT NULL,
            leaves \(type: .integer) NOT NULL CHECK (leaves > 0),
            commitments \(type: .bytes) NOT NULL,
            PRIMARY KEY (tenant, kind, first_seq)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE ledger_run (
            tenant \(type: .integer) NOT NULL,
            first_index \(type: .integer) NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('statement', 'document')),
            first_seq \(type: .integer) NOT NULL,
            leaves \(type: .integer) NOT NULL CHECK (leaves > 0),
            PRIMARY KEY (tenant, first_index),
            UNIQUE (tenant, kind, first_seq)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE ledger_tile (
            tenant \(type: .integer) NOT NULL,
            level \(type: .integer) NOT NULL CHECK (level BETWEEN -1 AND 7),
            number \(type: .integer) NOT NULL,
            width \(type: .integer) NOT NULL CHECK (width BETWEEN 1 AND 256),
            content \(type: .bytes) NOT NULL,
            PRIMARY KEY (tenant, level, number)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE document_change (
            tenant \(type: .integer) NOT NULL,
            seq \(type: .integer) NOT NULL,
            agent \(type: .integer) NOT NULL,
            salt \(type: .bytes),
            detail \(type: .bytes),
            PRIMARY KEY (tenant, seq)
        )\(SQL.strict)
        """,
        "CREATE INDEX document_change_agent ON document_change (tenant, agent) WHERE agent <> 0",
        Migration.sequence("document_change"),
        """
        CREATE TABLE ledger_erasure (
            tenant \(type: .integer) NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('statement', 'document')),
            seq \(type: .integer) NOT NULL,
            erased_at \(type: .integer) NOT NULL,
            PRIMARY KEY (tenant, kind, seq)
        )\(SQL.strict)
        """,
        """
        CREATE TABLE ledger_backlog (
            tenant \(type: .integer) PRIMARY KEY,
            next_seq \(type: .integer) NOT NULL,
            last_seq \(type: .integer) NOT NULL
        )\(SQL.strict)
        """,
        """
        INSERT INTO ledger_backlog (tenant, next_seq, last_seq)
        SELECT tenant, MIN(seq), MAX(seq) FROM statement GROUP BY tenant
        """)
}
