import Basis
import Evidence
import Foundation
import Hummingbird
import Intent
import People
import StorageTesting
import Stores
import Testing

@testable import Site

@Suite struct AccessRulesPagesTests {
    /// The shipped rules and one more that forbids.
    private func publish(_ house: LeadersHouse, _ action: String, when condition: String = "true") async throws {
        let current = try await house.stores.accessRules.current(of: house.tenant)
        _ = try await house.stores.accessRules.publish(
            rules: current.rules + """
                @id("no-\(action)") @reason("The works council <asked>.")
                forbid (principal, action == Action::"\(action)", resource) when { \(condition) };

                """, tests: "", reason: "A test asks for it.", by: house.id("steward"), of: house.tenant)
    }

    @Test func `everybody reads the rules, stewards and auditors what was refused, and the pages are well made`()
        async throws
    {
        let house = try await LeadersHouse()
        try await publish(house, "viewStatements")
        #expect(try await house.get("/statements", as: "auditor").status == .forbidden)
        try await house.stores.access.writeWaiting()
        for person in ["learner", "steward", "auditor", "ada"] {
            for path in ["/rules", "/rules/versions/0", "/rules/versions/1", "/rules/difference?from=0&to=1"] {
                let answer = try await house.get(path, as: person)
                #expect(answer.status == .ok, "\(path)")
                expectWellMade(answer.body, path)
            }
        }
        let learner = try await house.get("/rules", as: "learner").body
        #expect(learner.contains("no-viewStatements") && !learner.contains("Latest refusals"))
        #expect(try await house.get("/rules", as: "auditor").body.contains("Aud Auditor"))
        #expect(try await house.get("/rules/versions/7", as: "learner").status == .notFound)
        #expect(try await house.get("/rules/edit", as: "auditor").status == .forbidden)
        #expect(try await house.get("/rules/replay", as: "learner").status == .forbidden)
    }

