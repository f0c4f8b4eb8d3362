import Basis
import Evidence
import Foundation
import Intent
import People
import Storage
import StorageTesting
import Synchronization
import Testing

@testable import Intent

/// A database whose writes fail at a given step.
private struct FailingDatabase: Database {
    final class Fuse: Sendable {
        /// Steps left before the one that fails; nil for none.
        let left = Mutex<Int?>(nil)

        func burn() throws {
            try left.withLock { left in
                if left == 0 {
                    left = nil
                    throw StorageError.engine(code: "test", message: "a fault in the middle")
                }
                left = left.map { $0 - 1 }
            }
        }
    }

    struct Wire: Connection {
        let inner: any Connection
        let fuse: Fuse
        var dialect: Dialect { inner.dialect }
        func rows(_ sql: SQL) throws -> [Row] { try inner.rows(sql) }
        func each(_ sql: SQL, _ visit: (Row) throws -> Void) throws { try inner.each(sql, visit) }
        func scan(_ sql: SQL, _ visit: ([RawValue]) throws -> Void) throws { try inner.scan(sql, visit) }
        func run(_ sql: SQL) throws -> Int {
            try fuse.burn()
            return try inner.run(sql)
        }
        func bulk(_ table: StaticString, _ columns: [String], _ rows: [[Value]], on clash: Clash) throws -> Int {
            try fuse.burn()
            return try inner.bulk(table, columns, rows, on: clash)
        }
        func reserve(_ count: Int, of sequence: StaticString) throws -> Int { try inner.reserve(count, of: sequence) }
    }

    let inner: any Database
    let fuse: Fuse
    var dialect: Dialect { inner.dialect }

    func read<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result {
        try await inner.read(body)
    }

    func write<Result: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Result) async throws -> Result {
        let fuse = fuse
        return try await inner.write { try body(Wire(inner: $0, fuse: fuse)) }
    }

    func snapshot<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        try await inner.snapshot(body)
    }

    func close() async throws { try await inner.close() }
}

@Suite struct CertificationStoreTests {
    private static let tables = [
        "certification", "certification_content", "certification_revision", "certification_assignment",
        "certification_event", "certification_line", "certification_notice", "intent_change", "statement",
    ]

    private func figures(_ house: CertificationHouse) async throws -> [Int] {
        var figures: [Int] = []
        for table in Self.tables { figures.append(try await house.count(table)) }
        return figures
    }

    @Test(arguments: Engine.present) func `a fault in the middle of any change leaves nothing of it`(
        engine: Engine
    ) async throws {
        let fuse = FailingDatabase.Fuse()
        let house = try await CertificationHouse(on: engine) { FailingDatabase(inner: $0, fuse: fuse) }
        let made = try await house.book.draft(house.draft(), by: house.steward, of: house.tenant)
        let changes: [(String, () async throws -> Void)] = [
            ("publish", { _ = try await house.publish(made.id) }),
            (
                "revise",
                {
                    var draft = house.draft()
                    (draft.terms.activePeriod, draft.audience) = ("P6M", .everyone)
                    _ = try await house.revise(made.id, to: draft)
                }
            ),
            (
                "exempt",
                {
                    try await house.book.exempt(
                        house.ada, from: made.id, since: house.today, until: house.today + 30, reason: "Abroad",
                        by: house.steward, of: house.tenant)
                }
            ),
            ("complete", { _ = try await house.complete(house.course, house.ben) }),
            (
                "retire",
                { _ = try await house.book.retire(made.id, reason: "Over", by: house.steward, of: house.tenant) }
            ),
            ("restore", { _ = try await house.restore(made.id) }),
        ]
        for (name, change) in changes {
            let before = try await figures(house)
            let state = try await house.book.find(made.id, of: house.tenant)
            var step = 0
            while true {
                fuse.left.withLock { $0 = step }
                do {
                    try await change()
                    break
                } catch StorageError.engine(let code, _) where code == "test" {
                    #expect(try await figures(house) == before, "\(name), step \(step)")
                    #expect(try await house.book.find(made.id, of: house.tenant) == state, "\(name), step \(step)")
                }
                step += 1
            }
            fuse.left.withLock { $0 = nil }
            #expect(step > 3, "\(name)")
            #expect(try await figures(house) != before, "\(name)")
        }
    }

