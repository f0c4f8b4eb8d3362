public import Basis
public import Evidence
import NIOHTTP1
public import Storage
import Synchronization
public import Vault

/// Moves statements between this record store and others: the work behind `ExchangeBook`.
///
/// Any number of nodes may run it: a link is leased in the database, so that two never send for it at once. What was
/// sent and not yet noted when a node dies is sent again by the next, and record stores know it by its identifier.
public final class Exchange: Sendable {
    /// Links that work at the same time on one node.
    public static let width = 8

    public let book: ExchangeBook
    private let log: StatementLog
    private let world: World
    private let limits: WireLimits
    private let fault: @Sendable (any Error) -> Void
    private let underWay = Mutex(0)

    /// How long a link rests when there is nothing to do, by what it does.
    static func idle(_ kind: LinkKind) -> Duration { kind == .pull ? .seconds(30) : .seconds(1) }

    /// - Parameters:
    ///   - log: The one log of the program.
    ///   - database: Migrated.
    ///   - world: The clock and chance.
    ///   - vault: Seals passwords and signing keys.
    ///   - limits: Where requests may go, and what they may take.
    ///   - fault: Is told of what went wrong on our side, for the log.
    ///   - sealsElsewhere: As for `ExchangeBook`.
    public init(
        log: StatementLog, database: any Database, world: World, vault: Vault = Vault(file: nil),
        limits: WireLimits = WireLimits(),
        fault: @escaping @Sendable (any Error) -> Void = { _ in },
        sealsElsewhere: @escaping @Sendable () async throws -> Bool = { false }
    ) {
        self.log = log
        self.world = world
        self.limits = limits
        self.fault = fault
        book = ExchangeBook(
            log: log, database: database, world: world, vault: vault, sealsElsewhere: sealsElsewhere)
    }

    /// Gives each link its turn, until it is cancelled. A slow one holds up no other. Seals first what lies unsealed.
    public func run(pause: Duration = .seconds(1)) async {
        await told { _ = try await book.sealPlain() }
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                do {
                    for (tenant, id) in try await book.due() where enter() {
                        group.addTask {
                            defer { self.leave() }
                            await self.told { _ = try await self.turn(of: id, tenant) }
                        }
                    }
                } catch {
                    fault(error)
                }
                try? await Task.sleep(for: pause)
            }
        }
    }

    /// Gives each link that is due one turn, one after another.
    ///
    /// - Returns: How many links had one.
    @discardableResult
    public func runOnce() async throws -> Int {
        var count = 0
        for (tenant, id) in try await book.due() where try await turn(of: id, tenant) { count += 1 }
        return count
    }

    /// Sends a webhook a signed message without statements.
    ///
    /// - Returns: What it answered, in one sentence.
    /// - Throws: `Problem` (`link-missing`, `test-webhook`, `test-failed`, `address-refused`, `unanswered`, …).
    public func test(_ id: ID<Link>, of tenant: TenantID) async throws -> String {
        let link = try await book.find(id, of: tenant)
        guard link.kind == .webhook else {
            throw Problem(.invalid, "test-webhook", "Only a webhook can be tested. Its next turn shows how it works.")
        }
        let secret = try book.open(try await book.kept(id, tenant), of: id, tenant)
        let now = world.now()
        let delivery = "\(id)-test"
        let body = Errand.message("test", delivery, [], at: now)
        let answer = try await Wire.open(to: link.url, limits) { wire in
            try await wire.send(
                .POST, link.url, headers: Errand.headers(delivery, body, secret: secret, at: now), body: body)
        }
        guard (200..<300).contains(answer.status) else {
            throw Problem(.conflict, "test-failed", "\(answer.words) A webhook answers 200 to 299.")
        }
        return "It answered \(answer.status)."
    }

    /// - Returns: Whether the link was free.
    private func turn(of id: ID<Link>, _ tenant: TenantID) async throws -> Bool {
        guard let leased = try await book.take(id, of: tenant) else { return false }
        let turn: Turn
        do {
            let secret = try book.open(leased.secret, of: id, tenant)
            turn = try await Wire.open(to: leased.link.url, limits) { wire in
                try await Errand(log: log, book: book, leased: leased, secret: secret, wire: wire, world: world).run()
            }
        } catch is LeaseLost {
            return true
        } catch is CancellationError {
            // The node ends: the next one goes on from the same place.
            try? await book.end(leased, .more, idle: .zero)
            throw CancellationError()
        } catch let problem as Problem {
            turn = .failed(problem.detail, wait: nil)
        } catch {
            try? await book.end(leased, .failed("Something broke on our side.", wait: nil), idle: .zero)
            throw error
        }
        try await book.end(leased, turn, idle: Exchange.idle(leased.link.kind))
        return true
    }

    private func told(_ body: () async throws -> Void) async {
        do {
            try await body()
        } catch is CancellationError {
            return
        } catch {
            fault(error)
        }
    }

    private func enter() -> Bool {
        underWay.withLock { count in
            if count >= Exchange.width { return false }
            count += 1
            return true
        }
    }

    private func leave() { underWay.withLock { $0 -= 1 } }
}

extension ExchangeBook {
    /// - Throws: `Problem` (`link-missing`).
    func kept(_ id: ID<Link>, _ tenant: TenantID) async throws -> KeptSecret {
        let row = try await database.read { connection in
            try connection.row("SELECT secret, sealed FROM exchange_link WHERE tenant = \(tenant) AND id = \(id)")
        }
        guard let row else { throw missing }
        return try KeptSecret(row)
    }
}
