import Basis
import Evidence
import Intent
import People
import Storage
import StorageTesting
import Testing

@testable import Paths

/// An organisation with a budget of 120 minutes a month, half of it guaranteed, and 200 for the office.
private struct Office: Sendable {
    let database: any Database
    let world: World
    let tenant: TenantID
    let steward: ID<Person>
    let office: ID<Unit>
    let people: [ID<Person>]

    var planner: LeewayPlanner { LeewayPlanner(database: database, world: world) }
    var mandates: MandateBook { MandateBook(database: database, world: world) }
    var today: Day { world.now().day }

    init(on engine: Engine, people count: Int = 4) async throws {
        let database = try await engine.database(
            PeopleSchema.migrations + EvidenceSchema.migrations + IntentSchema.migrations + PathsSchema.migrations)
        let world = World.replay(seed: 21)
        let directory = Directory(database: database, world: world)
        let tenant = try await directory.createTenant(name: "Quay", home: "https://quay.example")
        let office = try await directory.save(UnitDraft(name: "Office"), of: tenant).id
        steward = try await directory.save(
            PersonDraft(key: "steward", name: "Steward", roles: [.steward]), of: tenant
        ).id
        people = try await database.write { connection in
            try (0..<count).map { index in
                try directory.save(
                    PersonDraft(key: "p\(index)", name: "Person \(index)", unit: index == 0 ? office : nil),
                    of: tenant, on: connection
                ).id
            }
        }
        (self.database, self.world, self.tenant, self.office) = (database, world, tenant, office)
        _ = try await LeewayPolicyBook(database: database, world: world).set(
            [
                LeewayPolicy.Rule(
                    name: "Office", audience: .unit(office), terms: LeewayTerms(minutes: 200, shareBasisPoints: 5_000))
            ], fallback: LeewayTerms(minutes: 120, shareBasisPoints: 5_000), by: steward, of: tenant)
    }

    func draft(
        _ title: String, _ minutes: Int, due months: Int, content: ID<Content>? = nil,
        audience: AudienceRule = .role(.learner)
    ) -> MandateDraft {
        MandateDraft(
            asker: steward, content: content, title: title, rule: "House rule 4", why: "It keeps us safe.",
            minutes: minutes, audience: audience,
            deadline: Month(index: Month(today).index + months).lastDay)
    }

    func keep(_ draft: MandateDraft) async throws -> ID<Mandate> {
        try await mandates.draft(draft, by: steward, of: tenant).id
    }

    func publish(_ draft: MandateDraft, override: String? = nil) async throws -> MandateRecord {
        try await planner.publish(try await keep(draft), override: override, by: steward, of: tenant)
    }
}

private func refusal(_ body: () async throws -> some Any) async -> Problem? {
    do {
        _ = try await body()
        return nil
    } catch { return error as? Problem }
}

