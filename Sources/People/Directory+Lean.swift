public import Basis
public import Storage

extension AudienceRule {
    /// Whether it asks for more of a person than the unit.
    var asksMoreThanUnits: Bool {
        switch self {
        case .everyone, .unit, .person: false
        case .attribute, .role: true
        case .all(let parts), .any(let parts): parts.contains(where: \.asksMoreThanUnits)
        case .not(let part): part.asksMoreThanUnits
        }
    }
}

extension Directory {
    /// Visits the active people, each with only what these rules may ask: key and name are empty, and roles and
    /// attributes are too unless a rule asks for any. A million people are judged without a list of them.
    public func visit(
        activeOf tenant: TenantID, asking rules: [AudienceRule], on connection: any Connection,
        _ body: (PersonFacts) throws -> Void
    ) throws {
        let tree = try unitTree(of: tenant, on: connection)
        var lines: [ID<Unit>: Set<ID<Unit>>] = [:]
        for unit in tree.units { lines[unit.id] = Set(tree.line(from: unit.id).map(\.id)) }
        let needsAll = rules.contains(where: \.asksMoreThanUnits)
        let gathered: SQL = needsAll ? ", \(Directory.gathered)" : ""
        var last: (key: IDKey, unit: ID<Unit>)?
        try connection.scan(
            """
            SELECT p.id, p.unit\(gathered) FROM person p WHERE p.tenant = \(tenant) AND p.is_active = 1
            \(sqlite: "ORDER BY p.id", postgres: "")
            """
        ) { row in
            guard case .text(let text) = row[0], let key = IDKey(column: text) else { return }
            var unit: ID<Unit>?
            if case .text(let text) = row[1], let key = IDKey(column: text) {
                if last?.key != key { last = (key, ID(key.uuid)) }
                unit = last?.unit
            }
            try body(
                PersonFacts(
                    id: ID(key.uuid), key: "", name: "", unit: unit, units: unit.flatMap { lines[$0] } ?? [],
                    roles: needsAll ? gatheredRoles(row[2].string) : [],
                    attributes: needsAll ? gatheredAttributes(row[3].string) : [:], isActive: true))
        }
    }
}

extension Directory {
    /// The unit of each active person who has one.
    public func unitsByPerson(of tenant: TenantID) async throws -> [ID<Person>: ID<Unit>] {
        try await database.read { connection in
            var units: [ID<Person>: ID<Unit>] = [:]
            try visit(activeOf: tenant, asking: [], on: connection) { units[$0.id] = $0.unit }
            return units
        }
    }
}

extension RawValue {
    fileprivate var string: String? {
        if case .text(let text) = self { String(decoding: text, as: UTF8.self) } else { nil }
    }
}
