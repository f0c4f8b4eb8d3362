import Basis
import People
import Storage
import StorageTesting
import Testing

@testable import Intent

@Suite struct EscalationTests {
    private func use(_ house: House, owner: ID<Person>?, _ name: String = "Tutor") async throws -> ID<AIUse> {
        let use = try await house.register.register(
            AIUseDraft(name: name, purpose: "Asks back.", kind: .tool, status: .live, reviewOn: house.today + 90),
            by: house.steward, of: house.tenant)
        if let owner {
            let asked = try await house.register.propose(owner, for: use.id, by: house.steward, of: house.tenant)
            _ = try await house.register.accept(asked.id, by: owner, of: house.tenant)
        }
        return use.id
    }

    @Test func `working days leave out weekends and holidays`() throws {
        let friday = try #require(Day("2026-11-27"))
        #expect(friday.weekday == 5)
        #expect(EscalationBook.day(1, workingDaysAfter: friday, holidays: []) == friday + 3)
        #expect(EscalationBook.day(5, workingDaysAfter: friday, holidays: []) == friday + 7)
        #expect(EscalationBook.day(1, workingDaysAfter: friday, holidays: [friday + 3]) == friday + 4)
    }

    @Test(arguments: Engine.present) func `the owner answers, hands over, and stewards take what waits too long`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let book = EscalationBook(database: house.database, world: house.world)
        let (tenant, ada, ben, cleo) = (house.tenant, house.sellers[0], house.sellers[1], house.sellers[2])
        let use = try await use(house, owner: ada)
        let silent = await refusal { try await book.raise(" ", about: use, by: ben, of: tenant) }
        #expect(silent?.code == "text-missing")
        let first = try await book.raise("Who decides what it may see?", about: use, by: ben, of: tenant)
        let due = EscalationBook.day(5, workingDaysAfter: house.today, holidays: [])
        #expect(first.dueOn == due && first.isOpen)
        #expect(try await book.waiting(for: ada, isSteward: false, of: tenant).map(\.id) == [first.id])
        #expect(try await book.waiting(for: house.steward, isSteward: true, of: tenant).isEmpty)
        func answer(_ id: ID<Escalation>, by person: ID<Person>, isSteward: Bool = false) async -> Problem? {
            await refusal {
                try await book.answer(id, "The owner does.", by: person, isSteward: isSteward, of: tenant)
            }
        }
        #expect(await answer(first.id, by: ben)?.code == "escalation-not-yours")
        #expect(await answer(first.id, by: house.steward, isSteward: true)?.code == "escalation-not-yours")
        let own = await refusal {
            try await book.handOver(first.id, to: ada, reason: "Mine", by: ada, isSteward: false, of: tenant)
        }
        #expect(own?.code == "escalation-self")
        let handed = try await book.handOver(
            first.id, to: cleo, reason: "She runs it.", by: ada, isSteward: false, of: tenant)
        #expect(handed.holder == cleo && handed.handovers == 1 && handed.dueOn == first.dueOn)
        #expect(await answer(first.id, by: ada)?.code == "escalation-not-yours")
        #expect(await answer(first.id, by: cleo) == nil)
        #expect(await answer(first.id, by: cleo)?.code == "escalation-decided")