    @Test(arguments: Engine.present) func `refused with the place and the mend`(engine: Engine) async throws {
        let house = try await CertificationHouse(on: engine)
        func refused(_ change: (inout CertificationDraft) -> Void) async -> Problem? {
            var draft = house.draft()
            change(&draft)
            return await refusal { try await house.book.draft(draft, by: house.steward, of: house.tenant) }
        }
        let cases: [(String, String, (inout CertificationDraft) -> Void)] = [
            ("owner-missing", "/asker", { $0.asker = nil }),
            ("audience-missing", "/audience", { $0.audience = nil }),
            ("audience-empty", "/audience", { $0.audience = .not(.everyone) }),
            ("deadline-past", "/rule/firstDue", { $0.terms.firstDue = "2026-01-11" }),
            ("due-unknown", "/rule/renewalDue", { $0.terms.renewalDue = "soon" }),
            ("period-unknown", "/rule/activePeriod", { $0.terms.activePeriod = "12" }),
            ("window-long", "/rule/windowDays", { $0.terms.windowDays = 400 }),
            ("certification-rule", "/rule/zone", { $0.terms.zone = "Mars/Olympus" }),
            ("reminders-unknown", "/rule/reminders", { $0.terms.reminders = "boss:3" }),
            ("ground-missing", "/priority", { $0.basis = "" }),
            ("equivalence-own", "/equivalents/0", { $0.equivalents = [house.course] }),
            ("minutes-out-of-range", "/renewalMinutes", { $0.renewalMinutes = 0 }),
        ]
        for (code, pointer, change) in cases {
            let problem = await refused(change)
            #expect(problem?.code == code && problem?.pointers == [pointer], "\(code): \(String(describing: problem))")
        }
        #expect(try await house.count("certification") == 0)
        // Day by day the due day comes nearer, until publishing is too late.
        var dated = house.draft("Dated")
        dated.terms.firstDue = "2026-01-20"
        let made = try await house.book.draft(dated, by: house.steward, of: house.tenant)
        house.clock.set(try day("2026-01-21").start)
        let late = await refusal { try await house.publish(made.id) }
        #expect(late?.code == "deadline-past")
        #expect(try await house.count("certification_assignment") == 0)
    }

    @Test(arguments: Engine.present) func `equivalences in a circle are refused`(engine: Engine) async throws {
        let house = try await CertificationHouse(on: engine)
        let contents = (0..<3).map { _ in house.world.id(Content.self) }
        func draft(_ place: Int, counting others: [Int]) -> CertificationDraft {
            var draft = house.draft("Part \(place)")
            (draft.content, draft.renewalContent, draft.testOut) = (contents[place], nil, nil)
            draft.equivalents = others.map { contents[$0] }
            return draft
        }
        _ = try await house.published(draft(0, counting: [1]))
        _ = try await house.published(draft(1, counting: [2]))
        let circle = await refusal {
            try await house.book.draft(draft(2, counting: [0]), by: house.steward, of: house.tenant)
        }
        #expect(circle?.code == "equivalence-cyclic" && circle?.pointers == ["/equivalents/0"])
        #expect(circle?.detail.contains("“Part 0”, then “Part 1”") == true)
        _ = try await house.book.draft(draft(2, counting: []), by: house.steward, of: house.tenant)
    }

