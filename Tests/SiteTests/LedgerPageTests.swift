import Basis
import Evidence
import Hummingbird
import Stores
import Testing

@testable import Site

@Suite struct LedgerPageTests {
    @Test func `stewards and auditors see the ledger and prove a statement`() async throws {
        let house = try await LeadersHouse()
        let id = ID<Statement>(derivedFrom: Array("one".utf8))
        try await house.stores.log.append(
            [StatementDraft(.system, .completed, ActivityRef("https://pier.example/<x>"), id: id)], to: house.tenant)
        let waiting = try await house.get("/ledger?statement=\(id)", as: "auditor")
        #expect(waiting.status == .conflict && waiting.body.contains("Ask again in some seconds"))
        try await LedgerKeeper(database: house.stores.database, world: house.stores.world).integrate()
        let page = try await house.get("/ledger?statement=\(id)", as: "auditor")
        #expect(page.status == .ok)
        #expect(page.body.contains("pier.example/ledger+"))
        #expect(page.body.contains("It is leaf 0 of 1"))
        #expect(page.body.contains("https://pier.example/&lt;x&gt;"))
        // Its hour still runs: the next one takes its place, so that there is nothing to link to yet.
        #expect(!page.body.contains("Earlier checkpoints"))
        try await house.stores.log.append(
            [StatementDraft(.system, .completed, ActivityRef("https://pier.example/two"))], to: house.tenant)
        let later = World.replay(from: house.stores.world.now() + .hours(2))
        try await LedgerKeeper(database: house.stores.database, world: later).integrate()
        let next = try await house.get("/ledger", as: "auditor").body
        #expect(next.contains("Earlier checkpoints") && next.contains("href=\"/ledger/checkpoints/1\""))
        #expect(!next.contains("href=\"/ledger/checkpoints/2\""))
        let fields = [("reason", "Yearly"), ("overlapDays", "30")]
        #expect(try await house.post("/ledger/key", fields, as: "auditor").status == .forbidden)
        for wrong in [[("reason", ""), ("overlapDays", "30")], [("reason", "Yearly"), ("overlapDays", "lots")]] {
            let refused = try await house.post("/ledger/key", wrong, as: "ada")
            #expect(refused.status == .unprocessableContent && refused.body.contains("-error\""))
            expectWellMade(refused.body, "/ledger/key")
        }
        #expect(try await house.post("/ledger/key", fields, as: "ada").status == .seeOther)
        let rotated = try await house.get("/ledger", as: "auditor")
        expectWellMade(rotated.body, "/ledger")
        #expect(rotated.body.contains("signs beside the present one"))
        for (query, status) in [
            ("nonsense", HTTPResponse.Status.unprocessableContent), ("6690e6c9-3ef0-4ed3-8b37-7f3964730bee", .notFound),
        ] {
            let refused = try await house.get("/ledger?statement=\(query)", as: "steward")
            #expect(refused.status == status && refused.body.contains("statement-error"), "\(query)")
        }
        #expect(try await house.get("/ledger", as: "learner").status == .forbidden)
        #expect(try await house.get("/ledger", as: "manager").status == .forbidden)
        #expect(try await house.get("/", as: "auditor").body.contains("href=\"/ledger\""))
        #expect(!(try await house.get("/", as: "learner").body.contains("href=\"/ledger\"")))
    }
}
