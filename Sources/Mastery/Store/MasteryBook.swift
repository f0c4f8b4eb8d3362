public import Basis
public import Storage

/// One answer of one learner to one item.
public struct Answer: Sendable {
    public let person: ID<Person>
    /// The item's number within its tenant.
    public let item: Int
    /// The numbers of the item's skills within its tenant.
    public let skills: [Int]
    /// The level the item was written for, where it is stated. Read only when the item is new.
    public let level: ItemLevel?
    public let isRight: Bool
    /// When it was given; nil when unknown.
    public let at: Moment?

    public init(
        person: ID<Person>, item: Int, skills: [Int], level: ItemLevel? = nil, isRight: Bool, at: Moment?
    ) {
        self.person = person
        self.item = item
        self.skills = skills
        self.level = level
        self.isRight = isRight
        self.at = at
    }
}

/// What every learner knows, and how hard every item is. Both can be computed again from the evidence.
public struct MasteryBook: Sendable {
    let database: any Database
    let world: World
    public let model: LearnerModel
    private let pools: PoolCache

    public init(database: any Database, world: World, model: LearnerModel = .standard) {
        self.database = database
        self.world = world
        self.model = model
        pools = PoolCache()
    }

    /// The learner's state; a fresh one when there is none.
    ///
    /// - Throws: `StateError` when the stored one cannot be read, `StorageError` for a failure.
    public func state(of person: ID<Person>, in tenant: TenantID) async throws -> LearnerState {
        try await database.read { try state(of: person, in: tenant, on: $0) }
    }

    /// The learner's state, within a transaction.
    public func state(
        of person: ID<Person>, in tenant: TenantID, on connection: any Connection
    ) throws -> LearnerState {
        try states(of: [person], in: tenant, on: connection)[person] ?? LearnerState()
    }

    /// The states of those who have one, within a transaction.
    public func states(
        of people: [ID<Person>], in tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Person>: LearnerState] {
        var states: [ID<Person>: LearnerState] = [:]
        for part in people.parts() {
            let rows = try connection.rows(
                """
                SELECT person, state FROM mastery_state
                WHERE tenant = \(tenant) AND person IN (\(SQL.list(part)))
                """)
            for row in rows {
                states[try row.get("person")] = try LearnerState(encoded: row.get("state"))
            }
        }
        return states
    }

    /// How hard the items are that anybody has answered, by number.
    public func items(
        _ numbers: [Int], in tenant: TenantID, on connection: any Connection
    ) throws -> [Int: (difficulty: Double, answers: Int)] {
        var items: [Int: (difficulty: Double, answers: Int)] = [:]
        for part in numbers.parts() {
            let rows = try connection.rows(
                """
                SELECT item, difficulty, answers FROM mastery_item
                WHERE tenant = \(tenant) AND item IN (\(SQL.list(part)))
                """)
            for row in rows {
                items[try row.get("item")] = (try row.get("difficulty"), try row.get("answers"))
            }
        }
        return items
    }

    /// The learner's mastery of every skill practised so far, by the skill's number.
    public func mastery(of person: ID<Person>, in tenant: TenantID) async throws -> [SkillMastery] {
        let state = try await state(of: person, in: tenant)
        return try await mastery(state, of: state.skills.map(\.number), in: tenant)
    }

    /// The mastery of the skills named, practised or not, in their order.
    public func mastery(
        _ state: LearnerState, of skills: [Int], in tenant: TenantID
    ) async throws -> [SkillMastery] {
        let now = world.now()
        let pools = try await pools(of: tenant)
        return skills.map { skill in
            model.mastery(state, of: skill, over: pools[skill] ?? SkillPool(difficulties: []), at: now)
        }
    }

    /// The difficulties of each skill's items, at most a minute old.
    public func pools(of tenant: TenantID) async throws -> [Int: SkillPool] {
        let now = world.now()
        if let fresh = pools.find(tenant, at: now) { return fresh }
        let made = try await database.read { try MasteryBook.pools(of: tenant, on: $0) }
        pools.keep(made, for: tenant, at: now)
        return made
    }

    /// The difficulties of each skill's items, now.
    public static func pools(of tenant: TenantID, on connection: any Connection) throws -> [Int: SkillPool] {
        var difficulties: [Int: [Double]] = [:]
        let sql: SQL = """
            SELECT p.skill, i.difficulty FROM mastery_pool p
            JOIN mastery_item i ON i.tenant = p.tenant AND i.item = p.item
            WHERE p.tenant = \(tenant)
            """
        try connection.each(sql) { row in
            difficulties[try row.get("skill"), default: []].append(try row.get("difficulty"))
        }
        return difficulties.mapValues(SkillPool.init(difficulties:))
    }

    /// Forgets all that was computed for a tenant, so that it can be computed again from the evidence.
    public func clear(_ tenant: TenantID, on connection: any Connection) throws {
        try connection.run("DELETE FROM mastery_state WHERE tenant = \(tenant)")
        try connection.run("DELETE FROM mastery_item WHERE tenant = \(tenant)")
        try connection.run("DELETE FROM mastery_pool WHERE tenant = \(tenant)")
        try connection.run("DELETE FROM mastery_skill WHERE tenant = \(tenant)")
        pools.drop(tenant)
    }
}

extension Array {
    /// Slices small enough to bind one by one in a statement.
    func parts(of size: Int = 1_000) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
