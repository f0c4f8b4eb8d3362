import Basis
import Foundation
import JSON
import Merkle
import People
import Storage
import StorageTesting
import Testing

@testable import Evidence

/// The record with evidence of every kind about `alice`, and the desk over it.
struct RightsBench {
    let bench: Bench
    let desk: RightsDesk
    let keeper: LedgerKeeper

    init(_ engine: Engine, world: World = .replay()) async throws {
        bench = try await Bench(engine, world: world)
        desk = RightsDesk(database: bench.database, world: bench.world, log: bench.log, tables: PersonalTable.own)
        keeper = LedgerKeeper(database: bench.database, world: bench.world)
        let alice = bench.alice
        try await bench.database.write { connection in
            try connection.run(
                """
                UPDATE person SET email = 'Alice@example.org', email_key = 'alice@example.org'
                WHERE id = \(alice)
                """)
            try connection.run(
                """
                INSERT INTO person_password (tenant, person, hash, is_temporary, used_at, changed_at)
                VALUES (1, \(alice), 'very-secret', 0, NULL, 5)
                """)
        }
    }

    static let mail = "{\"mbox\": \"mailto:alice@Example.org\", \"name\": \"Alice A.\"}"
    static let bob = "{\"account\": {\"homePage\": \"https://example.org\", \"name\": \"bob\"}}"

    /// Seven statements: three of alice's, one decision of hers, two of bob's that name her, one of bob's alone.
    @discardableResult
    func fill() async throws -> [ID<Statement>] {
        let mail = RightsBench.mail
        try await bench.log.append(
            [
                StatementDraft(.person(bench.alice), .completed, ActivityRef("urn:a:1")),
                StatementDraft(.person(bench.alice), .published, ActivityRef("urn:a:2")),
            ], to: .first)
        let posted = [
            try statement([("/actor", mail), ("/context", "{\"instructor\": \(RightsBench.bob)}")]),
            try statement([("/actor", mail), ("/result", "{\"response\": \"I, alice@example.org, think so\"}")]),
            try statement([("/actor", RightsBench.bob), ("/context", "{\"instructor\": \(mail)}")]),
            try statement([
                ("/actor", "{\"objectType\": \"Group\", \"member\": [\(RightsBench.bob), \(mail)]}"),
                ("/context", "{\"extensions\": {\"urn:x:by\": \"Alice@example.org\"}}"),
            ]),
            try statement([("/actor", RightsBench.bob)]),
        ]
        let agent = try #require(AgentName(try JSONValue(parsing: mail)))
        let address = DocumentAddress(.state(activity: "urn:a:1", agent: agent, registration: nil), name: "place")
        _ = try await DocumentBook(log: bench.log).change(
            DocumentChange(address, .put(type: "text/plain", body: Array("page 7".utf8))),
            by: Authority(client: "test"), of: .first)
        return try await bench.post(JSONValue.array(posted).text)
    }

    /// All texts and bytes of every table, as one text.
    func everything() async throws -> String {
        try await bench.database.read { connection in
            var text = ""
            for table in [
                "agent", "statement", "document", "document_change", "person", "person_password", "erasure",
                "erasure_agent", "erased_leaf", "legal_hold",
            ] {
                for row in try connection.rows(SQL(stringLiteral: "SELECT * FROM \(table)")) {
                    for field in row.fields {
                        if case .text(let some) = field.value { text += some + "\n" }
                        if case .bytes(let some) = field.value { text += String(decoding: some, as: UTF8.self) + "\n" }
                    }
                }
            }
            return text
        }
    }

    func findings() async throws -> [String] {
        try await LedgerAudit(database: bench.database).check(.first).findings.map { "\($0)" }
    }
}

