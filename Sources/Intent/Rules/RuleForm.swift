import Authorization
public import Basis
import Storage

/// One rule as a form asks for it: whom it is about, what, and at most one condition more.
public struct RuleForm: Hashable, Sendable {
    /// What a condition may ask, such as `resource.status`.
    public struct Subject: Hashable, Sendable {
        public let text: String
        /// Whether it is always there. Of one that is not, the rule asks first.
        public let isRequired: Bool
    }

    public var name: String
    /// `permit` or `forbid`.
    public var effect: String
    /// An action or a group of actions.
    public var action: String
    /// The key of a unit; empty for any.
    public var unit: String
    /// A role; empty for any.
    public var role: String
    /// What the condition asks; empty for none.
    public var subject: String
    /// `==`, `!=`, `<`, `>` or `contains`.
    public var test: String
    public var value: String
    public var reason: String

    public init(
        name: String, effect: String, action: String, unit: String = "", role: String = "", subject: String = "",
        test: String = "==", value: String = "", reason: String
    ) {
        self.name = name
        self.effect = effect
        self.action = action
        self.unit = unit
        self.role = role
        self.subject = subject
        self.test = test
        self.value = value
        self.reason = reason
    }

    /// The text of the policy.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every field.
    public func text(knowing subjects: [Subject]) throws -> String {
        var findings = Findings()
        findings.expect(text: name, atMost: 100, needed: .always, called: "The name", at: "/rule-id")
        findings.expect(text: reason, atMost: 500, needed: .always, called: "The reason", at: "/rule-reason")
        let (effect, scope) = (Policy.Effect(rawValue: effect), scope)
        findings.expect(effect != nil, "rule-effect", at: "/rule-effect", "Choose whether it permits or forbids.")
        findings.expect(scope != nil, "rule-action", at: "/rule-action", "Choose what it is about.")
        let known = subjects.first { $0.text == subject }
        findings.expect(
            subject.isEmpty || known != nil, "rule-subject", at: "/rule-subject", "Choose what the condition asks.")
        let test = known.flatMap { _ in self.operation }
        findings.expect(known == nil || test != nil, "rule-test", at: "/rule-test", "Choose how it is compared.")
        try findings.settle("rule-invalid")
        guard let effect, let scope else { return "" }
        var conditions: [PolicyRule.Condition] = []
        if !role.isEmpty {
            conditions.append(.init(.when, .init(.principal, "roles"), .contains(.value(.string(role)))))
        }
        if let known, let test, let path = path(of: known) {
            if !known.isRequired { conditions.append(.init(.when, path, .isPresent)) }
            conditions.append(.init(.when, path, test))
        }
        let who: Policy.EntityScope =
            unit.isEmpty ? .type("Person") : .typeWithin("Person", EntityReference("Unit", unit))
        let rule = PolicyRule(
            id: name.trimmed, effect, who: who, action: scope, conditions: conditions,
            annotations: [Policy.Annotation("reason", reason.trimmed)].compactMap { $0 })
        return rule.policy.text + "\n"
    }

    private var scope: Policy.ActionScope? {
        if let action = AccessAction(rawValue: action) { return .equal(action.reference) }
        return AccessAction.Group(rawValue: action).map { .within([$0.reference]) }
    }

    private var operation: PolicyRule.Test? {
        if test == "contains" { return .contains(.value(constant)) }
        return PolicyExpression.Comparison(rawValue: test).map { .compares($0, .value(constant)) }
    }

    /// A whole number, true, false, or a text.
    private var constant: PolicyValue {
        let text = value.trimmed
        if let number = Int64(text) { return .long(number) }
        return text == "true" || text == "false" ? .bool(text == "true") : .string(text)
    }

    private func path(of subject: Subject) -> PolicyRule.Subject? {
        let parts = subject.text.split(separator: ".", maxSplits: 1).map(String.init)
        guard let first = parts.first, let variable = PolicyExpression.Variable(rawValue: first) else { return nil }
        // Names of attributes may hold dots, so only the word “attributes” is split off.
        let rest = parts.dropFirst().first ?? ""
        let own = "attributes."
        return PolicyRule.Subject(
            variable, path: rest.hasPrefix(own) ? ["attributes", String(rest.dropFirst(own.count))] : [rest])
    }
}

extension AccessRulesBook {
    /// What the conditions of a rule may ask, by who asks, what it is about, and the circumstances.
    public func subjects(of tenant: TenantID) async throws -> [RuleForm.Subject] {
        let vocabulary = try await database.read { try self.vocabulary(of: tenant, on: $0) }
        var subjects: [RuleForm.Subject] = []
        func add(_ variable: String, _ attributes: [PolicyVocabulary.Attribute]) {
            for attribute in attributes {
                if case .record(let inner) = attribute.kind {
                    subjects += inner.map {
                        RuleForm.Subject(text: "\(variable).\(attribute.name).\($0.name)", isRequired: false)
                    }
                } else {
                    let text = "\(variable).\(attribute.name)"
                    if subjects.contains(where: { $0.text == text }) { continue }
                    subjects.append(RuleForm.Subject(text: text, isRequired: attribute.isRequired))
                }
            }
        }
        for entity in vocabulary.entities where entity.type.name == "Person" { add("principal", entity.attributes) }
        for entity in vocabulary.entities where !["Unit", "System"].contains(entity.type.name) {
            add("resource", entity.attributes)
        }
        for action in vocabulary.actions { add("context", action.context) }
        return subjects
    }
}
