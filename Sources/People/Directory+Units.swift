public import Basis
import Input
public import Storage

extension Directory {
    /// All units, in the order of their paths.
    public func units(of tenant: TenantID) async throws -> [UnitRecord] {
        try await unitTree(of: tenant).units
    }

    /// All units, with what lies above and below each.
    public func unitTree(of tenant: TenantID) async throws -> UnitTree {
        try await database.read { try unitTree(of: tenant, on: $0) }
    }

    /// The same, within the caller's transaction.
    public func unitTree(of tenant: TenantID, on connection: any Connection) throws -> UnitTree {
        UnitTree(
            try connection.rows("SELECT id, key, name, parent FROM unit WHERE tenant = \(tenant)").map { row in
                UnitRecord(
                    id: try row.get("id"), key: try row.get("key"), name: try row.get("name"),
                    parent: try row.find("parent"))
            })
    }

    /// Active people by the unit they stand in themselves, without those below.
    public func headcounts(of tenant: TenantID) async throws -> [ID<Unit>: Int] {
        try await database.read { connection in
            var counts: [ID<Unit>: Int] = [:]
            let rows = try connection.rows(
                """
                SELECT unit, COUNT(*) AS count FROM person
                WHERE tenant = \(tenant) AND is_active = 1 AND unit IS NOT NULL GROUP BY unit
                """)
            for row in rows { counts[try row.get("unit")] = try row.get("count") }
            return counts
        }
    }

    /// Makes or changes a unit.
    ///
    /// - Throws: `Problem` (`unit-invalid`, `unit-cycle`, `unit-missing`, `unit-duplicate`).
    @discardableResult
    public func save(_ draft: UnitDraft, of tenant: TenantID) async throws -> UnitRecord {
        try await database.write { try save(draft, of: tenant, on: $0) }
    }

    /// The same, within the caller's transaction.
    @discardableResult
    public func save(_ draft: UnitDraft, of tenant: TenantID, on connection: any Connection) throws -> UnitRecord {
        let tree = try unitTree(of: tenant, on: connection)
        let unit = try Directory.placed(draft, in: tree, id: draft.id ?? world.id())
        if draft.id == nil {
            try connection.run(
                """
                INSERT INTO unit (tenant, id, key, name, parent)
                VALUES (\(tenant), \(unit.id), \(unit.key), \(unit.name), \(unit.parent))
                """)
        } else {
            try connection.run(
                """
                UPDATE unit SET key = \(unit.key), name = \(unit.name), parent = \(unit.parent)
                WHERE tenant = \(tenant) AND id = \(unit.id)
                """)
        }
        return unit
    }

    /// Removes a unit in which nobody stands and below which nothing does.
    ///
    /// - Throws: `Problem` (`unit-in-use`, `unit-missing`).
    public func remove(_ unit: ID<Unit>, of tenant: TenantID) async throws {
        try await database.write { connection in
            let people: Int = try connection.value(
                "SELECT COUNT(*) AS count FROM person WHERE tenant = \(tenant) AND unit = \(unit)")
            let units: Int = try connection.value(
                "SELECT COUNT(*) AS count FROM unit WHERE tenant = \(tenant) AND parent = \(unit)")
            if people + units > 0 {
                let detail = "The unit holds \(people) people and \(units) units. Move them first."
                throw Problem(.conflict, "unit-in-use", detail)
            }
            if try connection.run("DELETE FROM unit WHERE tenant = \(tenant) AND id = \(unit)") == 0 {
                throw Problem(.missing, "unit-missing", "There is no such unit.")
            }
        }
    }

    /// The unit that the draft makes of the tree, or why it may not. Pure.
    static func placed(_ draft: UnitDraft, in tree: UnitTree, id: ID<Unit>) throws(Problem) -> UnitRecord {
        let name = composed(draft.name.trimmed)
        if let fault = PersonRules.fault(inUnitName: name) {
            throw Problem(.invalid, "unit-invalid", fault, at: ["/name"])
        }
        if draft.id != nil, tree[id] == nil { throw Problem(.missing, "unit-missing", "There is no such unit.") }
        if let parent = draft.parent {
            guard tree[parent] != nil else {
                throw Problem(.invalid, "unit-missing", "The unit above is not there. Choose another.", at: ["/parent"])
            }
            if tree.isCycle(moving: id, under: parent) {
                let detail =
                    "“\(tree.path(of: parent))” is “\(name)” itself or lies below it. Choose a unit outside it."
                throw Problem(.invalid, "unit-cycle", detail, at: ["/parent"])
            }
            let top = tree.depth(of: parent)
            let height = tree.below(id).map { tree.depth(of: $0) }.max().map { $0 - tree.depth(of: id) } ?? 0
            if top + 1 + height >= UnitTree.depthLimit {
                let detail = "The tree would be deeper than \(UnitTree.depthLimit) levels. Choose a unit further up."
                throw Problem(.invalid, "unit-invalid", detail, at: ["/parent"])
            }
        }
        let others = tree.units.filter { $0.id != id }
        if others.contains(where: { $0.parent == draft.parent && $0.name == name }) {
            throw Problem(
                .conflict, "unit-duplicate", "There is a unit “\(name)” in that place already.", at: ["/name"])
        }
        let path = draft.parent.map { tree.path(of: $0) + UnitTree.separator + name } ?? name
        let key =
            draft.key.trimmed.isEmpty ? tree[id]?.key ?? freeKey(path, among: others) : composed(draft.key.trimmed)
        if let fault = PersonRules.fault(inText: key, called: "The unit's key", limit: keyLimit) {
            throw Problem(.invalid, "unit-invalid", fault, at: ["/key"])
        }
        if others.contains(where: { $0.key == key }) {
            throw Problem(
                .conflict, "unit-duplicate", "Another unit has the key “\(key)”. Choose another.", at: ["/key"])
        }
        return UnitRecord(id: id, key: key, name: name, parent: draft.parent)
    }

    /// The path of a unit may be longer than the key of a person.
    private static var keyLimit: Int { (PersonRules.nameLimit + 3) * UnitTree.depthLimit }

    private static func freeKey(_ path: String, among units: [UnitRecord]) -> String {
        let taken = Set(units.map(\.key))
        var (key, count) = (path, 1)
        while taken.contains(key) {
            count += 1
            key = "\(path) (\(count))"
        }
        return key
    }
}
