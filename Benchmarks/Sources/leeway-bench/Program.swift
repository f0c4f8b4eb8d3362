import Foundation

/// The built `leeway`, run as anybody would.
struct Program {
    let path: String

    /// Runs to the end and measures wall and CPU seconds.
    func run(_ arguments: [String]) throws -> (seconds: Double, cpu: Double) {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        let before = childSeconds()
        let start = Date()
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchError("leeway \(arguments.joined(separator: " ")) ended with \(process.terminationStatus)")
        }
        return (Date().timeIntervalSince(start), childSeconds() - before)
    }

    /// Runs to the end and returns what it printed.
    func output(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchError("leeway \(arguments.joined(separator: " ")) ended with \(process.terminationStatus)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Starts a server and waits until it says where it listens.
    func serve(_ arguments: [String]) throws -> Server {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var text = ""
        while process.isRunning {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            text += String(decoding: data, as: UTF8.self)
            if let match = text.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)/), let port = UInt16(match.1) {
                return Server(process: process, port: port, output: output, announced: text)
            }
        }
        throw BenchError("leeway \(arguments.joined(separator: " ")) did not start: \(text)")
    }

    /// The most memory that any program had that ran to its end so far.
    static var peakMegabytes: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1_024
    }

    private func childSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}

/// A server of ours that is running.
struct Server {
    let process: Process
    let port: UInt16
    let output: Pipe
    let announced: String

    var residentMegabytes: Double {
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1_024
    }

    /// CPU seconds used so far, in user and system mode.
    var cpuSeconds: Double {
        let text = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)) ?? ""
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    /// Signs in as the demo's learner, with what the program printed, and returns the cookie.
    func signIn() throws -> String {
        var text = announced
        while !text.contains(/learner\s+\S+@\S+\s+\S+/) {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { throw BenchError("the demo printed no learner's sign-in") }
            text += String(decoding: data, as: UTF8.self)
        }
        guard let match = text.firstMatch(of: /learner\s+(\S+@\S+)\s+(\S+)/) else { throw BenchError("no sign-in") }
        let client = try HTTPClient(port: port)
        let body = "email=\(encode(String(match.1)))&password=\(encode(String(match.2)))"
        let answer = try client.post("/sign-in", form: body)
        guard let cookie = answer.headers.first(where: { $0.name == "set-cookie" })?.value.split(separator: ";").first
        else { throw BenchError("signing in gave no cookie: \(answer.status)") }
        return String(cookie)
    }

    private func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }
}
