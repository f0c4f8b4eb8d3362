import Basis
import Foundation
import Hummingbird
import Intent
import Paths
import People
import Storage
import StorageTesting
import Stores
import Testing

@testable import Site

/// The planner over the whole app: load by unit, what cannot fit and whom to talk to, whom a change frees, late joiners.
@Suite struct PlannerPagesTests {
    @Test(arguments: Engine.present) func `load is shown by unit and month, and not of fewer than ten people`(
        engine: Engine
    ) async throws {
        let house = try await LeadersHouse(on: engine)
        #expect(try await house.get("/mandates/load", as: "sponsor").body.contains("Too few people to show"))
        let unit = try await house.stores.directory.save(UnitDraft(name: "Yard"), of: house.tenant).id
        for index in 0..<10 {
            try await house.stores.directory.save(
                PersonDraft(key: "y\(index)", name: "Yard \(index)", unit: unit), of: house.tenant)
        }
        let made = try await house.post(
            "/mandates/new", try await house.mandateFields(["override": "The law has a date of its own."]),
            as: "sponsor")
        #expect(made.status == .seeOther)
        let page = try await house.get("/mandates/load", as: "auditor").body
        expectWellMade(page, "/mandates/load")
        #expect(page.contains("class=\"heat\"") && page.contains("16 people") && !page.contains("Sales"))
        let file = try await house.get("/mandates/load.csv?months=3", as: "sponsor")
        #expect(file.type.hasPrefix("text/csv"))
        let lines = file.body.split(whereSeparator: \.isNewline)
        #expect(lines.count == 4 && lines[1].contains("Everybody,16,"))
        #expect(lines[1].hasSuffix(",16") && lines[2].hasSuffix(",0"), "over in the month of the deadline only")
        #expect(try await house.get("/mandates/load", as: "learner").status != .ok)
    }

    @Test func `a learner reads the smallest set that cannot fit, and whom to talk to`() async throws {
        let house = try await LeadersHouse()
        let reason = "The law has a date of its own."
        let made = try await house.post(
            "/mandates/new", try await house.mandateFields(["override": reason]), as: "sponsor")
        #expect(made.status == .seeOther)
        let page = try await house.get("/asked", as: "learner").body
        expectWellMade(page, "/asked")
        #expect(page.contains("Not all of this can be done in time") && page.contains("3 h 20 min are due"))
        #expect(page.contains("2 h can be done") && page.contains("Talk to Sam Sponsor"))
        #expect(page.contains(reason) && page.contains("Your month"))
    }

    @Test func `the meter says why a month is lower`() async throws {
        let house = try await LeadersHouse()
        let (learner, today) = (try house.id("learner"), house.stores.today)
        try await house.stores.presence.set(
            WorkingTerms(shareBasisPoints: 6_000), for: learner, in: house.tenant)
        try await house.stores.presence.note(
            learner, awayFrom: Month(today).firstDay, until: Month(today).firstDay + 6, by: learner, in: house.tenant)
        let home = try await house.get("/", as: "learner").body
        #expect(home.contains("part time, 60%") && home.contains("5 working days away"))
        #expect(try await house.get("/", as: "manager").body.contains("4 h a month"))
    }

    @Test func `the preview names who has no day, what cannot fit and what both would do`() async throws {
        let house = try await LeadersHouse()
        let (learner, today) = (try house.id("learner"), house.stores.today)
        try await house.stores.presence.note(
            learner, awayFrom: today, until: Month(today).lastDay, by: learner, in: house.tenant)
        let fields = try await house.mandateFields(["do": "preview"])
        let page = try await house.post("/mandates/preview", fields, as: "sponsor").body
        #expect(page.contains("1 person has no working day until the deadline: Lea &lt;b&gt;Learner"))
        #expect(page.contains("Too much: this mandate, 3 h 20 min."))
        #expect(page.contains("value=\"both:"))
        let after = page.components(separatedBy: "value=\"both:").dropFirst().first
        let both = try #require(after?.components(separatedBy: "\"").first)
        let filled = try await house.post(
            "/mandates/new", try await house.mandateFields(["do": "both:\(both)"]), as: "sponsor")
        #expect(filled.status == .ok && filled.body.contains("Nobody would be over budget"))
        let nobody = try await house.post(
            "/mandates/preview", try await house.mandateFields(["audience": "not everyone"]), as: "sponsor"
        ).body
        #expect(nobody.contains("Nobody is in this audience"))
    }

    @Test func `retiring and changing say whom they free`() async throws {
        let house = try await LeadersHouse()
        let made = try await house.post(
            "/mandates/new", try await house.mandateFields(["override": "The law has a date of its own."]),
            as: "sponsor")
        let path = made.location.components(separatedBy: "?")[0]
        let page = try await house.get(path + "?effect=retire", as: "sponsor").body
        expectWellMade(page, path)
        #expect(page.contains("6 people of 6 would no longer be over budget, by 8 h in all"))
        let piece = try await house.post(
            "/mandates/preview?of=\(path.dropFirst("/mandates/".count))",
            try await house.mandateFields(["minutes": "60"]), as: "sponsor"
        ).body
        #expect(piece.contains("6 people who are over now would no longer be."))
    }

    @Test(arguments: Engine.present) func `who joins later and cannot fit it is told to whoever asks`(
        engine: Engine
    ) async throws {
        let house = try await LeadersHouse(on: engine)
        let (stores, tenant) = (house.stores, house.tenant)
        for minutes in ["60", "60"] {
            let made = try await house.post(
                "/mandates/new", try await house.mandateFields(["minutes": minutes]), as: "sponsor")
            #expect(made.status == .seeOther)
        }
        let late = try await stores.directory.save(PersonDraft(key: "late", name: "Late Joiner"), of: tenant).id
        let today = stores.today
        try await stores.presence.note(
            late, awayFrom: Month(today).firstDay, until: Month(today).lastDay, by: late, in: tenant)
        #expect(try await stores.planner.queueDailyRefresh(in: stores.jobs) == 1)
        #expect(try await stores.planner.queueDailyRefresh(in: stores.jobs) == 0)
        let runner = JobRunner(queue: stores.jobs, workers: stores.planner.workers) { Issue.record($0) }
        while try await runner.runOne() {}
        let over = try await stores.planner.joinersOver(of: tenant)
        #expect(over.values.allSatisfy { $0.people == 1 } && over.values.reduce(0) { $0 + $1.minutes } == 120)
        #expect(try await stores.planner.plan(of: late, in: tenant).overrides.isEmpty, "nobody decided so")
        let mandate = try #require(over.keys.first)
        let page = try await house.get("/mandates/\(mandate)", as: "sponsor").body
        #expect(page.contains("1 person joined after it was published and cannot fit it, by 1 h in all"))
        #expect(try await house.get("/decisions", as: "sponsor").body.contains("1 person who joined"))
        #expect(try await stores.planner.refreshAudiences(of: tenant).joined == 0)
    }
}
