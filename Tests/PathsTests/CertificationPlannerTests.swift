import Basis
import Evidence
import Intent
import People
import Storage
import StorageTesting
import Testing

@testable import Paths

/// Four learners with 120 minutes a month, half of it guaranteed.
private struct Dock: Sendable {
    let database: any Database
    let world: World
    let tenant: TenantID
    let steward: ID<Person>
    let people: [ID<Person>]

    var planner: LeewayPlanner { LeewayPlanner(database: database, world: world) }
    var mandates: MandateBook { MandateBook(database: database, world: world) }
    var book: CertificationBook { CertificationBook(database: database, world: world) }
    var today: Day { world.now().day }

    init(on engine: Engine) async throws {
        database = try await engine.database(
            PeopleSchema.migrations + EvidenceSchema.migrations + IntentSchema.migrations + PathsSchema.migrations)
        world = World.replay(seed: 21)
        let directory = Directory(database: database, world: world)
        tenant = try await directory.createTenant(name: "Dock", home: "https://dock.example")
        steward = try await directory.save(
            PersonDraft(key: "steward", name: "Steward", roles: [.steward]), of: tenant
        ).id
        var people: [ID<Person>] = []
        for number in 0..<4 {
            people.append(
                try await directory.save(PersonDraft(key: "p\(number)", name: "Person \(number)"), of: tenant).id)
        }
        self.people = people
        _ = try await LeewayPolicyBook(database: database, world: world).set(
            [], fallback: LeewayTerms(minutes: 120, shareBasisPoints: 5_000), by: steward, of: tenant)
    }

    /// Due on the last day of a month from now.
    func draft(
        _ minutes: Int, due months: Int = 0, content: ID<Content>? = nil, title: String = "First aid"
    ) -> CertificationDraft {
        CertificationDraft(
            asker: steward, title: title, why: "Somebody can help.", basis: "Safety rules",
            audience: .role(.learner), content: content, minutes: minutes, renewalMinutes: max(1, minutes / 2),
            terms: CertificationTerms(firstDue: "\(Month(index: Month(today).index + months).lastDay)", minimumDays: 0))
    }

    func keep(_ draft: CertificationDraft) async throws -> ID<Mandate> {
        try await book.draft(draft, by: steward, of: tenant).id
    }

    func publish(_ draft: CertificationDraft, override: String? = nil) async throws -> CertificationRecord {
        try await planner.publish(
            certification: try await keep(draft), override: override, by: steward, of: tenant)
    }

    func mandate(_ minutes: Int, due months: Int = 0) -> MandateDraft {
        MandateDraft(
            asker: steward, title: "Ask", rule: "Rule", why: "Why", minutes: minutes, audience: .role(.learner),
            deadline: Month(index: Month(today).index + months).lastDay)
    }
}

private func refusal(_ body: () async throws -> some Any) async -> Problem? {
    do {
        _ = try await body()
        return nil
    } catch { return error as? Problem }
}

@Suite struct CertificationPlannerTests {
    @Test(arguments: Engine.present) func `a certification over budget is refused, with what would fit`(
        engine: Engine
    ) async throws {
        let dock = try await Dock(on: engine)
        let first = try await dock.publish(dock.draft(50))
        #expect(first.state == .published && first.override == nil)
        let draft = dock.draft(40, title: "Fire")
        let preview = try await dock.planner.preview(draft, of: dock.tenant)
        #expect([preview.audience, preview.asked, preview.peopleOver, preview.minutesOver] == [4, 4, 4, 120])
        #expect(preview.alternatives.minutes == 10 && preview.alternatives.retiring == [first.id])
        #expect(preview.alternatives.deadline == Month(dock.today).next.lastDay)
        #expect(preview.months.map(\.minutesCeiling) == [240])
        let kept = try await dock.keep(draft)
        let refused = await refusal {
            try await dock.planner.publish(certification: kept, by: dock.steward, of: dock.tenant)
        }
        #expect(refused?.code == "over-budget" && refused?.kind == .conflict)
        #expect(try await dock.book.find(kept, of: dock.tenant)?.state == .draft)
        let short = await refusal {
            try await dock.planner.publish(certification: kept, override: "Law", by: dock.steward, of: dock.tenant)
        }
        #expect(short?.code == "override-reason-short")
        let record = try await dock.planner.publish(
            certification: kept, override: "The inspector comes on the 30th.", by: dock.steward, of: dock.tenant)
        #expect(record.override?.peopleOver == 4 && record.override?.minutesOver == 120)
        let plan = try await dock.planner.plan(of: dock.people[0], in: dock.tenant)
        #expect(plan.overrides.map(\.title) == ["Fire"] && plan.overrides.map(\.minutes) == [30])
        #expect(plan.meter.over == 30 && plan.meter.isBelowGuarantee && plan.cycles.count == 2)
        let told = try await ChangeLog(database: dock.database, world: dock.world).changes(
            of: .mandate(kept), in: dock.tenant)
        #expect(told.first { $0.what == .overridden }?.reason == "The inspector comes on the 30th.")
    }

    @Test(arguments: Engine.present) func `mandates fit beside what certifications ask, and the other way round`(
        engine: Engine
    ) async throws {
        let dock = try await Dock(on: engine)
        _ = try await dock.publish(dock.draft(45))
        let meter = try await dock.planner.plan(of: dock.people[1], in: dock.tenant).meter
        #expect([meter.planned, meter.asked, meter.leeway] == [45, 45, 75])
        let preview = try await dock.planner.preview(dock.mandate(20), of: dock.tenant)
        #expect(preview.peopleOver == 4 && preview.alternatives.minutes == 15)
        #expect(try await dock.planner.preview(dock.mandate(15), of: dock.tenant).fits)
        #expect(try await dock.planner.preview(dock.mandate(60, due: 1), of: dock.tenant).fits)
        let load = try await dock.planner.load(of: dock.tenant, months: 1)
        #expect(load.people == 5 && load.rows.isEmpty, "fewer than ten people")
        let made = try await dock.mandates.draft(dock.mandate(15), by: dock.steward, of: dock.tenant)
        _ = try await dock.planner.publish(made.id, by: dock.steward, of: dock.tenant)
        #expect(try await dock.planner.preview(dock.draft(1, title: "Knots"), of: dock.tenant).peopleOver == 4)
    }

