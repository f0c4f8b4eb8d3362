import Foundation
private import NIOPosix
public import Storage
import Synchronization

/// PostgreSQL through libpq. A fixed number of connections; blocking calls run on
/// their own threads, never on Swift's cooperative pool.
public final class PostgresDatabase: Database {
    private let idle: IdleList
    private let threads: NIOThreadPool
    private let queue = WriteQueue(pause: { Thread.sleep(forTimeInterval: pause(before: $0)) })
    private let readers = Mutex(0)
    /// One thread of this program writes at a time: writers of one program would meet each other all the time, and
    /// those who wait share the next commit. Other programs write beside it.
    private let isWriting = Mutex(false)

    public var dialect: Dialect { .postgres }

    /// - Parameters:
    ///   - url: A libpq connection string or URI.
    ///   - size: Connections, 1 to 64. All are opened at once, so a wrong URL fails here.
    /// - Throws: `StorageError.unreachable`.
    public init(url: String, size: Int = 4) throws {
        precondition((1...64).contains(size), "a pool has 1 to 64 connections")
        idle = IdleList(try (0..<size).map { _ in try PostgresConnection(url: url) })
        threads = NIOThreadPool(numberOfThreads: size)
        threads.start()
    }

    deinit { threads.shutdownGracefully { _ in } }

    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        let room = readers.withLock { count in
            guard count < WriteQueue.waitLimit else { return false }
            count += 1
            return true
        }
        guard room else { throw StorageError.busy }
        defer { readers.withLock { $0 -= 1 } }
        return try await threads.runIfActive { [idle] in
            try idle.withConnection { connection in
                try connection.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                defer { connection.rollBack() }
                let result = try body(connection)
                try connection.commit()
                return result
            }
        }
    }

    @discardableResult
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.add(body) { continuation.resume(with: $0) }
            let isFirst = isWriting.withLock { isWriting in
                defer { isWriting = true }
                return !isWriting
            }
            if isFirst { drain() }
        }
    }

    /// Commits group after group until nothing waits.
    private func drain() {
        threads.submit { [self] state in
            guard case .active = state else {
                isWriting.withLock { $0 = false }
                queue.refuse(StorageError.unreachable("The pool is closed."))
                return
            }
            // As many threads as connections, so a running job always finds one idle.
            repeat { idle.withConnection { queue.commit(on: $0) } } while goesOn()
        }
    }

    private func goesOn() -> Bool {
        isWriting.withLock { isWriting in
            isWriting = !queue.isEmpty
            return isWriting
        }
    }

    /// Each read is a transaction of its own here: a page that held a connection while it waits for another could wait
    /// for itself.
    public func snapshot<Result: Sendable>(
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        try await body()
    }

    public func close() async throws {
        try await threads.shutdownGracefully()
        idle.closeAll()
    }
}

/// Seconds to wait before try `attempt`: random, doubling, at most 256 milliseconds.
///
/// Random so that two transactions that met do not meet again. On small tables
/// PostgreSQL locks whole relations for its serialisable checks, so strangers meet too.
private func pause(before attempt: Int) -> Double {
    Double.random(in: 0...1) * 0.002 * Double(1 << min(attempt, 7))
}

private final class IdleList: Sendable {
    private let connections: Mutex<[PostgresConnection]>

    init(_ connections: [PostgresConnection]) { self.connections = Mutex(connections) }

    func withConnection<Result>(_ body: (PostgresConnection) throws -> Result) rethrows -> Result {
        let connection = connections.withLock { $0.removeLast() }
        defer { connections.withLock { $0.append(connection) } }
        return try body(connection)
    }

    func closeAll() { connections.withLock { $0.removeAll() } }
}
