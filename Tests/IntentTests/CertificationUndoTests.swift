import Basis
import Evidence
import People
import Storage
import StorageTesting
import Testing

@testable import Intent

/// Taking back what a steward decided: the history keeps both.
@Suite struct CertificationUndoTests {
    private func attested(_ house: CertificationHouse) async throws -> CertificationRecord {
        var draft = house.draft()
        (draft.content, draft.renewalContent, draft.equivalents, draft.testOut) = (nil, nil, [], nil)
        return try await house.published(draft)
    }

    @Test(arguments: Engine.present)
    func `an attestation is taken back, and the cycle is open again with the fewest days`(engine: Engine) async throws {
        let house = try await CertificationHouse(on: engine)
        let record = try await attested(house)
        try await house.pass(to: house.today + 25)
        try await house.book.attest(
            record.id, of: house.ada, on: house.today, reason: "Seen it", steward: house.steward, of: house.tenant)
        let before = try #require(try await house.file(record.id, house.ada))
        #expect(before.withdrawable == .completion && before.cycles.map(\.state) == [.completed])
        try await house.pass(to: house.today + 9)
        try await house.book.withdrawAttestation(
            of: house.ada, record.id, reason: "The wrong Ada", by: house.steward, of: house.tenant)
        let after = try #require(try await house.file(record.id, house.ada))
        let cycle = try #require(after.cycles.first)
        #expect(after.cycles.count == 1 && cycle.state == .open && cycle.completedOn == nil && cycle.expiresOn == nil)
        #expect(cycle.dueOn == house.today + 14 && cycle.reason == "The wrong Ada")
        #expect(after.place.standing == .due && after.place.certifiedUntil == nil && after.withdrawable == nil)
        #expect(Array(after.lines.prefix(before.lines.count)) == before.lines, "what was written stays")
        #expect(after.told.suffix(2).map(\.by) == [house.steward, house.steward])
        let again = await refusal {
            try await house.book.withdrawAttestation(
                of: house.ada, record.id, reason: "Twice", by: house.steward, of: house.tenant)
        }
        #expect(again?.code == "attestation-missing")
        let changes = try await ChangeLog(database: house.database, world: house.world).changes(
            of: .mandate(record.id), in: house.tenant)
        #expect(changes.prefix(2).map(\.what) == [.withdrawn, .decided] && changes.first?.reason == "The wrong Ada")
        let notices = try await house.book.notices(to: house.ada, of: house.tenant)
        #expect(notices.first?.kind == .asked && notices.first?.dueOn == cycle.dueOn)
        try await house.book.attest(
            record.id, of: house.ada, on: house.today, reason: "Now it is so", steward: house.steward,
            of: house.tenant)
        #expect(try await house.cycles(record.id, house.ada).map(\.state) == [.completed])
        try await house.pass(to: house.today + 20)
        #expect(try await house.cycles(record.id, house.ada).count == 1)
    }

    @Test(arguments: Engine.present)
    func `more time is taken back, and due is what was due or the fewest days from now`(engine: Engine) async throws {
        let house = try await CertificationHouse(on: engine)
        let record = try await house.published()
        let due = try #require(try await house.cycles(record.id, house.ben).first?.dueOn)
        for days in [20, 60] {
            try await house.book.extend(
                house.ben, record.id, until: due + days, reason: "Away", by: house.steward, of: house.tenant)
        }
        try await house.book.withdrawExtension(
            of: house.ben, record.id, reason: "Back already", by: house.steward, of: house.tenant)
        #expect(try await house.cycles(record.id, house.ben).first?.dueOn == due + 20)
        let twice = await refusal {
            try await house.book.withdrawExtension(
                of: house.ben, record.id, reason: "More", by: house.steward, of: house.tenant)
        }
        #expect(twice?.code == "extension-missing")
        try await house.pass(to: due + 15)
        try await house.book.extend(
            house.ben, record.id, until: due + 90, reason: "Away", by: house.steward, of: house.tenant)
        try await house.book.withdrawExtension(
            of: house.ben, record.id, reason: "Not so", by: house.steward, of: house.tenant)
        #expect(try await house.cycles(record.id, house.ben).first?.dueOn == due + 29, "the fewest days from now")
        let empty = await refusal {
            try await house.book.withdrawExtension(
                of: house.ben, record.id, reason: " ", by: house.steward, of: house.tenant)
        }
        #expect(empty?.code == "text-missing")
    }

