import Basis
import Crypto
import Foundation
import JSON
import Merkle
import Storage
import StorageTesting
import Synchronization
import Testing

@testable import Evidence

/// Keys that follow one another, checkpoints that are kept, and leaves of both versions.
@Suite struct LedgerKeyTests {
    /// A clock that tests move.
    private final class Clock: Sendable {
        private let moment = Mutex(Moment(microseconds: 1_790_000_000_000_000))
        private let dice = Mutex(Dice(seed: 77))

        func forward(_ span: Duration) { moment.withLock { $0 = $0 + span } }

        var world: World {
            World(
                now: {
                    self.moment.withLock { moment in
                        moment = moment + .milliseconds(1)
                        return moment
                    }
                }, seed: { self.dice.withLock { $0.next() } })
        }
    }

    private struct Open {
        let bench: Bench
        let clock = Clock()
        let desk: RightsDesk

        init(_ engine: Engine) async throws {
            bench = try await Bench(engine, world: clock.world)
            desk = RightsDesk(
                database: bench.database, world: bench.world, log: bench.log, tables: PersonalTable.own)
        }

        var ledger: Ledger { Ledger(database: bench.database, world: bench.world) }
        var audit: LedgerAudit { LedgerAudit(database: bench.database) }

        func integrate() async throws {
            try await LedgerKeeper(database: bench.database, world: bench.world).integrate()
        }

        func post(_ text: String = sound) async throws {
            try await bench.post(text)
            try await integrate()
        }

        func findings() async throws -> [LedgerReport.Finding] { try await audit.check(.first).findings }
    }

    @Test(arguments: Engine.present) func `a new key signs beside the former one, and then alone`(
        engine: Engine
    ) async throws {
        let open = try await Open(engine)
        try await open.post()
        let first = try await open.ledger.head(of: .first)
        let old = first.verifier
        let keys = try await open.desk.rotateLedgerKey(overlapDays: 30, reason: "Yearly", by: nil, of: .first)
        #expect(keys.count == 2 && keys[1].verifier == old && keys[0].verifier != old)
        let new = keys[0].verifier
        // The same leaves, signed by both at once; the change itself is a leaf.
        let both = try await open.ledger.head(of: .first)
        #expect(try SignedNote(parsing: both.note).verify(by: [old, new]) == [new, old])
        #expect(both.size == 1 && both.waiting == 1)
        try await open.integrate()
        #expect(try await open.ledger.head(of: .first).size == 2)
        let body: [UInt8] = try await open.bench.database.read { connection in
            try connection.value("SELECT body FROM statement WHERE seq = 2")
        }
        let told = String(decoding: body, as: UTF8.self)
        #expect(told.contains(old.description) && told.contains(new.description) && told.contains("Yearly"))
        #expect(try await open.findings() == [])

        open.clock.forward(.days(31))
        try await open.integrate()
        try await open.post()
        let alone = try await open.ledger.head(of: .first)
        #expect(try SignedNote(parsing: alone.note).signatures.map(\.keyID) == [new.keyID])
        #expect(alone.keys[1].lastSize == 2 && alone.keys[0].firstSize == 1)
        let isGone = try await open.bench.database.read {
            try $0.holds("SELECT 1 AS one FROM ledger_key WHERE seed IS NULL")
        }
        #expect(isGone)
        #expect(try await open.findings() == [])
        for key in [nil, old] {
            #expect(try await open.audit.extends(first.note, key: key, .first).earlier.size == 1)
        }
        #expect(try await open.audit.extends(alone.note, key: new, .first).today.size == 3)
        await #expect(throws: Problem.self) { try await open.audit.extends(first.note, key: new, .first) }
    }

