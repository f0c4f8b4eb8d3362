/// Evaluates expressions for one request.
///
/// - Source: Cedar policy language, “Operators”; Cutler et al., “Cedar: A New Language for Expressive, Fast, Safe, and
///   Analyzable Authorization”, OOPSLA 2024.
struct Evaluation {
    typealias Failure = EvaluationError

    let request: AuthorizationRequest
    let entities: Entities
    private let context: PolicyValue
    private let principal: Entity?
    private let resource: Entity?

    init(_ request: AuthorizationRequest, _ entities: Entities) {
        self.request = request
        self.entities = entities
        context = .record(request.context)
        principal = entities[request.principal]
        resource = entities[request.resource]
    }

    /// Whether all clauses let it pass.
    func holds(_ clauses: [Policy.Clause]) throws(Failure) -> Bool {
        for clause in clauses where try isTrue(clause.condition) != (clause.word == .when) { return false }
        return true
    }

    private func isTrue(_ expression: PolicyExpression) throws(Failure) -> Bool {
        switch expression.form {
        // What gives bools anyway is not made a value first.
        case .and(let parts):
            for part in parts where try !isTrue(part) { return false }
            return true
        case .or(let parts):
            for part in parts where try isTrue(part) { return true }
            return false
        case .not(let part): return try !isTrue(part)
        case .comparison(.equal, let left, let right): return try value(of: left) == value(of: right)
        case .comparison(.unequal, let left, let right): return try value(of: left) != value(of: right)
        case .comparison(let comparison, let left, let right): return try compare(comparison, left, right)
        case .membership(let left, let right):
            let (member, group) = (try value(of: left), try value(of: right))
            return try isMember(try entity(member, at: left), of: group, at: right)
        case .has(let part, let path): return try has(part, path)
        case .like(let part, let pattern): return pattern.matches(try string(part))
        case .type(let part, let type, let group): return try isType(part, type, group)
        case .call(let method, let part, let argument): return try call(method, part, argument)
        case .value, .variable, .negative, .sum, .product, .choice, .attribute, .set, .record:
            let value = try value(of: expression)
            guard case .bool(let isTrue) = value else { throw wrong("bool", value, at: expression) }
            return isTrue
        }
    }

    private func value(of expression: PolicyExpression) throws(Failure) -> PolicyValue {
        switch expression.form {
        case .value(let value): return value
        case .variable(.principal): return .entity(request.principal)
        case .variable(.action): return .entity(request.action)
        case .variable(.resource): return .entity(request.resource)
        case .variable(.context): return context
        case .and, .or, .not, .comparison, .membership, .has, .like, .type, .call: return .bool(try isTrue(expression))
        case .negative(let part):
            let (result, isOver) = Int64(0).subtractingReportingOverflow(try long(part))
            return try fitting(result, isOver, at: expression)
        case .sum(let first, let terms): return .long(try sum(first, terms, at: expression))
        case .product(let parts): return .long(try product(parts, at: expression))
        case .choice(let test, let yes, let no): return try value(of: try isTrue(test) ? yes : no)
        case .attribute(let part, let name): return try attribute(name, of: part, at: expression)
        case .set(let parts):
            var values: Set<PolicyValue> = []
            for part in parts { values.insert(try value(of: part)) }
            return .set(values)
        case .record(let members):
            var values: [(String, PolicyValue)] = []
            for member in members { values.append((member.name, try value(of: member.expression))) }
            return .record(PolicyRecord(values))
        }
    }
}

// MARK: Kinds

extension Evaluation {
    private func wrong(_ expected: String, _ found: PolicyValue, at place: PolicyExpression) -> Failure {
        Failure(.wrongKind(expected: expected, found: found.kind), at: place.position)
    }

    private func long(_ expression: PolicyExpression) throws(Failure) -> Int64 {
        let value = try value(of: expression)
        guard case .long(let number) = value else { throw wrong("long", value, at: expression) }
        return number
    }

    private func string(_ expression: PolicyExpression) throws(Failure) -> String {
        let value = try value(of: expression)
        guard case .string(let text) = value else { throw wrong("string", value, at: expression) }
        return text
    }

    private func entity(_ value: PolicyValue, at place: PolicyExpression) throws(Failure) -> EntityReference {
        guard case .entity(let reference) = value else { throw wrong("entity", value, at: place) }
        return reference
    }

    private func set(_ expression: PolicyExpression) throws(Failure) -> Set<PolicyValue> {
        let value = try value(of: expression)
        guard case .set(let elements) = value else { throw wrong("set", value, at: expression) }
        return elements
    }
}

// MARK: Numbers

