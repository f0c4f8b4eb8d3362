import Basis
import Hummingbird
import Intent
import People
import Skills
import Storage
import Stores
import Testing

@testable import Site

/// Reading a strategy, showing that it is understood, and what those who lead see of it.
@Suite struct LeadersStrategyTests {
    @Test func `a check is written, read for, answered, matched and counted`() async throws {
        let house = try await LeadersHouse()
        let strategy = try await house.strategy()
        let path = "/strategy/\(strategy.id)"
        let fields = [
            ("version", "1"), ("recall", "yes"), ("q0-text", "Who <answers>?"), ("q0-options", "The owner\nNobody\nIT"),
            ("q0-correct", "4"), ("q0-feedback", "Look it up in the register."),
        ]
        let wrong = try await house.post(path + "/questions", fields, as: "steward")
        #expect(wrong.status == .unprocessableContent && wrong.body.contains("q0-correct-error"))
        #expect(try await house.post(path + "/questions", fields, as: "learner").status == .forbidden)
        let right = fields.map { $0.0 == "q0-correct" ? ("q0-correct", "1") : $0 }
        #expect(try await house.post(path + "/questions", right, as: "steward").status == .seeOther)

        #expect(try await house.get(path + "/check", as: "learner").body.contains("Read the strategy first"))
        let page = try await house.get(path, as: "learner").body
        #expect(page.contains("data-dwell=\"10\"") && page.contains("Say what you took from it"))
        let read = [("version", "1"), ("seconds", "12")]
        #expect(try await house.post(path + "/read", read, as: "learner").status == .noContent)
        #expect(try await house.get(path + "/check", as: "learner").body.contains("Read the strategy first"))
        try await house.stores.database.write { connection in
            try connection.run("UPDATE strategy_delivery SET served_at = served_at - 20000000")
        }
        #expect(try await house.post(path + "/read", read, as: "learner").status == .noContent)
        #expect(!(try await house.get(path, as: "learner").body.contains("data-dwell")))
        let recall = try await house.get(path + "/check", as: "learner")
        expectWellMade(recall.body, "recall")
        let words = [("version", "1"), ("do", "recall"), ("t0", "<i>checking</i>"), ("t1", "")]
        #expect(try await house.post(path + "/check", words, as: "learner").status == .seeOther)
        let questions = try await house.get(path + "/check", as: "learner")
        expectWellMade(questions.body, "questions")
        #expect(questions.body.contains("Who &lt;answers&gt;?"))
        let picks = [("version", "1"), ("do", "answer"), ("q0", "0")]
        #expect(try await house.post(path + "/check", picks, as: "learner").status == .seeOther)
        let done = try await house.get(path + "/check", as: "learner").body
        expectWellMade(done, "done")
        #expect(done.contains("right") && done.contains("Look it up in the register."))
        #expect(try await house.post(path + "/check", picks, as: "learner").status == .unprocessableContent)

        let open = try await house.get(path + "/recall?version=1", as: "sponsor").body
        expectWellMade(open, "matching")
        #expect(open.contains("&lt;i&gt;checking&lt;/i&gt;") && !open.contains("Lea &lt;b&gt;"))
        let text = try #require(
            try await house.stores.strategies.recalls(of: strategy.id, version: 1, in: house.tenant).first)
        let match = [("version", "1"), ("m-\(text.id)", "\(strategy.priorities[0].id)")]
        #expect(try await house.post(path + "/recall", match, as: "sponsor").status == .seeOther)
        #expect(try await house.get(path + "/recall?version=1", as: "sponsor").body.contains("Matched so far"))
        #expect(try await house.get(path + "/recall", as: "learner").status == .forbidden)

