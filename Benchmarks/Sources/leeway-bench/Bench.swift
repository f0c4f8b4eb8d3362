import ArgumentParser
import Foundation

/// Measures the built program from outside.
@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leeway-bench", abstract: "Measures a built leeway from outside, beside the raw engines.",
        subcommands: [HouseBench.self, EvidenceBench.self, PlannerBench.self], defaultSubcommand: HouseBench.self)
}

/// Imports, pages, start and memory.
struct HouseBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "house", abstract: "Measures imports, pages, start and memory.")

    @Option(help: "The built program.") var leeway = ".build/release/leeway"
    @Option(help: "The folder with catalogue/ and traces/.") var data = "../shared/data"
    @Option(help: "A PostgreSQL URL with the right to create databases; without it PostgreSQL is left out.")
    var postgres: String?
    @Option(help: "Concurrent users of the page measurements.") var users = 50
    @Option(help: "Requests a user makes to each page.") var requests = 40
    @Flag(help: "Leave the imports out.") var pagesOnly = false

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "leeway-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var report = Report()
        let program = Program(path: leeway)
        if !pagesOnly {
            try measureImports(program, Target.sqlite(folder.appending(path: "bench.sqlite").path), &report)
            if let postgres {
                let name = "leeway_bench_\(getpid())"
                let server = try RawPostgres(url: postgres)
                try server.run("CREATE DATABASE \(name)")
                defer { try? server.run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)") }
                try measureImports(program, Target.postgres(RawPostgres.url(postgres, database: name)), &report)
            }
        }
        try measurePages(program, folder.appending(path: "demo.sqlite").path, &report)
        print(report.markdown)
    }

    private func measureImports(_ program: Program, _ target: Target, _ report: inout Report) throws {
        let name = target.name
        let catalogue = try program.run([
            "import", "catalogue", "\(data)/catalogue/catalogue.jsonl.gz", "--database", target.url,
        ])
        report.add(
            "catalogue import, 9,032 objects, \(name)", catalogue.seconds, "s", goal: "≤ 5 s", cpu: catalogue.cpu)
        let texts = try program.run([
            "import", "catalogue", "\(data)/catalogue/texts.jsonl.gz", "--database", target.url,
        ])
        report.add("texts import, 3,732 texts, \(name)", texts.seconds, "s", cpu: texts.cpu)
        let items = try program.run([
            "import", "items", "\(data)/catalogue/quiz_items.jsonl.gz", "--database", target.url,
        ])
        report.add("items import, 1,386 items, \(name)", items.seconds, "s", cpu: items.cpu)
        let answers = 278_336.0
        let responses = try program.run([
            "import", "responses", "\(data)/traces/as09_gervet.tsv.gz", "--database", target.url,
        ])
        let rate = answers / responses.seconds
        report.add(
            "responses import, 278,336 answers, \(name)", rate, "answers/s", goal: "≥ 10,000", cpu: responses.cpu)
        let floor = try target.floor()
        let raw = Double(floor.rows) / floor.seconds
        report.add("raw insert of the same \(floor.rows) statement rows, \(name)", raw, "rows/s")
        report.add("responses import ÷ raw insert, \(name)", rate / raw, "", goal: "≥ 0.5")
        let server = try program.serve(["serve", "--database", target.url, "--port", "0"])
        defer { server.stop() }
        _ = try HTTPClient(port: server.port).get("/sign-in")
        report.add(
            "resident memory serving after these imports, \(name)", server.residentMegabytes, "MB", goal: "≤ 150 MB")
    }

    private func measurePages(_ program: Program, _ file: String, _ report: inout Report) throws {
        let start = Date()
        let server = try program.serve(["demo", "--database", file, "--port", "0"])
        defer { server.stop() }
        _ = try HTTPClient(port: server.port).get("/sign-in")
        report.add("cold start of a new demo to its first page", Date().timeIntervalSince(start), "s", goal: "≤ 5 s")
        let cookie = try server.signIn()
        for (name, path) in [("learner home", "/"), ("catalogue", "/learn")] {
            let load = try Load(port: server.port, path: path, cookie: cookie, users: users, requests: requests).run()
            report.add("\(name), p50 at \(users) users without a pause", load.percentile(0.50) * 1_000, "ms")
            report.add(
                "\(name), p95 at \(users) users without a pause", load.percentile(0.95) * 1_000, "ms", goal: "≤ 50 ms")
            report.add("\(name), pages a second", load.rate, "/s")
            let calm = try Load(
                port: server.port, path: path, cookie: cookie, users: users, requests: 10, pause: 1
            ).run()
            report.add("\(name), p50 at \(users) users with a second's pause", calm.percentile(0.50) * 1_000, "ms")
            report.add(
                "\(name), p95 at \(users) users with a second's pause", calm.percentile(0.95) * 1_000, "ms",
                goal: "≤ 50 ms")
        }
        report.add("resident memory of the demo after the load", server.residentMegabytes, "MB")
    }
}

/// Where an import goes.
enum Target {
    case sqlite(String)
    case postgres(String)

    var name: String {
        switch self {
        case .sqlite: "SQLite"
        case .postgres: "PostgreSQL"
        }
    }

    var url: String {
        switch self {
        case .sqlite(let path): path
        case .postgres(let url): url
        }
    }

    var isPostgres: Bool { if case .postgres = self { true } else { false } }

    /// Inserts the statement rows once more, with the same indexes, by the engine's own interface alone, `batch` rows a
    /// transaction.
    func floor(batch: Int = 5_000, limit: Int = .max) throws -> (rows: Int, seconds: Double) {
        switch self {
        case .sqlite(let path): try RawSQLite.copyStatements(of: path, batch: batch, limit: limit)
        case .postgres(let url): try RawPostgres(url: url).copyStatements(batch: batch, limit: limit)
        }
    }
}

struct BenchError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
