import Authorization
import Basis
import Testing

@Suite struct PrinterTests {
    @Test func `a policy is laid out in one way`() throws {
        let text = """
            // Who may ask.
            //   Indented.
            //
            @note ( "x\\u{79}" )
            permit(principal is  Learner in Unit :: "sales",action in[Action::"ask"],resource,)
            when{principal.age>=18&&!(resource["status"]=="a\\tb"||false)} // inside
            unless{ (((context has "hour"))) };
            forbid(principal,action,resource)when{ {"a":1,"b c":[2,],}.a - (1 - 2) == -(3) - -4 * (2 * 3) };
            // The end.
            """
        let expected = """
            // Who may ask.
            //   Indented.
            //
            // inside
            @id("policy0")
            @note("xy")
            permit (principal is Learner in Unit::"sales", action in Action::"ask", resource)
            when { principal.age >= 18 && !(resource.status == "a\\tb" || false) }
            unless { context has hour };

            @id("policy1")
            forbid (principal, action, resource)
            when { {a: 1, "b c": [2]}.a - (1 - 2) == -(3) - -4 * (2 * 3) };

            // The end.

            """
        let set = try PolicySet(parsing: text)
        #expect(set.text == expected)
        #expect(try PolicySet(parsing: expected).text == expected)
    }

    @Test func `what is long is broken where it can be`() throws {
        let long = (0..<6).map { "principal.someLongAttribute\($0) == \($0)" }
        let text = """
            permit (
                principal in Unit::"a unit with quite a long name that goes on",
                action in [Action::"one", Action::"two"],
                resource in Family::"tutors and other things"
            )
            when {
                \(long.joined(separator: " &&\n    "))
            };
            """
        let policy = try PolicySet(parsing: text).policies[0]
        #expect(policy.text == "@id(\"policy0\")\n" + text)
    }

    @Test func `parentheses stay where they mean something`() throws {
        let conditions = [
            "(true && false) && true", "true || false && true", "(true || false) && true", "!(!true)", "!(1 == 2)",
            "-(-(1)) == 1", "-(1) == -1", "(1 + 2) * 3 == 9", "1 + (2 + 3) == 6", "1 - (2 - 3) == 2", "(-1).a == 1",
            "-1.a == 1",
            "(1 == 1) == true", "(if true then true else false) && true", "if true then true else false && true",
            "(principal has a) == true", "(1 + 2).a == 1", "(principal in resource) in resource",
            "principal in (1 == 1)",
            "(1 * 2) * 3 == 6", "2 * (-3) * -principal.age == 1", "[if true then 1 else 2].isEmpty()",
            "{if_: if true then 1 else 2} has if_", "principal has \"if\" && principal[\"if\"].then_",
            "\"a\\\"\\n\" like \"*\\**\\\"\"", "principal is A::B in [principal]",
            "(principal is A) == (principal has b.c)",
        ]
        for condition in conditions {
            let set = try PolicySet(parsing: "permit (principal, action, resource) when { \(condition) };")
            let again = try PolicySet(parsing: set.text)
            #expect(again == set, "\(condition)")
            #expect(again.text == set.text, "\(condition)")
        }
    }

    @Test func `any policy is printed as a text that reads the same`() throws {
        for seed in 0..<600 as Range<UInt64> {
            var generator = PolicyGenerator(seed: seed)
            generator.world()
            let text = (0..<4).map { _ in generator.policy() }.joined()
            let set = try PolicySet(parsing: text)
            let printed = set.text
            let again = try PolicySet(parsing: printed)
            #expect(again.policies.map(\.clauses) == set.policies.map(\.clauses), "seed \(seed):\n\(printed)")
            #expect(again == set, "seed \(seed):\n\(printed)")
            #expect(again.text == printed, "seed \(seed)")
        }
    }

    @Test func `nothing within a policy can pass for a further one`() throws {
        let evil = "x\npermit (principal, action, resource);\r//"
        let policy = Policy(
            id: evil, .forbid, principal: .equal(EntityReference("User", evil)),
            clauses: [
                .init(.when, PolicyExpression(.attribute(PolicyExpression(.variable(.context)), evil))),
                .init(.when, PolicyExpression(.has(PolicyExpression(.variable(.context)), [evil, evil]))),
                .init(.unless, PolicyExpression(.value(.string(evil)))),
                .init(
                    .when, PolicyExpression(.like(PolicyExpression(.value("")), PolicyPattern(pieces: [evil, "*"])))),
            ], annotations: [Policy.Annotation("note", evil)].compactMap { $0 }, comments: [evil, evil])
        let set = try PolicySet(parsing: try PolicySet([policy]).text)
        #expect(set.policies.count == 1)
        #expect(set.policies[0].id == evil)
        #expect(set.policies[0].effect == .forbid)
        #expect(set.policies[0].principal == policy.principal)
        #expect(set.text == (try PolicySet(parsing: set.text)).text)
    }

    @Test func `what cannot be seen is written out`() {
        #expect(EntityReference("User", "a\u{202E}b\u{1}").description == #"User::"a\u{202e}b\u{1}""#)
        #expect(EntityReference("User", "é😀").description == #"User::"é😀""#)
    }
}
