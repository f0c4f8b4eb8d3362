import Basis
import Evidence
import JSON
import People
import Storage
import StorageTesting
import Testing

@testable import Exchange

/// Statements that wait as letters are a person's data, too.
@Suite struct LetterRightsTests {
    private struct Case {
        let house: House
        let desk: RightsDesk
        let lea: PersonRecord
        let link: LinkRecord
    }

    private func open(_ engine: Engine) async throws -> Case {
        let house = try await House(engine)
        let directory = Directory(database: house.database, world: house.clock.world)
        let lea = try await directory.save(
            PersonDraft(key: "lea", name: "Lea", email: "p1@example.org", roles: [.learner]), of: .first)
        let desk = RightsDesk(
            database: house.database, world: house.clock.world, log: house.log, tables: PersonalTable.own,
            papers: ExchangeSchema.papers)
        let (link, _) = try await house.book.add(
            LinkDraft(.pull, label: "Course", url: "https://lrs.example.org"), for: .first)
        return Case(house: house, desk: desk, lea: lea, link: link)
    }

    private func keep(_ letter: ExchangeBook.Letter, _ open: Case) async throws {
        try await open.house.database.write { connection in
            try open.house.book.keep(letter, of: open.link, at: open.house.clock.world.now(), on: connection)
        }
    }

    private func letters(_ open: Case) async throws -> [String] {
        try await open.house.database.read { connection in
            try connection.rows("SELECT statement, statements, error FROM exchange_letter ORDER BY statement").map {
                "\(try $0.get("statement", as: String.self)) \(try $0.get("statements", as: String.self).count)"
                    + " \(try $0.get("error", as: String.self))"
            }
        }
    }

    private func erase(_ open: Case) async throws -> ErasureRecord {
        let order = try await open.desk.order(open.lea.id, reason: "Asked", by: nil, of: .first)
        return try await open.desk.work(order.id, of: .first, settling: .zero)
    }

    @Test(arguments: Engine.present) func `a letter with a statement about the person is found, shown and erased`(
        engine: Engine
    ) async throws {
        let open = try await open(engine)
        let bodies = [
            // In another case, as a hash, as an account, within, and not at all; the last is no JSON.
            #"{"actor": {"mbox": "mailto:P1@Example.org"}, "verb": {"id": "x"}}"#,
            #"{"actor": {"mbox_sha1sum": "70416c598bbf24cc32a41c4275ccf07e7e29065e"}}"#,
            #"{"object": {"actor": {"account": {"homePage": "https://example.org", "name": "lea"}}}}"#,
            #"{"context": {"extensions": {"urn:x": ["p1@example.org"]}}}"#,
            #"{"actor": {"mbox": "mailto:p2@example.org"}}"#, #"{"actor": p1@example.org"#,
        ]
        for (number, body) in bodies.enumerated() {
            try await keep(.init(statements: ["s\(number)"], body: Array(body.utf8), error: "It is invalid."), open)
        }
        let counts = try await open.desk.holdings(of: open.lea.id, in: .first).counts
        #expect(counts.first { $0.kind == "statements not delivered" }?.count == 5)
        var archive: [UInt8] = []
        try await open.desk.archive(of: open.lea.id, in: .first) { archive += $0 }
        #expect(String(decoding: archive, as: UTF8.self).contains("records/statements-not-delivered-1.jsonl"))
        let record = try await erase(open)
        #expect(record.counts.first { $0.kind == "statements not delivered" }?.count == 5)
        #expect(try await letters(open).map { String($0.prefix(2)) } == ["s4"])
        #expect(try await open.house.book.letters(of: .first).count == 1)
    }

    @Test(arguments: Engine.present) func `a letter that points at erased statements forgets them`(
        engine: Engine
    ) async throws {
        let open = try await open(engine)
        // Person 1 did the second of each three.
        let ids = try await open.house.post(statements(6))
        try await keep(.init(statements: Array(ids[0...2]), body: nil, error: "About p1."), open)
        try await keep(.init(statements: Array(ids[4...5]), body: nil, error: "About p1."), open)
        try await keep(.init(statements: [ids[3]], body: nil, error: "It said 400."), open)
        #expect(
            try await open.desk.holdings(of: open.lea.id, in: .first).counts
                .first { $0.kind == "statements not delivered" }?.count == 2)
        #expect(try await erase(open).counts.first { $0.kind == "statements not delivered" }?.count == 2)
        let blank = "What was said of it went with the person."
        #expect(
            try await letters(open) == ["\(ids[0]) 73 \(blank)", "\(ids[3]) 36 It said 400.", "\(ids[5]) 36 \(blank)"])
        try await keep(.init(statements: [ids[1]], body: nil, error: "Gone."), open)
        let link = open.link
        #expect(try await open.house.log.statements([ID(ids[1])].compactMap { $0 }, of: link.tenant).isEmpty)
    }

    /// What waits for a target is read when it is sent, so what was erased meanwhile is not sent.
    @Test(arguments: Engine.present) func `an erased statement of a letter is never sent`(engine: Engine) async throws {
        let open = try await open(engine)
        let receiver = try await Receiver { _ in Reply(status: 200) }
        let ids = try await open.house.post(statements(3))
        var draft = LinkDraft(.webhook, label: "Badges", url: receiver.url)
        draft.fromTheBeginning = false
        let (hook, _) = try await open.house.book.add(draft, for: .first)
        try await open.house.database.write { connection in
            try open.house.book.keep(
                .init(statements: ids, error: "It said 500."), of: hook, at: open.house.clock.world.now(),
                on: connection)
        }
        _ = try await erase(open)
        #expect(try await open.house.book.retryAll(of: hook.id, .first) == 1)
        try await open.house.book.pause(open.link.id, of: .first)
        try await open.house.exchange.runOnce()
        let call = try #require(receiver.received.first)
        let text = String(decoding: call.body, as: UTF8.self)
        #expect(text.contains(ids[0]) && text.contains(ids[2]) && !text.contains(ids[1]))
        #expect(!text.contains("p1@example.org"))
        #expect(try await open.house.book.letters(of: .first).isEmpty)
        try await receiver.close()
    }
}
