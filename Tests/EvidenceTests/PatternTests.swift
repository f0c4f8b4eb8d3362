import Basis
import JSON
import Storage
import StorageTesting
import Testing

@testable import Evidence

@Suite struct PatternTests {
    // MARK: Matching

    /// A pattern as a tree, and the plainest matcher there is: every way of matching, by trying.
    private indirect enum Tree {
        case template(Int)
        case sequence([Tree])
        case alternates([Tree])
        case optional(Tree)
        case oneOrMore(Tree)
        case zeroOrMore(Tree)

        init(_ dice: inout Dice, depth: Int) {
            let kind = depth == 0 ? 0 : Int.random(in: 0..<7, using: &dice)
            func parts() -> [Tree] {
                (0..<Int.random(in: 1...3, using: &dice)).map { _ in Tree(&dice, depth: depth - 1) }
            }
            switch kind {
            case 0, 1: self = .template(Int.random(in: 0..<3, using: &dice))
            case 2: self = .sequence(parts())
            case 3: self = .alternates(parts())
            case 4: self = .optional(Tree(&dice, depth: depth - 1))
            case 5: self = .oneOrMore(Tree(&dice, depth: depth - 1))
            default: self = .zeroOrMore(Tree(&dice, depth: depth - 1))
            }
        }

        /// Where a match that begins at `start` may end, and whether it may run out of letters on the way.
        func ends(_ word: [Set<Int>], from start: Int) -> (ends: Set<Int>, runsOut: Bool) {
            switch self {
            case .template(let letter):
                if start == word.count { return ([], true) }
                return (word[start].contains(letter) ? [start + 1] : [], false)
            case .sequence(let parts):
                return parts.reduce(([start], false)) { so, part in
                    so.0.reduce(into: ([], so.1)) { sum, place in
                        let one = part.ends(word, from: place)
                        sum.0.formUnion(one.ends)
                        sum.1 = sum.1 || one.runsOut
                    }
                }
            case .alternates(let parts):
                return parts.reduce(into: ([], false)) { sum, part in
                    let one = part.ends(word, from: start)
                    sum.0.formUnion(one.ends)
                    sum.1 = sum.1 || one.runsOut
                }
            case .optional(let part):
                let one = part.ends(word, from: start)
                return (one.ends.union([start]), one.runsOut)
            case .oneOrMore(let part): return Tree.repeated(part, word, from: start)
            case .zeroOrMore(let part):
                let more = Tree.repeated(part, word, from: start)
                return (more.ends.union([start]), more.runsOut)
            }
        }

        private static func repeated(
            _ part: Tree, _ word: [Set<Int>], from start: Int
        ) -> (ends: Set<Int>, runsOut: Bool) {
            var (found, open, runsOut): (Set<Int>, Set<Int>, Bool) = ([], [start], false)
            while let place = open.popFirst() {
                let one = part.ends(word, from: place)
                runsOut = runsOut || one.runsOut
                open.formUnion(one.ends.subtracting(found))
                found.formUnion(one.ends)
            }
            return (found, runsOut)
        }

        /// Its patterns by name, the first one first.
        func patterns(_ name: String = "p", into all: inout [String: ProfilePattern]) -> String {
            func names(_ parts: [Tree]) -> [String] {
                parts.enumerated().map { $0.element.patterns("\(name).\($0.offset)", into: &all) }
            }
            let rule: ProfilePattern.Rule
            switch self {
            case .template(let letter): return "t\(letter)"
            case .sequence(let parts): rule = .sequence(names(parts))
            case .alternates(let parts): rule = .alternates(names(parts))
            case .optional(let part): rule = .optional(names([part])[0])
            case .oneOrMore(let part): rule = .oneOrMore(names([part])[0])
            case .zeroOrMore(let part): rule = .zeroOrMore(names([part])[0])
            }
            all[name] = ProfilePattern(id: name, name: name, isPrimary: name == "p", rule: rule)
            return name
        }
    }

