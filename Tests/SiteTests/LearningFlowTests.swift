import Assess
import Basis
import Catalog
import Evidence
import Hummingbird
import JSON
import Paths
import People
import Skills
import Storage
import StorageTesting
import Stores
import Testing
import Web

@testable import Site

/// Reading, answering, being asked: through the pages, down to the evidence.
@Suite struct LearningFlowTests {
    @Test(arguments: Engine.present)
    func `a reading with questions leaves its evidence, moves the model and completes what was asked`(
        engine: Engine
    ) async throws {
        let house = try await LearnersHouse(on: engine)
        let content = try await house.content("a")
        _ = try await house.mandate(for: content.id)
        let browser = try await house.signedIn()
        #expect(try await browser.get("/").body.contains("Nothing is under way"))
        #expect(try await browser.get("/learn/\(content.id)").body.contains("Asked of you"))
        let reading = try await browser.follow(try await browser.post("/learn/\(content.id)/start"))
        #expect(reading.body.contains("<h2 id=\"part-1\">Checking</h2>") && reading.body.contains("AI-generated"))
        let sitting = try #require(reading.body.target("/sittings/")).replacing("/read", with: "")
        #expect(try await browser.get("/").body.contains("Put aside"), "the home page leads back to it")
        house.hands.turn(.minutes(4))
        let question = try await browser.follow(try await browser.post("\(sitting)/read", ["seconds": "100000"]))
        #expect(question.body.contains("Question 1 of 3") && question.body.contains("Which is &lt;right&gt;?"))
        let first = try #require(question.body.target("\(sitting)/answers/"))
        let nothing = try await browser.post(first)
        #expect(nothing.status == .unprocessableContent && nothing.body.contains("Pick a choice first"))
        house.hands.turn(.seconds(20))
        let wrong = try await browser.follow(try await browser.post(first, ["answer": "1"]))
        #expect(wrong.body.contains("Your answer: not right") && wrong.body.contains("Not right, because"))
        #expect(try await browser.post(first, ["answer": "0"]).status == .seeOther, "a second try keeps the first")
        let second = try #require(try await browser.get("\(sitting)/quiz").body.target("\(sitting)/answers/"))
        let right = try await browser.follow(try await browser.post(second, pairs: [("answer", "0"), ("answer", "2")]))
        #expect(right.body.contains("Right, because"))
        let third = try #require(try await browser.get("\(sitting)/quiz").body.target("\(sitting)/answers/"))
        let last = try await browser.follow(try await browser.post(third, ["answer": "1"]))
        #expect(last.body.contains("Nobody wrote an explanation") && last.body.contains("See result"))
        let result = try await browser.get("\(sitting)/result")
        #expect(result.body.contains("2 of 3 questions right (67%)") && result.body.contains("passed"))
        #expect(result.body.contains("which was asked of you, is completed"))
        try await expectEvidence(house, of: content)
        let asked = try await browser.get("/asked").body
        #expect(asked.contains("Nothing here") && asked.contains("done"))
        #expect(try await browser.get("/me").body.contains("2 of 3 answers right"))
    }

    private func expectEvidence(_ house: LearnersHouse, of content: ContentRecord) async throws {
        let counts: [(Verb, Int)] = [
            (.initialized, 1), (.experienced, 1), (.answered, 3), (.completed, 1), (.failed, 0),
        ]
        for (verb, count) in counts {
            let statements = try await house.statements(verb)
            #expect(statements.count == count, "\(verb.name)")
            for statement in statements {
                #expect(statement["context"]?["extensions"]?[Vocabulary.choice] == "asked", "\(verb.name)")
                #expect(statement["context"]?["registration"]?.string != nil)
            }
        }
        let read = try #require(try await house.statements(.experienced).first)
        let spent = try #require(read["result"]?["duration"]?.string.flatMap { Duration(iso8601: $0) })
        #expect(spent >= .minutes(4) && spent < .minutes(4) + .seconds(1), "capped by the clock, whatever was claimed")
        let done = try #require(try await house.statements(.completed).first)
        #expect(done["object"]?["id"]?.string == Vocabulary.contentIRI(content.id))
        #expect(done["result"]?["success"] == true && done["result"]?["completion"] == true)
        #expect(done["result"]?["score"]?["scaled"]?.double.map { abs($0 - 2.0 / 3) < 1e-9 } == true)
        let answer = try #require(try await house.statements(.answered).dropFirst().first)
        #expect(answer["result"]?["response"] == "0[,]2" && answer["result"]?["success"] == true)
    }

