import Basis
import Evidence
import Intent
import People
import Storage
import StorageTesting
import Testing

@Suite struct MandateTests {
    @Test func `a mandate is refused with every place`() async throws {
        let house = try await House(on: .memory)
        let draft = MandateDraft(
            asker: nil, title: "", why: "", minutes: 0, audience: nil, deadline: house.today + -1)
        let problem = await refusal { try await house.mandates.draft(draft, by: house.steward, of: house.tenant) }
        #expect(problem?.kind == .invalid)
        #expect(
            problem?.pointers == ["/asker", "/title", "/why", "/priority", "/minutes", "/audience", "/deadline"])
        for (edit, code) in Self.edits {
            var draft = house.mandate()
            edit(&draft)
            let problem = await refusal {
                try await house.mandates.draft(draft, by: house.steward, of: house.tenant)
            }
            #expect(problem?.code == code)
        }
        #expect(try await house.mandates.list(of: house.tenant).isEmpty)
    }

    static let edits: [(@Sendable (inout MandateDraft) -> Void, String)] = [
        ({ $0.asker = nil }, "owner-missing"),
        ({ $0.asker = World.replay(seed: 99).id() }, "person-inactive"),
        ({ $0.audience = .not(.everyone) }, "audience-empty"),
        ({ $0.audience = nil }, "audience-missing"),
        ({ $0.deadline = $0.deadline.map { $0 + -61 } }, "deadline-past"),
        ({ $0.deadline = $0.deadline.map { $0 + 4_000 } }, "deadline-far"),
        ({ $0.minutes = 6_001 }, "minutes-out-of-range"),
        ({ $0.minutes = -5 }, "minutes-out-of-range"),
        ({ $0.rule = " " }, "ground-missing"),
        ({ $0.why = "\n" }, "text-missing"),
    ]

    @Test(arguments: Engine.present) func `publication asks everybody who does not hold it`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let content = house.world.id(Content.self)
        try await house.log.append(
            [
                StatementDraft(
                    .person(house.sellers[0]), .completed, ActivityRef(Vocabulary.contentIRI(content)))
            ], to: house.tenant)
        let made = try await house.mandates.draft(
            house.mandate(content: content, audience: .unit(house.sales)), by: house.steward, of: house.tenant)
        #expect(made.state == .draft && made.revision == 0)
        let published = try await house.publish(made.id)
        #expect(published.state == .published && published.revision == 1)
        #expect(published.override == nil)
        let progress = try await house.mandates.progress(of: made.id, in: house.tenant)
        #expect([progress.open, progress.held, progress.completed] == [3, 1, 0])
        let twice = await refusal { try await house.publish(made.id) }
        #expect(twice?.code == "mandate-not-draft")
        let own = try await house.mandates.assigned(to: house.sellers[1], of: house.tenant)
        #expect(own.map(\.minutesLeft) == [45])
        #expect(own[0].mandate == published)
        #expect(try await house.mandates.assigned(to: house.clerks[0], of: house.tenant).isEmpty)
        #expect(try await house.statements(of: ":published") == 1)
    }

    @Test(arguments: Engine.present) func `time and completion count for the mandate`(engine: Engine) async throws {
        let house = try await House(on: engine)
        let (mandates, tenant, ben) = (house.mandates, house.tenant, house.sellers[1])
        let content = house.world.id(Content.self)
        let made = try await mandates.draft(
            house.mandate(content: content), by: house.steward, of: tenant)
        _ = try await house.publish(made.id)
        let now = house.world.now()
        let (first, spent) = try await house.database.write { connection in
            let first = try mandates.spend(
                .seconds(1_250), on: content, by: ben, of: tenant, at: now, on: connection)
            try mandates.spend(.seconds(10), on: content, by: ben, of: tenant, at: now, on: connection)
            return (first, try mandates.minutesSpent(in: Month(now.day), of: tenant, on: connection))
        }
        #expect(first == .asked)
        #expect(spent == [ben: 21])
        #expect(try await mandates.assigned(to: ben, of: tenant).map(\.minutesLeft) == [24])
        let (done, again, choice, later) = try await house.database.write { connection in
            let done = try mandates.complete(content, by: ben, of: tenant, at: now, on: connection)
            let again = try mandates.complete(content, by: ben, of: tenant, at: now, on: connection)
            let choice = try mandates.choice(of: content, by: ben, of: tenant, on: connection)
            let later = try mandates.spend(.seconds(60), on: content, by: ben, of: tenant, at: now, on: connection)
            return (done, again, choice, later)
        }
        #expect(done == [made.id])
        #expect(again.isEmpty)
        #expect(choice == .own && later == .own)
        let own = try await mandates.assigned(to: ben, of: tenant)
        #expect(own.map(\.assignment.state) == [.completed])
        #expect(own.map(\.minutesLeft) == [0])
        let asks = try await house.database.read { try mandates.openAsks(of: tenant, on: $0) }
        #expect(asks.count == 7)
        #expect(asks.allSatisfy { $0.minutesLeft == 45 })
    }

    @Test(arguments: Engine.present) func `joiners are asked, leavers released, the returned asked again`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (mandates, tenant, ada) = (house.mandates, house.tenant, house.sellers[0])
        let made = try await mandates.draft(
            house.mandate(audience: .unit(house.sales)), by: house.steward, of: tenant)
        _ = try await house.publish(made.id)
        let gil = try await house.directory.save(
            PersonDraft(key: "gil", name: "Gil", unit: house.sales), of: tenant
        ).id
        try await house.directory.deactivate(ada, of: tenant)
        let first = try await mandates.refresh(made.id, of: tenant)
        #expect([first.joined, first.released, first.reached] == [1, 1, 4])
        #expect(try await mandates.assigned(to: gil, of: tenant).count == 1)
        #expect(try await mandates.assigned(to: ada, of: tenant).isEmpty)
        let again = try await mandates.refresh(made.id, of: tenant)
        #expect([again.joined, again.released, again.reached] == [0, 0, 4])
        try await house.directory.reactivate(ada, of: tenant)
        #expect(try await mandates.refreshAll(of: tenant).joined == 1)
        #expect(try await mandates.progress(of: made.id, in: tenant).open == 5)
    }

    @Test(arguments: Engine.present) func `evidence that came from elsewhere completes on refresh`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let content = house.world.id(Content.self)
        let made = try await house.mandates.draft(
            house.mandate(content: content), by: house.steward, of: house.tenant)
        _ = try await house.publish(made.id)
        try await house.log.append(
            [
                StatementDraft(
                    .person(house.clerks[0]), .passed, ActivityRef(Vocabulary.contentIRI(content))),
                StatementDraft(
                    .person(house.clerks[1]), .failed, ActivityRef(Vocabulary.contentIRI(content))),
            ], to: house.tenant)
        try await house.mandates.refresh(made.id, of: house.tenant)
        let progress = try await house.mandates.progress(of: made.id, in: house.tenant)
        #expect([progress.open, progress.completed] == [7, 1])
    }

    @Test(arguments: Engine.present) func `over budget needs a reason, which is kept`(engine: Engine) async throws {
        let house = try await House(on: engine)
        let (mandates, steward, tenant) = (house.mandates, house.steward, house.tenant)
        let made = try await mandates.draft(house.mandate(), by: steward, of: tenant)
        for (reason, code) in [(nil, "over-budget"), ("  ", "over-budget"), ("because", "override-reason-short")] {
            let verdict = MandateVerdict(peopleOver: 3, minutesOver: 90, override: reason)
            let problem = await refusal {
                try await house.database.write { connection in
                    try mandates.publish(
                        made.id, verdict, by: steward, of: tenant, at: house.world.now(), on: connection)
                }
            }
            #expect(problem?.code == code)
            if code == "over-budget" {
                #expect(problem?.kind == .conflict)
                #expect(problem?.detail.hasPrefix("3 people would be over budget, by 90 minutes in all.") == true)
            }
        }
        #expect(try await mandates.find(made.id, of: tenant)?.state == .draft)
        #expect(try await mandates.assignments(of: made.id, in: tenant).isEmpty)
        let verdict = MandateVerdict(peopleOver: 3, minutesOver: 90, override: " The audit is in May. ")
        let record = try await house.database.write { connection in
            try mandates.publish(made.id, verdict, by: steward, of: tenant, at: house.world.now(), on: connection)
        }
        #expect(record.override?.reason == "The audit is in May.")
        #expect(record.override?.peopleOver == 3)
        #expect(try await house.statements(of: ":overridden") == 1)
        let changes = try await house.changes.changes(of: .mandate(made.id), in: tenant)
        #expect(changes.first { $0.what == .overridden }?.reason == "The audit is in May.")
    }

    @Test(arguments: Engine.present) func `a change makes a revision, retiring can be undone`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (mandates, steward, tenant) = (house.mandates, house.steward, house.tenant)
        let made = try await mandates.draft(house.mandate(), by: steward, of: tenant)
        let published = try await house.publish(made.id)
        var shorter = MandateDraft(published)
        shorter.minutes = 30
        shorter.audience = .unit(house.office)
        let draft = shorter
        let edited = await refusal { try await mandates.edit(made.id, to: draft, by: steward, of: tenant) }
        #expect(edited?.code == "mandate-not-draft")
        let revised = try await house.database.write { connection in
            try mandates.revise(
                made.id, to: draft, .fits, by: steward, of: tenant, at: house.world.now(), on: connection)
        }
        #expect(revised.revision == 2 && revised.minutes == 30)
        let progress = try await mandates.progress(of: made.id, in: tenant)
        #expect([progress.open, progress.released] == [2, 6])
        let retired = try await mandates.retire(made.id, reason: "Law repealed.", by: steward, of: tenant)
        #expect(retired.state == .retired)
        #expect(try await mandates.assigned(to: house.clerks[0], of: tenant).isEmpty)
        #expect(try await house.database.read { try mandates.openAsks(of: tenant, on: $0) }.isEmpty)
        let restored = try await house.database.write { connection in
            try mandates.restore(made.id, .fits, by: steward, of: tenant, at: house.world.now(), on: connection)
        }
        #expect(restored.state == .published && restored.revision == 3 && restored.retiredAt == nil)
        #expect(try await mandates.assigned(to: house.clerks[0], of: tenant).count == 1)
        let details = try await house.changes.changes(of: .mandate(made.id), in: tenant).map(\.detail)
        #expect(details.contains("minutes 45 → 30; audience changed"))
    }

    @Test(arguments: Engine.present) func `a mandate without content is done by saying so`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (mandates, tenant, eve) = (house.mandates, house.tenant, house.clerks[0])
        let made = try await mandates.draft(house.mandate("Talk to your manager"), by: house.steward, of: tenant)
        _ = try await house.publish(made.id)
        #expect(try await mandates.complete(made.id, by: eve, of: tenant))
        #expect(try await mandates.complete(made.id, by: eve, of: tenant) == false)
        #expect(try await house.statements(of: "/completed") == 1)
        let draft = try await mandates.draft(house.mandate(), by: house.steward, of: tenant)
        try await mandates.discard(draft.id, by: house.steward, of: tenant)
        #expect(try await mandates.find(draft.id, of: tenant) == nil)
    }
}
