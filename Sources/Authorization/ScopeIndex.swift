/// Numbers for the entities that scopes name, so that a request is compared by number.
struct ReferenceTable: Sendable {
    private(set) var numbers: [EntityReference: Int] = [:]

    mutating func number(of reference: EntityReference) -> Int {
        if let number = numbers[reference] { return number }
        numbers[reference] = numbers.count
        return numbers.count - 1
    }
}

/// What a scope asks of the principal, the action or the resource.
struct ScopeTest: Sendable {
    enum Place: Sendable {
        case anywhere
        case equal(Int)
        /// One of these or in one of them.
        case within([Int])
    }

    let place: Place
    let type: EntityType?

    init(_ scope: Policy.EntityScope, _ references: inout ReferenceTable) {
        switch scope {
        case .any: (place, type) = (.anywhere, nil)
        case .equal(let reference): (place, type) = (.equal(references.number(of: reference)), nil)
        case .within(let group): (place, type) = (.within([references.number(of: group)]), nil)
        case .type(let name): (place, type) = (.anywhere, name)
        case .typeWithin(let name, let group): (place, type) = (.within([references.number(of: group)]), name)
        }
    }

    init(_ scope: Policy.ActionScope, _ references: inout ReferenceTable) {
        type = nil
        switch scope {
        case .any: place = .anywhere
        case .equal(let reference): place = .equal(references.number(of: reference))
        case .within(let groups): place = .within(groups.map { references.number(of: $0) })
        }
    }

    func covers(_ part: RequestScope.Part) -> Bool {
        if let type, type != part.type { return false }
        switch place {
        case .anywhere: return true
        case .equal(let number): return part.number == number
        case .within(let numbers): return numbers.contains { part.groups.contains($0) }
        }
    }

    /// The numbers of which a request must have one; nil where it need not.
    var keys: [Int]? {
        switch place {
        case .anywhere: nil
        case .equal(let number): [number]
        case .within(let numbers): numbers
        }
    }
}

/// A request's principal, action and resource in the numbers of the scopes.
struct RequestScope: Sendable {
    struct Part: Sendable {
        let type: EntityType
        /// Nil for one that no scope names.
        let number: Int?
        /// Those of itself and of what it is in, as far as scopes name them.
        let groups: [Int]

        init(_ reference: EntityReference, _ entities: Entities, _ references: ReferenceTable) {
            type = reference.type
            number = references.numbers[reference]
            if let entity = entities[reference], !entity.parents.isEmpty {
                groups = entities.selfAndAncestors(of: reference).compactMap { references.numbers[$0] }
            } else {
                groups = number.map { [$0] } ?? []
            }
        }
    }

    let principal: Part
    let action: Part
    let resource: Part

    init(_ request: AuthorizationRequest, _ entities: Entities, _ references: ReferenceTable) {
        principal = Part(request.principal, entities, references)
        action = Part(request.action, entities, references)
        resource = Part(request.resource, entities, references)
    }
}

/// A policy with its scope in numbers and its constants evaluated.
struct CompiledPolicy: Sendable {
    let id: String
    let effect: Policy.Effect
    let principal: ScopeTest
    let action: ScopeTest
    let resource: ScopeTest
    let clauses: [Policy.Clause]

    init(_ policy: Policy, _ references: inout ReferenceTable) {
        id = policy.id
        effect = policy.effect
        principal = ScopeTest(policy.principal, &references)
        action = ScopeTest(policy.action, &references)
        resource = ScopeTest(policy.resource, &references)
        clauses = policy.clauses.map { Policy.Clause($0.word, $0.condition.folded) }
    }

    func covers(_ scope: RequestScope) -> Bool {
        action.covers(scope.action) && resource.covers(scope.resource) && principal.covers(scope.principal)
    }
}

/// Which policies a request can meet at all.
struct ScopeIndex: Sendable {
    /// Policies of one action, or of any. Each lies in one place, by the first of these that its scope fixes.
    private struct Bucket: Sendable {
        var byResource: [Int: [Int]] = [:]
        var byPrincipal: [Int: [Int]] = [:]
        var byResourceType: [EntityType: [Int]] = [:]
        var byPrincipalType: [EntityType: [Int]] = [:]
        var others: [Int] = []

        mutating func add(_ rule: CompiledPolicy, number: Int) {
            if let keys = rule.resource.keys {
                for key in keys { byResource[key, default: []].append(number) }
            } else if let keys = rule.principal.keys {
                for key in keys { byPrincipal[key, default: []].append(number) }
            } else if let type = rule.resource.type {
                byResourceType[type, default: []].append(number)
            } else if let type = rule.principal.type {
                byPrincipalType[type, default: []].append(number)
            } else {
                others.append(number)
            }
        }

        func gather(_ scope: RequestScope, into found: inout [Int]) {
            found += others
            if !byResource.isEmpty {
                for key in scope.resource.groups { if let numbers = byResource[key] { found += numbers } }
            }
            if !byPrincipal.isEmpty {
                for key in scope.principal.groups { if let numbers = byPrincipal[key] { found += numbers } }
            }
            if !byResourceType.isEmpty, let numbers = byResourceType[scope.resource.type] { found += numbers }
            if !byPrincipalType.isEmpty, let numbers = byPrincipalType[scope.principal.type] { found += numbers }
        }
    }

    let references: ReferenceTable
    private var byAction: [Int: Bucket] = [:]
    private var anyAction = Bucket()

    init(_ rules: [CompiledPolicy], _ references: ReferenceTable) {
        self.references = references
        for (number, rule) in rules.enumerated() {
            if let keys = rule.action.keys {
                for key in Set(keys) { byAction[key, default: Bucket()].add(rule, number: number) }
            } else {
                anyAction.add(rule, number: number)
            }
        }
    }

    /// The numbers of the policies, rising, none twice.
    func candidates(for scope: RequestScope) -> [Int] {
        var found: [Int] = []
        anyAction.gather(scope, into: &found)
        for key in scope.action.groups { byAction[key]?.gather(scope, into: &found) }
        found.sort()
        var kept = 0
        for number in found where kept == 0 || found[kept - 1] != number {
            found[kept] = number
            kept += 1
        }
        found.removeSubrange(kept...)
        return found
    }
}
