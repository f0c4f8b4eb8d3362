public import Basis
public import Merkle
public import Storage

/// The state of a tenant's ledger as people see it.
public struct LedgerHead: Sendable {
    /// How many leaves the signed checkpoint covers.
    public let size: Int
    /// The signed checkpoint: C2SP tlog-checkpoint.
    public let note: [UInt8]
    public let signedAt: Moment
    /// To check signatures with. Its name is the log's origin.
    public let verifier: NoteVerifier
    /// Every key that signed checkpoints, the present one first.
    public let keys: [LedgerKey]
    /// Leaves that are durable and in no checkpoint yet.
    public let waiting: Int
}

/// That a leaf is in the ledger, with all that is needed to check it.
public struct LeafEvidence: Sendable {
    /// The entry of the log: 32 bytes.
    public let entry: [UInt8]
    public let proof: InclusionProof
    /// The root of the tree of `proof.size` leaves.
    public let root: MerkleHash
    /// What hashes to the entry; nil when only the leaf was asked for, or when the content was erased.
    public let opening: Opening?

    /// The content of a leaf and its salt: see docs/ledger.md.
    public struct Opening: Sendable {
        public let kind: LeafKind
        public let salt: [UInt8]
        /// The content as canonical JSON.
        public let content: [UInt8]
        /// Of the leaf: 1, or 2 for one that binds `stored` and `authority`, too. Nil: the content is not what the
        /// leaf commits to.
        public let version: Int?
        /// What Leeway assigned, as it is served; nil unless the leaf binds it.
        public let stored: String?
        /// The same as canonical JSON.
        public let authority: [UInt8]?
    }
}

/// The tamper-evident record of one database's tenants: a log for each, of what was stored in which order.
///
/// - Source: RFC 9162, section 2.1; C2SP tlog-tiles, tlog-checkpoint and signed-note.
public struct Ledger: Sendable {
    let database: any Database
    private let world: World

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
    }

    /// The present state. Makes the tenant's key at the first call.
    ///
    /// - Throws: `Problem` (`tenant-missing`); `StorageError`.
    public func head(of tenant: TenantID) async throws -> LedgerHead {
        let known = try await database.read { try Ledger.head(LedgerTable(tenant: tenant, connection: $0)) }
        if let known { return known }
        return try await database.write { connection in
            let table = LedgerTable(tenant: tenant, connection: connection)
            if let head = try Ledger.head(table) { return head }
            return try Ledger.shown(try table.open(world), table)
        }
    }

    private static func head(_ table: LedgerTable) throws -> LedgerHead? {
        try table.head().map { try shown($0, table) }
    }

    private static func shown(_ head: LedgerTable.Head, _ table: LedgerTable) throws -> LedgerHead {
        LedgerHead(
            size: head.size, note: head.note, signedAt: head.signedAt, verifier: head.signer.verifier,
            keys: head.keys, waiting: try table.waiting())
    }

    /// The bytes of a tile or bundle.
    ///
    /// - Throws: `Problem` (`tile-missing`) when the log is not that long; `StorageError`.
    public func tile(_ tile: Tile, of tenant: TenantID) async throws -> [UInt8] {
        let bytes = try await database.read { try LedgerTable(tenant: tenant, connection: $0).tile(tile) }
        guard let bytes else {
            throw Problem(.missing, "tile-missing", "The ledger has no \(tile.path) yet. See its checkpoint.")
        }
        return bytes
    }

    /// That a leaf is in the tree of `size` leaves; nil for the present one.
    ///
    /// - Throws: `Problem` (`leaf-missing`, `size-unknown`); `StorageError`.
    public func evidence(of index: Int, size: Int?, of tenant: TenantID) async throws -> LeafEvidence {
        try await database.read { connection in
            try Ledger.evidence(index, size, nil, LedgerTable(tenant: tenant, connection: connection))
        }
    }

    /// That a statement is in the tree of `size` leaves; nil for the present one.
    ///
    /// - Throws: `Problem` (`statement-missing`, `leaf-waiting`, `leaf-missing`, `size-unknown`); `StorageError`.
    public func evidence(of id: ID<Statement>, size: Int?, of tenant: TenantID) async throws -> LeafEvidence {
        try await database.read { connection in
            let table = LedgerTable(tenant: tenant, connection: connection)
            let row = try connection.row(
                "SELECT " + LedgerContent.columns
                    + """
                     FROM statement s LEFT JOIN agent u ON u.tenant = s.tenant AND u.number = s.authority
                    WHERE s.tenant = \(tenant) AND s.id = \(id.bytes)
                    """)
            guard let row else { throw Problem(.missing, "statement-missing", "There is no statement \(id).") }
            let renamed = try FormerNames(of: tenant, on: connection)
            let content = try LedgerContent(statement: row, formerly: renamed)
            guard let index = try table.index(of: try row.get("seq"), .statement), content.isOpen else {
                throw Problem(
                    .conflict, "leaf-waiting",
                    "The statement waits to be in the next checkpoint. Ask again in some seconds.")
            }
            return try Ledger.evidence(index, size, content, table)
        }
    }

    private static func evidence(
        _ index: Int, _ size: Int?, _ content: LedgerContent?, _ table: LedgerTable
    ) throws -> LeafEvidence {
        let present = try table.head()?.size ?? 0
        var tree = table.tree(present)
        let proof = try tree.inclusionProof(of: index, at: size)
        let bundle = Tile(
            .entries, index: index / Tile.fullWidth,
            width: min(Tile.fullWidth, present - index / Tile.fullWidth * Tile.fullWidth))
        let entries = try table.tile(bundle).flatMap { EntryBundle.entries($0) } ?? []
        guard entries.indices.contains(index % Tile.fullWidth) else {
            throw Problem(.fault, "tile-damaged", "\(bundle.path) is damaged. Restore it from a backup.")
        }
        let entry = entries[index % Tile.fullWidth]
        return LeafEvidence(
            entry: entry, proof: proof, root: try tree.root(at: proof.size), opening: content?.opening(of: entry))
    }

    /// That the tree of `to` leaves (nil for the present one) begins with the tree of `from` leaves, and both roots.
    ///
    /// - Throws: `Problem` (`size-unknown`); `StorageError`.
    public func consistency(
        from: Int, to: Int?, of tenant: TenantID
    ) async throws -> (proof: ConsistencyProof, earlier: MerkleHash, later: MerkleHash) {
        try await database.read { connection in
            let table = LedgerTable(tenant: tenant, connection: connection)
            var tree = table.tree(try table.head()?.size ?? 0)
            let proof = try tree.consistencyProof(from: from, to: to)
            return (proof, try tree.root(at: from), try tree.root(at: proof.to))
        }
    }
}
