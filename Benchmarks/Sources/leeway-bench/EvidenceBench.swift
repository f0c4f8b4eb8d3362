import ArgumentParser
import Foundation
import Synchronization

/// The record store: writes one by one and in batches, reads of a large store, memory, beside the raw engines.
struct EvidenceBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence", abstract: "Measures the record store: writes, reads and memory.")

    @Option(help: "The built program.") var leeway = ".build/release/leeway"
    @Option(help: "A PostgreSQL URL with the right to create databases; without it PostgreSQL is left out.")
    var postgres: String?
    @Flag(help: "Leave SQLite out.") var onlyPostgres = false
    @Option(help: "Statements posted one by one.") var singles = 20_000
    @Option(help: "Statements posted in batches of 50.") var fifties = 50_000
    @Option(help: "Statements posted in batches of 500.") var fiveHundreds = 100_000
    @Option(help: "Statements in the store when it is read.") var stored = 1_000_000
    @Option(help: "Reads of each kind.") var reads = 1_000
    @Option(help: "Connections of the single posts.") var connections = 32

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "leeway-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var report = Report()
        let program = Program(path: leeway)
        if !onlyPostgres {
            try measure(program, .sqlite(folder.appending(path: "evidence.sqlite").path), &report)
        }
        if let postgres {
            let name = "leeway_bench_\(getpid())"
            let server = try RawPostgres(url: postgres)
            try server.run("CREATE DATABASE \(name)")
            defer { try? server.run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)") }
            try measure(program, .postgres(RawPostgres.url(postgres, database: name)), &report)
        }
        print(report.markdown)
    }

    private func measure(_ program: Program, _ target: Target, _ report: inout Report) throws {
        let credentials = try program.output(["client", "add", "bench", "--database", target.url])
        let server = try program.serve(["serve", "--database", target.url, "--port", "0", "--log-level", "warning"])
        defer { server.stop() }
        let door = try EvidenceDoor(port: server.port, credentials: credentials)
        var next = 0
        func write(_ count: Int, _ batch: Int, _ connections: Int) throws -> Double {
            let cpu = server.cpuSeconds
            let seconds = try door.post(from: next, count: count, batch: batch, connections: connections)
            next += count
            let rate = Double(count) / seconds
            let way = batch == 1 ? "single POSTs over \(connections) connections" : "batches of \(batch)"
            let goal = batch == 1 ? 2_000 : target.isPostgres ? 10_000 : 6_000
            report.add(
                "\(way), \(target.name)", rate, "statements/s",
                goal: batch == 1 && target.isPostgres ? "" : "≥ \(goal)", cpu: server.cpuSeconds - cpu)
            return rate
        }
        let single = try write(singles, 1, connections)
        let fifty = try write(fifties, 50, connections)
        let fiveHundred = try write(fiveHundreds, 500, 4)
        let before = server.residentMegabytes
        for (rate, batch, rows) in [(single, 1, 5_000), (fifty, 50, 50_000), (fiveHundred, 500, 100_000)] {
            let floor = try target.floor(batch: batch, limit: rows)
            let raw = Double(floor.rows) / floor.seconds
            report.add("raw engine, \(batch) a transaction, \(target.name)", raw, "rows/s")
            report.add("ours ÷ raw, \(batch) at a time, \(target.name)", rate / raw, "", goal: "≥ 0.5")
        }
        if next < stored {
            let start = Date()
            _ = try door.post(from: next, count: stored - next, batch: 500, connections: 4)
            let seconds = Date().timeIntervalSince(start)
            let rate = Double(stored - next) / seconds
            report.add("filling up to \(stored), batches of 500, \(target.name)", rate, "statements/s")
            let lag = try door.secondsUntilLedgerHolds(stored)
            report.add("the ledger holds all of them, after the last write, \(target.name)", lag, "s")
            report.add(
                "leaves appended to the ledger meanwhile, \(target.name)", Double(stored - next) / (seconds + lag),
                "leaves/s", goal: "≥ 5000")
        }
        let proofs = try door.proofs(times: reads, size: max(next, stored))
        report.add("inclusion proof, p50, \(target.name)", proofs[proofs.count / 2] * 1_000, "ms", goal: "≤ 5 ms")
        report.add("inclusion proof, p99, \(target.name)", proofs[proofs.count * 99 / 100] * 1_000, "ms")
        for kind in EvidenceDoor.Query.allCases {
            let times = try door.read(kind, times: reads, mustFind: max(next, stored) >= 500_000)
            report.add(
                "GET by \(kind.rawValue), limit 50, p50, \(target.name)", times[times.count / 2] * 1_000, "ms",
                goal: kind == .related ? "" : "≤ 3 ms")
            report.add(
                "GET by \(kind.rawValue), limit 50, p99, \(target.name)", times[times.count * 99 / 100] * 1_000, "ms",
                goal: kind == .related ? "≤ 50 ms" : "≤ 20 ms")
        }
        report.add("resident memory after the writes, \(target.name)", before, "MB", goal: "≤ 200 MB")
        report.add("resident memory at the end, \(target.name)", server.residentMegabytes, "MB", goal: "≤ 200 MB")
    }
}

