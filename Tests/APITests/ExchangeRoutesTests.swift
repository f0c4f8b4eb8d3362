import Basis
import Evidence
import Hummingbird
import JSON
import People
import StorageTesting
import Testing

@Suite struct ExchangeRoutesTests {
    @Test(arguments: Engine.present) func `links are made, paused, resumed and removed, without their secrets`(
        engine: Engine
    ) async throws {
        try await TestSite(engine).run { caller in
            let ada = try await caller.signedIn(.administrator)
            let made = try await ada.send(
                .post, "/api/v1/exchange/links",
                [
                    "kind": "forward", "label": "Archive", "url": "https://lrs.example.org/xapi", "username": "key",
                    "secret": "very secret", "verbs": ["https://example.org/v"], "since": "2026-01-01T00:00:00Z",
                    "version": "1.0.3", "fromTheBeginning": false,
                ])
            #expect(made.status == .created && made.headers[.cacheControl] == "no-store")
            let id = try #require(try made.json["id"]?.string)
            let hook = try await ada.send(
                .post, "/api/v1/exchange/links",
                ["kind": "webhook", "label": "Badges", "url": "https://badges.example.org/hook"])
            #expect(try hook.json["secret"]?.string?.hasPrefix("whsec_") == true)
            let list = try await ada.send(.get, "/api/v1/exchange/links")
            #expect(try list.json["total"]?.integer == 2)
            #expect(!list.text.contains("very secret") && !list.text.contains("whsec_"))
            let one = try await ada.send(.get, "/api/v1/exchange/links/\(id)").json
            #expect(one["version"] == "1.0.3" && one["filter"]?["verbs"] == ["https://example.org/v"])
            #expect(try await ada.send(.post, "/api/v1/exchange/links/\(id)/pause").status == .noContent)
            #expect(try await ada.send(.get, "/api/v1/exchange/links/\(id)").json["state"] == "paused")
            #expect(try await ada.send(.post, "/api/v1/exchange/links/\(id)/resume").status == .noContent)
            #expect(try await ada.send(.post, "/api/v1/exchange/links/\(id)/test").problem() == "test-webhook")
            #expect(try await ada.send(.get, "/api/v1/exchange/letters").json["total"] == 0)
            let retry = try await ada.send(.post, "/api/v1/exchange/links/\(id)/letters/\(id)/retry")
            #expect(try retry.problem() == "letter-missing")
            #expect(try await ada.send(.delete, "/api/v1/exchange/links/\(id)").status == .noContent)
            #expect(try await ada.send(.get, "/api/v1/exchange/links/\(id)").problem() == "link-missing")
            let bad = try await ada.send(
                .post, "/api/v1/exchange/links", ["kind": "forward", "label": "", "url": "nothing"])
            #expect(try bad.problem() == "link-invalid")
            #expect(try bad.json["pointers"] == ["/label", "/url"])
            let steward = try await caller.signedIn(.steward)
            #expect(try await steward.send(.get, "/api/v1/exchange/links").status == .forbidden)
        }
    }

    @Test func `a profile that refuses answers a client with pointers`() async throws {
        try await RecordStore.serve(.memory) { store in
            let ada = try await store.caller.signedIn(.administrator)
            let profile: JSONValue = [
                "id": "https://example.org/p", "type": "Profile", "prefLabel": ["en": "P"],
                "versions": [["id": "https://example.org/p/1", "generatedAtTime": "2026-01-01T00:00:00Z"]],
                "templates": [
                    [
                        "id": "https://example.org/t", "prefLabel": ["en": "T"], "verb": "https://example.org/v",
                        "rules": [["location": "$.result.success", "presence": "included"]],
                    ]
                ],
            ]
            let loaded = try await ada.send(
                .post, "/api/v1/profiles", ["profile": profile, "mode": "refuse", "reach": "described"])
            #expect(loaded.status == .created)
            let statement: JSONValue = [
                "actor": ["mbox": "mailto:a@example.org"], "verb": ["id": "https://example.org/v"],
                "object": ["id": "https://example.org/a"],
            ]
            let refused = try await store.ask(.post, [], statement.text)
            #expect(refused.status == .badRequest)
            #expect(try refused.problem() == "profile-refused")
            #expect(try refused.json["pointers"] == ["/result/success"])
            let warned = try await ada.send(
                .post, "/api/v1/profiles/options", ["id": "https://example.org/p", "mode": "warn"])
            #expect(warned.status == .noContent)
            #expect(try await store.ask(.post, [], statement.text).status == .ok)
            let findings = try await ada.send(.get, "/api/v1/profiles/findings").json
            #expect(findings["items"]?.array?.first?["count"] == 1)
            #expect(try await ada.send(.get, "/api/v1/profiles").json["items"]?.array?.first?["mode"] == "warn")
            let sequences = "/api/v1/profiles/sequences?profile="
            let unordered = try await ada.send(.get, sequences + "https%3A%2F%2Fexample.org%2Fp")
            #expect(try unordered.problem() == "profile-patterns")
            let own = try await ada.send(
                .get, sequences + "urn:leeway:profile&registration=6690e6c9-3ef0-4ed3-8b37-7f3964730bee")
            #expect(try own.json["items"]?.array?.isEmpty == true)
            #expect(
                try await ada.send(.get, sequences + "urn:leeway:profile&registration=x").problem() == "registration")
            let broken = try await ada.send(.post, "/api/v1/profiles", ["profile": ["id": "no"]])
            #expect(try broken.problem() == "profile-invalid")
            let removed = try await ada.send(.post, "/api/v1/profiles/remove", ["id": "https://example.org/p"])
            #expect(removed.status == .noContent)
        }
    }
}
