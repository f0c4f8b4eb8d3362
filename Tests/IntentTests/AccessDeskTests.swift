import Authorization
import Basis
import Evidence
import Storage
import StorageTesting
import Testing

@testable import Intent
@testable import People

@Suite struct AccessDeskTests {
    /// What a person may do by the routes' rights alone: what the shipped rules must reproduce.
    private static let rights: [AccessAction: Set<Right>] = [
        .recommend: [.learn], .useAI: [.learn], .publishContent: [.design, .steward, .administer],
        .publishStrategy: [.sponsor, .steward], .publishMandate: [.sponsor, .steward],
        .publishPolicy: [.sponsor, .steward], .publishRules: [.steward], .publishDocument: [.steward],
        .viewAsked: [.sponsor, .steward, .audit],
        .viewPerson: [.administer, .steward, .audit], .viewTeam: [.seeTeam],
        .viewPeople: [.administer, .steward, .audit], .viewStatements: [.steward, .audit],
        .exportPerson: [.administer], .erasePerson: [.administer],
    ]

    @Test(arguments: Engine.present) func `the shipped rules reproduce today's rights for every set of roles`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        let (tenant, use) = (house.tenant, try await house.use())
        let strategy = try await house.house.strategies.draft(
            StrategyDraft(title: "One", text: "Two"), by: house.house.sponsor, of: tenant)
        let mandate = try await house.house.mandates.draft(
            house.house.mandate(), by: house.house.sponsor, of: tenant)
        let document = try await PolicyDocumentBook(database: house.house.database, world: house.house.world).draft(
            DocumentDraft(title: "One", body: "Two", owner: house.steward), by: house.steward, of: tenant)
        let base = try #require(try await house.house.directory.person(house.ada, of: tenant))
        func resource(_ action: AccessAction) -> AccessResource {
            switch action {
            case .recommend: .feature(.suggestions)
            case .useAI: .use(use.id)
            case .publishContent: .content(kind: "texts")
            case .publishStrategy: .strategy(strategy.id)
            case .publishMandate: .mandate(mandate.id)
            case .publishPolicy: .policy
            case .publishRules: .rules
            case .publishDocument: .document(document.id)
            case .viewAsked: .mandate(mandate.id)
            case .viewPerson, .exportPerson, .erasePerson: .person(house.house.clerks[0])
            case .viewTeam: .team(of: house.ada)
            case .viewPeople: .people
            case .viewStatements: .statements
            }
        }
        // All sets of roles on the fast engine, single roles and pairs on the others.
        let all = Role.allCases
        for number in 1..<(1 << all.count) {
            let roles = Set(all.indices.filter { number >> $0 & 1 == 1 }.map { all[$0] })
            if engine != .memory, roles.count > 2 { continue }
            for isActive in [true, false] {
                var draft = PersonDraft(base)
                (draft.roles, draft.isActive) = (roles, isActive)
                let record = PersonRecord(base, roles: roles, isActive: isActive)
                for action in AccessAction.allCases where engine == .memory || !action.isDurable || number % 5 == 1 {
                    let decision = try await house.desk.decide(
                        AccessQuestion(.known(record), action, resource(action)), of: tenant)
                    let expected = !(Self.rights[action] ?? []).isDisjoint(with: record.rights)
                    #expect(decision.isAllowed == expected, "\(roles) \(isActive) \(action)")
                    #expect(decision.failures.isEmpty)
                }
            }
        }
    }

    @Test(arguments: Engine.present) func `a suspended, retired or prohibited use is stopped at once, with reasons`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        let (tenant, use) = (house.tenant, try await house.use())
        let open = try await house.decide(house.ada, .useAI, .use(use.id), purpose: "Homework")
        #expect(open.isAllowed && open.reasons.map(\.policy) == ["ai-use-open"] && open.refusal == nil)
        _ = try await house.house.register.move(
            use.id, to: .suspended, reason: "It invents sources.", by: house.steward, of: tenant)
        let stopped = try await house.decide(house.ada, .useAI, .use(use.id), purpose: "Homework")
        #expect(!stopped.isAllowed && stopped.reasons.map(\.policy) == ["ai-use-stopped"])
        let denial = try #require(stopped.denial)
        #expect(denial.code == "policy-denied" && denial.kind == .forbidden)
        #expect(denial.detail.contains("suspended") && denial.detail.contains("Ask a steward."))
        // Told once a day and facts, however often it is asked.
        _ = try await house.decide(house.ada, .useAI, .use(use.id), purpose: "Homework")
        #expect(try await house.house.statements(of: ":decided") == 1)
        let idea = try await house.use("Idea", .idea)
        #expect(try await !house.decide(house.ada, .useAI, .use(idea.id)).isAllowed)
        #expect(
            await refusal { try await house.decide(house.ada, .useAI, .use(house.house.world.id())) }?
                .code == "ai-use-missing")
    }

    @Test(arguments: Engine.present) func `an AI use is for its audience`(engine: Engine) async throws {
        let house = try await AccessHouse(on: engine)
        let use = try await house.house.register.register(
            AIUseDraft(
                name: "Sales coach", purpose: "Coaches.", kind: .tool, audience: .unit(house.house.sales),
                status: .live, reviewOn: house.house.today + 9),
            by: house.steward, of: house.tenant)
        #expect(try await house.decide(house.ada, .useAI, .use(use.id)).isAllowed)
        let clerk = try await house.decide(house.house.clerks[0], .useAI, .use(use.id))
        #expect(!clerk.isAllowed && clerk.reasons.isEmpty)
        #expect(clerk.refusal?.contains("No rule permits it.") == true)
    }

    @Test(arguments: Engine.present) func `rules speak of units, attributes, levels and times, and hold at once`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        let use = try await house.use()
        let unit = try #require(try await house.house.directory.unitTree(of: house.tenant)[house.house.office])
        #expect(try await house.decide(house.house.clerks[0], .useAI, .use(use.id)).isAllowed)
        _ = try await house.publish(
            """
            @id("office") @reason("The office decides by hand.") @ask("Ask Olga.")
            forbid (principal in Unit::"\(unit.key)", action == Action::"useAI", resource)
            when { context.hour >= 0 && resource.data.isEmpty() };
            """)
        let clerk = try await house.decide(house.house.clerks[0], .useAI, .use(use.id))
        #expect(clerk.version == 1 && clerk.refusal?.hasSuffix("(office) Ask Olga.") == true)
        #expect(try await house.decide(house.ada, .useAI, .use(use.id)).isAllowed)
    }

    @Test(arguments: Engine.present) func `another node follows within a second`(engine: Engine) async throws {
        let house = try await AccessHouse(on: engine)
        var world = house.house.world
        let clock = house.clock
        world.now = { clock.now }
        let elsewhere = AccessDesk(database: house.house.database, world: world)
        let question = AccessQuestion(.person(house.steward), .viewStatements, .statements)
        #expect(try await elsewhere.decide(question, of: house.tenant).version == 0)
        _ = try await house.publish(forbidding(.viewStatements))
        #expect(try await !house.desk.decide(question, of: house.tenant).isAllowed)
        #expect(try await elsewhere.decide(question, of: house.tenant).version == 0)
        clock.pass(.seconds(1))
        let late = try await elsewhere.decide(question, of: house.tenant)
        #expect(late.version == 1 && !late.isAllowed)
        // What is durable asks the database itself.
        _ = try await house.book.restore(0, reason: "Enough.", by: house.steward, of: house.tenant)
        let durable = try await elsewhere.decide(
            AccessQuestion(.person(house.steward), .publishRules, .rules), of: house.tenant)
        #expect(durable.version == 2)
    }
}

extension PersonRecord {
    /// The same person with other roles.
    init(_ record: PersonRecord, roles: Set<Role>, isActive: Bool) {
        self.init(
            id: record.id, tenant: record.tenant, key: record.key, name: record.name, email: record.email,
            unit: record.unit, manager: record.manager, roles: roles, attributes: record.attributes,
            isActive: isActive, language: record.language, createdAt: record.createdAt)
    }
}
