public import Basis

/// One thing that policies speak of: a person, an AI use, a unit, an action.
public struct Entity: Hashable, Sendable {
    public let reference: EntityReference
    public let attributes: PolicyRecord
    /// What it is directly in; need not be among the entities themselves.
    public let parents: [EntityReference]

    public init(_ reference: EntityReference, _ attributes: PolicyRecord = [:], in parents: [EntityReference] = []) {
        self.reference = reference
        self.attributes = attributes
        self.parents = parents
    }
}

/// The entities that a decision may look at, with who is in what.
///
/// - Invariant: nothing is in itself, not over others either.
public struct Entities: Sendable {
    /// The last holds what was added last. Few, so that adding to a large store costs nothing.
    private var layers: [[EntityReference: Entity]] = []

    public static let none = Entities()

    private init() {}

    /// - Throws: `Problem` (`entity-twice`) for two different entities of one reference, (`entity-cycle`) for one that
    ///   is in itself.
    public init(_ entities: [Entity]) throws(Problem) { self = try Entities.none.adding(entities) }

    /// These and further ones.
    ///
    /// - Throws: `Problem` (`entity-twice`) for two different entities of one reference, (`entity-cycle`) for one that
    ///   is in itself.
    /// - Cost: in proportion to what is added, not to what is there.
    public func adding(_ entities: [Entity]) throws(Problem) -> Entities {
        var layer: [EntityReference: Entity] = [:]
        layer.reserveCapacity(entities.count)
        for entity in entities {
            if let known = self[entity.reference] ?? layer[entity.reference], known != entity {
                throw Problem(
                    .invalid, "entity-twice", "Two different entities are called \(entity.reference). Leave one out.")
            }
            layer[entity.reference] = entity
        }
        var whole = self
        if layers.count == layerLimit {
            whole.layers = [layers.reduce(into: layer) { $0.merge($1) { first, _ in first } }]
        } else {
            whole.layers.append(layer)
        }
        for entity in entities where !entity.parents.isEmpty && whole.isCircular(entity.reference) {
            throw Problem(
                .invalid, "entity-cycle", "\(entity.reference) is in itself, over its parents. Take one parent away.")
        }
        return whole
    }

    /// How many there are.
    public var count: Int { layers.count == 1 ? layers[0].count : Set(layers.flatMap(\.keys)).count }

    /// Nil for one that is not there.
    public subscript(reference: EntityReference) -> Entity? {
        for layer in layers.reversed() {
            if let entity = layer[reference] { return entity }
        }
        return nil
    }

    /// The entity itself and all that it is in, over any number of steps; itself first, each once.
    public func selfAndAncestors(of reference: EntityReference) -> [EntityReference] {
        var found = [reference]
        var known: Set<EntityReference> = []
        var next = 0
        while next < found.count {
            for parent in self[found[next]]?.parents ?? [] {
                // Looking through a few is faster than hashing them.
                if found.count == fewAncestors { known = Set(found) }
                let isNew = found.count < fewAncestors ? !found.contains(parent) : known.insert(parent).inserted
                if isNew { found.append(parent) }
            }
            next += 1
        }
        return found
    }

    /// Whether an entity is another or is in it, over any number of steps.
    public func isMember(_ reference: EntityReference, of group: EntityReference) -> Bool {
        if reference == group { return true }
        guard let entity = self[reference], !entity.parents.isEmpty else { return false }
        if entity.parents.contains(group) { return true }
        return selfAndAncestors(of: reference).contains(group)
    }

    private func isCircular(_ reference: EntityReference) -> Bool {
        let parents = self[reference]?.parents ?? []
        return parents.contains { isMember($0, of: reference) }
    }
}

private let layerLimit = 4
private let fewAncestors = 16
