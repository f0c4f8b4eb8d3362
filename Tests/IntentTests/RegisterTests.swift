import Basis
import People
import Storage
import StorageTesting
import Testing

@testable import Intent

@Suite struct OwnershipTests {
    static let world = World.replay(seed: 3)
    static let use = world.id(AIUse.self)
    static let (ann, bob) = (world.id(Person.self), world.id(Person.self))
    static let today = world.now().day

    static func part(
        _ person: ID<Person>, _ state: Responsibility.State, _ part: Responsibility.Part = .accountable
    ) -> Responsibility {
        Responsibility(
            id: world.id(), use: use, part: part, person: person, state: state, reason: "", proposedBy: ann,
            proposedAt: world.now(), answeredAt: nil, endedAt: nil, until: nil)
    }

    @Test func `clear needs exactly one active owner who accepted, and no overdue review`() {
        func judge(_ list: [Responsibility], review: Day? = nil, inactive: Set<ID<Person>> = []) -> Ownership {
            Ownership(responsibilities: list, reviewOn: review, today: Self.today) { !inactive.contains($0) }
        }
        let (ann, bob) = (Self.ann, Self.bob)
        #expect(judge([Self.part(ann, .accepted)]).isClear)
        #expect(judge([Self.part(ann, .accepted)], review: Self.today).isClear)
        #expect(judge([Self.part(ann, .accepted), Self.part(bob, .proposed)]).isClear)
        #expect(judge([Self.part(ann, .ended), Self.part(bob, .accepted)]).owner == bob)
        #expect(judge([]).gaps == [.unowned(asked: nil)])
        #expect(judge([Self.part(ann, .proposed)]).gaps == [.unowned(asked: ann)])
        #expect(judge([Self.part(ann, .declined)]).gaps == [.unowned(asked: nil)])
        #expect(judge([Self.part(ann, .accepted, .responsible)]).gaps == [.unowned(asked: nil)])
        #expect(judge([Self.part(ann, .accepted)], inactive: [ann]).gaps == [.lapsed(ann)])
        let several = [Self.part(ann, .accepted), Self.part(bob, .accepted)]
        #expect(judge(several).gaps == [.several([ann, bob])])
        #expect(judge(several, inactive: [bob]).isClear)
        let late = Self.today + -1
        #expect(judge([Self.part(ann, .accepted)], review: late).gaps == [.reviewOverdue(since: late)])
    }
}

@Suite struct RegisterTests {
    private func tutor(_ house: House, _ status: AIUseRecord.Status = .live) -> AIUseDraft {
        AIUseDraft(
            name: "Tutor", purpose: "Answers questions about the courses.", kind: .feature, provider: "In-house",
            model: "gemma", hosting: "Our own servers", data: [.learning, .open], audience: .unit(house.sales),
            cost: "None", status: status, risk: "May be wrong.", reviewOn: house.today + 90,
            optOut: "Switch it off in your settings.")
    }