@Suite struct ErasureTests {
    @Test(arguments: Engine.present) func `an erased person is nowhere, and the ledger holds`(
        engine: Engine
    ) async throws {
        let it = try await RightsBench(engine)
        let ids = try await it.fill()
        try await it.keeper.integrate()
        let before = try await Ledger(database: it.bench.database, world: it.bench.world).head(of: .first)

        let holdings = try await it.desk.holdings(of: it.bench.alice, in: .first)
        let counts = Dictionary(uniqueKeysWithValues: holdings.counts.map { ($0.kind, $0.count) })
        #expect(counts["statements of the person"] == 3)
        #expect(counts["statements of decisions"] == 1)
        #expect(counts["statements of others that name the person"] == 2)
        #expect(counts["documents"] == 1)
        #expect(counts["sign-in"] == 1)

        let order = try await it.desk.order(it.bench.alice, reason: "Asked for it", by: it.bench.bob, of: .first)
        let record = try await it.desk.work(order.id, of: .first, settling: .zero)
        #expect(record.isDone)
        let done = Dictionary(uniqueKeysWithValues: record.counts.map { ($0.kind, $0.count) })
        #expect(done["statements"] == 3)
        #expect(done["statements blinded"] == 3)
        #expect(done["documents"] == 1)

        let text = try await it.everything().lowercased()
        #expect(!text.contains("alice"))
        #expect(!text.contains("very-secret"))
        #expect(!text.contains("page 7"))
        #expect(text.contains("bob"))
        #expect(try await it.bench.log.find(ids[0], of: .first) == nil)
        let kept = try #require(try await it.bench.log.find(ids[2], of: .first))
        let body = try JSONValue(parsing: kept.body)
        #expect(body["context"]?["instructor"]?["account"]?["homePage"]?.string == RightsDesk.erasedHome)
        #expect(StatementValidator(.one).flaws(in: body).isEmpty)
        #expect(try await it.findings() == [])

        try await it.keeper.integrate()
        #expect(try await it.findings() == [])
        let receipt = try await it.desk.receipt(order.id, of: .first)
        let evidence = try #require(receipt.evidence)
        let note = try #require(receipt.checkpoint)
        let root = try Checkpoint(opening: note, of: before.verifier.name, by: before.verifier).root
        #expect(evidence.proof.proves(.leaf(evidence.entry), in: root))
        #expect(receipt.leaves.count == 7)
        #expect(receipt.leaves.waiting == 0)
        #expect(receipt.json["proof"]?["index"]?.integer == evidence.proof.index)
    }

    @Test(arguments: Engine.present) func `an erasure that was killed goes on where it stopped`(
        engine: Engine
    ) async throws {
        struct Killed: Error {}
        let it = try await RightsBench(engine)
        try await it.fill()
        for _ in 0..<450 {
            try await it.bench.log.append(
                [StatementDraft(.person(it.bench.alice), .answered, ActivityRef("urn:a:3"))], to: .first)
        }
        let order = try await it.desk.order(it.bench.alice, reason: "Left", by: nil, of: .first)
        var kills = 0
        while true {
            // A program that starts afresh remembers nothing.
            let log = StatementLog(database: it.bench.database, world: it.bench.world)
            let desk = RightsDesk(
                database: it.bench.database, world: it.bench.world, log: log, tables: PersonalTable.own)
            do {
                let record = try await desk.work(order.id, of: .first, settling: .zero) { _ in throw Killed() }
                let counts = Dictionary(uniqueKeysWithValues: record.counts.map { ($0.kind, $0.count) })
                #expect(counts["statements"] == 453)
                #expect(counts["statements blinded"] == 3)
                break
            } catch is Killed { kills += 1 }
        }
        #expect(kills > 5)
        #expect(!(try await it.everything().lowercased().contains("alice")))
        #expect(try await it.findings() == [])
    }

