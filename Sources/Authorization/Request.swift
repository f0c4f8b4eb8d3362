/// Who wants to do what to what, and under which circumstances.
public struct AuthorizationRequest: Hashable, Sendable {
    public let principal: EntityReference
    public let action: EntityReference
    public let resource: EntityReference
    public let context: PolicyRecord

    public init(
        principal: EntityReference, action: EntityReference, resource: EntityReference, context: PolicyRecord = [:]
    ) {
        self.principal = principal
        self.action = action
        self.resource = resource
        self.context = context
    }
}

/// What the policies say to a request.
public struct AuthorizationDecision: Hashable, Sendable {
    /// Some permit applies and no forbid does.
    public let isAllowed: Bool
    /// The ids of the policies that decided, in the order of the policies: the permits that apply if it is allowed,
    /// else the forbids that apply. Empty where nothing applies, which is a refusal.
    public let determining: [String]
    /// The policies that could not be evaluated and so did not count, in the order of the policies.
    public let failures: [PolicyFailure]

    public init(isAllowed: Bool, determining: [String], failures: [PolicyFailure]) {
        self.isAllowed = isAllowed
        self.determining = determining
        self.failures = failures
    }
}

/// A policy that could not be evaluated.
public struct PolicyFailure: Hashable, Sendable {
    /// The policy's id.
    public let id: String
    public let error: EvaluationError

    public init(id: String, error: EvaluationError) {
        self.id = id
        self.error = error
    }
}

/// Why a policy could not be evaluated for a request.
public struct EvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public enum Reason: Hashable, Sendable {
        /// The value has no attribute of this name.
        case missingAttribute(String)
        /// An attribute was asked of an entity that is not there.
        case missingEntity(EntityReference)
        /// A value of another kind was needed.
        case wrongKind(expected: String, found: String)
        /// The result does not fit into 64 bits.
        case overflow
    }

    public let reason: Reason
    /// Where in the policy's text; nil for a policy that was not read from a text.
    public let position: TextPosition?

    public init(_ reason: Reason, at position: TextPosition?) {
        self.reason = reason
        self.position = position
    }

    public var description: String {
        let place = position.map { "Line \($0.line), column \($0.column): " } ?? ""
        switch reason {
        case .missingAttribute(let name):
            return place + "There is no attribute \(StringLiteral.name(of: name)). Ask with `has` first."
        case .missingEntity(let reference): return place + "The entity \(reference) is not there."
        case .wrongKind(let expected, let found):
            return place + "This must be of the kind \(expected), and it is of the kind \(found)."
        case .overflow: return place + "The result does not fit into 64 bits."
        }
    }
}
