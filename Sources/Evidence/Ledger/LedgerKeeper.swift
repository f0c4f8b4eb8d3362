public import Basis
import Merkle
public import Storage

/// Integrates into the ledger what transactions queued: gives each commitment its leaf, and signs the new checkpoint.
///
/// Leaves are numbered in the order of integration. On PostgreSQL numbers are given before they are committed, and
/// several nodes may write and integrate; a queue row is seen only after its transaction is durable, and taken once.
public struct LedgerKeeper: Sendable {
    /// The most leaves of one transaction.
    public static let leafLimit = 10_000
    /// The most rows of the queue of one transaction.
    static let rowLimit = 2_000

    private let database: any Database
    private let world: World
    private let fault: @Sendable (any Error) -> Void

    /// `fault` is told of what went wrong while nobody waited, for the log.
    public init(
        database: any Database, world: World, fault: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        self.database = database
        self.world = world
        self.fault = fault
    }

    /// Looks each `pause` for what waits, until it is cancelled. Commits first to what was there before the ledger.
    public func run(pause: Duration = .milliseconds(500)) async throws {
        while !Task.isCancelled {
            do {
                let count = try await integrate()
                if try await commitBacklog() || count > 0 { continue }
            } catch is CancellationError {
                return
            } catch {
                fault(error)
            }
            try? await Task.sleep(for: pause)
        }
    }

    /// Integrates all that waits now.
    ///
    /// - Returns: How many leaves that were.
    /// - Throws: `StorageError`; `Problem` for a ledger whose tiles are damaged.
    @discardableResult
    public func integrate() async throws -> Int {
        var count = 0
        let now = world.now()
        let tenants = try await database.read { connection in
            try connection.rows(
                """
                SELECT tenant FROM ledger_queue UNION
                SELECT tenant FROM ledger_key WHERE seed IS NOT NULL AND signs_until <= \(now) ORDER BY tenant
                """
            ).map {
                try $0.get("tenant", as: TenantID.self)
            }
        }
        for tenant in tenants {
            while true {
                let more = try await database.write { connection in
                    try Integration(table: LedgerTable(tenant: tenant, connection: connection), world: world).run()
                }
                if more == 0 { break }
                count += more
            }
        }
        return count
    }

    /// Commits to some of the statements that were stored before there was a ledger.
    ///
    /// - Returns: Whether there were any.
    @discardableResult
    public func commitBacklog() async throws -> Bool {
        let tenants = try await database.read { connection in
            try connection.rows("SELECT tenant FROM ledger_backlog ORDER BY tenant").map {
                try $0.get("tenant", as: TenantID.self)
            }
        }
        for tenant in tenants {
            try await database.write { connection in
                try LedgerBacklog(tenant: tenant, connection: connection, world: world).commitSome()
            }
        }
        return !tenants.isEmpty
    }
}

/// One turn of integration, in one transaction.
private struct Integration {
    let table: LedgerTable
    let world: World

    /// - Returns: How many leaves were integrated.
    func run() throws -> Int {
        let queued = try take()
        if queued.isEmpty {
            let now = world.now()
            if let head = try table.head(), head.cosigners.contains(where: { $0.until <= now }) {
                try table.endKeys(at: head.size, now: now)
            }
            return 0
        }
        var head = try table.head() ?? table.open(world)
        var writer = try TileWriter(size: head.size) { tile in try table.tile(tile) ?? [] }
        var bundles = try Bundles(size: head.size, table)
        var runs = try table.lastRun().map { [$0] } ?? []
        for part in queued {
            for start in stride(from: 0, to: part.entries.count, by: Commitment.byteCount) {
                let entry = part.entries[start..<start + Commitment.byteCount]
                writer.append(.leaf(entry))
                bundles.append(entry)
            }
            if let last = runs.last, last.kind == part.run.kind, last.end == part.run.first {
                runs[runs.count - 1].leaves += part.run.leaves
            } else {
                var run = part.run
                run.firstIndex = writer.size - run.leaves
                runs.append(run)
            }
        }
        try table.keep(writer.takeTiles() + bundles.changed())
        try table.keep(runs)
        let count = writer.size - head.size
        try sign(writer, &head)
        return count
    }

    private struct Queued {
        let run: LedgerTable.Run
        let entries: [UInt8]
    }

    /// Takes rows out of the queue, those of lower numbers first, so that runs are long.
    private func take() throws -> [Queued] {
        let (tenant, connection) = (table.tenant, table.connection)
        let rows = try connection.rows(
            """
            SELECT 0 AS first_index, kind, first_seq, leaves FROM ledger_queue
            WHERE tenant = \(tenant) ORDER BY kind, first_seq LIMIT \(LedgerKeeper.rowLimit)
            """)
        var taken: [LedgerTable.Run] = []
        var count = 0
        for row in rows where count < LedgerKeeper.leafLimit {
            let run = try LedgerTable.Run(row)
            taken.append(run)
            count += run.leaves
        }
        var queued: [Queued] = []
        for kind in LeafKind.allCases {
            let own = taken.filter { $0.kind == kind }
            guard let first = own.first, let last = own.last else { continue }
            let range: SQL =
                "tenant = \(tenant) AND kind = \(kind) AND first_seq BETWEEN \(first.first) AND \(last.first)"
            let rows = try connection.rows(
                "SELECT commitments FROM ledger_queue WHERE " + range + " ORDER BY first_seq")
            for (run, row) in zip(own, rows) {
                let entries: [UInt8] = try row.get("commitments")
                guard entries.count == run.leaves * Commitment.byteCount else {
                    throw Problem(
                        .fault, "ledger-queue",
                        "The queue of the ledger is damaged at \(kind.rawValue) \(run.first). Restore it from a backup."
                    )
                }
                queued.append(Queued(run: run, entries: entries))
            }
            try connection.run("DELETE FROM ledger_queue WHERE " + range)
        }
        return queued
    }

    private func sign(_ writer: TileWriter, _ head: inout LedgerTable.Head) throws {
        let checkpoint = Checkpoint(origin: head.signer.verifier.name, size: writer.size, root: writer.root)
        try table.keep(checkpoint, &head, at: world.now())
    }
}

/// The bundles of entries at the right edge of the log.
private struct Bundles {
    private var size: Int
    private var open: [UInt8]
    private var full: [(tile: Tile, bytes: [UInt8])] = []

    init(size: Int, _ table: LedgerTable) throws {
        self.size = size
        let width = size % Tile.fullWidth
        open = width == 0 ? [] : try table.tile(Tile(.entries, index: size / Tile.fullWidth, width: width)) ?? []
    }

    mutating func append(_ entry: ArraySlice<UInt8>) {
        open.append(UInt8(entry.count >> 8))
        open.append(UInt8(entry.count & 0xFF))
        open.append(contentsOf: entry)
        size += 1
        if size % Tile.fullWidth > 0 { return }
        full.append((Tile(.entries, index: size / Tile.fullWidth - 1), open))
        open = []
    }

    func changed() -> [(tile: Tile, bytes: [UInt8])] {
        let width = size % Tile.fullWidth
        return width == 0 ? full : full + [(Tile(.entries, index: size / Tile.fullWidth, width: width), open)]
    }
}
