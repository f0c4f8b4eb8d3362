import Authorization
import Basis
import Testing

@Suite struct PolicyTestTests {
    static let policies = """
        @id("tutor") permit (principal is Learner, action == Action::"ask", resource) when { principal.accepted };
        @id("suspended") forbid (principal, action, resource) when { resource.status == "suspended" };
        """
    static let tests = """
        // Entities of all tests.
        entity AIUse::"tutor" {status: "active"} in [Family::"f"];
        entity AIUse::"old" {status: "suspended"};

        test "A learner may ask" {
            principal Learner::"ada";
            action Action::"ask";
            resource AIUse::"tutor";
            context {hour: 9, tags: ["a", -1]};
            entity Learner::"ada" {accepted: true} in [Unit::"sales", Unit::"all"];
            expect allow by ["tutor"];
            expect errors [];
        }

        test "Nobody asks what is suspended" {
            principal Learner::"ada";
            action Action::"ask";
            resource AIUse::"old";
            entity Learner::"ada" {accepted: true};
            expect deny by ["suspended"];
        }

        test "Nobody unknown asks" {
            principal Learner::"eve";
            action Action::"ask";
            resource AIUse::"tutor";
            expect deny;
            expect errors ["tutor"];
        }

        """

    @Test func `tests are read, run and written`() throws {
        let tests = try PolicyTests(parsing: Self.tests)
        #expect(tests.tests.count == 3)
        #expect(try tests.failures(of: PolicySet(parsing: Self.policies)).isEmpty)
        let text = tests.text
        #expect(try PolicyTests(parsing: text) == tests)
        #expect("// Entities of all tests.\n" + text == Self.tests)
    }

    @Test func `a test that finds something says what and why`() throws {
        let tests = try PolicyTests(parsing: Self.tests)
        let none = try tests.failures(of: .none)
        #expect(none.map(\.name) == ["A learner may ask", "Nobody asks what is suspended", "Nobody unknown asks"])
        #expect(none[0].complaints == ["Expected allow, but no policy permits it."])
        #expect(none[1].complaints == ["Expected suspended to decide, but no policy did."])
        #expect(none[2].complaints == ["Expected tutor to fail, but no policy did."])

        let open = try PolicySet(
            parsing: "@id(\"all\") permit (principal, action, resource) unless { context.hour == 9 && context.x };")
        let failures = try tests.failures(of: open)
        #expect(failures[0].complaints[0] == "Expected allow, but no policy permits it.")
        #expect(failures[0].complaints[1] == "Expected no policy to fail, but all did.")
        #expect(failures[0].complaints[2].contains("There is no attribute x"))

        let strict = try PolicySet(parsing: "@id(\"no\") forbid (principal, action, resource);")
        #expect(try tests.failures(of: strict)[0].complaints[0] == "Expected allow, but no forbid it.")
        let wide = try PolicySet(parsing: "@id(\"yes\") permit (principal, action, resource);")
        #expect(try tests.failures(of: wide)[1].complaints[0] == "Expected deny, but yes permit it.")
    }

    @Test(arguments: [
        ("test {}", 1, 6, "name"), ("test \"a\" }", 1, 10, "{"), ("test \"a\" {}", 1, 6, "`principal`, `action`"),
        ("test \"a\" { principal 1; }", 1, 22, "entity"), ("test \"a\" { principal U::\"a\" }", 1, 29, ";"),
        ("entity U::\"a\" {a: 1 + 1};", 1, 15, "without operators"), ("test \"a\" { color 1; }", 1, 12, "nothing else"),
        ("test \"a\" { context [1]; }", 1, 20, "record"),
        ("test \"a\" { context {a: principal.x}; }", 1, 20, "without operators"),
        ("test \"a\" { expect maybe; }", 1, 19, "allow"), ("test \"a\" { expect deny by \"x\"; }", 1, 27, "list"),
        ("test \"a\" { expect deny by [1]; }", 1, 28, "quotes"), ("entity U::\"a\" in U::\"b\";", 1, 18, "list"),
        ("entity U::\"a\"", 1, 14, ";"), ("permit", 1, 1, "test"), ("test \"a\" {", 1, 11, "line"),
    ])
    func `says where a test is wrong and how to mend it`(text: String, line: Int, column: Int, hint: String) throws {
        let error = try #require(throws: PolicyTextError.self) { try PolicyTests(parsing: text) }
        let issue = error.issues[0]
        #expect(issue.position == TextPosition(line: line, column: column), "\(text): \(error)")
        #expect(issue.detail.contains(hint), "\(text): \(error)")
    }

    @Test func `a test says each thing once`() throws {
        let text = """
            test "a" {
                principal U::"a"; action A::"a"; resource U::"a"; expect deny;
                principal U::"a"; action A::"a"; resource U::"a"; expect allow; context {}; context {};
                expect errors []; expect errors [];
            }
            """
        let error = try #require(throws: PolicyTextError.self) { try PolicyTests(parsing: text) }
        #expect(error.issues.map(\.position.line) == [3, 3, 3, 3, 3, 4])
        #expect(error.issues.allSatisfy { $0.detail.contains("already") })
    }

    @Test func `all wrong tests are told at once`() throws {
        let error = try #require(throws: PolicyTextError.self) {
            try PolicyTests(parsing: "test \"a\" { x }\ntest \"b\" { principal 1; }\ntest \"c\" {}")
        }
        #expect(error.issues.map(\.position.line) == [1, 2, 3])
    }

    @Test func `entities that contradict each other are told`() throws {
        let tests = try PolicyTests(
            parsing: """
                entity U::"a" {x: 1};
                test "t" { principal U::"a"; action Action::"b"; resource U::"a"; entity U::"a" {x: 2}; expect deny; }
                """)
        #expect(try tests.failures(of: .none)[0].complaints[0].contains("Two different entities"))
    }

    @Test func `a difference is told by policy and line`() throws {
        let old = try PolicySet(
            parsing: """
                @id("a") permit (principal, action, resource) when { context.x } when { context.y };
                @id("b") permit (principal, action, resource);
                @id("c") permit (principal, action, resource);
                """)
        let new = try PolicySet(
            parsing: """
                @id("c") permit(principal,action,resource);
                @id("d") forbid (principal, action, resource);
                @id("a") permit (principal, action, resource) when { context.x } unless { context.z } when { context.y };
                """)
        let difference = PolicyDifference(from: old, to: new)
        #expect(
            difference.text == """
                changed "a"
                  @id("a")
                  permit (principal, action, resource)
                  when { context.x }
                + unless { context.z }
                  when { context.y };

                removed "b"
                - @id("b")
                - permit (principal, action, resource);

                added "d"
                + @id("d")
                + forbid (principal, action, resource);

                """)
        #expect(PolicyDifference(from: old, to: old).changes.isEmpty)
        #expect(PolicyDifference(from: .none, to: old).changes.map(\.kind) == [.added, .added, .added])
    }

    @Test func `a text of wrong policies becomes a problem with its places`() throws {
        let error = try #require(throws: PolicyTextError.self) { try PolicySet(parsing: "permit;\nforbid;") }
        #expect(error.problem.code == "policy-text")
        #expect(error.problem.issues.map(\.line) == [1, 2])
        #expect(error.problem.issues.map(\.column) == ["7", "7"])
        #expect(error.description.hasPrefix("line 1, column 7, at “;”: "))
    }
}
