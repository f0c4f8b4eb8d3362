import Foundation
import Synchronization

/// Says how far a command is: a bar on a terminal, a line at each tenth otherwise. On standard error.
final class Meter: Sendable {
    private struct State {
        var lastTenth = -1
        var lastDrawn: ContinuousClock.Instant?
        var isOpen = false
    }

    private let title: String
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())

    init(_ title: String) { self.title = title }

    /// - Parameters:
    ///   - done: Steps done.
    ///   - total: Steps in all; nil while unknown.
    ///   - message: What is being done.
    func show(_ done: Int, of total: Int?, _ message: String) {
        let now = ContinuousClock().now
        state.withLock { state in
            if isTerminal {
                if let last = state.lastDrawn, now - last < .milliseconds(100), done != total { return }
                state.lastDrawn = now
                state.isOpen = true
                FileHandle.standardError.write(Data("\r\u{1B}[K\(bar(done, total)) \(message)".utf8))
            } else {
                let tenth = total.map { $0 > 0 ? done * 10 / $0 : 10 } ?? done / 100_000
                if tenth == state.lastTenth { return }
                state.lastTenth = tenth
                FileHandle.standardError.write(Data("\(title): \(message)\n".utf8))
            }
        }
    }

    /// Ends the line of the bar.
    func end() {
        state.withLock { state in
            if state.isOpen { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
            state.isOpen = false
        }
    }

    private func bar(_ done: Int, _ total: Int?) -> String {
        guard let total, total > 0 else { return "\(title) \(done)" }
        let width = 30
        let filled = min(width, done * width / total)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        return "\(title) \(bar) \(done * 100 / total)%"
    }
}