        let seen = try await house.get(path, as: "auditor").body
        expectWellMade(seen, "reach")
        #expect(seen.contains("Needs at least 10 people"))
        let csv = try await house.get(path + "/reach.csv?version=1", as: "auditor").body
        #expect(csv.contains("Everybody,Opened,1,"))
        #expect(try await house.get(path + "/questions", as: "steward").body.contains("stays as it is"))
        #expect(try await house.get(path + "/reach.csv", as: "learner").status == .forbidden)
    }

    @Test func `leaders share out points before a strategy is published`() async throws {
        let house = try await LeadersHouse()
        let skill = try await house.skill("Checking answers")
        let draft = StrategyDraft(
            title: "Judgement", owner: try house.id("sponsor"), audience: .everyone,
            priorities: ["Check & say", "Ask <well>"].map { PriorityDraft(name: $0, skills: [skill.id], weight: 1) })
        let made = try await house.stores.strategies.draft(draft, by: house.id("sponsor"), of: house.tenant)
        let path = "/strategy/\(made.id)"
        let keys = ["sponsor", "steward", "manager"]
        let nobody = try await house.post(path + "/weighing", as: "sponsor")
        #expect(nobody.status == .unprocessableContent && nobody.body.contains("Nobody is named"))
        let leaders = try keys.map { ("leader-\(try house.id($0))", "yes") }
        #expect(try await house.post(path + "/weighing", leaders, as: "learner").status == .forbidden)
        #expect(try await house.post(path + "/weighing", leaders, as: "sponsor").status == .seeOther)
        let waiting = try await house.get(path + "/publish", as: "sponsor").body
        expectWellMade(waiting, "waiting")
        #expect(waiting.contains("3 of 3 leaders have not shared out"))
        #expect(try await house.get(path + "/points", as: "learner").status == .notFound)
        #expect(try await house.get("/decisions", as: "manager").body.contains("Weigh the priorities"))

        func points(_ first: String, _ second: String) -> [(String, String)] {
            [
                ("version", "1"), ("priority-0", "\(made.priorities[0].id)"), ("points-0", first),
                ("priority-1", "\(made.priorities[1].id)"), ("points-1", second),
            ]
        }
        let form = try await house.get(path + "/points", as: "manager").body
        expectWellMade(form, "points")
        #expect(form.contains("Ask &lt;well&gt;"))
        for (first, second, place) in [("ten", "90", "points-0"), ("60", "50", ""), ("120", "", "points-0")] {
            let wrong = try await house.post(path + "/points", points(first, second), as: "manager")
            #expect(wrong.status == .unprocessableContent)
            expectWellMade(wrong.body, "wrong points")
            #expect(place.isEmpty || wrong.body.contains(place + "-error"))
        }
        for (key, first) in zip(keys, [70, 60, 80]) {
            let given = points("\(first)", "\(100 - first)")
            #expect(try await house.post(path + "/points", given, as: key).status == .seeOther)
        }
        let result = try await house.get(path + "/weighing", as: "sponsor").body
        expectWellMade(result, "result")
        #expect(result.contains("Kendall’s W 1.00") && result.contains("70%"))
        #expect(try await house.get(path + "/points", as: "manager").body.contains("stay as they are"))
        #expect(try await house.post(path + "/weighing/take", as: "sponsor").status == .seeOther)
        #expect(try await house.post(path + "/publish", as: "sponsor").status == .seeOther)
        #expect(try await house.get(path, as: "learner").body.contains("70%"))
    }

    @Test func `the rules of governing say how far leaders must agree`() async throws {
        let house = try await LeadersHouse()
        func set(_ agreement: String) async throws -> LeadersHouse.Answer {
            try await house.post(
                "/escalations/rules", [("answerDays", "5"), ("agreement", agreement)], as: "steward")
        }
        for wrong in ["much", "1.2", "nan"] {
            let answer = try await set(wrong)
            #expect(answer.status == .unprocessableContent && answer.body.contains("agreement-error"))
        }
        #expect(try await set("0,5").status == .seeOther)
        #expect(try await house.stores.escalations.policy(of: house.tenant).agreement == 0.5)
        #expect(try await house.get("/escalations", as: "steward").body.contains("value=\"0.5\""))
        let skill = try await house.skill("Checking answers")
        let draft = StrategyDraft(
            title: "Judgement", owner: try house.id("sponsor"), audience: .everyone,
            priorities: [PriorityDraft(name: "Check", skills: [skill.id], weight: 1)])
        let made = try await house.stores.strategies.draft(draft, by: house.id("sponsor"), of: house.tenant)
        let path = "/strategy/\(made.id)/publish"
        let silent = try await house.post(path, as: "sponsor")
        #expect(silent.status == .unprocessableContent && silent.body.contains("reason-error"))
        #expect(try await house.post(path, [("reason", "One priority only.")], as: "sponsor").status == .seeOther)
        #expect(try await set("").status == .seeOther)
        #expect(try await house.stores.escalations.policy(of: house.tenant).agreement == nil)
    }
}
