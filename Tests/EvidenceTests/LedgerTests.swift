import Basis
import Crypto
import Foundation
import JSON
import Merkle
import People
import Storage
import StorageTesting
import Testing

@testable import Evidence

@Suite struct LedgerTests {
    /// A statement by chance, as it is posted.
    private func posted(_ count: Int, _ dice: inout Dice) -> String {
        let statements = (0..<count).map {
            chanceStatement(&dice, id: ID(at: Moment(microseconds: 0), using: &dice), stored: $0)
        }
        return JSONValue.array(statements).text
    }

    @Test(arguments: Engine.present) func `every statement is in the ledger and can be proved`(
        engine: Engine
    ) async throws {
        let bench = try await Bench(engine)
        let ledger = Ledger(database: bench.database, world: bench.world)
        var dice = Dice(seed: 4)
        var ids = try await bench.post(sound)
        ids += try await bench.post(posted(5, &dice))
        try await bench.log.append(
            [StatementDraft(.person(bench.alice), .completed, ActivityRef("urn:a:1"))], to: .first)
        #expect(try await ledger.head(of: .first).waiting == 7)
        #expect(try await ledger.head(of: .first).size == 0)
        await #expect(throws: Problem.self) { try await ledger.evidence(of: ids[0], size: nil, of: .first) }

        #expect(try await LedgerKeeper(database: bench.database, world: bench.world).integrate() == 7)
        let head = try await ledger.head(of: .first)
        #expect((head.size, head.waiting) == (7, 0))
        #expect(head.verifier.name == "example.org/ledger")
        let checkpoint = try Checkpoint(opening: head.note, of: "example.org/ledger", by: head.verifier)
        #expect(checkpoint.size == 7)
        for id in ids {
            let evidence = try await ledger.evidence(of: id, size: nil, of: .first)
            #expect(evidence.proof.proves(.leaf(evidence.entry), in: checkpoint.root))
            let opening = try #require(evidence.opening)
            // As an outsider does it, from docs/ledger.md alone.
            var code = HMAC<SHA256>(key: SymmetricKey(data: opening.salt))
            code.update(data: Array("statement\n".utf8) + opening.content)
            var bound = HMAC<SHA256>(key: SymmetricKey(data: opening.salt))
            bound.update(data: [2] + Array("statement\n\(try #require(opening.stored))\n".utf8))
            bound.update(data: try #require(opening.authority) + [0x0A] + Array(code.finalize()))
            #expect(Array(bound.finalize()) == evidence.entry)
            #expect(try JSONValue(parsing: opening.content)["id"]?.string == id.description)
        }
        #expect(try await LedgerAudit(database: bench.database).check(.first).findings == [])
        await #expect(throws: Problem.self) { try await ledger.evidence(of: 7, size: nil, of: .first) }
        await #expect(throws: Problem.self) { try await ledger.tile(Tile(.entries, index: 0), of: .first) }
    }

    @Test(arguments: Engine.present) func `what is refused or there already has no leaf`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let keeper = LedgerKeeper(database: bench.database, world: bench.world)
        let one = try statement([("/id", "\"\(uuid)\"")])
        try await bench.post(one.text)
        try await bench.post(one.text)
        let other = try statement([("/id", "\"\(uuid)\""), ("/verb/id", "\"urn:other:verb\"")])
        await #expect(throws: Problem.self) {
            try await bench.post(JSONValue.array([try statement(), other]).text)
        }
        let draft = StatementDraft(.system, .completed, ActivityRef("urn:a:1"), id: bench.world.id())
        for _ in 0..<2 { try await bench.log.append([draft, draft], to: .first) }
        #expect(try await keeper.integrate() == 2)
        #expect(try await keeper.integrate() == 0)
        #expect(try await LedgerAudit(database: bench.database).check(.first).findings == [])
    }

    @Test(arguments: Engine.present) func `each checkpoint extends those before it`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let (ledger, audit) = (
            Ledger(database: bench.database, world: bench.world), LedgerAudit(database: bench.database)
        )
        let keeper = LedgerKeeper(database: bench.database, world: bench.world)
        var dice = Dice(seed: 8)
        var notes: [[UInt8]] = []
        for count in [1, 1, 200, 53, 1, 2, 300] {
            try await bench.post(posted(count, &dice))
            #expect(try await keeper.integrate() == count)
            notes.append(try await ledger.head(of: .first).note)
        }
        for note in notes {
            let (earlier, today) = try await audit.extends(note, key: nil, .first)
            #expect(today.size == 558)
            let answer = try await ledger.consistency(from: earlier.size, to: nil, of: .first)
            #expect(answer.proof.proves(today.root, extends: earlier.root))
        }
        let report = try await audit.check(.first)
        #expect(report.findings == [])
        #expect((report.size, report.statements, report.waiting) == (558, 558, 0))
    }

    @Test func `a checkpoint of another history is told apart`() async throws {
        let bench = try await Bench(.memory)
        let other = try await Bench(.memory)
        var notes: [[UInt8]] = []
        for (index, bench) in [bench, other].enumerated() {
            try await bench.post(try statement([("/verb/id", "\"urn:verb:\(index)\"")]).text)
            try await LedgerKeeper(database: bench.database, world: bench.world).integrate()
            notes.append(try await Ledger(database: bench.database, world: bench.world).head(of: .first).note)
        }
        // Both worlds replay the same chance, so the keys are the same and only the history differs.
        let audit = LedgerAudit(database: bench.database)
        #expect(try await audit.extends(notes[0], key: nil, .first).earlier.size == 1)
        await #expect(throws: Problem.self) { try await audit.extends(notes[1], key: nil, .first) }
        let stranger = try NoteSigner(name: "example.org/ledger", seed: [UInt8](repeating: 1, count: 32)).verifier
        await #expect(throws: Problem.self) { try await audit.extends(notes[0], key: stranger, .first) }
    }

    /// Numbers are given in one order and committed in another; several keepers integrate at once.
    @Test(arguments: Engine.present) func `many writers and keepers leave one whole ledger`(
        engine: Engine
    ) async throws {
        let bench = try await Bench(engine, world: .live)
        try await bench.post(sound)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<6 {
                group.addTask {
                    var dice = Dice(seed: UInt64(writer) + 100)
                    for count in [1, 7, 1, 1, 30, 1, 12, 1] { try await bench.post(posted(count, &dice)) }
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    let keeper = LedgerKeeper(database: bench.database, world: bench.world)
                    for _ in 0..<30 { try await keeper.integrate() }
                }
            }
            try await group.waitForAll()
        }
        try await LedgerKeeper(database: bench.database, world: bench.world).integrate()
        let report = try await LedgerAudit(database: bench.database).check(.first)
        #expect(report.findings == [])
        #expect((report.size, report.statements) == (1 + 6 * 54, 1 + 6 * 54))
    }

    @Test(arguments: Engine.present) func `what was there before the ledger is committed to`(
        engine: Engine
    ) async throws {
        let bench = try await Bench(engine)
        var dice = Dice(seed: 12)
        for count in [400, 300, 1] { try await bench.post(posted(count, &dice)) }
        try await bench.database.write { connection in
            try connection.run("DELETE FROM ledger_queue")
            try connection.run("UPDATE statement SET salt = NULL")
            try connection.run("DELETE FROM statement WHERE seq = 77")
            try connection.run(
                """
                INSERT INTO ledger_backlog (tenant, next_seq, last_seq)
                SELECT tenant, MIN(seq), MAX(seq) FROM statement GROUP BY tenant
                """)
        }
        let audit = LedgerAudit(database: bench.database)
        #expect(try await audit.check(.first).backlog == 700)
        try await bench.post(sound)
        let keeper = LedgerKeeper(database: bench.database, world: bench.world)
        try await keeper.integrate()
        #expect(try await audit.check(.first).findings == [])
        while try await keeper.commitBacklog() {}
        try await keeper.integrate()
        let report = try await audit.check(.first)
        #expect(report.findings == [])
        #expect((report.statements, report.backlog, report.size) == (701, 0, 701))
    }

    @Test(arguments: Engine.present) func `changes of documents are in the ledger`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let book = DocumentBook(log: bench.log)
        let agent = AgentName(home: Bench.home, account: "alice")
        let folder = DocumentFolder.state(activity: "urn:a:1", agent: agent, registration: nil)
        for body in ["one", "two"] {
            let change = DocumentChange(
                DocumentAddress(folder, name: "s"), .put(type: "text/plain", body: Array(body.utf8)))
            try await book.change(change, by: Authority(client: "test"), of: .first)
        }
        try await book.change(
            DocumentChange(DocumentAddress(folder, name: "s"), .remove), by: Authority(client: "test"), of: .first)
        #expect(try await LedgerKeeper(database: bench.database, world: bench.world).integrate() == 3)
        let report = try await LedgerAudit(database: bench.database).check(.first)
        #expect(report.findings == [])
        #expect(report.documents == 3)
        let details = try await bench.database.read { connection in
            try connection.rows("SELECT detail FROM document_change ORDER BY seq").map { row -> JSONValue in
                let bytes: [UInt8] = try row.get("detail")
                return try JSONValue(parsing: bytes)
            }
        }
        #expect(details.map { $0["sha1"]?.string?.count } == [40, 40, nil])
        #expect(details[2]["removed"] == true)
        #expect(details[0]["agent"]?.canonical == agent.json.canonical)
        #expect(details[0]["activity"] == "urn:a:1")
    }

    @Test func `what Leeway writes itself is in canonical form`() async throws {
        let bench = try await Bench(.memory)
        let draft = StatementDraft(
            .person(bench.alice), .answered,
            ActivityRef("urn:a:1", name: "ä \u{8} “x”", type: Vocabulary.question, language: "de"),
            result: Outcome(success: true, scaled: 1.0 / 3, response: "\u{C}", duration: .seconds(1)),
            registration: bench.world.id(), parents: ["urn:p:1"], groupings: ["urn:g:1"], choice: .own,
            extensions: [("urn:z:1", 1.5e-9), ("urn:b:1", ["z": 1, "a": [1, 2.50]])], timestamp: bench.world.now())
        for actor in [DraftActor.person(bench.alice), .system] {
            var draft = draft
            draft.actor = actor
            try await bench.log.append([draft], to: .first)
        }
        let bodies: [[UInt8]] = try await bench.database.read { connection in
            try connection.rows("SELECT body FROM statement").map { try $0.get("body") }
        }
        #expect(bodies.count == 2)
        for body in bodies {
            #expect(try JSONValue(parsing: body).canonical == body, "\(String(decoding: body, as: UTF8.self))")
        }
    }

    @Test(arguments: [
        ("https://example.org", "example.org/ledger"), ("https://example.org/learn/", "example.org/learn/ledger"),
        ("http://a.example:8080/x y+z", "a.example:8080/x%20y%2Bz/ledger"), ("https://", "leeway/ledger"),
    ])
    func `a ledger is named for its organisation's home`(home: String, origin: String) throws {
        #expect(LedgerTable.origin(of: home) == origin)
        #expect(throws: Never.self) { try NoteSigner(name: origin, seed: [UInt8](repeating: 1, count: 32)) }
    }
}
