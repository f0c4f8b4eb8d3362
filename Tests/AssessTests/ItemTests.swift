import Assess
import Basis
import Foundation
import Input
import JSON
import Storage
import StorageTesting
import Testing

@Suite struct ItemTests {
    struct Bench {
        let database: any Database
        let bank: ItemBank
        let tenant = TenantID.first

        init(_ engine: Engine) async throws {
            database = try await engine.database(AssessSchema.migrations)
            bank = ItemBank(database: database, world: .replay())
        }

        func take(_ text: String, dryRun: Bool = false) async throws -> ItemReport {
            try await bank.importItems(
                Array(text.utf8), tenant: tenant, dryRun: dryRun,
                contents: { _ in { $0.hasPrefix("gone") ? nil : stand(in: $0) } }, skills: { _ in { stand(in: $0) } })
        }

        func counts() async throws -> [Int] {
            try await database.read { connection in
                [
                    try connection.value("SELECT COUNT(*) AS n FROM item"),
                    try connection.value("SELECT COUNT(*) AS n FROM item_skill"),
                    try connection.value("SELECT COUNT(*) AS n FROM item_version"),
                ]
            }
        }
    }

    /// The same identifier for the same word.
    static func stand<Kind>(in word: String) -> ID<Kind> {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        var dice = Dice(seed: hash)
        return ID(at: Moment(microseconds: 0), using: &dice)
    }

    static let sample = """
        {"id": "q1", "learning_object": "lo", "language": "en", "stem": "Which?", "choices": ["A", "B", "C"], \
        "correct": [1], "explanations": ["no", "yes", null], "licence": "CC-BY-4.0", "skills": ["s1", "s2"], \
        "level": "beginner", "author": "us", "provenance": "ai-generated", "model": "m", "reviewer": null}

        {"id": "q2", "stem": "Which two?", "choices": ["A", "B", "C"], "correct": [2, 0], "kind": "multiple"}
        """

    @Test(arguments: Engine.present) func `items go in once and change in versions`(_ engine: Engine) async throws {
        let bench = try await Bench(engine)
        let dry = try await bench.take(ItemTests.sample, dryRun: true)
        #expect(dry.isDryRun && dry.created == 2)
        #expect(try await bench.counts() == [0, 0, 0])
        #expect(try await bench.take(ItemTests.sample).created == 2)
        #expect(try await bench.take(ItemTests.sample).unchanged == 2)
        #expect(try await bench.counts() == [2, 2, 2])
        let item = try #require(try await bench.bank.find(key: "q1", of: bench.tenant))
        #expect(item.choices == ["A", "B", "C"] && item.correct == [1] && item.kind == .single)
        #expect(item.explanations == ["no", "yes", nil])
        #expect(item.provenance == Provenance(.generated, model: "m"))
        #expect(item.level == .beginner && item.author == "us" && item.licence == "CC-BY-4.0")
        let report = try await bench.take(ItemTests.sample.replacing("Which?", with: "Which one?"))
        #expect((report.created, report.updated, report.unchanged) == (0, 1, 1))
        let after = try #require(try await bench.bank.find(item.id, of: bench.tenant))
        #expect(after.stem == "Which one?" && after.version == 2 && after.number == item.number)
        #expect(try await bench.bank.items(of: ItemTests.stand(in: "lo"), tenant: bench.tenant) == [after])
        #expect(try await bench.bank.count(of: ItemTests.stand(in: "lo"), tenant: bench.tenant) == 1)
        #expect(try await bench.bank.count(tenant: bench.tenant) == 2)
        #expect(try await bench.bank.composition(of: bench.tenant) == [.generated: 1, .unknown: 1])
        let practised = try await bench.bank.items(practising: [ItemTests.stand(in: "s2")], tenant: bench.tenant)
        #expect(practised == [after])
    }

