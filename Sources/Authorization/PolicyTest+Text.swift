extension PolicyTests {
    /// Reads tests from a text: see `PolicyTest`.
    ///
    /// - Throws: `PolicyTextError` with all that is wrong, as far as it can be told.
    public init(parsing text: String) throws(PolicyTextError) {
        if text.utf8.count > PolicyLimits.textBytes {
            throw PolicyTextError([
                PolicyIssue(
                    TextPosition(line: 1, column: 1), found: "the text",
                    "It is longer than \(PolicyLimits.textBytes) bytes. Split it into several.")
            ])
        }
        var parser = PolicyParser(text)
        let tests = parser.tests()
        if !parser.issues.isEmpty { throw PolicyTextError(parser.issues, count: parser.issueCount) }
        self = tests
    }

    /// The canonical text; reading it gives the same tests.
    public var text: String {
        let shared = entities.map { $0.testText + "\n" }
        return (shared.isEmpty ? [] : [shared.joined()]).joined()
            + (shared.isEmpty || tests.isEmpty ? "" : "\n") + tests.map(\.text).joined(separator: "\n")
    }
}

extension PolicyTest {
    /// The canonical text of one test; ends with a line break.
    public var text: String {
        var lines = [
            "principal \(request.principal);", "action \(request.action);", "resource \(request.resource);",
        ]
        if !request.context.isEmpty { lines.append("context \(request.context);") }
        lines += entities.map(\.testText)
        lines.append("expect \(isAllowed ? "allow" : "deny")\(determining.map { " by \(Self.ids($0))" } ?? "");")
        if let failing { lines.append("expect errors \(Self.ids(failing));") }
        return "test \(StringLiteral.text(of: name)) {\n" + lines.map { "    \($0)\n" }.joined() + "}\n"
    }

    private static func ids(_ ids: [String]) -> String {
        "[\(ids.map { StringLiteral.text(of: $0) }.joined(separator: ", "))]"
    }
}

extension Entity {
    fileprivate var testText: String {
        let attributes = attributes.isEmpty ? "" : " \(self.attributes)"
        let parents = parents.isEmpty ? "" : " in [\(self.parents.map(\.description).joined(separator: ", "))]"
        return "entity \(reference)\(attributes)\(parents);"
    }
}

extension PolicyParser {
    fileprivate mutating func tests() -> PolicyTests {
        var tests: [PolicyTest] = []
        var entities: [Entity] = []
        while !isAtEnd {
            let start = here
            do {
                if take(word: "entity") {
                    entities.append(try entity())
                } else if take(word: "test") {
                    tests.append(try test())
                } else {
                    throw fail("`test` or `entity` is expected here.")
                }
            } catch {
                skipTest(from: start)
            }
        }
        return PolicyTests(tests, entities: entities)
    }

    /// Goes before what looks like the next test.
    private mutating func skipTest(from start: Token) {
        while !isAtEnd {
            if here.position > start.position, here.isWord("test"), next.kind == .string { return }
            step()
        }
    }

    private mutating func test() throws(Halt) -> PolicyTest {
        let name = here
        let title = try string("The test's name between quotes must follow `test`.")
        try expect("{", "A `{` must follow the test's name.")
        var draft = TestDraft()
        while !here.isSign("}") { try line(of: &draft) }
        step()
        guard let principal = draft.principal, let action = draft.action, let resource = draft.resource,
            let isAllowed = draft.isAllowed
        else {
            let missing = draft.missing.map { "`\($0)`" }.joined(separator: ", ")
            throw fail("This test lacks \(missing).", at: name)
        }
        return PolicyTest(
            title,
            AuthorizationRequest(
                principal: principal, action: action, resource: resource, context: draft.context ?? [:]),
            entities: draft.entities, isAllowed: isAllowed, determining: draft.determining, failing: draft.failing)
    }

    private mutating func line(of draft: inout TestDraft) throws(Halt) {
        let word = here
        guard word.kind == .word else { throw fail("A line of the test or its `}` is expected here.") }
        step()
        var isTwice = false
        switch word.text {
        case "principal":
            isTwice = draft.principal != nil
            draft.principal = try reference()
        case "action":
            isTwice = draft.action != nil
            draft.action = try reference()
        case "resource":
            isTwice = draft.resource != nil
            draft.resource = try reference()
        case "context":
            isTwice = draft.context != nil
            draft.context = try record()
        case "entity":
            draft.entities.append(try entity())
            return
        case "expect": isTwice = try expectation(&draft)
        default:
            throw fail(
                "A test has `principal`, `action`, `resource`, `context`, `entity` and `expect`, nothing else.",
                at: word)
        }
        if isTwice { note("The test says this already. Say it once.", at: word) }
        try expect(";", "A `;` must end the line here.")
    }

    /// Whether it was said already.
    private mutating func expectation(_ draft: inout TestDraft) throws(Halt) -> Bool {
        if take(word: "errors") {
            let isTwice = draft.failing != nil
            draft.failing = try ids()
            return isTwice
        }
        guard here.isWord("allow") || here.isWord("deny") else {
            throw fail("`allow`, `deny` or `errors` must follow `expect`.")
        }
        let isTwice = draft.isAllowed != nil
        draft.isAllowed = here.isWord("allow")
        step()
        if take(word: "by") { draft.determining = try ids() }
        return isTwice
    }

    private mutating func entity() throws(Halt) -> Entity {
        let reference = try reference()
        let attributes = here.isSign("{") ? try record() : [:]
        var parents: [EntityReference] = []
        if take(word: "in") {
            try expect("[", "A list of entities must follow `in`, such as `in [Unit::\"sales\"]`.")
            while !here.isSign("]") {
                parents.append(try self.reference())
                if !take(sign: ",") { break }
            }
            try expect("]", "A `]` must close the list here.")
        }
        try expect(";", "A `;` must end the entity here, or its attributes in `{…}` or `in […]` follow.")
        return Entity(reference, attributes, in: parents)
    }

    private mutating func reference() throws(Halt) -> EntityReference {
        let hint = "An entity must stand here, such as `Learner::\"ada\"`."
        guard here.kind == .word, next.isSign("::") else { throw fail(hint) }
        let type = try entityType()
        try expect("::", hint)
        return EntityReference(type, try string("An id between quotes must stand here."))
    }

    private mutating func record() throws(Halt) -> PolicyRecord {
        let start = here
        // Not a whole expression: what follows an entity's attributes may be its `in`.
        guard here.isSign("{"), case .record(let record) = try member().folded.constant else {
            throw fail("A record must stand here, such as `{ hour: 9 }`, without operators and variables.", at: start)
        }
        return record
    }

    private mutating func ids() throws(Halt) -> [String] {
        try expect("[", "A list of policies' ids must stand here, such as `[\"tutor\"]`.")
        var ids: [String] = []
        while !here.isSign("]") {
            ids.append(try string("The id of a policy between quotes must stand here."))
            if !take(sign: ",") { break }
        }
        try expect("]", "A `]` must close the list here.")
        return ids
    }
}

/// What has been read of a test.
private struct TestDraft {
    var principal: EntityReference?
    var action: EntityReference?
    var resource: EntityReference?
    var context: PolicyRecord?
    var entities: [Entity] = []
    var isAllowed: Bool?
    var determining: [String]?
    var failing: [String]?

    var missing: [String] {
        var missing: [String] = []
        if principal == nil { missing.append("principal") }
        if action == nil { missing.append("action") }
        if resource == nil { missing.append("resource") }
        if isAllowed == nil { missing.append("expect") }
        return missing
    }
}
