public import Basis
public import JSON
public import Merkle
import Storage

/// A key that signs or signed the checkpoints of a ledger.
public struct LedgerKey: Hashable, Sendable {
    public let verifier: NoteVerifier
    /// How many leaves its first checkpoint has.
    public let firstSize: Int
    /// How many leaves its last checkpoint has; nil as long as it signs. It vouches for nothing longer.
    public let lastSize: Int?
    /// When a newer key took its place; nil for the present one.
    public let replacedAt: Moment?
    /// Until when it signs beside the newer one.
    public let signsUntil: Moment?

    /// Whether it vouches for checkpoints of so many leaves.
    public func vouches(for size: Int) -> Bool { size >= firstSize && size <= lastSize ?? .max }

    /// For programs.
    public var json: JSONValue {
        [
            "key": .string(verifier.description), "firstSize": .init(firstSize), "lastSize": .init(lastSize),
            "replacedAt": .init(replacedAt?.timestamp), "signsUntil": .init(signsUntil?.timestamp),
        ]
    }
}

extension [LedgerKey] {
    /// Reads a checkpoint that one of these keys vouches for.
    ///
    /// - Throws: `Problem` (`note-damaged`, `note-unsigned`, `checkpoint-damaged`, `checkpoint-foreign`,
    ///   `checkpoint-key-ended`).
    func open(_ bytes: [UInt8]) throws(Problem) -> Checkpoint {
        let note = try SignedNote(parsing: bytes)
        let signers = try note.verify(by: map(\.verifier))
        let checkpoint = try Checkpoint(parsing: note.text)
        guard let origin = first?.verifier.name, origin.utf8.elementsEqual(checkpoint.origin.utf8) else {
            throw Problem(
                .invalid, "checkpoint-foreign", "This is a checkpoint of another log, \(checkpoint.origin).")
        }
        guard contains(where: { signers.contains($0.verifier) && $0.vouches(for: checkpoint.size) }) else {
            throw Problem(
                .invalid, "checkpoint-key-ended",
                "The checkpoint is of \(checkpoint.size) leaves, which the key that signed it does not vouch for: "
                    + "it was not in use then. Ask whoever gave it to you.")
        }
        return checkpoint
    }
}

/// A key that a newer one replaced and that still signs beside it.
struct Cosigner: Sendable {
    let signer: NoteSigner
    let until: Moment
}

extension LedgerTable {
    /// How long checkpoints of each hour are kept. Those of each day are kept for ever.
    static let hourly = 7 * 24

    /// The keys before the present one, the newest first, and those of them that still sign.
    func formerKeys(_ origin: String) throws -> (keys: [LedgerKey], cosigners: [Cosigner], since: Int) {
        let rows = try connection.rows(
            """
            SELECT public_key, seed, first_size, last_size, replaced_size, replaced_at, signs_until FROM ledger_key
            WHERE tenant = \(tenant) ORDER BY number DESC
            """)
        var cosigners: [Cosigner] = []
        let keys = try rows.map { row in
            let until: Moment = try row.get("signs_until")
            if let seed: [UInt8] = try row.find("seed") {
                cosigners.append(Cosigner(signer: try NoteSigner(name: origin, seed: seed), until: until))
            }
            return LedgerKey(
                verifier: try NoteVerifier(name: origin, publicKey: try row.get("public_key")),
                firstSize: try row.get("first_size"), lastSize: try row.find("last_size"),
                replacedAt: try row.get("replaced_at"), signsUntil: until)
        }
        return (keys, cosigners, try rows.first?.get("replaced_size") ?? 0)
    }

    /// Destroys the private keys whose time beside the new one is over: they vouch for no more than there is now.
    func endKeys(at size: Int, now: Moment) throws {
        if connection.dialect == .sqlite { _ = try connection.rows("PRAGMA secure_delete = 1") }
        try connection.run(
            """
            UPDATE ledger_key SET seed = NULL, last_size = \(size)
            WHERE tenant = \(tenant) AND seed IS NOT NULL AND signs_until <= \(now)
            """)
    }

    /// Makes a checkpoint the present one, and the one of its hour.
    func keep(_ checkpoint: Checkpoint, _ head: inout Head, at now: Moment) throws {
        if head.cosigners.contains(where: { $0.until <= now }) {
            try endKeys(at: head.size, now: now)
            head.cosigners.removeAll { $0.until <= now }
        }
        var note = try checkpoint.signed(by: head.signer)
        for cosigner in head.cosigners {
            for signature in try checkpoint.signed(by: cosigner.signer).signatures {
                note = try note.adding(signature)
            }
        }
        head.note = note.bytes
        (head.size, head.signedAt) = (checkpoint.size, now)
        try connection.run(
            """
            UPDATE ledger SET size = \(head.size), note = \(head.note), signed_at = \(now) WHERE tenant = \(tenant)
            """)
        let hour = now.microseconds / 3_600_000_000
        let isNew =
            try connection.run(
                """
                UPDATE ledger_checkpoint SET size = \(head.size), note = \(head.note), signed_at = \(now)
                WHERE tenant = \(tenant) AND hour = \(hour)
                """) == 0
        if !isNew { return }
        try connection.run(
            """
            INSERT INTO ledger_checkpoint (tenant, hour, size, note, signed_at)
            VALUES (\(tenant), \(hour), \(head.size), \(head.note), \(now))
            """)
        // Of what is older than a week, the last of each day stays.
        try connection.run(
            """
            DELETE FROM ledger_checkpoint WHERE tenant = \(tenant) AND hour < \(hour - Int64(LedgerTable.hourly))
                AND EXISTS (SELECT 1 FROM ledger_checkpoint l WHERE l.tenant = ledger_checkpoint.tenant
                    AND l.hour > ledger_checkpoint.hour AND l.hour / 24 = ledger_checkpoint.hour / 24)
            """)
    }
}
