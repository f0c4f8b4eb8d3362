import Basis
import Evidence
import Foundation
import JSON
import Storage
import StorageTesting
import Testing

@Suite struct DraftTests {
    private func drafts(_ bench: Bench) -> [StatementDraft] {
        Verb.all.filter { $0 != .voided }.enumerated().map { index, verb in
            StatementDraft(
                index % 3 == 0 ? .system : .person(bench.alice), verb,
                ActivityRef(
                    Vocabulary.contentIRI(bench.world.id()), name: index % 2 == 0 ? "A “name” \\ with\nall" : nil,
                    type: index % 4 == 0 ? nil : Vocabulary.article),
                result: index % 5 == 0
                    ? nil
                    : Outcome(
                        success: true, completion: false, scaled: 0.25, response: "a\u{1}b",
                        duration: .milliseconds(83_250)),
                registration: index % 2 == 0 ? bench.world.id() : nil,
                parents: index % 3 == 1 ? [Vocabulary.strategyIRI(bench.world.id())] : [],
                groupings: index % 3 == 2 ? ["urn:leeway:x", "urn:leeway:y"] : [],
                choice: index % 2 == 0 ? .asked : nil, extensions: [(Vocabulary.reason, "because"), ("urn:e:1", nil)],
                timestamp: index % 7 == 0 ? nil : bench.world.now())
        }
    }

    @Test(arguments: Engine.present) func `every draft is a statement that we would accept`(engine: Engine) async throws
    {
        let bench = try await Bench(engine)
        let drafts = drafts(bench)
        #expect(try await bench.log.append(drafts, to: .first) == drafts.count)
        var query = StatementQuery()
        query.isAscending = true
        let stored = try await bench.log.query(query, of: .first).statements
        #expect(stored.count == drafts.count)
        for (statement, draft) in zip(stored, drafts) {
            for version in XAPIVersion.allCases {
                #expect(StatementValidator(version).flaws(in: try JSONValue(parsing: statement.body)).isEmpty)
                #expect(StatementValidator(version).flaws(in: try JSONValue(parsing: statement.filled)).isEmpty)
            }
            let value = try JSONValue(parsing: statement.body)
            #expect(value["verb"]?["id"] == .string(draft.verb.iri))
            #expect(value["result"]?["duration"] == draft.result.map { _ in "PT83.25S" })
            #expect(value["actor"]?["account"]?["name"] == (draft.actor == .system ? "leeway" : "alice"))
        }
    }

    @Test(arguments: Engine.present) func `a draft fills the same columns as its JSON`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let drafts = drafts(bench)
        try await bench.log.append(drafts, to: .first)
        let columns: SQL = """
            SELECT timestamp_at, actor, verb, activity, registration, success, completion, scaled, duration_us, choice
            FROM statement
            """
        func rows() async throws -> [String] {
            try await bench.database.read { connection in
                try connection.rows(columns + " ORDER BY seq").map { "\($0)" }
            }
        }
        let direct = try await rows()
        var query = StatementQuery()
        query.isAscending = true
        let stored = try await bench.log.query(query, of: .first).statements
        let bodies = try stored.map { statement -> JSONValue in
            var object = try #require(try JSONValue(parsing: statement.filled).object)
            object["id"] = nil
            return .object(object)
        }
        try await bench.database.write { try $0.run("DELETE FROM statement") }
        try await bench.post(JSONValue.array(bodies).text)
        #expect(try await rows() == direct)
    }

    @Test(arguments: Engine.present) func `a draft with its own id is stored once`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let id = ID<Statement>(derivedFrom: Array("answer 1".utf8))
        #expect(id == ID<Statement>(derivedFrom: Array("answer 1".utf8)))
        let draft = StatementDraft(.person(bench.bob), .answered, ActivityRef("urn:leeway:item:1"), id: id)
        #expect(try await bench.log.append([draft, draft], to: .first) == 1)
        #expect(try await bench.log.append([draft], to: .first) == 0)
        #expect(try await bench.log.find(id, of: .first) != nil)
    }

    @Test(arguments: Engine.present) func `our profile is a category and nothing more`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let bare = StatementDraft(.person(bench.bob), .answered, ActivityRef("urn:leeway:item:1"))
        try await bench.log.append([bare, bare] + drafts(bench), to: .first)
        let count = drafts(bench).count + 2
        var query = StatementQuery()
        query.activity = OwnProfile.version
        #expect(try await bench.log.query(query, of: .first).statements.isEmpty, "it is no statement's object")
        query.withRelatedActivities = true
        #expect(try await bench.log.query(query, of: .first).statements.count == count)
        let known = try await bench.log.definitions(of: [OwnProfile.version], in: .first)
        #expect(known[OwnProfile.version]?["type"] == .string(Vocabulary.profileType))
        let profile = try OwnProfile.parsed()
        for statement in try await bench.log.query(StatementQuery(), of: .first).statements {
            let category = try JSONValue(parsing: statement.body)["context"]?["contextActivities"]?["category"]
            #expect(category?.array?.compactMap { $0["id"]?.string } == [OwnProfile.version])
            #expect(profile.versions.contains(OwnProfile.version))
        }
    }

    @Test func `a stranger cannot be an actor`() async throws {
        let bench = try await Bench(.memory)
        let draft = StatementDraft(.person(bench.world.id()), .opened, ActivityRef("urn:leeway:x"))
        let problem = await #expect(throws: Problem.self) { try await bench.log.append([draft], to: .first) }
        #expect(problem?.code == "person-missing")
        #expect(try await bench.log.count(of: .first) == 0)
    }

    @Test func `our own addresses give back their identifiers`() {
        let id: ID<Content> = World.replay().id()
        #expect(Vocabulary.id(Content.self, in: Vocabulary.contentIRI(id)) == id)
        #expect(Vocabulary.id(Content.self, in: "https://e.org/\(id)") == nil)
        #expect(Set(Verb.all.map(\.iri)).count == Verb.all.count)
    }
}