extension Evaluation {
    private func compare(
        _ comparison: PolicyExpression.Comparison, _ left: PolicyExpression, _ right: PolicyExpression
    ) throws(Failure) -> Bool {
        let (left, right) = (try long(left), try long(right))
        return switch comparison {
        case .equal: left == right
        case .unequal: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }

    private func fitting(_ value: Int64, _ isOver: Bool, at place: PolicyExpression) throws(Failure) -> PolicyValue {
        if isOver { throw Failure(.overflow, at: place.position) }
        return .long(value)
    }

    private func sum(
        _ first: PolicyExpression, _ terms: [PolicyExpression.Term], at place: PolicyExpression
    ) throws(Failure) -> Int64 {
        var total = try long(first)
        for term in terms {
            let number = try long(term.expression)
            let (next, isOver) =
                term.isSubtracted ? total.subtractingReportingOverflow(number) : total.addingReportingOverflow(number)
            if isOver { throw Failure(.overflow, at: place.position) }
            total = next
        }
        return total
    }

    private func product(_ parts: [PolicyExpression], at place: PolicyExpression) throws(Failure) -> Int64 {
        var total: Int64 = 1
        for part in parts {
            let (next, isOver) = total.multipliedReportingOverflow(by: try long(part))
            if isOver { throw Failure(.overflow, at: place.position) }
            total = next
        }
        return total
    }
}

// MARK: Entities, attributes and sets

extension Evaluation {
    private func isMember(
        _ member: EntityReference, of group: PolicyValue, at place: PolicyExpression
    ) throws(Failure) -> Bool {
        switch group {
        case .entity(let group): return entities.isMember(member, of: group)
        case .set(let elements):
            // An element of another kind is an error, even where another one is the group. Sets have no order, so the
            // error must not depend on which comes first.
            let others = elements.lazy.map(\.kind).filter { $0 != "entity" }
            if let kind = others.min() {
                throw Failure(.wrongKind(expected: "entity", found: kind), at: place.position)
            }
            return entities.selfAndAncestors(of: member).contains { elements.contains(.entity($0)) }
        case .bool, .long, .string, .record: throw wrong("entity or set", group, at: place)
        }
    }

    private func isType(
        _ part: PolicyExpression, _ type: EntityType, _ group: PolicyExpression?
    ) throws(Failure) -> Bool {
        let reference = try entity(try value(of: part), at: part)
        guard reference.type == type else { return false }
        guard let group else { return true }
        return try isMember(reference, of: try value(of: group), at: group)
    }

    /// The attributes of an entity or a record; nil for an entity that is not there.
    private func attributes(_ part: PolicyExpression) throws(Failure) -> (PolicyRecord?, EntityReference?) {
        switch part.form {
        case .variable(.principal): return (principal?.attributes, request.principal)
        case .variable(.resource): return (resource?.attributes, request.resource)
        case .variable(.context): return (request.context, nil)
        default: return try attributes(try value(of: part), at: part)
        }
    }

    private func attributes(
        _ value: PolicyValue, at place: PolicyExpression
    ) throws(Failure) -> (PolicyRecord?, EntityReference?) {
        switch value {
        case .record(let record): return (record, nil)
        case .entity(let reference): return (entities[reference]?.attributes, reference)
        case .bool, .long, .string, .set: throw wrong("record or entity", value, at: place)
        }
    }

    private func attribute(
        _ name: String, of part: PolicyExpression, at place: PolicyExpression
    ) throws(Failure) -> PolicyValue {
        let (found, reference) = try attributes(part)
        guard let record = found else {
            throw Failure(reference.map { .missingEntity($0) } ?? .missingAttribute(name), at: part.position)
        }
        guard let value = record[name] else { throw Failure(.missingAttribute(name), at: place.position) }
        return value
    }

    /// `e has a.b` is `e has a && e.a has b`.
    private func has(_ part: PolicyExpression, _ path: [String]) throws(Failure) -> Bool {
        var record = try attributes(part).0
        for (number, name) in path.enumerated() {
            guard let value = record?[name] else { return false }
            if number + 1 < path.count { record = try attributes(value, at: part).0 }
        }
        return true
    }

    private func call(
        _ method: PolicyExpression.Method, _ part: PolicyExpression, _ argument: PolicyExpression?
    ) throws(Failure) -> Bool {
        guard let argument else { return try set(part).isEmpty }
        switch method {
        case .contains:
            let (elements, element) = (try value(of: part), try value(of: argument))
            guard case .set(let elements) = elements else { throw wrong("set", elements, at: part) }
            return elements.contains(element)
        case .containsAll:
            let (all, some) = (try set(part), try set(argument))
            return all.isSuperset(of: some)
        case .containsAny:
            let (all, some) = (try set(part), try set(argument))
            return !all.isDisjoint(with: some)
        case .isEmpty: return try set(part).isEmpty
        }
    }
}
