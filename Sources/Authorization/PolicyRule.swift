/// A policy as a form shows it: an effect, who, which action, on what, and conditions that all must hold.
///
/// Every rule can be said as a text, and reading that text gives the same rule. Not every policy is a rule: see
/// `init(_:)`.
public struct PolicyRule: Hashable, Sendable {
    /// Something a request brings, or an attribute of it: `principal`, `context.hour`, `resource.owner.unit`.
    public struct Subject: Hashable, Sendable {
        public var variable: PolicyExpression.Variable
        /// Attributes, from the outer to the inner.
        public var path: [String]

        public init(_ variable: PolicyExpression.Variable, _ path: String...) { self.init(variable, path: path) }

        public init(_ variable: PolicyExpression.Variable, path: [String]) {
            self.variable = variable
            self.path = path
        }
    }

    /// What a subject is compared with.
    public enum Operand: Hashable, Sendable {
        case value(PolicyValue)
        case subject(Subject)
    }

    /// What is asked of a subject.
    public enum Test: Hashable, Sendable {
        case isTrue
        /// It is there. For a subject with a path.
        case isPresent
        case compares(PolicyExpression.Comparison, Operand)
        /// It is one of these values.
        case isOneOf([PolicyValue])
        /// It is a set and has this element.
        case contains(Operand)
        case isLike(PolicyPattern)
        /// It is this entity, or in it.
        case isWithin(Operand)
    }

    /// One line of the form.
    public struct Condition: Hashable, Sendable {
        /// `unless` for what must not be so.
        public var word: Policy.Clause.Word
        public var subject: Subject
        public var test: Test

        public init(_ word: Policy.Clause.Word, _ subject: Subject, _ test: Test) {
            self.word = word
            self.subject = subject
            self.test = test
        }
    }

    public var id: String
    public var effect: Policy.Effect
    public var who: Policy.EntityScope
    public var action: Policy.ActionScope
    public var resource: Policy.EntityScope
    public var conditions: [Condition]
    public var annotations: [Policy.Annotation]
    public var comments: [String]

    public init(
        id: String, _ effect: Policy.Effect, who: Policy.EntityScope = .any, action: Policy.ActionScope = .any,
        resource: Policy.EntityScope = .any, conditions: [Condition] = [], annotations: [Policy.Annotation] = [],
        comments: [String] = []
    ) {
        self.id = id
        self.effect = effect
        self.who = who
        self.action = action
        self.resource = resource
        self.conditions = conditions
        self.annotations = annotations
        self.comments = comments
    }

    /// The policy that says the same, a clause for each condition.
    public var policy: Policy {
        Policy(
            id: id, effect, principal: who, action: action, resource: resource,
            clauses: conditions.map { Policy.Clause($0.word, $0.expression) }, annotations: annotations,
            comments: comments)
    }

    /// The rule that says the same as a policy. `when { a && b }` becomes two conditions, `unless { a || b }` too.
    ///
    /// - Throws: `PolicyIssue` with the first place that a form does not show.
    public init(_ policy: Policy) throws(PolicyIssue) {
        var conditions: [Condition] = []
        for clause in policy.clauses {
            for part in Self.parts(of: clause) {
                guard let condition = Condition(clause.word, part) else {
                    throw PolicyIssue(
                        part.position ?? policy.position ?? TextPosition(line: 1, column: 1), found: part.description,
                        "The form does not show this condition. It shows one attribute compared with a value or "
                            + "another attribute. Edit the policy as text.")
                }
                conditions.append(condition)
            }
        }
        self.init(
            id: policy.id, policy.effect, who: policy.principal, action: policy.action, resource: policy.resource,
            conditions: conditions, annotations: policy.annotations, comments: policy.comments)
    }

    private static func parts(of clause: Policy.Clause) -> [PolicyExpression] {
        if Condition(clause.word, clause.condition) != nil { return [clause.condition] }
        switch (clause.word, clause.condition.form) {
        case (.when, .and(let parts)), (.unless, .or(let parts)):
            return parts.flatMap { Self.parts(of: Policy.Clause(clause.word, $0)) }
        default: return [clause.condition]
        }
    }
}

extension PolicyRule.Subject {
    /// As it stands in a policy.
    public var expression: PolicyExpression {
        path.reduce(PolicyExpression(.variable(variable))) { PolicyExpression(.attribute($0, $1)) }
    }