    @Test(arguments: Engine.present) func `a legal hold forbids it and says whose it is`(engine: Engine) async throws {
        let it = try await RightsBench(engine)
        try await it.fill()
        let (alice, bob) = (it.bench.alice, it.bench.bob)
        let today = it.bench.world.now().day
        let hold = try await it.desk.hold(alice, until: today + 30, reason: "Case 7", by: bob, of: .first)
        let refused = await #expect(throws: Problem.self) {
            try await it.desk.order(alice, reason: "Asked", by: nil, of: .first)
        }
        #expect(refused?.code == "legal-hold")
        #expect(refused?.detail.contains("bob") == true)
        #expect(refused?.detail.contains("\(today + 30)") == true)
        _ = try await it.desk.lift(hold.id, reason: "Settled", by: bob, of: .first)
        let order = try await it.desk.order(alice, reason: "Asked", by: nil, of: .first)
        // One that comes while the work is under way stops it.
        let all = try await it.desk.hold(nil, until: today, reason: "Everything", by: nil, of: .first)
        await #expect(throws: Problem.self) { try await it.desk.work(order.id, of: .first, settling: .zero) }
        _ = try await it.desk.lift(all.id, reason: "Over", by: nil, of: .first)
        #expect(try await it.desk.work(order.id, of: .first, settling: .zero).isDone)
        await #expect(throws: Problem.self) {
            try await it.desk.hold(nil, until: today + -1, reason: "Late", by: nil, of: .first)
        }
        await #expect(throws: Problem.self) { try await it.desk.order(bob, reason: " ", by: nil, of: .first) }
    }

    @Test(arguments: Engine.present) func `a voiding statement still voids`(engine: Engine) async throws {
        let it = try await RightsBench(engine)
        let ids = try await it.fill()
        let voiding = try statement([
            ("/actor", RightsBench.mail), ("/verb/id", "\"\(Verb.voided.iri)\""),
            ("/object", "{\"objectType\": \"StatementRef\", \"id\": \"\(ids[4])\"}"),
        ])
        try await it.bench.post(voiding.text)
        let order = try await it.desk.order(it.bench.alice, reason: "Asked", by: nil, of: .first)
        _ = try await it.desk.work(order.id, of: .first, settling: .zero)
        #expect(try await it.bench.log.find(ids[4], of: .first) == nil)
        #expect(try await it.bench.log.find(voided: ids[4], of: .first) != nil)
        #expect(try await it.findings() == [])
    }
}

@Suite struct ErasedFileTests {
    @Test func `nothing of the person is left in SQLite's file`() async throws {
        let database = try await Engine.file.database(PeopleSchema.migrations + EvidenceSchema.migrations)
        let path: String = try await database.read { connection in
            try #require(try connection.row("PRAGMA database_list")).get("file")
        }
        let world = World.replay(seed: 3)
        let directory = Directory(database: database, world: world)
        let tenant = try await directory.createTenant(name: "Pier", home: "https://pier.example")
        let lea = try await directory.save(
            PersonDraft(key: "leonora", name: "Leonora", email: "leonora@pier.example", roles: [.learner]), of: tenant)
        let log = StatementLog(database: database, world: world)
        let desk = RightsDesk(database: database, world: world, log: log, tables: PersonalTable.own)
        for number in 0..<500 {
            try await log.append(
                [StatementDraft(.person(lea.id), .answered, ActivityRef("urn:q:\(number)"))], to: tenant)
        }
        let order = try await desk.order(lea.id, reason: "Asked", by: nil, of: tenant)
        _ = try await desk.work(order.id, of: tenant, settling: .zero)
        try await database.close()
        // The write-ahead log goes into the file.
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/env")
        let script = """
            import sqlite3, sys
            sqlite3.connect(sys.argv[1]).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            """
        python.arguments = ["python3", "-c", script, path]
        try python.run()
        python.waitUntilExit()
        let bytes = try Data(contentsOf: URL(filePath: path))
        #expect(bytes.count > 100_000)
        #expect(bytes.range(of: Data("eonora".utf8)) == nil)
    }
}

