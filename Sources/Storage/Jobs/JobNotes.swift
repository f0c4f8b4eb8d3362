import Basis
import Synchronization

/// How far the running jobs of this process are, kept in memory.
///
/// SQLite takes one writer at a time: while a job works in one long transaction, its progress cannot be written beside
/// it. What it notes here is seen at once by whoever reads jobs through a queue with the same notes.
public final class JobNotes: Sendable {
    /// What a job said last of itself. `total` is nil while unknown.
    struct Note: Sendable {
        let done: Int
        let total: Int?
        let message: String
    }

    private let notes = Mutex<[ID<Job>: Note]>([:])

    public init() {}

    subscript(id: ID<Job>) -> Note? { notes.withLock { $0[id] } }

    func keep(_ note: Note, of id: ID<Job>) { notes.withLock { $0[id] = note } }

    func forget(_ id: ID<Job>) { notes.withLock { $0[id] = nil } }
}
