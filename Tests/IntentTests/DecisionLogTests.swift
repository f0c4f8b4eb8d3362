import Authorization
import Basis
import People
import Storage
import StorageTesting
import Testing

@testable import Evidence
@testable import Intent

@Suite struct DecisionLogTests {
    @Test(arguments: Engine.present) func `the same decision is kept once a day, with how often`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        let use = try await house.use()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<40 { group.addTask { _ = try await house.decide(house.ada, .useAI, .use(use.id)) } }
            for _ in 0..<60 { group.addTask { _ = try await house.decide(house.ada, .viewStatements, .statements) } }
            for _ in 0..<5 { group.addTask { try await house.desk.writeWaiting() } }
            try await group.waitForAll()
        }
        try await house.desk.writeWaiting()
        try await house.desk.writeWaiting()
        #expect(try await house.rows().map(\.times).sorted() == [40, 60])
        house.clock.pass(.hours(24))
        _ = try await house.decide(house.ada, .viewStatements, .statements)
        try await house.desk.writeWaiting()
        #expect(try await house.rows().map(\.times).sorted() == [1, 40, 60])
        let counts = try await house.decisions.counts(of: house.tenant, days: 2)
        #expect(counts.map(\.times) == [40, 61] && counts.map(\.isAllowed) == [true, false])
        #expect(try await house.decisions.counts(of: house.tenant, days: 1).map(\.times) == [1])
    }

    @Test(arguments: Engine.present) func `people read what was decided for and about them, stewards what was refused`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        _ = try await house.decide(house.steward, .viewPerson, .person(house.ada))
        _ = try await house.decide(house.ada, .viewPerson, .person(house.house.clerks[0]))
        try await house.desk.writeWaiting()
        let own = try await house.decisions.decisions(concerning: house.ada, of: house.tenant)
        #expect(Set(own.map(\.isAllowed)) == [true, false] && own.count == 2)
        let refused = try await house.decisions.denials(of: house.tenant, days: 1)
        #expect(refused.map(\.person) == [house.ada])
    }

    @Test(arguments: Engine.present) func `facts are kept so that deciding anew gives the same`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        var person = PersonDraft(key: "odd", name: "Odd “Ö”", unit: house.house.sales)
        person.attributes = ["grade": "7 “x” \\ \"y\"", "e\u{301}": "é"]
        let odd = try await house.house.directory.save(person, of: house.tenant).id
        let uses = [try await house.use("A"), try await house.use("B", .suspended)]
        for person in house.house.sellers + [odd] {
            for use in uses { _ = try await house.decide(person, .useAI, .use(use.id), purpose: "a \"b\" \\") }
            _ = try await house.decide(person, .viewPerson, .person(odd))
            _ = try await house.decide(person, .recommend, .feature(.suggestions))
        }
        try await house.desk.writeWaiting()
        let what = try await house.decisions.replay(
            try PolicySet(parsing: ShippedRules.text), of: house.tenant, for: .seesPeople)
        #expect(what.isSame && what.changes.isEmpty && what.failures == 0)
        #expect(what.decisions == 20 && what.records == 20)
    }

    @Test(arguments: Engine.present) func `a replay says what turns, by action and rule, and for whom`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        let use = try await house.use()
        let stopped = try await house.use("Old", .suspended)
        for person in house.house.sellers + house.house.clerks {
            for _ in 0..<3 { _ = try await house.decide(person, .useAI, .use(use.id)) }
            _ = try await house.decide(person, .useAI, .use(stopped.id))
        }
        let unit = try #require(try await house.house.directory.unitTree(of: house.tenant)[house.house.sales])
        let draft = try PolicySet(
            parsing: """
                permit (principal, action, resource);
                @id("sales") @reason("Not yet.")
                forbid (principal in Unit::"\(unit.key)", action == Action::"useAI", resource)
                when { resource.name == "Tutor" };
                """)
        let seen = try await house.decisions.replay(draft, of: house.tenant, for: .seesPeople)
        #expect(seen.turned == [.denied: 12, .allowed: 6] && seen.people == 6 && seen.decisions == 24)
        #expect(
            seen.byPolicy.map { "\($0.name) \($0.turn) \($0.decisions ?? -1) \($0.people ?? -1)" }
                == ["ai-use-stopped allowed 6 6", "sales denied 12 4"])
        #expect(Set(seen.changes.filter { $0.turn == .denied }.compactMap(\.person)) == Set(house.house.sellers))
        #expect(seen.changes.allSatisfy { $0.action == .useAI })
        // Few enough to guess who it is: no number is told.
        let told = try await house.decisions.replay(draft, of: house.tenant, for: .seesNumbers)
        #expect(told.changes.isEmpty && told.people == nil && told.turned.isEmpty && !told.isSame)
        #expect(told.byAction.allSatisfy { $0.decisions == nil && $0.people == nil })
        // Older days are left out.
        house.clock.pass(.hours(24 * 31))
        #expect(try await house.decisions.replay(draft, of: house.tenant, for: .seesPeople).records == 0)
    }

    @Test func `a single small group is not to be had from the sum`() {
        var tally = WhatIfTally()
        func add(_ action: AccessAction, _ count: Int) {
            for number in 0..<count {
                tally.add(
                    WhatIf.Change(
                        turn: .denied, action: action, person: nil, resource: "", policies: ["p"], times: 1,
                        lastAt: Moment(microseconds: 0)), who: "\(number)")
            }
        }
        add(.useAI, 30)
        add(.recommend, 12)
        add(.viewPerson, 3)
        let told = tally.result(days: 30, for: .seesNumbers)
        #expect(told.byAction.map(\.people) == [nil, 30, nil] && told.turned[.denied] == 45)
        #expect(tally.result(days: 30, for: .seesPeople).byAction.map(\.people) == [12, 30, 3])
    }

    @Test(arguments: Engine.present) func `erasing a person takes what was decided, and nothing comes back`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        _ = try await house.decide(house.steward, .viewPerson, .person(house.ada))
        _ = try await house.decide(house.ada, .viewStatements, .statements)
        _ = try await house.decide(house.steward, .viewStatements, .statements)
        try await house.desk.writeWaiting()
        #expect(try await house.rows().count == 3)
        // One more waits while the person is erased.
        _ = try await house.decide(house.steward, .viewPerson, .person(house.ada))
        house.clock.pass(.hours(24))
        _ = try await house.decide(house.steward, .viewPerson, .person(house.ada))
        let rights = RightsDesk(
            database: house.house.database, world: house.house.world, log: house.house.log,
            tables: PersonalTable.own + IntentSchema.personal, papers: [])
        _ = try await rights.order(house.ada, reason: "Asked for.", by: nil, of: house.tenant)
        try await house.house.database.write { connection in
            for table in IntentSchema.personal where "\(table.table)" == "policy_decision" {
                _ = try table.settle(house.ada, house.tenant, on: connection)
            }
        }
        try await house.desk.writeWaiting()
        #expect(try await house.rows().count == 1)
    }

    @Test(arguments: Engine.present) func `decisions go after 400 days, and not while a hold lasts`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        let (tenant, ada) = (house.tenant, house.ada)
        _ = try await house.decide(ada, .viewStatements, .statements)
        _ = try await house.decide(house.steward, .viewStatements, .statements)
        try await house.desk.writeWaiting()
        house.clock.pass(.hours(24 * 400))
        #expect(try await house.desk.removeOld() == 0)
        house.clock.pass(.hours(24))
        let last = house.clock.now.day + 9
        try await house.house.database.write { connection in
            try connection.run(
                """
                INSERT INTO legal_hold (tenant, id, person, reason, ends_on, set_at)
                VALUES (\(tenant), 'hold', \(ada), 'Court', \(last), \(house.clock.now))
                """)
        }
        #expect(try await house.desk.removeOld() == 1)
        house.clock.pass(.hours(24 * 10))
        #expect(try await house.desk.removeOld() == 1)
        #expect(try await house.rows().isEmpty)
    }

    @Test(arguments: Engine.present) func `what cannot be written waits, up to a limit, and what is lost is counted`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        let decision = try await house.decide(house.ada, .viewStatements, .statements)
        #expect(decision.version == 0)
        let record = try #require(house.desk.waiting.take().first)
        for number in 0..<(WaitingDecisions.limit + 7) {
            var other = record
            other.digest = (0..<4).map { UInt8(number >> (8 * $0) & 255) }
            house.desk.waiting.add(other)
        }
        #expect(house.desk.lost(of: house.tenant) == 7)
        #expect(house.desk.waiting.take().count == WaitingDecisions.limit)
    }
}
