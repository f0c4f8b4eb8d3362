import Basis
import People
import Storage
import StorageTesting
import Testing

@testable import Intent

@Suite struct OwnershipHistoryTests {
    private func use(_ house: House, _ status: AIUseRecord.Status = .live) async throws -> AIUseRecord {
        try await house.register.register(
            AIUseDraft(name: "Tutor", purpose: "Asks back.", kind: .tool, status: status, reviewOn: house.today + 90),
            by: house.steward, of: house.tenant)
    }

    @Test(arguments: Engine.present) func `a chart names one accountable person, and the others are asked`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (register, tenant) = (house.register, house.tenant)
        let use = try await use(house)
        let (ada, ben, cleo) = (house.sellers[0], house.sellers[1], house.sellers[2])
        let two = await refusal {
            try await register.chart(
                ResponsibilityChart(accountable: [ada, ben]), of: use.id, by: house.steward, in: tenant)
        }
        #expect(two?.code == "accountable-two" && two?.pointers == ["/accountable/1"])
        let none = await refusal {
            try await register.chart(
                ResponsibilityChart(consulted: [ada], consultsNobody: true), of: use.id, by: house.steward, in: tenant)
        }
        #expect(none?.pointers == ["/accountable", "/consultsNobody"])
        #expect(try await register.responsibilities(of: use.id, in: tenant).isEmpty)
        let asked = try await register.chart(
            ResponsibilityChart(
                accountable: [ada], responsible: [ben, cleo], informed: [cleo], consultsNobody: true), of: use.id,
            since: 1, by: house.steward, in: tenant)
        #expect(asked.map(\.part) == [.accountable, .responsible, .responsible, .informed])
        for one in asked { _ = try await register.accept(one.id, by: one.person, of: tenant) }
        var entry = try #require(try await register.history(of: tenant).entries.first)
        #expect(entry.completeness.share == 1 && entry.completeness.isApart == nil)
        _ = try await register.classify(
            use.id, Classification.Answers(yes: [.outcomes]), note: "It grades.", by: house.steward, of: tenant)
        entry = try #require(try await register.history(of: tenant).entries.first)
        #expect(entry.completeness.isApart == true && entry.completeness.share == 1)
        // Ben and Cleo are relieved, Ada is responsible alone: not apart any longer.
        _ = try await register.chart(
            ResponsibilityChart(accountable: [ada], responsible: [ada], consultsNobody: true), of: use.id,
            by: house.steward, in: tenant)
        let own = try await register.asked(of: ada, in: tenant)
        let first = try #require(own.first)
        _ = try await register.accept(first.id, by: ada, of: tenant)
        entry = try #require(try await register.history(of: tenant).entries.first)
        #expect(entry.completeness.isApart == false && !entry.completeness.hasInformed)
        #expect(abs(entry.completeness.share - 3.0 / 5) < 1e-12)
    }

    @Test(arguments: Engine.present) func `who is away for long needs somebody who stands in and accepted`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (register, tenant, ada, ben) = (house.register, house.tenant, house.sellers[0], house.sellers[1])
        let presence = PresenceBook(database: house.database, world: house.world)
        let use = try await use(house)
        let asked = try await register.propose(ada, for: use.id, by: house.steward, of: tenant)
        _ = try await register.accept(asked.id, by: ada, of: tenant)
        let today = house.today
        try await presence.note(ada, awayFrom: today + -5, until: today + 25, by: ada, in: tenant)
        #expect(try await register.entry(use.id, of: tenant)?.ownership.gaps == [.away(ada)])
        let days = today...(today + 30)
        let nothing = await refusal {
            try await register.delegate(from: ben, to: ada, for: nil, on: days, reason: "Leave", of: tenant)
        }
        #expect(nothing?.code == "delegation-nothing")
        let delegation = try await register.delegate(
            from: ada, to: ben, for: use.id, on: days, reason: "Leave", of: tenant)
        #expect(try await register.entry(use.id, of: tenant)?.ownership.gaps == [.away(ada)])
        #expect(
            await refusal { try await register.answer(delegation.id, accepting: true, by: ada, of: tenant) }?.kind
                == .missing)
        _ = try await register.answer(delegation.id, accepting: true, by: ben, of: tenant)
        let covered = try #require(try await register.entry(use.id, of: tenant)?.ownership)
        #expect(covered.isClear && covered.owner == ada && covered.standIn == ben)
        _ = try await register.endDelegation(delegation.id, by: ben, of: tenant)
        #expect(try await register.entry(use.id, of: tenant)?.ownership.gaps == [.away(ada)])
        // A short absence does not matter.
        let held = try await presence.absences(of: ada, from: today, in: tenant)
        let first = try #require(held.first)
        try await presence.remove(first.id, in: tenant)
        try await presence.note(ada, awayFrom: today, until: today + 10, by: ada, in: tenant)
        #expect(try await register.entry(use.id, of: tenant)?.ownership.isClear == true)
    }

    @Test(arguments: Engine.present) func `an owner's time ends with its last day, leaving and long absence`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (register, tenant, ada) = (house.register, house.tenant, house.sellers[0])
        let use = try await use(house, .idea)
        let start = house.today
        _ = try await register.move(use.id, to: .live, by: house.steward, of: tenant)
        let past = await refusal {
            try await register.propose(ada, for: use.id, until: start, by: house.steward, of: tenant)
        }
        #expect(past?.code == "until-past")
        let asked = try await register.propose(ada, for: use.id, until: start + 40, by: house.steward, of: tenant)
        _ = try await register.accept(asked.id, by: ada, of: tenant)
        let presence = PresenceBook(database: house.database, world: house.world)
        try await presence.note(ada, awayFrom: start + 2, until: start + 35, by: ada, in: tenant)
        let entry = try #require(try await register.history(of: tenant).entries.first)
        #expect(entry.active.count == 1 && entry.active[0].until == nil)
        #expect(entry.owned.map(\.until) == [(start + 2).start, (start + 41).start])
        #expect(entry.owned.map(\.from).last == (start + 36).start)
        #expect(entry.firstOwnedAt != nil && entry.neededAt.map { $0 < entry.owned[0].from } == true)
        _ = try await register.move(use.id, to: .suspended, by: house.steward, of: tenant)
        _ = try await register.move(use.id, to: .pilot, by: house.steward, of: tenant)
        let again = try #require(try await register.history(of: tenant).entries.first)
        #expect(again.active.count == 2 && again.active[0].until != nil && again.active[1].until == nil)
    }

    @Test func `absences that touch become one, and bad ones are refused`() async throws {
        let house = try await House(on: .memory)
        let (tenant, ada, today) = (house.tenant, house.sellers[0], house.today)
        let presence = PresenceBook(database: house.database, world: house.world)
        try await presence.note(ada, awayFrom: today, until: today + 3, by: ada, in: tenant)
        try await presence.note(ada, awayFrom: today + 10, until: today + 12, by: ada, in: tenant)
        let joined = try await presence.note(ada, awayFrom: today + 4, until: today + 9, by: ada, in: tenant)
        #expect(joined.days == today...(today + 12))
        #expect(try await presence.absences(of: ada, from: today, in: tenant).count == 1)
        #expect(
            await refusal {
                try await presence.note(ada, awayFrom: today, until: today + -1, by: ada, in: tenant)
            }?.code == "absence-order")
        #expect(
            await refusal {
                try await presence.set(WorkingTerms(weekdays: [], timeZone: "Mars/Base"), for: ada, in: tenant)
            }?.pointers == ["/weekdays", "/timeZone"])
        let part = WorkingTerms(shareBasisPoints: 5_000, weekdays: [1, 3], timeZone: "Europe/Berlin", hiredOn: today)
        try await presence.set(part, for: ada, in: tenant)
        #expect(try await presence.terms(of: ada, in: tenant) == part)
    }
}
