import Assess
import Basis
import Foundation
import JSON
import Storage
import StorageTesting
import Testing

/// Items that are answered otherwise than by picking.
@Suite struct ItemKindTests {
    private static let world = World.replay(seed: 3)

    private func item(
        _ kind: ItemKind, choices: [String] = [], correct: [Int] = [], matches: [String] = [],
        numeric: NumericKey? = nil, accepted: [String] = []
    ) -> ItemRecord {
        ItemRecord(
            id: Self.world.id(), number: 1, key: "k", kind: kind, stem: "?", choices: choices, correct: correct,
            matches: matches, numeric: numeric, accepted: accepted)
    }

    private func code(_ item: ItemRecord, _ answer: ItemAnswer) -> String? {
        do {
            _ = try item.grade(answer)
            return nil
        } catch { return error.code }
    }

    @Test func `an order is right as a whole, and in part by its pairs`() throws {
        let steps = item(.order, choices: ["C", "A", "B"], correct: [1, 2, 0])
        #expect(try steps.grade(.order([1, 2, 0])).isCorrect)
        let swapped = try steps.grade(.order([2, 1, 0]))
        #expect(!swapped.isCorrect && abs(swapped.score - 2.0 / 3) < 1e-12)
        #expect(try steps.grade(.order([0, 2, 1])).score == 0)
        for wrong in [[0, 1], [0, 0, 1], [0, 1, 3], []] { #expect(code(steps, .order(wrong)) == "answer-order") }
        #expect(code(steps, .picks([0])) == "answer-kind")
    }

    @Test func `pairs are right each for itself`() throws {
        let pairs = item(.match, choices: ["A", "B"], correct: [2, 0], matches: ["x", "y", "z"])
        #expect(try pairs.grade(.pairs([2, 0])).isCorrect)
        #expect(try pairs.grade(.pairs([2, 1])).score == 0.5)
        #expect(code(pairs, .pairs([2, nil])) == "answer-empty" && code(pairs, .pairs([2])) == "answer-empty")
        #expect(code(pairs, .pairs([2, 3])) == "answer-range")
    }

    @Test func `numbers are read as people write them`() throws {
        let minutes = item(.numeric, numeric: NumericKey(value: 12.5, tolerance: 0.5, unit: "min"))
        for text in ["12.5", "12,5", " 12,5 min", "13", "12", "+12.9"] {
            let value = try #require(ItemAnswer.number(parsing: text), "\(text)")
            #expect(try minutes.grade(.number(value)).isCorrect, "\(text)")
        }
        #expect(ItemAnswer.number(parsing: "−3 %") == -3 && ItemAnswer.number(parsing: "1 250,5 €") == 1250.5)
        for text in ["", "min", "1.2.3", "twelve", "1e400", "5 6x7", "nan", "inf"] {
            let value = ItemAnswer.number(parsing: text)
            #expect(value == nil, "\(text): \(value ?? 0)")
        }
        #expect(try !minutes.grade(.number(13.1)).isCorrect)
        #expect(code(minutes, .number(.nan)) == "answer-range")
        #expect(try item(.numeric, numeric: NumericKey(value: 0.3)).grade(.number(0.1 + 0.2)).isCorrect)
    }

    @Test func `short answers are compared without case, accents and marks`() throws {
        let word = item(.short, accepted: ["base rate", "prévalence"])
        for text in ["Base rate", " base-rate. ", "PREVALENCE", "„prévalence“"] {
            #expect(try word.grade(.text(text)).isCorrect, "\(text)")
        }
        #expect(try !word.grade(.text("rate")).isCorrect)
        #expect(code(word, .text(" … ")) == "answer-empty")
    }

    @Test(arguments: 0..<200) func `a score is 1 exactly when all is right, and an answer comes back as stored`(
        seed: Int
    ) throws {
        var dice = Dice(seed: UInt64(seed))
        let count = Int.random(in: 2...6, using: &dice)
        let choices = (0..<count).map { "c\($0)" }
        let matches = (0..<count + 1).map { "m\($0)" }
        let items = [
            item(.order, choices: choices, correct: (0..<count).shuffled(using: &dice)),
            item(
                .match, choices: choices, correct: (0..<count).map { _ in Int.random(in: 0...count, using: &dice) },
                matches: matches),
            item(
                .multiple, choices: choices,
                correct: (0..<count).filter { $0 == 0 || Bool.random(using: &dice) }),
            item(.scenario, choices: choices, correct: [Int.random(in: 0..<count, using: &dice)]),
            item(.numeric, numeric: NumericKey(value: Double(Int.random(in: -9...9, using: &dice)), tolerance: 1)),
            item(.short, accepted: ["w\(Int.random(in: 0...2, using: &dice))"]),
        ]
        for item in items {
            let answer: ItemAnswer =
                switch item.kind {
                case .order: .order((0..<count).shuffled(using: &dice))
                case .match: .pairs((0..<count).map { _ in Int.random(in: 0...count, using: &dice) })
                case .multiple: .picks((0..<count).filter { $0 == 1 || Bool.random(using: &dice) })
                case .numeric: .number(Double(Int.random(in: -9...9, using: &dice)))
                case .short: .text("w\(Int.random(in: 0...2, using: &dice))")
                default: .picks([Int.random(in: 0..<count, using: &dice)])
                }
            let grade = try item.grade(answer)
            #expect(grade.isCorrect == (grade.score == 1) && (0...1).contains(grade.score))
            #expect(try item.grade(grade.key).isCorrect)
            let stored = try #require(ItemAnswer(stored: grade.answer.stored, of: item.kind))
            #expect(try item.grade(stored) == grade)
            #expect(!grade.answer.response.isEmpty)
        }
    }

    @Test(arguments: Engine.present) func `every item of the proficiency bank goes in and is right by its own key`(
        engine: Engine
    ) async throws {
        let bench = try await ItemTests.Bench(engine)
        let bytes = try ProficiencyBank.items()
        let report = try await bench.take(String(decoding: bytes, as: UTF8.self))
        #expect(report.created >= 280 && report.updated == 0)
        let again = try await bench.take(String(decoding: bytes, as: UTF8.self))
        #expect(again.unchanged == report.created)
        var outcomes: [String: Int] = [:]
        var kinds: Set<ItemKind> = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let key = try #require(try JSONValue(parsing: Array(line.utf8))["id"]?.string)
            let item = try #require(try await bench.bank.find(key: key, of: bench.tenant))
            outcomes[item.outcome, default: 0] += 1
            kinds.insert(item.kind)
            let answer: ItemAnswer =
                switch item.kind {
                case .order: .order(item.correct)
                case .match: .pairs(item.correct)
                case .numeric: .number(try #require(item.numeric).value)
                case .short: .text(try #require(item.accepted.first))
                default: .picks(item.correct)
                }
            #expect(try item.grade(answer).isCorrect, "\(key)")
            #expect(item.level != nil && !item.feedback.isEmpty && !item.skills.isEmpty, "\(key)")
            #expect(item.provenance.origin == .generated && item.review == .unreviewed, "\(key)")
            if item.kind.isPicked { #expect(item.explanations.count == item.choices.count, "\(key)") }
        }
        #expect(outcomes.values.min() ?? 0 >= 4 && outcomes.count == 69)
        #expect(kinds.count == 7)
        try await bench.database.close()
    }

    @Test func `a key that is missing or out of place is told with its place`() async throws {
        let bench = try await ItemTests.Bench(.memory)
        let rows: [(row: String, pointer: String)] = [
            (#"{"id": "a", "kind": "order", "stem": "?", "choices": ["x", "y"], "correct": [0]}"#, "/correct"),
            (#"{"id": "a", "kind": "order", "stem": "?", "choices": ["x", "y"], "correct": [0, 0]}"#, "/correct/1"),
            (
                #"{"id": "a", "kind": "match", "stem": "?", "choices": ["x", "y"], "matches": ["1", 2]}"#,
                "/matches/1"
            ),
            (#"{"id": "a", "kind": "match", "stem": "?", "choices": ["x", "y"], "correct": [0, 1]}"#, "/matches"),
            (#"{"id": "a", "kind": "numeric", "stem": "?"}"#, "/value"),
            (#"{"id": "a", "kind": "numeric", "stem": "?", "value": "12"}"#, "/value"),
            (#"{"id": "a", "kind": "numeric", "stem": "?", "value": 12, "tolerance": -1}"#, "/tolerance"),
            (#"{"id": "a", "kind": "short", "stem": "?", "accepted": [" "]}"#, "/accepted/0"),
            (#"{"id": "a", "kind": "essay", "stem": "?", "choices": ["x", "y"], "correct": [0]}"#, "/kind"),
            (#"{"id": "a", "stem": "?", "choices": ["x", "y"], "correct": [0], "state": "fine"}"#, "/state"),
            (#"{"id": "a", "stem": "?", "choices": ["x", "y"], "correct": [0], "level": "expert"}"#, "/level"),
        ]
        for (row, pointer) in rows {
            do {
                _ = try await bench.take(row)
                Issue.record("taken: \(row)")
            } catch { #expect("\(error)".contains(pointer), "\(row): \(error)") }
        }
        #expect(try await bench.counts() == [0, 0, 0])
    }
}