@Suite struct LinesTests {
    private func file(_ text: String) throws -> String { try Scratch.file("statements.jsonl", text) }

    private func export(_ bench: Bench) async throws -> String {
        var bytes: [UInt8] = []
        try await bench.log.exportLines(of: .first) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func importing(_ path: String, _ bench: Bench, isDryRun: Bool = false) async throws -> StatementLinesReport
    {
        try await bench.log.importLines(
            from: path, to: .first, by: Authority(client: "import"), isDryRun: isDryRun)
    }

    @Test(arguments: Engine.present) func `export and import carry everything over`(engine: Engine) async throws {
        var dice = Dice(seed: 3)
        let bench = try await Bench(engine)
        for _ in 0..<4 {
            let statements = (0..<200).map { chanceStatement(&dice, id: bench.world.id(), stored: $0) }
            try await bench.post(JSONValue.array(statements).text)
        }
        try await bench.post("{\n \(sound.dropFirst())")
        let lines = try await export(bench)
        #expect(lines.split(separator: "\n").count == 801)
        let other = try await Bench(engine)
        let path = try file(lines)
        let dry = try await importing(path, other, isDryRun: true)
        #expect(dry.created == 801)
        #expect(try await other.log.count(of: .first) == 0)
        let report = try await importing(path, other)
        #expect(report.lines == 801)
        #expect(report.created == 801)
        func comparable(_ text: String) throws -> [JSONValue] {
            try text.split(separator: "\n").map { line in
                var object = try #require(try JSONValue(parsing: String(line)).object)
                object["stored"] = "then"
                return .object(object)
            }
        }
        #expect(try comparable(try await export(other)) == comparable(lines))
        let again = try await importing(path, other)
        #expect(again.unchanged == 801)
        #expect(again.created == 0)
    }

    @Test(arguments: Engine.present) func `a wrong line is named and nothing is stored`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let good = try statement().text
        let path = try file(
            "\(good)\n\n{\"actor\": }\n\(try statement([("/verb/id", "1"), ("/x", "1")]).text)\n\(good)\n")
        let problem = await #expect(throws: Problem.self) { try await importing(path, bench) }
        #expect(problem?.code == "import-refused")
        let issues = problem?.issues.map { "\($0.line) \($0.column ?? "-")" } ?? []
        #expect(Set(issues) == ["3 -", "4 /verb/id", "4 /x"])
        #expect(try await bench.log.count(of: .first) == 0)

        let other = try statement([("/id", "\"\(uuid)\""), ("/object/id", "\"https://e.org/else\"")]).text
        try await bench.post(try statement([("/id", "\"\(uuid)\"")]).text)
        for text in ["\(good)\n\(other)\n", "\(good)\n\(other)\n\(try statement([("/id", "\"\(uuid)\"")]).text)"] {
            let clashing = try file(text)
            let clash = await #expect(throws: Problem.self) { try await importing(clashing, bench) }
            #expect(clash?.issues.allSatisfy { $0.column == "/id" && [2, 3].contains($0.line) } == true)
        }
        #expect(try await bench.log.count(of: .first) == 1)
    }

    @Test(arguments: Engine.present) func `lines without id are stored once`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let path = try file("\(sound)\n\(sound)\n")
        #expect(try await importing(path, bench).created == 2)
        #expect(try await importing(path, bench).created == 0)
    }
}
