import Basis
import Synchronization

/// When the writes began that are not durable yet.
final class WritesUnderWay: Sendable {
    private struct State {
        var starts: [Int: Moment] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// - Returns: What `end` takes.
    func begin(at moment: Moment) -> Int {
        state.withLock { state in
            defer { state.next += 1 }
            state.starts[state.next] = moment
            return state.next
        }
    }

    func end(_ number: Int) { state.withLock { $0.starts[number] = nil } }

    /// Nil when nothing is under way.
    var earliest: Moment? { state.withLock { $0.starts.values.min() } }
}
