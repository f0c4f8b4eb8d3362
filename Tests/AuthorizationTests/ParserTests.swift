import Authorization
import Basis
import Testing

@Suite struct ParserTests {
    static let wrongPolicies: [(String, Int, Int, String)] = [
        // Scopes
        ("permit", 1, 7, "("), ("allow (principal, action, resource);", 1, 1, "permit"),
        ("permit (principal, action);", 1, 26, "resource"), ("permit (action, principal, resource);", 1, 9, "order"),
        ("permit (principal, action, resource, context);", 1, 38, "no more"),
        ("permit (principal = Unit::\"a\", action, resource);", 1, 19, "=="),
        ("permit (principal != Unit::\"a\", action, resource);", 1, 19, "when"),
        ("permit (principal: Unit, action, resource);", 1, 18, "is"),
        ("permit (principal == ?principal, action, resource);", 1, 22, "Templates"),
        ("permit (principal == \"ada\", action, resource);", 1, 22, "entity"),
        ("permit (principal == Unit, action, resource);", 1, 22, "id"),
        ("permit (principal in [Unit::\"a\"], action, resource);", 1, 22, "One entity"),
        ("permit (principal is \"Unit\", action, resource);", 1, 22, "type"),
        ("permit (principal in Unit::\"a\" is Unit, action, resource);", 1, 32, "before"),
        ("permit (principal is Unit == Unit::\"a\", action, resource);", 1, 27, "Leave"),
        ("permit (principal is in::Unit, action, resource);", 1, 22, "language"),
        ("permit (principal, action is Action, resource);", 1, 27, "no `is`"),
        ("permit (principal, action == Unit::\"a\", resource);", 1, 30, "Action"),
        ("permit (principal, action == [Action::\"a\"], resource);", 1, 30, "list"),
        ("permit (principal, action in [Action::\"a\" Action::\"b\"], resource);", 1, 43, "]"),
        // Clauses and the end
        ("permit (principal, action, resource)", 1, 37, ";"),
        ("permit (principal, action, resource) if { true };", 1, 38, "when"),
        ("permit (principal, action, resource) when true;", 1, 43, "{"),
        ("permit (principal, action, resource) when { };", 1, 45, "empty"),
        ("permit (principal, action, resource) when { true;", 1, 49, "}"),
        // Annotations
        ("@(\"a\") permit (principal, action, resource);", 1, 2, "name"),
        ("@id(a) permit (principal, action, resource);", 1, 5, "quotes"),
        ("@id(\"a\" permit (principal, action, resource);", 1, 9, ")"),
        ("@id(\"\") permit (principal, action, resource);", 1, 2, "id"),
        ("@a(\"\") @a(\"\") permit (principal, action, resource);", 1, 9, "already"),
        (
            "@id(\"a\") permit (principal, action, resource);\n@id(\"a\") permit (principal, action, resource);", 2, 1,
            "taken"
        ),
        // Characters
        ("permit (principal, action, resource) when { \"a };", 1, 45, "never closed"), ("#", 1, 1, "permit"),
        ("é", 1, 1, "permit"),
    ]

    @Test(arguments: wrongPolicies)
    func `says where a policy is wrong and how to mend it`(text: String, line: Int, column: Int, hint: String) throws {
        let issue = try #require(Ask.issues(text).first, "\(text)")
        #expect(issue.position == TextPosition(line: line, column: column), "\(text): \(issue)")
        #expect(issue.detail.contains(hint), "\(text): \(issue)")
    }

