/// Policies that are asked together, each with an id of its own.
public struct PolicySet: Hashable, Sendable {
    /// In the order of the text.
    public let policies: [Policy]
    /// The comments after the last policy, a line each, without `//`.
    public let trailingComments: [String]

    public static let none = PolicySet(unchecked: [])

    private init(unchecked policies: [Policy], trailingComments: [String] = []) {
        self.policies = policies
        self.trailingComments = trailingComments
    }

    /// Reads a text; the empty one has no policies.
    ///
    /// - Throws: `PolicyTextError` with all that is wrong, as far as it can be told.
    public init(parsing text: String) throws(PolicyTextError) {
        let start = TextPosition(line: 1, column: 1)
        if text.utf8.count > PolicyLimits.textBytes {
            throw PolicyTextError([
                PolicyIssue(
                    start, found: "the text",
                    "It is longer than \(PolicyLimits.textBytes) bytes. Split it into several.")
            ])
        }
        var parser = PolicyParser(text)
        let policies = parser.policies()
        if !parser.issues.isEmpty { throw PolicyTextError(parser.issues, count: parser.issueCount) }
        self.init(unchecked: policies, trailingComments: parser.remainingComments())
    }

    /// Puts policies together.
    ///
    /// - Throws: `PolicyTextError` for what the text of these policies could not say: an id used twice, too many
    ///   policies, too much nesting.
    public init(_ policies: [Policy]) throws(PolicyTextError) {
        var ids: Set<String> = []
        var issues: [PolicyIssue] = []
        for policy in policies {
            let place = policy.position ?? TextPosition(line: 1, column: 1)
            if !ids.insert(policy.id).inserted {
                issues.append(PolicyIssue(place, found: policy.id, "Another policy has this id. Give it another."))
            }
            if policy.clauses.contains(where: { $0.condition.height > PolicyLimits.nesting }) {
                issues.append(
                    PolicyIssue(
                        place, found: policy.id,
                        "This is nested deeper than \(PolicyLimits.nesting) levels. Split it into several clauses."))
            }
        }
        if policies.count > PolicyLimits.policies {
            issues.append(
                PolicyIssue(
                    TextPosition(line: 1, column: 1), found: "the set",
                    "A set takes at most \(PolicyLimits.policies) policies. Leave some out."))
        }
        if !issues.isEmpty { throw PolicyTextError(issues) }
        self.init(unchecked: policies)
    }

    /// Nil for an id that no policy has.
    public subscript(id: String) -> Policy? { policies.first { $0.id.isSame(as: id) } }
}
