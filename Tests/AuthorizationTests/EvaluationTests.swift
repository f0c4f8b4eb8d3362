import Authorization
import Basis
import Testing

@Suite struct EvaluationTests {
    static let holding: [String] = [
        // Logic and its short cuts
        "true || 1", "false || true", "!(false && 1)", "!false", "!!true", "if true then true else 1",
        "if false then 1 else true", "(if principal.open then 1 else 2) == 1",
        // Equality, also across kinds
        #"1 != "1""#, "[1, 2] == [2, 1, 1]", "{a: 1, b: [2]} == {b: [2], a: 1}", "{a: 1} != {a: 1, b: 2}",
        #"principal == Learner::"ada""#, #"Learner::"ada" != Unit::"ada""#, "[] == []", "{} == {}", "[1] != [[1]]",
        #""é" != "e\u{301}""#,
        // Numbers
        "1 + 2 * 3 == 7", "7 - 2 - 1 == 4", "-(-3) == 3", "--3 == 3", "1 < 2", "2 <= 2", "3 > 2", "3 >= 3",
        "-9223372036854775808 < 9223372036854775807", "2 * -3 == -6", "1 - -1 == 2",
        // Attributes
        "principal.age == 34", #"principal["my key"] == 1"#, "principal.info.deep.flag", "context.hour == 9",
        "resource.owner == principal",
        "{a: {b: 1}}.a.b == 1", #"{"a b": 1}["a b"] == 1"#,
        // Presence
        "principal has age", "!(principal has missing)", #"principal has "my key""#, "principal has info.deep.flag",
        "!(principal has info.no.flag)", "!(Learner::\"nobody\" has age)", "context has hour", "!(action has hour)",
        "!(principal has peer.age)",
        // Hierarchy
        #"principal in Unit::"company""#, #"principal in [Unit::"none", Unit::"sales"]"#, "principal in principal",
        #"!(principal in Unit::"none")"#, #"Learner::"nobody" in Learner::"nobody""#, "!(principal in [])",
        #"action in Action::"ai""#, "principal in principal.groups", #"!(Unit::"company" in Unit::"sales")"#,
        // Types
        "principal is Learner", "!(principal is Unit)", #"principal is Learner in Unit::"company""#,
        "!(principal is Unit in 1)", #"principal is Learner in [Unit::"sales"]"#, "!(principal is A::Learner)",
        // Patterns
        #""" like """#, #""abc" like "a*""#, #""abc" like "*c""#, #""abc" like "*b*""#, #""abc" like "a*b*c""#,
        #"!("abc" like "ab")"#, #""a*c" like "a\*c""#, #"!("abc" like "a\*c")"#, #""aab" like "*ab""#,
        #"!("ab" like "ab*b")"#, #""é😀" like "*😀""#, #"!("é" like "e*")"#, #""**" like "\u{2a}*""#, #""a" like "**""#,
        // Sets
        "[1, 2].contains(2)", "![1, 2].contains([2])", "[1, 2].containsAll([])", "[1, 2].containsAll([2, 1])",
        "![1].containsAll([1, 2])", "[1, 2].containsAny([2, 3])", "![1, 2].containsAny([])", "[].isEmpty()",
        "!principal.tags.isEmpty()", #"principal.tags.contains("a")"#,
    ]

    @Test(arguments: holding)
    func `a condition holds`(condition: String) throws {
        #expect(try Ask.holds(condition) == .success(true), "\(condition)")
    }

