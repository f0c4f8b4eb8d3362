/// Checks one policy against a vocabulary.
///
/// Follows types through expressions. Of a variable that can be of several types an attribute is unknown only if none
/// of them has it.
struct VocabularyCheck {
    typealias Attribute = PolicyVocabulary.Attribute

    /// What is known of a value.
    indirect enum Shape: Equatable {
        case anything
        case bool, long, string
        case entity(Set<EntityType>)
        case set(Shape)
        case record([Attribute])

        init(_ kind: PolicyVocabulary.Kind) {
            switch kind {
            case .bool: self = .bool
            case .long: self = .long
            case .string: self = .string
            case .entity(let type): self = .entity([type])
            case .set(let kind): self = .set(Shape(kind))
            case .record(let attributes): self = .record(attributes)
            }
        }

        /// For messages.
        var name: String {
            switch self {
            case .anything: "value"
            case .bool: "bool"
            case .long: "long"
            case .string: "string"
            case .entity(let types): types.map(\.name).sorted().joined(separator: " or ")
            case .set: "set"
            case .record: "record"
            }
        }

        /// Whether some value can be both.
        func meets(_ other: Shape) -> Bool {
            switch (self, other) {
            case (.anything, _), (_, .anything), (.bool, .bool), (.long, .long), (.string, .string): true
            case (.entity(let left), .entity(let right)): !left.isDisjoint(with: right)
            // The empty set is of any kind.
            case (.set, .set), (.record, .record): true
            case (.bool, _), (.long, _), (.string, _), (.entity, _), (.set, _), (.record, _): false
            }
        }
    }

    let vocabulary: PolicyVocabulary
    let policy: Policy
    private(set) var issues: [PolicyIssue] = []
    private(set) var principals: Set<EntityType> = []
    private(set) var resources: Set<EntityType> = []
    private(set) var contexts: [[Attribute]] = []
    private(set) var actionTypes: Set<EntityType> = []

    init(_ vocabulary: PolicyVocabulary, _ policy: Policy) {
        self.vocabulary = vocabulary
        self.policy = policy
    }

    mutating func note(_ position: TextPosition?, _ found: String, _ detail: String) {
        let place = position ?? policy.position ?? TextPosition(line: 1, column: 1)
        let issue = PolicyIssue(place, found: found, detail)
        if issues.count < PolicyLimits.errors, !issues.contains(issue) { issues.append(issue) }
    }

    mutating func run() {
        let places = policy.scopePositions
        let principals = types(policy.principal, at: places?.principal)
        let resources = types(policy.resource, at: places?.resource)
        let actions = actions(policy.action, at: places?.action)
        // What the scope names wrongly says nothing of the conditions.
        guard let principals, let resources, let actions else { return }
        let fitting = actions.filter {
            !principals.isDisjoint(with: $0.principals) && !resources.isDisjoint(with: $0.resources)
        }
        if fitting.isEmpty {
            note(
                policy.position, policy.effect.rawValue,
                "No action is for these principals and resources, so the policy never applies. Change the scope.")
            return
        }
        self.principals = principals.intersection(fitting.flatMap(\.principals))
        self.resources = resources.intersection(fitting.flatMap(\.resources))
        contexts = fitting.map(\.context)
        actionTypes = Set(fitting.map(\.reference.type))
        var guards: Set<PolicyExpression> = []
        for clause in policy.clauses {
            let (shape, facts) = check(clause.condition, guards)
            expect(.bool, shape, clause.condition)
            guards.formUnion(clause.word == .when ? facts.whenTrue : facts.whenFalse)
        }
    }

    /// The types that a scope lets through; nil where it names an unknown one.
    private mutating func types(_ scope: Policy.EntityScope, at place: TextPosition?) -> Set<EntityType>? {
        switch scope {
        case .any: return Set(vocabulary.entities.map(\.type))
        case .equal(let reference): return isKnown(reference.type, at: place) ? [reference.type] : nil
        case .type(let type): return isKnown(type, at: place) ? [type] : nil
        case .within(let group): return isKnown(group.type, at: place) ? members(of: group.type) : nil
        case .typeWithin(let type, let group):
            guard isKnown(type, at: place), isKnown(group.type, at: place) else { return nil }
            if !vocabulary.reach(of: type).contains(group.type) {
                note(place, "\(type) in \(group)", "A \(type) is never in a \(group.type). Change one of them.")
                return nil
            }
            return [type]
        }
    }

    private func members(of type: EntityType) -> Set<EntityType> {
        Set(vocabulary.entities.map(\.type).filter { vocabulary.reach(of: $0).contains(type) })
    }

    /// The actions that a scope lets through; nil where it names an unknown one.
    private mutating func actions(
        _ scope: Policy.ActionScope, at place: TextPosition?
    ) -> [PolicyVocabulary.ActionKind]? {
        switch scope {
        case .any: return vocabulary.actions
        case .equal(let reference):
            guard isKnown(action: reference, at: place) else { return nil }
            return vocabulary.actions.filter { $0.reference == reference }
        case .within(let groups):
            let known = groups.map { isKnown(action: $0, at: place) }
            guard known.allSatisfy({ $0 }) else { return nil }
            return vocabulary.actions.filter { !vocabulary.reach(of: $0).isDisjoint(with: groups) }
        }
    }

    mutating func isKnown(action reference: EntityReference, at place: TextPosition?) -> Bool {
        if vocabulary.action(reference) != nil { return true }
        let names = vocabulary.actions.map(\.reference.description)
        note(
            place, reference.description,
            "There is no such action.\(PolicyVocabulary.suggestion(for: reference.description, among: names))")
        return false
    }

    /// Whether there is such a type; types of actions count too.
    mutating func isKnown(_ type: EntityType, at place: TextPosition?) -> Bool {
        if vocabulary.kind(of: type) != nil || vocabulary.actions.contains(where: { $0.reference.type == type }) {
            return true
        }
        let names = vocabulary.entities.map(\.type.name)
        note(
            place, type.name,
            "There is no such type of entities.\(PolicyVocabulary.suggestion(for: type.name, among: names))")
        return false
    }

    mutating func expect(_ wanted: Shape, _ found: Shape, _ place: PolicyExpression) {
        if !wanted.meets(found) {
            note(place.position, place.description, "A \(wanted.name) is needed here, and this is a \(found.name).")
        }
    }
}
