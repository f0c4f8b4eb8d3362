import Basis
import Foundation
import JSON
import Logging

/// Log lines on standard error: text on a terminal, JSON lines for programs.
struct LogOutput: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let label: String
    private let isTerminal: Bool
    private let world: World

    init(label: String, level: Logger.Level, isTerminal: Bool, world: World) {
        self.label = label
        logLevel = level
        self.isTerminal = isTerminal
        self.world = world
    }

    /// To be called once, before the first logger is made.
    static func start(level: Logger.Level, world: World) {
        let isTerminal = isatty(STDERR_FILENO) == 1
        LoggingSystem.bootstrap { label in
            LogOutput(label: label, level: level, isTerminal: isTerminal, world: world)
        }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let merged = metadata.merging(event.metadata ?? [:]) { $1 }
            .filter { !$0.key.hasPrefix("hb.") && !$0.key.hasPrefix("sl-") }
            .sorted { $0.key < $1.key }
        let time = world.now().timestamp
        if isTerminal {
            let rest = merged.map { " \($0.key)=\($0.value)" }.joined()
            write("\(time.dropFirst(11).prefix(12)) \(event.level) \(event.message)\(rest)\n")
        } else {
            var line = JSONObject([
                ("time", .string(time)), ("level", .string(event.level.rawValue)), ("logger", .string(label)),
                ("message", .string("\(event.message)")),
            ])
            for (key, value) in merged where line[key] == nil { line[key] = .string("\(value)") }
            write(JSONValue.object(line).text + "\n")
        }
    }

    private func write(_ line: String) { FileHandle.standardError.write(Data(line.utf8)) }
}