    static let failing: [(String, EvaluationError.Reason)] = [
        ("1", EvaluationError.Reason.wrongKind(expected: "bool", found: "long")),
        ("true && 1", .wrongKind(expected: "bool", found: "long")),
        ("1 && true", .wrongKind(expected: "bool", found: "long")),
        ("false || \"a\"", .wrongKind(expected: "bool", found: "string")),
        ("!1", .wrongKind(expected: "bool", found: "long")),
        ("if 1 then true else true", .wrongKind(expected: "bool", found: "long")),
        ("1 < true", .wrongKind(expected: "long", found: "bool")),
        ("\"a\" + 1 == 1", .wrongKind(expected: "long", found: "string")),
        ("-principal == 1", .wrongKind(expected: "long", found: "entity")),
        ("9223372036854775807 + 1 == 0", .overflow), ("-9223372036854775808 - 1 == 0", .overflow),
        ("4611686018427387904 * 2 == 0", .overflow), ("-(-9223372036854775808) == 0", .overflow),
        ("principal.missing == 1", .missingAttribute("missing")), ("context.a.b", .missingAttribute("a")),
        ("{a: 1}.b == 1", .missingAttribute("b")), ("principal.peer.age == 1", .missingEntity(Ask.absent)),
        ("action.x", .missingAttribute("x")), ("Action::\"x\".x", .missingEntity(EntityReference("Action", "x"))),
        ("principal.age.x", .wrongKind(expected: "record or entity", found: "long")),
        ("principal has age.x", .wrongKind(expected: "record or entity", found: "long")),
        ("[1] has a", .wrongKind(expected: "record or entity", found: "set")),
        ("1 in principal", .wrongKind(expected: "entity", found: "long")),
        ("principal in 1", .wrongKind(expected: "entity or set", found: "long")),
        ("principal in [principal, 1]", .wrongKind(expected: "entity", found: "long")),
        ("\"a\" is Learner", .wrongKind(expected: "entity", found: "string")),
        ("1 like \"*\"", .wrongKind(expected: "string", found: "long")),
        ("principal.contains(1)", .wrongKind(expected: "set", found: "entity")),
        ("[1].containsAll(1)", .wrongKind(expected: "set", found: "long")),
        ("[1].containsAny({})", .wrongKind(expected: "set", found: "record")),
        ("\"\".isEmpty()", .wrongKind(expected: "set", found: "string")),
    ]

    @Test(arguments: failing)
    func `a condition fails and says why`(condition: String, reason: EvaluationError.Reason) throws {
        guard case .failure(let error) = try Ask.holds(condition) else {
            Issue.record("\(condition) did not fail")
            return
        }
        #expect(error.reason == reason, "\(condition)")
        #expect(error.position?.line == 1)
        #expect(error.description.hasPrefix("Line 1, column "))
    }

    @Test func `a failure tells where it is`() throws {
        let decision = try Ask.decide("permit (principal, action, resource)\nwhen {\n  true && principal.x == 1 };")
        #expect(decision.failures.first?.error.position == TextPosition(line: 3, column: 21))
    }

    @Test func `nothing is allowed without a permit`() throws {
        #expect(try Ask.decide("") == AuthorizationDecision(isAllowed: false, determining: [], failures: []))
        #expect(try Ask.decide("permit (principal, action, resource) when { false };").determining.isEmpty)
        #expect(try Ask.decide("forbid (principal, action, resource) when { false };").isAllowed == false)
    }

    @Test func `a forbid wins over any permit, and the policies that decided are told`() throws {
        let permits =
            "@id(\"a\") permit (principal, action, resource); @id(\"b\") permit (principal, action, resource);"
        #expect(try Ask.decide(permits).determining == ["a", "b"])
        let decision = try Ask.decide(permits + "@id(\"c\") forbid (principal, action, resource) unless { false };")
        #expect(!decision.isAllowed)
        #expect(decision.determining == ["c"])
    }

    @Test func `a policy that fails does not count and is told`() throws {
        let permit = "@id(\"a\") permit (principal, action, resource);"
        let decision = try Ask.decide(permit + "@id(\"b\") forbid (principal, action, resource) when { context.x };")
        #expect(decision.isAllowed)
        #expect(decision.failures.map(\.id) == ["b"])
        #expect(try !Ask.decide("permit (principal, action, resource) when { context.x };").isAllowed)
    }

    @Test func `all clauses must let it pass, and the first that does not ends it`() throws {
        #expect(try Ask.decide("permit (principal, action, resource) when { true } unless { false };").isAllowed)
        #expect(try !Ask.decide("permit (principal, action, resource) when { true } unless { true };").isAllowed)
        let decision = try Ask.decide("permit (principal, action, resource) when { false } when { 1 };")
        #expect(decision.failures.isEmpty)
    }