    @Test(arguments: Engine.present) func `an entry comes back, changes and tells its history`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let made = try await house.register.register(tutor(house), by: house.steward, of: house.tenant)
        #expect(made.data == [.open, .learning])
        #expect(AIUseDraft(made) == tutor(house))
        let same = try await house.register.change(
            made.id, to: tutor(house), by: house.steward, of: house.tenant)
        #expect(same.revision == 1)
        let paused = try await house.register.move(
            made.id, to: .suspended, reason: "It quoted a customer.", by: house.steward, of: house.tenant)
        #expect(paused.status == .suspended)
        #expect(paused.revision == 2)
        let stale = await refusal {
            try await house.register.change(
                made.id, to: tutor(house), since: 1, by: house.steward, of: house.tenant)
        }
        #expect(stale?.kind == .stale)
        let history = try await house.changes.changes(of: .use(made.id), in: house.tenant)
        #expect(history.map(\.what) == [.moved, .registered])
        #expect(history[0].detail == "status “live” → “suspended”")
        #expect(history[0].reason == "It quoted a customer.")
        #expect(try await house.statements(of: ":moved") == 1)
        #expect(try await house.statements(of: "/registered") == 1)
    }

    @Test func `what people learn with has a review date`() async throws {
        let house = try await House(on: .memory)
        var draft = tutor(house, .idea)
        draft.reviewOn = nil
        let made = try await house.register.register(draft, by: house.steward, of: house.tenant)
        let problem = await refusal {
            try await house.register.move(made.id, to: .pilot, by: house.steward, of: house.tenant)
        }
        #expect(problem?.code == "review-missing")
        #expect(problem?.pointers == ["/reviewOn"])
        let past = await refusal {
            try await house.register.review(made.id, nextOn: house.today, by: house.steward, of: house.tenant)
        }
        #expect(past?.code == "review-past")
    }

    @Test(arguments: Engine.present) func `an owner accepts, hands over, and the old one stays until then`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (register, tenant, ada, ben) = (house.register, house.tenant, house.sellers[0], house.sellers[1])
        let use = try await register.register(tutor(house), by: house.steward, of: tenant).id
        #expect(try await register.entry(use, of: tenant)?.ownership.gaps == [.unowned(asked: nil)])
        let asked = try await register.propose(ada, for: use, by: house.steward, of: tenant)
        #expect(try await register.propose(ada, for: use, by: house.steward, of: tenant) == asked)
        #expect(try await register.entry(use, of: tenant)?.ownership.gaps == [.unowned(asked: ada)])
        #expect(await refusal { try await register.accept(asked.id, by: ben, of: tenant) }?.kind == .missing)
        #expect(try await register.asked(of: ada, in: tenant).map(\.id) == [asked.id])
        _ = try await register.accept(asked.id, by: ada, of: tenant)
        #expect(try await register.entry(use, of: tenant)?.ownership.owner == ada)
        #expect(
            await refusal { try await register.accept(asked.id, by: ada, of: tenant) }?.code
                == "responsibility-settled")
        let again = await refusal { try await register.propose(ada, for: use, by: ada, of: tenant) }
        #expect(again?.code == "owner-already")

        let handover = try await register.propose(ben, for: use, by: ada, of: tenant)
        #expect(try await register.entry(use, of: tenant)?.ownership.owner == ada)
        _ = try await register.accept(handover.id, by: ben, of: tenant)
        #expect(try await register.entry(use, of: tenant)?.ownership.owner == ben)
        let history = try await register.responsibilities(of: use, in: tenant)
        #expect(history.map(\.state) == [.ended, .accepted])
        #expect(history.map(\.person) == [ada, ben])
        #expect(try await register.held(by: ada, in: tenant).isEmpty)
        #expect(try await house.statements(of: ":accepted") == 2)
        #expect(try await house.statements(of: ":asked") == 2)
    }

    @Test(arguments: Engine.present) func `who declines says why, and another question replaces an open one`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (register, tenant, ada, ben) = (house.register, house.tenant, house.sellers[0], house.sellers[1])
        let use = try await register.register(tutor(house), by: house.steward, of: tenant).id
        let first = try await register.propose(ada, for: use, by: house.steward, of: tenant)
        let silent = await refusal { try await register.decline(first.id, reason: "", by: ada, of: tenant) }
        #expect(silent?.code == "text-missing")
        _ = try await register.decline(first.id, reason: "I leave in May.", by: ada, of: tenant)
        let second = try await register.propose(ada, for: use, by: house.steward, of: tenant)
        let third = try await register.propose(ben, for: use, by: house.steward, of: tenant)
        let late = await refusal { try await register.accept(second.id, by: ada, of: tenant) }
        #expect(late?.code == "responsibility-settled")
        _ = try await register.accept(third.id, by: ben, of: tenant)
        _ = try await register.end(third.id, reason: "New role.", by: ben, of: tenant)
        #expect(try await register.entry(use, of: tenant)?.ownership.owner == nil)
        let states = try await register.responsibilities(of: use, in: tenant).map(\.state)
        #expect(states == [.declined, .withdrawn, .ended])
    }

    @Test(arguments: Engine.present) func `the schema holds one accountable owner`(engine: Engine) async throws {
        let house = try await House(on: engine)
        let use = try await house.register.register(tutor(house), by: house.steward, of: house.tenant).id
        for (index, person) in house.sellers.prefix(2).enumerated() {
            let id = house.world.id(Responsibility.self)
            let insert: @Sendable (any Connection) throws -> Void = { connection in
                try connection.run(
                    """
                    INSERT INTO responsibility (tenant, id, ai_use, part, person, state, reason, proposed_by,
                        proposed_at, answered_at)
                    VALUES (\(house.tenant), \(id), \(use), 'accountable', \(person), 'accepted', '',
                        \(house.steward), 1, 1)
                    """)
            }
            if index == 0 {
                try await house.database.write(insert)
            } else {
                await #expect(throws: (any Error).self) { try await house.database.write(insert) }
            }
        }
    }

    @Test(arguments: Engine.present) func `clarity weighs active uses by the learners they reach`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (register, tenant) = (house.register, house.tenant)
        #expect(try await register.clarity(of: tenant).share == nil)
        let owned = try await register.register(tutor(house), by: house.steward, of: tenant).id
        var other = tutor(house)
        (other.name, other.audience) = ("Search", .unit(house.office))
        _ = try await register.register(other, by: house.steward, of: tenant)
        (other.name, other.status) = ("Idea", .idea)
        _ = try await register.register(other, by: house.steward, of: tenant)
        let asked = try await register.propose(house.clerks[0], for: owned, by: house.steward, of: tenant)
        _ = try await register.accept(asked.id, by: house.clerks[0], of: tenant)
        let clarity = try await register.clarity(of: tenant)
        #expect(clarity.entries.map(\.learners).sorted() == [2, 4])
        #expect(clarity.clearUses == 1)
        #expect(clarity.share == 4.0 / 6.0)
        try await house.directory.deactivate(house.clerks[0], of: tenant)
        let later = try await register.clarity(of: tenant)
        #expect(later.share == 0)
        #expect(later.learners == 5)
        #expect(try await register.entry(owned, of: tenant)?.ownership.gaps == [.lapsed(house.clerks[0])])
        #expect(try await register.overview(of: tenant).count == 3)
    }
}