    @Test func `what evidence earned is not taken back, nor what a later cycle rests on`() async throws {
        let house = try await CertificationHouse(on: .memory)
        let record = try await house.published()
        _ = try await house.complete(house.course, house.ada)
        let evidence = await refusal {
            try await house.book.withdrawAttestation(
                of: house.ada, record.id, reason: "No", by: house.steward, of: house.tenant)
        }
        #expect(evidence?.code == "attestation-missing")
        #expect(try await house.file(record.id, house.ada)?.withdrawable == nil)
        try await house.book.attest(
            record.id, of: house.ben, on: house.today, by: .equivalence, reason: "Nurse", steward: house.steward,
            of: house.tenant)
        #expect(try await house.file(record.id, house.ben)?.withdrawable == .completion)
        try await house.pass(to: house.today + 310)
        #expect(try await house.cycles(record.id, house.ben).count == 2)
        let late = await refusal {
            try await house.book.withdrawAttestation(
                of: house.ben, record.id, reason: "Late", by: house.steward, of: house.tenant)
        }
        #expect(late?.code == "attestation-missing")
    }

    @Test func `a lapsed cycle that was completed late has lapsed again`() throws {
        let rule = try CertificationRule(
            activePeriod: .months(12), windowDays: 60, firstDue: .after(.assigned, .days(30)), minimumDays: 14)
        let start = Day(number: 20_000)
        func at(_ days: Int) -> Moment { (start + days).start + .hours(9) }
        let events = [
            CertificationEvent(at: at(0), .hired(on: start)), CertificationEvent(at: at(0), .assigned(on: start)),
            CertificationEvent(at: at(50), .earned(at(50), .completion)),
            CertificationEvent(at: at(60), .revoked(reason: "Wrong")),
        ]
        let (state, history) = rule.replay(events, through: start + 70)
        let cycles = CertificationCycle.cycles(of: history)
        #expect(cycles.map(\.state) == [.lapsed] && state.current?.isLapsed == true)
        #expect(!state.isCertified(on: start + 70))
    }

    @Test func `replaying gives the same whenever somebody looked, also through text`() throws {
        for seed in UInt64(1)...60 {
            var dice = Dice(seed: seed)
            let rule = try CertificationRule(
                activePeriod: .days(.random(in: 40...120, using: &dice)), windowDays: .random(in: 0...30, using: &dice),
                firstDue: .after(.assigned, .days(.random(in: 0...40, using: &dice))),
                graceDays: .random(in: 0...8, using: &dice), minimumDays: .random(in: 0...15, using: &dice),
                reminders: ReminderRule(text: "person:-7 person:1 manager:5") ?? ReminderRule())
            let start = Day(number: 20_000)
            var events: [CertificationEvent] = [
                CertificationEvent(at: start.start, .hired(on: start)),
                CertificationEvent(at: start.start, .assigned(on: start)),
            ]
            var day = start
            while day < start + 400 {
                day = day + .random(in: 1...25, using: &dice)
                let moment = day.start + .hours(9)
                let facts: [CertificationFact] = [
                    .earned(moment, .equivalence), .revoked(reason: "R"), .extended(until: day + 30),
                    .unextended(reason: "U"), .exempted(from: day, until: day + 20, reason: "E"),
                    .leave(from: day, until: day + 10), .released(on: day), .assigned(on: day),
                ]
                if let fact = facts.randomElement(using: &dice) {
                    events.append(CertificationEvent(at: moment, fact))
                }
            }
            var (state, lines): (CertificationState, [CertificationEntry]) = (CertificationState(), [])
            for event in events {
                if Bool.random(using: &dice) {
                    let earlier = rule.day(of: event.at) + -Int.random(in: 0...5, using: &dice)
                    lines += state.advance(to: earlier, by: rule)
                }
                lines += state.apply(event, by: rule)
                let read = try #require(CertificationState(text: state.text), "seed \(seed)")
                #expect(read == state, "seed \(seed)")
                state = read
            }
            lines += state.advance(to: start + 500, by: rule)
            let (replayed, history) = rule.replay(events, through: start + 500)
            #expect(state == replayed && lines == history, "seed \(seed)")
        }
    }
}