    static let scopes: [(String, Bool)] = [
        ("principal, action, resource", true), (#"principal == Learner::"ada", action, resource"#, true),
        (#"principal == Unit::"sales", action, resource"#, false),
        (#"principal in Unit::"company", action, resource"#, true),
        (#"principal in Unit::"none", action, resource"#, false), ("principal is Learner, action, resource", true),
        ("principal is Unit, action, resource", false),
        (#"principal is Learner in Unit::"sales", action, resource"#, true),
        (#"principal is Unit in Unit::"sales", action, resource"#, false),
        (#"principal, action == Action::"ask", resource"#, true),
        (#"principal, action == Action::"ai", resource"#, false),
        (#"principal, action in Action::"ai", resource"#, true),
        (#"principal, action in Action::"ask", resource"#, true),
        (#"principal, action in [Action::"x", Action::"ai"], resource"#, true),
        ("principal, action in [], resource", false),
        (#"principal, action, resource == AIUse::"tutor""#, true),
        (#"principal, action, resource in AIUse::"tutor""#, true),
        ("principal, action, resource is AIUse", true), ("principal, action, resource is Learner", false),
        (#"principal in (Unit::"sales"), action in ([(Action::"ask")]), resource,"#, true),
    ]

    @Test(arguments: scopes)
    func `a scope lets through`(scope: String, isAllowed: Bool) throws {
        #expect(try Ask.decide("permit (\(scope));").isAllowed == isAllowed, "\(scope)")
    }

    @Test func `a policy whose scope does not fit does not fail`() throws {
        let decision = try Ask.decide("permit (principal is Unit, action, resource) when { 1 };")
        #expect(decision.failures.isEmpty)
    }

    @Test func `an action that is in two groups of one policy decides once`() throws {
        let entities = try Entities([
            Entity(
                EntityReference("Action", "ask"), in: [EntityReference("Action", "a"), EntityReference("Action", "b")])
        ])
        let policies = try PolicySet(
            parsing: #"permit (principal, action in [Action::"a", Action::"b", Action::"a"], resource);"#)
        #expect(Authorizer(policies).decide(Ask.request(), entities).determining == ["policy0"])
    }

    @Test func `entities that differ only in how an accent is written are two`() throws {
        let composed = EntityReference("Learner", "é")
        let entities = try Entities([
            Entity(composed, ["a": 1]), Entity(EntityReference("Learner", "e\u{301}"), ["a": 2]),
        ])
        #expect(entities.count == 2)
        #expect(entities[composed]?.attributes["a"] == 1)
        #expect(PolicyRecord([("é", 1), ("e\u{301}", 2)]).count == 2)
        #expect(PolicyValue.set(["é", "e\u{301}"]) != PolicyValue.set(["é"]))
    }

    @Test func `an entity is there once and never in itself`() throws {
        let (a, b) = (EntityReference("Unit", "a"), EntityReference("Unit", "b"))
        let base = try Entities([Entity(a, in: [b])])
        #expect(throws: Problem.self) { try base.adding([Entity(b, in: [a])]) }
        #expect(throws: Problem.self) { try Entities([Entity(a, in: [a])]) }
        #expect(throws: Problem.self) { try base.adding([Entity(a, ["x": 1], in: [b])]) }
        #expect(throws: Never.self) { try base.adding([Entity(a, in: [b])]) }
    }

    @Test func `many layers and many ancestors hold together`() throws {
        var entities = Entities.none
        for number in 0..<60 {
            let parents = (0..<number).suffix(3).map { EntityReference("Unit", "\($0)") }
            entities = try entities.adding([Entity(EntityReference("Unit", "\(number)"), in: Array(parents))])
        }
        #expect(entities.count == 60)
        let last = EntityReference("Unit", "59")
        #expect(entities.selfAndAncestors(of: last).count == 60)
        #expect(Set(entities.selfAndAncestors(of: last)).count == 60)
        #expect(entities.isMember(last, of: EntityReference("Unit", "0")))
        #expect(!entities.isMember(EntityReference("Unit", "0"), of: last))
    }

    @Test func `a record finds each of many names`() {
        let names = (0..<200).map { "name\($0 * 37 % 200)" }
        let record = PolicyRecord(names.enumerated().map { ($1, .long(Int64($0))) } + [("name0", "last")])
        #expect(record.count == 200)
        for (number, name) in names.enumerated() where name != "name0" { #expect(record[name] == .long(Int64(number))) }
        #expect(record["name0"] == "last")
        #expect(record["name"] == nil)
    }
}
