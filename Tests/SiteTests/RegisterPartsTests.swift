import Basis
import Evidence
import Hummingbird
import Intent
import Paths
import People
import Stores
import Testing

@testable import Site

/// What the register's pages do beside entries: classification, parts, stand-ins, experiments, the kill switch.
@Suite struct RegisterPartsTests {
    @Test func `a steward classifies a use, and everybody reads the result`() async throws {
        let house = try await LeadersHouse()
        let path = "/register/\(try await house.use().id)"
        #expect(try await house.get("\(path)/classify", as: "learner").status == .forbidden)
        let shown = try await house.post(
            "\(path)/classify", [("yes", "outcomes"), ("do", "preview"), ("revision", "1")], as: "steward")
        #expect(shown.status == .ok && shown.body.contains("high-risk") && shown.body.contains("Article 26(6)"))
        #expect(try await house.get(path, as: "learner").body.contains("Nobody has classified it yet"))
        let silent = try await house.post(
            "\(path)/classify", [("yes", "outcomes"), ("do", "save"), ("revision", "1")], as: "steward")
        #expect(silent.status == .unprocessableContent && silent.body.contains("note-error"))
        let kept = try await house.post(
            "\(path)/classify",
            [("yes", "outcomes"), ("do", "save"), ("revision", "1"), ("note", "It <grades>.")], as: "steward")
        #expect(kept.status == .seeOther)
        let page = try await house.get(path, as: "learner").body
        expectWellMade(page, path)
        #expect(page.contains("Annex III, point 3(b)") && page.contains("It &lt;grades&gt;."))
        #expect(try await house.get("/register", as: "learner").body.contains("high-risk"))
    }

    @Test func `other parts than the owner's are asked, accepted and relieved`() async throws {
        let house = try await LeadersHouse()
        let use = try await house.use()
        let learner = try #require(house.people["learner"])
        let bad = try await house.post(
            "/register/\(use.id)/propose", [("person", "\(learner)"), ("part", "consulted"), ("until", "soon")],
            as: "steward")
        #expect(bad.status == .unprocessableContent && bad.body.contains("until-error"))
        _ = try await house.post(
            "/register/\(use.id)/propose", [("person", "\(learner)"), ("part", "consulted")], as: "steward")
        let page = try await house.get("/register/\(use.id)", as: "learner").body
        #expect(page.contains("You are asked to be consulted for this") && page.contains("Decline</button>"))
        let terms = try await house.stores.register.responsibilities(of: use.id, in: house.tenant)
        let asked = try #require(terms.last)
        #expect(asked.part == .consulted)
        _ = try await house.post("/responsibilities/\(asked.id)/accept", as: "learner")
        let relieved = try await house.post(
            "/register/\(use.id)/relieve", [("responsibility", "\(asked.id)"), ("reason", "Moved on.")], as: "steward")
        #expect(relieved.status == .seeOther)
        let after = try await house.stores.register.responsibilities(of: use.id, in: house.tenant)
        #expect(after.last?.state == .ended)
    }

    @Test func `an employee begins an experiment, others follow, and it is promoted`() async throws {
        let house = try await LeadersHouse()
        let refused = try await house.post(
            "/experiments/new",
            [("title", "Minutes <b>"), ("tool", "Quillside"), ("idea", "Shorter"), ("data", "personal")],
            as: "learner")
        #expect(refused.status == .unprocessableContent && refused.body.contains("does not allow personal data"))
        let begun = try await house.post(
            "/experiments/new", [("title", "Minutes <b>"), ("tool", "Quillside"), ("idea", "Shorter")], as: "learner")
        #expect(begun.status == .seeOther)
        let record = try #require(try await house.stores.experiments.list(of: house.tenant).first)
        let path = "/experiments/\(record.id)"
        _ = try await house.post("\(path)/follow", [("on", "yes")], as: "manager")
        _ = try await house.post("\(path)/remarks", [("body", "We want <this> too.")], as: "manager")
        let empty = try await house.post("\(path)/remarks", [("body", " ")], as: "manager")
        #expect(empty.status == .unprocessableContent)
        let page = try await house.get(path, as: "learner")
        expectWellMade(page.body, path)
        #expect(page.body.contains("We want &lt;this&gt; too.") && !page.body.contains("Promote experiment"))
        let fields = [
            ("do", "promoted"), ("reason", "It works."), ("name", "Minutes"), ("purpose", "Writes minutes."),
            ("status", "pilot"),
        ]
        #expect(try await house.post("\(path)/settle", fields, as: "learner").status == .forbidden)
        let noReview = try await house.post("\(path)/settle", fields, as: "steward")
        #expect(noReview.status == .unprocessableContent && noReview.body.contains("no review date"))
        let review = house.stores.today + 90
        let settled = try await house.post("\(path)/settle", fields + [("reviewOn", "\(review)")], as: "steward")
        #expect(settled.status == .seeOther)
        let use = try #require(try await house.stores.experiments.find(record.id, of: house.tenant)?.use)
        let label = try await house.get("/register/\(use)", as: "learner").body
        #expect(label.contains("Began as the experiment") && label.contains("Lea &lt;b&gt;Learner"))
        expectWellMade(try await house.get(path, as: "steward").body, path)
    }

