import Basis
import Foundation
import JSON
import Storage
import StorageTesting
import Synchronization
import Testing

@testable import Evidence
@testable import Exchange

@Suite struct PullTests {
    private func draft(_ url: String) -> LinkDraft { LinkDraft(.pull, label: "Course platform", url: url + "/xapi") }

    @Test(arguments: Engine.present) func `a source is fetched whole, then what is new`(engine: Engine) async throws {
        let (house, peer) = (try await House(engine), try await Peer())
        let receiver = try await Receiver { await peer.answer($0) }
        try await peer.house.post(statements(1_203))
        _ = try await house.book.add(draft(receiver.url), for: .first)
        try await house.exchange.runOnce()
        #expect(try await house.ids() == peer.house.ids())
        #expect(try await house.link().moved == 1_203)
        #expect(receiver.received.count == 3, "pages of 500, following “more”")
        #expect(receiver.received[1].uri.contains("cursor="))
        // Nothing new: nothing comes twice.
        house.clock.forward(.minutes(1))
        try await house.exchange.runOnce()
        #expect(try await house.link().moved == 1_203)
        try await peer.house.post(statements(4, from: 2_000))
        house.clock.forward(.minutes(1))
        try await house.exchange.runOnce()
        #expect(try await house.link().moved == 1_207)
        #expect(try await house.ids() == peer.house.ids())
        #expect(receiver.received.last?.uri.contains("since=") == true)
        try await receiver.close()
    }

    @Test(arguments: Engine.present) func `a source that breaks in the middle is gone on with`(
        engine: Engine
    ) async throws {
        let (house, peer) = (try await House(engine), try await Peer())
        let count = Mutex(0)
        let receiver = try await Receiver { call in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return number == 2 ? Reply(status: 500) : await peer.answer(call)
        }
        try await peer.house.post(statements(700))
        _ = try await house.book.add(draft(receiver.url), for: .first)
        try await house.exchange.runOnce()
        #expect(try await house.ids().count == 500)
        var link = try await house.link()
        #expect(link.failures == 1 && link.lastError.contains("500") && link.more != nil)
        house.clock.forward(.minutes(1))
        try await house.exchange.runOnce()
        link = try await house.link()
        #expect(try await house.ids().count == 700)
        #expect(link.failures == 0 && link.more == nil && link.moved == 700)
        try await receiver.close()
    }

    @Test func `what clashes or is broken lies as a letter, and can be stored later`() async throws {
        let house = try await House()
        let good = statements(3)
        let broken: JSONValue = ["id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee", "verb": "no"]
        let answer: JSONValue = ["statements": .array([good[0], broken, good[1], good[2]]), "more": ""]
        let receiver = try await Receiver { _ in
            Reply(headers: [("Content-Type", "application/json")], body: answer.bytes)
        }
        try await house.post(statements(1, from: 1, verb: "https://example.org/v/other"))
        _ = try await house.book.add(draft(receiver.url), for: .first)
        try await house.exchange.runOnce()
        let link = try await house.link()
        #expect(link.moved == 2 && link.failures == 0)
        let letters = try await house.book.letters(of: .first)
        #expect(letters.count == 2)
        let clash = try #require(letters.first { $0.statement.hasPrefix("00000000") })
        #expect(clash.error.contains("says something else"))
        #expect(letters.contains { $0.statement.hasPrefix("6690e6c9") && $0.error.contains("actor") })
        // The one that clashes goes; then the letter can be stored.
        try await house.database.write { try $0.run("DELETE FROM statement WHERE verb > 0 AND seq = 1") }
        try await house.book.retry(clash.statement, of: link.id, .first)
        try await house.exchange.runOnce()
        #expect(try await house.book.letters(of: .first).count == 1)
        #expect(try await house.ids().contains(clash.statement))
        try await receiver.close()
    }

