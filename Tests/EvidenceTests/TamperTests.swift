import Basis
import JSON
import Merkle
import People
import Storage
import StorageTesting
import Testing

@testable import Evidence

/// Whatever is changed behind Leeway's back, the check of the record finds it.
@Suite struct TamperTests {
    /// Statements with and without an id, one voided, changes of documents, some leaves still in the queue.
    private func store(_ engine: Engine = .memory, statements count: Int = 6) async throws -> Bench {
        let bench = try await Bench(engine)
        var dice = Dice(seed: 21)
        let many = (0..<count).map {
            chanceStatement(&dice, id: ID(at: Moment(microseconds: 0), using: &dice), stored: $0)
        }
        let ids = try await bench.post(JSONValue.array(many).text)
        try await bench.post(sound)
        try await bench.post(
            try statement([
                ("/verb/id", "\"\(Verb.voided.iri)\""),
                ("/object", #"{"objectType": "StatementRef", "id": "\#(ids[0])"}"#),
            ]).text)
        try await bench.log.append([StatementDraft(.person(bench.bob), .completed, ActivityRef("urn:a:1"))], to: .first)
        let book = DocumentBook(log: bench.log)
        let address = DocumentAddress(.activityProfile(activity: "urn:a:1"), name: "p")
        try await book.change(
            DocumentChange(address, .put(type: "text/plain", body: [1])), by: Authority(client: "test"), of: .first)
        try await LedgerKeeper(database: bench.database, world: bench.world).integrate()
        try await bench.post(sound)
        try await bench.post(sound)
        return bench
    }

    private struct Undone: Error {}

    /// The findings after `change`, which is undone.
    private func findings(_ connection: any Connection, after change: () throws -> Void) throws -> [LedgerReport
        .Finding]
    {
        try connection.run("SAVEPOINT tamper")
        try change()
        var check = LedgerCheck(LedgerTable(tenant: .first, connection: connection))
        try check.run()
        try connection.run("ROLLBACK TO SAVEPOINT tamper")
        try connection.run("RELEASE SAVEPOINT tamper")
        return check.report.findings
    }

    /// A column of bytes in which every bit counts.
    private struct Target {
        let table: String
        let column: String
        let key: String
    }

    private static let targets = [
        Target(table: "statement", column: "body", key: "seq"), Target(table: "statement", column: "salt", key: "seq"),
        Target(table: "statement", column: "id", key: "seq"),
        Target(table: "document_change", column: "detail", key: "seq"),
        Target(table: "document_change", column: "salt", key: "seq"),
        Target(table: "ledger_tile", column: "content", key: "level"),
        Target(table: "ledger_queue", column: "commitments", key: "first_seq"),
        Target(table: "ledger", column: "note", key: "tenant"), Target(table: "ledger", column: "seed", key: "tenant"),
    ]

    /// 10,000 bits drawn by chance from all that is stored; the seed is fixed.
    @Test func `any flipped bit is found`() async throws {
        let bench = try await store()
        let (found, same) = try await bench.database.write { connection -> (Int, Int) in
            var dice = Dice(seed: 99)
            var places: [(target: Target, key: Int, bytes: [UInt8])] = []
            for target in Self.targets {
                let rows = try connection.rows(
                    SQL(stringLiteral: "SELECT \(target.key) AS k, \(target.column) AS b FROM \(target.table)"))
                for row in rows { places.append((target, try row.get("k"), try row.get("b"))) }
            }
            #expect(try findings(connection, after: {}) == [])
            var (found, same) = (0, 0)
            while found < 10_000 {
                let (target, key, bytes) = places[Int.random(in: 0..<places.count, using: &dice)]
                let bit = Int.random(in: 0..<bytes.count * 8, using: &dice)
                var flipped = bytes
                flipped[bit / 8] ^= 1 << (bit % 8)
                if target.column == "body", let one = try? JSONValue(parsing: bytes).canonical,
                    let other = try? JSONValue(parsing: flipped).canonical, one == other
                {
                    // Another white space or a number written otherwise: it says the same.
                    same += 1
                    continue
                }
                let findings = try findings(connection) {
                    try connection.run(
                        SQL(stringLiteral: "UPDATE \(target.table) SET \(target.column) = ") + "\(flipped)"
                            + SQL(stringLiteral: " WHERE \(target.key) = ") + "\(key)")
                }
                #expect(!findings.isEmpty, "\(target) \(key), bit \(bit)")
                found += 1
            }
            return (found, same)
        }
        #expect(found == 10_000)
        #expect(same < 1_000)
    }

    @Test(arguments: Engine.present) func `what is removed, put in or moved is found`(engine: Engine) async throws {
        let bench = try await store(engine, statements: 600)
        let changes: [(SQL, String)] = [
            ("DELETE FROM statement WHERE seq = 3", "statement 3"),
            ("DELETE FROM statement WHERE seq > 604", "statement 605"),
            ("DELETE FROM statement WHERE seq BETWEEN 100 AND 500", "statement 100"),
            ("DELETE FROM statement", "statement 1"),
            ("UPDATE statement SET seq = 9999 WHERE seq = 5", "statement 5"),
            ("UPDATE statement SET salt = NULL WHERE seq = 4", "statement 4"),
            ("UPDATE statement SET voided = 1 WHERE seq = 2", "statement 2"),
            ("UPDATE statement SET voided = 0 WHERE voided = 1", "statement 1"),
            ("UPDATE statement SET body = (SELECT body FROM statement WHERE seq = 7) WHERE seq = 8", "statement 8"),
            (
                """
                INSERT INTO statement (tenant, seq, id, stored_at, timestamp_at, actor, verb, voided, authority,
                    edition, body, salt)
                SELECT tenant, 7777, \([UInt8](repeating: 7, count: 16)), stored_at, timestamp_at, actor, verb, 0,
                    authority, edition, body, salt FROM statement WHERE seq = 2
                """, "statement 7777"
            ),
            ("DELETE FROM document_change", "document 1"),
            ("DELETE FROM ledger_queue WHERE first_seq = 605", "statement 605"),
            ("DELETE FROM ledger_tile WHERE level = 0 AND number = 1", "tile/0/001"),
            ("DELETE FROM ledger_tile WHERE level = 1", "tile/1/000.p/2"),
            ("UPDATE ledger_tile SET width = 90 WHERE width = 92 AND level = 0", "tile/0/002.p/92"),
            (
                """
                INSERT INTO ledger_tile (tenant, level, number, width, content)
                SELECT tenant, level, 77, width, content FROM ledger_tile WHERE level = 0 AND number = 0
                """, "tile/0"
            ),
            ("UPDATE ledger_run SET leaves = leaves + 1 WHERE first_index = 0", "leaf 603"),
            ("UPDATE ledger_run SET first_seq = first_seq + 1 WHERE kind = 'statement'", "statement 1"),
            ("DELETE FROM ledger_run", "leaf 0"),
            ("UPDATE ledger SET size = size + 1", "checkpoint"),
            ("UPDATE ledger SET origin = 'elsewhere.example/ledger'", "checkpoint"),
            ("DELETE FROM ledger", "tile/entries"), ("DELETE FROM ledger", "leaf 0"),
        ]
        try await bench.database.write { connection in
            #expect(try findings(connection, after: {}) == [])
            for (change, place) in changes {
                let findings = try findings(connection) { try connection.run(change) }
                #expect(
                    findings.contains { $0.place == place },
                    "\(change.rendered(for: .sqlite).text): \(findings.prefix(3))")
            }
        }
    }