/// The record store's resource as a client meets it.
struct EvidenceDoor {
    enum Query: String, CaseIterable {
        case agent, verb, activity
        case agentAndVerb = "agent and verb"
        case related = "related activities"
    }

    let port: UInt16
    private let authorization: String

    /// Reads what `leeway client add` prints.
    init(port: UInt16, credentials: String) throws {
        guard let key = credentials.firstMatch(of: /key:\s+(\S+)/)?.1,
            let secret = credentials.firstMatch(of: /secret:\s+(\S+)/)?.1
        else { throw BenchError("no credentials: \(credentials)") }
        self.port = port
        authorization = "Basic " + Data("\(key):\(secret)".utf8).base64EncodedString()
    }

    /// Posts statements number `first` and on, and returns the seconds it took. Every answer must be 200.
    func post(from first: Int, count: Int, batch: Int, connections: Int) throws -> Double {
        let next = Mutex(first)
        let faults = Mutex<[String]>([])
        let group = DispatchGroup()
        let start = Date()
        for _ in 0..<connections {
            group.enter()
            Thread {
                defer { group.leave() }
                do {
                    let client = try HTTPClient(port: port)
                    while true {
                        let mine = next.withLock { next in
                            defer { next += batch }
                            return next
                        }
                        if mine >= first + count { return }
                        let last = min(mine + batch, first + count)
                        let answer = try client.exchange(request(mine..<last, isBatch: batch > 1))
                        guard answer.status == 200 else { throw BenchError("a POST answered \(answer.status)") }
                    }
                } catch {
                    faults.withLock { $0.append("\(error)") }
                }
            }.start()
        }
        group.wait()
        if let fault = faults.withLock({ $0.first }) { throw BenchError(fault) }
        return Date().timeIntervalSince(start)
    }

    private func request(_ numbers: Range<Int>, isBatch: Bool) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(1_100 * numbers.count)
        if isBatch { body.append(0x5B) }
        for number in numbers {
            if number > numbers.lowerBound { body.append(0x2C) }
            SampleStatement.write(number, into: &body)
        }
        if isBatch { body.append(0x5D) }
        let head =
            "POST /xapi/statements HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: \(authorization)\r\n"
            + "X-Experience-API-Version: 1.0.3\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.count)\r\n\r\n"
        return Array(head.utf8) + body
    }

    /// Seconds of each read, sorted, over one connection.
    ///
    /// With `mustFind`, an answer without statements is a fault, so that an empty page is never measured as a fast one.
    func read(_ query: Query, times: Int, mustFind: Bool) throws -> [Double] {
        let client = try HTTPClient(port: port)
        var seconds: [Double] = []
        for index in 0..<times {
            var dice = SampleStatement.Dice(state: UInt64(index) &* 31 &+ UInt64(query.rawValue.count))
            let agent = SampleStatement.agent(dice.next(1_000))
            let (verb, activity) = (SampleStatement.verb(dice.next(12)), SampleStatement.activity(dice.next(500)))
            let filter =
                switch query {
                case .agent: "agent=\(encode(agent))"
                case .verb: "verb=\(encode(verb))"
                case .activity: "activity=\(encode(activity))"
                case .agentAndVerb: "agent=\(encode(agent))&verb=\(encode(verb))"
                case .related: "activity=\(encode(SampleStatement.course(dice.next(25))))&related_activities=true"
                }
            let head =
                "GET /xapi/statements?\(filter)&limit=50 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Authorization: \(authorization)\r\nX-Experience-API-Version: 1.0.3\r\n\r\n"
            let begin = DispatchTime.now().uptimeNanoseconds
            let answer = try client.exchange(Array(head.utf8))
            seconds.append(Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e9)
            guard answer.status == 200, answer.bodyBytes > emptyPage || !mustFind else {
                throw BenchError("GET \(filter) answered \(answer.status) with \(answer.bodyBytes) bytes")
            }
        }
        return seconds.sorted()
    }

    /// How long it takes until the ledger has a leaf for each of so many statements.
    func secondsUntilLedgerHolds(_ count: Int) throws -> Double {
        let client = try HTTPClient(port: port)
        let start = Date()
        while try client.exchange(proofRequest(count - 1)).status != 200 {
            guard Date().timeIntervalSince(start) < 600 else { throw BenchError("the ledger does not catch up") }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return Date().timeIntervalSince(start)
    }

    /// Seconds of each inclusion proof of a leaf by chance, sorted, over one connection.
    func proofs(times: Int, size: Int) throws -> [Double] {
        let client = try HTTPClient(port: port)
        var dice = SampleStatement.Dice(state: 7)
        return try (0..<times).map { _ in
            let request = proofRequest(Int(dice.next(size)))
            let begin = DispatchTime.now().uptimeNanoseconds
            let answer = try client.exchange(request)
            guard answer.status == 200 else { throw BenchError("a proof answered \(answer.status)") }
            return Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e9
        }.sorted()
    }

    private func proofRequest(_ index: Int) -> [UInt8] {
        let head =
            "GET /ledger/proof/inclusion?index=\(index) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + "Authorization: \(authorization)\r\n\r\n"
        return Array(head.utf8)
    }

    private func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }
}

/// No answer without a statement is larger, in bytes.
private let emptyPage = 200