@Suite struct RetentionTests {
    @Test(arguments: Engine.present) func `a rule erases what is past its time, and not what a hold protects`(
        engine: Engine
    ) async throws {
        let it = try await RightsBench(engine)
        let now = it.bench.world.now()
        func draft(_ person: ID<Person>, _ days: Int, _ type: String) -> StatementDraft {
            StatementDraft(
                .person(person), .answered, ActivityRef("urn:q:\(type)", name: "Q", type: "urn:type:\(type)"),
                timestamp: now - .days(days))
        }
        try await it.bench.log.append(
            [
                draft(it.bench.alice, 400, "one"), draft(it.bench.bob, 400, "one"), draft(it.bench.bob, 10, "one"),
                draft(it.bench.bob, 400, "two"),
            ], to: .first)
        // Stored long ago, too; for the check of the ledger, which binds it, as it was.
        let storedAt: Moment = try await it.bench.database.read { connection in
            try connection.value("SELECT stored_at FROM statement WHERE seq = 1")
        }
        func age() async throws {
            try await it.bench.database.write { connection in
                try connection.run("UPDATE statement SET stored_at = timestamp_at WHERE seq <= 4")
            }
        }
        func findings() async throws -> [String] {
            try await it.bench.database.write { connection in
                try connection.run("UPDATE statement SET stored_at = \(storedAt) WHERE seq <= 4")
            }
            return try await it.findings()
        }
        try await age()
        let rule = try await it.desk.makeRule(
            RetentionDraft(
                purpose: "Answers serve the model", verb: Verb.answered.iri, activityType: "urn:type:one", days: 200,
                isHighRisk: true), by: nil, of: .first)
        let hold = try await it.desk.hold(
            it.bench.alice, until: now.day + 3, reason: "Case", by: nil, of: .first)
        #expect(
            try await it.desk.forecast(rule.id, of: .first)
                == RetentionForecast(erased: 1, held: 1, isStopped: false))
        let run = try #require(try await it.desk.runRetention(of: .first).first)
        #expect((run.erased, run.held) == (1, 1))
        #expect(run.event != nil)
        try await it.keeper.integrate()
        #expect(try await findings() == [])
        try await age()
        _ = try await it.desk.lift(hold.id, reason: "Over", by: nil, of: .first)
        #expect(try await it.desk.runRetention(of: .first).first?.erased == 1)
        #expect(try await it.desk.runRetention(of: .first).first?.erased == 0)
        #expect(try await it.desk.runs(of: .first).count == 3)
        try await it.desk.endRule(rule.id, reason: "No longer", by: nil, of: .first)
        #expect(try await it.desk.runRetention(of: .first).isEmpty)
        #expect(try await findings() == [])
    }

    @Test func `rules have a floor where the law has one`() async throws {
        let it = try await RightsBench(.memory)
        for draft in [
            RetentionDraft(purpose: "x", verb: "urn:v", activityType: nil, days: 182, isHighRisk: true),
            RetentionDraft(purpose: "x", verb: nil, activityType: nil, days: 182, isHighRisk: false),
            RetentionDraft(purpose: "x", verb: Verb.voided.iri, activityType: nil, days: 182, isHighRisk: false),
            RetentionDraft(purpose: "x", verb: "no IRI", activityType: nil, days: 182, isHighRisk: false),
            RetentionDraft(purpose: "", verb: "urn:v", activityType: nil, days: 182, isHighRisk: false),
            RetentionDraft(purpose: "x", verb: "urn:v", activityType: nil, days: 0, isHighRisk: false),
        ] {
            await #expect(throws: Problem.self) { try await it.desk.makeRule(draft, by: nil, of: .first) }
        }
    }
}

@Suite struct PseudonymTests {
    @Test(arguments: Engine.present) func `analysts learn nobody's name, and one person has one pseudonym`(
        engine: Engine
    ) async throws {
        let it = try await RightsBench(engine)
        try await it.fill()
        func read() async throws -> (text: String, values: [JSONValue]) {
            var bytes: [UInt8] = []
            let count = try await it.desk.readPseudonymised(of: .first) { lines, _ in bytes += lines }
            #expect(count == 7)
            let text = String(decoding: bytes, as: UTF8.self)
            return (text, try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) })
        }
        let (text, values) = try await read()
        for word in ["alice", "bob", "Alice", "I, ", "mailto"] { #expect(!text.contains(word)) }
        #expect(values.allSatisfy { StatementValidator(.one).flaws(in: $0).isEmpty })
        #expect(values[2]["actor"]?["account"]?["name"] == values[3]["actor"]?["account"]?["name"])
        #expect(try await read().text == text)
        try await it.desk.rotatePseudonyms(reason: "A study ended", by: nil, of: .first)
        var rest = ""
        try await it.desk.readPseudonymised(of: .first, limit: 7) {
            rest += String(decoding: $0, as: UTF8.self); _ = $1
        }
        #expect(rest != text)
    }
}