    @Test func `steps are ordered, pairs matched, numbers and words written, each without script`() async throws {
        let house = try await LearnersHouse()
        let content = try await house.content("b")
        let stores = house.stores
        let rows = """
            {"id": "k1", "learning_object": "b", "language": "en", "kind": "order", "stem": "In <which> order?", \
            "choices": ["Send", "Check", "Ask"], "correct": [2, 1, 0], "feedback": "Ask, check, send."}
            {"id": "k2", "learning_object": "b", "language": "en", "kind": "match", "stem": "What belongs?", \
            "choices": ["Fact", "Opinion"], "matches": ["taste", "date", "noise"], "correct": [1, 0]}
            {"id": "k3", "learning_object": "b", "language": "en", "kind": "numeric", "stem": "How many?", \
            "value": 12.5, "tolerance": 0.5, "unit": "min"}
            {"id": "k4", "learning_object": "b", "language": "en", "kind": "short", "stem": "What is it called?", \
            "accepted": ["base rate"]}
            {"id": "k5", "learning_object": "b", "language": "en", "kind": "scenario", "stem": "What now?", \
            "situation": "A <case> at work.", "choices": ["Wait", "Go"], "correct": [0]}
            """
        _ = try await stores.items.importItems(
            Array(rows.utf8), tenant: .first, contents: stores.library.resolver(of: .first),
            skills: stores.skills.resolver(of: .first))
        let browser = try await house.signedIn()
        _ = try await browser.get("/")
        let start = try await browser.follow(try await browser.post("/learn/\(content.id)/start", ["at": "quiz"]))
        let sitting =
            "/" + (try #require(start.body.target("/sittings/")).split(separator: "/").prefix(2).joined(separator: "/"))
        let steps: [(wrong: [String: String], word: String, right: [String: String], shown: String)] = [
            (
                ["answer-0": "0", "answer-1": "0"], "place of its own",
                ["answer-0": "2", "answer-1": "1", "answer-2": "0"], "Ask, check, send."
            ),
            (
                ["answer-0": "1"], "Choose a partner", ["answer-0": "1", "answer-1": "2"],
                "Your pairs beside the right ones"
            ),
            (["answer": "many"], "no number", ["answer": "12,9 min"], "give or take 0.5"),
            (["answer": " "], "Write an answer", ["answer": "Base-Rate"], "base rate"),
            ([:], "Pick a choice", ["answer": "0"], "Your answer: right"),
        ]
        for (number, step) in steps.enumerated() {
            let page = try await browser.get("\(sitting)/quiz").body
            expectWellMade(page, "question \(number)")
            #expect(!page.contains("<which>") && !page.contains("<case>"))
            let form = try #require(page.target("\(sitting)/answers/"))
            let refused = try await browser.post(form, step.wrong)
            #expect(refused.status == .unprocessableContent && refused.body.contains(step.word), "\(step.word)")
            expectWellMade(refused.body, "refused \(number)")
            let told = try await browser.follow(try await browser.post(form, step.right))
            expectWellMade(told.body, "answered \(number)")
            #expect(told.body.contains(step.shown), "\(step.shown)")
        }
        let result = try await browser.get("\(sitting)/result").body
        #expect(result.contains("4 of 5 questions right"))
        let responses = try await house.statements(.answered).compactMap { $0["result"]?["response"]?.string }
        #expect(Set(responses) == ["2[,]1[,]0", "0[.]1[,]1[.]2", "12.9", "Base-Rate", "0"])
    }

    @Test func `not passed leaves it open to retry, and skipping is not an answer`() async throws {
        let house = try await LearnersHouse()
        let content = try await house.content("a")
        let browser = try await house.signedIn()
        _ = try await browser.get("/")
        let start = try await browser.follow(try await browser.post("/learn/\(content.id)/start", ["at": "quiz"]))
        #expect(start.body.contains("Question 1 of 3"), "the text is skipped by whoever shows what is known")
        let sitting = try #require(start.body.target("/sittings/")).split(separator: "/").prefix(2)
            .joined(separator: "/")
        for _ in 0..<3 {
            let form = try #require(
                try await browser.get("/\(sitting)/quiz").body.target("/\(sitting)/answers/"))
            #expect(try await browser.post(form, ["skip": "yes"]).location == "/\(sitting)/quiz")
        }
        let result = try await browser.follow(try await browser.get("/\(sitting)/quiz"))
        #expect(result.body.contains("0 of 3 questions right") && result.body.contains("not passed yet"))
        #expect(result.body.contains("Try again"))
        #expect(try await house.statements(.failed).count == 1)
        #expect(try await house.statements(.completed).isEmpty)
        #expect(try await house.statements(.answered).isEmpty)
        let again = try await browser.follow(try await browser.post("/learn/\(content.id)/start", ["at": "quiz"]))
        #expect(again.body.contains("Question 1 of 3"))
    }

