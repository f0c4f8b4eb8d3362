import Basis
import Evidence
import Foundation
import JSON
import StorageTesting
import Synchronization
import Testing

@testable import Exchange

@Suite struct ForwardTests {
    private func draft(_ url: String) -> LinkDraft {
        var draft = LinkDraft(.forward, label: "Archive", url: url + "/xapi/")
        (draft.username, draft.secret) = ("key", "secret")
        return draft
    }

    @Test(arguments: Engine.present) func `everything arrives once, filters hold`(engine: Engine) async throws {
        let (house, peer) = (try await House(engine), try await Peer())
        let receiver = try await Receiver { await peer.answer($0) }
        var draft = draft(receiver.url)
        draft.filter.activityPrefix = "https://example.org/even/"
        _ = try await house.book.add(draft, for: .first)
        try await house.post(statements(501))
        try await house.exchange.runOnce()
        #expect(try await peer.house.ids().count == 251)
        let link = try await house.link()
        #expect(link.moved == 251 && link.lastError.isEmpty && link.failures == 0)
        let call = try #require(receiver.received.first)
        #expect(call.uri == "/xapi/statements" && call.headers["x-experience-api-version"] == "1.0.3")
        #expect(call.headers["authorization"] == "Basic \(Data("key:secret".utf8).base64EncodedString())")
        // Later ones go from there on; nothing goes twice.
        try await house.post(statements(2, from: 600))
        house.clock.forward(.seconds(2))
        try await house.exchange.runOnce()
        #expect(try await peer.house.ids().count == 252)
        #expect(try await house.link().moved == 252)
        try await receiver.close()
    }

    @Test(arguments: Engine.present) func `a target that fails is asked again, later and later`(
        engine: Engine
    ) async throws {
        let (house, peer) = (try await House(engine), try await Peer())
        let isDown = Mutex(true)
        let receiver = try await Receiver { call in
            isDown.withLock { $0 } ? Reply(status: 503, headers: [("Retry-After", "90")]) : await peer.answer(call)
        }
        _ = try await house.book.add(draft(receiver.url), for: .first)
        try await house.post(statements(5))
        try await house.exchange.runOnce()
        var link = try await house.link()
        #expect(link.failures == 1 && link.lastError.contains("503") && link.moved == 0)
        #expect(try await house.exchange.runOnce() == 0, "it waits")
        house.clock.forward(.seconds(89))
        #expect(try await house.exchange.runOnce() == 0, "as long as it was asked to")
        for failures in 2...4 {
            house.clock.forward(.hours(1))
            try await house.exchange.runOnce()
            link = try await house.link()
            #expect(link.failures == failures && link.failingSince != nil)
        }
        isDown.withLock { $0 = false }
        house.clock.forward(.hours(1))
        try await house.exchange.runOnce()
        link = try await house.link()
        #expect(link.failures == 0 && link.moved == 5 && link.failingSince == nil)
        #expect(try await peer.house.ids().count == 5)
        try await receiver.close()
    }

