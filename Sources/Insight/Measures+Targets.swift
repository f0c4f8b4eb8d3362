public import Basis
public import Intent
import Mastery
import People
import Skills
public import Statistics
import Storage

/// How many have reached what a priority of a strategy is to reach.
public struct TargetProgress: Hashable, Sendable {
    public let target: PriorityTarget
    /// Active people to whom the version was delivered, or who are in the audience of a draft.
    public let people: Int
    /// Of these: each skill of the priority at the target's mastery or above, shown by at least one answer. Nil where
    /// it is not told.
    public let reached: Int?
    /// With Wilson's 95 % interval: these people are taken as a sample of whom it could reach.
    public let share: Interval?
    /// What is missing to tell it.
    public let needs: String?
}

extension Measures {
    /// How far each priority of a version that states a target has come, now.
    ///
    /// A person counts who commands every skill of the priority so far, by the learner model's estimate and with an
    /// answer in it: an estimate that rests on other skills alone counts for nothing.
    public func targets(
        of record: StrategyRecord, in tenant: TenantID
    ) async throws -> [ID<Priority>: TargetProgress] {
        let stated = record.priorities.compactMap { priority in priority.target.map { (priority, $0) } }
        if stated.isEmpty { return [:] }
        let numbers = try await skills.skills(stated.flatMap(\.0.skills), of: tenant).mapValues(\.number)
        let pools = try await mastery.pools(of: tenant)
        let now = world.now()
        return try await database.read { connection in
            let people = try targetPeople(of: record, in: tenant, on: connection)
            let states = try mastery.states(of: people, in: tenant, on: connection)
            return Dictionary(
                uniqueKeysWithValues: stated.map { priority, target in
                    let known = priority.skills.compactMap { numbers[$0] }
                    let few = people.count < Measures.unitMinimum
                    let untaught = known.isEmpty || known.contains { (pools[$0]?.count ?? 0) == 0 }
                    if few || untaught {
                        let needs = few ? Measures.fewPeople : "an item for each of its skills"
                        return (
                            priority.id,
                            TargetProgress(target: target, people: people.count, reached: nil, share: nil, needs: needs)
                        )
                    }
                    let reached = people.count { person in
                        guard let state = states[person] else { return false }
                        return known.allSatisfy { skill in
                            let estimate = mastery.model.mastery(
                                state, of: skill, over: pools[skill] ?? SkillPool(difficulties: []), at: now)
                            return estimate.tries > 0 && estimate.probability * 100 >= Double(target.level)
                        }
                    }
                    return (
                        priority.id,
                        TargetProgress(
                            target: target, people: people.count, reached: reached,
                            share: Proportion.wilson(reached, of: people.count), needs: nil)
                    )
                })
        }
    }

    private func targetPeople(
        of record: StrategyRecord, in tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Person>] {
        if record.state == .draft {
            return try record.audience.map { try directory.members(of: $0, tenant, on: connection).map(\.id) } ?? []
        }
        return try connection.rows(
            """
            SELECT d.person FROM strategy_delivery d
            JOIN person p ON p.tenant = d.tenant AND p.id = d.person AND p.is_active = 1
            WHERE d.tenant = \(tenant) AND d.strategy = \(record.id) AND d.version = \(record.version)
            ORDER BY d.person
            """
        ).map { try $0.get("person") }
    }
}
