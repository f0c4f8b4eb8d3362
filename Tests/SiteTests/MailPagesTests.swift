import Basis
import Foundation
import Hummingbird
import MailTesting
import NIOPosix
import Notices
import StorageTesting
import Stores
import Testing

@testable import Site

/// The pages about letters.
@Suite struct MailPagesTests {
    static func fields(_ port: Int, _ changes: [String: String] = [:]) -> [(String, String)] {
        var fields = [
            "host": "127.0.0.1", "port": "\(port)", "security": "none", "user": "", "password": "",
            "senderName": "Leeway", "mailbox": "leeway@pier.example", "address": "https://learn.pier.example",
        ]
        fields.merge(changes) { $1 }
        return fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    @Test(arguments: Engine.present) func `an administrator sets the server, tests it, and sees how letters fare`(
        engine: Engine
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let postbox = try await Postbox(on: group)
        let house = try await LeadersHouse(on: engine)
        let path = "/settings/mail"
        #expect(try await house.get(path, as: "steward").status == .forbidden)
        let off = try await house.get(path, as: "ada")
        #expect(off.status == .ok && off.body.contains("Letters are off: no mail server is set."))
        expectWellMade(off.body, path)
        let early = try await house.post("\(path)/off", as: "ada")
        #expect(early.status == .notFound)
        let wrong = try await house.post(
            path, Self.fields(0, ["host": "<b>", "mailbox": "no", "address": "x"]), as: "ada")
        #expect(wrong.status == .unprocessableContent && wrong.body.contains("&lt;b&gt;"))
        for name in ["host", "port", "mailbox", "address"] { #expect(wrong.body.contains("\(name)-error"), "\(name)") }
        expectWellMade(wrong.body, path)
        #expect(try await house.post(path, Self.fields(postbox.port), as: "ada").status == .seeOther)
        let tested = try await house.post("\(path)/test", as: "ada")
        #expect(tested.status == .ok && tested.body.contains("It said: 250 taken"))
        #expect(postbox.letters.last?.to.contains("<ada@pier.example>") == true)
        postbox.answer(["RCPT": "550 no such person"])
        let failed = try await house.post("\(path)/test", as: "ada")
        #expect(failed.status == .unprocessableContent && failed.body.contains("550 no such person"))
        expectWellMade(failed.body, path)
        try await house.stores.letters.choices.choose(
            [.strategies: .atOnce], for: house.id("learner"), in: house.tenant)
        _ = try await house.strategy()
        try await house.stores.letters.round(of: house.tenant)
        let page = try await house.get("\(path)?state=failed", as: "ada")
        expectWellMade(page.body, path)
        #expect(page.body.contains("Lea &lt;b&gt;Learner") && page.body.contains("strategy published"))
        #expect(page.body.contains("550 no such person"))
        let letter = try #require(
            try await house.stores.letters.outbox.letters(of: house.tenant, state: .failed).letters.first {
                try $0.person == house.id("learner")
            })
        #expect(try await house.post("\(path)/letters/\(letter.id)/retry", as: "steward").status == .forbidden)
        #expect(try await house.post("\(path)/letters/\(letter.id)/retry", as: "ada").status == .seeOther)
        #expect(try await house.post("\(path)/letters/\(letter.id)/retry", as: "ada").status == .seeOther)
        postbox.answer([:])
        try await house.stores.letters.round(of: house.tenant)
        #expect(postbox.letters.last?.text.contains("/strategy/") == true)
        #expect(try await house.post("\(path)/retry", as: "ada").status == .seeOther)
        #expect(try await house.post("\(path)/off", as: "ada").status == .seeOther)
        #expect(try await house.get(path, as: "ada").body.contains("they were switched off"))
        try await postbox.close()
        try await group.shutdownGracefully()
    }

    @Test func `everyone chooses, but not against what has to be done`() async throws {
        let house = try await LeadersHouse()
        let path = "/me/letters"
        let page = try await house.get(path, as: "learner")
        #expect(page.status == .ok && page.body.contains("can’t be switched off"))
        expectWellMade(page.body, path)
        let saved = try await house.post(path, [("strategies", "never"), ("mandates", "atOnce")], as: "learner")
        #expect(saved.status == .seeOther)
        let paces = try await house.stores.letters.choices.paces(of: house.id("learner"), in: house.tenant)
        #expect(paces[.strategies] == .never && paces[.mandates] == .atOnce && paces[.news] == .daily)
        let refused = try await house.post(path, [("mandates", "never")], as: "learner")
        #expect(refused.status == .unprocessableContent && refused.body.contains("they can’t be switched off"))
        expectWellMade(refused.body, path)
    }
}