    @Test(arguments: 0..<40) func `the automaton finds what trying every way finds`(seed: Int) throws {
        var dice = Dice(seed: UInt64(seed))
        for _ in 0..<50 {
            let tree = Tree.sequence([Tree(&dice, depth: 3)])
            var patterns: [String: ProfilePattern] = [:]
            let name = tree.patterns(into: &patterns)
            let primary = try #require(patterns[name])
            let automaton = try PatternAutomaton(primary, patterns: patterns, templates: ["t0", "t1", "t2"])
            for _ in 0..<10 {
                // A statement may follow two templates at once.
                let word = (0..<Int.random(in: 0...6, using: &dice)).map { _ in
                    Set((0..<Int.random(in: 1...2, using: &dice)).map { _ in Int.random(in: 0..<3, using: &dice) })
                }
                var run = PatternAutomaton.Run(automaton)
                var failed: Int?
                for (index, letters) in word.enumerated() where failed == nil {
                    if !run.take(Set(letters.map { "t\($0)" })) { failed = index }
                }
                let naive = tree.ends(word, from: 0)
                let isWhole = naive.ends.contains(word.count)
                #expect((failed == nil && run.isWhole) == isWhole, "seed \(seed): \(tree) on \(word)")
                let isBegun = isWhole || naive.runsOut
                #expect((failed == nil) == isBegun, "seed \(seed): \(tree) on \(word)")
                if let failed {
                    let before = Array(word.prefix(failed))
                    let earlier = tree.ends(before, from: 0)
                    #expect(earlier.runsOut || earlier.ends.contains(failed), "seed \(seed): too early")
                }
            }
        }
    }

    @Test func `what makes others go back and forth takes a moment`() throws {
        // ((a*)*)* then b, on many a: exponential for a matcher that goes back.
        var patterns: [String: ProfilePattern] = [:]
        for (name, rule) in [
            ("p", .sequence(["x", "t1"])), ("x", .zeroOrMore("y")), ("y", .oneOrMore("z")), ("z", .zeroOrMore("t0")),
        ] as [(String, ProfilePattern.Rule)] {
            patterns[name] = ProfilePattern(id: name, name: name, isPrimary: name == "p", rule: rule)
        }
        let primary = try #require(patterns["p"])
        let automaton = try PatternAutomaton(primary, patterns: patterns, templates: ["t0", "t1"])
        var run = PatternAutomaton.Run(automaton)
        var taken = 0
        for _ in 0..<10_000 where run.take(["t0"]) { taken += 1 }
        #expect(taken == 10_000)
        #expect(!run.isWhole && run.expected == ["t0", "t1"])
        let ends = run.take(["t1"])
        #expect(ends && run.isWhole && run.expected.isEmpty)
        let goesOn = run.take(["t0"])
        #expect(!goesOn)
    }