    @Test func `suspending the entry that governs suggestions stops them for everybody at once`() async throws {
        let house = try await LeadersHouse()
        let use = try await house.use()
        var draft = AIUseDraft(use)
        draft.governs = .suggestions
        let steward = try #require(house.people["steward"])
        _ = try await house.stores.register.change(use.id, to: draft, by: steward, of: house.tenant)
        let learner = try #require(house.people["learner"])
        let before = try await house.stores.nextSteps.steps(for: learner, in: house.tenant)
        #expect(before.isPersonal && before.stoppedBy == nil)
        _ = try await house.stores.register.move(
            use.id, to: .suspended, reason: "A complaint.", by: steward, of: house.tenant)
        let after = try await house.stores.nextSteps.steps(for: learner, in: house.tenant)
        #expect(!after.isPersonal && after.stoppedBy == use.id)
        let home = try await house.get("/", as: "learner").body
        #expect(!home.contains("Switch personalisation off"))
        _ = try await house.stores.register.move(use.id, to: .live, by: steward, of: house.tenant)
        #expect(try await house.stores.nextSteps.steps(for: learner, in: house.tenant).isPersonal)
        // Another entry cannot govern the same part.
        var second = draft
        second.name = "Another"
        await #expect(throws: Problem.self) {
            try await house.stores.register.register(second, by: steward, of: house.tenant)
        }
    }

    @Test func `a policy that comes with an AI use is accepted before it works, and can be there`() async throws {
        let house = try await LeadersHouse()
        let use = try await house.use()
        var draft = AIUseDraft(use)
        draft.governs = .suggestions
        let (steward, learner) = (try house.id("steward"), try house.id("learner"))
        _ = try await house.stores.register.change(use.id, to: draft, by: steward, of: house.tenant)
        let documents = house.stores.documents
        let policy = try await documents.draft(
            DocumentDraft(
                title: "How we use <it>", summary: "Check what it says.", body: "**Check** <script>x</script>",
                owner: steward, use: use.id), by: steward, of: house.tenant)
        #expect(try await house.stores.nextSteps.steps(for: learner, in: house.tenant).isPersonal)
        _ = try await documents.publish(policy.id, by: steward, of: house.tenant)
        let waits = try await house.stores.nextSteps.steps(for: learner, in: house.tenant)
        #expect(!waits.isPersonal && waits.toAccept.map(\.document.id) == [policy.id])
        let home = try await house.get("/", as: "learner").body
        #expect(home.contains("How we use &lt;it&gt;") && !home.contains("Switch personalisation"))
        let path = "/register/\(use.id)"
        let asked = try await house.post(path + "/ask", [("purpose", "Feedback")], as: "learner").body
        expectWellMade(asked, path)
        #expect(asked.contains("Not yet: accept") && asked.contains("<strong>Check</strong>"))
        #expect(!asked.contains("<script>x"))
        let text = try await house.get("/documents/\(policy.id)", as: "learner").body
        #expect(text.contains("<strong>Check</strong>") && !text.contains("<script>x"))
        let accepted = try await house.post(
            "/documents/\(policy.id)/accept", [("version", "1"), ("use", path)], as: "learner")
        #expect(accepted.status == .seeOther && accepted.location == path + "?said=saved")
        #expect(try await house.stores.nextSteps.steps(for: learner, in: house.tenant).isPersonal)
        let after = try await house.post(path + "/ask", [("purpose", "Feedback")], as: "learner").body
        #expect(after.contains("Yes. ") && !after.contains("Not yet"))
        // Changed in substance, it is read again first.
        var next = DocumentDraft(try #require(try await documents.versions(of: policy.id, in: house.tenant).first))
        next.body = "Check twice."
        _ = try await documents.revise(policy.id, to: next, by: steward, of: house.tenant)
        _ = try await documents.publish(policy.id, by: steward, of: house.tenant)
        let again = try await house.get(path, as: "learner").body
        #expect(again.contains("Read what changed") && !again.contains("Accept policy"))
        #expect(try await !house.stores.nextSteps.steps(for: learner, in: house.tenant).isPersonal)
        // It is nobody's business whom it is not for.
        #expect(try await documents.needed(for: house.stores.world.id(), by: learner, of: house.tenant).isEmpty)
    }

    @Test func `days away are noted and taken back, and an owner asks somebody to stand in`() async throws {
        let house = try await LeadersHouse()
        let today = house.stores.today
        let bad = try await house.post("/me/away", [("from", "\(today)"), ("until", "\(today + -3)")], as: "learner")
        #expect(bad.status == .unprocessableContent && bad.body.contains("until-error"))
        _ = try await house.post("/me/away", [("from", "\(today)"), ("until", "\(today + 3)")], as: "learner")
        let learner = try #require(house.people["learner"])
        let stay = try #require(
            try await house.stores.presence.absences(of: learner, from: today, in: house.tenant).first)
        #expect(try await house.post("/me/away/\(stay.id)/remove", as: "manager").status == .notFound)
        #expect(try await house.post("/me/away/\(stay.id)/remove", as: "learner").status == .seeOther)
        let use = try await house.use()
        let (steward, manager) = (try #require(house.people["steward"]), try #require(house.people["manager"]))
        let asked = try await house.stores.register.propose(learner, for: use.id, by: steward, of: house.tenant)
        _ = try await house.stores.register.accept(asked.id, by: learner, of: house.tenant)
        let fields = [
            ("delegate", "\(manager)"), ("use", ""), ("actFrom", "\(today)"), ("actUntil", "\(today + 20)"),
            ("reason", "Leave"),
        ]
        #expect(try await house.post("/delegations", fields, as: "learner").status == .seeOther)
        #expect(try await house.get("/decisions", as: "manager").body.contains("Stand in for somebody"))
        let one = try #require(try await house.stores.register.delegations(of: manager, in: house.tenant).first)
        #expect(try await house.post("/delegations/\(one.id)/accept", as: "learner").status == .notFound)
        _ = try await house.post("/delegations/\(one.id)/accept", as: "manager")
        expectWellMade(try await house.get("/me/away", as: "manager").body, "/me/away")
        expectWellMade(try await house.get("/me/away", as: "learner").body, "/me/away")
        #expect(try await house.get("/register/\(use.id)", as: "sponsor").body.contains("stands in today"))
    }
}

