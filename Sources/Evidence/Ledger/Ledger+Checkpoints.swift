public import Basis
import JSON
import Merkle
import Storage

/// A checkpoint that is kept: the last of its hour, or of its day.
public struct KeptCheckpoint: Hashable, Sendable {
    /// How many leaves it has.
    public let size: Int
    public let signedAt: Moment
    /// Whether its hour may still run: the next checkpoint of that hour takes its place, so its size is no address.
    public let isOpen: Bool
}

extension Ledger {
    /// The most checkpoints that a list shows.
    public static let checkpointLimit = 1_000

    /// The checkpoints that are kept, the newest first: of each hour for a week, of each day for ever.
    public func checkpoints(of tenant: TenantID, limit: Int = checkpointLimit) async throws -> [KeptCheckpoint] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT size, signed_at FROM ledger_checkpoint WHERE tenant = \(tenant)
                ORDER BY hour DESC LIMIT \(limit)
                """
            ).enumerated().map { place, row in
                KeptCheckpoint(size: try row.get("size"), signedAt: try row.get("signed_at"), isOpen: place == 0)
            }
        }
    }

    /// A signed checkpoint that is kept.
    ///
    /// - Throws: `Problem` (`checkpoint-missing`); `StorageError`.
    public func checkpoint(ofSize size: Int, of tenant: TenantID) async throws -> [UInt8] {
        let row = try await database.read { connection in
            try connection.row(
                """
                SELECT note FROM ledger_checkpoint WHERE tenant = \(tenant) AND size = \(size)
                ORDER BY hour DESC LIMIT 1
                """)
        }
        guard let row else {
            throw Problem(
                .missing, "checkpoint-missing",
                "No checkpoint of \(size) leaves is kept. See the list of those that are.")
        }
        return try row.get("note")
    }
}

extension RightsDesk {
    /// How long a replaced key of the ledger signs beside the new one, unless told otherwise.
    public static let keyOverlapDays = 30
    /// The longest that it may.
    public static let keyOverlapDayLimit = 365

    /// Makes a new key for the ledger. The former one signs beside it for a time, so that whoever trusts that one can
    /// come to trust the new one; then its private half is destroyed.
    ///
    /// - Returns: Every key, the new one first.
    /// - Throws: `Problem` (`reason`, `key-overlap`, `tenant-missing`); `StorageError`.
    @discardableResult
    public func rotateLedgerKey(
        overlapDays: Int = keyOverlapDays, reason: String, by author: ID<Person>?, of tenant: TenantID
    ) async throws -> [LedgerKey] {
        let reason = try checked(reason)
        guard (0...RightsDesk.keyOverlapDayLimit).contains(overlapDays) else {
            throw Problem(
                .invalid, "key-overlap",
                "The former key signs on for 0 to \(RightsDesk.keyOverlapDayLimit) days.", at: ["/overlapDays"])
        }
        let (seed, now) = (world.bytes(32), world.now())
        return try await database.write { connection in
            let table = LedgerTable(tenant: tenant, connection: connection)
            let head = try table.head() ?? table.open(world)
            let (former, until) = (head.keys[0], now + .days(overlapDays))
            let origin = former.verifier.name
            let row = try connection.row("SELECT seed FROM ledger WHERE tenant = \(tenant)")
            let old: [UInt8] = try row?.get("seed") ?? []
            let number: Int = try connection.value(
                "SELECT COUNT(*) + 1 AS number FROM ledger_key WHERE tenant = \(tenant)")
            try overwriteDeleted(on: connection)
            try connection.run(
                """
                INSERT INTO ledger_key (tenant, number, public_key, seed, first_size, last_size, replaced_size,
                    replaced_at, signs_until)
                VALUES (\(tenant), \(number), \(former.verifier.publicKey), \(old), \(former.firstSize), NULL,
                    \(head.size), \(now), \(until))
                """)
            try connection.run("UPDATE ledger SET seed = \(seed) WHERE tenant = \(tenant)")
            guard var renewed = try table.head() else {
                throw Problem(.fault, "ledger-empty", "The ledger is gone. Restore it from a backup.")
            }
            // The same leaves, vouched for by both.
            let root = try table.checkpointRoot(head)
            try table.keep(Checkpoint(origin: origin, size: head.size, root: root), &renewed, at: now)
            _ = try record(
                .refreshed, ActivityRef("urn:leeway:ledger-key", name: "Key of the ledger"), by: author,
                reason: reason,
                inputs: [
                    ("former", .string(former.verifier.description)),
                    ("key", .string(renewed.signer.verifier.description)), ("signsUntil", .string(until.timestamp)),
                ], for: tenant, on: connection)
            return try table.head()?.keys ?? renewed.keys
        }
    }
}

extension LedgerTable {
    /// The root that the present checkpoint names.
    ///
    /// - Throws: `Problem` (`note-unsigned`, `checkpoint-damaged`, …) for a checkpoint that was changed.
    fileprivate func checkpointRoot(_ head: Head) throws -> MerkleHash { try [head.keys[0]].open(head.note).root }
}