        let second = try await book.raise("It does not work.", about: use, by: cleo, of: tenant)
        try await house.database.write { connection in
            try connection.run("UPDATE escalation SET due_day = \(house.today + -1) WHERE id = \(second.id)")
        }
        #expect(try await book.waiting(for: house.steward, isSteward: true, of: tenant).map(\.id) == [second.id])
        #expect(await answer(second.id, by: house.steward, isSteward: true) == nil)
        // Nobody answers for it: stewards do at once.
        let bare = try await self.use(house, owner: nil, "Drafts")
        let third = try await book.raise("Whose is it?", about: bare, by: ben, of: tenant)
        #expect(try await book.waiting(for: house.steward, isSteward: true, of: tenant).map(\.id) == [third.id])
        let history = try await house.changes.changes(of: .escalation(first.id), in: tenant)
        #expect(history.map(\.what) == [.decided, .moved, .escalated])
        #expect(try await house.statements(of: ":escalated") == 3)
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `decisions are by the owner, a stand-in, or somebody else`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (register, tenant, ada, ben) = (house.register, house.tenant, house.sellers[0], house.sellers[1])
        let use = try await use(house, owner: nil)
        _ = try await register.move(use, to: .pilot, by: house.steward, of: tenant)
        let asked = try await register.propose(ada, for: use, by: house.steward, of: tenant)
        _ = try await register.accept(asked.id, by: ada, of: tenant)
        _ = try await register.move(use, to: .live, by: ada, of: tenant)
        _ = try await register.review(use, nextOn: house.today + 100, by: ben, of: tenant)
        let days = house.today...(house.today + 5)
        let standIn = try await register.delegate(
            from: ada, to: ben, for: use, on: days, reason: "Leave", of: tenant)
        _ = try await register.answer(standIn.id, accepting: true, by: ben, of: tenant)
        _ = try await register.classify(
            use, Classification.Answers(yes: []), note: "It sorts.", by: ben, of: tenant)
        // A change of words is no decision.
        var draft = AIUseDraft(try #require(try await register.find(use, of: tenant)))
        draft.purpose = "Asks back more."
        _ = try await register.change(use, to: draft, by: house.steward, of: tenant)
        let decisions = try await house.database.read {
            try register.decisions(of: tenant, since: Moment(microseconds: 0), on: $0)
        }
        #expect(decisions.map(\.wasOwned) == [false, true, true, true])
        #expect(decisions.map(\.isByOwner) == [false, true, false, true])
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `rules of governance are set and kept`(engine: Engine) async throws {
        let house = try await House(on: engine)
        let book = EscalationBook(database: house.database, world: house.world)
        #expect(try await book.policy(of: house.tenant) == .initial)
        let wrong = await refusal {
            try await book.set(answerDays: 0, agreement: 1.5, by: house.steward, of: house.tenant)
        }
        #expect(wrong?.pointers == ["/answerDays", "/agreement"])
        let set = try await book.set(answerDays: 2, agreement: 0.6, by: house.steward, of: house.tenant)
        #expect(set.version == 1 && set.answerDays == 2 && set.agreement == 0.6)
        try await house.database.close()
    }
}

@Suite struct OwnerQuestionTests {
    private func use(_ house: House, _ name: String, _ audience: AudienceRule) async throws -> ID<AIUse> {
        try await house.register.register(
            AIUseDraft(
                name: name, purpose: "Helps.", kind: .tool, audience: audience, status: .live,
                reviewOn: house.today + 90), by: house.steward, of: house.tenant
        ).id
    }

    @Test(arguments: Engine.present) func `people are asked once a month, about their own uses, evenly`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let book = OwnerQuestionBook(database: house.database, world: house.world)
        let tenant = house.tenant
        #expect(try await book.question(for: house.sellers[0], seed: 1, of: tenant) == nil)
        let uses = [
            try await use(house, "Tutor", .unit(house.sales)), try await use(house, "Drafts", .unit(house.sales)),
            try await use(house, "Books", .unit(house.office)),
        ]
        var asked: [ID<AIUse>: Int] = [:]
        for (place, person) in house.sellers.enumerated() {
            let question = try #require(try await book.question(for: person, seed: UInt64(place), of: tenant))
            #expect(question.use != uses[2])
            asked[question.use, default: 0] += 1
            #expect(try await book.question(for: person, seed: 99, of: tenant) == question)
        }
        #expect(asked[uses[0]] == 2 && asked[uses[1]] == 2)
        let (ada, ben, cleo, dan) = (house.sellers[0], house.sellers[1], house.sellers[2], house.sellers[3])
        func open(_ person: ID<Person>) async throws -> ID<OwnerQuestion> {
            try #require(try await book.question(for: person, seed: 5, of: tenant)).id
        }
        let first = try await open(ada)
        let other = await refusal { try await book.answer(first, .unknown, by: ben, of: tenant) }
        #expect(other?.code == "question-missing")
        try await book.answer(first, .person(dan), by: ada, of: tenant)
        let again = await refusal { try await book.answer(first, .nobody, by: ada, of: tenant) }
        #expect(again?.code == "question-answered")
        #expect(try await book.question(for: ada, seed: 5, of: tenant) == nil)
        try await book.answer(try await open(ben), .nobody, by: ben, of: tenant)
        try await book.answer(try await open(cleo), .refused, by: cleo, of: tenant)
        try await book.dismiss(try await open(dan), by: dan, of: tenant)
        let answers = try await house.database.read { try book.answers(of: tenant, on: $0) }
        #expect(answers.count == 3 && Set(answers.map(\.respondent)).count == 3)
        #expect(answers.compactMap(\.isRight).sorted { !$0 && $1 } == [false, true])
        // Thirty-one days later the month is over.
        try await house.database.write { connection in
            try connection.run(
                """
                UPDATE owner_question SET asked_at = asked_at - \(Duration.days(31).microseconds), month = month - 1
                WHERE person = \(ada)
                """)
        }
        #expect(try await book.question(for: ada, seed: 7, of: tenant) != nil)
        try await house.database.close()
    }

    @Test func `who answers for a use is not asked about it`() async throws {
        let house = try await House(on: .memory)
        let book = OwnerQuestionBook(database: house.database, world: house.world)
        let use = try await use(house, "Tutor", .unit(house.sales))
        let asked = try await house.register.propose(
            house.sellers[0], for: use, by: house.steward, of: house.tenant)
        _ = try await house.register.accept(asked.id, by: house.sellers[0], of: house.tenant)
        #expect(try await book.question(for: house.sellers[0], seed: 1, of: house.tenant) == nil)
        #expect(try await book.question(for: house.sellers[1], seed: 1, of: house.tenant) != nil)
    }
}