    @Test(arguments: Engine.present) func `what finds a statement says what it says itself`(
        engine: Engine
    ) async throws {
        let bench = try await store(engine)
        let changes: [(SQL, String)] = [
            ("UPDATE statement SET actor = (SELECT MAX(number) FROM agent) WHERE seq = 7", "actor"),
            ("UPDATE statement SET actor = 0 WHERE seq = 7", "actor"),
            ("UPDATE statement SET verb = verb - 1 WHERE seq = 7", "verb"),
            ("UPDATE statement SET activity = NULL WHERE seq = 7", "activity"),
            ("UPDATE statement SET activity = (SELECT MIN(number) FROM activity) WHERE seq = 7", "activity"),
            ("UPDATE statement SET timestamp_at = timestamp_at + 1 WHERE seq = 7", "timestamp"),
            (
                "UPDATE statement SET registration = '6690e6c9-3ef0-4ed3-8b37-7f3964730bee' WHERE seq = 7",
                "registration"
            ),
            ("UPDATE verb SET iri = 'urn:another' WHERE number = (SELECT verb FROM statement WHERE seq = 7)", "verb"),
            (
                "UPDATE statement SET actor = 0, activity = NULL, timestamp_at = 0 WHERE seq = 7",
                "actor, activity, timestamp"
            ),
        ]
        try await bench.database.write { connection in
            #expect(try findings(connection, after: {}) == [])
            for (change, columns) in changes {
                let findings = try findings(connection) { try connection.run(change) }
                #expect(
                    findings.contains {
                        $0.place == "statement 7"
                            && $0.detail == "Its index does not say what it says itself: \(columns)."
                    }, "\(change.rendered(for: .sqlite).text): \(findings)")
            }
        }
    }

    /// Every hash of the tiles of a log of several levels, one bit each.
    @Test func `a flipped bit of any tile is found and told where`() async throws {
        let bench = try await store(statements: 1_000)
        try await bench.database.write { connection in
            let rows = try connection.rows("SELECT level, number, width, content FROM ledger_tile")
            var dice = Dice(seed: 5)
            for row in rows {
                let (level, number): (Int, Int) = (try row.get("level"), try row.get("number"))
                let width: Int = try row.get("width")
                for _ in 0..<12 {
                    var bytes: [UInt8] = try row.get("content")
                    let bit = Int.random(in: 0..<bytes.count * 8, using: &dice)
                    bytes[bit / 8] ^= 1 << (bit % 8)
                    var report = LedgerReport(tenant: .first)
                    try connection.run("SAVEPOINT tamper")
                    try connection.run(
                        "UPDATE ledger_tile SET content = \(bytes) WHERE level = \(level) AND number = \(number)")
                    let table = LedgerTable(tenant: .first, connection: connection)
                    let size = try #require(try table.head()).size
                    _ = try TileCheck(table: table, size: size).run(&report)
                    try connection.run("ROLLBACK TO SAVEPOINT tamper")
                    let path = Tile(.hashes(level: max(0, level)), index: number, width: width).path
                    let entries = Tile(.entries, index: number, width: width).path
                    #expect(report.findings.contains { $0.place == path || $0.place == entries }, "\(path) bit \(bit)")
                }
            }
        }
    }

    @Test(arguments: Engine.present) func `an erasure that says so leaves the ledger whole`(
        engine: Engine
    ) async throws {
        let bench = try await store(engine)
        let audit = LedgerAudit(database: bench.database)
        try await bench.database.write { connection in
            try connection.run("DELETE FROM statement WHERE seq = 3")
            try connection.run("UPDATE document_change SET salt = NULL, detail = NULL")
        }
        #expect(try await audit.check(.first).findings.count == 2)
        let moment = bench.world.now()
        try await bench.database.write { connection in
            let pen = LedgerPen(tenant: .first, connection: connection)
            try pen.noteErasure(of: .statement, [3], at: moment)
            try pen.noteErasure(of: .document, [1], at: moment)
        }
        let report = try await audit.check(.first)
        #expect(report.findings == [])
        #expect(report.erased == 2)
    }
}
