import Basis
import Evidence
import Intent
import People
import Storage
import StorageTesting
import Testing

@Suite struct CertificationFlowTests {
    @Test(arguments: Engine.present) func `asked, reminded, completed in the window, and next counted from the old end`(
        engine: Engine
    ) async throws {
        let house = try await CertificationHouse(on: engine)
        let made = try await house.published()
        #expect(made.revision == 1 && made.state == .published)
        // Both are asked at once, and told.
        #expect(try await house.book.notices(to: house.ada, of: house.tenant).map(\.kind) == [.asked])
        let first = try #require(try await house.cycles(made.id, house.ada).first)
        #expect(first.dueOn.description == "2026-02-11")
        try await house.pass(to: try day("2026-02-05"))
        let told = try await house.book.notices(to: house.ada, of: house.tenant)
        #expect(told.map(\.kind) == [.reminder, .asked])
        #expect(told.map { $0.dueOn?.description } == ["2026-02-11", "2026-02-11"])
        #expect(try await house.complete(house.course, house.ada) == [made.id])
        var cycles = try await house.cycles(made.id, house.ada)
        #expect(cycles[0].expiresOn?.description == "2027-02-05" && cycles[0].way == .completion)
        let counts = try await house.book.counts(of: made.id, on: house.today, in: house.tenant).all
        #expect(counts.asked == 2 && counts.certified == 1 && counts[.due] == 1 && counts[.certified] == 1)
        // The window opens sixty days before the end; a month later the refresher renews it.
        try await house.pass(to: try day("2026-12-06"))
        #expect(try await house.cycles(made.id, house.ada).count == 1)
        #expect(try await house.complete(house.refresher, house.ada) == [], "before the window it renews nothing")
        try await house.pass(to: try day("2026-12-07"))
        #expect(try await house.file(made.id, house.ada)?.place.standing == .window)
        try await house.pass(to: try day("2027-01-08"))
        #expect(try await house.complete(house.refresher, house.ada) == [made.id])
        cycles = try await house.cycles(made.id, house.ada)
        #expect(cycles.map(\.state) == [.completed, .completed])
        #expect(cycles[1].expiresOn?.description == "2028-02-05")
        #expect(cycles.map(\.number) == [1, 2])
    }

    @Test(arguments: Engine.present)
    func `late: the manager hears of it, then who asks, and the first path counts again`(
        engine: Engine
    ) async throws {
        let house = try await CertificationHouse(on: engine)
        let made = try await house.published()
        try await house.pass(to: try day("2026-02-12"))
        #expect(try await house.file(made.id, house.ada)?.place.standing == .overdue)
        try await house.pass(to: try day("2026-02-18"))
        let toManager = try await house.book.notices(to: house.manager, of: house.tenant)
        #expect(toManager.map(\.kind) == [.escalated, .escalated])
        #expect(Set(toManager.map(\.person)) == [house.ada, house.ben])
        #expect(try await house.book.notices(to: house.owner, of: house.tenant).isEmpty)
        try await house.pass(to: try day("2026-03-04"))
        #expect(try await house.file(made.id, house.ada)?.place.standing == .lapsed)
        #expect(try await house.book.notices(to: house.owner, of: house.tenant).count == 2)
        #expect(try await house.complete(house.refresher, house.ada) == [], "what renews earns nothing")
        #expect(try await house.complete(house.quiz, house.ada) == [made.id])
        #expect(try await house.complete(house.other, house.ben) == [made.id])
        let (ada, ben) = (try await house.cycles(made.id, house.ada), try await house.cycles(made.id, house.ben))
        #expect(ada[0].way == .testOut && ada[0].lapsedOn?.description == "2026-02-19")
        #expect(ada[0].expiresOn?.description == "2027-03-04" && ben[0].way == .equivalence)
        // Lapsed after a certificate: the refresher is not enough either.
        try await house.pass(to: try day("2027-03-12"))
        #expect(try await house.file(made.id, house.ada)?.place.standing == .lapsed)
        #expect(try await house.complete(house.refresher, house.ada) == [])
        #expect(try await house.complete(house.course, house.ada) == [made.id])
        // Seen once is seen.
        let notice = try #require(try await house.book.notices(to: house.owner, of: house.tenant).first)
        try await house.book.see(notice.id, by: house.owner, of: house.tenant)
        let stranger = await refusal { try await house.book.see(notice.id, by: house.ada, of: house.tenant) }
        #expect(stranger?.code == "notice-missing")
        let unseen = try await house.book.notices(to: house.owner, of: house.tenant, unseenOnly: true)
        #expect(!unseen.contains { $0.id == notice.id })
    }