    @Test(arguments: Engine.present) func `time spent on a cycle counts for it, and completing it frees the rest`(
        engine: Engine
    ) async throws {
        let dock = try await Dock(on: engine)
        let content: ID<Content> = dock.world.id()
        let record = try await dock.publish(dock.draft(50, content: content))
        let (book, tenant, person, now) = (dock.book, dock.tenant, dock.people[2], dock.world.now())
        try await dock.database.write { connection in
            let choice = try book.spend(
                .minutes(20), on: content, by: person, of: tenant, at: now, on: connection)
            #expect(choice == .asked)
        }
        let spent = try await dock.planner.plan(of: person, in: tenant)
        #expect([spent.meter.spentAsked, spent.meter.planned, spent.meter.leeway] == [20, 30, 70])
        #expect(spent.cycles.map(\.minutesLeft) == [30])
        #expect(try await dock.planner.preview(certification: record.id, of: tenant).fits)
        try await dock.database.write { connection in
            _ = try book.complete(content, by: person, of: tenant, at: now, on: connection)
        }
        let done = try await dock.planner.plan(of: person, in: tenant)
        #expect(done.cycles.isEmpty && done.meter.planned == 0 && done.meter.leeway == 100)
        let again = try await dock.planner.preview(certification: record.id, of: tenant)
        #expect([again.audience, again.held, again.asked] == [4, 1, 3])
    }

    @Test(arguments: Engine.present) func `changing, retiring and restoring are looked at as well`(
        engine: Engine
    ) async throws {
        let dock = try await Dock(on: engine)
        let record = try await dock.publish(dock.draft(60))
        var longer = record.draft
        longer.minutes = 70
        let draft = longer
        let preview = try await dock.planner.preview(draft, changing: record.id, of: dock.tenant)
        #expect(preview.peopleOver == 4 && preview.minutesOver == 40)
        let refused = await refusal {
            try await dock.planner.revise(
                certification: record.id, to: draft, by: dock.steward, of: dock.tenant)
        }
        #expect(refused?.code == "over-budget")
        let over = try await dock.planner.revise(
            certification: record.id, to: draft, override: "Nothing shorter is taught.", by: dock.steward,
            of: dock.tenant)
        #expect(over.revision == 2 && over.override?.minutesOver == 40)
        let freed = try await dock.planner.preview(certification: record.id, of: dock.tenant)
        #expect(freed.peopleOver == 4, "whom retiring it frees")
        _ = try await dock.book.retire(record.id, reason: "Over", by: dock.steward, of: dock.tenant)
        #expect(try await dock.planner.plan(of: dock.people[0], in: dock.tenant).meter.planned == 0)
        #expect(try await dock.planner.plan(of: dock.people[0], in: dock.tenant).overrides.isEmpty)
        _ = try await dock.publish(dock.draft(30, title: "Fire"))
        let back = await refusal {
            try await dock.planner.restore(certification: record.id, by: dock.steward, of: dock.tenant)
        }
        #expect(back?.code == "over-budget")
        let restored = try await dock.planner.restore(
            certification: record.id, override: "The law asks for both.", by: dock.steward, of: dock.tenant)
        #expect(restored.state == .published && restored.override?.peopleOver == 4)
    }

    @Test func `a renewal that opens later is kept free for`() async throws {
        let dock = try await Dock(on: .memory)
        let content: ID<Content> = dock.world.id()
        var draft = dock.draft(50, content: content)
        draft.terms.activePeriod = "P2M"
        draft.terms.windowDays = 10
        draft.renewalMinutes = 60
        let record = try await dock.publish(draft)
        let (book, tenant, now) = (dock.book, dock.tenant, dock.world.now())
        for person in dock.people {
            try await dock.database.write { connection in
                _ = try book.complete(content, by: person, of: tenant, at: now, on: connection)
            }
        }
        let place = try #require(
            try await book.places(of: dock.people[0], on: dock.today, in: tenant).first {
                $0.certification == record.id
            })
        #expect(place.cycle == nil && place.dueOn != nil)
        #expect(try await dock.planner.plan(of: dock.people[0], in: tenant).meter.planned == 0)
        // Three months hold 180 minutes by then; the renewal takes 60 of them.
        #expect(try await dock.planner.preview(dock.mandate(120, due: 2), of: tenant).fits)
        #expect(try await dock.planner.preview(dock.mandate(121, due: 2), of: tenant).peopleOver == 4)
    }

    @Test func `people with different due days are looked at together`() async throws {
        let dock = try await Dock(on: .memory)
        let presence = PresenceBook(database: dock.database, world: dock.world)
        try await presence.set(
            WorkingTerms(hiredOn: dock.today + -20), for: dock.people[0], in: dock.tenant)
        var draft = dock.draft(70)
        draft.terms.firstDue = "hired+P30D"
        let preview = try await dock.planner.preview(draft, of: dock.tenant)
        #expect([preview.audience, preview.asked] == [4, 4])
        #expect(preview.deadline == dock.today + 30)
        #expect(preview.peopleOver == (Month(dock.today + 30) == Month(dock.today) ? 4 : 1))
    }
}