    @Test(arguments: Engine.present) func `one wrong row keeps all out`(_ engine: Engine) async throws {
        let bench = try await Bench(engine)
        let faults: [(row: String, column: String?, word: String)] = [
            (#"{"stem": "S", "choices": ["A", "B"], "correct": [0]}"#, "/id", "no id"),
            (#"{"id": "x", "stem": "", "choices": ["A", "B"], "correct": [0]}"#, "/stem", "no question"),
            (#"{"id": "x", "stem": "S", "choices": ["A", "B"], "correct": []}"#, "/correct", "no key"),
            (#"{"id": "x", "stem": "S", "choices": ["A", "B"]}"#, "/correct", "no key"),
            (#"{"id": "x", "stem": "S", "choices": ["A", "B"], "correct": [2]}"#, "/correct/0", "no choice 2"),
            (#"{"id": "x", "stem": "S", "choices": ["A", "B"], "correct": [-1]}"#, "/correct/0", "no choice -1"),
            (#"{"id": "x", "stem": "S", "choices": ["A", "B"], "correct": ["A"]}"#, "/correct/0", "whole number"),
            (#"{"id": "x", "stem": "S", "choices": ["A", "B"], "correct": [0, 0]}"#, "/correct/1", "twice"),
            (#"{"id": "x", "stem": "S", "choices": ["A", " "], "correct": [0]}"#, "/choices/1", "empty"),
            (#"{"id": "x", "stem": "S", "choices": ["A"], "correct": [0]}"#, "/choices", "two or more"),
            (
                #"{"id": "x", "stem": "S", "choices": ["A", "B"], "correct": [0, 1], "kind": "single"}"#, "/correct",
                "one right choice"
            ),
            (
                #"{"id": "x", "stem": "S", "choices": ["A", "B"], "correct": [0], "explanations": ["e"]}"#,
                "/explanations", "1 explanations for 2"
            ),
            (
                #"{"id": "x", "stem": "S", "choices": ["A", "B"], "correct": [0], "learning_object": "gone"}"#,
                "/learning_object", "not in the catalogue"
            ),
            (
                #"{"id": "x", "stem": "S", "choices": ["A", "B"], "correct": [0], "level": "hard"}"#, "/level",
                "no level"
            ),
            (#"{"id": "q1", "stem": "S", "choices": ["A", "B"], "correct": [0]}"#, "/id", "line 1 already"),
            ("[1]", nil, "no JSON object"), ("{", nil, "Column"),
        ]
        for fault in faults {
            do {
                _ = try await bench.take(ItemTests.sample + "\n" + fault.row)
                Issue.record("\(fault.row) went in")
            } catch let problem as Problem {
                #expect(problem.issues.count == 1, "\(problem.issues)")
                #expect(problem.issues.first?.line == 4)
                #expect(problem.issues.first?.column == fault.column)
                #expect(problem.issues.first?.detail.contains(fault.word) == true, "\(problem.issues)")
            }
        }
        #expect(try await bench.counts() == [0, 0, 0])
    }

    @Test(arguments: Engine.present) func `items of responses are made as they come`(_ engine: Engine) async throws {
        let bench = try await Bench(engine)
        _ = try await bench.take(ItemTests.sample)
        let start = try await bench.database.read { try ItemCache(bench.bank, bench.tenant, on: $0) }
        await #expect(throws: Problem.self) {
            try await bench.database.write { connection in
                var cache = start
                _ = cache.ensure(key: "lost")
                try cache.flush(on: connection)
                throw Problem(.fault, "broken", "It broke.")
            }
        }
        let (kept, numbers) = try await bench.database.write { connection in
            var cache = start
            let numbers = (0..<3_000).map {
                cache.ensure(key: "o\($0 % 1_500)", skills: [ItemTests.stand(in: "s")]).number
            }
            try cache.flush(on: connection)
            try cache.flush(on: connection)
            return (cache, numbers)
        }
        #expect(numbers == Array(3...1_502) + Array(3...1_502))
        #expect(kept.count == 1_502)
        let item = try #require(try await bench.bank.find(key: "o7", of: bench.tenant))
        #expect(item.kind == .opaque && item.number == 10 && item.skills == [ItemTests.stand(in: "s")])
        #expect(try await bench.bank.find(key: "lost", of: bench.tenant) == nil)
        // A file that brings the question later makes it playable, with its number kept.
        let later = #"{"id": "o7", "stem": "S", "choices": ["A", "B"], "correct": [0]}"#
        #expect(try await bench.take(later).updated == 1)
        let known = try #require(try await bench.bank.find(key: "o7", of: bench.tenant))
        #expect(known.kind == .single && known.number == 10 && known.id == item.id)
        let ensured = try await bench.database.write { connection in
            try bench.bank.ensure(key: "new", tenant: bench.tenant, on: connection).number
        }
        #expect(ensured == 1_503)
    }
}

@Suite struct GradeTests {
    private func item(_ kind: ItemKind, choices: Int, correct: [Int]) -> ItemRecord {
        ItemRecord(
            id: ItemTests.stand(in: "i"), number: 1, key: "i", kind: kind, stem: "S",
            choices: (0..<choices).map { "choice \($0)" }, correct: correct,
            explanations: (0..<choices).map { $0 % 2 == 0 ? "because \($0)" : nil })
    }

    @Test func `every answer to every small item is graded as set equality`() throws {
        for count in 2...4 {
            for key in 1..<(1 << count) {
                let correct = (0..<count).filter { key & 1 << $0 != 0 }
                let kind: ItemKind = correct.count == 1 ? .single : .multiple
                let item = item(kind, choices: count, correct: correct)
                for picks in 1..<(1 << count) {
                    let chosen = (0..<count).filter { picks & 1 << $0 != 0 }
                    if kind == .single, chosen.count > 1 {
                        #expect(throws: Problem.self) { try item.grade(chosen: chosen) }
                        continue
                    }
                    let grade = try item.grade(chosen: chosen)
                    #expect(grade.isCorrect == (picks == key))
                    #expect((grade.score == 1) == grade.isCorrect)
                    #expect((0...1).contains(grade.score))
                    #expect(grade == (try item.grade(chosen: chosen.reversed() + chosen)))
                    #expect(grade.correct == correct && grade.chosen == chosen)
                    let told = grade.isCorrect ? picks : picks | key
                    #expect(
                        grade.explanations.map(\.choice) == (0..<count).filter { told & 1 << $0 != 0 && $0 % 2 == 0 })
                }
            }
        }
    }

    @Test func `what cannot be graded says why`() {
        let single = item(.single, choices: 2, correct: [0])
        for (chosen, code) in [
            ([], "answer-empty"), ([2], "answer-range"), ([-1], "answer-range"), ([0, 1], "answer-many"),
        ] {
            let problem = #expect(throws: Problem.self) { try single.grade(chosen: chosen) }
            #expect(problem?.code == code)
        }
        let opaque = item(.opaque, choices: 0, correct: [])
        #expect(throws: Problem.self) { try opaque.grade(chosen: [0]) }
    }
}

/// The real file, which stands beside the project on some machines.
enum Shared {
    static let path =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/../shared/data/catalogue/quiz_items.jsonl.gz"
    static var isPresent: Bool { FileManager.default.fileExists(atPath: path) }
}

@Suite(.enabled(if: Shared.isPresent, "the real items are not on this machine"))
struct RealItemTests {
    @Test(arguments: Engine.present) func `the real items go in`(_ engine: Engine) async throws {
        let bench = try await ItemTests.Bench(engine)
        let text = String(decoding: try ByteReader.contents(of: Shared.path), as: UTF8.self)
        #expect(try await bench.take(text).created == 1_386)
        #expect(try await bench.take(text).unchanged == 1_386)
    }
}
