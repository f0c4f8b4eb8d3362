import Basis
import Evidence
import Foundation
import Hummingbird
import JSON
import People
import Stores
import Testing

@testable import Site

/// The statements as stewards and auditors browse them, and as everybody finds their own.
@Suite struct StatementPagesTests {
    static let one = "6690e6c9-3ef0-4ed3-8b37-7f3964730be1"
    static let two = "6690e6c9-3ef0-4ed3-8b37-7f3964730be2"
    static let three = "6690e6c9-3ef0-4ed3-8b37-7f3964730be3"
    static let voiding = "6690e6c9-3ef0-4ed3-8b37-7f3964730be4"
    static let registration = "7690e6c9-3ef0-4ed3-8b37-7f3964730bee"

    /// The learner completes a course, a stranger answers a question, somebody speaks of the first.
    private func filled() async throws -> LeadersHouse {
        let house = try await LeadersHouse()
        let home = try #require(try await house.stores.directory.tenant(house.tenant)).home
        let text = """
            [{"id":"\(Self.one)","actor":{"name":"Lea <b>L","account":{"homePage":"\(home)","name":"learner"}},
            "verb":{"id":"https://example.org/verbs/completed"},"result":{"score":{"scaled":0.7}},
            "object":{"id":"https://example.org/course","definition":{"name":{"en":"<script>alert(1)</script>"}}},
            "context":{"registration":"\(Self.registration)"}},
            {"id":"\(Self.two)","actor":{"mbox":"mailto:bob@example.org"},
            "verb":{"id":"https://example.org/verbs/answered"},"object":{"id":"https://example.org/question"},
            "context":{"contextActivities":{"parent":[{"id":"https://example.org/course"}]}}},
            {"id":"\(Self.three)","actor":{"mbox":"mailto:tutor@example.org"},
            "verb":{"id":"https://example.org/verbs/commented"},
            "object":{"objectType":"StatementRef","id":"\(Self.one)"}}]
            """
        let batch = try StatementBatch(posted: Array(text.utf8), version: .one, world: house.stores.world)
        try await house.stores.log.store(batch, by: Authority(client: "test"), to: house.tenant)
        return house
    }

    private func found(_ house: LeadersHouse, _ query: String) async throws -> [String] {
        let answer = try await house.get("/statements" + query, as: "steward")
        #expect(answer.status == .ok)
        expectWellMade(answer.body, query)
        #expect(!answer.body.contains("<script>alert"))
        return [Self.one, Self.two, Self.three].filter { answer.body.contains("/statements/\($0)") }
    }

    @Test func `an empty list says what statements are`() async throws {
        let house = try await LeadersHouse(isFilled: false)
        for path in ["/statements", "/statements?live=yes", "/statements?agent=nobody"] {
            let answer = try await house.get(path, as: "ada")
            #expect(answer.status == .ok)
            expectWellMade(answer.body, path)
        }
    }