@Suite struct PlannerStoreTests {
    @Test(arguments: Engine.present) func `what is over budget is refused, then fits, then is published`(
        engine: Engine
    ) async throws {
        let office = try await Office(on: engine)
        let first = try await office.publish(office.draft("First", 50, due: 0))
        #expect(first.override == nil)
        let draft = office.draft("Second", 40, due: 0)
        let preview = try await office.planner.preview(draft, of: office.tenant)
        #expect([preview.audience, preview.asked, preview.peopleOver, preview.minutesOver] == [4, 4, 3, 90])
        #expect(Set(preview.over.map(\.person)) == Set(office.people.dropFirst()))
        #expect(preview.over.allSatisfy { $0.months == [.init(month: Month(office.today), minutes: 30)] })
        #expect(preview.months.map(\.minutesCeiling) == [280])
        #expect(preview.alternatives.minutes == 10)
        #expect(preview.alternatives.deadline == Month(office.today).next.lastDay)
        #expect(preview.alternatives.retiring == [first.id])
        let kept = try await office.keep(draft)
        let refused = await refusal {
            try await office.planner.publish(kept, by: office.steward, of: office.tenant)
        }
        #expect(refused?.code == "over-budget")
        #expect(refused?.kind == .conflict)
        #expect(refused?.detail.contains("3 people") == true && refused?.detail.contains("90 minutes") == true)
        #expect(try await office.mandates.find(kept, of: office.tenant)?.state == .draft)
        var trimmed = draft
        trimmed.deadline = preview.alternatives.deadline
        _ = try await office.mandates.edit(kept, to: trimmed, by: office.steward, of: office.tenant)
        let record = try await office.planner.publish(kept, by: office.steward, of: office.tenant)
        #expect(record.state == .published && record.override == nil)
        let plan = try await office.planner.plan(of: office.people[1], in: office.tenant)
        #expect(plan.plan.fits)
        #expect(plan.meter.planned == 60 && plan.meter.leeway == 60 && plan.meter.guaranteed == 60)
        #expect(plan.rule == nil && plan.policy == 1)
        let own = try await office.planner.plan(of: office.people[0], in: office.tenant)
        #expect(own.rule == "Office" && own.meter.planned == 90 && own.meter.leeway == 110)
    }

    @Test(arguments: Engine.present) func `an override is kept and shown to whom it touches`(
        engine: Engine
    ) async throws {
        let office = try await Office(on: engine)
        let short = await refusal { try await office.publish(office.draft("A", 80, due: 0), override: "Audit") }
        #expect(short?.code == "override-reason-short")
        let record = try await office.publish(
            office.draft("B", 80, due: 0), override: "The auditor comes on the 30th.")
        #expect(record.override?.peopleOver == 3 && record.override?.minutesOver == 60)
        let touched = try await office.planner.plan(of: office.people[2], in: office.tenant)
        #expect(touched.overrides.map(\.minutes) == [20])
        #expect(touched.overrides.first?.override.reason == "The auditor comes on the 30th.")
        #expect(touched.meter.over == 20 && touched.meter.isBelowGuarantee)
        let untouched = try await office.planner.plan(of: office.people[0], in: office.tenant)
        #expect(untouched.overrides.isEmpty && untouched.meter.over == 0)
        // What was overridden is not blamed on the next one.
        let next = try await office.planner.preview(office.draft("C", 10, due: 1), of: office.tenant)
        #expect(next.fits)
        var shorter = MandateDraft(record)
        shorter.minutes = 60
        let revised = try await office.planner.revise(
            record.id, to: shorter, by: office.steward, of: office.tenant)
        #expect(revised.revision == 2 && revised.override == nil)
        #expect(try await office.planner.plan(of: office.people[2], in: office.tenant).overrides.isEmpty)
    }

    @Test(arguments: Engine.present) func `a change is looked at anew`(engine: Engine) async throws {
        let office = try await Office(on: engine)
        let record = try await office.publish(office.draft("A", 60, due: 0))
        // Looked at beside itself it would not fit; it replaces itself.
        #expect(try await office.planner.preview(record.id, of: office.tenant).fits)
        var longer = MandateDraft(record)
        longer.minutes = 75
        let draft = longer
        let preview = try await office.planner.preview(draft, changing: record.id, of: office.tenant)
        #expect(preview.minutesOver == 45 && preview.alternatives.minutes == 60)
        let refused = await refusal {
            try await office.planner.revise(record.id, to: draft, by: office.steward, of: office.tenant)
        }
        #expect(refused?.code == "over-budget")
        #expect(try await office.mandates.find(record.id, of: office.tenant) == record)
    }

