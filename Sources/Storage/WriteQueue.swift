import Synchronization

/// Gathers writes that arrive together so that they share one commit.
///
/// An engine calls `add` for each write and then, on whichever connection comes free first,
/// `commit(on:)`, which takes all that wait by then.
public final class WriteQueue: Sendable {
    /// The most writes that one commit holds.
    public static let groupLimit = 256
    /// The most writes that may wait. More are refused as `StorageError.busy`.
    public static let waitLimit = 10_000

    private let waiting = Mutex<[Pending]>([])
    private let pause: @Sendable (Int) -> Void

    /// - Parameter pause: Waits before try number 1, 2, … of a group that met another transaction.
    public init(pause: @escaping @Sendable (Int) -> Void) { self.pause = pause }

    struct Pending: Sendable {
        /// Runs the body and returns what to call once it is durable.
        let attempt: @Sendable (any Connection) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    /// Adds a write. `finish` is called once, after the commit or the last failure.
    public func add<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Result,
        finish: @escaping @Sendable (Swift.Result<Result, any Error>) -> Void
    ) {
        let pending = Pending(
            attempt: { connection in
                let result = try body(connection)
                return { finish(.success(result)) }
            },
            fail: { finish(.failure($0)) }
        )
        let room = waiting.withLock { list in
            guard list.count < WriteQueue.waitLimit else { return false }
            list.append(pending)
            return true
        }
        if !room { finish(.failure(StorageError.busy)) }
    }

    /// Whether nothing waits.
    public var isEmpty: Bool { waiting.withLock(\.isEmpty) }

    /// Refuses all that wait, as when the engine is closing.
    public func refuse(_ error: any Error) {
        let refused = waiting.withLock { list in
            defer { list.removeAll() }
            return list
        }
        for pending in refused { pending.fail(error) }
    }

    /// Takes what waits, up to `groupLimit`, and writes it in one transaction.
    public func commit(on session: some WriteSession) {
        let group = waiting.withLock { list in
            let taken = Array(list.prefix(WriteQueue.groupLimit))
            list.removeFirst(taken.count)
            return taken
        }
        if group.isEmpty { return }
        var failure: any Error = StorageError.contended
        for attempt in 0..<attemptLimit {
            if attempt > 0 { pause(attempt) }
            do {
                try session.begin()
                let outcomes = try group.map { pending in
                    try outcome(of: pending, alone: group.count == 1, onTry: attempt, session)
                }
                try session.commit()
                for outcome in outcomes { outcome() }
                return
            } catch {
                session.rollBack()
                failure = error
                guard case StorageError.contended = error else { break }
            }
        }
        for pending in group { pending.fail(failure) }
    }

    /// Two PostgreSQL transactions may both find a key absent and both insert it; the loser is told of a duplicate, not
    /// of a clash. Tried again it finds the key, as it would have on SQLite.
    private func seeingRivals<Outcome>(
        _ attempt: Int, _ session: some WriteSession, _ body: () throws -> Outcome
    ) throws -> Outcome {
        do {
            return try body()
        } catch StorageError.duplicate where attempt < 3 && session.dialect == .postgres {
            throw StorageError.contended
        }
    }

    /// Runs one body; a refusal of one in a group undoes that one only.
    private func outcome(
        of pending: Pending, alone: Bool, onTry attempt: Int, _ session: some WriteSession
    ) throws -> @Sendable () -> Void {
        if alone { return try seeingRivals(attempt, session) { try pending.attempt(session) } }
        try session.run("SAVEPOINT member")
        do {
            let success = try seeingRivals(attempt, session) { try pending.attempt(session) }
            try session.run("RELEASE SAVEPOINT member")
            return success
        } catch let error as StorageError where error.endsTransaction {
            throw error
        } catch {
            try session.run("ROLLBACK TO SAVEPOINT member")
            try session.run("RELEASE SAVEPOINT member")
            return { pending.fail(error) }
        }
    }
}

/// A connection that can hold a transaction open.
public protocol WriteSession: Connection {
    func begin() throws
    func commit() throws
    /// Does nothing when no transaction is open.
    func rollBack()
}

/// Tries in all.
private let attemptLimit = 10
