import Authorization
import Basis
import Testing

@Suite struct VocabularyTests {
    static let vocabulary = PolicyVocabulary(
        entities: [
            .init("Unit"), .init("Family"),
            .init(
                "Learner",
                [
                    .init("age", .long), .init("name", .string), .init("open", .bool), .init("unit", .entity("Unit")),
                    .init("roles", .set(.string)), .init("accepted", .string, isRequired: false),
                    .init(
                        "info", .record([.init("level", .long), .init("coach", .entity("Learner"), isRequired: false)])),
                ], in: ["Unit"]),
            .init("Service", [.init("name", .string), .init("key", .string)]),
            .init(
                "AIUse", [.init("status", .string), .init("owner", .entity("Learner"), isRequired: false)],
                in: ["Family"]),
        ],
        actions: [
            .init(EntityReference("Action", "ai")),
            .init(
                EntityReference("Action", "ask"), principals: ["Learner"], resources: ["AIUse"],
                context: [.init("hour", .long), .init("purpose", .string, isRequired: false)],
                in: [EntityReference("Action", "ai")]),
            .init(
                EntityReference("Action", "call"), principals: ["Service", "Learner"], resources: ["AIUse"],
                context: [.init("hour", .string)], in: [EntityReference("Action", "ai")]),
            .init(EntityReference("Action", "read"), principals: ["Learner"], resources: ["Learner"]),
        ])

    static func issues(_ text: String) throws -> [PolicyIssue] { vocabulary.issues(in: try PolicySet(parsing: text)) }

    @Test(arguments: [
        "principal, action, resource", "principal is Learner, action, resource",
        #"principal in Unit::"x", action, resource"#,
        #"principal is Learner in Unit::"x", action == Action::"ask", resource is AIUse in Family::"f""#,
        #"principal, action in [Action::"ai", Action::"read"], resource"#,
        #"principal, action in Action::"ai", resource"#,
    ])
    func `a scope of known names passes`(scope: String) throws {
        #expect(try Self.issues("permit (\(scope));").isEmpty)
    }

