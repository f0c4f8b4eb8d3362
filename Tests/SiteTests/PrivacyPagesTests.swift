import Basis
import Evidence
import Foundation
import Hummingbird
import People
import Storage
import Stores
import Testing

@testable import Site

/// The pages of holds, erasures, retention and one's own data.
@Suite struct PrivacyPagesTests {
    /// Everybody has a statement of their own.
    private func filled() async throws -> LeadersHouse {
        let house = try await LeadersHouse()
        for person in house.people.values {
            try await house.stores.log.append(
                [StatementDraft(.person(person), .answered, ActivityRef("urn:q:1", name: "Q", type: "urn:t:q"))],
                to: house.tenant)
        }
        return house
    }

    @Test func `each takes along what is held about them`() async throws {
        let house = try await filled()
        #expect(try await house.get("/me", as: "learner").body.contains("/me/data.zip"))
        let answer = try await house.get("/me/data.zip", as: "learner")
        #expect(answer.status == .ok && answer.type == "application/zip")
        #expect(answer.body.hasPrefix("PK"))
        #expect(answer.body.contains("index.html"))
        #expect(!answer.body.contains("manager@pier.example"))
    }

    @Test func `pages are for those who run it and those who audit it`() async throws {
        let house = try await filled()
        let learner = try house.id("learner")
        for path in ["/privacy", "/privacy/people/\(learner)"] {
            for person in ["learner", "manager", "sponsor", "steward"] {
                #expect(try await house.get(path, as: person).status == .forbidden, "\(path) as \(person)")
            }
            for person in ["ada", "auditor"] {
                let answer = try await house.get(path, as: person)
                #expect(answer.status == .ok, "\(path) as \(person)")
                expectWellMade(answer.body, path)
            }
        }
        for act in ["erase", "data.zip"] {
            let path = "/privacy/people/\(learner)/\(act)"
            #expect(try await house.post(path, [("reason", "x")], as: "auditor").status == .forbidden)
        }
        let page = try await house.get("/privacy/people/\(learner)", as: "auditor").body
        #expect(page.contains("Lea &lt;b&gt;Learner&lt;/b&gt;") && !page.contains("Erase Lea"))
    }

    @Test func `a hold, then an erasure with its receipt`() async throws {
        let house = try await filled()
        let learner = try house.id("learner")
        let path = "/privacy/people/\(learner)"
        let today = house.stores.world.now().day
        let empty = try await house.post("\(path)/hold", [("reason", ""), ("endsOn", "\(today)")], as: "auditor")
        #expect(empty.status == .unprocessableContent)
        expectWellMade(empty.body, path)
        let set = try await house.post(
            "\(path)/hold", [("reason", "Case 7"), ("endsOn", "\(today + 9)")], as: "auditor")
        #expect(set.location == "\(path)?said=saved")
        let refused = try await house.post("\(path)/erase", [("reason", "Asked")], as: "ada")
        #expect(refused.status == .unprocessableContent)
        #expect(refused.body.contains("Aud Auditor") && refused.body.contains("Case 7"))
        let hold = try #require(try await house.stores.rights.holds(of: house.tenant).first)
        #expect(try await house.get("/privacy", as: "ada").body.contains("Case 7"))
        let lifted = try await house.post("/privacy/holds/\(hold.id)/lift", [("reason", "Settled")], as: "auditor")
        #expect(lifted.status == .seeOther)

        let erased = try await house.post("\(path)/erase", [("reason", "Asked")], as: "ada")
        #expect(erased.status == .seeOther && erased.location.hasPrefix("/privacy/erasures/"))
        #expect(try await house.get("/me", as: "learner").status != .ok)
        expectWellMade(try await house.get(erased.location, as: "ada").body, erased.location)
        let order = try #require(try await house.stores.rights.erasures(of: house.tenant).first)
        _ = try await house.stores.rights.work(order.id, of: house.tenant, settling: .zero)
        try await LedgerKeeper(database: house.stores.database, world: house.stores.world).integrate()
        let receipt = try await house.get(erased.location, as: "auditor").body
        #expect(receipt.contains("Save the receipt with its proof"))
        expectWellMade(receipt, erased.location)
        let json = try await house.get("\(erased.location)/receipt.json", as: "auditor").body
        #expect(json.contains("\"hashes\""))
        #expect(!(try await house.get("/people", as: "ada").body.contains("Lea &lt;")))
    }

    @Test func `a retention rule shows what it would do`() async throws {
        let house = try await filled()
        let low = try await house.post(
            "/privacy/rules", [("purpose", "Model"), ("activityType", "urn:t:q"), ("days", "90"), ("highRisk", "yes")],
            as: "ada")
        #expect(low.status == .unprocessableContent && low.body.contains("183"))
        expectWellMade(low.body, "/privacy/rules")
        let added = try await house.post(
            "/privacy/rules", [("purpose", "Answers serve the model"), ("activityType", "urn:t:q"), ("days", "90")],
            as: "ada")
        #expect(added.status == .seeOther)
        let page = try await house.get("/privacy", as: "ada")
        #expect(page.body.contains("Answers serve the model") && page.body.contains("erases 0 statements"))
        expectWellMade(page.body, "/privacy")
        let rule = try #require(try await house.stores.rights.rules(of: house.tenant).first)
        #expect(try await house.post("/privacy/run", as: "ada").status == .seeOther)
        #expect(
            try await house.post("/privacy/rules/\(rule.id)/end", [("reason", "x")], as: "auditor").status == .forbidden
        )
        #expect(
            try await house.post("/privacy/rules/\(rule.id)/end", [("reason", "x")], as: "ada").status == .seeOther)
        #expect(try await house.post("/privacy/pseudonyms", [("reason", "Study over")], as: "ada").status == .seeOther)
    }
}
