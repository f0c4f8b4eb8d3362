import Basis
import Hummingbird
import People
import Stores
import Testing
import Web

@testable import Site

@Suite struct EntryTests {
    @Test func `a fresh installation is set up once, and its administrator is signed in`() async throws {
        let house = try await LearnersHouse(isFilled: false)
        let browser = house.browser()
        #expect(try await browser.get("/sign-in").location == "/set-up")
        let page = try await browser.get("/set-up")
        #expect(page.status == .ok && page.body.contains("<h1>Set up Leeway</h1>"))
        var fields = [
            "organisation": "", "home": "https://pier.example", "name": "Ada Root", "email": "ada@pier.example",
            "password": "short",
        ]
        let refused = try await browser.post("/set-up", fields)
        #expect(refused.status == .unprocessableContent && refused.body.contains("id=\"password-error\""))
        fields["password"] = LearnersHouse.password
        let nameless = try await browser.post("/set-up", fields)
        #expect(nameless.status == .unprocessableContent && nameless.body.contains("id=\"organisation-error\""))
        #expect(nameless.body.contains("value=\"Ada Root\""), "what was typed stays")
        #expect(!nameless.body.contains(LearnersHouse.password), "but never a password")
        fields["organisation"] = "Pier"
        let done = try await browser.post("/set-up", fields)
        #expect(done.status == .seeOther && done.location == "/")
        #expect(try await browser.get("/").body.contains("Ada Root"))
        #expect(try await house.browser().get("/set-up").location == "/sign-in")
        let again = try await house.browser().post("/set-up", fields)
        #expect(again.status == .conflict && again.body.contains("set up already"))
    }

    @Test func `sign-in leads on to where one wanted to go, and never elsewhere`() async throws {
        let house = try await LearnersHouse()
        let browser = house.browser()
        let asked = try await browser.get("/goals?x=1")
        #expect(asked.location == "/sign-in?next=%2Fgoals%3Fx%3D1")
        let page = try await browser.get(asked.location)
        #expect(page.body.field("next") == "/goals?x=1")
        let fields = ["email": "lea@pier.example", "password": LearnersHouse.password]
        let good = try await browser.post("/sign-in", fields.merging(["next": "/goals?x=1"]) { $1 })
        #expect(good.location == "/goals?x=1")
        let bad = try await house.browser().post("/sign-in", fields.merging(["next": "//evil.example"]) { $1 })
        #expect(bad.location == "/")
        #expect(try await browser.get("/sign-in?next=/learn").location == "/learn")
    }

    @Test func `a wrong password is told as such, and too many as a wait`() async throws {
        let house = try await LearnersHouse()
        let browser = house.browser()
        let wrong = ["email": "lea@pier.example", "password": "not this one at all"]
        let first = try await browser.post("/sign-in", wrong)
        #expect(first.status == .unprocessableContent && first.body.contains("is not right"))
        #expect(first.body.contains("value=\"lea@pier.example\""))
        var last = first
        for _ in 0..<6 { last = try await browser.post("/sign-in", wrong) }
        #expect(last.status == .tooManyRequests && last.body.contains("Try again in"))
        #expect(last.headers[.retryAfter].flatMap(Int.init).map { $0 > 0 } == true)
        house.hands.turn(.hours(1))
        let right = ["email": "lea@pier.example", "password": LearnersHouse.password]
        #expect(try await browser.post("/sign-in", right).status == .seeOther)
    }

    @Test func `a one-time password opens nothing but the page that changes it`() async throws {
        let house = try await LearnersHouse()
        let lea = try await house.person("lea")
        let temporary = try await house.stores.sessions.resetPassword(of: lea.id, .first)
        let browser = house.browser()
        let entered = try await browser.post(
            "/sign-in", ["email": "lea@pier.example", "password": temporary, "next": "/goals"])
        #expect(entered.location == "/me/password?next=%2Fgoals")
        #expect(try await browser.get("/goals").location == "/me/password")
        _ = try await browser.get(entered.location)
        let own = "seven slow herons"
        let wrong = try await browser.post("/me/password", ["current": "no", "password": own, "next": "/goals"])
        #expect(wrong.status == .unprocessableContent && wrong.body.contains("id=\"current-error\""))
        let saved = try await browser.post("/me/password", ["current": temporary, "password": own, "next": "/goals"])
        #expect(saved.status == .seeOther && saved.location == "/goals")
        #expect(try await browser.get("/goals").status == .ok)
    }

    @Test func `signing out ends the session, and settings end the others`() async throws {
        let house = try await LearnersHouse()
        let (one, other) = (try await house.signedIn(), try await house.signedIn())
        let page = try await one.get("/settings")
        let end = try #require(page.body.target("/settings/sessions/"))
        #expect(try await one.post(end).status == .seeOther)
        #expect(try await other.get("/").status == .seeOther)
        let changed = try await one.post(
            "/settings/password", ["current": LearnersHouse.password, "password": "nine patient terns"])
        #expect(changed.location == "/settings?said=password")
        #expect(try await one.post("/settings/language", ["language": "en"]).status == .seeOther)
        #expect(try await house.person("lea").language == "en")
        #expect(try await one.post("/sign-out").location == "/sign-in")
        #expect(try await one.get("/").status == .seeOther)
    }
}
