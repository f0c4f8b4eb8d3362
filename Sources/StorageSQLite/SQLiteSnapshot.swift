import GRDB
import Storage
import Synchronization

/// The connections that hold snapshots, opened as they are needed, up to a limit; then callers wait their turn.
final class SnapshotReaders: Sendable {
    private struct State {
        var idle: [DatabaseQueue] = []
        var count = 0
        var waiting: [CheckedContinuation<DatabaseQueue, any Error>] = []
    }

    private let path: String
    private let configuration: GRDB.Configuration
    private let limit: Int
    private let state = Mutex(State())

    init(path: String, configuration: GRDB.Configuration, limit: Int) {
        self.path = path
        var configuration = configuration
        configuration.readonly = true
        // A snapshot is a transaction that outlives the visits to its connection.
        configuration.allowsUnsafeTransactions = true
        self.configuration = configuration
        self.limit = limit
    }

    func take() async throws -> DatabaseQueue {
        try await withCheckedThrowingContinuation { continuation in
            let mayOpen = state.withLock { state in
                if let reader = state.idle.popLast() {
                    continuation.resume(returning: reader)
                } else if state.count < limit {
                    state.count += 1
                    return true
                } else {
                    state.waiting.append(continuation)
                }
                return false
            }
            if mayOpen { open(for: continuation) }
        }
    }

    private func open(for continuation: CheckedContinuation<DatabaseQueue, any Error>) {
        do {
            continuation.resume(returning: try DatabaseQueue(path: path, configuration: configuration))
        } catch {
            state.withLock { $0.count -= 1 }
            continuation.resume(throwing: StorageError.unreachable("The file cannot be opened."))
        }
    }

    func give(_ reader: DatabaseQueue) {
        let next = state.withLock { state in
            if !state.waiting.isEmpty { return Optional(state.waiting.removeFirst()) }
            state.idle.append(reader)
            return nil
        }
        next?.resume(returning: reader)
    }

    func close() throws {
        let idle = state.withLock { state in
            defer { state.idle = [] }
            return state.idle
        }
        for reader in idle { try reader.close() }
    }
}

/// One moment of a file, held by a connection from the first read to the end or to the next write.
actor SQLiteSnapshot {
    /// Of the piece of work that runs now; nil outside of one.
    @TaskLocal static var current: SQLiteSnapshot?

    nonisolated let readers: SnapshotReaders
    private var reader: DatabaseQueue?

    init(readers: SnapshotReaders) { self.readers = readers }

    private func held() async throws -> DatabaseQueue {
        if let reader { return reader }
        let taken = try await readers.take()
        // Another read of the same work may have taken one meanwhile.
        if let reader {
            readers.give(taken)
            return reader
        }
        reader = taken
        return taken
    }

    nonisolated func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Storage.Connection) throws -> Result
    ) async throws -> Result {
        let reader = try await held()
        return try await withCheckedThrowingContinuation { continuation in
            reader.asyncWriteWithoutTransaction { database in
                let connection = SQLiteConnection(database: database)
                continuation.resume(
                    with: Swift.Result {
                        if !database.isInsideTransaction { try connection.run("BEGIN DEFERRED") }
                        return try body(connection)
                    })
            }
        }
    }

    /// Lets the moment go; the next read holds a new one.
    func end() {
        guard let held = reader else { return }
        reader = nil
        held.asyncWriteWithoutTransaction { [readers] database in
            if database.isInsideTransaction { _ = try? SQLiteConnection(database: database).run("COMMIT") }
            readers.give(held)
        }
    }
}
