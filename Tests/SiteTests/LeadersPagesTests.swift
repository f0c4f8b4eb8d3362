import Basis
import Foundation
import Hummingbird
import Intent
import Stores
import Testing

@testable import Site

/// The pages of those who lead: all of them, for an organisation without anything and for one with something.
@Suite struct LeadersPagesTests {
    static let paths = [
        "/intent", "/strategy", "/strategy/new", "/register", "/register?owner=none", "/register?review=overdue",
        "/register/new", "/experiments", "/experiments/new", "/experiments/sandbox", "/me/away", "/escalations",
        "/documents",
        "/documents/new", "/dossiers", "/dossiers/draft/literacy", "/dossiers/draft/deployer",
        "/dossiers/draft/iso-42001", "/dossiers/draft/nist-ai-rmf", "/mandates", "/mandates?state=draft",
        "/mandates?state=retired", "/mandates/new", "/mandates/load", "/mandates/load?months=12", "/policy",
        "/policy/edit", "/rules", "/rules/edit", "/rules/versions/0", "/people", "/people/new", "/people/units",
        "/people/audience", "/team", "/imports",
        "/imports?state=failed", "/desk", "/decisions", "/settings/clients", "/insight",
        "/certifications", "/certifications?state=draft", "/certifications/new", "/certificates",
        "/settings/mail", "/settings/mail?state=failed", "/me/letters",
    ]

    @Test(arguments: paths) func `a page of an empty organisation is well made`(path: String) async throws {
        let house = try await LeadersHouse(isFilled: false)
        let answer = try await house.get(path, as: "ada")
        #expect(answer.status == .ok)
        expectWellMade(answer.body, path)
    }

    @Test func `pages of a filled organisation are well made, and what people typed is escaped`() async throws {
        let house = try await LeadersHouse()
        let strategy = try await house.strategy()
        let use = try await house.use()
        let fields = try await house.mandateFields(["minutes": "30", "title": "<script>alert(1)</script>"])
        let made = try await house.post("/mandates/new", fields, as: "sponsor")
        #expect(made.status == .seeOther)
        let mandate = made.location.components(separatedBy: "?")[0]
        let learner = try house.id("learner")
        let more = [
            "/strategy/\(strategy.id)", "/strategy/\(strategy.id)/edit", "/strategy/\(strategy.id)/weighing",
            "/register/\(use.id)",
            "/register/\(use.id)/edit", "/register/\(use.id)/classify", mandate, mandate + "/edit",
            "/people/\(learner)", "/people/\(learner)/edit",
        ]
        for path in Self.paths + more {
            let answer = try await house.get(path, as: "ada")
            #expect(answer.status == .ok, "\(path)")
            expectWellMade(answer.body, path)
            #expect(!answer.body.contains("<script>alert"), "\(path)")
            #expect(!answer.body.contains("<b>Learner"), "\(path)")
            #expect(!answer.body.contains("<AI>") && !answer.body.contains("<feedback>"), "\(path)")
        }
    }

