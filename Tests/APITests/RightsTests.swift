import Basis
import Evidence
import Foundation
import Hummingbird
import JSON
import People
import StorageTesting
import Stores
import Testing

@testable import API

@Suite struct RightsRouteTests {
    @Test(arguments: Engine.present) func `export, hold, erasure and receipt over HTTP`(engine: Engine) async throws {
        let site = try await TestSite(engine)
        let learner = try #require(site.people[.learner])
        try await site.stores.log.append(
            [StatementDraft(.person(learner.id), .completed, ActivityRef("urn:a:1"))], to: .first)
        try await site.run { caller in
            let admin = try await caller.signedIn(.administrator)
            let auditor = try await caller.signedIn(.auditor)
            let me = try await caller.signedIn(.learner)
            let path = "/api/v1/people/\(learner.id)"

            #expect(try await me.send(.get, "/api/v1/me/data.zip").bytes.starts(with: Array("PK".utf8)))
            #expect(try await me.send(.get, "\(path)/holdings").status == .forbidden)
            #expect(try await auditor.send(.post, "\(path)/data.zip", ["reason": "x"]).status == .forbidden)
            #expect(try await admin.send(.post, "\(path)/data.zip", ["reason": " "]).problem() == "reason")
            let archive = try await admin.send(.post, "\(path)/data.zip", ["reason": "A court asks"])
            #expect(archive.status == .ok && archive.bytes.starts(with: Array("PK".utf8)))

            let day = "\(site.stores.world.now().day + 5)"
            let hold = try await auditor.send(
                .post, "/api/v1/holds",
                ["person": .string(learner.id.description), "reason": "Case", "endsOn": .string(day)])
            #expect(hold.status == .created)
            let dry = try await admin.send(.get, "\(path)/holdings").json
            #expect(dry["hold"]?["endsOn"]?.string == day)
            #expect(dry["counts"]?.array?.first?["fate"]?.string == "erased")
            let refused = try await admin.send(.post, "\(path)/erasure", ["reason": "Asked"])
            #expect(refused.status == .conflict)
            #expect(try refused.problem() == "legal-hold")
            let id = try #require(try hold.json["id"]?.string)
            #expect(try await auditor.send(.post, "/api/v1/holds/\(id)/lift", ["reason": "Over"]).status == .ok)

            let order = try await admin.send(.post, "\(path)/erasure", ["reason": "Asked"])
            #expect(order.status == .accepted)
            #expect(try await me.send(.get, "/api/v1/me/data.zip").status == .unauthorized)
            let erasure = try #require(try order.json["id"]?.string.flatMap { ID<Erasure>($0) })
            _ = try await site.stores.rights.work(erasure, of: .first, settling: .zero)
            try await LedgerKeeper(database: site.stores.database, world: site.stores.world).integrate()
            let receipt = try await auditor.send(.get, "/api/v1/erasures/\(erasure)").json
            #expect(receipt["state"]?.string == "done")
            #expect(receipt["proof"]?["hashes"]?.array != nil)
            #expect(receipt["counts"]?["statements"]?.integer == 1)
            // The hold of before points at somebody, and says no longer at whom.
            #expect(try await auditor.send(.get, path).json["name"]?.string == "Erased person")
        }
    }

    @Test func `retention and pseudonyms over HTTP`() async throws {
        let site = try await TestSite()
        let learner = try #require(site.people[.learner])
        try await site.stores.log.append(
            [StatementDraft(.person(learner.id), .completed, ActivityRef("urn:a:1"))], to: .first)
        let (client, secret) = try await site.stores.clients.create(
            label: "Analyst", scopes: ["statements/read/pseudonymised"], for: .first)
        try await site.run { caller in
            let admin = try await caller.signedIn(.administrator)
            let low: JSONValue = ["purpose": "x", "verb": "urn:v", "days": 100, "highRisk": true]
            #expect(try await admin.send(.post, "/api/v1/retention/rules", low).problem() == "retention-rule")
            let made = try await admin.send(
                .post, "/api/v1/retention/rules", ["purpose": "x", "verb": .string(Verb.completed.iri), "days": 100])
            #expect(made.status == .created)
            let id = try #require(try made.json["id"]?.string)
            let forecast = try await admin.send(.get, "/api/v1/retention/rules/\(id)/forecast").json
            #expect(forecast["erased"]?.integer == 0)
            #expect(try await admin.send(.post, "/api/v1/retention/run").status == .accepted)
            #expect(
                try await admin.send(.post, "/api/v1/retention/rules/\(id)/end", ["reason": "x"]).status == .noContent)

            let basic = Data("\(client.key):\(secret)".utf8).base64EncodedString()
            let path = "/api/v1/statements/pseudonymised"
            let answer = try await caller.send(.get, path, headers: ["Authorization": "Basic \(basic)"])
            #expect(answer.status == .ok)
            #expect(!answer.text.contains("\"learner\"") && answer.text.contains("urn:leeway:pseudonym"))
            let raw = try await caller.send(
                .get, "/xapi/statements",
                headers: ["Authorization": "Basic \(basic)", "X-Experience-API-Version": "2.0.0"])
            #expect(raw.status == .forbidden)
            let me = try await caller.signedIn(.learner)
            #expect(try await me.send(.get, path).status == .forbidden)
        }
    }
}
