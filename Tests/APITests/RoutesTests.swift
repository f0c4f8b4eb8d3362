import API
import Basis
import Catalog
import Foundation
import Hummingbird
import Imports
import JSON
import People
import Skills
import Storage
import StorageTesting
import Stores
import Testing
import Web

func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

@Suite struct RoutesTests {
    @Test func `every JSON body refuses an unknown member and a wrong type, with pointers`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let sponsor = try await caller.signedIn(.sponsor)
            let steward = try await caller.signedIn(.steward)
            let administrator = try await caller.signedIn(.administrator)
            for route in site.edge.table.routes where !route.members.isEmpty {
                let isForAdministrators = route.access == .right(.administer)
                let who =
                    isForAdministrators
                    ? administrator
                    : route.access.admits(Role.sponsor.rights)
                        ? sponsor : route.access.admits(Role.steward.rights) ? steward : administrator
                var object = JSONObject([("colour", "blue")])
                for member in route.members { object[member.name] = member.shape == .list ? 1 : .array([1]) }
                let answer = try await who.send(route.method, example(route.path), .object(object))
                #expect(answer.status == .badRequest, "\(route.method) \(route.path)")
                #expect(try answer.problem() == "members", "\(route.method) \(route.path)")
                let pointers = try answer.json["pointers"]?.array?.compactMap(\.string) ?? []
                #expect(Set(pointers) == Set(["/colour"] + route.members.map { "/\($0.name)" }), "\(route.path)")
            }
        }
    }

    @Test func `every JSON route refuses an unknown query and a body that is no JSON`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let steward = try await caller.signedIn(.steward)
            for route in site.edge.table.routes where route.path.hasPrefix("/api/v1/") {
                guard route.access.admits(Role.steward.rights) else { continue }
                let answer = try await steward.send(route.method, example(route.path) + "?colour=blue")
                #expect(try answer.problem() == "query", "\(route.method) \(route.path)")
                guard !route.members.isEmpty else { continue }
                let text = try await steward.send(
                    route.method, example(route.path), bytes: Array("a=1".utf8),
                    headers: ["Content-Type": "text/plain"])
                #expect(text.status == .unsupportedMediaType, "\(route.method) \(route.path)")
                let broken = try await steward.send(
                    route.method, example(route.path), bytes: Array("{\"a\":".utf8),
                    headers: ["Content-Type": "application/json"])
                #expect(try broken.problem() == "json", "\(route.method) \(route.path)")
            }
        }
    }

    @Test func `what is not there is not found`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let steward = try await caller.signedIn(.steward)
            for path in [
                "/api/v1/people/0197b2c4-0000-7000-8000-000000000000", "/api/v1/people/x", "/api/v1/content/1",
                "/api/v1/strategies/0197b2c4-0000-7000-8000-000000000000", "/api/v1/ai-uses/x",
                "/api/v1/mandates/0197b2c4-0000-7000-8000-000000000000", "/api/v1/jobs/x",
            ] {
                #expect(try await steward.send(.get, path).problem() == "missing", "\(path)")
            }
        }
    }

    @Test(arguments: Engine.present)
    func `people, units and audiences`(_ engine: Engine) async throws {
        let site = try await TestSite(engine)
        try await site.run { caller in
            let admin = try await caller.signedIn(.administrator)
            let page = try await admin.send(.get, "/api/v1/people?q=stew&pageSize=2").json
            #expect(page["total"]?.integer == 1)
            #expect(page["items"]?.array?.first?["email"]?.string == "steward@example.org")
            let rule = Form.encoded("role sponsor or role auditor")
            let preview = try await admin.send(.get, "/api/v1/audiences/preview?rule=\(rule)").json
            #expect(preview["count"]?.integer == 2)
            #expect(preview["total"]?.integer == Role.allCases.count)
            let wrong = try await admin.send(.get, "/api/v1/audiences/preview?rule=role%20nobody")
            #expect(wrong.status == .badRequest)
            #expect(try await admin.send(.get, "/api/v1/units").json["total"]?.integer == 0)
        }
    }

    @Test(arguments: Engine.present)
    func `a mandate is drafted, previewed, refused over budget, and published when it fits`(_ engine: Engine)
        async throws
    {
        let site = try await TestSite(engine)
        let day = site.stores.world.now().day + 20
        try await site.run { caller in
            let sponsor = try await caller.signedIn(.sponsor)
            func draft(_ minutes: Int) -> JSONValue {
                [
                    "title": "AI and customer data", "why": "The law asks for it.", "minutes": .init(minutes),
                    "rule": "EU AI Act, article 4", "audience": "everyone", "deadline": .string(day.description),
                ]
            }
            let preview = try await sponsor.send(.post, "/api/v1/mandates/preview", draft(600)).json
            #expect(preview["fits"]?.bool == false)
            #expect(preview["peopleOver"]?.integer == Role.allCases.count)
            let large = try await sponsor.send(.post, "/api/v1/mandates", draft(600))
            #expect(large.status == .created)
            let id = try #require(try large.json["id"]?.string)
            let refused = try await sponsor.send(.post, "/api/v1/mandates/\(id)/publish", .object(JSONObject()))
            #expect(refused.status == .conflict)
            #expect(try refused.problem() == "over-budget")
            let edited = try await sponsor.send(.put, "/api/v1/mandates/\(id)", draft(45))
            #expect(edited.status == .ok)
            let published = try await sponsor.send(.post, "/api/v1/mandates/\(id)/publish", .object(JSONObject()))
            #expect(try published.json["state"]?.string == "published")
            let learner = try await caller.signedIn(.learner)
            let asked = try await learner.send(.get, "/api/v1/me/mandates").json
            #expect(asked["items"]?.array?.first?["assignment"]?["minutesLeft"]?.integer == 45)
            let leeway = try await learner.send(.get, "/api/v1/me/leeway").json
            #expect(leeway["planned"]?.integer == 45)
            #expect(leeway["guaranteed"]?.integer == 120)
            let retired = try await sponsor.send(.post, "/api/v1/mandates/\(id)/retire", ["reason": "Done."])
            #expect(try retired.json["state"]?.string == "retired")
        }
    }

    @Test(arguments: Engine.present)
    func `an AI use is registered, its owner asked, and the owner accepts`(_ engine: Engine) async throws {
        let site = try await TestSite(engine)
        let designer = try #require(site.people[.designer])
        let review = site.stores.world.now().day + 90
        try await site.run { caller in
            let steward = try await caller.signedIn(.steward)
            let made = try await steward.send(
                .post, "/api/v1/ai-uses",
                [
                    "name": "Translator", "purpose": "Translates readings.", "kind": "tool", "status": "live",
                    "data": ["internal"], "reviewOn": .string(review.description),
                ])
            #expect(made.status == .created, "\(made.text)")
            let id = try #require(try made.json["id"]?.string)
            let asked = try await steward.send(
                .post, "/api/v1/ai-uses/\(id)/responsibilities", ["person": .string(designer.id.description)])
            #expect(asked.status == .created)
            let duty = try #require(try asked.json["id"]?.string)
            let other = try await steward.send(.post, "/api/v1/responsibilities/\(duty)/accept")
            #expect(other.status.code >= 400)
            let owner = try await caller.signedIn(.designer)
            let accepted = try await owner.send(.post, "/api/v1/responsibilities/\(duty)/accept")
            #expect(try accepted.json["state"]?.string == "accepted", "\(accepted.text)")
            let entry = try await steward.send(.get, "/api/v1/ai-uses/\(id)").json
            #expect(entry["owner"]?.string == designer.id.description)
            #expect(entry["clear"]?.bool == true)
        }
    }

    @Test func `a strategy is drafted, published and acknowledged, and drafts stay with their authors`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let sponsor = try await caller.signedIn(.sponsor)
            let learner = try await caller.signedIn(.learner)
            let owner = try #require(site.people[.sponsor]).id.description
            let skill = try await site.stores.skills.ensure(key: "s", name: "Ask well", tenant: .first)
            let made = try await sponsor.send(
                .post, "/api/v1/strategies",
                [
                    "title": "Safe use first", "text": "We use AI with care.", "owner": .string(owner),
                    "audience": "everyone",
                    "priorities": [
                        ["name": "Safe use", "skills": [.string(skill.id.description)], "weight": 3],
                        ["name": "Curiosity", "skills": [.string(skill.id.description)], "weight": 1],
                    ],
                ])
            #expect(made.status == .created, "\(made.text)")
            let id = try #require(try made.json["id"]?.string)
            #expect(try await learner.send(.get, "/api/v1/strategies/\(id)").status == .notFound)
            #expect(try await learner.send(.get, "/api/v1/strategies").json["total"]?.integer == 0)
            let published = try await sponsor.send(.post, "/api/v1/strategies/\(id)/publish")
            #expect(try published.json["state"]?.string == "published", "\(published.text)")
            let path = "/api/v1/strategies/\(id)/acknowledgement"
            #expect(try await learner.send(.post, path, ["version": 1]).json["new"]?.bool == true)
            #expect(try await learner.send(.post, path, ["version": 1]).json["new"]?.bool == false)
            #expect(try await sponsor.send(.get, "/api/v1/strategies/\(id)/reach").json["acknowledged"]?.integer == 1)
            let odd = try await sponsor.send(
                .post, "/api/v1/strategies",
                ["title": "x", "audience": "role nobody", "priorities": [["name": "a", "wait": 1]]])
            #expect(odd.status == .badRequest)
        }
    }

    @Test func `an upload becomes a job, and the job tells its report`() async throws {
        let site = try await TestSite()
        let runner = JobRunner(queue: site.stores.jobs, workers: site.stores.desk.workers) { Issue.record($0) }
        try await site.run { caller in
            let designer = try await caller.signedIn(.designer)
            let lines = #"{"id":"c1","title":"Prompts","kind":"article","language":"en","minutes":5}"#
            let body = """
                --b\r\nContent-Disposition: form-data; name="file"; filename="c.jsonl"\r\n\r\n\(lines)\n\r\n--b--\r\n
                """
            let type = ["Content-Type": "multipart/form-data; boundary=b"]
            let sent = try await designer.send(
                .post, "/api/v1/imports/catalogue?dryRun=false", bytes: Array(body.utf8), headers: type)
            #expect(sent.status == .accepted, "\(sent.text)")
            let place = try #require(sent.headers[.location])
            #expect(try await designer.send(.get, place).json["state"]?.string == "queued")
            _ = try await runner.runOne()
            let job = try await designer.send(.get, place).json
            #expect(job["state"]?.string == "done")
            #expect(job["report"]?["counts"]?["created"]?.integer == 1)
            let found = try await designer.send(.get, "/api/v1/catalogue?q=prompts").json
            #expect(found["total"]?.integer == 1)
            let id = try #require(found["items"]?.array?.first?["id"]?.string)
            #expect(try await designer.send(.get, "/api/v1/content/\(id)/items").json["total"]?.integer == 0)
            let forbidden = try await designer.send(
                .post, "/api/v1/imports/people", bytes: Array(body.utf8), headers: type)
            #expect(try forbidden.problem() == "right-needed")
        }
    }

    @Test func `questions come without their keys`() async throws {
        let site = try await TestSite()
        let contents = #"{"id":"c1","title":"Quiz","kind":"article","language":"en"}"# + "\n"
        _ = try await site.stores.library.importCatalogue(
            Array(contents.utf8), tenant: .first, skills: site.stores.skills.resolver(of: .first))
        let item = """
            {"id":"i1","learning_object":"c1","stem":"Which?","choices":["a","b"],"correct":[1],"language":"en"}

            """
        let file = try Scratch.file("items.jsonl", item)
        let importer = Importer(database: site.stores.database, world: site.stores.world)
        do {
            _ = try await importer.run(.items, path: file, tenant: .first)
        } catch let problem as Problem {
            Issue.record("\(problem.detail) \(problem.issues)")
        }
        let content = try #require(await site.stores.library.content(key: "c1", of: .first))
        try await site.run { caller in
            let learner = try await caller.signedIn(.learner)
            let answer = try await learner.send(.get, "/api/v1/content/\(content.id)/items")
            let one = try answer.json["items"]?.array?.first
            #expect(one?["stem"]?.string == "Which?")
            let names = Set(one?.object?.names ?? [])
            #expect(names.isDisjoint(with: ["correct", "explanations"]))
        }
    }

    @Test func `the seven measures say what they need while there is no evidence`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let auditor = try await caller.signedIn(.auditor)
            let all = try await auditor.send(.get, "/api/v1/measures").json
            #expect(all["total"]?.integer == 7)
            for measure in all["items"]?.array ?? [] {
                let (value, needs) = (measure["headline"]?["value"], measure["headline"]?["needs"])
                #expect((value?.isNull ?? true) == (needs?.string != nil))
                let source = try #require(measure["source"]?.string)
                #expect(try await auditor.send(.get, source).status == .ok, "\(source)")
            }
        }
    }

    @Test func `the learner's own: guidance, saved, next`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let learner = try await caller.signedIn(.learner)
            let set = try await learner.send(.put, "/api/v1/me/guidance", ["personal": false, "dial": 0.6])
            #expect(set.status == .ok)
            #expect(try await learner.send(.get, "/api/v1/me/guidance").json["personal"]?.bool == false)
            #expect(try await learner.send(.get, "/api/v1/me/next").json["personal"]?.bool == false)
            #expect(try await learner.send(.get, "/api/v1/me/saved").json["total"]?.integer == 0)
            #expect(try await learner.send(.get, "/api/v1/me/mastery").json["total"]?.integer == 0)
            #expect(try await learner.send(.get, "/api/v1/me/goals").status == .ok)
            let dial = try await learner.send(.put, "/api/v1/me/guidance", ["personal": true, "dial": 3])
            #expect(try dial.json["pointers"]?.array?.first?.string == "/dial")
        }
    }
}
