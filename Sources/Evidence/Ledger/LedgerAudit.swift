public import Basis
import JSON
public import Merkle
public import Storage

/// Checks whole records against their ledgers, in one snapshot each.
public struct LedgerAudit: Sendable {
    private let database: any Database

    public init(database: any Database) { self.database = database }

    /// Checks everything that is stored of a tenant: the signature, every tile and bundle, every statement and change
    /// of a document against its leaf, that none is missing or besides, and which are voided.
    ///
    /// - Returns: What was found, and how much was looked at.
    /// - Throws: `StorageError`.
    public func check(_ tenant: TenantID) async throws -> LedgerReport {
        try await database.read { connection in
            var check = LedgerCheck(LedgerTable(tenant: tenant, connection: connection))
            try check.run()
            return check.report
        }
    }

    /// Checks that today's log extends the log of an earlier checkpoint.
    ///
    /// - Parameters:
    ///   - note: The earlier signed checkpoint.
    ///   - key: The verifier key that its holder trusts; nil for those that are stored here. It must be one of them.
    ///   - tenant: Whose log.
    /// - Returns: The earlier checkpoint and today's.
    /// - Throws: `Problem` (`note-damaged`, `note-unsigned`, `checkpoint-damaged`, `checkpoint-foreign`,
    ///   `checkpoint-key-ended`, `ledger-empty`, `ledger-shorter`, `ledger-rewritten`); `StorageError`.
    public func extends(
        _ note: [UInt8], key: NoteVerifier?, _ tenant: TenantID
    ) async throws -> (earlier: Checkpoint, today: Checkpoint) {
        try await database.read { connection in
            let table = LedgerTable(tenant: tenant, connection: connection)
            guard let head = try table.head() else {
                throw Problem(.missing, "ledger-empty", "This organisation has no ledger.")
            }
            let trusted = head.keys.filter { key == nil || $0.verifier == key }
            if trusted.isEmpty, let key {
                throw Problem(
                    .invalid, "note-unsigned",
                    "The key \(key) never signed this organisation's ledger. Check which log and key it is of.")
            }
            let earlier = try trusted.open(note)
            let today = try head.keys.open(head.note)
            guard earlier.size <= today.size else {
                throw Problem(
                    .conflict, "ledger-shorter",
                    "The checkpoint is of \(earlier.size) leaves, and today's ledger has only \(today.size).")
            }
            var tree = table.tree(today.size)
            let proof = try tree.consistencyProof(from: earlier.size)
            guard proof.proves(today.root, extends: earlier.root) else {
                throw Problem(
                    .conflict, "ledger-rewritten",
                    "Today's ledger does not begin with the \(earlier.size) leaves of the checkpoint: it was rewritten."
                )
            }
            return (earlier, today)
        }
    }
}

/// The check of one tenant.
struct LedgerCheck {
    let table: LedgerTable
    var report: LedgerReport

    init(_ table: LedgerTable) {
        self.table = table
        report = LedgerReport(tenant: table.tenant)
    }

    mutating func run() throws {
        let (size, signed) = try readHead()
        report.size = size
        let root = try TileCheck(table: table, size: size).run(&report)
        if let root, let signed, root != signed.root {
            report.add("checkpoint", "Its root is not the root of the \(size) leaves that are stored.")
        }
        try CheckpointCheck(table: table).run(&report)
        report.waiting = try table.waiting()
        for kind in LeafKind.allCases {
            let spans = try LedgerSpans(table: table, kind: kind, size: size).read(&report)
            var walk = LedgerWalk(table: table, kind: kind, spans: spans)
            try walk.run(&report)
        }
        try VoidedCheck(table: table).run(&report)
    }

    /// How many leaves there are said to be, and the checkpoint if its signature holds.
    private mutating func readHead() throws -> (size: Int, signed: Checkpoint?) {
        var size = 0
        do {
            guard let head = try table.head() else { return (0, nil) }
            size = head.size
            let checkpoint = try [head.keys[0]].open(head.note)
            if checkpoint.size == size { return (size, checkpoint) }
            report.add("checkpoint", "It is of \(checkpoint.size) leaves, and the ledger says \(size).")
        } catch let problem as Problem {
            report.add("checkpoint", problem.detail)
        }
        return (size, nil)
    }
}
