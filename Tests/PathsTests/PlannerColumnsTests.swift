import Basis
import Evidence
import Intent
import People
import Storage
import StorageTesting
import Testing

@testable import Paths

/// People of all kinds under a policy with rules of all kinds, everything from a seed.
private struct Harbour: Sendable {
    let database: any Database
    let world: World
    let tenant: TenantID
    let steward: ID<Person>
    let people: [ID<Person>]
    let contents: [ID<Content>]

    var planner: LeewayPlanner { LeewayPlanner(database: database, world: world) }
    var mandates: MandateBook { MandateBook(database: database, world: world) }
    var presence: PresenceBook { PresenceBook(database: database, world: world) }
    var today: Day { world.now().day }

    init(on engine: Engine, seed: UInt64, people count: Int) async throws {
        database = try await engine.database(
            PeopleSchema.migrations + EvidenceSchema.migrations + IntentSchema.migrations + PathsSchema.migrations)
        world = World.replay(seed: seed)
        var dice = Dice(seed: seed)
        let directory = Directory(database: database, world: world)
        tenant = try await directory.createTenant(name: "Harbour", home: "https://harbour.example")
        var units: [ID<Unit>] = []
        for name in ["Dock", "Crane", "Yard"] {
            units.append(try await directory.save(UnitDraft(name: name, parent: units.first), of: tenant).id)
        }
        steward = try await directory.save(
            PersonDraft(key: "steward", name: "Steward", roles: [.steward]), of: tenant
        ).id
        var drafts: [PersonDraft] = []
        for index in 0..<count {
            var draft = PersonDraft(key: "p\(index)", name: "Person \(count - index)", roles: [.learner])
            draft.unit = (units + [nil]).randomElement(using: &dice) ?? nil
            if index % 5 == 0 { draft.roles.insert(.manager) }
            if index % 3 == 0 { draft.attributes["site"] = "north" }
            drafts.append(draft)
        }
        let (tenant, made) = (tenant, drafts)
        people = try await database.write { connection in
            try made.map { try directory.save($0, of: tenant, on: connection).id }
        }
        contents = (0..<4).map { [world] _ in world.id() }
        func terms(_ dice: inout Dice) -> LeewayTerms {
            LeewayTerms(
                minutes: .random(in: 60...240, using: &dice), shareBasisPoints: .random(in: 0...9_000, using: &dice),
                dailyLimit: [nil, nil, 5, 15, 30].randomElement(using: &dice) ?? nil)
        }
        let rules = [AudienceRule.role(.manager), .unit(units[1]), .attribute("site", "north")].map {
            LeewayPolicy.Rule(name: "\($0)", audience: $0, terms: terms(&dice))
        }
        _ = try await LeewayPolicyBook(database: database, world: world).set(
            Array(rules.shuffled(using: &dice).prefix(.random(in: 0...3, using: &dice))), fallback: terms(&dice),
            by: steward, of: tenant)
        try await setPresence(&dice)
    }

    private func setPresence(_ dice: inout Dice) async throws {
        for person in people where Int.random(in: 0..<3, using: &dice) == 0 {
            let days = Set((1...7).shuffled(using: &dice).prefix(.random(in: 1...5, using: &dice)))
            try await presence.set(
                WorkingTerms(
                    shareBasisPoints: [10_000, 6_000, 5_000].randomElement(using: &dice) ?? 10_000, weekdays: days,
                    hiredOn: Bool.random(using: &dice) ? today + .random(in: -60...20, using: &dice) : nil,
                    leftOn: Bool.random(using: &dice) ? today + .random(in: 21...80, using: &dice) : nil),
                for: person, in: tenant)
        }
        for person in people where Int.random(in: 0..<3, using: &dice) == 0 {
            let first = today + .random(in: -30...40, using: &dice)
            try await presence.note(
                person, awayFrom: first, until: first + .random(in: 0...40, using: &dice), by: steward, in: tenant)
        }
        try await presence.set(
            [3, 4, 20].map { Holiday(day: today + $0, name: "Quay day") }, of: tenant)
    }

    func draft(_ dice: inout Dice) -> MandateDraft {
        MandateDraft(
            asker: steward, content: (contents + [nil, nil]).randomElement(using: &dice) ?? nil, title: "Ropes",
            rule: "House rule", why: "Safety", minutes: .random(in: 1...80, using: &dice),
            audience: [.everyone, .role(.manager), .not(.attribute("site", "north"))].randomElement(using: &dice),
            deadline: today + .random(in: 0...100, using: &dice))
    }

    /// A certification that is due some days after it is asked.
    func programme(_ dice: inout Dice) -> CertificationDraft {
        CertificationDraft(
            asker: steward, title: "Knots", why: "Safety", basis: "House rule",
            audience: [.everyone, .role(.manager), .not(.attribute("site", "north"))].randomElement(using: &dice),
            content: contents.randomElement(using: &dice), minutes: .random(in: 1...60, using: &dice),
            terms: CertificationTerms(
                firstDue: "assigned+P\(Int.random(in: 5...90, using: &dice))D",
                minimumDays: .random(in: 0...10, using: &dice)))
    }

