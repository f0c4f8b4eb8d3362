public import Basis

/// A place in the organisation's tree.
public struct UnitRecord: Hashable, Sendable {
    public let id: ID<Unit>
    /// The organisation's own name for the unit, stable when it is renamed or moved. Unique in the tenant.
    public let key: String
    /// Unique among the units with the same parent.
    public let name: String
    public let parent: ID<Unit>?

    /// A unit as it stands in the tree.
    public init(id: ID<Unit>, key: String, name: String, parent: ID<Unit>?) {
        self.id = id
        self.key = key
        self.name = name
        self.parent = parent
    }
}

/// A unit to be stored: new without an `id`, otherwise the unit as it shall be.
public struct UnitDraft: Hashable, Sendable {
    public var id: ID<Unit>?
    /// Empty means the path at the time the unit is made.
    public var key: String
    public var name: String
    public var parent: ID<Unit>?

    /// A new unit at the top, unless said otherwise.
    public init(id: ID<Unit>? = nil, key: String = "", name: String, parent: ID<Unit>? = nil) {
        self.id = id
        self.key = key
        self.name = name
        self.parent = parent
    }
}

/// The units of a tenant, with what lies above and below each.
public struct UnitTree: Sendable {
    /// The most levels that a tree has.
    public static let depthLimit = 16
    /// What stands between two names of a path. A name may hold a stroke without spaces, such as `R/D`.
    public static let separator = " / "

    /// In the order of their paths.
    public let units: [UnitRecord]
    private let byID: [ID<Unit>: UnitRecord]
    private let children: [ID<Unit>: [ID<Unit>]]

    /// The order of `units` does not matter.
    public init(_ units: [UnitRecord]) {
        var byID: [ID<Unit>: UnitRecord] = [:]
        var children: [ID<Unit>: [ID<Unit>]] = [:]
        for unit in units {
            byID[unit.id] = unit
            if let parent = unit.parent { children[parent, default: []].append(unit.id) }
        }
        self.byID = byID
        self.children = children
        let paths = units.map { (unit: $0, path: UnitTree.line(from: $0.id, byID).reversed().map(\.name)) }
        self.units = paths.sorted { $0.path.lexicographicallyPrecedes($1.path) }.map(\.unit)
    }

    /// The unit, or nil for an unknown one.
    public subscript(id: ID<Unit>) -> UnitRecord? { byID[id] }

    /// The unit and everything above it, nearest first; empty for an unknown unit.
    public func line(from id: ID<Unit>) -> [UnitRecord] { UnitTree.line(from: id, byID) }

    /// The unit and everything below it; empty for an unknown unit.
    public func below(_ id: ID<Unit>) -> Set<ID<Unit>> {
        guard byID[id] != nil else { return [] }
        var found: Set<ID<Unit>> = []
        var open = [id]
        while let next = open.popLast() {
            if found.insert(next).inserted { open += children[next] ?? [] }
        }
        return found
    }

    /// The names from the top down, such as `Company / Sales / North`.
    public func path(of id: ID<Unit>) -> String {
        line(from: id).reversed().map(\.name).joined(separator: UnitTree.separator)
    }

    /// 0 for a unit at the top.
    public func depth(of id: ID<Unit>) -> Int { max(0, line(from: id).count - 1) }

    /// Whether making `parent` the parent of `unit` would put the unit below itself.
    public func isCycle(moving unit: ID<Unit>, under parent: ID<Unit>) -> Bool {
        line(from: parent).contains { $0.id == unit }
    }

    /// The units that a person may mean by `text`: by key, by path, or by name.
    ///
    /// - Returns: More than one when several units have that name.
    public func named(_ text: String) -> [UnitRecord] {
        let exact = units.filter { $0.key == text || path(of: $0.id) == text }
        return exact.isEmpty ? units.filter { $0.name == text } : exact
    }

    private static func line(from id: ID<Unit>, _ byID: [ID<Unit>: UnitRecord]) -> [UnitRecord] {
        var line: [UnitRecord] = []
        var next: ID<Unit>? = id
        // Bounded, so that a damaged table cannot hang the program.
        while let id = next, let unit = byID[id], line.count <= depthLimit {
            line.append(unit)
            next = unit.parent
        }
        return line
    }
}