    @Test func `patterns that hold themselves, or grow without end, are refused as they are loaded`() throws {
        func problem(_ patterns: JSONValue) throws -> Problem? {
            var document = try #require(try profile().object)
            document["patterns"] = patterns
            do {
                _ = try XAPIProfile(.object(document))
                return nil
            } catch { return error }
        }
        func pattern(_ id: String, _ kind: String, _ parts: JSONValue, isPrimary: Bool = false) -> JSONValue {
            .object(
                JSONObject([
                    ("id", .string("https://example.org/\(id)")), ("type", "Pattern"), ("primary", .bool(isPrimary)),
                    ("prefLabel", ["en": .string(id)]), (kind, parts),
                ]))
        }
        let ring = try problem([
            pattern("p", "sequence", ["https://example.org/q"], isPrimary: true),
            pattern("q", "optional", "https://example.org/p"),
        ])
        #expect(ring?.pointers == ["/patterns/0"])
        let doubled = (0..<16).map { number in
            let next: JSONValue = .string(
                number == 15 ? "https://example.org/begun" : "https://example.org/d\(number + 1)")
            return pattern("d\(number)", "sequence", [next, next], isPrimary: number == 0)
        }
        #expect(try problem(.array(doubled))?.pointers == ["/patterns/0"])
        #expect(
            try problem([["id": "https://example.org/p", "optional": "x:y", "sequence": ["x:y"]]])?.pointers == [
                "/patterns/0"
            ])
        #expect(
            try problem([pattern("p", "optional", ["https://e.org/1", "https://e.org/2"])])?.pointers == [
                "/patterns/0/optional"
            ])
        // Parts of another profile cannot be judged here, and are no flaw.
        #expect(try problem([pattern("p", "optional", "https://e.org/elsewhere", isPrimary: true)]) == nil)
    }

    // MARK: What is stored

    private static let registration = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"
    private static let other = "6690e6c9-3ef0-4ed3-8b37-7f3964730bef"

    /// Begun, then any number of tries, then done; `done` needs a result.
    private func profile(_ more: [(String, JSONValue)] = []) throws -> JSONValue {
        func template(_ name: String, rules: [JSONValue] = [], _ more: [(String, JSONValue)] = []) -> JSONValue {
            var object = JSONObject([
                ("id", .string("https://example.org/\(name)")), ("type", "StatementTemplate"),
                ("prefLabel", ["en": .string(name)]), ("verb", .string("https://example.org/verb/\(name)")),
            ])
            if !rules.isEmpty { object["rules"] = .array(rules) }
            for (name, value) in more { object[name] = value }
            return .object(object)
        }
        return [
            "@context": "https://w3id.org/xapi/profiles/context", "id": "https://example.org/profile",
            "type": "Profile", "prefLabel": ["en": "Example"],
            "versions": [["id": "https://example.org/profile/1", "generatedAtTime": "2026-01-01T00:00:00Z"]],
            "templates": [
                template("begun"), template("tried"),
                template("done", rules: [["location": "$.result", "presence": "included"]]),
                template("commented", [("objectStatementRefTemplate", ["https://example.org/done"])]),
                template("hinted", [("contextStatementRefTemplate", ["https://example.org/done"])]),
            ],
            "patterns": [
                [
                    "id": "https://example.org/course", "type": "Pattern", "primary": true,
                    "prefLabel": ["en": "Course"],
                    "sequence": ["https://example.org/begun", "https://example.org/tries", "https://example.org/done"],
                ],
                [
                    "id": "https://example.org/tries", "type": "Pattern", "zeroOrMore": "https://example.org/tried",
                ],
            ],
        ]
    }

    private func step(
        _ verb: String, minute: Int, registration: String = registration, result: Bool = true, sub: String? = nil,
        declares: Bool = true
    ) throws -> JSONValue {
        var context = JSONObject([("registration", .string(registration))])
        if declares {
            context["contextActivities"] = ["category": [["id": "https://example.org/profile/1"]]]
        }
        if let sub {
            context["extensions"] = .object(
                JSONObject([
                    (
                        SequenceJudge.subregistrations,
                        [["profile": "https://example.org/profile/1", "subregistration": .string(sub)]]
                    )
                ]))
        }
        return try statement([
            ("/verb/id", JSONValue.string("https://example.org/verb/\(verb)").text),
            ("/context", JSONValue.object(context).text),
            ("/timestamp", "\"2026-01-01T00:\(minute < 10 ? "0" : "")\(minute):00Z\""),
            ("/result", result ? #"{"completion": true}"# : nil),
        ])
    }

    @Test(arguments: Engine.present) func `a registration is judged in the order of its timestamps`(
        engine: Engine
    ) async throws {
        let bench = try await Bench(engine)
        let book = ProfileBook(log: bench.log)
        let id = try await book.load(try profile().bytes, mode: .warn, for: .first)
        func state() async throws -> (PatternState, Int, String)? {
            let report = try await book.sequences(of: PatternTests.registration, following: id, of: .first).first
            return report.flatMap { report in report.best.map { ($0.state, $0.matchedCount, $0.detail) } }
        }
        #expect(try await state() == nil)
        // The later one arrives first.
        try await bench.post(try step("tried", minute: 2).text)
        #expect(try await state()?.0 == .failed)
        try await bench.post(try step("begun", minute: 1).text)
        let begun = try await state()
        #expect(begun?.0 == .open && begun?.1 == 2 && begun?.2 == "Next may come done, tried.")
        try await bench.post(try step("begun", minute: 1, declares: false).text)
        #expect(try await state()?.0 == .open, "what does not declare the profile is not part of it")
        try await bench.post(try step("done", minute: 9).text)
        let whole = try await state()
        #expect(whole?.0 == .whole && whole?.1 == 3 && whole?.2 == "Nothing more may come.")
        let late = try await bench.post(try step("tried", minute: 10).text)
        let report = try #require(
            try await book.sequences(of: PatternTests.registration, following: id, of: .first).first)
        #expect(report.state == .failed && report.best?.failedAt == late[0] && report.statementCount == 4)
        #expect(try await book.failedSequences(of: .first).map(\.registration) == [PatternTests.registration])
        // A flaw of one statement fails the sequence there, too.
        try await bench.post(try step("begun", minute: 1, registration: PatternTests.other).text)
        try await bench.post(try step("done", minute: 2, registration: PatternTests.other, result: false).text)
        let flawed = try #require(
            try await book.recentSequences(following: id, of: .first).first { $0.registration == PatternTests.other })
        #expect(flawed.best?.detail.hasPrefix("/result") == true)
        await #expect(throws: Problem.self) {
            try await book.sequences(of: "x", following: id, of: .first)
        }
        await #expect(throws: Problem.self) {
            try await book.sequences(of: PatternTests.other, following: "https://e.org/none", of: .first)
        }
    }

    @Test(arguments: Engine.present) func `subregistrations keep sequences of one registration apart`(
        engine: Engine
    ) async throws {
        let bench = try await Bench(engine)
        let book = ProfileBook(log: bench.log)
        let id = try await book.load(try profile().bytes, mode: .warn, for: .first)
        let (one, two) = ("0190e6c9-3ef0-4ed3-8b37-7f3964730001", "0190e6c9-3ef0-4ed3-8b37-7f3964730002")
        for (verb, minute, sub) in [("begun", 1, one), ("begun", 2, two), ("done", 3, one), ("tried", 4, two)] {
            try await bench.post(try step(verb, minute: minute, sub: sub).text)
        }
        let reports = try await book.sequences(of: PatternTests.registration, following: id, of: .first)
        #expect(reports.map(\.subregistration) == [one, two])
        #expect(reports.map(\.state) == [.whole, .open])
    }

    @Test(arguments: Engine.present) func `a template says what a statement points to`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let book = ProfileBook(log: bench.log)
        let id = try await book.load(try profile().bytes, mode: .refuse, reach: .described, for: .first)
        func comment(on target: String, _ verb: String = "commented") throws -> String {
            let reference = #"{"objectType": "StatementRef", "id": "\#(target)"}"#
            return try statement([
                ("/verb/id", #""https://example.org/verb/\#(verb)""#),
                verb == "commented"
                    ? ("/object", reference) : ("/context", #"{"statement": \#(reference)}"#),
            ]).text
        }
        let done = try await bench.post(try step("done", minute: 1).text)[0].description
        let tried = try await bench.post(try step("tried", minute: 1).text)[0].description
        try await bench.post(try comment(on: done))
        try await bench.post(try comment(on: done, "hinted"))
        #expect(try await book.findings(of: .first).isEmpty)
        let wrong = await #expect(throws: Problem.self) { try await bench.post(try comment(on: tried)) }
        #expect(wrong?.code == "profile-refused" && wrong?.pointers == ["/object"])
        let hint = await #expect(throws: Problem.self) { try await bench.post("[\(try comment(on: tried, "hinted"))]") }
        #expect(hint?.pointers == ["/0/context/statement"])
        let none = await #expect(throws: Problem.self) {
            try await bench.post(try statement([("/verb/id", #""https://example.org/verb/commented""#)]).text)
        }
        #expect(none?.pointers == ["/object"])
        // What comes in the same batch counts, whatever the order.
        let new = "6690e6c9-3ef0-4ed3-8b37-7f3964730001"
        var fresh = try #require(try step("done", minute: 2).object)
        fresh["id"] = .string(new)
        try await bench.post("[\(try comment(on: new)), \(JSONValue.object(fresh).text)]")
        #expect(try await book.findings(of: .first).isEmpty)
        // What is not here cannot be judged: it is stored and listed, even where the profile refuses.
        try await bench.post(try comment(on: "6690e6c9-3ef0-4ed3-8b37-7f3964730002"))
        let finding = try #require(try await book.findings(of: .first).first)
        #expect(finding.profile == id && finding.pointer == "/object" && finding.detail.contains("is not here"))
    }
}
