public import Authorization
public import Basis

/// One version of the access rules.
public struct RulesVersion: Hashable, Sendable {
    /// 0 for the rules that Leeway ships with, else from 1 on, each the next.
    public let version: Int
    public let rules: String
    /// The tests beside the rules.
    public let tests: String
    /// Why it was published; for version 0 that it is what Leeway ships with.
    public let reason: String
    /// The version whose texts it took over; nil for new ones.
    public let restoredFrom: Int?
    /// Nil for version 0.
    public let since: Moment?
    /// Nil for version 0.
    public let by: ID<Person>?

    /// What Leeway ships with.
    public static let shipped = RulesVersion(
        version: 0, rules: ShippedRules.text, tests: ShippedRules.tests, reason: "The rules that Leeway ships with.",
        restoredFrom: nil, since: nil, by: nil)
}

/// The one draft of the next version.
public struct RulesDraft: Hashable, Sendable {
    /// Counts changes, from 1.
    public let revision: Int
    /// The version that was in force when it was saved last.
    public let base: Int
    public let rules: String
    public let tests: String
    public let changedAt: Moment
    public let by: ID<Person>
}

/// What is wrong with rules or their tests, and where.
public struct RulesFinding: Hashable, Sendable {
    /// Which text.
    public enum Part: String, CaseIterable, Sendable { case rules, tests }

    /// What kind of mistake.
    public enum Kind: String, CaseIterable, Sendable {
        /// The text cannot be read.
        case text
        /// It can be read, and speaks of what there is not.
        case vocabulary
        /// A test did not give what it expects.
        case test
    }

    public let part: Part
    public let kind: Kind
    /// From 1; nil for a test that failed.
    public let position: TextPosition?
    /// What stands there, or the test's name.
    public let found: String
    /// What is so, and how to mend it.
    public let detail: String

    /// In one sentence with the place.
    public var sentence: String {
        guard let position else { return "Test “\(found)”: \(detail)" }
        let text = part == .rules ? "Rules" : "Tests"
        return "\(text), line \(position.line), column \(position.column), at “\(found)”: \(detail)"
    }
}

/// What a check of rules and tests gave.
public struct RulesCheck: Hashable, Sendable {
    /// In the order of the texts: those that keep from publishing.
    public let findings: [RulesFinding]
    /// How many policies there are; 0 where the text cannot be read.
    public let policies: Int
    /// How many tests ran.
    public let tests: Int

    /// Whether it may be published, as far as its texts go.
    public var isSound: Bool { findings.isEmpty }

    /// What publishing says to it; nil where it is sound.
    public var problem: Problem? {
        guard let first = findings.first else { return nil }
        let code =
            switch first.kind {
            case .text: "rules-text"
            case .vocabulary: "rules-vocabulary"
            case .test: "rules-test"
            }
        let rest = findings.count == 1 ? "" : " \(findings.count - 1) more must be mended."
        return Problem(
            .invalid, code, "\(first.sentence)\(rest) Nothing was changed.",
            issues: findings.map {
                InputIssue(
                    line: $0.position?.line ?? 1, column: $0.position.map { "\($0.column)" } ?? $0.found,
                    $0.sentence)
            })
    }
}