    @Test(arguments: Engine.present) func `leave excuses, a shorter leave does not, a short absence never does`(
        engine: Engine
    ) async throws {
        let house = try await CertificationHouse(on: engine)
        let made = try await house.published()
        try await house.presence.note(
            house.ada, awayFrom: try day("2026-02-01"), until: try day("2026-04-30"), by: house.ada, in: house.tenant)
        try await house.presence.note(
            house.ben, awayFrom: try day("2026-02-09"), until: try day("2026-02-20"), by: house.ben, in: house.tenant)
        try await house.pass(to: try day("2026-02-20"))
        #expect(try await house.cycles(made.id, house.ada).first?.state == .excused)
        #expect(try await house.cycles(made.id, house.ben).first?.state == .lapsed)
        #expect(try await house.file(made.id, house.ada)?.place.standing == .excused)
        // Back earlier than noted.
        let noted = try await house.presence.absences(of: house.ada, from: house.today, in: house.tenant)
        try await house.presence.remove(try #require(noted.first).id, in: house.tenant)
        try await house.presence.note(
            house.ada, awayFrom: try day("2026-02-01"), until: try day("2026-02-28"), by: house.ada, in: house.tenant)
        try await house.pass(to: try day("2026-03-01"))
        let file = try #require(try await house.file(made.id, house.ada))
        #expect(file.place.standing == .due)
        #expect(file.cycles.map(\.number) == [1, 2])
        #expect(file.cycles[1].dueOn.description == "2026-03-15", "fourteen days at least")
    }

    @Test(arguments: Engine.present) func `an exemption with its reason, its end, and an extension`(
        engine: Engine
    ) async throws {
        let house = try await CertificationHouse(on: engine)
        let made = try await house.published()
        let (book, tenant) = (house.book, house.tenant)
        try await book.exempt(
            house.ada, from: made.id, since: house.today, until: try day("2026-06-30"), reason: "Abroad",
            by: house.steward, of: tenant)
        #expect(try await house.file(made.id, house.ada)?.place.standing == .excused)
        #expect(try await book.notices(to: house.ada, of: tenant).map(\.kind).contains(.excused))
        try await house.pass(to: try day("2026-02-12"))
        let cycle = try #require(try await house.cycles(made.id, house.ada).first)
        #expect(cycle.state == .excused && cycle.reason == "Abroad")
        try await book.endExemption(
            of: house.ada, from: made.id, reason: "Back already", by: house.steward, of: tenant)
        #expect(try await house.file(made.id, house.ada)?.place.standing == .due)
        let again = await refusal {
            try await book.endExemption(of: house.ada, from: made.id, reason: "Again", by: house.steward, of: tenant)
        }
        #expect(again?.code == "exemption-missing")
        // Ben is overdue, within the grace.
        try await book.extend(
            house.ben, made.id, until: try day("2026-03-20"), reason: "Course was full", by: house.steward, of: tenant)
        #expect(try await house.cycles(made.id, house.ben).first?.dueOn.description == "2026-03-20")
        let earlier = await refusal {
            try await book.extend(
                house.ben, made.id, until: try day("2026-03-01"), reason: "Oops", by: house.steward, of: tenant)
        }
        #expect(earlier?.code == "extension-earlier" && earlier?.pointers == ["/until"])
        let mute = await refusal {
            try await book.exempt(
                house.ben, from: made.id, since: house.today, until: house.today, reason: " ", by: house.steward,
                of: tenant)
        }
        #expect(mute?.code == "text-missing")
        let stranger = await refusal {
            try await book.extend(
                house.owner, made.id, until: try day("2026-09-01"), reason: "Please", by: house.steward, of: tenant)
        }
        #expect(stranger?.code == "certification-not-asked")
        let changes = try await ChangeLog(database: house.database, world: house.world)
            .changes(of: .mandate(made.id), in: tenant)
        #expect(changes.map(\.what) == [.extended, .excused, .excused, .published, .drafted])
        #expect(changes[2].reason == "Abroad" && changes[2].detail == "2026-01-12 to 2026-06-30")
    }

    @Test(arguments: Engine.present) func `who leaves is asked nothing, and who comes back keeps the certificate`(
        engine: Engine
    ) async throws {
        let house = try await CertificationHouse(on: engine)
        let made = try await house.published()
        _ = try await house.complete(house.course, house.ada)
        try await house.terms(house.ada, hiredOn: try day("2025-01-01"), leftOn: try day("2026-03-31"))
        try await house.terms(house.ben, leftOn: try day("2026-01-31"))
        // The runs of a week are skipped; the day that was stated counts all the same.
        try await house.pass(to: try day("2026-02-20"), runs: false)
        try await house.night.run(of: house.tenant)
        let ben = try #require(try await house.cycles(made.id, house.ben).first)
        #expect(ben.state == .ended && ben.closedOn?.description == "2026-02-01")
        try await house.pass(to: try day("2026-04-05"))
        #expect(try await house.file(made.id, house.ada)?.place.standing == .ended)
        #expect(try await house.complete(house.course, house.ada) == [])
        // Both are hired again.
        try await house.terms(house.ada, hiredOn: try day("2026-06-01"))
        try await house.terms(house.ben, hiredOn: try day("2026-06-01"))
        try await house.pass(to: try day("2026-06-02"))
        #expect(try await house.file(made.id, house.ada)?.place.standing == .certified)
        let back = try #require(try await house.file(made.id, house.ben))
        #expect(back.place.standing == .due && back.cycles.map(\.number) == [1, 2])
        #expect(back.cycles[0] == ben, "what was written stays")
        // Deactivated people end, too.
        var draft = PersonDraft(try #require(try await house.directory.person(house.ben, of: house.tenant)))
        draft.isActive = false
        _ = try await house.directory.save(draft, of: house.tenant)
        try await house.pass(to: try day("2026-06-03"))
        #expect(try await house.file(made.id, house.ben)?.place.standing == .ended)
    }

    @Test(arguments: Engine.present)
    func `a change is a new revision: what is due stays due, grace follows the new rule`(
        engine: Engine
    ) async throws {
        let house = try await CertificationHouse(on: engine)
        var draft = house.draft()
        draft.terms.graceDays = 60
        let made = try await house.published(draft)
        try await house.pass(to: try day("2026-03-01"))
        #expect(try await house.file(made.id, house.ada)?.place.standing == .overdue)
        draft.terms.graceDays = 3
        draft.terms.activePeriod = "P6M"
        draft.audience = .person(house.ada)
        let stale = await refusal {
            try await house.revise(made.id, to: draft, since: 7)
        }
        #expect(stale?.kind == .stale)
        let next = try await house.revise(made.id, to: draft, since: 1)
        #expect(next.revision == 2)
        let ada = try #require(try await house.file(made.id, house.ada))
        #expect(ada.place.standing == .lapsed && ada.cycles[0].dueOn.description == "2026-02-11")
        #expect(try await house.file(made.id, house.ben)?.place.standing == .ended)
        _ = try await house.complete(house.course, house.ada)
        #expect(try await house.cycles(made.id, house.ada)[0].expiresOn?.description == "2026-09-01")
        let revisions = try await house.book.revisions(of: made.id, in: house.tenant)
        #expect(revisions.map(\.terms.activePeriod) == ["P6M", "P12M"] && revisions.map(\.people) == [1, 2])
        // Retired and restored: the certificate holds, nobody is asked in between.
        _ = try await house.book.retire(made.id, reason: "Not needed", by: house.steward, of: house.tenant)
        #expect(try await house.complete(house.course, house.ada) == [])
        #expect(try await house.book.counts(of: made.id, on: house.today, in: house.tenant).all.asked == 0)
        _ = try await house.restore(made.id)
        #expect(try await house.file(made.id, house.ada)?.place.standing == .certified)
    }

    @Test(arguments: Engine.present) func `what was done before counts, and what another system says counts at night`(
        engine: Engine
    ) async throws {
        let house = try await CertificationHouse(on: engine)
        func put(_ content: ID<Content>, _ person: ID<Person>, _ at: Moment) async throws {
            try await house.log.append(
                [
                    StatementDraft(
                        .person(person), .completed, ActivityRef(Vocabulary.contentIRI(content)), timestamp: at)
                ], to: house.tenant)
        }
        try await put(house.course, house.ada, try day("2025-11-03").start + .hours(10))
        let made = try await house.published()
        #expect(try await house.cycles(made.id, house.ada).map { $0.expiresOn?.description } == ["2026-11-03"])
        #expect(try await house.cycles(made.id, house.ben).map(\.state) == [.open])
        try await house.pass(to: try day("2026-01-20"))
        try await put(house.other, house.ben, house.clock.now)
        try await house.pass(to: try day("2026-01-21"))
        try await house.pass(to: try day("2026-01-23"))
        let ben = try #require(try await house.file(made.id, house.ben))
        #expect(ben.cycles.map(\.completedOn?.description) == ["2026-01-20"])
        #expect(ben.told.count { if case .earned = $0.event.fact { true } else { false } } == 1)
        // A cycle's evidence stands under its own registration.
        let key = CycleKey(mandate: made.id, person: house.ben, number: 1)
        let registration = key.registration.description
        let count = try await house.database.read { connection in
            try connection.value(
                "SELECT COUNT(*) AS count FROM statement WHERE registration = \(registration)", as: Int.self)
        }
        #expect(count == 1)
    }

    @Test(arguments: Engine.present) func `without a content a steward attests it`(engine: Engine) async throws {
        let house = try await CertificationHouse(on: engine)
        var draft = house.draft("Hot work permit")
        (draft.content, draft.renewalContent, draft.equivalents, draft.testOut) = (nil, nil, [], nil)
        let made = try await house.published(draft)
        let (book, tenant) = (house.book, house.tenant)
        let future = await refusal {
            try await book.attest(
                made.id, of: house.ada, on: try day("2026-02-01"), reason: "Seen", steward: house.steward, of: tenant)
        }
        #expect(future?.code == "attest-future")
        try await book.attest(
            made.id, of: house.ada, on: house.today, reason: "Practical test passed", steward: house.steward, of: tenant
        )
        #expect(try await house.file(made.id, house.ada)?.place.standing == .certified)
        let twice = await refusal {
            try await book.attest(
                made.id, of: house.ada, on: house.today, reason: "Again", steward: house.steward, of: tenant)
        }
        #expect(twice?.code == "certification-not-open")
        let other = try await house.published()
        let content = await refusal {
            try await book.attest(
                other.id, of: house.ada, on: house.today, reason: "Seen", steward: house.steward, of: tenant)
        }
        #expect(content?.code == "attest-content")
        try await book.attest(
            other.id, of: house.ada, on: house.today, by: .equivalence, reason: "Nurse", steward: house.steward,
            of: tenant)
        #expect(try await house.cycles(other.id, house.ada).first?.way == .equivalence)
    }
}
