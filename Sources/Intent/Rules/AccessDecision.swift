public import Authorization
public import Basis

/// What the access rules say to one question.
public struct AccessDecision: Hashable, Sendable {
    /// One rule that decided.
    public struct Reason: Hashable, Sendable {
        /// The policy's id.
        public let policy: String
        /// Why, in its author's words; empty where nobody wrote any.
        public let text: String

        /// With the id, to be looked up.
        public var sentence: String { text.isEmpty ? "Rule “\(policy)”." : "\(text) (\(policy))" }
    }

    public let action: AccessAction
    public let isAllowed: Bool
    /// The version of the rules that decided.
    public let version: Int
    /// The permits that allowed it, else the forbids that apply; empty where nothing permits it.
    public let reasons: [Reason]
    /// Policies that could not be evaluated and so did not count.
    public let failures: [PolicyFailure]
    /// Whom to ask, in words; empty for what is allowed.
    public let ask: String

    /// Why not and whom to ask, in sentences; nil for what is allowed.
    public var refusal: String? {
        if isAllowed { return nil }
        let why = reasons.isEmpty ? "No rule permits it." : reasons.map(\.sentence).joined(separator: " ")
        return "The access rules do not allow this. \(why) \(ask)"
    }

    /// What an edge answers to what is not allowed: `policy-denied`. Nil for what is.
    public var denial: Problem? { refusal.map { Problem(.forbidden, "policy-denied", $0) } }
}
