import Assess
import Basis
import Catalog
import Hummingbird
import Intent
import Paths
import People
import Skills
import StorageTesting
import Stores
import Testing

@testable import Site

/// Showing by a test to know what a mandate asks, through the pages.
@Suite struct TestOutPagesTests {
    private func more(_ house: LearnersHouse) async throws {
        let lines = (0..<5).map { number in
            #"{"id":"more\#(number)","language":"en","stem":"More \#(number)?","choices":["Yes","No"],"#
                + #""correct":[0],"skills":["checking"]}"#
        }.joined(separator: "\n")
        _ = try await house.stores.items.importItems(
            Array(lines.utf8), tenant: .first, contents: house.stores.library.resolver(of: .first),
            skills: house.stores.skills.resolver(of: .first))
    }

    private func pairs(
        _ house: LearnersHouse, _ mandate: ID<Mandate>, isRight: Bool
    ) async throws -> [(String, String)] {
        let lea = try await house.person("lea").id
        let standing = try await house.stores.testOuts.standing(of: lea, with: mandate, in: .first)
        let test = try #require(standing.underWay)
        return try await house.stores.testOuts.questions(of: test, in: .first).enumerated().flatMap { place, item in
            isRight ? item.correct.map { ("q\(place + 1)", "\($0)") } : [("q\(place + 1)", "none")]
        }
    }

    @Test(arguments: Engine.present)
    func `a learner tests out of what is asked, and reads what became of it`(engine: Engine) async throws {
        let house = try await LearnersHouse(on: engine)
        try await more(house)
        let content = try await house.content("a")
        let mandate = try await house.mandate(for: content.id)
        let path = "/mandates/\(mandate.id)"
        let browser = try await house.signedIn()
        #expect(try await browser.get("/asked").body.contains("\(path)#test-out"))
        #expect(try await browser.get("/learn/\(content.id)").body.contains("\(path)#test-out"))
        let offered = try await browser.get(path).body
        #expect(offered.contains("Do you know this already?") && offered.contains("I know this already"))
        let test = try await browser.follow(try await browser.post("\(path)/test"))
        #expect(test.body.contains("Question 6 of 6") && test.body.contains("I do not know"))
        #expect(!test.body.contains("Nobody wrote"))
        let nothing = try await browser.post("\(path)/test/answers")
        #expect(nothing.status == .unprocessableContent)
        #expect(nothing.body.contains("Choose an answer, or say that you do not know."))
        let given = try await pairs(house, mandate.id, isRight: true)
        let result = try await browser.follow(try await browser.post("\(path)/test/answers", pairs: given))
        #expect(result.body.contains("6 of 6 questions right (100%)") && result.body.contains("tested out"))
        #expect(result.body.contains("are yours again"))
        #expect(try await browser.get(path).body.contains("passed"))
        #expect(try await browser.get("/asked").body.contains("Nothing here"))
        let leader = try await house.signedIn("sam")
        let seen = try await leader.get(path).body
        #expect(seen.contains("1 person of them by test") && seen.contains("6 questions, passed with 80%"))
    }

    @Test func `who does not pass reads when the next try is, and no answers before it`() async throws {
        let house = try await LearnersHouse()
        try await more(house)
        let content = try await house.content("a")
        let mandate = try await house.mandate(for: content.id)
        let path = "/mandates/\(mandate.id)"
        let browser = try await house.signedIn()
        _ = try await browser.get(path)
        _ = try await browser.follow(try await browser.post("\(path)/test"))
        #expect(try await browser.get(path).body.contains("Go on with the test"))
        let given = try await pairs(house, mandate.id, isRight: false)
        let result = try await browser.follow(try await browser.post("\(path)/test/answers", pairs: given))
        #expect(result.body.contains("0 of 6 questions right") && result.body.contains("not known"))
        #expect(!result.body.contains("Right: ") && result.body.contains("when no further try"))
        #expect(try await browser.get(path).body.contains("second and last try begins on"))
        #expect(try await browser.post("\(path)/test").status == .conflict)
        house.hands.turn(.hours(24 * 8))
        let later = try await house.signedIn()
        _ = try await later.get(path)
        _ = try await later.follow(try await later.post("\(path)/test"))
        let again = try await pairs(house, mandate.id, isRight: false)
        let last = try await later.follow(try await later.post("\(path)/test/answers", pairs: again))
        #expect(last.body.contains("Right: ") && last.body.contains("Both tries were used"))
    }

    @Test func `a mandate says why no test counts`() async throws {
        let house = try await LearnersHouse()
        let content = try await house.content("a")
        let mandate = try await house.mandate(for: content.id)
        let browser = try await house.signedIn()
        let path = "/mandates/\(mandate.id)"
        #expect(try await browser.get(path).body.contains("There are 3 questions about it, and a test needs 6"))
        let sam = try await house.signedIn("sam")
        let form = try await sam.get("\(path)/edit").body
        #expect(form.contains("name=\"testMark\"") && form.contains("No test counts, because"))
        var draft = MandateDraft(mandate)
        draft.testOut.refusal = "The law asks for presence."
        _ = try await house.stores.planner.revise(
            mandate.id, to: draft, by: try await house.person("sam").id, of: .first)
        let body = try await browser.get(path).body
        #expect(body.contains("No test stands in for it, because: “The law asks for presence.”"))
        #expect(!(try await browser.get("/asked").body.contains("#test-out")))
        #expect(try await sam.get("\(path)/edit").body.contains("The law asks for presence."))
        #expect(try await browser.get("\(path)/test").status == .seeOther)
    }

    @Test func `nobody takes a test that is not asked of them`() async throws {
        let house = try await LearnersHouse()
        let browser = try await house.signedIn()
        _ = try await browser.get("/")
        let id = house.stores.world.id(Mandate.self)
        #expect(try await browser.get("/mandates/\(id)/test").status == .notFound)
        #expect(try await browser.post("/mandates/\(id)/test").status == .notFound)
    }
}
