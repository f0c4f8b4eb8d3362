import Basis
import Storage
import Synchronization

/// One call of `StatementLog.store` on its way.
struct StoreRequest: Sendable {
    let batch: StatementBatch
    let authority: Authority
    let findings: ProfileFindings
    let finish: @Sendable (Result<[ID<Statement>], any Error>) -> Void
}

/// Gathers the batches that arrive for a tenant while others are being written, so that they are written together.
///
/// A batch of its own costs a dozen round trips to PostgreSQL, however small it is; many together cost them once. What
/// is refused is refused alone: see `StatementPen.store(together:on:)`.
final class StoreQueue: Sendable {
    /// The most batches that are written together.
    static let requestLimit = 256
    /// The most statements that are written together, unless one batch has more.
    static let statementLimit = 2_000

    private struct State {
        var waiting: [TenantID: [StoreRequest]] = [:]
        /// Whose batches are being written.
        var led: Set<TenantID> = []
        var count = 0
    }

    private let state = Mutex(State())

    /// - Returns: Whether nobody writes for the tenant, so that the caller has to see to it.
    /// - Throws: `StorageError.busy`.
    func add(_ request: StoreRequest, of tenant: TenantID) throws -> Bool {
        try state.withLock { state in
            guard state.count < WriteQueue.waitLimit else { throw StorageError.busy }
            state.count += 1
            state.waiting[tenant, default: []].append(request)
            return state.led.insert(tenant).inserted
        }
    }

    /// The next batches to write; empty when there are none, and then the tenant is nobody's.
    func take(of tenant: TenantID) -> [StoreRequest] {
        state.withLock { state in
            let waiting = state.waiting[tenant] ?? []
            var statements = 0
            let count = waiting.prefix(StoreQueue.requestLimit).prefix { request in
                statements += request.batch.count
                return statements <= StoreQueue.statementLimit || statements == request.batch.count
            }.count
            if count == waiting.count { state.waiting[tenant] = nil } else { state.waiting[tenant]?.removeFirst(count) }
            if count == 0 { state.led.remove(tenant) }
            state.count -= count
            return Array(waiting.prefix(count))
        }
    }
}

extension StatementLog {
    /// Writes what waits for a tenant, and what arrives meanwhile, until nothing does.
    func drain(_ tenant: TenantID) async {
        while true {
            let requests = queue.take(of: tenant)
            if requests.isEmpty { return }
            do {
                let (outcomes, pen) = try await database.write { connection in
                    var pen = StatementPen(tenant: tenant, log: self)
                    return (try pen.store(together: requests, on: connection), pen)
                }
                keep(pen)
                for (request, outcome) in zip(requests, outcomes) { request.finish(outcome) }
            } catch {
                for request in requests { request.finish(.failure(error)) }
            }
        }
    }
}

extension StatementPen {
    /// Stores batches of several callers: all at once if none of them clashes with anything, else one by one, so that
    /// one's refusal undoes only itself.
    ///
    /// - Returns: What became of each, in their order.
    /// - Throws: `StorageError` for what concerns all of them.
    mutating func store(
        together requests: [StoreRequest], on connection: any Connection
    ) throws -> [Result<[ID<Statement>], any Error>] {
        if requests.count == 1, let request = requests.first {
            return [.success(try store(request, on: connection))]
        }
        let entries = requests.flatMap(\.batch.entries)
        if Set(entries.map(\.id)).count == entries.count {
            let all = try attempt(on: connection) { try $0.write(requests, on: connection) }
            if case .success = all { return requests.map { .success($0.batch.entries.map(\.id)) } }
        }
        return try requests.map { request in
            try attempt(on: connection) { try $0.store(request, on: connection) }
        }
    }

    private mutating func store(_ request: StoreRequest, on connection: any Connection) throws -> [ID<Statement>] {
        let outcome = try store(request.batch, by: request.authority, on: connection)
        try keepAside(request, on: connection)
        return outcome.ids
    }

    /// Writes batches that hold nothing that is there already.
    private mutating func write(_ requests: [StoreRequest], on connection: any Connection) throws {
        try ErasedStatements.refuse(requests.flatMap(\.batch.entries), of: tenant, on: connection)
        for (authority, own) in Dictionary(grouping: requests, by: \.authority).sorted(by: { $0.key.name < $1.key.name }
        ) {
            try write(own.flatMap(\.batch.entries), by: authority, keepingAuthority: false, on: connection)
        }
        for request in requests { try keepAside(request, on: connection) }
    }

    /// Keeps what came with the statements, and what profiles say of them.
    private func keepAside(_ request: StoreRequest, on connection: any Connection) throws {
        try AttachmentStore.keep(request.batch, of: tenant, at: world.now(), on: connection)
        try request.findings.keep(on: connection)
    }

    /// Does something that is undone when it fails; the pen forgets what it learned meanwhile, too.
    private mutating func attempt<Outcome>(
        on connection: any Connection, _ body: (inout StatementPen) throws -> Outcome
    ) throws -> Result<Outcome, any Error> {
        var pen = self
        try connection.run("SAVEPOINT request")
        do {
            let outcome = try body(&pen)
            try connection.run("RELEASE SAVEPOINT request")
            self = pen
            return .success(outcome)
        } catch let error as StorageError where error.endsTransaction {
            throw error
        } catch {
            try connection.run("ROLLBACK TO SAVEPOINT request")
            try connection.run("RELEASE SAVEPOINT request")
            return .failure(error)
        }
    }
}