    @Test func `a slow target ends as a failure, and holds up no other`() async throws {
        let (house, peer) = (try await House(patience: .seconds(3)), try await Peer())
        let slow = try await Receiver { _ in Reply(delay: .seconds(9)) }
        let quick = try await Receiver { await peer.answer($0) }
        _ = try await house.book.add(draft(slow.url), for: .first)
        _ = try await house.book.add(LinkDraft(.forward, label: "Quick", url: quick.url), for: .first)
        try await house.post(statements(3))
        let exchange = house.exchange
        let work = Task { await exchange.run(pause: .milliseconds(20)) }
        for _ in 0..<250 where try await peer.house.ids().count < 3 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try await peer.house.ids().count == 3, "well before the slow one ends")
        for _ in 0..<150 where try await house.book.list(of: .first)[0].failures == 0 {
            try await Task.sleep(for: .milliseconds(40))
        }
        work.cancel()
        await work.value
        let link = try await house.book.list(of: .first)[0]
        #expect(link.failures == 1 && link.lastError.contains("too long"))
        try await slow.close()
        try await quick.close()
    }

    @Test(arguments: Engine.present) func `what a target does not want lies as a letter, the rest arrives`(
        engine: Engine
    ) async throws {
        let (house, peer) = (try await House(engine), try await Peer())
        // The same identifiers with another content are there already.
        try await peer.house.post(statements(1, from: 7, verb: "https://example.org/v/other"))
        try await peer.house.post(statements(1, from: 30, verb: "https://example.org/v/other"))
        let receiver = try await Receiver { await peer.answer($0) }
        _ = try await house.book.add(draft(receiver.url), for: .first)
        let ids = try await house.post(statements(40))
        try await house.exchange.runOnce()
        #expect(try await peer.house.ids().count == 40)
        var letters = try await house.book.letters(of: .first)
        #expect(Set(letters.map(\.statement)) == [ids[7], ids[30]])
        #expect(letters.allSatisfy { $0.error.contains("409") && $0.count == 1 && !$0.isQueued })
        #expect(try await house.link().moved == 38)
        let link = try await house.link().id
        try await house.book.discard(ids[7], of: link, .first)
        try await house.book.retry(ids[30], of: link, .first)
        #expect(try await house.book.letters(of: .first)[0].isQueued)
        house.clock.forward(.seconds(2))
        try await house.exchange.runOnce()
        letters = try await house.book.letters(of: .first)
        #expect(letters.map(\.statement) == [ids[30]] && !letters[0].isQueued, "still unwanted")
        try await receiver.close()
    }

    @Test(arguments: Engine.present) func `a node that dies in the middle loses nothing and doubles nothing`(
        engine: Engine
    ) async throws {
        let (house, peer) = (try await House(engine), try await Peer())
        let count = Mutex(0)
        let receiver = try await Receiver { call in
            let reply = await peer.answer(call)
            // It took the statements, but the answer never comes.
            let number = count.withLock { count in
                count += 1
                return count
            }
            return number == 2 ? Reply(status: 200, delay: .seconds(4)) : reply
        }
        _ = try await house.book.add(draft(receiver.url), for: .first)
        try await house.post(statements(500))
        let exchange = house.exchange
        let work = Task { _ = try? await exchange.runOnce() }
        for _ in 0..<200 where count.withLock({ $0 }) < 2 { try await Task.sleep(for: .milliseconds(10)) }
        work.cancel()
        await work.value
        // Another node, after the lease ran out.
        house.clock.forward(.minutes(5))
        let other = House.exchange(house.log, house.database, house.clock)
        try await other.runOnce()
        #expect(try await peer.house.ids().count == 500)
        #expect(try await house.link().moved == 500)
        try await receiver.close()
    }

    @Test(arguments: Engine.present) func `two nodes never hold a link together`(engine: Engine) async throws {
        let house = try await House(engine)
        _ = try await house.book.add(draft("http://127.0.0.1:1"), for: .first)
        let id = try await house.link().id
        let book = house.book
        let taken = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { try await book.take(id, of: .first) == nil ? 0 : 1 } }
            return try await group.reduce(0, +)
        }
        #expect(taken == 1)
        #expect(try await book.due().isEmpty)
        house.clock.forward(LeasedLink.span + .seconds(1))
        let again = try #require(try await book.take(id, of: .first))
        house.clock.forward(LeasedLink.span + .seconds(1))
        _ = try await book.take(id, of: .first)
        await #expect(throws: LeaseLost.self) { try await book.advance(again, to: 1, moved: 1) }
    }

    @Test func `a paused link keeps its place`() async throws {
        let (house, peer) = (try await House(), try await Peer())
        let receiver = try await Receiver { await peer.answer($0) }
        _ = try await house.book.add(draft(receiver.url), for: .first)
        let id = try await house.link().id
        try await house.book.pause(id, of: .first)
        try await house.post(statements(3))
        #expect(try await house.exchange.runOnce() == 0)
        try await house.book.resume(id, of: .first)
        try await house.exchange.runOnce()
        #expect(try await peer.house.ids().count == 3)
        try await house.book.remove(id, of: .first)
        #expect(try await house.book.list(of: .first).isEmpty)
        await #expect(throws: Problem.self) { try await house.book.pause(id, of: .first) }
        try await receiver.close()
    }

    @Test func `redirects are not followed, nobody listening is said so`() async throws {
        let house = try await House()
        let receiver = try await Receiver { _ in
            Reply(status: 307, headers: [("Location", "http://127.0.0.1:1/")])
        }
        _ = try await house.book.add(draft(receiver.url), for: .first)
        try await house.post(statements(1))
        try await house.exchange.runOnce()
        #expect(try await house.link().lastError.contains("307"))
        try await receiver.close()
        house.clock.forward(.hours(1))
        try await house.exchange.runOnce()
        #expect(try await house.link().lastError.contains("nobody listens"))
    }
}