    @Test func `a strategy is written, refused while something is missing, published and acknowledged`() async throws {
        let house = try await LeadersHouse()
        _ = try await house.skill("Checking answers")
        var fields = [
            ("title", "Safe use"), ("text", "Plain words"), ("owner", "\(try house.id("sponsor"))"),
            ("audience", "unit \"Nowhere\""), ("p0-name", "Check"), ("p0-weight", "heavy"), ("p0-skills", "Juggling"),
            ("do", "save"),
        ]
        let refused = try await house.post("/strategy/new", fields, as: "sponsor")
        #expect(refused.status == .unprocessableContent)
        #expect(refused.body.contains("value=\"Safe use\"") && refused.body.contains("value=\"heavy\""))
        for id in ["audience-error", "p0-weight-error", "p0-skills-error"] { #expect(refused.body.contains(id)) }
        // Rows may stay empty between others: what is wrong is told at the row that it stands in.
        let far = try await house.post(
            "/strategy/new",
            [
                ("title", "Safe use"), ("p2-name", "Check"), ("p2-weight", "10"), ("p2-share", "80"),
                ("p2-text", String(repeating: "a", count: 20_001)), ("p2-level", "20"), ("do", "save"),
            ], as: "sponsor")
        #expect(far.status == .unprocessableContent)
        for id in ["p2-level-error", "p2-by-error"] { #expect(far.body.contains(id)) }
        let long = try await house.post(
            "/strategy/new",
            [
                ("title", "Safe use"), ("p2-name", "Check"), ("p2-weight", "10"),
                ("p2-text", String(repeating: "a", count: 20_001)), ("do", "save"),
            ], as: "sponsor")
        #expect(long.status == .unprocessableContent && long.body.contains("p2-text-error"))
        let by = house.stores.today + 200
        fields += [("p0-text", "Look twice."), ("p0-share", "80"), ("p0-level", ""), ("p0-by", "\(by)")]
        fields[3].1 = "unit Sales"
        fields[5].1 = "60"
        fields[6].1 = "checking answers"
        let saved = try await house.post("/strategy/new", fields, as: "sponsor")
        #expect(saved.status == .seeOther)
        let path = saved.location.components(separatedBy: "?")[0]
        #expect(try await house.get(path, as: "learner").status == .notFound)
        // The form loses nothing of what it was filled with.
        let again = try await house.get(path + "/edit", as: "sponsor").body
        for value in ["Look twice.", "value=\"80\"", "value=\"75\"", "value=\"\(by)\""] {
            #expect(again.contains(value), "\(value)")
        }
        let asks = try await house.get(path + "/publish", as: "sponsor")
        #expect(asks.body.contains("5 people"))
        #expect(try await house.post(path + "/publish", as: "sponsor").status == .seeOther)
        let read = try await house.get(path, as: "learner")
        #expect(read.status == .ok && read.body.contains("Acknowledge strategy"))
        #expect(!read.body.contains("Withdraw"))
        let noted = try await house.post(path + "/acknowledge", [("version", "1")], as: "learner")
        #expect(noted.status == .seeOther)
        #expect(try await house.get(path, as: "learner").body.contains("acknowledged"))
        let reach = try await house.get(path, as: "sponsor").body
        #expect(reach.contains("1 of 5 people addressed (20%"), "acknowledged by one of five")
        #expect(reach.contains("2 of 5 people (40%)"), "viewed by the sponsor too, and opened by nobody")
    }

    @Test func `whoever is asked accepts or declines, and nobody else`() async throws {
        let house = try await LeadersHouse()
        let use = try await house.use()
        let learner = try house.id("learner")
        let asked = try await house.post("/register/\(use.id)/propose", [("person", "\(learner)")], as: "steward")
        #expect(asked.status == .seeOther)
        let question = try #require(
            try await house.stores.register.asked(of: learner, in: house.tenant).first)
        #expect(try await house.get("/decisions", as: "learner").body.contains("Draft &lt;feedback&gt;"))
        let page = try await house.get("/register/\(use.id)", as: "learner").body
        #expect(page.contains("/responsibilities/\(question.id)/accept"))
        let other = try await house.post("/responsibilities/\(question.id)/accept", as: "manager")
        #expect(other.status == .notFound)
        let silent = try await house.post("/responsibilities/\(question.id)/decline", [("reason", " ")], as: "learner")
        #expect(silent.status == .unprocessableContent && silent.body.contains("reason-error"))
        #expect(try await house.post("/responsibilities/\(question.id)/accept", as: "learner").status == .seeOther)
        let label = try await house.get("/register/\(use.id)", as: "auditor").body
        #expect(label.contains("Lea &lt;b&gt;Learner&lt;/b&gt;") && !label.contains("unowned"))
        let moved = try await house.post("/register/\(use.id)/move", [("status", "suspended")], as: "steward")
        #expect(moved.status == .seeOther)
        #expect(try await house.get("/register/\(use.id)", as: "steward").body.contains("Reinstate AI use"))
    }

    @Test func `a policy is set with words that say what it means`() async throws {
        let house = try await LeadersHouse()
        let fields = [
            ("version", "0"), ("r0-name", "Sales"), ("r0-audience", "unit Sales"), ("r0-minutes", "240"),
            ("r0-share", "40"), ("minutes", "120"), ("share", "50"), ("note", "More for Sales"),
        ]
        let piece = try await house.post("/policy/preview", fields, as: "steward")
        #expect(piece.body.contains("4 h a month, of which 1 h 36 min always yours."))
        let wrong = try await house.post("/policy/edit", fields.dropLast() + [("share", "140")], as: "steward")
        #expect(wrong.status == .unprocessableContent && wrong.body.contains("note-error"))
        #expect(try await house.post("/policy/edit", fields, as: "steward").status == .seeOther)
        let shown = try await house.get("/policy", as: "learner").body
        #expect(shown.contains("By the rule “Sales”."))
        let late = try await house.post("/policy/edit", fields, as: "steward")
        #expect(late.status == .unprocessableContent && late.body.contains("meanwhile"))
    }
}