    @Test func `filters narrow the list`() async throws {
        let house = try await filled()
        let today = house.stores.world.now().day
        let rows: [(query: String, ids: [String])] = [
            ("", [Self.one, Self.two, Self.three]), ("?agent=learner", [Self.one, Self.three]),
            ("?agent=bob%40example.org", [Self.two]), ("?agent=mailto%3Abob%40example.org", [Self.two]),
            ("?agent=mbox%3Amailto%3Abob%40example.org", [Self.two]), ("?agent=nobody", []),
            ("?verb=https%3A%2F%2Fexample.org%2Fverbs%2Fanswered", [Self.two]),
            ("?activity=https%3A%2F%2Fexample.org%2Fcourse", [Self.one, Self.three]),
            ("?activity=https%3A%2F%2Fexample.org%2Fcourse&related=yes", [Self.one, Self.two, Self.three]),
            ("?registration=\(Self.registration)", [Self.one, Self.three]),
            ("?since=\(today)&until=\(today)", [Self.one, Self.two, Self.three]), ("?since=\(today + 1)", []),
            ("?until=\(today + -1)", []), ("?order=oldest", [Self.one, Self.two, Self.three]),
        ]
        for (query, ids) in rows { #expect(try await found(house, query) == ids, "\(query)") }
        for query in ["?registration=x", "?since=yesterday"] {
            let answer = try await house.get("/statements" + query, as: "steward")
            #expect(answer.status == .unprocessableContent, "\(query)")
            #expect(answer.body.contains("-error"))
        }
    }

    @Test func `a live list asks again, with script and without`() async throws {
        let house = try await filled()
        let page = try await house.get("/statements?live=yes", as: "auditor").body
        #expect(page.contains("data-poll=\"/statements?live=yes\""))
        #expect(page.contains("http-equiv=\"refresh\""))
        let piece = try await house.get("/statements?live=yes", as: "auditor", headers: ["X-Fragment": "1"]).body
        #expect(piece.contains("data-poll") && !piece.contains("<html"))
        #expect(piece.contains(Self.three))
    }

    @Test func `one statement shows what it says, what refers to it, and its bytes`() async throws {
        let house = try await filled()
        let page = try await house.get("/statements/\(Self.one)", as: "steward").body
        expectWellMade(page, "one")
        for words in ["/statements/\(Self.three)", "70%", Self.registration, "&quot;scaled&quot;: 0.7", "statement="] {
            #expect(page.contains(words), "\(words)")
        }
        let about = try await house.get("/statements/\(Self.three)", as: "steward").body
        #expect(about.contains("/statements/\(Self.one)"))
        let json = try await house.get("/statements/\(Self.one).json", as: "auditor")
        #expect(json.type == "application/json")
        #expect(try JSONValue(parsing: json.body)["id"]?.string == Self.one)
        for path in ["/statements/x", "/statements/6690e6c9-3ef0-4ed3-8b37-000000000000"] {
            #expect(try await house.get(path, as: "steward").status == .notFound)
        }
        let text = """
            {"id":"\(Self.voiding)","actor":{"mbox":"mailto:tutor@example.org"},
            "verb":{"id":"\(Verb.voided.iri)"},"object":{"objectType":"StatementRef","id":"\(Self.two)"}}
            """
        let batch = try StatementBatch(posted: Array(text.utf8), version: .one, world: house.stores.world)
        try await house.stores.log.store(batch, by: Authority(client: "test"), to: house.tenant)
        let voided = try await house.get("/statements/\(Self.two)", as: "steward").body
        #expect(voided.contains("was voided") && voided.contains("/statements/\(Self.voiding)"))
        #expect(try await found(house, "?agent=bob%40example.org").isEmpty)
    }

    @Test func `people see their own statements and nobody else's`() async throws {
        let house = try await filled()
        let list = try await house.get("/evidence", as: "learner").body
        #expect(list.contains("/evidence/\(Self.one)"))
        let page = try await house.get("/evidence/\(Self.one)", as: "learner")
        #expect(page.status == .ok)
        expectWellMade(page.body, "own")
        // What others said of it is not the learner's to read.
        #expect(!page.body.contains(Self.three) && !page.body.contains("/statements"))
        #expect(try await house.get("/evidence/\(Self.one).json", as: "learner").type == "application/json")
        for path in ["/evidence/\(Self.two)", "/evidence/\(Self.three)", "/evidence/\(Self.two).json", "/evidence/x"] {
            #expect(try await house.get(path, as: "learner").status == .notFound, "\(path)")
        }
        #expect(try await house.get("/evidence/\(Self.one)", as: "manager").status == .notFound)
        for path in ["/statements", "/statements/\(Self.one)", "/statements/\(Self.one).json"] {
            for person in ["learner", "manager", "sponsor"] {
                #expect(try await house.get(path, as: person).status == .forbidden, "\(path) as \(person)")
            }
        }
    }
}
