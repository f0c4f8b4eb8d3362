extension VocabularyCheck {
    /// The attributes that are there for sure if an expression is true, and if it is false.
    struct Facts {
        var whenTrue: Set<PolicyExpression> = []
        var whenFalse: Set<PolicyExpression> = []
    }

    typealias Guards = Set<PolicyExpression>

    /// The shape of an expression, noting what is wrong within. The guards are the attributes that have been asked for
    /// with `has`.
    mutating func check(_ expression: PolicyExpression, _ guards: Guards) -> (shape: Shape, facts: Facts) {
        switch expression.form {
        case .value(let value): return (shape(of: value, at: expression), Facts())
        case .variable(let variable): return (shape(of: variable), Facts())
        case .and(let parts): return (.bool, facts(of: parts, guards, isAnd: true))
        case .or(let parts): return (.bool, facts(of: parts, guards, isAnd: false))
        case .not(let part):
            let (shape, facts) = check(part, guards)
            expect(.bool, shape, part)
            return (.bool, Facts(whenTrue: facts.whenFalse, whenFalse: facts.whenTrue))
        case .negative, .sum, .product:
            for part in expression.form.parts { expect(.long, check(part, guards).shape, part) }
            return (.long, Facts())
        case .comparison(let comparison, let left, let right):
            checkComparison(comparison, left, right, guards, at: expression)
            return (.bool, Facts())
        case .membership(let left, let right):
            checkMembership(check(left, guards).shape, left, right, guards, at: expression)
            return (.bool, Facts())
        case .has(let part, let path): return (.bool, checkPresence(part, path, guards, at: expression))
        case .like(let part, _):
            expect(.string, check(part, guards).shape, part)
            return (.bool, Facts())
        case .type(let part, let type, let group):
            let shape = check(part, guards).shape
            checkType(shape, type, at: expression)
            if let group { checkMembership(shape, part, group, guards, at: expression) }
            return (.bool, Facts())
        case .choice(let test, let yes, let no): return (checkChoice(test, yes, no, guards), Facts())
        case .attribute(let part, let name):
            let shape = check(part, guards).shape
            return (attribute(name, of: shape, part, guards, isAsked: false, at: expression), Facts())
        case .call(let method, let part, let argument):
            checkCall(method, part, argument, guards, at: expression)
            return (.bool, Facts())
        case .set(let parts):
            let shapes = parts.map { check($0, guards).shape }
            let isUniform = shapes.first.map { first in shapes.allSatisfy { $0 == first } } ?? false
            return (.set(isUniform ? shapes[0] : .anything), Facts())
        case .record(let members):
            for member in members { _ = check(member.expression, guards) }
            return (.anything, Facts())
        }
    }

    private mutating func shape(of value: PolicyValue, at place: PolicyExpression) -> Shape {
        switch value {
        case .bool: return .bool
        case .long: return .long
        case .string: return .string
        case .set: return .set(.anything)
        case .record: return .anything
        case .entity(let reference):
            let isAction = vocabulary.actions.contains { $0.reference.type == reference.type }
            if isAction && vocabulary.kind(of: reference.type) == nil {
                _ = isKnown(action: reference, at: place.position)
            } else if !isKnown(reference.type, at: place.position) {
                return .anything
            }
            return .entity([reference.type])
        }
    }

    private func shape(of variable: PolicyExpression.Variable) -> Shape {
        switch variable {
        case .principal: .entity(principals)
        case .action: .entity(actionTypes)
        case .resource: .entity(resources)
        case .context: .record(merged(contexts))
        }
    }

    /// The attributes that one of several has; required where all have it.
    private func merged(_ all: [[Attribute]]) -> [Attribute] {
        var names: [String] = []
        for attribute in all.joined() where !names.contains(attribute.name) { names.append(attribute.name) }
        return names.compactMap { name in
            let found = all.compactMap { attributes in attributes.first { $0.name == name } }
            let isSure = found.count == all.count && found.allSatisfy(\.isRequired)
            // Of two kinds the first will not do; such an attribute is left to the request.
            guard let first = found.first, found.allSatisfy({ $0.kind == first.kind }) else { return nil }
            return Attribute(name, first.kind, isRequired: isSure)
        }
    }

    private mutating func facts(of parts: [PolicyExpression], _ guards: Guards, isAnd: Bool) -> Facts {
        var known = guards
        var gathered: Guards = []
        for part in parts {
            let (shape, facts) = check(part, known)
            expect(.bool, shape, part)
            let more = isAnd ? facts.whenTrue : facts.whenFalse
            known.formUnion(more)
            gathered.formUnion(more)
        }
        return isAnd ? Facts(whenTrue: gathered) : Facts(whenFalse: gathered)
    }

    private mutating func checkChoice(
        _ test: PolicyExpression, _ yes: PolicyExpression, _ no: PolicyExpression, _ guards: Guards
    ) -> Shape {
        let (shape, facts) = check(test, guards)
        expect(.bool, shape, test)
        let first = check(yes, guards.union(facts.whenTrue)).shape
        let second = check(no, guards.union(facts.whenFalse)).shape
        return first == second ? first : .anything
    }

    private mutating func checkComparison(
        _ comparison: PolicyExpression.Comparison, _ left: PolicyExpression, _ right: PolicyExpression,
        _ guards: Guards, at place: PolicyExpression
    ) {
        let (first, second) = (check(left, guards).shape, check(right, guards).shape)
        switch comparison {
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            expect(.long, first, left)
            expect(.long, second, right)
        case .equal, .unequal:
            if !first.meets(second) {
                note(
                    place.position, place.description,
                    "A \(first.name) is never equal to a \(second.name). Compare what is of one kind.")
            }
        }
    }

    private mutating func checkMembership(
        _ member: Shape, _ left: PolicyExpression, _ right: PolicyExpression, _ guards: Guards,
        at place: PolicyExpression
    ) {
        let group = check(right, guards).shape
        guard case .entity(let members) = member else {
            if member != .anything {
                note(
                    left.position, left.description,
                    "`in` asks whether an entity is in another, and this is a \(member.name). "
                        + "For the elements of a set write `set.contains(…)`.")
            }
            return
        }
        var groups: Set<EntityType>?
        switch group {
        case .entity(let types): groups = types
        case .set(.entity(let types)): groups = types
        case .set(.anything), .anything: break
        case .bool, .long, .string, .record, .set:
            note(right.position, right.description, "An entity or a set of entities is needed here.")
        }
        let isAction = !members.isDisjoint(with: vocabulary.actions.map(\.reference.type))
        guard let groups, !isAction else { return }
        if !members.contains(where: { !vocabulary.reach(of: $0).isDisjoint(with: groups) }) {
            note(
                place.position, place.description,
                "A \(member.name) is never in a \(Shape.entity(groups).name). Change one of them.")
        }
    }

    private mutating func checkType(_ shape: Shape, _ type: EntityType, at place: PolicyExpression) {
        guard isKnown(type, at: place.position) else { return }
        if !shape.meets(.entity([type])) {
            note(place.position, place.description, "This is never of the type \(type): it is always a \(shape.name).")
        }
    }

    private mutating func checkCall(
        _ method: PolicyExpression.Method, _ part: PolicyExpression, _ argument: PolicyExpression?, _ guards: Guards,
        at place: PolicyExpression
    ) {
        let shape = check(part, guards).shape
        expect(.set(.anything), shape, part)
        guard let argument else { return }
        let other = check(argument, guards).shape
        guard case .set(let element) = shape else { return }
        if method == .contains {
            if !element.meets(other) {
                note(
                    place.position, argument.description,
                    "The set has only values of the kind \(element.name), and this is a \(other.name).")
            }
            return
        }
        expect(.set(.anything), other, argument)
        if case .set(let second) = other, !element.meets(second) {
            note(
                place.position, place.description,
                "The one set has only values of the kind \(element.name), the other of the kind \(second.name).")
        }
    }

    private mutating func checkPresence(
        _ part: PolicyExpression, _ path: [String], _ guards: Guards, at place: PolicyExpression
    ) -> Facts {
        var facts = Facts()
        var outer = part
        // Parts are looked at once: twice at each level would take forever.
        var shape = check(part, guards).shape
        for name in path {
            shape = attribute(name, of: shape, outer, guards, isAsked: true, at: place)
            outer = PolicyExpression(.attribute(outer, name), at: place.position)
            facts.whenTrue.insert(outer)
        }
        return facts
    }

    /// The shape of an attribute, which may only be asked for with `has`.
    private mutating func attribute(
        _ name: String, of shape: Shape, _ part: PolicyExpression, _ guards: Guards, isAsked: Bool,
        at place: PolicyExpression
    ) -> Shape {
        let all: [[Attribute]]
        switch shape {
        case .anything: return .anything
        case .record(let attributes): all = [attributes]
        // What is not in the vocabulary, such as an action, has no attributes.
        case .entity(let types): all = types.sorted().map { vocabulary.kind(of: $0)?.attributes ?? [] }
        case .bool, .long, .string, .set:
            note(part.position, part.description, "This is a \(shape.name), which has no attributes.")
            return .anything
        }
        let found = all.compactMap { attributes in attributes.first { $0.name.isSame(as: name) } }
        guard let first = found.first else {
            // Contexts of several actions may have it in different kinds.
            if case .variable(.context) = part.form, contexts.joined().contains(where: { $0.name.isSame(as: name) }) {
                return .anything
            }
            let owner = if case .entity = shape { "A \(shape.name)" } else { "`\(part)`" }
            let hint = PolicyVocabulary.suggestion(for: name, among: all.joined().map(\.name))
            note(place.position, name, "\(owner) has no attribute \(StringLiteral.name(of: name)).\(hint)")
            return .anything
        }
        let isSure = found.count == all.count && found.allSatisfy(\.isRequired)
        let key = PolicyExpression(.attribute(part, name))
        if !isAsked, !isSure, found.count == all.count, !guards.contains(key) {
            note(
                place.position, name,
                "This attribute is not always there, and without it the policy fails and does not count. "
                    + "Ask first: `\(part) has \(StringLiteral.name(of: name)) && …`.")
        }
        return found.allSatisfy { $0.kind == first.kind } ? Shape(first.kind) : .anything
    }
}