    @Test(arguments: Engine.present) func `what was erased here is left out and counted`(engine: Engine) async throws {
        let house = try await House(engine)
        let given = statements(3)
        let answer: JSONValue = ["statements": .array(given), "more": ""]
        let receiver = try await Receiver { _ in
            Reply(headers: [("Content-Type", "application/json")], body: answer.bytes)
        }
        let gone = try #require(given[1]["id"]?.string.flatMap { ID<Statement>($0) })
        try await house.database.write { connection in
            try connection.run(
                """
                INSERT INTO erased_leaf (tenant, run, kind, seq, id, fate)
                VALUES (\(TenantID.first), 'run', 'statement', 1, \(gone.bytes), 'erased')
                """)
        }
        _ = try await house.book.add(draft(receiver.url), for: .first)
        try await house.exchange.runOnce()
        let link = try await house.link()
        #expect(link.moved == 2 && link.erased == 1 && link.failures == 0)
        #expect(try await house.book.letters(of: .first).isEmpty)
        #expect(try await !house.ids().contains(gone.description))
        try await receiver.close()
    }

    @Test func `attachments come with their statements`() async throws {
        let (house, peer) = (try await House(), try await Peer())
        let receiver = try await Receiver { await peer.answer($0) }
        let sha2 = try await postAttachment(to: peer.house)
        _ = try await house.book.add(draft(receiver.url), for: .first)
        try await house.exchange.runOnce()
        let ids = try await house.ids().compactMap { ID<Statement>($0) }
        let found = try await house.log.attachments(of: ids, in: .first)
        #expect(found.map(\.sha2) == [sha2])
        let bytes = try await house.log.bytes(of: try #require(found.first), in: .first)
        #expect(bytes == Array("here is a simple attachment".utf8))
        try await receiver.close()
    }

    @Test func `attachments go with their statements`() async throws {
        let (house, peer) = (try await House(), try await Peer())
        let receiver = try await Receiver { await peer.answer($0) }
        let sha2 = try await postAttachment(to: house)
        _ = try await house.book.add(LinkDraft(.forward, label: "Archive", url: receiver.url), for: .first)
        try await LedgerKeeper(database: house.database, world: house.clock.world).integrate()
        try await house.exchange.runOnce()
        let ids = try await peer.house.ids().compactMap { ID<Statement>($0) }
        #expect(try await peer.house.log.attachments(of: ids, in: .first).map(\.sha2) == [sha2])
        try await receiver.close()
    }

    @Test func `“more” that leads elsewhere is not followed`() async throws {
        let house = try await House()
        let answer: JSONValue = ["statements": .array(statements(1)), "more": "http://127.0.0.2:1/steal"]
        let receiver = try await Receiver { _ in
            Reply(headers: [("Content-Type", "application/json")], body: answer.bytes)
        }
        _ = try await house.book.add(draft(receiver.url), for: .first)
        try await house.exchange.runOnce()
        #expect(try await house.link().lastError.contains("leads away"))
        try await receiver.close()
    }

    private func postAttachment(to house: House) async throws -> String {
        let sha2 = "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a"
        let statement: JSONValue = [
            "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee", "actor": ["mbox": "mailto:a@example.org"],
            "verb": ["id": "https://example.org/v/did"], "object": ["id": "https://example.org/a"],
            "attachments": [
                [
                    "usageType": "https://example.org/u", "display": ["en": "A"], "contentType": "text/plain",
                    "length": 27, "sha2": .string(sha2),
                ]
            ],
        ]
        let body =
            "--b\r\nContent-Type: application/json\r\n\r\n\(statement.text)\r\n--b\r\nContent-Type: text/plain\r\n"
            + "Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: \(sha2)\r\n\r\n"
            + "here is a simple attachment\r\n--b--\r\n"
        let resource = StatementResource(log: house.log, world: house.clock.world, path: "/xapi/statements")
        _ = try await resource.answer(
            XAPIRequest(
                method: "POST",
                headers: ["content-type": "multipart/mixed; boundary=b", "x-experience-api-version": "1.0.3"],
                body: Array(body.utf8)),
            for: XAPICaller(tenant: .first, authority: Authority(client: "test"), scopes: [.all]))
        return sha2
    }
}
