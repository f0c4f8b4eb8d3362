import Basis
import Foundation
import Imports
import JSON
import People
import Storage
import StorageTesting
import Testing

@Suite struct ImportsTests {
    static let files: [(ImportKind, String, String)] = [
        (.people, "people.csv", "id,name,email,unit\n1,Ada,ada@example.org,Sales\n2,Bo,bo@example.org,Sales / East\n"),
        (.framework, "skills.csv", "key,name,description,parent\na,Ask well,,\nb,Check,,a\n"),
        (
            .catalogue, "catalogue.jsonl",
            """
            {"id":"c1","title":"Prompts","kind":"article","language":"en","skills":["Ask well"],"minutes":5}
            {"id":"c2","title":"Sources","kind":"article","language":"en","minutes":7}

            """
        ),
        (
            .statements, "statements.jsonl",
            """
            {"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"http://example.org/v"},"object":{"id":"urn:x:1"}}

            """
        ),
    ]

    @Test(arguments: Engine.present)
    func `every kind goes in once, and a dry run leaves nothing`(_ engine: Engine) async throws {
        for (kind, name, text) in Self.files {
            let bench = try await Bench(engine)
            let path = try file(name, text)
            let before = try await bench.rows()
            let rehearsal = try await bench.importer.run(kind, path: path, tenant: .first, dryRun: true)
            #expect(rehearsal.isDryRun, "\(kind)")
            #expect(try await bench.rows() == before, "\(kind)")
            let first = try await bench.importer.run(kind, path: path, tenant: .first)
            #expect(first["created"] ?? 0 >= 1, "\(kind)")
            #expect(first["created"] == rehearsal["created"], "\(kind)")
            let after = try await bench.rows()
            #expect(after != before)
            let again = try await bench.importer.run(kind, path: path, tenant: .first)
            #expect(again["created"] == 0, "\(kind)")
            #expect(try await bench.rows() == after, "\(kind)")
        }
    }

    @Test(arguments: Engine.present)
    func `an uploaded file is imported by a job`(_ engine: Engine) async throws {
        let bench = try await Bench(engine)
        let desk = ImportDesk(database: bench.database, world: bench.world)
        let queue = JobQueue(database: bench.database, world: bench.world)
        let (kind, name, text) = Self.files[0]
        let good = try await desk.submit(
            kind, name: name, bytes: Array(text.utf8), dryRun: false, for: .first, by: nil)
        let bad = try await desk.submit(
            kind, name: name, bytes: Array("id,name,email\n1,,x\n".utf8), dryRun: false, for: .first, by: nil)
        let runner = JobRunner(queue: queue, workers: desk.workers) { Issue.record($0) }
        while try await runner.runOne() {}
        let done = try #require(await queue.find(good, of: .first))
        #expect(done.state == .done, "\(done.message)")
        #expect(ImportReport(try JSONValue(parsing: done.report))?["created"] == 2)
        let failed = try #require(await queue.find(bad, of: .first))
        #expect(failed.state == .failed)
        #expect(failed.report.contains("line 2"), "\(failed.message)")
        #expect(try await bench.count("SELECT COUNT(*) AS n FROM import_file") == 0)
        #expect(try await bench.count("SELECT COUNT(*) AS n FROM person") == 2)
    }

    @Test func `folders of imports whose server was killed are removed after a day`() async throws {
        let files = FileManager.default
        let parent = files.temporaryDirectory.appending(path: "leeway-sweep-\(UUID().uuidString)")
        defer { try? files.removeItem(at: parent) }
        let desk = ImportDesk(database: try await Bench(.memory).database, world: .live)
        func make(_ name: String, age: TimeInterval) throws {
            let folder = parent.appending(path: name)
            try files.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("id".utf8).write(to: folder.appending(path: "upload"))
            for path in [folder.appending(path: "upload").path, folder.path] {
                try files.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
            }
        }
        try make("leeway-import-old", age: 90_000)
        try make("leeway-import-new", age: 80_000)
        try make("somebody-else", age: 90_000)
        #expect(desk.sweep(parent.path) == 1)
        #expect(try files.contentsOfDirectory(atPath: parent.path).sorted() == ["leeway-import-new", "somebody-else"])
        #expect(desk.sweep("/nonexistent") == 0)
    }

    @Test func `a missing organisation and a missing file are told`() async throws {
        let bench = try await Bench(.memory)
        await #expect(throws: Problem.self) {
            try await bench.importer.run(.people, path: "/nowhere.csv", tenant: .first)
        }
        await #expect(throws: Problem.self) {
            try await bench.importer.run(.people, path: "/nowhere.csv", tenant: TenantID(9))
        }
    }
}

extension Bench {
    /// Rows of each table that an import may touch.
    func rows() async throws -> [String: Int] {
        var rows: [String: Int] = [:]
        for table in ["person", "unit", "skill", "content", "content_version", "item", "statement", "agent"] {
            rows[table] = try await count(SQL(stringLiteral: "SELECT COUNT(*) AS n FROM \(table)"))
        }
        return rows
    }
}
