import Basis
import Evidence
import Foundation
import Intent
import JSON
import People
import Skills
import Storage
import StorageTesting
import Testing

@testable import Insight

@Suite struct DossierTests {
    private func desk(_ house: InsightHouse) -> DossierDesk {
        DossierDesk(
            database: house.database, world: house.world, log: house.log,
            rights: RightsDesk(
                database: house.database, world: house.world, log: house.log, tables: PersonalTable.all))
    }

    /// A register with a high-risk use, its owner and overseer.
    private func govern(_ house: InsightHouse) async throws {
        let register = AIRegister(database: house.database, world: house.world)
        let use = try await register.register(
            AIUseDraft(
                name: "Tutor", purpose: "Asks back.", kind: .tool, provider: "In-house", data: [.learning],
                status: .live, reviewOn: house.world.now().day + 90, optOut: "Switch it off."), by: house.steward,
            of: house.tenant)
        _ = try await register.classify(
            use.id, Classification.Answers(yes: [.outcomes, .profiling]), note: "It steers what is learned.",
            by: house.steward, of: house.tenant)
        let asked = try await register.propose(
            house.learners[0], for: use.id, by: house.steward, of: house.tenant)
        _ = try await register.accept(asked.id, by: house.learners[0], of: house.tenant)
    }

    @Test(arguments: Engine.present, Dossier.Kind.allCases)
    func `the same record makes the same bytes, and they read back`(engine: Engine, kind: Dossier.Kind) async throws {
        let house = try await InsightHouse(on: engine)
        try await govern(house)
        let desk = desk(house)
        let dossier = try await desk.draft(kind, of: house.tenant)
        #expect(try await desk.draft(kind, of: house.tenant).bytes == dossier.bytes)
        #expect(try Dossier(file: dossier.bytes) == dossier)
        #expect(dossier.anchor.waiting == 0 && dossier.anchor.size > 0)
        #expect(dossier.paper == (try Dossier(file: dossier.bytes).paper))
        #expect(try dossier.printed() == (try Dossier(file: dossier.bytes).printed()))
        let text = String(decoding: dossier.bytes, as: UTF8.self)
        #expect(text.contains("Tutor"))
        // Something else on record, and it is another dossier.
        let book = StrategyBook(database: house.database, world: house.world)
        _ = try await book.draft(
            StrategyDraft(
                title: "New", text: "T", owner: house.steward, audience: .everyone,
                priorities: [PriorityDraft(name: "P", text: "", skills: [house.skills[0].id], weight: 100)]),
            by: house.steward, of: house.tenant)
        #expect(try await desk.draft(kind, of: house.tenant).bytes != dossier.bytes)
    }

    @Test func `both engines make the same sections of the same record`() async throws {
        guard Engine.present.count > 1 else { return }
        var files: [[Dossier.Section]] = []
        for engine in Engine.present {
            let house = try await InsightHouse(on: engine)
            try await govern(house)
            files.append(try await desk(house).draft(.literacy, of: house.tenant).sections.filter { $0.id != "record" })
        }
        #expect(files.allSatisfy { $0 == files[0] })
    }

    @Test(arguments: Engine.present) func `its figures are those of the record`(engine: Engine) async throws {
        let house = try await InsightHouse(on: engine)
        try await govern(house)
        let drafts = house.learners.prefix(5).map { learner in
            StatementDraft(.person(learner), .completed, ActivityRef("https://cape.example/one"))
        }
        try await house.log.append(drafts, to: house.tenant)
        let sections = try await desk(house).draft(.literacy, of: house.tenant).sections
        let results = try #require(sections.first { $0.id == "results" })
        let since = house.world.now().day + -(DossierDesk.periodDays - 1)
        let tenant = house.tenant
        let learned = try await house.database.read { connection in
            try connection.value(
                """
                SELECT COUNT(DISTINCT agent.person) AS count FROM statement s
                JOIN agent ON agent.tenant = s.tenant AND agent.number = s.actor
                JOIN verb ON verb.tenant = s.tenant AND verb.number = s.verb
                WHERE s.tenant = \(tenant) AND s.timestamp_at >= \(since.start) AND s.voided = 0
                AND verb.iri IN (\(Verb.completed.iri), \(Verb.passed.iri)) AND agent.person IS NOT NULL
                """, as: Int.self)
        }
        #expect(learned == 5)
        #expect(results.facts[0].value == "13")
        #expect(results.facts[1].value.hasPrefix("\(learned) of 13, "))
        // Units of six are too small to show.
        #expect(results.tables[1].rows.allSatisfy { $0[2] == "fewer than 10 people" })
        let deployer = try await desk(house).draft(.deployer, of: house.tenant)
        let file = try #require(deployer.sections.first { $0.heading == "Tutor" })
        let rows = file.tables[0].rows
        #expect(rows.map { $0[0] } == ["26(1)", "26(2)", "26(4)", "26(5)", "26(6)", "26(7)", "26(9)", "26(11)", "4"])
        #expect(rows[1][2].contains("(accountable)") && rows[2][2] == "Leeway holds no record of it.")
    }

    @Test(arguments: Engine.present) func `what was made out is checked against the ledger, and nothing else passes`(
        engine: Engine
    ) async throws {
        let house = try await InsightHouse(on: engine)
        try await govern(house)
        let (desk, tenant) = (desk(house), house.tenant)
        let issued = try await desk.issue(.literacy, by: house.steward, of: tenant)
        let (kept, dossier, file) = try await desk.found(issued.id, of: tenant)
        #expect(kept == issued && dossier.digest == issued.digest && Dossier.digest(of: file) == issued.digest)
        #expect(try await desk.issued(of: tenant) == [issued])
        let waiting = await #expect(throws: Problem.self) { try await desk.check(file, of: tenant) }
        #expect(waiting?.code == "dossier-waiting")
        try await LedgerKeeper(database: house.database, world: house.world).integrate()
        let check = try await desk.check(file, of: tenant)
        #expect(check.digest == issued.digest && check.leaf >= dossier.anchor.size && check.size > dossier.anchor.size)
        // A figure changed by one, still readable.
        let text = String(decoding: file, as: UTF8.self)
        let forged = Array(text.replacing("13", with: "14").utf8)
        #expect(try Dossier(file: forged) != dossier)
        #expect(
            await #expect(throws: Problem.self) { try await desk.check(forged, of: tenant) }?.code == "dossier-unknown")
        let noise = await #expect(throws: Problem.self) { try await desk.check(Array("{}".utf8), of: tenant) }
        #expect(noise?.code == "dossier-unreadable")
        // Forged together with the row that keeps it: the statement says otherwise.
        let digest = Dossier.digest(of: forged)
        try await house.database.write { connection in
            try connection.run("UPDATE dossier SET body = \(forged), digest = \(digest) WHERE tenant = \(tenant)")
        }
        #expect(
            await #expect(throws: Problem.self) { try await desk.check(forged, of: tenant) }?.code == "dossier-altered")
    }
}