    @Test(arguments: Engine.present) func `retiring makes room, and restoring asks for it again`(
        engine: Engine
    ) async throws {
        let office = try await Office(on: engine)
        let first = try await office.publish(office.draft("A", 60, due: 0))
        #expect(await refusal { try await office.publish(office.draft("B", 30, due: 0)) }?.code == "over-budget")
        _ = try await office.mandates.retire(
            first.id, reason: "No longer needed.", by: office.steward, of: office.tenant)
        _ = try await office.publish(office.draft("C", 30, due: 0))
        let refused = await refusal {
            try await office.planner.restore(first.id, by: office.steward, of: office.tenant)
        }
        #expect(refused?.code == "over-budget")
        let restored = try await office.planner.restore(
            first.id, override: "Retired by mistake.", by: office.steward, of: office.tenant)
        #expect(restored.state == .published && restored.override?.minutesOver == 90)
    }

    @Test(arguments: Engine.present) func `time spent counts, and so does what is held`(engine: Engine) async throws {
        let office = try await Office(on: engine)
        let content = office.world.id(Content.self)
        let log = StatementLog(database: office.database, world: office.world)
        let activity = ActivityRef(Vocabulary.contentIRI(content))
        try await log.append([StatementDraft(.person(office.people[3]), .completed, activity)], to: office.tenant)
        let preview = try await office.planner.preview(
            office.draft("A", 50, due: 0, content: content), of: office.tenant)
        #expect([preview.audience, preview.held, preview.asked] == [4, 1, 3])
        let record = try await office.publish(office.draft("A", 50, due: 0, content: content))
        let (mandates, tenant, person, now) = (
            office.mandates, office.tenant, office.people[1], office.world.now()
        )
        try await office.database.write { connection in
            for minutes in [10, 5] {
                let choice = try mandates.spend(
                    .minutes(minutes), on: content, by: person, of: tenant, at: now, on: connection)
                try log.append(
                    [
                        StatementDraft(
                            .person(person), .experienced, activity, result: Outcome(duration: .minutes(minutes)),
                            choice: choice)
                    ], to: tenant, on: connection)
            }
            try log.append(
                [
                    StatementDraft(
                        .person(person), .experienced, ActivityRef("https://quay.example/own"),
                        result: Outcome(duration: .minutes(25)), choice: .own, timestamp: now)
                ], to: tenant, on: connection)
        }
        let meter = try await office.planner.plan(of: person, in: tenant).meter
        #expect([meter.spentAsked, meter.planned, meter.spentOwn] == [15, 35, 25])
        #expect([meter.asked, meter.leeway, meter.free] == [50, 70, 45])
        #expect(try await office.planner.preview(record.id, of: tenant).fits)
        let more = try await office.planner.preview(office.draft("B", 15, due: 0), of: tenant)
        #expect(Set(more.over.map(\.person)) == [office.people[1], office.people[2]])
        #expect(more.alternatives.minutes == 10)
    }

    @Test(arguments: Engine.present) func `two that fit alone and not together are not both published`(
        engine: Engine
    ) async throws {
        let office = try await Office(on: engine)
        let (one, two) = (
            try await office.keep(office.draft("A", 40, due: 0)), try await office.keep(office.draft("B", 40, due: 0))
        )
        let published = await withTaskGroup(of: Bool.self) { group in
            for id in [one, two] {
                group.addTask {
                    await refusal {
                        try await office.planner.publish(id, by: office.steward, of: office.tenant)
                    } == nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(published == 1)
        #expect(try await office.mandates.list(of: office.tenant, state: .published).count == 1)
    }

    @Test func `a preview names what is missing, and nobody is nobody`() async throws {
        let office = try await Office(on: .memory)
        let draft = MandateDraft(asker: nil, title: "", why: "", minutes: 0, audience: nil, deadline: nil)
        let problem = await refusal { try await office.planner.preview(draft, of: office.tenant) }
        #expect(problem?.pointers == ["/minutes", "/audience", "/deadline"])
        let nobody = try await office.planner.preview(
            office.draft("A", 10, due: 0, audience: .not(.everyone)), of: office.tenant)
        #expect(nobody.audience == 0 && nobody.fits)
        let stranger = await refusal {
            try await office.planner.plan(of: office.world.id(), in: office.tenant)
        }
        #expect(stranger?.kind == .missing)
    }
}
