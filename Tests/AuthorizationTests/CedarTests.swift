import Authorization
import Basis
import Foundation
import JSON
import Testing

/// Our decisions and our grammar against Cedar's own program: see Tests/Oracle/cedar.py.
///
/// `LEEWAY_CEDAR_DECISIONS` and `LEEWAY_CEDAR_TEXTS` say how many are compared, `LEEWAY_CEDAR_SEED` with which seed.
@Suite struct CedarTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let python = root.appending(path: ".setup/python/bin/python")
    static let isThere: Bool = {
        let library = root.appending(path: ".setup/python/lib").path
        let files = FileManager.default.enumerator(atPath: library)?.lazy.compactMap { $0 as? String }
        return files?.contains { $0.hasSuffix("site-packages/cedarpy") } ?? false
    }()

    private static func setting(_ name: String, or standard: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard
    }

    /// A run that somebody asked for tells how it went.
    private static let isLong = ProcessInfo.processInfo.environment.keys.contains { $0.hasPrefix("LEEWAY_CEDAR_") }

    static let seed = UInt64(setting("LEEWAY_CEDAR_SEED", or: 1))

    @Test(.enabled(if: isThere, "the Python tools of ./test are not set up"))
    func `Cedar decides the same, for the same reasons, with the same policies failing`() throws {
        let wanted = Self.setting("LEEWAY_CEDAR_DECISIONS", or: 20_000)
        var lines: [String] = []
        var count = 0
        for number in 0... where count < wanted {
            var generator = PolicyGenerator(seed: Self.seed &* 1_000_003 &+ UInt64(number))
            generator.world()
            let text = (0..<8).map { _ in generator.policy() }.joined()
            let set = try PolicySet(parsing: text)
            let entities = try Entities(generator.entities)
            let requests = (0..<10).map { _ in generator.request() }
            let authorizer = Authorizer(set)
            let answers = requests.map { authorizer.decide($0, entities) }
            // What the printer makes of a text must mean the same.
            let policies = number % 2 == 0 ? text : set.text
            lines.append(
                CedarJSON.object([
                    ("policies", CedarJSON.text(policies)),
                    ("entities", CedarJSON.list(generator.entities.map { CedarJSON.text($0) })),
                    ("requests", CedarJSON.list(requests.map { CedarJSON.text($0) })),
                    ("answers", CedarJSON.list(answers.map { CedarJSON.text($0) })),
                ]))
            count += requests.count
            if count >= wanted { break }
        }
        let (status, counts) = try compare(lines)
        #expect(status == 0, "seed \(Self.seed): \(counts.text)")
        #expect(counts["decisions"]?.integer == count)
        // The comparison is worth something only if all of it happens often.
        for what in ["allowed", "forbidden", "failed"] {
            #expect((counts[what]?.integer ?? 0) > count / 12, "\(what): \(counts.text)")
        }
    }

    @Test(.enabled(if: isThere, "the Python tools of ./test are not set up"))
    func `Cedar takes the texts that we take and refuses those that we refuse`() throws {
        let wanted = Self.setting("LEEWAY_CEDAR_TEXTS", or: 6_000)
        var mutator = TextMutator(seed: Self.seed)
        var lines: [String] = []
        while lines.count < wanted {
            var generator = PolicyGenerator(seed: Self.seed &* 7_000_003 &+ UInt64(lines.count / 6))
            generator.world()
            let text = mutator.mutated(generator.policy(), times: lines.count % 3)
            var isTaken = true
            do { _ = try PolicySet(parsing: text) } catch {
                isTaken = false
                // Cedar's language is larger than ours, and we say where.
                if error.issues.contains(where: { $0.detail.contains("not part of this subset") }) { continue }
            }
            lines.append(CedarJSON.object([("text", CedarJSON.text(text)), ("taken", "\(isTaken)")]))
        }
        let (status, counts) = try compare(lines)
        #expect(status == 0, "seed \(Self.seed): \(counts.text)")
        #expect(counts["texts"]?.integer == lines.count)
        let taken = counts["texts_taken"]?.integer ?? 0
        #expect(taken > wanted / 5 && taken < wanted * 4 / 5, "\(counts.text)")
    }

    @Test(.enabled(if: isThere, "the Python tools of ./test are not set up"))
    func `Cedar takes and refuses each text of our other tests, but for what we are stricter about`() throws {
        let conditions =
            EvaluationTests.holding + EvaluationTests.failing.map(\.0) + ParserTests.wrongConditions.map(\.0)
        let scopes = EvaluationTests.scopes.map { "permit (\($0.0));" }
        let texts =
            conditions.map { "permit (principal, action, resource) when {\n\($0)\n};" } + scopes
            + ParserTests.wrongPolicies.map(\.0)
        var stricter = 0
        var lines: [String] = []
        for text in texts {
            let issues = Ask.issues(text)
            let isOurs = ["not part of this subset", "is taken by an earlier", "An id needs a text"].contains { hint in
                issues.contains { $0.detail.contains(hint) }
            }
            if isOurs { stricter += 1 }
            lines.append(CedarJSON.object([("text", CedarJSON.text(text)), ("taken", "\(issues.isEmpty || isOurs)")]))
        }
        let (_, counts) = try compare(lines)
        #expect(stricter == 11)
        // Templates are taken, but not in conditions.
        #expect(counts["texts_different"]?.integer == 1, "\(counts.text)")
        #expect(counts["first"]?.array?.first?["text"]?.string?.contains("?principal") == true)
    }

    @Test(.enabled(if: isThere, "the Python tools of ./test are not set up"))
    func `the comparison would tell a wrong answer`() throws {
        let line = CedarJSON.object([
            ("policies", CedarJSON.text("permit(principal, action, resource);")), ("entities", "[]"),
            (
                "requests",
                CedarJSON.list([
                    CedarJSON.text(
                        AuthorizationRequest(
                            principal: EntityReference("User", "a"), action: EntityReference("Action", "view"),
                            resource: EntityReference("Doc", "d")))
                ])
            ),
            (
                "answers",
                CedarJSON.list([
                    CedarJSON.text(AuthorizationDecision(isAllowed: false, determining: [], failures: []))
                ])
            ),
        ])
        let (status, counts) = try compare([line, #"{"text": "permit", "taken": true}"#])
        #expect(status == 1)
        #expect(counts["different"]?.integer == 1)
        #expect(counts["texts_different"]?.integer == 1)
    }

    private func compare(_ lines: [String]) throws -> (status: Int32, counts: JSONValue) {
        let file = FileManager.default.temporaryDirectory.appending(path: "leeway-cedar-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(lines.joined(separator: "\n").utf8).write(to: file)
        let process = Process()
        process.executableURL = Self.python
        process.arguments = [Self.root.appending(path: "Tests/Oracle/cedar.py").path, file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = [UInt8](pipe.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        guard let counts = try? JSONValue(parsing: output) else {
            return (process.terminationStatus, .string(String(decoding: output, as: UTF8.self)))
        }
        if Self.isLong { print("Compared with Cedar, seed \(Self.seed): \(counts.text)") }
        return (process.terminationStatus, counts)
    }
}

/// Bends texts a little, so that about half of them are still policies.
struct TextMutator {
    private var dice: Dice

    init(seed: UInt64) { dice = Dice(seed: seed) }

    static let pieces = [
        "(", ")", "{", "}", "[", "]", ",", ";", ".", "::", ":", "==", "=", "!=", "<", "<=", "||", "&&", "|", "!", "-",
        "--",
        "+", "*", "/", "%", "@", "\"", "\\", "'", "a", "_", "0", "12", "9223372036854775808", "true", "if", "then",
        "else",
        "in", "has", "like", "is", "principal", "action", "resource", "context", "permit", "when", "unless", "User",
        "User::\"a\"", "Action::\"x\"", "\"a\"", "\"*\"", "\"\\*\"", "\"\\u{1F600}\"", "\"\\u{}\"", "\"\\q\"", ".age",
        "[\"age\"]", ".contains(1)", ".isEmpty()", ".isEmpty(1)", "contains", "__cedar", ".if", "// x\n", "\n", "é",
        "#",
        "(1)", "{}", "[]", "{a: 1, \"a\": 2}", "{if: 1}", "!!!!!", "@a", "@a(\"b\")", "@if(\"b\")", "has a.b",
        "has \"a\"",
        "is User", "== 1", "has (a)", "like (\"a\")", "- -1", "-9223372036854775808", "User::{}", "User::A",
    ]

    mutating func mutated(_ text: String, times: Int) -> String {
        var text = Array(text)
        for _ in 0..<times where !text.isEmpty {
            let place = Int.random(in: 0..<text.count, using: &dice)
            switch Int.random(in: 0..<6, using: &dice) {
            case 0: text.remove(at: place)
            case 1: text.swapAt(place, Int.random(in: 0..<text.count, using: &dice))
            case 2:
                // One word more or less, where a word ends.
                let start = text[place...].firstIndex(of: " ") ?? place
                let end = text[(start + 1)...].firstIndex(of: " ") ?? text.count
                text.removeSubrange(start..<end)
            default:
                let start = text[place...].firstIndex(of: " ") ?? place
                let piece = Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &dice)]
                text.insert(contentsOf: piece, at: start)
            }
        }
        return String(text)
    }
}
