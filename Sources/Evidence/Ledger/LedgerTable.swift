import Basis
import Merkle
import Storage

/// The stored ledger of one tenant, within one transaction.
struct LedgerTable {
    let tenant: TenantID
    let connection: any Connection

    /// The signed state of the ledger and the key that signs it.
    struct Head {
        var size: Int
        /// The signed checkpoint.
        var note: [UInt8]
        var signedAt: Moment
        let signer: NoteSigner
        /// Those that a newer key replaced and that still sign.
        var cosigners: [Cosigner] = []
        /// Every key, the present one first.
        let keys: [LedgerKey]
    }

    /// Numbers that follow one another and so do their leaves.
    struct Run: Hashable, Sendable {
        var firstIndex: Int
        let kind: LeafKind
        let first: Int
        var leaves: Int

        /// The number behind the last.
        var end: Int { first + leaves }
        var endIndex: Int { firstIndex + leaves }
    }

    func head() throws -> Head? {
        let row = try connection.row(
            "SELECT origin, seed, size, note, signed_at FROM ledger WHERE tenant = \(tenant)")
        guard let row else { return nil }
        let origin: String = try row.get("origin")
        let signer = try NoteSigner(name: origin, seed: try row.get("seed"))
        let former = try formerKeys(origin)
        let present = LedgerKey(
            verifier: signer.verifier, firstSize: former.since, lastSize: nil, replacedAt: nil, signsUntil: nil)
        return Head(
            size: try row.get("size"), note: try row.get("note"), signedAt: try row.get("signed_at"), signer: signer,
            cosigners: former.cosigners, keys: [present] + former.keys)
    }

    /// Makes the tenant's key and signs the tree without leaves.
    ///
    /// - Throws: `Problem` (`tenant-missing`).
    func open(_ world: World) throws -> Head {
        guard let row = try connection.row("SELECT home FROM tenant WHERE tenant = \(tenant)") else {
            throw Problem(.missing, "tenant-missing", "There is no such organisation.")
        }
        let origin = LedgerTable.origin(of: try row.get("home"))
        let seed = world.bytes(32)
        let (signer, now) = (try NoteSigner(name: origin, seed: seed), world.now())
        let note = try Checkpoint(origin: origin, size: 0, root: .empty).signed(by: signer).bytes
        try yielding {
            _ = try connection.run(
                """
                INSERT INTO ledger (tenant, origin, seed, size, note, signed_at)
                VALUES (\(tenant), \(origin), \(seed), 0, \(note), \(now))
                """)
        }
        let key = LedgerKey(
            verifier: signer.verifier, firstSize: 0, lastSize: nil, replacedAt: nil, signsUntil: nil)
        return Head(size: 0, note: note, signedAt: now, signer: signer, keys: [key])
    }

    /// A tenant's home page without its scheme, as C2SP tlog-checkpoint asks, with what a key's name cannot hold
    /// escaped.
    static func origin(of home: String) -> String {
        var rest = home[...]
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        while rest.hasSuffix("/") { rest.removeLast() }
        let name = rest.unicodeScalars.map { scalar in
            scalar.value < 0x21 || scalar == "+" || scalar.properties.isWhitespace
                ? String(scalar).utf8.map { "%" + hexadecimal([$0]).uppercased() }.joined() : String(scalar)
        }
        return (name.isEmpty ? "leeway" : name.joined()) + "/ledger"
    }

    /// The bytes of a tile; nil when there is none as wide. With `whole`, all that there is.
    func tile(_ tile: Tile, whole: Bool = false) throws -> [UInt8]? {
        let row = try connection.row(
            """
            SELECT content FROM ledger_tile
            WHERE tenant = \(tenant) AND level = \(tile.row.level) AND number = \(tile.index)
                AND width >= \(tile.width)
            """)
        guard let content: [UInt8] = try row?.get("content") else { return nil }
        return whole ? content : Array(content.prefix(tile.width * tile.row.stride))
    }

    /// The log of `size` leaves, read from here.
    func tree(_ size: Int) -> TiledTree {
        TiledTree(size: size) { tile in
            guard let bytes = try self.tile(tile) else {
                throw Problem(.fault, "tile-missing", "\(tile.path) is missing. Restore it from a backup.")
            }
            return bytes
        }
    }

    func keep(_ tiles: [(tile: Tile, bytes: [UInt8])]) throws {
        let rows: [[Value]] = tiles.map { tile, bytes in
            [tenant.stored, tile.row.level.stored, tile.index.stored, tile.width.stored, .bytes(bytes)]
        }
        try connection.bulk(
            "ledger_tile", ["tenant", "level", "number", "width", "content"], rows,
            on: .replace(key: ["tenant", "level", "number"]))
    }

    func keep(_ runs: [Run]) throws {
        let rows: [[Value]] = runs.map { run in
            [tenant.stored, run.firstIndex.stored, run.kind.stored, run.first.stored, run.leaves.stored]
        }
        try connection.bulk(
            "ledger_run", ["tenant", "first_index", "kind", "first_seq", "leaves"], rows,
            on: .replace(key: ["tenant", "first_index"]))
    }

    /// The run of the last leaf.
    func lastRun() throws -> Run? {
        try connection.row(
            """
            SELECT first_index, kind, first_seq, leaves FROM ledger_run
            WHERE tenant = \(tenant) ORDER BY first_index DESC LIMIT 1
            """
        ).map(Run.init)
    }

    /// The index of a number's leaf; nil while it waits in the queue.
    func index(of number: Int, _ kind: LeafKind) throws -> Int? {
        let run = try connection.row(
            """
            SELECT first_index, kind, first_seq, leaves FROM ledger_run
            WHERE tenant = \(tenant) AND kind = \(kind) AND first_seq <= \(number)
            ORDER BY first_seq DESC LIMIT 1
            """
        ).map(Run.init)
        guard let run, number < run.end else { return nil }
        return run.firstIndex + number - run.first
    }

    /// How many leaves wait.
    func waiting() throws -> Int {
        try connection.value(
            """
            SELECT CAST(COALESCE(SUM(leaves), 0) AS \(type: .integer)) AS leaves FROM ledger_queue
            WHERE tenant = \(tenant)
            """)
    }
}

extension LedgerTable.Run {
    init(_ row: Row) throws {
        self.init(
            firstIndex: try row.get("first_index"), kind: try row.get("kind"), first: try row.get("first_seq"),
            leaves: try row.get("leaves"))
    }
}

extension Tile.Row {
    /// The number of the level in `ledger_tile`.
    var level: Int {
        switch self {
        case .entries: -1
        case .hashes(let level): level
        }
    }

    /// How many bytes one entry or hash takes.
    var stride: Int {
        switch self {
        case .entries: 2 + Commitment.byteCount
        case .hashes: MerkleHash.byteCount
        }
    }
}
