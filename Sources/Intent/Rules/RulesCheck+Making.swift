import Authorization
import Basis

extension RulesCheck {
    /// Reads both texts, holds the rules up against the vocabulary and runs the tests. Pure.
    ///
    /// Tests run only where both texts can be read.
    init(rules: String, tests: String, against vocabulary: PolicyVocabulary) {
        var findings: [RulesFinding] = []
        var (set, cases): (PolicySet?, PolicyTests?) = (nil, nil)
        do {
            let read = try PolicySet(parsing: rules)
            findings += vocabulary.issues(in: read).map { RulesFinding(.rules, .vocabulary, $0) }
            findings += Self.speechless(read)
            set = read
        } catch {
            findings += error.issues.map { RulesFinding(.rules, .text, $0) }
        }
        do { cases = try PolicyTests(parsing: tests) } catch {
            findings += error.issues.map { RulesFinding(.tests, .text, $0) }
        }
        if let set, let cases {
            do {
                let whole = PolicyTests(cases.tests, entities: cases.entities + AccessAction.entities)
                findings += try whole.failures(of: set).map {
                    RulesFinding(
                        part: .tests, kind: .test, position: nil, found: $0.name,
                        detail: $0.complaints.joined(separator: " "))
                }
            } catch {
                findings.append(
                    RulesFinding(part: .tests, kind: .test, position: nil, found: "entities", detail: error.detail))
            }
        }
        self.init(findings: findings, policies: set?.policies.count ?? 0, tests: cases?.tests.count ?? 0)
    }

    /// Rules that forbid without a word to those whom they stop.
    private static func speechless(_ set: PolicySet) -> [RulesFinding] {
        set.policies.filter { $0.effect == .forbid && $0.reason.isEmpty }.map {
            RulesFinding(
                part: .rules, kind: .vocabulary, position: $0.position ?? TextPosition(line: 1, column: 1),
                found: $0.id,
                detail: "A rule that forbids says why: put @reason(\"…\") before it. Those whom it stops read it.")
        }
    }
}

extension RulesFinding {
    fileprivate init(_ part: Part, _ kind: Kind, _ issue: PolicyIssue) {
        self.init(part: part, kind: kind, position: issue.position, found: issue.found, detail: issue.detail)
    }
}

extension Policy {
    /// What people read when it decided about them; empty where nobody wrote it.
    var reason: String { annotations.first { $0.name == "reason" }?.value ?? "" }

    /// Whom to ask, in words; empty where nobody wrote it.
    var ask: String { annotations.first { $0.name == "ask" }?.value ?? "" }
}
