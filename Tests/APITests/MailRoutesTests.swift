import Basis
import Hummingbird
import JSON
import MailTesting
import NIOPosix
import People
import StorageTesting
import Testing

@Suite struct MailRoutesTests {
    @Test(arguments: Engine.present) func `letters are set, tested and switched off, and each chooses`(
        engine: Engine
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let postbox = try await Postbox(on: group)
        try await TestSite(engine).run { caller in
            let ada = try await caller.signedIn(.administrator)
            #expect(try await ada.send(.get, "/api/v1/mail").json["settings"] == .null)
            #expect(try await ada.send(.post, "/api/v1/mail/test").problem() == "mail-missing")
            var settings: JSONValue {
                [
                    "host": "127.0.0.1", "port": .init(postbox.port), "security": "none", "user": "leeway",
                    "password": "very secret", "mailbox": "leeway@example.org",
                    "address": "https://learn.example.org/",
                ]
            }
            let made = try await ada.send(.put, "/api/v1/mail", settings)
            #expect(made.status == .ok && !made.text.contains("very secret"))
            #expect(try made.json["hasPassword"] == true && made.json["address"] == "https://learn.example.org")
            let bad = try await ada.send(
                .put, "/api/v1/mail",
                ["host": "", "port": 99_999, "security": "none", "mailbox": "x", "address": "y"])
            #expect(try bad.problem() == "mail-invalid")
            #expect(try bad.json["pointers"] == ["/host", "/port", "/mailbox", "/address"])
            // The server asks for nobody's name, so none is told.
            let plain = try await ada.send(
                .put, "/api/v1/mail",
                [
                    "host": "127.0.0.1", "port": .init(postbox.port), "security": "none",
                    "mailbox": "leeway@example.org", "address": "https://learn.example.org",
                ])
            #expect(try plain.json["hasPassword"] == false)
            #expect(try await ada.send(.post, "/api/v1/mail/test").json["answer"] == "250 taken")
            let letters = try await ada.send(.get, "/api/v1/mail/letters?state=failed&page=3").json
            #expect(letters["total"] == 0 && letters["page"] == 1)
            #expect(try await ada.send(.get, "/api/v1/mail/letters?state=x").problem() == "state")
            let id = "01930000-0000-7000-8000-000000000000"
            #expect(try await ada.send(.post, "/api/v1/mail/letters/\(id)/retry").problem() == "letter-missing")
            #expect(try await ada.send(.post, "/api/v1/mail/retry").json["count"] == 0)
            #expect(try await ada.send(.post, "/api/v1/mail/off").status == .noContent)
            #expect(try await ada.send(.get, "/api/v1/mail").json["settings"]?["on"] == false)
            let learner = try await caller.signedIn(.learner)
            #expect(try await learner.send(.get, "/api/v1/mail").status == .forbidden)
            let chosen = try await learner.send(.put, "/api/v1/me/letters", ["news": "never"]).json
            #expect(chosen["news"] == "never" && chosen["mandates"] == "daily" && chosen["ownership"] == "atOnce")
            let refused = try await learner.send(.put, "/api/v1/me/letters", ["policies": "never"])
            #expect(try refused.problem() == "letters-mandatory" && refused.json["pointers"] == ["/policies"])
            #expect(try await learner.send(.put, "/api/v1/me/letters", ["news": "weekly"]).problem() == "pace")
        }
        try await postbox.close()
        try await group.shutdownGracefully()
    }
}
