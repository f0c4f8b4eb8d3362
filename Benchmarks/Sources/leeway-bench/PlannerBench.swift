import ArgumentParser
import Foundation

/// The planner: a preview for everybody, reading included.
struct PlannerBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "planner", abstract: "Measures the preview of a mandate for everybody, reading included.")

    @Option(help: "The built program.") var leeway = ".build/release/leeway"
    @Option(help: "A PostgreSQL URL with the right to create databases; without it PostgreSQL is left out.")
    var postgres: String?
    @Option(help: "People, on both engines.") var people = 100_000
    @Option(help: "People of a second round, on SQLite; 0 for none.") var many = 1_000_000
    @Option(help: "Mandates open for everybody.") var mandates = 20

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "leeway-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var report = Report()
        let program = Program(path: leeway)
        for count in [people, many] where count > 0 {
            let path = folder.appending(path: "planner-\(count).sqlite").path
            _ = try program.run(["migrate", "--database", path])
            try RawSQLite.script(path, fill(count, isPostgres: false))
            try measure(program, path, count, "SQLite", &report)
            try? FileManager.default.removeItem(atPath: path)
        }
        if let postgres {
            let name = "leeway_bench_\(getpid())"
            let server = try RawPostgres(url: postgres)
            try server.run("CREATE DATABASE \(name)")
            defer { try? server.run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)") }
            let url = RawPostgres.url(postgres, database: name)
            _ = try program.run(["migrate", "--database", url])
            let database = try RawPostgres(url: url)
            // As the engine does by itself once a table is filled.
            for step in fill(people, isPostgres: true) + ["VACUUM ANALYZE"] { try database.run(step) }
            try measure(program, url, people, "PostgreSQL", &report)
        }
        print(report.markdown)
    }

    private func measure(
        _ program: Program, _ database: String, _ count: Int, _ engine: String, _ report: inout Report
    ) throws {
        let day = ISO8601DateFormatter.string(
            from: Date().addingTimeInterval(60 * 86_400), timeZone: .gmt, formatOptions: .withFullDate)
        let taken = try program.run([
            "planner", "preview", "--minutes", "45", "--deadline", day, "--database", database,
        ])
        let what = "\(count) people × \(mandates) mandates, \(engine)"
        report.add("preview, \(what)", taken.seconds, "s", goal: count > 100_000 ? "≤ 20 s" : "≤ 2 s", cpu: taken.cpu)
        report.add("most memory so far, \(what)", Program.peakMegabytes, "MB", goal: "≤ 2,048 MB")
    }

    /// People, a part of them in part time or away, mandates open for all, and time spent on them this month.
    private func fill(_ count: Int, isPostgres: Bool) -> [String] {
        let today = Int(Date().timeIntervalSince1970 / 86_400)
        let calendar = Calendar(identifier: .iso8601).dateComponents(in: .gmt, from: Date())
        let month = (calendar.year ?? 0) * 12 + (calendar.month ?? 1) - 1
        func numbers(_ name: String, _ last: Int) -> String {
            isPostgres
                ? "\(name)(i) AS (SELECT generate_series(0, \(last - 1))::bigint)"
                : "\(name)(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM \(name) WHERE i < \(last - 1))"
        }
        func id(_ kind: Int, _ number: String) -> String {
            isPostgres
                ? "'0000000\(kind)-0000-7000-8000-' || lpad(to_hex(\(number)), 12, '0')"
                : "printf('0000000\(kind)-0000-7000-8000-%012x', \(number))"
        }
        let people = "WITH \(isPostgres ? "" : "RECURSIVE ")\(numbers("n", count))"
        let all = "\(people), \(numbers("m", mandates))"
        let text = isPostgres ? "::text" : ""
        return [
            """
            INSERT INTO tenant (tenant, name, home, is_demo, created_at)
            SELECT 1, 'Bench', 'https://bench.example', 0, 0 WHERE NOT EXISTS (SELECT 1 FROM tenant)
            """,
            """
            \(people) INSERT INTO person (tenant, id, key, name, is_active, search_text, created_at)
            SELECT 1, \(id(1, "i")), 'b' || i\(text), 'Person ' || i\(text), 1, 'person ' || i\(text), 0 FROM n
            """,
            """
            \(people) INSERT INTO working_time (tenant, person, share_bp, weekdays)
            SELECT 1, \(id(1, "i")), 6000, 7 FROM n WHERE i % 20 = 3
            """,
            """
            \(people) INSERT INTO absence (tenant, id, person, from_day, until_day, noted_by, noted_at)
            SELECT 1, \(id(3, "i")), \(id(1, "i")), \(today) + i % 90, \(today + 100), \(id(1, "i")), 0
            FROM n WHERE i % 20 = 5
            """,
            """
            WITH \(isPostgres ? "" : "RECURSIVE ")\(numbers("m", mandates))
            INSERT INTO mandate (tenant, id, state, revision, asker, title, basis, why, minutes, audience, deadline,
                created_at, created_by, published_at)
            SELECT 1, \(id(2, "i")), 'published', 1, \(id(1, "0")), 'Mandate', 'A rule', 'Why', 10 + i * 7 % 50,
                'everyone', \(today + 20) + i * 37 % 340, 0, \(id(1, "0")), 0 FROM m
            """,
            """
            \(all) INSERT INTO assignment (tenant, mandate, person, state, assigned_at)
            SELECT 1, \(id(2, "m.i")), \(id(1, "n.i")), 'open', 0 FROM m CROSS JOIN n
            """,
            """
            \(people) INSERT INTO mandate_spending (tenant, person, month, mandate, duration_us)
            SELECT 1, \(id(1, "i")), \(month), \(id(2, "i % \(mandates)")), i % 9 * 60000000 FROM n WHERE i % 5 = 0
            """,
        ]
    }
}