    /// Random lives in the store, with runs skipped and doubled, against replaying what the store kept.
    @Test(arguments: Engine.present) func `the store's replay is the pure replay`(engine: Engine) async throws {
        let house = try await CertificationHouse(on: engine)
        var dice = Dice(seed: engine == .postgres ? 12 : 11)
        var draft = house.draft()
        draft.terms = CertificationTerms(
            activePeriod: "P1M", windowDays: 12, firstDue: "hired+P20D", graceDays: 5, minimumDays: 7,
            zone: "Pacific/Kiritimati", reminders: "person:-7 person:0 manager:3 owner:9")
        draft.leaveDays = 10
        let made = try await house.published(draft)
        let people = [house.ada, house.ben]
        for _ in 0..<220 {
            let skip = Int.random(in: 0...9, using: &dice) == 0 ? Int.random(in: 2...12, using: &dice) : 1
            house.clock.set((house.today + skip).start + .minutes(Int.random(in: 0..<1_400, using: &dice)))
            try await act(house, made.id, people[Int.random(in: 0..<2, using: &dice)], &draft, &dice)
            for _ in 0..<Int.random(in: 0...2, using: &dice) { try await house.night.run(of: house.tenant) }
        }
        try await house.night.run(of: house.tenant)
        let twice = try await house.night.run(of: house.tenant)
        #expect(twice.lines == 0 && twice.notices == 0 && twice.joined + twice.ended == 0)
        let revisions = try await house.book.revisions(of: made.id, in: house.tenant).reversed().map {
            CertificationRevision(since: $0.since, rule: try $0.terms.rule())
        }
        let first = try #require(revisions.first)
        #expect(revisions.count > 2)
        for person in people {
            let file = try #require(try await house.file(made.id, person))
            let today = revisions[revisions.count - 1].rule.day(of: house.clock.now)
            let replayed = first.rule.replay(
                file.told.map(\.event), revisions: Array(revisions.dropFirst()), through: today)
            #expect(replayed.history == file.lines)
            var state = file.state
            #expect(state.advance(to: today, by: revisions[revisions.count - 1].rule).isEmpty, "a run missed a day")
            #expect(state == replayed.state)
            #expect(file.cycles.map(\.number) == Array(1...file.cycles.count))
            #expect(file.cycles.count > 3)
        }
        let notices = try await house.book.notices(since: Moment(microseconds: 0), of: house.tenant, limit: 100_000)
        let keys = notices.map { "\($0.person) \($0.recipient) \($0.cycle) \($0.kind) \($0.day)" }
        #expect(Set(keys).count == keys.count && keys.count > 12)
    }

    /// Something that may happen to somebody.
    private func act(
        _ house: CertificationHouse, _ id: ID<Mandate>, _ person: ID<Person>, _ draft: inout CertificationDraft,
        _ dice: inout Dice
    ) async throws {
        let (book, tenant, today) = (house.book, house.tenant, house.today)
        func later(_ range: ClosedRange<Int>, _ dice: inout Dice) -> Day { today + Int.random(in: range, using: &dice) }
        switch Int.random(in: 0..<14, using: &dice) {
        case 0:
            let from = later(-10...20, &dice)
            try await house.presence.note(
                person, awayFrom: from, until: from + Int.random(in: 0...60, using: &dice), by: person, in: tenant)
        case 1:
            if let one = try await house.presence.absences(of: person, from: today, in: tenant).first {
                try await house.presence.remove(one.id, in: tenant)
            }
        case 2: try await house.terms(person, leftOn: later(-5...10, &dice))
        case 3, 4: try await house.terms(person)
        case 5:
            draft.audience =
                Bool.random(using: &dice) ? .person(house.ada) : .any([.person(house.ada), .person(house.ben)])
            draft.terms.graceDays = Int.random(in: 0...10, using: &dice)
            draft.terms.zone = Bool.random(using: &dice) ? "UTC" : "America/New_York"
            _ = try await house.revise(id, to: draft)
        case 6:
            _ = await refusal {
                try await book.exempt(
                    person, from: id, since: today, until: today + 25, reason: "Two\nlines \\ and more",
                    by: house.steward, of: tenant)
            }
        case 7:
            _ = await refusal {
                try await book.endExemption(of: person, from: id, reason: "Over", by: house.steward, of: tenant)
            }
        case 8:
            _ = await refusal {
                try await book.extend(
                    person, id, until: today + 12, reason: "Busy", by: house.steward, of: tenant)
            }
        case 9: _ = try await house.complete(house.refresher, person)
        default: if Bool.random(using: &dice) { _ = try await house.complete(house.course, person) }
        }
    }