    static let wrongConditions: [(String, Int, String)] = [
        ("1 = 1", 3, "=="), ("1 < 2 < 3", 7, "parentheses"), ("1 == 1 has a", 8, "parentheses"),
        ("principal has a has b", 17, "parentheses"), ("!!!!!true", 1, "more than 4"),
        ("-----1 == 1", 1, "more than 4"),
        ("!-1 == 1", 2, "mix"), ("-!true", 2, "mix"), ("4 / 2 == 2", 3, "division"), ("4 % 2 == 0", 3, "remainder"),
        ("9223372036854775808 == 1", 1, "64 bits"), ("-9223372036854775809 == 1", 2, "64 bits"),
        ("-9223372036854775808.a", 2, "64 bits"), ("1_0 == 1", 2, "}"), ("user == 1", 1, "variable"),
        ("User::Name == 1", 1, "type"), ("User::{id: 1} == 1", 7, "quotes"), ("principal.if == 1", 11, "language"),
        ("principal.__cedar == 1", 11, "language"), ("principal has if", 15, "language"),
        ("{if: 1} == 1", 2, "language"),
        ("principal has (a)", 15, "attribute"), ("principal has a(1)", 16, "names"),
        ("principal has a[\"b\"]", 16, "names"),
        ("principal. == 1", 12, "attribute"), ("principal[a] == 1", 11, "quotes"), ("[1][0] == 1", 5, "quotes"),
        ("principal[\"a\" == 1", 15, "]"), ("\"a\" like principal", 10, "pattern"),
        ("\"a\" like (\"a\")", 10, "pattern"),
        ("principal is \"Unit\"", 14, "type"), ("principal is (Unit)", 14, "type"),
        ("ip(\"1.1.1.1\") == 1", 1, "not part"),
        ("decimal(\"1.0\") == 1", 1, "not part"), ("datetime(\"2024-01-01\") == 1", 1, "not part"),
        ("duration(\"1h\") == 1", 1, "not part"), ("principal.isInRange(1)", 11, "not part"),
        ("principal.hasTag(\"a\")", 11, "Tags"), ("principal.getTag(\"a\")", 11, "Tags"),
        ("principal == ?principal", 14, "Templates"), ("principal.size()", 11, "no method"),
        ("size(1) == 1", 1, "function"),
        ("[1].contains()", 5, "one argument"), ("[1].contains(1, 2)", 5, "one argument"),
        ("[].isEmpty(1)", 4, "no argument"),
        ("principal(1)", 10, "methods"), ("(1)(2)", 4, "methods"), ("if true then true", 18, "else"),
        ("if true else true", 9, "then"), ("true || if true then true else true", 9, "parentheses"),
        ("then", 1, "none"), ("(true", 6, ")"), ("[1, 2", 6, "]"), ("{a: 1", 6, "}"), ("{a 1}", 4, ":"),
        ("{a: 1, a: 2} == 1", 8, "already"), ("{1: 1} == 1", 2, "member"), ("[,] == []", 2, "value"),
        ("true true", 6, "}"),
        ("\"\\q\" == 1", 1, "\\q"), ("\"\\u{110000}\" == 1", 1, "six"), ("\"\\x80\" == 1", 1, "x7F"),
        ("\"\\*\" == 1", 1, "\\*"),
        ("\"a\" like \"\\q\"", 10, "\\q"), ("1 & 2", 3, "}"), ("", 1, "empty"),
    ]

    @Test(arguments: wrongConditions)
    func `says where a condition is wrong and how to mend it`(condition: String, column: Int, hint: String) throws {
        let issue = try #require(Ask.issue(inCondition: condition), "\(condition)")
        // An unfinished condition is noticed at the brace on the next line, at its first column.
        let isNextLine = issue.position.line == 3 && column > condition.count || condition.isEmpty
        #expect(isNextLine || issue.position == TextPosition(line: 2, column: column), "\(condition): \(issue)")
        #expect(issue.detail.contains(hint), "\(condition): \(issue)")
    }

    @Test func `all wrong policies are told at once`() {
        let text = """
            permit (principal, action);
            permit (principal, action, resource) when { 1 < 2 < 3 };
            @id("fine") permit (principal, action, resource);
            permit (principal, action, resource)
            forbid (principal, action, resource) when { ip("1") == context.if };
            forbid (principal, action, resource) when { "\\q" == "\\x99" || context.in == 1 };
            """
        let issues = Ask.issues(text)
        #expect(issues.map(\.position.line) == [1, 2, 5, 5, 6, 6, 6], "\(issues)")
        #expect(issues[2].detail.contains("`;`"))
    }

    @Test func `reading goes on at the next annotation or policy where a semicolon is missing`() {
        let text = """
            permit (principal, action, resource) when { 1 <
            @id("a") permit (principal, action);
            nonsense permit (principal; @b forbid (principal, action, resource)
            """
        #expect(Ask.issues(text).map(\.position.line) == [2, 2, 3, 3, 3])
    }

    @Test func `columns count code points`() {
        #expect(Ask.issue(inCondition: "\"😀é\" = 1")?.position == TextPosition(line: 2, column: 6))
        #expect(Ask.issue(inCondition: "\"e\u{301}\" = 1")?.position == TextPosition(line: 2, column: 6))
    }

