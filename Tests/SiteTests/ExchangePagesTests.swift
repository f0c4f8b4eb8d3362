import Basis
import Evidence
import Exchange
import Foundation
import Hummingbird
import JSON
import StorageTesting
import Stores
import Testing

@testable import Site

/// The pages about moving evidence and about xAPI Profiles.
@Suite struct ExchangePagesTests {
    @Test func `links are added, paused and removed by an administrator only`() async throws {
        let house = try await LeadersHouse()
        for kind in ["forward", "pull", "webhook"] {
            let path = "/settings/exchange?kind=\(kind)"
            let page = try await house.get(path, as: "ada")
            #expect(page.status == .ok)
            expectWellMade(page.body, path)
            #expect(try await house.get(path, as: "steward").status == .forbidden)
        }
        let bad = try await house.post(
            "/settings/exchange", [("kind", "forward"), ("label", "<b>"), ("url", "no")], as: "ada")
        #expect(bad.status == .unprocessableContent && bad.body.contains("&lt;b&gt;"))
        expectWellMade(bad.body, "/settings/exchange")
        let made = try await house.post(
            "/settings/exchange",
            [
                ("kind", "forward"), ("label", "Archive <1>"), ("url", "https://lrs.example.org/xapi"),
                ("username", "key"), ("secret", "very secret"), ("verbs", "https://example.org/v"),
                ("since", "2026-01-01"),
            ], as: "ada")
        #expect(made.status == .seeOther)
        let hook = try await house.post(
            "/settings/exchange", [("kind", "webhook"), ("label", "Badges"), ("url", "https://b.example.org/")],
            as: "ada")
        #expect(hook.status == .ok && hook.body.contains("whsec_"))
        let links = try await house.stores.exchange.book.list(of: house.tenant)
        let archive = try #require(links.first { $0.kind == .forward })
        #expect(try await house.post("/settings/exchange/\(archive.id)/pause", as: "ada").status == .seeOther)
        let page = try await house.get("/settings/exchange?said=saved", as: "ada").body
        expectWellMade(page, "/settings/exchange")
        #expect(page.contains("Archive &lt;1&gt;") && page.contains("paused"))
        #expect(page.contains("stored since 1 January 2026"))
        #expect(!page.contains("very secret") && !page.contains("whsec_"))
        let test = try await house.post("/settings/exchange/\(archive.id)/test", as: "ada")
        #expect(test.status == .unprocessableContent && test.body.contains("Only a webhook can be tested"))
        for link in links {
            #expect(try await house.post("/settings/exchange/\(link.id)/remove", as: "ada").status == .seeOther)
        }
        #expect(try await house.stores.exchange.book.list(of: house.tenant).isEmpty)
    }

    @Test func `a profile is loaded, changed and removed`() async throws {
        let house = try await LeadersHouse()
        let path = "/settings/profiles"
        expectWellMade(try await house.get(path, as: "ada").body, path)
        #expect(try await house.get(path, as: "auditor").status == .forbidden)
        let fields = [("mode", "warn"), ("reach", "described")]
        let broken = try await house.upload(path, fields, file: "p.jsonld", text: "{\"id\": 1}", as: "ada")
        #expect(broken.status == .unprocessableContent && broken.body.contains("This is no xAPI Profile"))
        expectWellMade(broken.body, path)
        let own = try await house.upload(path, fields, file: "p.jsonld", text: OwnProfile.document.text, as: "ada")
        #expect(own.status == .seeOther)
        let bad = """
            {"actor": {"mbox": "mailto:a@example.org"}, "verb": {"id": "\(Verb.aimed.iri)"},
             "object": {"id": "https://example.org/g", "definition": {"type": "\(Vocabulary.goalType)"}}}
            """
        let batch = try StatementBatch(posted: Array(bad.utf8), version: .one, world: house.stores.world)
        try await house.stores.log.store(batch, by: Authority(client: "test"), to: house.tenant)
        let page = try await house.get(path, as: "ada").body
        expectWellMade(page, path)
        #expect(page.contains("Goal set") && page.contains("What was found"))
        for (act, more) in [("options", [("mode", "refuse")]), ("clear", []), ("remove", [])] {
            let answer = try await house.post("\(path)/\(act)", [("id", OwnProfile.iri)] + more, as: "ada")
            #expect(answer.status == .seeOther, "\(act)")
        }
        #expect(try await house.get(path, as: "ada").body.contains("No profile is loaded"))
    }

    @Test func `Leeway's own profile is there for people and programs`() async throws {
        let house = try await LeadersHouse()
        let page = try await house.get(OwnProfile.path, as: "nobody")
        #expect(page.status == .ok && page.type.hasPrefix("text/html") && page.body.contains("Item answered"))
        expectWellMade(page.body, OwnProfile.path)
        let document = try await house.get(OwnProfile.path, as: "nobody", headers: ["Accept": "application/ld+json"])
        #expect(document.type == "application/ld+json")
        #expect(try JSONValue(parsing: document.body) == OwnProfile.document)
        for iri in [Verb.published.iri, Vocabulary.mandateType, Vocabulary.choice, "urn:leeway:template:item-answered"]
        {
            let path = "\(OwnProfile.path)/\(iri)"
            let json = try await house.get(path, as: "nobody", headers: ["Accept": "application/json"])
            #expect(json.type == "application/json")
            #expect(try JSONValue(parsing: json.body)["id"]?.string == iri)
            expectWellMade(try await house.get(path, as: "nobody").body, path)
        }
        #expect(try await house.get("\(OwnProfile.path)/urn:other", as: "nobody").status == .notFound)
    }
}