    @Test func `what changed of absences is told, no more and no less`() throws {
        let now = try day("2026-03-01").start
        func span(_ from: Int, _ until: Int) -> ClosedRange<Day> {
            (Day(number: 100) + from)...(Day(number: 100) + until)
        }
        func news(_ known: [ClosedRange<Day>], _ present: [ClosedRange<Day>]) -> [CertificationFact] {
            CertificationBook.news(
                from: known, to: present.map { CertificationBook.Leave(days: $0, at: now) }, atLeast: 5, at: now
            ).map(\.fact)
        }
        let d = { Day(number: 100) + $0 }
        #expect(news([], [span(0, 3)]) == [])
        #expect(news([], [span(0, 9)]) == [.leave(from: d(0), until: d(9))])
        #expect(news([span(0, 9)], [span(0, 9)]) == [])
        #expect(news([span(0, 9)], []) == [.returned(on: d(0))])
        #expect(news([span(0, 9)], [span(0, 20)]) == [.leave(from: d(0), until: d(20))])
        #expect(news([span(0, 20)], [span(0, 9)]) == [.returned(on: d(10))])
        #expect(
            news([span(0, 30)], [span(0, 9), span(20, 30)])
                == [.returned(on: d(10)), .leave(from: d(20), until: d(30))])
        #expect(news([span(0, 9)], [span(0, 2)]) == [.returned(on: d(0))], "too short to count any longer")
    }

    @Test(arguments: Engine.present) func `a calendar address is made, changed and ended`(
        engine: Engine
    ) async throws {
        let house = try await CertificationHouse(on: engine)
        let made = try await house.published()
        let (book, tenant) = (house.book, house.tenant)
        #expect(try await book.feed(of: house.ada, in: tenant) == nil)
        let secret = try await book.makeFeed(for: house.ada, of: tenant)
        #expect(secret.count == 48)
        #expect(try await book.reader(secret: secret)?.person == house.ada)
        #expect(try await book.reader(secret: "x") == nil)
        let next = try await book.makeFeed(for: house.ada, of: tenant)
        #expect(try await book.reader(secret: secret) == nil)
        #expect(try await book.reader(secret: next)?.person == house.ada)
        let before = try await book.calendar(of: house.ada, link: "https://l.example/certificates", in: tenant)
        #expect(before.map(\.summary) == ["Due: First aid"])
        try await book.extend(
            house.ada, made.id, until: house.today + 60, reason: "Full", by: house.steward, of: tenant)
        let after = try await book.calendar(of: house.ada, link: "https://l.example/certificates", in: tenant)
        #expect(after.map(\.uid) == before.map(\.uid) && after[0].sequence > before[0].sequence)
        _ = try await house.complete(house.course, house.ada)
        let done = try await book.calendar(of: house.ada, link: "", in: tenant)
        #expect(
            done.map(\.summary) == [
                "Can be renewed from today: First aid", "Due: First aid", "Last day of the certificate: First aid",
            ])
        try await book.revokeFeed(of: house.ada, in: tenant)
        #expect(try await book.reader(secret: next) == nil)
    }

    @Test func `a calendar is folded at 75 octets and escaped`() throws {
        let name = "Ärztliche Prüfung; Teil 1, “Grundlagen” \\ 😀 " + String(repeating: "ü", count: 90)
        let text = CalendarText.of(
            "Leeway: Ada",
            [
                CalendarEntry(
                    uid: "1@leeway", day: try day("2026-12-31"), summary: name, description: "Zeile 1\nZeile 2\u{7}",
                    link: "https://l.example/certificates", remindDays: [1, 7], sequence: 3,
                    stamp: try day("2026-01-02").start + .hours(3))
            ])
        let lines = text.components(separatedBy: "\r\n")
        #expect(lines.last == "" && lines.allSatisfy { $0.utf8.count <= 75 })
        let unfolded = text.replacingOccurrences(of: "\r\n ", with: "")
        #expect(unfolded.contains("SUMMARY:Ärztliche Prüfung\\; Teil 1\\, “Grundlagen” \\\\ 😀 üü"))
        #expect(unfolded.contains("DESCRIPTION:Zeile 1\\nZeile 2\r\n"))
        #expect(unfolded.contains("DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n"))
        #expect(unfolded.contains("DTSTAMP:20260102T030000Z\r\n") && unfolded.contains("TRIGGER:-P7D\r\n"))
        // For readers of other makers: see docs/certification.md.
        if let path = ProcessInfo.processInfo.environment["LEEWAY_TEST_CALENDAR"] {
            try Data(text.utf8).write(to: URL(filePath: path))
        }
    }
}
