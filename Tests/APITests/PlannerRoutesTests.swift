import API
import Basis
import Hummingbird
import JSON
import People
import StorageTesting
import Stores
import Testing
import Web

@Suite struct PlannerRoutesTests {
    private func draft(_ minutes: Int, _ day: Day, _ more: [(String, JSONValue)] = []) -> JSONValue {
        .object(
            JSONObject(
                [
                    ("title", "AI and customer data"), ("why", "The law asks for it."), ("minutes", .init(minutes)),
                    ("rule", "EU AI Act, article 4"), ("audience", "everyone"),
                    ("deadline", .string(day.description)),
                ] + more))
    }

    @Test(arguments: Engine.present)
    func `a preview tells what would fit, whom retiring frees, and one person's smallest set`(
        _ engine: Engine
    ) async throws {
        let site = try await TestSite(engine)
        let day = site.stores.world.now().day + 20
        try await site.run { caller in
            let sponsor = try await caller.signedIn(.sponsor)
            let first = try await sponsor.send(.post, "/api/v1/mandates/preview", draft(600, day)).json
            #expect(first["alternatives"]?["options"]?.array?.isEmpty == false)
            #expect(first["peopleWithoutDay"]?.integer == 0)
            let person = try #require(first["over"]?.array?.first?["person"]?.string)
            let looked = try await sponsor.send(
                .post, "/api/v1/mandates/preview", draft(600, day, [("person", .string(person))])
            ).json
            #expect(looked["shortfall"]?["asked"]?.integer == 600)
            #expect(looked["shortfall"]?["unplaceable"]?.array?.first?["mandate"] == .null)
            let made = try await sponsor.send(.post, "/api/v1/mandates", draft(600, day)).json
            let id = try #require(made["id"]?.string)
            let reason: JSONValue = ["override": "The law has a date of its own."]
            #expect(try await sponsor.send(.post, "/api/v1/mandates/\(id)/publish", reason).status == .ok)
            let freed = try await sponsor.send(.get, "/api/v1/mandates/\(id)/retirement").json
            #expect(freed["peopleFreed"]?.integer == Role.allCases.count)
            #expect(try await sponsor.send(.get, "/api/v1/mandates/\(id)").json["joinersOver"] == .null)
            let learner = try await caller.signedIn(.learner)
            let leeway = try await learner.send(.get, "/api/v1/me/leeway").json
            #expect(leeway["shortfall"]?["unplaceable"]?.array?.first?["mandate"]?.string == id)
            #expect(leeway["fullTimeBudget"]?.integer == 240 && leeway["daysAway"]?.integer == 0)
            let refused = try await sponsor.send(.post, "/api/v1/mandates/\(id)/revise", draft(700, day))
            #expect(try refused.problem() == "over-budget")
            let revised = try await sponsor.send(.post, "/api/v1/mandates/\(id)/revise", draft(60, day)).json
            #expect(revised["revision"]?.integer == 2 && revised["override"] == .null)
            let load = try await sponsor.send(.get, "/api/v1/mandates/load?months=2").json
            #expect(load["months"]?.array?.count == 2 && load["people"]?.integer == Role.allCases.count)
            #expect(load["rows"]?.array?.isEmpty == true, "fewer than ten people")
            #expect(try await sponsor.send(.get, "/api/v1/mandates/load?months=0").status == .badRequest)
        }
    }

    @Test(arguments: Engine.present)
    func `a policy has a daily limit, within a working day`(_ engine: Engine) async throws {
        let site = try await TestSite(engine)
        try await site.run { caller in
            let steward = try await caller.signedIn(.steward)
            let rule: JSONValue = [
                "name": "Sponsors", "audience": "role sponsor", "minutes": 120, "share": .init(0.5), "dailyLimit": 15,
            ]
            let set = try await steward.send(
                .put, "/api/v1/policy", ["minutes": 240, "share": .init(0.5), "rules": [rule], "note": "Less a day"])
            #expect(set.status == .ok)
            let policy = try await steward.send(.get, "/api/v1/policy").json
            #expect(policy["rules"]?.array?.first?["dailyLimit"]?.integer == 15)
            #expect(policy["fallback"]?["dailyLimit"] == .null)
            let wrong = try await steward.send(
                .put, "/api/v1/policy", ["minutes": 240, "share": .init(0.5), "dailyLimit": 0])
            #expect(wrong.status == .badRequest)
            #expect(try wrong.json["pointers"]?.array?.first?.string == "/dailyLimit")
        }
    }
}
