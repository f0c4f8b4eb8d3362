import Basis
import Hummingbird
import Intent
import JSON
import People
import StorageTesting
import Stores
import Testing

@Suite struct AccessRulesRoutesTests {
    @Test(arguments: Engine.present) func `rules are drafted, refused with their places, published and restored`(
        engine: Engine
    ) async throws {
        let site = try await TestSite(engine)
        try await site.run { stranger in
            let (steward, learner) = (try await stranger.signedIn(.steward), try await stranger.signedIn(.learner))
            let shipped = try await learner.send(.get, "/api/v1/rules").json
            let rules = try #require(shipped["rules"]?.string)
            #expect(shipped["version"] == 0)
            let wrong: JSONValue = ["rules": "permit (principal, action, resource) when { colour };", "tests": ""]
            #expect(try await learner.send(.put, "/api/v1/rules/draft", wrong).status == .forbidden)
            let kept = try await steward.send(.put, "/api/v1/rules/draft", wrong)
            #expect(try kept.status == .ok && kept.json["check"]?["sound"] == false)
            #expect(try kept.json["check"]?["findings"]?.array?.first?["line"] == 1)
            let refused = try await steward.send(
                .post, "/api/v1/rules/draft/publish", ["revision": 1, "reason": "Try"])
            #expect(refused.status == .badRequest || refused.status == .unprocessableContent)
            #expect(try refused.json["type"] == "urn:leeway:problem:rules-text")
            let good: JSONValue = [
                "rules": .string(
                    rules + """
                        @id("quiet") @reason("Quiet weeks.")
                        forbid (principal, action == Action::"viewPeople", resource);
                        """), "tests": "", "revision": 1,
            ]
            _ = try await steward.send(.get, "/api/v1/people")
            try await site.stores.access.writeWaiting()
            #expect(try await steward.send(.put, "/api/v1/rules/draft", good).status == .ok)
            let replay = try await steward.send(.post, "/api/v1/rules/replay", ["days": 3])
            #expect(try replay.json["denied"] == 1 && replay.json["changes"]?.array?.count == 1)
            let sponsor = try await stranger.signedIn(.sponsor)
            let told = try await sponsor.send(.post, "/api/v1/rules/replay", ["days": 3])
            #expect(try told.status == .ok && told.json["denied"] == .null && told.json["changes"]?.array == [])
            let made = try await steward.send(
                .post, "/api/v1/rules/draft/publish", ["revision": 2, "reason": "Quiet."])
            #expect(try made.json["version"] == 1)
            let denied = try await steward.send(.get, "/api/v1/people")
            #expect(denied.status == .forbidden)
            #expect(try denied.json["type"] == "urn:leeway:problem:policy-denied")
            #expect(try denied.json["detail"]?.string?.contains("Quiet weeks. (quiet)") == true)
            let difference = try await learner.send(.get, "/api/v1/rules/difference?from=0&to=1")
            #expect(try difference.json["items"]?.array?.first?["id"] == "quiet")
            let back = try await steward.send(.post, "/api/v1/rules/versions/0/restore", ["reason": "Enough."])
            #expect(try back.json["version"] == 2 && back.json["restoredFrom"] == 0)
            #expect(try await steward.send(.get, "/api/v1/people").status == .ok)
            let decided = try await steward.send(.get, "/api/v1/rules/decisions")
            #expect(try decided.status == .ok && decided.json["lost"] == 0)
        }
    }

    @Test func `a program is asked about before it reads what others wrote`() async throws {
        let site = try await TestSite()
        let steward = try #require(site.people[.steward]).id
        let version = ["X-Experience-API-Version": "2.0.0"]
        let all = try await DocumentClient.credentials(["statements/read"], of: site)
        let mine = try await DocumentClient.credentials(["statements/read/mine"], of: site)
        let current = try await site.stores.accessRules.current(of: .first)
        try await site.run { stranger in
            func read(_ credentials: String) async throws -> Answer {
                try await stranger.send(
                    .get, "/xapi/statements", headers: version.merging(["Authorization": credentials]) { $1 })
            }
            #expect(try await read(all).status == .ok)
            _ = try await site.stores.accessRules.publish(
                rules: current.rules + """
                    @id("no-programs") @reason("No exports this week.")
                    forbid (principal is System, action == Action::"viewStatements", resource);
                    """, tests: "", reason: "A test asks for it.", by: steward, of: .first)
            let denied = try await read(all)
            #expect(try denied.status == .forbidden && denied.problem() == "policy-denied")
            #expect(denied.headers.contains { $0.name.rawName == "X-Experience-API-Version" })
            #expect(try await read(mine).status == .ok)
        }
    }

    @Test(arguments: Engine.present) func `an AI use is decided for the caller, and for others by a steward`(
        engine: Engine
    ) async throws {
        let site = try await TestSite(engine)
        let steward = try #require(site.people[.steward]).id
        let use = try await site.stores.register.register(
            AIUseDraft(name: "Tutor", purpose: "Explains.", kind: .tool, status: .sandbox), by: steward, of: .first)
        try await site.run { stranger in
            let learner = try await stranger.signedIn(.learner)
            let path = "/api/v1/ai-uses/\(use.id)/decide"
            let open = try await learner.send(.post, path, ["purpose": "Homework"])
            #expect(try open.status == .ok && open.json["allowed"] == true)
            #expect(try await learner.send(.post, path, ["person": .string("\(steward)")]).status == .forbidden)
            let other = try await stranger.signedIn(.steward)
            let learnerID = try #require(site.people[.learner]).id
            #expect(
                try await other.send(.post, path, ["person": .string("\(learnerID)")]).json["allowed"] == true)
            _ = try await site.stores.register.move(
                use.id, to: .suspended, reason: "Wrong answers.", by: steward, of: .first)
            let stopped = try await learner.send(.post, path, ["purpose": "Homework"])
            #expect(try stopped.json["allowed"] == false)
            #expect(try stopped.json["reasons"]?.array?.first?["policy"] == "ai-use-stopped")
            let own = try await learner.send(.get, "/api/v1/me/decisions")
            #expect(try own.json["total"] == 3)
        }
    }
}
