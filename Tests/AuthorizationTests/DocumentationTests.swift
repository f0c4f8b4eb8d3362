import Authorization
import Foundation
import Testing

/// The examples of docs/policy-language.md do what it says.
@Suite struct DocumentationTests {
    static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/policy-language.md")

    /// The blocks of a page that begin with a line.
    private func blocks(_ fence: String, startingWith start: String = "") throws -> [String] {
        let lines = try String(contentsOf: Self.page, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        var blocks: [String] = []
        var block: [Substring]?
        for line in lines {
            if let current = block {
                if line == "```" {
                    blocks.append(current.joined(separator: "\n") + "\n")
                    block = nil
                } else {
                    block = current + [line]
                }
            } else if line.hasPrefix("```") {
                block = line == "```" + fence ? [] : ["skip"]
            }
        }
        return blocks.filter { !$0.hasPrefix("skip\n") && $0.hasPrefix(start) }
    }

    @Test func `the policies can be read and pass the tests beside them`() throws {
        let policies = try PolicySet(parsing: try #require(try blocks("cedar").first))
        #expect(policies.policies.count == 5)
        let text = try #require(try blocks("", startingWith: "entity AIUse").first)
        let tests = try PolicyTests(parsing: text)
        #expect(try tests.failures(of: policies).isEmpty)
        let more = try PolicyTests(
            parsing: """
                entity AIUse::"old" { status: "suspended", policyVersion: "v3" };
                entity Action::"ask" in [Action::"ai"];
                entity Learner::"ada" { accepted: "v3" };
                test "suspended" {
                    principal Learner::"ada"; action Action::"ask"; resource AIUse::"old"; expect deny by ["suspended"];
                }
                test "somebody else's practice" {
                    principal Learner::"ada"; action Action::"view-practice"; resource Learner::"bob";
                    expect deny by ["practice-is-private"]; expect errors [];
                }
                test "the own practice" {
                    principal Learner::"ada"; action Action::"view-practice"; resource Learner::"ada";
                    expect allow by ["practice-own"];
                }
                """)
        #expect(try more.failures(of: policies).isEmpty)
    }

    @Test func `the errors and the complaint read as they are shown`() throws {
        let page = try String(contentsOf: Self.page, encoding: .utf8)
        let issues =
            Ask.issues(
                "\n\n\n\npermit (xxxxxxxxxxxxxxx = 1);\npermit (principal, action, resource) when {\n1 = ip(\"\") };")
            + Ask.issues("permit (principal, action, resource) when { ip(\"1\") };")
        for hint in ["Write `==` for equality.", "Extension types such as `ip` are not part of this subset."] {
            #expect(page.contains(hint) && issues.contains { $0.detail.contains(hint) }, "\(hint): \(issues)")
        }
    }
}