    func certify(_ draft: CertificationDraft, override: String?) async throws {
        let kept = try await CertificationBook(database: database, world: world).draft(draft, by: steward, of: tenant)
        _ = try await planner.publish(certification: kept.id, override: override, by: steward, of: tenant)
    }

    func spend(_ dice: inout Dice) async throws {
        guard let person = people.randomElement(using: &dice), let content = contents.randomElement(using: &dice)
        else { return }
        let (mandates, tenant, now, minutes) = (mandates, tenant, world.now(), Int.random(in: 1...20, using: &dice))
        let certifications = CertificationBook(database: database, world: world)
        try await database.write { connection in
            let choice = try mandates.spend(
                .minutes(minutes), on: content, by: person, of: tenant, at: now, on: connection)
            if choice == .own {
                _ = try certifications.spend(
                    .minutes(minutes), on: content, by: person, of: tenant, at: now, on: connection)
            }
        }
    }

    /// What one more mandate pushes out of one person's plan, reckoned from that person's own plan.
    func over(_ person: ID<Person>, with draft: MandateDraft) async throws -> Int {
        let (planner, tenant, today) = (planner, tenant, today)
        return try await database.read { connection in
            let scene = try planner.scene(of: person, in: tenant, on: today, connection)
            var dice = Dice(seed: 1)
            let more = Planner.Ask(
                mandate: ID(at: Moment(microseconds: 0), using: &dice), minutes: draft.minutes,
                deadline: draft.deadline ?? today)
            func over(_ asks: [Planner.Ask]) -> Int { scene.planner.plan(asks).overloads.reduce(0) { $0 + $1.minutes } }
            return over(scene.asks + [more]) - over(scene.asks)
        }
    }
}

@Suite struct PlannerColumnsTests {
    @Test(arguments: Engine.present) func `columns say of everybody what each person's own plan says`(
        engine: Engine
    ) async throws {
        for seed in UInt64(1)...6 {
            let harbour = try await Harbour(on: engine, seed: seed, people: 18)
            var dice = Dice(seed: seed &* 31)
            for _ in 0..<5 {
                let draft = harbour.draft(&dice)
                let preview = try await harbour.planner.preview(draft, of: harbour.tenant)
                var expected: [ID<Person>: Int] = [:]
                let meant = try await Directory(database: harbour.database, world: harbour.world).members(
                    of: draft.audience ?? .everyone, harbour.tenant)
                for person in meant {
                    let minutes = try await harbour.over(person.id, with: draft)
                    if minutes > 0 { expected[person.id] = minutes }
                }
                let found = Dictionary(uniqueKeysWithValues: preview.over.map { ($0.person, $0.minutes) })
                #expect(found == expected, "seed \(seed)")
                #expect(preview.audience == meant.count)
                let kept = try await harbour.mandates.draft(draft, by: harbour.steward, of: harbour.tenant)
                _ = try await harbour.planner.publish(
                    kept.id, override: "A test of the whole harbour.", by: harbour.steward, of: harbour.tenant)
                for _ in 0..<4 { try await harbour.spend(&dice) }
                try await harbour.certify(harbour.programme(&dice), override: "A test of the whole harbour.")
            }
        }
    }

    @Test(arguments: Engine.present)
    func `adding mandates and certifications never lowers what is guaranteed, unless overridden`(
        engine: Engine
    ) async throws {
        for seed in UInt64(11)...14 {
            let harbour = try await Harbour(on: engine, seed: seed, people: 14)
            var dice = Dice(seed: seed &* 37)
            let months = (0..<6).map { Month(index: Month(harbour.today).index + $0) }
            var before: [ID<Person>: [Int]] = [:]
            for person in harbour.people {
                let capacity = try await harbour.planner.plan(of: person, in: harbour.tenant).capacity
                before[person] = months.map { capacity.guaranteed(in: $0) }
            }
            for _ in 0..<9 {
                let reason = Bool.random(using: &dice) ? "The law has a date of its own." : nil
                if Bool.random(using: &dice) {
                    let kept = try await harbour.mandates.draft(
                        harbour.draft(&dice), by: harbour.steward, of: harbour.tenant)
                    _ = try? await harbour.planner.publish(
                        kept.id, override: reason, by: harbour.steward, of: harbour.tenant)
                } else {
                    try? await harbour.certify(harbour.programme(&dice), override: reason)
                }
                for person in harbour.people {
                    let plan = try await harbour.planner.plan(of: person, in: harbour.tenant)
                    #expect(months.map { plan.capacity.guaranteed(in: $0) } == before[person], "seed \(seed)")
                    if plan.overrides.isEmpty {
                        #expect(plan.plan.fits && plan.shortfall == nil, "seed \(seed)")
                        #expect(!plan.meter.isBelowGuarantee, "seed \(seed)")
                    } else {
                        #expect(plan.overrides.allSatisfy { $0.override.reason.count >= Override.reasonMinimum })
                    }
                    #expect((plan.shortfall?.minutes ?? 0) == plan.plan.overloads.reduce(0) { $0 + $1.minutes })
                }
            }
        }
    }

