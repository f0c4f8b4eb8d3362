import Basis
import Foundation
import Hummingbird
import Intent
import People
import Stores
import Testing

@testable import Site

@Suite struct CertificationPagesTests {
    private let fields = [
        "title": "First aid <b>", "audience": "everyone", "why": "Somebody can help.", "basis": "Safety rules",
        "priority": "", "content": "", "renewalContent": "", "testOut": "", "minutes": "60", "renewalMinutes": "30",
        "period": "12", "unit": "M", "windowDays": "60", "base": "expiry", "baseDay": "", "firstDue": "assigned",
        "firstDays": "30", "firstDay": "", "renewalDue": "previousExpiry", "renewalDays": "0", "renewalDay": "",
        "graceDays": "7", "minimumDays": "14", "leaveDays": "28", "zone": "Europe/Berlin", "before": "30, 7",
        "person": "1", "manager": "7", "owner": "21", "do": "save",
    ]

    private func drafted(_ house: LeadersHouse) async throws -> String {
        var fields = fields
        fields["asker"] = try "\(house.id("sponsor"))"
        let made = try await house.post("/certifications/new", fields.map { ($0.key, $0.value) }, as: "steward")
        #expect(made.status == .seeOther)
        return made.location.components(separatedBy: "?")[0]
    }

    @Test func `written, published, seen by everybody whom it concerns, decided, retired and restored`() async throws {
        let house = try await LeadersHouse()
        let path = try await drafted(house)
        #expect(try await house.get(path, as: "steward").body.contains("Publish certification"))
        #expect(try await house.post(path + "/publish", as: "steward").location.contains("said=published"))
        let learner = try house.id("learner")
        let pages = [
            (path, "steward"), (path + "/edit", "steward"), (path + "?standing=due", "auditor"), (path, "sponsor"),
            (path + "/people/\(learner)", "steward"), ("/certifications", "steward"), ("/certificates", "learner"),
            ("/asked", "learner"), ("/", "learner"), ("/team", "manager"), ("/decisions", "sponsor"),
        ]
        for (address, key) in pages {
            let answer = try await house.get(address, as: key)
            #expect(answer.status == .ok, "\(address)")
            expectWellMade(answer.body, address)
            #expect(!answer.body.contains("First aid <b>"), "\(address)")
        }
        #expect(try await house.get("/certificates", as: "learner").body.contains("Asked by Sam Sponsor"))
        #expect(try await house.get("/asked", as: "learner").body.contains("First aid"))
        #expect(try await house.get("/team", as: "manager").body.contains("First aid"))
        // Few people are not counted by themselves.
        let body = try await house.get(path, as: "steward").body
        #expect(body.contains("Units with fewer than 10 people"))
        // A decision is refused in place, then taken.
        let person = path + "/people/\(learner)"
        let late = try await house.post(
            person + "/extend", [("until", "2001-01-01"), ("reason", "Late")], as: "steward")
        #expect(late.status == .unprocessableContent)
        expectWellMade(late.body, person)
        let until = "\(house.stores.today + 300)"
        let given = try await house.post(
            person + "/extend", [("until", until), ("reason", "Course full")], as: "steward")
        #expect(given.location.contains("said=saved"))
        let exempted = try await house.post(
            person + "/exempt",
            [("exemptFrom", "\(house.stores.today)"), ("exemptUntil", until), ("exemptReason", "Abroad")], as: "steward"
        )
        #expect(exempted.status == .seeOther)
        #expect(try await house.get("/certificates", as: "learner").body.contains("Nothing is due"))
        let csv = try await house.get(path + "/people.csv", as: "steward").body
        #expect(csv.contains("excused") && csv.split(whereSeparator: \.isNewline).count == 7)
        let retired = try await house.post(path + "/retire", [("reason", "Over")], as: "steward")
        #expect(retired.location.contains("said=retired"))
        #expect(try await house.post(path + "/restore", as: "steward").location.contains("said=restored"))
    }

    @Test func `over budget it is refused with what would fit, and a reason overrides`() async throws {
        let house = try await LeadersHouse()
        var fields = fields
        (fields["asker"], fields["minutes"]) = (try "\(house.id("sponsor"))", "6000")
        fields["do"] = "preview"
        let looked = try await house.post("/certifications/new", fields.map { ($0.key, $0.value) }, as: "steward")
        #expect(looked.status == .ok && looked.body.contains("would be over, by"))
        expectWellMade(looked.body, "preview")
        fields["do"] = "save"
        let made = try await house.post("/certifications/new", fields.map { ($0.key, $0.value) }, as: "steward")
        let path = made.location.components(separatedBy: "?")[0]
        let draft = try await house.get(path, as: "steward").body
        #expect(draft.contains("What would happen") && draft.contains("What would fit"))
        expectWellMade(draft, path)
        let refused = try await house.post(path + "/publish", as: "steward")
        #expect(refused.status == .conflict && refused.body.contains("would be over budget"))
        expectWellMade(refused.body, path)
        let short = try await house.post(path + "/publish", [("override", "Law")], as: "steward")
        #expect(short.status == .unprocessableContent && short.body.contains("Write at least 10"))
        let reason = "The law has a date of its own."
        let published = try await house.post(path + "/publish", [("override", reason)], as: "steward")
        #expect(published.location.contains("said=published"))
        #expect(try await house.get(path, as: "steward").body.contains("Published over budget."))
        #expect(try await house.get("/asked", as: "learner").body.contains(reason))
        let freed = try await house.get(path + "?effect=retire", as: "steward").body
        #expect(freed.contains("would no longer be over budget"))
        expectWellMade(freed, path)
    }