    @Test func `a key vouches for no checkpoint after its time`() async throws {
        let open = try await Open(.memory)
        try await open.post()
        let seed: [UInt8] = try await open.bench.database.read { try $0.value("SELECT seed FROM ledger") }
        let stolen = try NoteSigner(name: "example.org/ledger", seed: seed)
        try await open.desk.rotateLedgerKey(overlapDays: 0, reason: "Stolen", by: nil, of: .first)
        try await open.post()
        let head = try await open.ledger.head(of: .first)
        let today = try Checkpoint(opening: head.note, of: "example.org/ledger", by: head.verifier)
        let forged = try Checkpoint(origin: today.origin, size: today.size, root: today.root).signed(by: stolen)
        let problem = await #expect(throws: Problem.self) {
            try await open.audit.extends(forged.bytes, key: nil, .first)
        }
        #expect(problem?.code == "checkpoint-key-ended")
        await #expect(throws: Problem.self) {
            try await open.desk.rotateLedgerKey(overlapDays: 366, reason: "x", by: nil, of: .first)
        }
        await #expect(throws: Problem.self) { try await open.desk.rotateLedgerKey(reason: " ", by: nil, of: .first) }
    }

    @Test(arguments: Engine.present) func `each hour's checkpoint is kept for a week, each day's for ever`(
        engine: Engine
    ) async throws {
        let open = try await Open(engine)
        // Every six hours for twenty days.
        for _ in 0..<80 {
            try await open.post()
            try await open.post()
            open.clock.forward(.hours(6))
        }
        let kept = try await open.ledger.checkpoints(of: .first)
        let now = open.bench.world.now()
        let recent = kept.filter { now - $0.signedAt <= .days(7) }
        #expect((27...29).contains(recent.count))
        let days = Set(kept.map(\.signedAt.day))
        #expect((20...21).contains(days.count))
        #expect((kept.count - recent.count) <= days.count - 6)
        #expect(kept.map(\.size) == kept.map(\.size).sorted(by: >) && kept.allSatisfy { $0.size % 2 == 0 })
        for one in kept {
            let note = try await open.ledger.checkpoint(ofSize: one.size, of: .first)
            #expect(try await open.audit.extends(note, key: nil, .first).earlier.size == one.size)
        }
        await #expect(throws: Problem.self) { try await open.ledger.checkpoint(ofSize: 1, of: .first) }
        #expect(try await open.findings() == [])
        let oldest = try #require(kept.last).size
        try await open.bench.database.write { connection in
            try connection.run(
                """
                UPDATE ledger_checkpoint SET note = (SELECT note FROM ledger) WHERE size = \(oldest)
                """)
        }
        #expect(try await open.findings().map(\.place) == ["checkpoint of \(oldest) leaves"])
    }

    /// As an outsider does it, from docs/ledger.md alone.
    @Test(arguments: Engine.present) func `a leaf binds when it was stored and who vouches for it`(
        engine: Engine
    ) async throws {
        let open = try await Open(engine)
        try await open.post()
        try await open.bench.log.append([StatementDraft(.system, .completed, ActivityRef("urn:a:1"))], to: .first)
        try await open.integrate()
        for seq in 1...2 {
            let row = try await open.bench.database.read { try $0.row("SELECT id FROM statement WHERE seq = \(seq)") }
            let id = ID<Statement>(bytes: try #require(row).get("id"))
            let evidence = try await open.ledger.evidence(of: id, size: nil, of: .first)
            let opening = try #require(evidence.opening)
            #expect(opening.version == 2)
            let key = SymmetricKey(data: opening.salt)
            let inner = HMAC<SHA256>.authenticationCode(for: Array("statement\n".utf8) + opening.content, using: key)
            let stored = try #require(opening.stored)
            let authority = try #require(opening.authority)
            let head = [0x02] + Array("statement\n\(stored)\n".utf8) + authority + [0x0A]
            #expect(Array(HMAC<SHA256>.authenticationCode(for: head + Array(inner), using: key)) == evidence.entry)
            let served = try #require(try await open.bench.log.statements([id], of: .first).first)
            let shown = try JSONValue(parsing: served.filled)
            #expect(shown["stored"]?.string == stored && shown["authority"]?.canonical == authority)
        }
        let changes: [SQL] = [
            "UPDATE statement SET stored_at = stored_at - 1000",
            "UPDATE agent SET ifi = 'account:https://example.org x' WHERE ifi = 'account:https://example.org test'",
            "UPDATE statement SET authority = 0 WHERE seq = 1",
        ]
        for change in changes {
            try await open.bench.database.write { connection in
                try connection.run("SAVEPOINT tamper")
                try connection.run(change)
                var check = LedgerCheck(LedgerTable(tenant: .first, connection: connection))
                try check.run()
                let found = check.report.findings.filter { $0.detail.contains("not what its leaf commits to") }
                #expect(!found.isEmpty, "\(change.rendered(for: .sqlite).text)")
                try connection.run("ROLLBACK TO SAVEPOINT tamper")
                try connection.run("RELEASE SAVEPOINT tamper")
            }
        }
        #expect(try await open.findings() == [])
    }

    @Test(arguments: Engine.present) func `leaves from before verify as they did`(engine: Engine) async throws {
        let open = try await Open(engine)
        try await open.bench.post(sound)
        // As a program before this one queued it.
        try await open.bench.database.write { connection in
            let row = try #require(try connection.row("SELECT id, salt, body FROM statement"))
            let body: [UInt8] = try row.get("body")
            let form = Commitment.form(of: try JSONValue(parsing: body), id: ID(bytes: try row.get("id")))
            let old = Commitment(.statement, form, salt: try row.get("salt"))
            try connection.run("UPDATE ledger_queue SET commitments = \(old.entry)")
        }
        try await open.integrate()
        try await open.post()
        #expect(try await open.findings() == [])
        let ids = try await open.bench.database.read { connection in
            try connection.rows("SELECT id FROM statement ORDER BY seq").map { ID<Statement>(bytes: try $0.get("id")) }
        }
        var versions: [Int?] = []
        for id in ids {
            versions.append(try await open.ledger.evidence(of: id, size: nil, of: .first).opening?.version)
        }
        #expect(versions == [1, 2])
        try await open.bench.database.write { connection in
            try connection.run("UPDATE statement SET body = \(Array("{}".utf8)) WHERE seq = 2")
        }
        let altered = try await open.ledger.evidence(of: ids[1], size: nil, of: .first).opening
        #expect(altered != nil && altered?.version == nil)
    }

    /// Who vouched for a statement elsewhere may be a person.
    @Test(arguments: Engine.present) func `erasing who vouched for a statement leaves the ledger whole`(
        engine: Engine
    ) async throws {
        let open = try await Open(engine)
        let line = """
            {"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"urn:v"},"object":{"id":"urn:a:1"},\
            "authority":{"objectType":"Agent","account":{"homePage":"https://example.org","name":"alice"}}}
            """
        let path = try Scratch.path("lines.jsonl")
        try Data(line.utf8).write(to: URL(filePath: path))
        _ = try await open.bench.log.importLines(from: path, to: .first, by: Authority(client: "import"))
        try await open.integrate()
        #expect(try await open.findings() == [])
        let order = try await open.desk.order(open.bench.alice, reason: "Asked", by: nil, of: .first)
        try await open.integrate()
        #expect(try await open.findings() == [], "while it is under way")
        _ = try await open.desk.work(order.id, of: .first, settling: .zero)
        try await open.integrate()
        #expect(try await open.findings() == [])
        let body: [UInt8] = try await open.bench.database.read { connection in
            try connection.value("SELECT body FROM statement WHERE seq = 1")
        }
        let text = String(decoding: body, as: UTF8.self)
        #expect(!text.contains("alice") && text.contains("urn:leeway:erased") && text.contains("a@example.org"))
    }
}
