import Basis
import Evidence
import Intent
import People
import Storage
import StorageTesting

/// An organisation to test with: a sponsor, a steward, learners in two units.
struct House: Sendable {
    let database: any Database
    let world: World
    let tenant: TenantID
    let sponsor: ID<Person>
    let steward: ID<Person>
    let sales: ID<Unit>
    let office: ID<Unit>
    /// Four in sales.
    let sellers: [ID<Person>]
    /// Two in the office.
    let clerks: [ID<Person>]

    var directory: Directory { Directory(database: database, world: world) }
    var strategies: StrategyBook { StrategyBook(database: database, world: world) }
    var register: AIRegister { AIRegister(database: database, world: world) }
    var mandates: MandateBook { MandateBook(database: database, world: world) }
    var policies: LeewayPolicyBook { LeewayPolicyBook(database: database, world: world) }
    var changes: ChangeLog { ChangeLog(database: database, world: world) }
    var log: StatementLog { StatementLog(database: database, world: world) }
    var today: Day { world.now().day }

    init(on engine: Engine) async throws {
        database = try await engine.database(
            PeopleSchema.migrations + EvidenceSchema.migrations + IntentSchema.migrations)
        world = World.replay(seed: 7)
        let directory = Directory(database: database, world: world)
        let tenant = try await directory.createTenant(name: "Harbour", home: "https://harbour.example")
        self.tenant = tenant
        let (sales, office) = (
            try await directory.save(UnitDraft(name: "Sales"), of: tenant).id,
            try await directory.save(UnitDraft(name: "Office"), of: tenant).id
        )
        func add(_ name: String, _ unit: ID<Unit>?, _ roles: Set<Role> = [.learner]) async throws -> ID<Person> {
            try await directory.save(
                PersonDraft(key: name.lowercased(), name: name, unit: unit, roles: roles), of: tenant
            ).id
        }
        sponsor = try await add("Sponsor", nil, [.sponsor])
        steward = try await add("Steward", nil, [.steward])
        var (sellers, clerks): ([ID<Person>], [ID<Person>]) = ([], [])
        for name in ["Ada", "Ben", "Cleo", "Dan"] { sellers.append(try await add(name, sales)) }
        for name in ["Eve", "Finn"] { clerks.append(try await add(name, office)) }
        (self.sales, self.office) = (sales, office)
        (self.sellers, self.clerks) = (sellers, clerks)
    }

    /// How many statements tell of this verb.
    func statements(of verb: String) async throws -> Int {
        let tenant = tenant
        return try await database.read { connection in
            try connection.value(
                """
                SELECT COUNT(*) AS count FROM statement s JOIN verb v ON v.tenant = s.tenant AND v.number = s.verb
                WHERE s.tenant = \(tenant) AND v.iri LIKE \("%" + verb)
                """)
        }
    }

    func mandate(
        _ title: String = "Safe use", content: ID<Content>? = nil, minutes: Int = 45, days: Int = 60,
        audience: AudienceRule? = .everyone
    ) -> MandateDraft {
        MandateDraft(
            asker: sponsor, content: content, title: title, rule: "Customer data policy, section 3",
            why: "Customers ask how their data is used.", minutes: minutes, audience: audience,
            deadline: today + days)
    }

    /// Publishes as the planner would when everything fits.
    func publish(_ id: ID<Mandate>) async throws -> MandateRecord {
        let (mandates, steward, tenant, now) = (mandates, steward, tenant, world.now())
        return try await database.write { connection in
            try mandates.publish(id, .fits, by: steward, of: tenant, at: now, on: connection)
        }
    }
}

extension MandateVerdict {
    static let fits = MandateVerdict(peopleOver: 0, minutesOver: 0, override: nil)
}

/// The refusal that the body ends in; nil when it does not.
func refusal(_ body: () async throws -> some Any) async -> Problem? {
    do {
        _ = try await body()
        return nil
    } catch let problem as Problem {
        return problem
    } catch {
        return (error as? any ProblemConvertible)?.problem
    }
}
