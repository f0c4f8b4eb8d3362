import Basis
import Foundation
import Hummingbird
import Intent
import Stores
import Testing

@testable import Site

/// Mandates over the whole app: refused over budget, then fitting; overridden only with a reason; retired and undone.
@Suite struct LeadersMandateTests {
    @Test func `publishing is refused over budget, shows whom and what would fit, and then fits`() async throws {
        let house = try await LeadersHouse()
        let fields = try await house.mandateFields()
        let refused = try await house.post("/mandates/new", fields, as: "sponsor")
        #expect(refused.status == .conflict)
        #expect(refused.body.contains("6 people would be over budget, by 8 h in all"))
        #expect(refused.body.contains("class=\"heat\"") && refused.body.contains("Sales"))
        #expect(refused.body.contains("value=\"AI &amp; data\""), "what was typed is kept")
        #expect(try await house.stores.mandates.list(of: house.tenant).isEmpty, "nothing is kept of it")
        let after = refused.body.components(separatedBy: "value=\"deadline:").dropFirst().first
        let later = try #require(after?.components(separatedBy: "\"").first)
        let moved = try await house.post(
            "/mandates/new", try await house.mandateFields(["do": "deadline:\(later)"]), as: "sponsor")
        #expect(moved.status == .ok && moved.body.contains("Nobody would be over budget"))
        #expect(moved.body.contains("value=\"\(later)\""))
        let published = try await house.post(
            "/mandates/new", try await house.mandateFields(["deadline": later]), as: "sponsor")
        #expect(published.status == .seeOther && published.location.contains("said=published"))
        let path = published.location.components(separatedBy: "?")[0]
        #expect(try await house.get(path, as: "learner").body.contains("I have done this"))
        #expect(try await house.post(path + "/done", as: "learner").status == .seeOther)
        #expect(try await house.get(path, as: "steward").body.contains("1 of 6 people"))
        let list = try await house.get("/mandates", as: "steward").body
        #expect(list.contains("1 of 6"))
    }

    @Test func `an override needs a reason, which is recorded and shown`() async throws {
        let house = try await LeadersHouse()
        let short = try await house.post(
            "/mandates/new", try await house.mandateFields(["override": "just so"]), as: "sponsor")
        #expect(short.status == .unprocessableContent && short.body.contains("override-error"))
        let given = try await house.post(
            "/mandates/new", try await house.mandateFields(["override": "The law has a date of its own."]),
            as: "sponsor")
        #expect(given.status == .seeOther)
        let path = given.location.components(separatedBy: "?")[0]
        let page = try await house.get(path, as: "learner").body
        #expect(page.contains("Published over budget") && page.contains("The law has a date of its own."))
        #expect(try await house.get("/desk", as: "steward").body.contains("over budget"))
    }

    @Test func `a mandate is retired with a reason and restored`() async throws {
        let house = try await LeadersHouse()
        let made = try await house.post(
            "/mandates/new", try await house.mandateFields(["minutes": "30"]), as: "steward")
        let path = made.location.components(separatedBy: "?")[0]
        let silent = try await house.post(path + "/retire", [("reason", "")], as: "steward")
        #expect(silent.status == .unprocessableContent && silent.body.contains("reason-error"))
        let retired = try await house.post(path + "/retire", [("reason", "No longer law")], as: "steward")
        #expect(retired.status == .seeOther)
        #expect(try await house.get("/mandates?state=retired", as: "steward").body.contains("AI &amp; data"))
        #expect(try await house.post(path + "/restore", as: "steward").status == .seeOther)
        let page = try await house.get(path, as: "steward").body
        #expect(page.contains("No longer law") && page.contains("Restored"))
    }

    @Test func `a draft is kept, previewed as a piece, changed and discarded`() async throws {
        let house = try await LeadersHouse()
        let fields = try await house.mandateFields(["do": "save"])
        let piece = try await house.post("/mandates/preview", fields, as: "sponsor")
        #expect(piece.body.contains("over budget") && !piece.body.contains("<html"))
        let unreadable = try await house.post(
            "/mandates/preview", try await house.mandateFields(["audience": "unit ("]), as: "sponsor")
        #expect(unreadable.status == .ok && unreadable.body.contains("Character"))
        let kept = try await house.post("/mandates/new", fields, as: "sponsor")
        let path = kept.location.components(separatedBy: "?")[0]
        #expect(try await house.get(path, as: "learner").status == .notFound)
        let refused = try await house.post(path + "/publish", as: "sponsor")
        #expect(refused.status == .conflict && refused.body.contains("would be over budget"))
        let bad = try await house.post(path + "/edit", [("do", "save"), ("minutes", "0")], as: "sponsor")
        #expect(bad.status == .unprocessableContent && bad.body.contains("aria-invalid"))
        #expect(try await house.post(path + "/discard", as: "sponsor").status == .seeOther)
        #expect(try await house.get(path, as: "sponsor").status == .notFound)
    }
}