    @Test(arguments: [
        (#"principal == Lerner::"x", action, resource"#, 9, "`Learner`"),
        ("principal is Unitt, action, resource", 9, "`Unit`"),
        (#"principal is Learner in Family::"x", action, resource"#, 9, "never in"),
        (#"principal, action == Action::"aks", resource"#, 20, #"`Action::"ask"`"#),
        (#"principal, action in [Action::"ask", Action::"x"], resource"#, 20, "no such action"),
        (#"principal is Unit, action, resource"#, 1, "never applies"),
        (#"principal is Service, action == Action::"ask", resource"#, 1, "never applies"),
        (#"principal, action == Action::"ai", resource"#, 1, "never applies"),
        (#"principal, action, resource in Unit::"x""#, 0, ""),
    ])
    func `a scope of unknown names is told`(scope: String, column: Int, hint: String) throws {
        let issues = try Self.issues("permit (\(scope));")
        if column == 0 {
            // A learner is a resource too, and is in units.
            #expect(issues.isEmpty)
            return
        }
        let issue = try #require(issues.first)
        #expect(issue.position == TextPosition(line: 1, column: column), "\(issue)")
        #expect(issue.detail.contains(hint), "\(issue)")
    }

    static let ask = #"permit (principal, action == Action::"ask", resource) when { "#

    @Test(arguments: [
        "principal.age > 3", "principal.info.level * 2 < 3", #"principal.roles.contains("a")"#,
        "principal.unit in Unit::\"x\"",
        "principal has accepted && principal.accepted == \"a\"",
        "!(principal has accepted) || principal.accepted == \"a\"",
        "if principal has accepted then principal.accepted == \"a\" else false",
        "context has purpose && context.purpose like \"a*\"",
        "principal has info.coach && principal.info.coach == principal", "resource has owner && resource.owner.age > 1",
        "resource has owner && resource.owner has accepted && resource.owner.accepted == \"a\"",
        "principal in [Unit::\"a\", Unit::\"b\"]", "[principal.unit].contains(Unit::\"x\")", "principal is Learner",
        "[].isEmpty()",
        "action == Action::\"ask\"", "principal == resource.owner || true", "{a: 1}.a == 1", "context.hour == 3",
        "action in Action::\"ai\"",
    ])
    func `a sound condition passes`(condition: String) throws {
        // The last but two reads an attribute that need not be there: that is told, and nothing else.
        let issues = try Self.issues(Self.ask + condition + " };").filter { !$0.detail.contains("not always there") }
        #expect(issues.isEmpty, "\(condition)")
    }

    @Test(arguments: [
        ("principal.agee > 3", "`age`"), ("context.huor == 1", "`hour`"), ("principal has agee", "`age`"),
        ("principal.info.levle == 1", "`level`"), ("principal.age == \"3\"", "never equal"),
        ("principal.age", "bool is needed"),
        ("principal.name > 3", "long is needed"), ("principal.age like \"3\"", "string is needed"),
        ("!principal.age", "bool is needed"),
        ("principal.age && true", "bool is needed"), ("principal.open + 1 == 1", "long is needed"),
        ("principal.name in Unit::\"x\"", "in another"), ("principal in principal.name", "set of entities"),
        ("principal in Family::\"x\"", "never in"), ("principal == Unit::\"x\"", "never equal"),
        ("principal is AIUse", "never of the type AIUse"),
        ("principal is Aiuse", "`AIUse`"), ("principal == Learnr::\"x\"", "`Learner`"),
        ("principal.roles.contains(1)", "kind string"),
        ("principal.roles.containsAny([1])", "kind string"), ("principal.name.contains(\"a\")", "set is needed"),
        ("principal.roles.containsAll(1)", "set is needed"), ("principal.age.x == 1", "no attributes"),
        ("principal.accepted == \"a\"", "not always there"), ("resource.owner == principal", "not always there"),
        ("principal has accepted || principal.accepted == \"a\"", "not always there"),
        ("action == Action::\"aks\"", "no such action"),
        ("if principal.age then true else false", "bool is needed"), ("-principal.name == 1", "long is needed"),
        ("action.x == 1", "no attribute"),
    ])
    func `a mistaken condition is told`(condition: String, hint: String) throws {
        let issues = try Self.issues(Self.ask + condition + " };")
        #expect(issues.count == 1, "\(condition): \(issues)")
        let issue = try #require(issues.first)
        #expect(issue.detail.contains(hint), "\(condition): \(issue)")
        #expect(issue.position.line == 1 && issue.position.column > Self.ask.count, "\(issue)")
    }

    @Test func `an attribute that only some types have may be asked of all`() throws {
        #expect(
            try Self.issues(
                "permit (principal, action, resource) when { principal is Service && principal.key == \"a\" };"
            ).isEmpty)
        // Hours are numbers for one action and texts for another.
        #expect(try Self.issues("permit (principal, action, resource) when { context.hour == 1 };").isEmpty)
    }

    @Test func `a clause knows what the clauses before it asked for`() throws {
        let head = "permit (principal, action == Action::\"ask\", resource) "
        #expect(try Self.issues(head + "when { principal has accepted } when { principal.accepted == \"a\" };").isEmpty)
        #expect(
            try Self.issues(head + "unless { !(principal has accepted) } when { principal.accepted == \"a\" };").isEmpty
        )
        #expect(
            try Self.issues(head + "unless { principal has accepted } when { principal.accepted == \"a\" };").count == 1
        )
    }

    @Test func `no policy of the sample organisation's kind makes the check stumble`() throws {
        for seed in 0..<300 as Range<UInt64> {
            var generator = PolicyGenerator(seed: seed)
            generator.world()
            let set = try PolicySet(parsing: (0..<4).map { _ in generator.policy() }.joined())
            let issues = Self.vocabulary.issues(in: set)
            #expect(issues.allSatisfy { $0.position.line >= 1 && !$0.detail.isEmpty })
        }
    }
}

extension VocabularyTests {
    @Test func `what is nested is looked at once`() throws {
        // Twice at each level would be 2 to the power of 50 times.
        for (left, right) in [
            ("(", " is Learner in Unit::\"x\")"), ("(", " has info.level)"), ("(", " in Unit::\"x\")"),
        ] {
            let condition = String(repeating: left, count: 50) + "principal" + String(repeating: right, count: 50)
            #expect(try Self.issues(Self.ask + condition + " };").count > 0)
        }
        let path = "principal has info" + String(repeating: ".info", count: 50)
        #expect(try Self.issues(Self.ask + path + " };").count == 1)
        #expect(Ask.issue(inCondition: path + String(repeating: ".a", count: 20_000))?.detail.contains("64") == true)
    }
}