    @Test func `an extension and an attestation are taken back where they were given`() async throws {
        let house = try await LeadersHouse()
        let path = try await drafted(house)
        _ = try await house.post(path + "/publish", as: "steward")
        let person = path + "/people/\(try house.id("learner"))"
        #expect(!(try await house.get(person, as: "steward").body.contains("back</h3>")))
        let until = "\(house.stores.today + 300)"
        _ = try await house.post(person + "/extend", [("until", until), ("reason", "Course full")], as: "steward")
        let longer = try await house.get(person, as: "steward").body
        #expect(longer.contains("Take the extra time back"))
        expectWellMade(longer, person)
        let empty = try await house.post(person + "/unextend", [("withdrawReason", "")], as: "steward")
        #expect(empty.status == .unprocessableContent)
        let shorter = try await house.post(person + "/unextend", [("withdrawReason", "A place is free")], as: "steward")
        #expect(shorter.location.contains("said=saved"))
        let day = "\(house.stores.today)"
        _ = try await house.post(person + "/attest", [("day", day), ("attestReason", "Seen")], as: "steward")
        #expect(try await house.get(person, as: "steward").body.contains("Take the attestation back"))
        let revoked = try await house.post(person + "/revoke", [("withdrawReason", "Somebody else")], as: "steward")
        #expect(revoked.location.contains("said=saved"))
        let after = try await house.get(person, as: "steward").body
        #expect(after.contains("Somebody else") && !after.contains("Take the attestation back"))
        expectWellMade(after, person)
    }

    @Test func `a form that is wrong comes back with its places`() async throws {
        let house = try await LeadersHouse()
        var wrong = fields
        wrong["asker"] = try "\(house.id("sponsor"))"
        (wrong["title"], wrong["firstDue"], wrong["firstDay"]) = ("", "on", "2001-01-01")
        (wrong["zone"], wrong["period"]) = ("Mars", "x")
        let answer = try await house.post("/certifications/new", wrong.map { ($0.key, $0.value) }, as: "steward")
        #expect(answer.status == .unprocessableContent)
        expectWellMade(answer.body, "/certifications/new")
        for field in ["title", "period"] { #expect(answer.body.contains("href=\"#\(field)\""), "\(field)") }
        // What a form says of terms is what it read.
        for terms in [
            CertificationTerms(),
            CertificationTerms(
                activePeriod: "P90D", base: "2030-12-31", firstDue: "2030-06-30", renewalDue: "previousCompletion-P7D",
                reminders: "person:-30 person:0 person:3 manager:7 owner:21"),
            CertificationTerms(firstDue: "hired+P3M", reminders: ""),
        ] {
            var entries = Entries(CertificationFields.values(terms))
            let read = CertificationFields.terms(&entries)
            #expect(try read.rule() == (try terms.rule()) && entries.errors.isEmpty)
        }
    }

    @Test func `a calendar address is shown once, read without signing in, and ended`() async throws {
        let house = try await LeadersHouse()
        _ = try await house.post(try await drafted(house) + "/publish", as: "steward")
        let page = try await house.post("/certificates/calendar", as: "learner").body
        let match = try #require(page.firstMatch(of: /\/calendar\/([0-9a-f]{48})\/leeway\.ics/))
        let path = String(match.output.0)
        #expect(try await !house.get("/certificates", as: "learner").body.contains(String(match.output.1)))
        let calendar = try await house.get(path, as: "")
        #expect(calendar.status == .ok && calendar.body.hasPrefix("BEGIN:VCALENDAR\r\n"))
        #expect(calendar.body.contains("SUMMARY:Due: First aid <b>"))
        #expect(
            try await house.get("/calendar/\(String(repeating: "0", count: 48))/leeway.ics", as: "").status == .notFound
        )
        _ = try await house.post("/certificates/calendar/end", as: "learner")
        #expect(try await house.get(path, as: "").status == .notFound)
        // A notice goes when it is seen.
        let before = try await house.get("/certificates", as: "learner").body
        let notice = try #require(before.firstMatch(of: /\/certificates\/notices\/([0-9a-f-]{36})\/seen/))
        #expect(before.contains("New for you"))
        _ = try await house.post(String(notice.output.0), as: "learner")
        #expect(try await !house.get("/certificates", as: "learner").body.contains("New for you"))
    }

    @Test func `a unit that is hidden alone takes another with it`() {
        func counts(_ people: Int) -> CertificationCounts {
            var counts = CertificationCounts()
            counts.add(.due, people, certified: 0)
            return counts
        }
        let rows = CertificationModel.hiding([("A", counts(3)), ("B", counts(12)), ("C", counts(40))])
        #expect(rows.map { $0.counts == nil } == [true, true, false])
        #expect(CertificationModel.hiding([("A", counts(30)), ("B", counts(12))]).allSatisfy { $0.counts != nil })
    }
}
