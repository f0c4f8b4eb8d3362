/// A condition, or a part of one.
///
/// Equal where the same is written, wherever it stands.
///
/// - Source: Cedar policy language, “Grammar” and “Operators”.
public struct PolicyExpression: Sendable {
    /// What a request brings.
    public enum Variable: String, CaseIterable, Sendable { case principal, action, resource, context }

    /// `==` and its like. The last four compare longs only.
    public enum Comparison: String, CaseIterable, Sendable {
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    /// What can be asked of a set.
    public enum Method: String, CaseIterable, Sendable {
        /// Whether a value is an element.
        case contains
        /// Whether every element of another set is one.
        case containsAll
        /// Whether some element of another set is one.
        case containsAny
        /// Whether there is none; takes no argument.
        case isEmpty
    }

    /// A part of a sum after its first.
    public struct Term: Hashable, Sendable {
        public let isSubtracted: Bool
        public let expression: PolicyExpression

        public init(isSubtracted: Bool, _ expression: PolicyExpression) {
            self.isSubtracted = isSubtracted
            self.expression = expression
        }
    }

    /// A member of a record that is written out.
    public struct Member: Hashable, Sendable {
        public let name: String
        public let expression: PolicyExpression

        public init(_ name: String, _ expression: PolicyExpression) {
            self.name = name
            self.expression = expression
        }
    }

    /// The kinds of expression.
    public indirect enum Form: Hashable, Sendable {
        /// A bool, long, string or entity that is written out.
        case value(PolicyValue)
        case variable(Variable)
        /// Two or more.
        case and([PolicyExpression])
        /// Two or more.
        case or([PolicyExpression])
        case not(PolicyExpression)
        case negative(PolicyExpression)
        case comparison(Comparison, PolicyExpression, PolicyExpression)
        /// The first and one or more further ones.
        case sum(PolicyExpression, [Term])
        /// Two or more.
        case product([PolicyExpression])
        /// `in`
        case membership(PolicyExpression, PolicyExpression)
        /// `has`, with one name or a path of identifiers.
        case has(PolicyExpression, [String])
        case like(PolicyExpression, PolicyPattern)
        /// `is`, or `is … in`
        case type(PolicyExpression, EntityType, PolicyExpression?)
        /// `if … then … else`
        case choice(PolicyExpression, PolicyExpression, PolicyExpression)
        case attribute(PolicyExpression, String)
        /// The argument is nil for `isEmpty` alone.
        case call(Method, PolicyExpression, PolicyExpression?)
        case set([PolicyExpression])
        case record([Member])
    }

    public let form: Form
    /// Where it begins, or its operator stands; nil for what was not read from a text.
    public let position: TextPosition?
    /// How many levels there are, itself included.
    public let height: Int

    public init(_ form: Form, at position: TextPosition? = nil) {
        self.form = form
        self.position = position
        height = 1 + (form.parts.map(\.height).max() ?? 0)
    }
}

extension PolicyExpression: Hashable {
    public static func == (left: PolicyExpression, right: PolicyExpression) -> Bool { left.form == right.form }

    public func hash(into hasher: inout Hasher) { hasher.combine(form) }
}

extension PolicyExpression.Form {
    /// The expressions within, in their order.
    public var parts: [PolicyExpression] {
        switch self {
        case .value, .variable: []
        case .and(let parts), .or(let parts), .product(let parts), .set(let parts): parts
        case .not(let part), .negative(let part), .has(let part, _), .like(let part, _), .attribute(let part, _): [part]
        case .comparison(_, let left, let right), .membership(let left, let right): [left, right]
        case .sum(let first, let terms): [first] + terms.map(\.expression)
        case .type(let part, _, let group): group.map { [part, $0] } ?? [part]
        case .choice(let test, let yes, let no): [test, yes, no]
        case .call(_, let part, let argument): argument.map { [part, $0] } ?? [part]
        case .record(let members): members.map(\.expression)
        }
    }
}