    @Test func `policies without an id are numbered by their place`() throws {
        let set = try PolicySet(parsing: "permit (principal, action, resource); forbid (principal, action, resource);")
        #expect(set.policies.map(\.id) == ["policy0", "policy1"])
        #expect(set["policy1"]?.effect == .forbid)
        #expect(set["policy2"] == nil)
    }

    @Test func `annotations are kept`() throws {
        let set = try PolicySet(
            parsing: "@advice(\"Ask \\u{41}da\") @if @id(\"x\") permit (principal, action, resource);")
        #expect(set.policies[0].id == "x")
        #expect(set.policies[0].annotations.map(\.name) == ["advice", "if"])
        #expect(set.policies[0].annotations.map(\.value) == ["Ask Ada", ""])
        #expect(Policy.Annotation("two words", "") == nil)
        #expect(Policy.Annotation("id", "") == nil)
    }

    @Test func `escapes give their characters`() throws {
        let text = #"permit (principal, action, resource) when { "\n\r\t\0\\\'\"\x41\u{e9}\u{1_F600}" == context.x };"#
        #expect(try Ask.decide(text, ["x": "\n\r\t\0\\'\"Aé😀"]).isAllowed)
    }

    @Test func `limits are errors, not crashes`() {
        let deep = { (left: String, right: String, count: Int) in
            String(repeating: left, count: count) + "true" + String(repeating: right, count: count)
        }
        for (left, right) in [
            ("(", ")"), ("[", "]"), ("{a: ", "}"), ("if ", " then 1 else 2"), ("(true && ", ")"), ("!(", ")"),
        ] {
            #expect(Ask.issue(inCondition: deep(left, right, 60)) == nil, "\(left)")
            let issue = Ask.issue(inCondition: deep(left, right, 20_000))
            #expect(issue?.detail.contains("nested deeper than 64") == true, "\(left)")
        }
        for chain in [".a", "[\"a\"]"] {
            let issue = Ask.issue(inCondition: "context" + String(repeating: chain, count: 100_000))
            #expect(issue?.detail.contains("nested deeper than 64") == true)
        }
        let wide = "true" + String(repeating: " && true", count: 50_000)
        #expect(Ask.issue(inCondition: wide) == nil)
        #expect(
            Ask.issues(String(repeating: " ", count: PolicyLimits.textBytes + 1)).first?.detail.contains("bytes")
                == true)
        let many = String(repeating: "permit(principal,action,resource);", count: PolicyLimits.policies + 1)
        #expect(Ask.issues(many).first?.detail.contains("5000 policies") == true)
        let wrong = Ask.issues(String(repeating: "x;", count: 1_000))
        #expect(wrong.count == PolicyLimits.errors)
    }

    @Test func `a long row of equals is read in one go`() throws {
        #expect(try Ask.holds("true" + String(repeating: " && true", count: 20_000)) == .success(true))
        #expect(try Ask.holds("0" + String(repeating: " + 1", count: 20_000) + " == 20000") == .success(true))
    }

    @Test func `any bytes are read without a crash`() {
        var dice = Dice(seed: 5)
        let alphabet = Array("(){}[],;.:=!<>|&+-*/%@?\"\\ \nabpermit\u{0}\u{301}😀")
        for _ in 0..<4_000 {
            let text = (0..<Int.random(in: 0..<60, using: &dice)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &dice)]
            }
            for issue in Ask.issues(String(text)) {
                #expect(issue.position.line >= 1 && issue.position.column >= 1 && !issue.detail.isEmpty)
            }
        }
    }

    @Test func `sets put together by a program have the same rules`() throws {
        let policy = Policy(id: "a", .permit)
        #expect(throws: PolicyTextError.self) { try PolicySet([policy, policy]) }
        var deep = PolicyExpression(.value(true))
        for _ in 0..<PolicyLimits.nesting { deep = PolicyExpression(.not(deep)) }
        #expect(throws: PolicyTextError.self) {
            try PolicySet([Policy(id: "b", .permit, clauses: [.init(.when, deep)])])
        }
        #expect(try PolicySet([policy]).policies == [policy])
    }

    @Test func `names of types are words joined by colons`() {
        for name in ["A", "A::B", "_a1::b", "principal"] { #expect(EntityType(name)?.name == name) }
        for name in ["", "A:B", "A::", "::A", "A:::B", "A B", "é", "1A", "if", "A::in", "__cedar::A", "A::\"x\""] {
            #expect(EntityType(name) == nil, "\(name)")
        }
        #expect(("A::B" as EntityType).base == "B")
    }
}