    @Test(arguments: Engine.present) func `part time, days away and a daily limit lower what may be asked`(
        engine: Engine
    ) async throws {
        let harbour = try await Harbour(on: engine, seed: 5, people: 6)
        let (tenant, person, today) = (harbour.tenant, harbour.people[0], harbour.today)
        _ = try await LeewayPolicyBook(database: harbour.database, world: harbour.world).set(
            [], fallback: LeewayTerms(minutes: 240, shareBasisPoints: 5_000, dailyLimit: 10), by: harbour.steward,
            of: tenant)
        try await harbour.presence.set(
            WorkingTerms(shareBasisPoints: 5_000, weekdays: [1, 2, 3, 4, 5]), for: person, in: tenant)
        try await harbour.presence.set([], of: tenant)
        let capacity = try await harbour.planner.plan(of: person, in: tenant).capacity
        let far = Month(index: Month(today).index + 6)
        #expect(capacity.budget(in: far) == 120 && capacity.guaranteed(in: far) == 60)
        #expect(capacity.dailyLimit == 10)
        try await harbour.presence.note(
            person, awayFrom: far.firstDay, until: far.lastDay, by: harbour.steward, in: tenant)
        #expect(try await harbour.planner.plan(of: person, in: tenant).capacity.budget(in: far) == 0)
        let draft = MandateDraft(
            asker: harbour.steward, title: "Ropes", rule: "House rule", why: "Safety", minutes: 11,
            audience: .person(person), deadline: today + 7)
        let away = try await harbour.presence.note(
            person, awayFrom: today + -31, until: today + 7, by: harbour.steward, in: tenant)
        let preview = try await harbour.planner.preview(draft, of: tenant)
        #expect(preview.withoutDay == [person] && preview.minutesOver == 11)
        let why = try #require(try await harbour.planner.shortfall(of: person, with: draft, in: tenant))
        #expect(why.shortfall.capacity == 0 && why.shortfall.unplaceable.map(\.mandate) == [why.draft])
        try await harbour.presence.remove(away.id, in: tenant)
        #expect(try await harbour.planner.preview(draft, of: tenant).withoutDay.isEmpty)
    }

    @Test(arguments: Engine.present) func `load adds up over units, and small units are told together`(
        engine: Engine
    ) async throws {
        let harbour = try await Harbour(on: engine, seed: 3, people: 60)
        var dice = Dice(seed: 9)
        for _ in 0..<4 {
            let kept = try await harbour.mandates.draft(
                harbour.draft(&dice), by: harbour.steward, of: harbour.tenant)
            _ = try await harbour.planner.publish(
                kept.id, override: "A test of the whole harbour.", by: harbour.steward, of: harbour.tenant)
        }
        for _ in 0..<20 { try await harbour.spend(&dice) }
        let load = try await harbour.planner.load(of: harbour.tenant, months: 3)
        #expect(load.people == 61 && load.months.count == 3)
        #expect(load.rows.allSatisfy { $0.people >= LeewayLoad.groupMinimum })
        let all = try #require(load.rows.last)
        #expect(all.group == .everybody)
        for month in 0..<3 {
            let parts = load.rows.dropLast().map { $0.cells[month] }
            #expect(parts.reduce(0) { $0 + $1.asked } == all.cells[month].asked)
            #expect(parts.reduce(0) { $0 + $1.peopleOver } == all.cells[month].peopleOver)
        }
        var (asked, over, guaranteed) = (0, 0, 0)
        for person in harbour.people + [harbour.steward] {
            let meter = try await harbour.planner.plan(of: person, in: harbour.tenant).meter
            asked += meter.asked
            over += meter.over
            guaranteed += meter.guaranteed
        }
        #expect(all.cells[0].asked == asked && all.cells[0].over == over)
        #expect(all.cells[0].guaranteed == guaranteed)
    }

    @Test func `no group of fewer than ten people can be told apart`() {
        let month = Month(Day(number: 20_800))
        func group(_ unit: ID<Unit>?, _ people: Int) -> (unit: ID<Unit>?, people: Int, cells: [LeewayLoad.Cell]) {
            (unit, people, [LeewayLoad.Cell()])
        }
        let world = World.replay(seed: 4)
        let units = (0..<4).map { _ in world.id(Unit.self) }
        let load = LeewayLoad(
            months: [month], groups: [group(units[0], 40), group(units[1], 12), group(units[2], 4), group(nil, 1)])
        #expect(load.rows.map(\.people) == [40, 17, 57])
        #expect(load.rows.map(\.group) == [.unit(units[0]), .rest, .everybody])
        #expect(load.unitsTogether == 2)
        #expect(LeewayLoad(months: [month], groups: [group(units[0], 9)]).rows.isEmpty)
        let even = LeewayLoad(months: [month], groups: [group(units[0], 10), group(units[1], 10)])
        #expect(even.rows.map(\.people) == [10, 10, 20] && even.unitsTogether == 0)
    }
}