    fileprivate init?(_ expression: PolicyExpression) {
        var path: [String] = []
        var rest = expression
        while case .attribute(let part, let name) = rest.form {
            path.append(name)
            rest = part
        }
        guard case .variable(let variable) = rest.form else { return nil }
        self.init(variable, path: path.reversed())
    }

    /// `principal has a.b`. A path with a name that is no word is asked for step by step.
    fileprivate var presence: PolicyExpression {
        if path.count == 1 || path.allSatisfy(Identifier.isFree) {
            return PolicyExpression(.has(PolicyExpression(.variable(variable)), path))
        }
        return PolicyExpression(.and(PolicyExpression(.variable(variable)).presence(of: path)))
    }
}

extension PolicyRule.Operand {
    fileprivate var expression: PolicyExpression {
        switch self {
        case .value(let value): PolicyExpression(writing: value)
        case .subject(let subject): subject.expression
        }
    }

    fileprivate init?(_ expression: PolicyExpression) {
        if let value = expression.folded.constant {
            self = .value(value)
        } else if let subject = PolicyRule.Subject(expression) {
            self = .subject(subject)
        } else {
            return nil
        }
    }
}

extension PolicyRule.Condition {
    /// As it stands in a policy, without `when` or `unless`.
    public var expression: PolicyExpression {
        let subject = self.subject.expression
        return switch test {
        case .isTrue: subject
        case .isPresent: self.subject.path.isEmpty ? PolicyExpression(.value(true)) : self.subject.presence
        case .compares(let comparison, let other):
            PolicyExpression(.comparison(comparison, subject, other.expression))
        case .isOneOf(let values):
            PolicyExpression(.call(.contains, PolicyExpression(.set(values.map { .init(writing: $0) })), subject))
        case .contains(let element): PolicyExpression(.call(.contains, subject, element.expression))
        case .isLike(let pattern): PolicyExpression(.like(subject, pattern))
        case .isWithin(let group): PolicyExpression(.membership(subject, group.expression))
        }
    }

    fileprivate init?(_ word: Policy.Clause.Word, _ expression: PolicyExpression) {
        guard let condition = Self.guess(word, expression), condition.expression.folded == expression.folded else {
            return nil
        }
        self = condition
    }

    /// The only condition that could read so.
    private static func guess(_ word: Policy.Clause.Word, _ expression: PolicyExpression) -> Self? {
        func condition(_ part: PolicyExpression, _ test: PolicyRule.Test?) -> Self? {
            guard let subject = PolicyRule.Subject(part), let test else { return nil }
            return PolicyRule.Condition(word, subject, test)
        }
        switch expression.form {
        case .attribute, .variable: return condition(expression, .isTrue)
        case .has(let part, let path): return present(word, part, path)
        case .and(let parts):
            guard case .has(let part, let path)? = parts.last?.form else { return nil }
            return present(word, part, path)
        case .comparison(let comparison, let left, let right):
            return condition(left, PolicyRule.Operand(right).map { .compares(comparison, $0) })
        case .membership(let left, let right): return condition(left, PolicyRule.Operand(right).map { .isWithin($0) })
        case .like(let part, let pattern): return condition(part, .isLike(pattern))
        case .call(.contains, let set, let element?):
            if case .set(let values) = set.form {
                let constants = values.compactMap(\.folded.constant)
                return constants.count == values.count ? condition(element, .isOneOf(constants)) : nil
            }
            return condition(set, PolicyRule.Operand(element).map { .contains($0) })
        case .value, .or, .not, .negative, .sum, .product, .type, .choice, .call, .set, .record: return nil
        }
    }

    private static func present(_ word: Policy.Clause.Word, _ part: PolicyExpression, _ path: [String]) -> Self? {
        guard let outer = PolicyRule.Subject(part) else { return nil }
        return PolicyRule.Condition(word, PolicyRule.Subject(outer.variable, path: outer.path + path), .isPresent)
    }
}

extension PolicyExpression {
    /// A value written out; the elements of sets in the order of their texts.
    init(writing value: PolicyValue) {
        switch value {
        case .bool, .long, .string, .entity: self.init(.value(value))
        case .set(let elements):
            let sorted = elements.map { PolicyExpression(writing: $0) }.sorted {
                $0.description.precedes($1.description)
            }
            self.init(.set(sorted))
        case .record(let record):
            self.init(.record(record.names.map { Member($0, PolicyExpression(writing: record[$0] ?? false)) }))
        }
    }
}
