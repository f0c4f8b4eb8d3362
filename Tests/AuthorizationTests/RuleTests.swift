import Authorization
import Basis
import Testing

@Suite struct RuleTests {
    typealias Rule = PolicyRule

    @Test func `a form's rule is a policy`() throws {
        let rule = Rule(
            id: "tutor", .permit, who: .typeWithin("Learner", Ask.sales),
            action: .equal(EntityReference("Action", "ask")),
            resource: .type("AIUse"),
            conditions: [
                .init(.when, .init(.principal, "info", "level"), .compares(.greaterOrEqual, .value(2))),
                .init(.unless, .init(.resource, "status"), .isOneOf(["suspended", "retired"])),
                .init(.when, .init(.context, "purpose"), .isPresent),
                .init(.when, .init(.resource, "owner"), .compares(.unequal, .subject(.init(.principal)))),
                .init(.when, .init(.principal, "tags"), .contains(.value("a"))),
                .init(.when, .init(.principal), .isWithin(.value(.entity(Ask.company)))),
                .init(.unless, .init(.context, "text"), .isLike(PolicyPattern(pieces: ["", "secret", ""]))),
                .init(.when, .init(.principal, "my key"), .isTrue),
            ])
        #expect(
            rule.policy.text == """
                @id("tutor")
                permit (principal is Learner in Unit::"sales", action == Action::"ask", resource is AIUse)
                when { principal.info.level >= 2 }
                unless { ["suspended", "retired"].contains(resource.status) }
                when { context has purpose }
                when { resource.owner != principal }
                when { principal.tags.contains("a") }
                when { principal in Unit::"company" }
                unless { context.text like "*secret*" }
                when { principal["my key"] };
                """)
        #expect(try Rule(try PolicySet(parsing: rule.policy.text).policies[0]) == rule)
    }

    @Test func `any rule reads back as itself`() throws {
        for seed in 0..<1_500 as Range<UInt64> {
            var maker = RuleMaker(seed: seed)
            let rule = maker.rule()
            let text = rule.policy.text
            let read = try Rule(try PolicySet(parsing: text).policies[0])
            #expect(read == rule, "seed \(seed):\n\(text)")
        }
    }

    @Test(arguments: [
        "principal.age + 1 == 2", "1 == principal.age", "if true then true else false", "!principal.open",
        "principal.age == 1 || principal.open", "(context.a == 1).b", "principal is Learner",
        "principal.tags.isEmpty()",
        "principal.info has level", "[principal].contains(resource)", "true", "{a: 1}.a == 1",
        "principal.a == context.b + 1",
    ])
    func `a policy that the form cannot show says which part`(condition: String) throws {
        let policy = try PolicySet(parsing: "permit (principal, action, resource)\nwhen { \(condition) };").policies[0]
        let issue = try #require(throws: PolicyIssue.self) { try Rule(policy) }
        #expect(issue.position.line == 2)
        #expect(issue.detail.contains("form"))
    }

    @Test func `conditions joined by and become lines of the form`() throws {
        let text = """
            permit (principal, action, resource)
            when { principal.open && (resource has status && resource.status == "a") }
            unless { context.a || context.b };
            """
        let rule = try Rule(try PolicySet(parsing: text).policies[0])
        #expect(rule.conditions.map(\.word) == [.when, .when, .when, .unless, .unless])
        #expect(throws: PolicyIssue.self) {
            try Rule(
                try PolicySet(parsing: "permit (principal, action, resource) unless { context.a && context.b };")
                    .policies[0])
        }
    }
}

/// Makes random rules.
private struct RuleMaker {
    var generator: PolicyGenerator

    init(seed: UInt64) {
        generator = PolicyGenerator(seed: seed)
        generator.world()
    }

    mutating func scope() -> Policy.EntityScope {
        switch generator.count(0...4) {
        case 0: .any
        case 1: .equal(generator.reference())
        case 2: .within(generator.reference())
        case 3: .type("Leeway::Use")
        default: .typeWithin("User", generator.reference())
        }
    }

    mutating func actions() -> Policy.ActionScope {
        switch generator.count(0...2) {
        case 0: .any
        case 1: .equal(generator.action())
        default: .within((0..<generator.count(0...3)).map { _ in generator.action() })
        }
    }

    mutating func subject(_ shortest: Int = 0) -> PolicyRule.Subject {
        let names = ["age", "a b", "é", "if", "", "deep", "line\nbreak"]
        let path = (0..<generator.count(shortest...3)).map { _ in generator.pick(names) }
        return PolicyRule.Subject(generator.pick(PolicyExpression.Variable.allCases), path: path)
    }

    mutating func value() -> PolicyValue { generator.value(generator.pick(PolicyGenerator.Kind.allCases)) }

    mutating func operand() -> PolicyRule.Operand { generator.chance(50) ? .value(value()) : .subject(subject()) }

    mutating func condition() -> PolicyRule.Condition {
        let word = generator.pick(Policy.Clause.Word.allCases)
        switch generator.count(0...6) {
        case 0: return .init(word, subject(), .isTrue)
        case 1: return .init(word, subject(1), .isPresent)
        case 2:
            return .init(word, subject(), .compares(generator.pick(PolicyExpression.Comparison.allCases), operand()))
        case 3: return .init(word, subject(), .isOneOf((0..<generator.count(0...3)).map { _ in value() }))
        case 4: return .init(word, subject(), .contains(operand()))
        case 5:
            let pieces = (0..<generator.count(1...3)).map { _ in generator.pick(PolicyGenerator.texts) }
            return .init(word, subject(), .isLike(PolicyPattern(pieces: pieces)))
        default: return .init(word, subject(), .isWithin(operand()))
        }
    }

    mutating func rule() -> PolicyRule {
        PolicyRule(
            id: "r\(generator.pick(PolicyGenerator.texts))", generator.pick(Policy.Effect.allCases), who: scope(),
            action: actions(),
            resource: scope(), conditions: (0..<generator.count(0...4)).map { _ in condition() },
            annotations: [Policy.Annotation("note", generator.pick(PolicyGenerator.texts))].compactMap { $0 },
            comments: generator.chance(30) ? ["Why.", ""] : [])
    }
}