    @Test func `a steward writes, mends, tries and publishes rules, and brings the old ones back`() async throws {
        let house = try await LeadersHouse()
        let form = try await house.get("/rules/edit", as: "steward")
        expectWellMade(form.body, "/rules/edit")
        let shipped = RulesVersion.shipped
        var fields = [("rules", shipped.rules + "forbid (principal"), ("tests", shipped.tests), ("do", "save")]
        #expect(try await house.post("/rules/edit", fields, as: "steward").status == .seeOther)
        let wrong = try await house.get("/rules/edit", as: "steward").body
        let line = shipped.rules.split(separator: "\n", omittingEmptySubsequences: false).count
        #expect(wrong.contains("#rules-line-\(line)") && wrong.contains("id=\"rules-line-\(line)\""))
        expectWellMade(wrong, "/rules/edit with mistakes")
        fields = [
            ("rules", shipped.rules + "forbid (principal"), ("tests", shipped.tests), ("revision", "1"),
            ("reason", "Try"), ("do", "publish"),
        ]
        let refused = try await house.post("/rules/edit", fields, as: "steward")
        #expect(refused.status == .unprocessableContent && refused.body.contains("Nothing was changed."))
        #expect(try await house.stores.accessRules.current(of: house.tenant).version == 0)
        // The form writes a rule for those who do not want to.
        fields = [
            ("rules", shipped.rules), ("tests", shipped.tests), ("revision", "2"), ("do", "append"),
            ("rule-id", "sales-quiet"), ("rule-effect", "forbid"), ("rule-action", "viewStatements"),
            ("rule-unit", "Sales"), ("rule-role", "auditor"), ("rule-subject", "context.weekday"),
            ("rule-test", "<"), ("rule-value", "8"), ("rule-reason", "Not in Sales."),
        ]
        #expect(try await house.post("/rules/edit", fields, as: "steward").status == .seeOther)
        let draft = try #require(try await house.stores.accessRules.draft(of: house.tenant))
        #expect(draft.rules.contains("principal is Person in Unit::\"Sales\""))
        #expect(
            try await house.stores.accessRules.check(rules: draft.rules, tests: draft.tests, of: house.tenant)
                .findings.map(\.sentence) == [])
        _ = try await house.get("/statements", as: "auditor")
        try await house.stores.access.writeWaiting()
        let replay = try await house.get("/rules/replay?days=7", as: "steward")
        #expect(replay.body.contains("sales-quiet") && replay.body.contains("Aud Auditor"))
        expectWellMade(replay.body, "/rules/replay")
        let sponsor = try await house.get("/rules/replay", as: "sponsor").body
        #expect(!sponsor.contains("Aud Auditor") && sponsor.contains("fewer than 10"))
        fields = [
            ("rules", draft.rules), ("tests", draft.tests), ("revision", "\(draft.revision)"), ("do", "publish"),
            ("reason", "Sales asked."),
        ]
        #expect(try await house.post("/rules/edit", fields, as: "steward").status == .seeOther)
        let denied = try await house.get("/statements", as: "auditor")
        #expect(denied.status == .forbidden && denied.body.contains("Not in Sales. (sales-quiet)"))
        let blank = try await house.post("/rules/versions/0/restore", [("reason", "")], as: "steward")
        #expect(blank.status == .unprocessableContent)
        expectWellMade(blank.body, "/rules/versions/0 refused")
        let back = try await house.post("/rules/versions/0/restore", [("reason", "Too quiet.")], as: "steward")
        #expect(back.status == .seeOther)
        #expect(try await house.get("/statements", as: "auditor").status == .ok)
    }

    @Test func `every page that shows a person, and every publication, asks the rules`() async throws {
        let house = try await LeadersHouse()
        let (learner, use) = (try house.id("learner"), try await house.use())
        let strategy = try await house.stores.strategies.draft(
            StrategyDraft(title: "Draft"), by: house.id("sponsor"), of: house.tenant)
        let document = try await house.stores.documents.draft(
            DocumentDraft(title: "Draft", body: "Text", owner: learner), by: house.id("steward"), of: house.tenant)
        let gets = [
            ("viewPerson", "/people/\(learner)"), ("viewPerson", "/people/\(learner)/edit"),
            ("viewPerson", "/privacy/people/\(learner)"), ("viewPeople", "/people"), ("viewPeople", "/people.csv"),
            ("viewTeam", "/team"), ("viewStatements", "/statements"),
        ]
        let posts: [(action: String, path: String, fields: [(String, String)])] = [
            ("publishStrategy", "/strategy/\(strategy.id)/publish", []),
            ("publishMandate", "/mandates/new", try await house.mandateFields(["do": "publish"])),
            ("publishPolicy", "/policy/edit", [("do", "save")]),
            ("publishDocument", "/documents/\(document.id)/publish", []),
            ("exportPerson", "/privacy/people/\(learner)/data.zip", [("reason", "Asked")]),
            ("erasePerson", "/privacy/people/\(learner)/erase", [("reason", "Asked")]),
        ]
        for (_, path) in gets { #expect(try await house.get(path, as: "ada").status == .ok, "\(path)") }
        for action in Set(gets.map(\.0) + posts.map(\.action)).sorted() { try await publish(house, action) }
        for (action, path) in gets {
            let answer = try await house.get(path, as: "ada")
            #expect(answer.status == .forbidden && answer.body.contains("no-\(action)"), "\(path)")
            #expect(answer.body.contains("&lt;asked&gt;") && !answer.body.contains("<asked>"), "\(path)")
        }
        for (action, path, fields) in posts {
            let answer = try await house.post(path, fields, as: "ada")
            #expect(answer.status == .forbidden && answer.body.contains("no-\(action)"), "\(path)")
        }
        // Keeping a draft is no publication.
        let kept = try await house.post("/mandates/new", try await house.mandateFields(["do": "save"]), as: "ada")
        #expect(kept.status == .seeOther)
        #expect(try await house.stores.directory.person(learner, of: house.tenant)?.isActive == true)
        _ = use
    }

    @Test func `where the rules hold names back, counts stay and names do not`() async throws {
        let house = try await LeadersHouse()
        let learner = "Lea &lt;b&gt;Learner"
        let over = try await house.mandateFields(["minutes": "600", "do": "preview"])
        func texts() async throws -> [String] {
            let document = try await house.stores.documents.list(of: house.tenant).first
            return [
                try await house.post("/mandates/new", over, as: "steward").body,
                try await house.get("/documents/\(try #require(document).id)", as: "steward").body,
                try await house.get("/palette?q=Lea", as: "steward").body,
            ]
        }
        let policy = try await house.stores.documents.draft(
            DocumentDraft(title: "Draft", body: "Text", owner: house.id("steward")), by: house.id("steward"),
            of: house.tenant)
        _ = try await house.stores.documents.publish(policy.id, by: house.id("steward"), of: house.tenant)
        for text in try await texts() { #expect(text.contains(learner)) }
        try await publish(house, "viewAsked")
        try await publish(house, "viewPeople")
        let held = try await texts()
        for text in held { #expect(!text.contains(learner)) }
        #expect(held[0].contains("would be over, by") && held[0].contains("held back"))
        #expect(held[1].contains("accepted what is in force"))
    }

    @Test func `whoever may not have suggestions is told why, and gets plain ones`() async throws {
        let house = try await LeadersHouse()
        try await publish(house, "recommend", when: "principal.roles.contains(\"learner\")")
        let learner = try await house.get("/", as: "learner").body
        #expect(learner.contains("no-recommend") && learner.contains("not your answers"))
        #expect(try await !house.get("/", as: "steward").body.contains("no-recommend"))
        try await house.stores.access.writeWaiting()
        let own = try await house.get("/me", as: "learner")
        expectWellMade(own.body, "/me")
        #expect(own.body.contains("Suggest what to learn") && own.body.contains("no-recommend"))
    }

    @Test func `an AI use says whether one may use it, until it is suspended`() async throws {
        let house = try await LeadersHouse()
        let use = try await house.use()
        let yes = try await house.post("/register/\(use.id)/ask", [("purpose", "Minutes & notes")], as: "learner")
        expectWellMade(yes.body, "/register/ask")
        let record = try #require(try await house.stores.register.find(use.id, of: house.tenant))
        #expect(yes.status == .ok && yes.body.contains(record.status.mayRun ? "Yes." : "suspended"))
        _ = try await house.stores.register.move(
            use.id, to: .suspended, reason: "It invents sources.", by: house.id("steward"), of: house.tenant)
        let no = try await house.post("/register/\(use.id)/ask", [("purpose", "Minutes")], as: "learner")
        #expect(no.status == .ok && no.body.contains("ai-use-stopped"))
    }
}
