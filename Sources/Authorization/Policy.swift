/// One rule: whom it permits or forbids to do what with what, and under which conditions.
///
/// Equal where the same is written, wherever it stands.
///
/// - Source: Cedar policy language, “Policies”.
public struct Policy: Sendable {
    /// What a policy that applies does.
    public enum Effect: String, CaseIterable, Sendable { case permit, forbid }

    /// Words beside a policy that do not change what it says, such as `@advice("Ask your tutor.")`.
    public struct Annotation: Hashable, Sendable {
        /// A word of ASCII letters, digits and `_`, not `id`.
        public let name: String
        public let value: String

        /// Nil for what is no name of an annotation.
        public init?(_ name: String, _ value: String) {
            guard Identifier.isShaped(name), name != "id" else { return nil }
            self.name = name
            self.value = value
        }

        public static func == (left: Annotation, right: Annotation) -> Bool {
            left.name == right.name && left.value.isSame(as: right.value)
        }
    }

    /// Which principals, or which resources.
    public enum EntityScope: Hashable, Sendable {
        case any
        case equal(EntityReference)
        /// It or what is in it.
        case within(EntityReference)
        case type(EntityType)
        case typeWithin(EntityType, EntityReference)
    }

    /// Which actions.
    public enum ActionScope: Hashable, Sendable {
        case any
        case equal(EntityReference)
        /// One of these or what is in one of them.
        case within([EntityReference])
    }

    /// `when` or `unless`.
    public struct Clause: Hashable, Sendable {
        /// Whether the condition must hold or must not.
        public enum Word: String, CaseIterable, Sendable { case when, unless }

        public let word: Word
        public let condition: PolicyExpression

        public init(_ word: Word, _ condition: PolicyExpression) {
            self.word = word
            self.condition = condition
        }
    }

    /// Where the three parts of the scope stand in the text.
    public struct ScopePositions: Sendable {
        public let principal: TextPosition
        public let action: TextPosition
        public let resource: TextPosition
    }

    /// From `@id("…")`; `policy0`, `policy1` and so on by its place where there is none.
    public let id: String
    public let effect: Effect
    public let principal: EntityScope
    public let action: ActionScope
    public let resource: EntityScope
    /// All must let it pass for the policy to apply.
    public let clauses: [Clause]
    /// Without `@id`; no name twice.
    public let annotations: [Annotation]
    /// The comments before the policy and within it, a line each, without `//`.
    public let comments: [String]
    /// Where it begins; nil for one that was not read from a text.
    public let position: TextPosition?
    /// Nil for one that was not read from a text.
    public let scopePositions: ScopePositions?

    public init(
        id: String, _ effect: Effect, principal: EntityScope = .any, action: ActionScope = .any,
        resource: EntityScope = .any, clauses: [Clause] = [], annotations: [Annotation] = [], comments: [String] = [],
        position: TextPosition? = nil, scopePositions: ScopePositions? = nil
    ) {
        self.id = id
        self.effect = effect
        self.principal = principal
        self.action = action
        self.resource = resource
        self.clauses = clauses
        self.annotations = annotations
        self.comments = comments
        self.position = position
        self.scopePositions = scopePositions
    }
}

extension Policy: Hashable {
    public static func == (left: Policy, right: Policy) -> Bool {
        left.id.isSame(as: right.id) && left.effect == right.effect && left.principal == right.principal
            && left.action == right.action && left.resource == right.resource && left.clauses == right.clauses
            && left.annotations == right.annotations && left.comments == right.comments
    }

    public func hash(into hasher: inout Hasher) {
        id.hashBytes(into: &hasher)
        hasher.combine(effect)
        hasher.combine(clauses)
    }
}