    @Test func `a text without questions is completed by reading, and a whole by its parts`() async throws {
        let house = try await LearnersHouse()
        let (a, b, m) = (try await house.content("a"), try await house.content("b"), try await house.content("m"))
        let lea = try await house.person("lea").id
        let first = try await house.stores.sittings.begin(b.id, by: lea, of: .first)
        house.hands.turn(.minutes(2))
        let read = try await house.stores.sittings.read(first.id, seconds: 45, by: lea, of: .first)
        #expect(!read.isOpen && read.spent == .seconds(45))
        let second = try await house.stores.sittings.begin(a.id, at: .questions, by: lea, of: .first)
        for item in try await house.stores.items.items(of: a.id, tenant: .first) {
            _ = try await house.stores.sittings.answer(
                item.id, .picks(item.correct), in: second.id, by: lea, of: .first)
        }
        let done = try await house.stores.sittings.completions(of: lea, among: [a.id, b.id, m.id], in: .first)
        #expect(Set(done.keys) == [a.id, b.id, m.id])
        #expect(try await house.statements(.completed).count == 3)
        #expect(
            try await house.statements(.completed).allSatisfy {
                $0["context"]?["extensions"]?[Vocabulary.choice] == "own"
            })
    }

    @Test func `what is elsewhere says so, and counts when the learner comes back`() async throws {
        let house = try await LearnersHouse()
        let content = try await house.content("c")
        let browser = try await house.signedIn()
        #expect(try await browser.get("/learn/\(content.id)").body.contains("Leaves Leeway"))
        let page = try await browser.follow(try await browser.post("/learn/\(content.id)/start"))
        #expect(page.body.contains("href=\"https://elsewhere.example/x?a=1&amp;b=2\""))
        let form = try #require(page.body.target("/sittings/"))
        house.hands.turn(.hours(3))
        let back = try await browser.post(form, ["seconds": "0"])
        #expect(
            back.location == "/learn/\(content.id)?said=finished&seconds=3600",
            "at most an hour where no length is stated")
        #expect(try await browser.follow(back).body.contains("You finished this. 1 h counts as learning time."))
    }

    @Test func `nobody reaches into another's sitting`() async throws {
        let house = try await LearnersHouse()
        let content = try await house.content("a")
        let sam = try await house.person("sam").id
        let sitting = try await house.stores.sittings.begin(content.id, by: sam, of: .first)
        let browser = try await house.signedIn()
        _ = try await browser.get("/")
        #expect(try await browser.get("/sittings/\(sitting.id)").status == .notFound)
        #expect(try await browser.post("/sittings/\(sitting.id)/read").status == .notFound)
        let item = try #require(try await house.stores.items.items(of: content.id, tenant: .first).first)
        let answered = try await browser.post("/sittings/\(sitting.id)/answers/\(item.id)", ["answer": "0"])
        #expect(answered.status == .notFound)
    }

    @Test func `suggestions carry their reasons, and each control can be undone`() async throws {
        let house = try await LearnersHouse()
        let browser = try await house.signedIn()
        let skill = try #require(try await house.content("a").skills.first)
        _ = try await browser.get("/")
        _ = try await browser.post("/goals", ["skill": "\(skill)", "level": "strong"])
        let home = try await browser.get("/")
        #expect(home.body.contains("because it serves your goal") && home.body.contains("Why?"))
        let suggestion = try #require(home.body.target("/suggestions/"))
        let saved = try await browser.follow(try await browser.post(suggestion, ["do": "save"]))
        #expect(saved.body.contains("value=\"unsave\""))
        let dismissed = try await browser.follow(try await browser.post(suggestion, ["do": "dismiss"]))
        #expect(dismissed.body.contains("is put aside") && dismissed.body.contains("Undo"))
        let what = try #require(dismissed.body.field("what"))
        #expect(try await browser.get("/me").body.contains("What you put aside"))
        _ = try await browser.post("/suggestions/restore", ["what": what, "back": "/me"])
        let free = try await browser.get("/me").body
        #expect(!free.contains("What you put aside"))
        _ = try await browser.post("/me/personalisation", ["on": "no", "back": "/"])
        #expect(try await browser.get("/").body.contains("Personalisation is off"))
        let gone = try await browser.post(suggestion, ["do": "swap"])
        #expect(gone.status == .notFound || gone.status == .seeOther)
    }

    @Test func `my evidence can be read and taken along`() async throws {
        let house = try await LearnersHouse()
        let browser = try await house.signedIn()
        let content = try await house.content("b")
        _ = try await browser.get("/")
        let page = try await browser.follow(try await browser.post("/learn/\(content.id)/start"))
        _ = try await browser.post(try #require(page.body.target("/sittings/")), ["seconds": "0"])
        let list = try await browser.get("/evidence")
        #expect(list.body.contains("Completed") && list.body.contains("href=\"/learn/\(content.id)\""))
        let lines = try await browser.get("/evidence.jsonl")
        #expect(lines.body.split(separator: "\n").count >= 2)
        #expect(
            try lines.body.split(separator: "\n").allSatisfy { try JSONValue(parsing: Array($0.utf8))["actor"] != nil })
    }
}
