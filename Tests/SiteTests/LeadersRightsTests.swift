import Basis
import Foundation
import Hummingbird
import Insight
import Intent
import People
import Stores
import Testing

@testable import Site

/// Who may see and do what on the pages of those who lead.
@Suite struct LeadersRightsTests {
    static let closed: [(path: String, person: String)] = [
        ("/strategy/new", "learner"), ("/register/new", "learner"), ("/register/new", "sponsor"),
        ("/mandates/new", "manager"), ("/policy/edit", "auditor"), ("/people", "learner"), ("/people", "manager"),
        ("/people.csv", "learner"), ("/people/new", "steward"), ("/people/units", "learner"), ("/team", "learner"),
        ("/imports", "manager"), ("/desk", "learner"), ("/settings/clients", "steward"),
        ("/insight/measures/ownership", "learner"), ("/insight/measures.csv", "manager"),
    ]

    @Test func `pages are closed to those without the right`() async throws {
        let house = try await LeadersHouse()
        for (path, person) in Self.closed {
            #expect(try await house.get(path, as: person).status == .forbidden, "\(path) as \(person)")
        }
        let stranger = try await house.get("/strategy", as: "nobody")
        #expect(stranger.status == .seeOther && stranger.location.hasPrefix("/sign-in"))
    }

    @Test func `learners read strategy, register, policy and their mandates`() async throws {
        let house = try await LeadersHouse()
        let use = try await house.use()
        for path in ["/intent", "/strategy", "/register", "/register/\(use.id)", "/mandates", "/policy", "/decisions"] {
            let answer = try await house.get(path, as: "learner")
            #expect(answer.status == .ok, "\(path)")
            for word in ["Edit entry", "Write mandate", "Write strategy", "Change policy", "Add AI use"] {
                #expect(!answer.body.contains(word), "\(word) on \(path)")
            }
        }
    }

    @Test func `a form without its token is refused`() async throws {
        let house = try await LeadersHouse()
        let fields = try await house.mandateFields()
        let answer = try await house.post("/mandates/new", fields, as: "sponsor", csrf: "wrong")
        #expect(answer.status == .forbidden)
        #expect(try await house.stores.mandates.list(of: house.tenant).isEmpty)
    }

    @Test func `a manager sees the load of the team and of nobody else`() async throws {
        let house = try await LeadersHouse()
        _ = try await house.post("/mandates/new", try await house.mandateFields(["minutes": "30"]), as: "sponsor")
        let page = try await house.get("/team", as: "manager").body
        #expect(page.contains("Lea &lt;b&gt;Learner") && page.contains("30 min of 2 h"))
        #expect(!page.contains("Sam Sponsor"))
    }

    @Test func `an administrator keeps people, and a password is shown once`() async throws {
        let house = try await LeadersHouse()
        let bad = try await house.post(
            "/people/new", [("name", "New One"), ("key", "ada"), ("manager", "ghost"), ("attributes", "odd")],
            as: "ada")
        #expect(bad.status == .unprocessableContent)
        #expect(bad.body.contains("manager-error") && bad.body.contains("attributes-error"))
        let fields = [("name", "New One"), ("key", "new-1"), ("roles", "learner"), ("attributes", "country = DE")]
        let made = try await house.post("/people/new", fields, as: "ada")
        #expect(made.status == .seeOther)
        let path = made.location.components(separatedBy: "?")[0]
        #expect(try await house.get(path, as: "steward").body.contains("DE"))
        let reset = try await house.post(path + "/password", as: "ada")
        #expect(reset.status == .ok && reset.body.contains("Temporary password"))
        #expect(!(try await house.get(path, as: "ada").body.contains("Temporary password")))
        #expect(try await house.post(path + "/deactivate", as: "ada").status == .seeOther)
        #expect(try await house.get(path, as: "ada").body.contains("Reactivate person"))
        let last = try await house.post("/people/\(house.id("ada"))/deactivate", as: "ada")
        #expect(last.status == .conflict)
        let rule = [("audience", "role manager and unit Sales")]
        let audience = try await house.post("/people/audience", rule, as: "steward")
        #expect(audience.body.contains("1 person") && audience.body.contains("Max Manager"))
    }

    @Test func `units are added, moved and never put below themselves`() async throws {
        let house = try await LeadersHouse()
        let sales = try #require(try await house.stores.directory.units(of: house.tenant).first)
        let added = try await house.post(
            "/people/units", [("name", "North"), ("parent", "\(sales.id)"), ("do", "save")], as: "ada")
        #expect(added.status == .seeOther)
        let north = try #require(try await house.stores.directory.units(of: house.tenant).last)
        let cycle = try await house.post(
            "/people/units", [("id", "\(sales.id)"), ("name", "Sales"), ("parent", "\(north.id)"), ("do", "save")],
            as: "ada")
        #expect(cycle.status == .unprocessableContent && cycle.body.contains("parent-error"))
    }

    @Test func `a client's secret is shown once and the client is revoked`() async throws {
        let house = try await LeadersHouse()
        let bad = try await house.post("/settings/clients", [("label", "Platform")], as: "ada")
        #expect(bad.status == .unprocessableContent && bad.body.contains("value=\"Platform\""))
        let made = try await house.post(
            "/settings/clients", [("label", "Platform"), ("scopes", "statements/write")], as: "ada")
        #expect(made.status == .ok && made.body.contains("not shown again"))
        let client = try #require(try await house.stores.clients.list(of: house.tenant).first)
        #expect(!(try await house.get("/settings/clients", as: "ada").body.contains("not shown again")))
        #expect(try await house.post("/settings/clients/\(client.id)/revoke", as: "ada").status == .seeOther)
    }
}

/// The measures over the whole app.
@Suite struct LeadersMeasureTests {
    @Test func `each number leads to what it was counted from, and the rows are saved as CSV`() async throws {
        let house = try await LeadersHouse()
        _ = try await house.use()
        _ = try await house.strategy()
        let page = try await house.get("/insight", as: "sponsor").body
        expectWellMade(page, "/insight")
        #expect(page.contains("Decisions asked of you") && page.contains("Not measured yet"))
        for kind in MeasureKind.allCases {
            let path = "/insight/measures/\(kind.rawValue)"
            #expect(page.contains("href=\"\(path)\""), "\(path)")
            let drill = try await house.get(path, as: "auditor")
            #expect(drill.status == .ok, "\(path)")
            expectWellMade(drill.body, path)
            #expect(drill.body.contains("How it is reckoned"))
        }
        let rows = try await house.get("/insight/measures/ownership/rows.csv", as: "sponsor")
        #expect(rows.status == .ok && rows.type.hasPrefix("text/csv") && rows.body.contains("Draft <feedback>"))
        #expect(try await house.get("/insight/measures/nothing", as: "sponsor").status == .notFound)
        #expect(try await house.get("/insight/measures.csv", as: "sponsor").body.hasPrefix("measure,figure,"))
    }

    @Test func `learners see what the organisation promises, without the rows`() async throws {
        let house = try await LeadersHouse()
        let page = try await house.get("/insight", as: "learner").body
        expectWellMade(page, "/insight")
        #expect(page.contains("Ownership clarity") && !page.contains("Upskilling"))
        #expect(page.contains("sponsors, stewards and auditors") && !page.contains("/insight/measures/"))
    }

    @Test func `a spreadsheet takes nothing for a formula`() {
        #expect(csvLine(["=1+1", "-3", "a,b", "say \"x\""]) == "'=1+1,-3,\"a,b\",\"say \"\"x\"\"\"\r\n")
    }
}