@Suite struct PersonArchiveTests {
    /// The files of a stored archive, read by its local headers, with the checksum looked at.
    private func files(of archive: [UInt8]) throws -> [String: [UInt8]] {
        func number(_ place: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(archive[place + $1]) << (8 * $1) }
        }
        var (place, files): (Int, [String: [UInt8]]) = (0, [:])
        while number(place, 4) == 0x0403_4B50 {
            let (size, length) = (number(place + 18, 4), number(place + 26, 2))
            let name = String(decoding: archive[place + 30..<place + 30 + length], as: UTF8.self)
            let bytes = Array(archive[place + 30 + length..<place + 30 + length + size])
            #expect(Int(CRC32.sum(of: bytes)) == number(place + 14, 4))
            files[name] = bytes
            place += 30 + length + size
        }
        #expect(number(place, 4) == 0x0201_4B50)
        return files
    }

    @Test func `the checksum is the published one`() {
        #expect(CRC32.sum(of: Array("123456789".utf8)) == 0xCBF4_3926)
    }

    @Test(arguments: Engine.present) func `an export holds all that names the person, and no secret`(
        engine: Engine
    ) async throws {
        let it = try await RightsBench(engine)
        try await it.fill()
        var archive: [UInt8] = []
        try await it.desk.archive(of: it.bench.alice, in: .first) { archive += $0 }
        let files = try files(of: archive)
        let lines = try #require(files["statements/statements-1.jsonl"]).split(separator: 0x0A)
        #expect(lines.count == 6)
        #expect(lines.allSatisfy { (try? JSONValue(parsing: Array($0)))?["stored"] != nil })
        #expect(files["documents/1"].map { String(decoding: $0, as: UTF8.self) } == "page 7")
        let account = try JSONValue(parsing: try #require(files["records/account.json"]))
        #expect(account["email"]?.string == "Alice@example.org")
        #expect(files["records/sign-in-1.jsonl"] != nil)
        let page = String(decoding: try #require(files["index.html"]), as: UTF8.self)
        #expect(page.contains("Statements (6)"))
        #expect(!files.values.contains { String(decoding: $0, as: UTF8.self).contains("very-secret") })

        let path = FileManager.default.temporaryDirectory.appending(path: "leeway-\(UUID().uuidString).zip")
        try Data(archive).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments = ["python3", "-m", "zipfile", "-t", path.path()]
        python.standardOutput = FileHandle.nullDevice
        try python.run()
        python.waitUntilExit()
        #expect(python.terminationStatus == 0)
    }

    @Test func `everything that many statements hold is there, in parts`() async throws {
        let it = try await RightsBench(.memory)
        let drafts = (0..<6_000).map {
            StatementDraft(.person(it.bench.alice), .answered, ActivityRef("urn:q:\($0)"))
        }
        try await it.bench.log.append(drafts, to: .first)
        var (archive, largest): ([UInt8], Int) = ([], 0)
        try await it.desk.archive(of: it.bench.alice, in: .first) { piece in
            archive += piece
            largest = max(largest, piece.count)
        }
        let parts = try files(of: archive).filter { $0.key.hasPrefix("statements/") }
        #expect(parts.count > 1)
        #expect(parts.values.reduce(0) { $0 + $1.split(separator: 0x0A).count } == 6_000)
        #expect(largest < RightsDesk.partByteLimit + 4_096)
    }

    @Test(arguments: Engine.present) func `a reason is kept in the record`(engine: Engine) async throws {
        let it = try await RightsBench(engine)
        try await it.desk.noteExport(of: it.bench.alice, reason: "A court asks", by: it.bench.bob, in: .first)
        var query = StatementQuery()
        query.verb = Verb.exported.iri
        let found = try await it.bench.log.query(query, of: .first).statements
        #expect(found.count == 1)
        await #expect(throws: Problem.self) {
            try await it.desk.noteExport(of: it.bench.alice, reason: "", by: it.bench.bob, in: .first)
        }
    }
}
