import Basis
import Evidence
import Foundation
import JSON
import StorageTesting
import Synchronization
import Testing

@testable import Exchange

@Suite struct WebhookTests {
    @Test(arguments: Engine.present) func `new statements are told, signed`(engine: Engine) async throws {
        let house = try await House(engine)
        let receiver = try await Receiver { _ in Reply(status: 204) }
        try await house.post(statements(2))
        var draft = LinkDraft(.webhook, label: "Badges", url: receiver.url + "/hook?x=1")
        draft.fromTheBeginning = false
        draft.filter.verbs = ["https://example.org/v/did"]
        let (link, secret) = try await house.book.add(draft, for: .first)
        #expect(secret.hasPrefix("whsec_"))
        try await house.post(statements(3, from: 10) + statements(1, from: 20, verb: "https://example.org/v/other"))
        try await house.exchange.runOnce()
        let call = try #require(receiver.received.first)
        #expect(receiver.received.count == 1 && call.uri == "/hook?x=1")
        let header = try #require(call.headers["leeway-signature"])
        let signature = WebhookSignature(secret: secret)
        #expect(signature.admits(header, call.body, at: house.clock.world.now()))
        #expect(!signature.admits(header, call.body, at: house.clock.world.now() + .minutes(6)))
        let body = try JSONValue(parsing: call.body)
        #expect(body["type"] == "statements" && body["statements"]?.array?.count == 3)
        #expect(body["delivery"]?.string == call.headers["leeway-delivery"])
        #expect(try await house.link().moved == 3)
        #expect(try await house.exchange.test(link.id, of: .first) == "It answered 204.")
        let test = try #require(receiver.received.last)
        #expect(try JSONValue(parsing: test.body)["type"] == "test")
        #expect(signature.admits(test.headers["leeway-signature"] ?? "", test.body, at: house.clock.world.now()))
        try await receiver.close()
    }

    @Test(arguments: Engine.present) func `a webhook is tried for a day, then its delivery is a letter`(
        engine: Engine
    ) async throws {
        let house = try await House(engine)
        let isDown = Mutex(true)
        let receiver = try await Receiver { _ in Reply(status: isDown.withLock { $0 } ? 500 : 200) }
        _ = try await house.book.add(LinkDraft(.webhook, label: "Badges", url: receiver.url), for: .first)
        let ids = try await house.post(statements(2))
        for _ in 0..<24 {
            try await house.exchange.runOnce()
            #expect(try await house.book.letters(of: .first).isEmpty)
            house.clock.forward(.hours(1))
        }
        let deliveries = Set(receiver.received.compactMap { $0.headers["leeway-delivery"] })
        #expect(receiver.received.count == 24 && deliveries.count == 1, "the same delivery each time")
        try await house.exchange.runOnce()
        let letter = try #require(try await house.book.letters(of: .first).first)
        #expect(letter.statement == ids[0] && letter.count == 2 && letter.error.contains("500"))
        // The next statements are not held up, and the letter can be sent once more.
        isDown.withLock { $0 = false }
        house.clock.forward(.hours(1))
        try await house.book.retry(letter.statement, of: letter.link, .first)
        try await house.exchange.runOnce()
        #expect(try await house.book.letters(of: .first).isEmpty)
        let body = try JSONValue(parsing: try #require(receiver.received.last).body)
        #expect(body["statements"]?.array?.compactMap { $0["id"]?.string } == ids)
        try await receiver.close()
    }

    @Test func `drafts that cannot work are refused with pointers`() async throws {
        let house = try await House()
        func pointers(_ draft: LinkDraft) async -> [String] {
            let problem = await #expect(throws: Problem.self) { try await house.book.add(draft, for: .first) }
            return problem?.pointers ?? []
        }
        #expect(await pointers(LinkDraft(.forward, label: "", url: "ftp://example.org")) == ["/label", "/url"])
        #expect(await pointers(LinkDraft(.forward, label: "A", url: "https://u:p@example.org")) == ["/url"])
        #expect(await pointers(LinkDraft(.pull, label: "A", url: "https://example.org/?a=b")) == ["/url"])
        var draft = LinkDraft(.forward, label: "A", url: "https://example.org")
        draft.username = "only"
        #expect(await pointers(draft) == ["/username"])
        draft = LinkDraft(.pull, label: "A", url: "https://example.org")
        (draft.filter.verbs, draft.filter.activityPrefix) = (["a:b", "c:d"], "https://example.org/")
        #expect(await pointers(draft) == ["/verbs", "/activityPrefix"])
        draft = LinkDraft(.webhook, label: "A", url: "https://example.org")
        (draft.filter.verbs, draft.filter.agent) = (["nothing"], "nobody")
        #expect(await pointers(draft) == ["/verbs/0", "/agent"])
    }
}
