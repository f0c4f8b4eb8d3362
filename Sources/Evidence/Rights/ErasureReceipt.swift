public import Basis
public import JSON
import Merkle
import Storage

/// Which leaves of the ledger no longer open, because their contents were erased.
public struct ErasedLeaves: Sendable {
    /// Indexes of leaves, each range closed, in order.
    public internal(set) var ranges: [ClosedRange<Int>] = []
    /// How many leaves that is.
    public internal(set) var count = 0
    /// Contents whose leaf waits for the next checkpoint, or that had none.
    public internal(set) var waiting = 0

    /// Ranges that a receipt names; the rest is only counted.
    public static let rangeLimit = 10_000

    mutating func add(_ index: Int) {
        count += 1
        if let last = ranges.last, last.upperBound + 1 == index {
            ranges[ranges.count - 1] = last.lowerBound...index
        } else if ranges.count < ErasedLeaves.rangeLimit {
            ranges.append(index...index)
        }
    }

    /// The ranges as pairs, and the counts.
    public var json: JSONValue {
        [
            "count": JSONValue(count), "waiting": JSONValue(waiting),
            "ranges": .array(ranges.map { [JSONValue($0.lowerBound), JSONValue($0.upperBound)] }),
        ]
    }
}

/// What proves to the person that the erasure took place.
public struct ErasureReceipt: Sendable {
    public let record: ErasureRecord
    public let leaves: ErasedLeaves
    /// That the event of the erasure is in the ledger; nil until a checkpoint covers it.
    public let evidence: LeafEvidence?
    /// The signed checkpoint that covers it.
    public let checkpoint: [UInt8]?

    /// The receipt for programs: docs/privacy.md says how to check it.
    public var json: JSONValue {
        var object = JSONObject([
            ("id", .string(record.id.description)), ("state", .string(record.isDone ? "done" : "running")),
            ("phase", .string(record.phase.rawValue)), ("reason", .string(record.reason)),
            ("orderedAt", .string(record.orderedAt.timestamp)),
            ("counts", .object(JSONObject(record.counts.map { ($0.kind, JSONValue($0.count)) }))),
            ("leaves", leaves.json),
        ])
        if let at = record.finishedAt { object["finishedAt"] = .string(at.timestamp) }
        if let event = record.event { object["event"] = .string(event.description) }
        if let evidence {
            object["proof"] = [
                "index": JSONValue(evidence.proof.index), "size": JSONValue(evidence.proof.size),
                "entry": .string(hexadecimal(evidence.entry)), "root": .string(hexadecimal(evidence.root.bytes)),
                "hashes": .array(evidence.proof.hashes.map { .string(hexadecimal($0.bytes)) }),
            ]
        }
        if let checkpoint { object["checkpoint"] = .string(String(decoding: checkpoint, as: UTF8.self)) }
        return .object(object)
    }
}

extension RightsDesk {
    /// The receipt of an erasure.
    ///
    /// - Throws: `Problem` (`erasure-missing`); `StorageError`.
    public func receipt(_ id: ID<Erasure>, of tenant: TenantID) async throws -> ErasureReceipt {
        let record = try await erasure(id, of: tenant)
        let leaves = try await database.read { try self.leaves(of: id.description, tenant, on: $0) }
        guard let event = record.event else {
            return ErasureReceipt(record: record, leaves: leaves, evidence: nil, checkpoint: nil)
        }
        let ledger = Ledger(database: database, world: world)
        let head = try await ledger.head(of: tenant)
        do {
            let evidence = try await ledger.evidence(of: event, size: head.size, of: tenant)
            return ErasureReceipt(record: record, leaves: leaves, evidence: evidence, checkpoint: head.note)
        } catch let problem as Problem where problem.kind != .fault {
            return ErasureReceipt(record: record, leaves: leaves, evidence: nil, checkpoint: nil)
        }
    }

    /// The leaves of everything that a run took out.
    func leaves(of run: String, _ tenant: TenantID, on connection: any Connection) throws -> ErasedLeaves {
        var leaves = ErasedLeaves()
        try connection.each(
            """
            SELECT e.seq AS seq, (SELECT r.first_index + e.seq - r.first_seq FROM ledger_run r
                WHERE r.tenant = e.tenant AND r.kind = e.kind AND r.first_seq <= e.seq
                    AND r.first_seq + r.leaves > e.seq
                ORDER BY r.first_seq DESC LIMIT 1) AS leaf
            FROM erased_leaf e WHERE e.tenant = \(tenant) AND e.run = \(run) ORDER BY e.kind, e.seq
            """
        ) { row in
            if let index: Int = try row.find("leaf") { leaves.add(index) } else { leaves.waiting += 1 }
        }
        leaves.ranges.sort { $0.lowerBound < $1.lowerBound }
        return leaves
    }
}
