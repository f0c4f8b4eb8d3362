import Basis
import Foundation
import Imports
import Storage
import StorageTesting
import Synchronization
import Testing

@Suite struct ResponsesTests {
    @Test(arguments: Engine.present)
    func `answers become people, items, skills, statements and states`(_ engine: Engine) async throws {
        let bench = try await Bench(engine)
        let path = try file("spring.tsv", answers(600, learners: 8, items: 30))
        let report = try await bench.importer.run(.responses, path: path, tenant: .first)
        #expect(report["answers"] == 600)
        #expect(report["learners created"] == 8)
        #expect(report["items created"] == 30)
        #expect(report["skills created"] == 12)
        #expect(try await bench.count("SELECT COUNT(*) AS n FROM statement") == 600)
        #expect(try await bench.count("SELECT COUNT(*) AS n FROM person WHERE key LIKE 'spring/%'") == 8)
        #expect(try await bench.count("SELECT COUNT(*) AS n FROM unit WHERE name = 'spring'") == 1)
        #expect(try await bench.count("SELECT COUNT(*) AS n FROM agent WHERE person IS NOT NULL") == 8)
        let fed: Int = try await bench.count("SELECT CAST(SUM(answers) AS \(type: .integer)) AS n FROM mastery_state")
        #expect(fed == 600)
    }

    @Test(arguments: Engine.present)
    func `an interrupted import goes on and ends as if nothing had happened`(_ engine: Engine) async throws {
        let path = try file("trace.tsv", answers(23_000, learners: 40, items: 200))
        let whole = try await Bench(engine)
        _ = try await whole.importer.run(.responses, path: path, tenant: .first)

        let cut = try await Bench(engine)
        let import1 = Task { [importer = cut.importer] in
            try await importer.run(.responses, path: path, tenant: .first) { done, _, _ in
                if done >= 10_000 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: CancellationError.self) { try await import1.value }
        let between = try await cut.count("SELECT COUNT(*) AS n FROM statement")
        #expect(between == 10_000)

        let report = try await cut.importer.run(.responses, path: path, tenant: .first)
        #expect(report["answers"] == 13_000)
        #expect(report["answers there before"] == 10_000)
        #expect(try await cut.knowledge() == whole.knowledge())

        let again = try await cut.importer.run(.responses, path: path, tenant: .first)
        #expect(again["answers"] == 0)
        #expect(try await cut.knowledge() == whole.knowledge())
    }

    @Test(arguments: Engine.present)
    func `a file that has grown brings in what is new`(_ engine: Engine) async throws {
        let bench = try await Bench(engine)
        let all = answers(900, learners: 9, items: 20)
        let lines = all.split(separator: "\n", omittingEmptySubsequences: false)
        let first = try file("log.tsv", lines.prefix(501).joined(separator: "\n") + "\n")
        _ = try await bench.importer.run(.responses, path: first, tenant: .first)
        let report = try await bench.importer.run(.responses, path: file("log.tsv", all), tenant: .first)
        #expect(report["answers"] == 400)
        let whole = try await Bench(engine)
        _ = try await whole.importer.run(.responses, path: file("log.tsv", all), tenant: .first)
        #expect(try await bench.knowledge() == whole.knowledge())
    }

    @Test func `another file under the same name is refused`() async throws {
        let bench = try await Bench(.memory)
        _ = try await bench.importer.run(
            .responses, path: file("a.tsv", answers(50, learners: 2, items: 5)), tenant: .first)
        let other = answers(50, learners: 3, items: 5)
        await #expect(throws: Problem.self) {
            try await bench.importer.run(.responses, path: file("a.tsv", other), tenant: .first)
        }
        #expect(try await bench.count("SELECT COUNT(*) AS n FROM statement") == 50)
    }

    @Test(arguments: Engine.present)
    func `a dry run and a faulty file leave nothing`(_ engine: Engine) async throws {
        let bench = try await Bench(engine)
        let good = try file("a.tsv", answers(50, learners: 2, items: 5))
        let report = try await bench.importer.run(.responses, path: good, tenant: .first, dryRun: true)
        #expect(report.isDryRun)
        #expect(report["answers"] == 50)
        let bad = try file(
            "b.tsv", "learner\titem\tskills\tcorrect\tts\n1\t2\t3\t1\t0\n1\t\t3\t1\t0\n1\t2\t3\tyes\t0\n1\t2\n")
        do {
            _ = try await bench.importer.run(.responses, path: bad, tenant: .first)
            Issue.record("it went in")
        } catch let problem as Problem {
            #expect(problem.code == "import-refused")
            #expect(problem.issues.map(\.line) == [3, 4, 5])
            #expect(problem.issues.map(\.column) == ["item", "correct", nil])
        }
        for table in ["statement", "person", "unit", "skill", "item", "mastery_state", "import_progress"] {
            #expect(try await bench.count(SQL(stringLiteral: "SELECT COUNT(*) AS n FROM \(table)")) == 0, "\(table)")
        }
    }

    @Test(arguments: [
        "learner\titem\tcorrect\n", "", "learner\titem\tskills\tcorrect\tcorrect\n",
        "learner\titem\tskills\tcorrect\tage\n",
    ])
    func `a header that lacks a column is refused`(_ header: String) async throws {
        let bench = try await Bench(.memory)
        await #expect(throws: Problem.self) {
            try await bench.importer.run(.responses, path: file("h.tsv", header), tenant: .first)
        }
    }
}
