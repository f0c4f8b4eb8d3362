import Basis
import Hummingbird
import HummingbirdTesting
import Intent
import JSON
import People
import Skills
import Storage
import Stores
import Testing

@testable import API

@Suite struct GovernanceRoutesTests {
    @Test func `a use is classified, charted and its mistakes are pointed at`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let steward = try await caller.signedIn(.steward)
            let made = try await steward.send(
                .post, "/api/v1/ai-uses", ["name": "Tutor", "purpose": "Asks back.", "kind": "tool"]
            ).json
            let path = "/api/v1/ai-uses/\(try #require(made["id"]?.string))"
            let wrong = try await steward.send(
                .post, "\(path)/classifications", ["yes": ["outcomes", "nonsense"], "note": "x"])
            #expect(try wrong.problem() == "word")
            let high = try await steward.send(
                .post, "\(path)/classifications", ["yes": ["outcomes"], "note": "It grades.", "revision": 1]
            ).json
            #expect(high["level"] == "high" && high["outdated"] == false)
            #expect(try await caller.signedIn(.learner).send(.get, "\(path)/classifications").json["total"] == 1)
            let ann = try #require(site.people[.learner]?.id.description)
            let bob = try #require(site.people[.manager]?.id.description)
            let two = try await steward.send(
                .put, "\(path)/chart", ["accountable": .array([.string(ann), .string(bob)])])
            #expect(try two.problem() == "accountable-two")
            #expect(try two.json["pointers"] == ["/accountable/1"])
            let chart = try await steward.send(
                .put, "\(path)/chart",
                [
                    "accountable": .array([.string(ann)]), "responsible": .array([.string(bob)]),
                    "consultsNobody": true, "informsNobody": true,
                ]
            ).json
            #expect(chart["total"] == 2)
        }
    }

    @Test func `absences, working time, holidays and stand-ins go through the API`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let learner = try await caller.signedIn(.learner)
            let ada = try await caller.signedIn(.administrator)
            let id = try #require(site.people[.learner]?.id)
            let today = site.stores.world.now().day
            let noted = try await learner.send(
                .post, "/api/v1/me/absences", ["from": .string("\(today)"), "until": .string("\(today + 2)")]
            ).json
            #expect(noted["until"]?.string == "\(today + 2)")
            let backwards = try await learner.send(
                .post, "/api/v1/me/absences", ["from": .string("\(today)"), "until": .string("\(today + -2)")])
            #expect(try backwards.problem() == "absence-order")
            #expect(try await learner.send(.get, "/api/v1/people/\(id)/working-time").problem() == "right-needed")
            let bad = try await ada.send(
                .put, "/api/v1/people/\(id)/working-time", ["share": 0.5, "weekdays": [1, 9], "timeZone": "Nowhere"])
            #expect(try bad.problem() == "working-time")
            let half = try await ada.send(
                .put, "/api/v1/people/\(id)/working-time",
                ["share": 0.5, "weekdays": [1, 2, 3], "timeZone": "Europe/Berlin"]
            ).json
            #expect(half["share"] == 0.5)
            let days = try await ada.send(
                .put, "/api/v1/holidays", ["holidays": [["day": "2026-12-25", "name": "Christmas Day"]]]
            ).json
            #expect(days["total"] == 1)
            #expect(try await learner.send(.get, "/api/v1/me/absences").json["total"] == 1)
            let nothing = try await learner.send(
                .post, "/api/v1/me/delegations",
                [
                    "delegate": .string("\(try #require(site.people[.manager]?.id))"), "from": .string("\(today)"),
                    "until": .string("\(today + 3)"), "reason": "Leave",
                ])
            #expect(try nothing.problem() == "delegation-nothing")
        }
    }

    @Test func `an experiment goes through the API from its beginning to its promotion`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let (learner, steward) = (try await caller.signedIn(.learner), try await caller.signedIn(.steward))
            let outside = try await learner.send(
                .post, "/api/v1/experiments",
                ["title": "T", "tool": "t", "idea": "i", "data": ["sensitive"]])
            #expect(try outside.problem() == "sandbox-data")
            let begun = try await learner.send(
                .post, "/api/v1/experiments", ["title": "Minutes", "tool": "Quillside", "idea": "Shorter"]
            ).json
            let path = "/api/v1/experiments/\(try #require(begun["id"]?.string))"
            #expect(try await steward.send(.put, "\(path)/follow").status == .noContent)
            #expect(try await steward.send(.post, "\(path)/remarks", ["body": "Go on."]).status == .created)
            let unclear = try await steward.send(
                .post, "\(path)/settle", ["verdict": "loved", "reason": "x"])
            #expect(try unclear.problem() == "word")
            let settled = try await steward.send(
                .post, "\(path)/settle", ["verdict": "adapted", "reason": "Smaller.", "status": "sandbox"]
            ).json
            #expect(settled["state"] == "adapted" && settled["use"]?.string != nil)
            let one = try await learner.send(.get, path).json
            #expect(one["followers"] == 1 && one["remarks"]?.array?.count == 1)
            #expect(
                try await learner.send(.post, "\(path)/finish", ["learned": "x"]).problem() == "experiment-settled")
            #expect(
                try await steward.send(.put, "/api/v1/sandbox", ["data": [], "days": 0, "rules": "r"]).problem()
                    == "sandbox-days")
        }
    }

    @Test func `a strategy's check is written, answered once after reading, matched and counted`() async throws {
        let site = try await TestSite()
        try await site.run { caller in
            let (sponsor, learner) = (try await caller.signedIn(.sponsor), try await caller.signedIn(.learner))
            let tenant = TenantID.first
            let skill = try await site.stores.skills.ensure(key: "check", name: "Checking", tenant: tenant)
            let owner = try #require(site.people[.sponsor]?.id)
            let draft = StrategyDraft(
                title: "Judgement", owner: owner, audience: .everyone,
                priorities: [PriorityDraft(name: "Check sources", skills: [skill.id], weight: 1)])
            let made = try await site.stores.strategies.draft(draft, by: owner, of: tenant)
            _ = try await site.stores.strategies.publish(made.id, by: owner, of: tenant)
            let path = "/api/v1/strategies/\(made.id)"
            let check: JSONValue = [
                "version": 1, "asksRecall": true,
                "questions": [["text": "Who?", "options": ["A", "B"], "correct": 1]],
            ]
            #expect(try await learner.send(.put, "\(path)/check", check).problem() == "right-needed")
            #expect(try await sponsor.send(.put, "\(path)/check", check).status == .noContent)
            #expect(try await learner.send(.post, "\(path)/view").json["new"] == true)
            let early = try await learner.send(.post, "\(path)/check/recall", ["version": 1, "texts": ["x"]])
            #expect(try early.problem() == "check-before-opening")
            try await site.stores.database.write { connection in
                try connection.run("UPDATE strategy_delivery SET served_at = served_at - 20000000")
            }
            let read = try await learner.send(.post, "\(path)/reading", ["version": 1, "seconds": 15])
            #expect(try read.json["opened"] == true)
            let asked = try await learner.send(.get, "\(path)/check").json
            #expect(asked["opened"] == true && asked["questions"]?.array?.first?["correct"] == nil)
            let named = try await learner.send(
                .post, "\(path)/check/recall", ["version": 1, "texts": ["checking sources"]])
            #expect(named.status == .noContent)
            let answered = try await learner.send(.post, "\(path)/check/answers", ["version": 1, "picks": [1]])
            #expect(answered.status == .noContent)
            let done = try await learner.send(.get, "\(path)/check").json
            #expect(done["questions"]?.array?.first?["correct"] == 1)
            let texts = try await sponsor.send(.get, "\(path)/recalls?version=1").json
            let text = try #require(texts["items"]?.array?.first)
            #expect(text["person"] == nil && text["settled"] == false)
            let match = try await sponsor.send(
                .put, "\(path)/recalls/\(text["id"]?.string ?? "")", ["priority": text["suggested"] ?? .null])
            #expect(match.status == .noContent)
            let funnel = try await sponsor.send(.get, "\(path)/funnel").json
            #expect(funnel["steps"]?.array?[3]["count"] == 1 && funnel["rule"]?.string?.isEmpty == false)
            #expect(try await learner.send(.get, "\(path)/funnel").problem() == "right-needed")
        }
    }
}