/// Dossiers as a reader meets them.
@Suite struct DossierPagesTests {
    @Test func `an auditor makes a dossier out, downloads it in both forms and has it checked`() async throws {
        let house = try await LeadersHouse()
        _ = try await house.use()
        #expect(try await house.get("/dossiers", as: "learner").status == .forbidden)
        let made = try await house.post("/dossiers", [("kind", "literacy")], as: "auditor")
        #expect(made.status == .seeOther)
        let path = String(made.location.prefix { $0 != "?" })
        let page = try await house.get(path, as: "sponsor").body
        expectWellMade(page, path)
        #expect(page.contains("Draft &lt;feedback&gt;") && page.contains("SHA-256 of the JSON file"))
        let json = try await house.get("\(path)/file.json", as: "auditor")
        #expect(json.status == .ok && json.body.contains("urn:leeway:dossier:1"))
        #expect(try await house.get("\(path)/file.pdf", as: "auditor").body.hasPrefix("%PDF-"))
        let waiting = try await house.upload(
            "/dossiers/check", [], file: "d.json", text: json.body, as: "auditor")
        #expect(waiting.status == .unprocessableContent && waiting.body.contains("not in a checkpoint yet"))
        try await LedgerKeeper(database: house.stores.database, world: house.stores.world).integrate()
        let whole = try await house.upload("/dossiers/check", [], file: "d.json", text: json.body, as: "auditor")
        #expect(whole.status == .ok && whole.body.contains("which still begins with its checkpoint"))
        let forged = try await house.upload(
            "/dossiers/check", [], file: "d.json", text: json.body.replacing("Draft", with: "Drift"), as: "auditor")
        #expect(forged.status == .unprocessableContent && forged.body.contains("The file was changed"))
        #expect(try await house.post("/dossiers", [("kind", "horoscope")], as: "auditor").status == .notFound)
    }
}
