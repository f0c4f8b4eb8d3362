import Basis
import JSON
import Storage
import StorageTesting
import Testing

@testable import Evidence

@Suite struct ErasedAgainTests {
    private static let gone = "0190e6c9-3ef0-4ed3-8b37-7f3964730001"
    private static let blinded = "0190e6c9-3ef0-4ed3-8b37-7f3964730002"
    private static let fresh = "0190e6c9-3ef0-4ed3-8b37-7f3964730003"

    /// A statement of alice's, and one of bob's that names her.
    private static func sent(_ id: String) throws -> JSONValue {
        let mail = #"{"mbox": "mailto:alice@example.org"}"#
        let name = "\"\(id)\""
        switch id {
        case gone: return try statement([("/id", name), ("/actor", mail)])
        case blinded:
            return try statement([
                ("/id", name), ("/actor", RightsBench.bob), ("/context", "{\"instructor\": \(mail)}"),
            ])
        default: return try statement([("/id", name), ("/actor", RightsBench.bob)])
        }
    }

    private func erased(_ engine: Engine) async throws -> RightsBench {
        let it = try await RightsBench(engine)
        for id in [ErasedAgainTests.gone, ErasedAgainTests.blinded] {
            try await it.bench.post(try ErasedAgainTests.sent(id).text)
        }
        let order = try await it.desk.order(it.bench.alice, reason: "Asked for it", by: it.bench.bob, of: .first)
        #expect(try await it.desk.work(order.id, of: .first, settling: .zero).isDone)
        return it
    }

    @Test(arguments: Engine.present) func `what was erased does not come back by being sent again`(
        engine: Engine
    ) async throws {
        let it = try await erased(engine)
        let count = try await it.bench.log.count(of: .first)
        for id in [ErasedAgainTests.gone, ErasedAgainTests.blinded] {
            let body = try ErasedAgainTests.sent(id).text
            let posted = await #expect(throws: Problem.self) { try await it.bench.post(body) }
            #expect(posted?.code == "statement-erased" && posted?.kind == .conflict && posted?.pointers == ["/id"])
            let put = try StatementBatch(put: Array(body.utf8), id: try #require(ID(id)), version: .one)
            let refused = await #expect(throws: Problem.self) {
                try await it.bench.log.store(put, by: Authority(client: "test"), to: .first)
            }
            #expect(refused?.code == "statement-erased")
        }
        let all = try [ErasedAgainTests.fresh, ErasedAgainTests.gone, ErasedAgainTests.blinded].map {
            try ErasedAgainTests.sent($0)
        }
        let batch = await #expect(throws: Problem.self) { try await it.bench.post(JSONValue.array(all).text) }
        #expect(batch?.pointers == ["/1/id", "/2/id"], "all places at once, so that one correction is enough")
        #expect(try await it.bench.log.count(of: .first) == count, "all or none")
        try await it.bench.post(all[0].text)
        #expect(!(try await it.everything().lowercased().contains("alice")))
        // In another organisation nothing was erased.
        let gone = try await it.bench.database.read { connection in
            try ErasedStatements.among([try #require(ID(ErasedAgainTests.gone))], of: TenantID(2), on: connection)
        }
        #expect(gone.isEmpty)
    }

    @Test(arguments: Engine.present) func `a source goes on without what was erased, and counts it`(
        engine: Engine
    ) async throws {
        let it = try await erased(engine)
        // What a profile finds in it must not be kept either: it may quote the person.
        let profile: JSONValue = [
            "id": "https://example.org/p", "type": "Profile", "prefLabel": ["en": "P"],
            "versions": [["id": "https://example.org/p/1"]],
            "templates": [
                [
                    "id": "https://example.org/t", "prefLabel": ["en": "T"],
                    "rules": [["location": "$.actor.mbox", "none": ["mailto:alice@example.org"]]],
                ]
            ],
        ]
        try await ProfileBook(log: it.bench.log).load(profile.bytes, mode: .warn, reach: .described, for: .first)
        let ids = [ErasedAgainTests.gone, ErasedAgainTests.fresh, ErasedAgainTests.blinded]
        let list = JSONValue.array(try ids.map { try ErasedAgainTests.sent($0) })
        let answer: JSONValue = ["statements": list, "more": ""]
        let page = try it.bench.log.read(page: answer.bytes, type: "application/json", version: .one)
        for turn in 0..<2 {
            let report = try await it.bench.log.receive(page, by: Authority(client: "pull"), to: .first) { _, _ in }
            #expect(report.erased == 2 && report.refused.isEmpty)
            #expect(report.created == (turn == 0 ? 1 : 0) && report.unchanged == turn)
        }
        #expect(try await ProfileBook(log: it.bench.log).findings(of: .first).isEmpty)
        #expect(!(try await it.everything().lowercased().contains("alice")))

        let lines = try ids.map { try ErasedAgainTests.sent($0).text }.joined(separator: "\n")
        let file = try Scratch.file("statements.jsonl", lines)
        for isDryRun in [true, false] {
            let report = try await it.bench.log.importLines(
                from: file, to: .first, by: Authority(client: "import"), isDryRun: isDryRun)
            #expect(report.erased == 2 && report.created == 0 && report.unchanged == 1 && report.lines == 3)
        }
    }

    @Test(arguments: Engine.present) func `Leeway itself does not write again what was erased`(
        engine: Engine
    ) async throws {
        let it = try await RightsBench(engine)
        let id = ID<Statement>(derivedFrom: Array("responses/1".utf8))
        let alice = StatementDraft(.person(it.bench.alice), .answered, ActivityRef("urn:leeway:item:1"), id: id)
        #expect(try await it.bench.log.append([alice], to: .first) == 1)
        let order = try await it.desk.order(it.bench.alice, reason: "Asked for it", by: it.bench.bob, of: .first)
        #expect(try await it.desk.work(order.id, of: .first, settling: .zero).isDone)
        // The same row of the same file, of somebody who took the key over.
        let again = StatementDraft(.person(it.bench.bob), .answered, ActivityRef("urn:leeway:item:1"), id: id)
        #expect(try await it.bench.log.append([again], to: .first) == 0)
        #expect(try await it.bench.log.find(id, of: .first) == nil)
    }
}
