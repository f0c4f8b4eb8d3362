import Basis
import Hummingbird
import Intent
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
}
