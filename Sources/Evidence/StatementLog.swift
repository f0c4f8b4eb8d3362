public import Basis
public import Storage

/// The record of what happened: statements of every tenant, each exactly as it was received.
///
/// Appending is the only way to change it; a later statement may void an earlier one, which stays.
public struct StatementLog: Sendable {
    let database: any Database
    let world: World
    let cache = NameCache()
    let flights = WritesUnderWay()
    let queue = StoreQueue()
    let profiles = ProfileMemory()

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
    }

    /// Stores statements, all or none. What is there already with the same content stays as it is.
    ///
    /// The batch was validated as it was made: see `StatementBatch`.
    ///
    /// - Returns: The identifiers in the batch's order.
    /// - Throws: `Problem` (`statement-conflict`, `statement-erased`, `void-of-void`) with a pointer; `StorageError`.
    @discardableResult
    public func store(
        _ batch: StatementBatch, by authority: Authority, to tenant: TenantID
    ) async throws -> [ID<Statement>] {
        let findings = try await findings(in: batch, of: tenant)
        let start = flights.begin(at: cache.advance(to: world.now()))
        defer { flights.end(start) }
        return try await withCheckedThrowingContinuation { continuation in
            let request = StoreRequest(batch: batch, authority: authority, findings: findings) {
                continuation.resume(with: $0)
            }
            do {
                if try queue.add(request, of: tenant) { Task { await drain(tenant) } }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Writes Leeway's own events inside the transaction of the change that they tell of.
    ///
    /// A draft whose `id` is there already is skipped. For many calls in one transaction use a `StatementPen`.
    ///
    /// - Returns: How many were new.
    /// - Throws: `Problem` (`person-missing`) for a person whom the tenant does not have; `StorageError`.
    @discardableResult
    public func append(
        _ drafts: [StatementDraft], to tenant: TenantID, on connection: any Connection
    ) throws -> Int {
        var pen = StatementPen(tenant: tenant, log: self)
        return try pen.append(drafts, on: connection)
    }

    /// The same in a transaction of its own.
    @discardableResult
    public func append(_ drafts: [StatementDraft], to tenant: TenantID) async throws -> Int {
        let start = flights.begin(at: cache.advance(to: world.now()))
        defer { flights.end(start) }
        let (count, pen) = try await database.write { connection in
            var pen = StatementPen(tenant: tenant, log: self)
            return (try pen.append(drafts, on: connection), pen)
        }
        keep(pen)
        return count
    }

    /// A pen that remembers numbers over many appends in one transaction: the fast way for imports.
    ///
    ///     let pen = try await database.write { connection in
    ///         var pen = log.pen(for: tenant)
    ///         for chunk in chunks { try pen.append(chunk, on: connection) }
    ///         return pen
    ///     }
    ///     log.keep(pen)
    public func pen(for tenant: TenantID) -> StatementPen { StatementPen(tenant: tenant, log: self) }

    /// Remembers what a pen learned. Call it only after the pen's transaction is durable.
    public func keep(_ pen: StatementPen) { cache.keep(pen.names.fresh, of: pen.tenant) }

    /// Points agents at people who came after them. Call it when people were created or renamed by key.
    ///
    /// - Returns: How many agents were linked.
    @discardableResult
    public func linkAgents(of tenant: TenantID, on connection: any Connection) throws -> Int {
        try connection.run(
            """
            UPDATE agent SET person = (
                SELECT p.id FROM person p JOIN tenant t ON t.tenant = p.tenant
                WHERE p.tenant = \(tenant) AND agent.ifi = 'account:' || t.home || ' ' || p.key)
            WHERE tenant = \(tenant) AND person IS NULL AND EXISTS (
                SELECT 1 FROM person p JOIN tenant t ON t.tenant = p.tenant
                WHERE p.tenant = \(tenant) AND agent.ifi = 'account:' || t.home || ' ' || p.key)
            """)
    }

    /// Up to when a reader sees every statement that was stored here: now, or just before the earliest write that is
    /// still under way.
    ///
    /// - Source: xAPI 1.0.3, part 3, 2.1.3, `X-Experience-API-Consistent-Through`.
    public var consistentThrough: Moment {
        let now = cache.advance(to: world.now())
        return flights.earliest.map { min(now, $0 - .microseconds(1)) } ?? now
    }

    /// How many statements there are, voided ones included.
    public func count(of tenant: TenantID) async throws -> Int {
        try await database.read { connection in
            try connection.value("SELECT COUNT(*) AS count FROM statement WHERE tenant = \(tenant)")
        }
    }
}
