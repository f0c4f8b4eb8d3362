import API
import Basis
import Evidence
import Foundation
import Hummingbird
import JSON
import Merkle
import People
import StorageTesting
import Stores
import Testing
import Web

@Suite struct LedgerRoutesTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let hasOracle: Bool = {
        let library = root.appending(path: ".setup/python/lib").path
        let files = FileManager.default.enumerator(atPath: library)?.lazy.compactMap { $0 as? String }
        return files?.contains { $0.hasSuffix("site-packages/aics_tlog") } ?? false
    }()

    /// Stores statements in pieces, and integrates after each.
    private func fill(_ site: TestSite, _ pieces: [Int]) async throws {
        let keeper = LedgerKeeper(database: site.stores.database, world: site.stores.world)
        for (number, count) in pieces.enumerated() {
            let drafts = (0..<count).map { index in
                StatementDraft(.system, .completed, ActivityRef("https://example.org/a/\(number)/\(index)"))
            }
            try await site.stores.log.append(drafts, to: .first)
            try await keeper.integrate()
        }
    }

    private func firstStatement(_ site: TestSite) async throws -> ID<Statement> {
        var query = StatementQuery()
        query.isAscending = true
        query.limit = 1
        return try #require(try await site.stores.log.query(query, of: .first).statements.first).id
    }

    @Test func `an auditor gets checkpoint, tiles and proofs, and they fit together`() async throws {
        let site = try await TestSite()
        try await fill(site, [3, 300])
        let id = try await firstStatement(site)
        try await site.run { caller in
            let auditor = try await caller.signedIn(.auditor)
            let key = try NoteVerifier(
                parsing: try await auditor.send(.get, "/ledger/key").text.trimmingCharacters(in: .newlines))
            let note = try await auditor.send(.get, "/ledger/checkpoint").bytes
            let checkpoint = try Checkpoint(opening: note, of: "example.org/ledger", by: key)
            #expect(checkpoint.size == 303)

            let proof = try await auditor.send(.get, "/ledger/proof/inclusion?statement=\(id)").json
            let leaf = try #require(proof["entry"]?.string.flatMap { Data(base64Encoded: $0) })
            let inclusion = InclusionProof(
                index: try #require(proof["index"]?.integer), size: 303, hashes: try hashes(proof))
            #expect(inclusion.proves(.leaf(leaf), in: checkpoint.root))
            #expect(proof["content"]?.string?.contains(id.description) == true)
            #expect(proof["salt"]?.string?.count == 24 && proof["leafVersion"]?.integer == 2)
            #expect(proof["stored"]?.string?.hasSuffix("Z") == true)
            #expect(proof["authority"]?.string?.contains("leeway") == true)

            let consistency = try await auditor.send(.get, "/ledger/proof/consistency?from=3").json
            let earlier = try #require(
                consistency["fromRoot"]?.string.flatMap { Data(base64Encoded: $0) }.flatMap { MerkleHash($0) })
            #expect(
                ConsistencyProof(from: 3, to: 303, hashes: try hashes(consistency))
                    .proves(checkpoint.root, extends: earlier))

            let tile = try await auditor.send(.get, "/ledger/tile/0/001.p/47")
            #expect(tile.bytes.count == 47 * 32)
            #expect(try await auditor.send(.get, "/ledger/tile/0/001.p/5").bytes == Array(tile.bytes.prefix(5 * 32)))
            #expect(try await auditor.send(.get, "/ledger/tile/0/001").status == .notFound)
            #expect(try await auditor.send(.get, "/ledger/tile/entries/000").bytes.count == 256 * 34)
            for path in ["tile/0/1", "tile/9/000", "tile/0/000.p/0", "tile/0/x000/001", "tile/0/%2e%2e"] {
                #expect(try await auditor.send(.get, "/ledger/" + path).status == .notFound, "\(path)")
            }
            for query in ["", "?index=303", "?index=-1", "?index=x", "?statement=x", "?index=0&size=304"] {
                let status = try await auditor.send(.get, "/ledger/proof/inclusion" + query).status
                #expect(status == .badRequest || status == .notFound, "\(query)")
            }
            #expect(try await auditor.send(.get, "/ledger/proof/consistency").status == .badRequest)
        }
    }

    private func hashes(_ value: JSONValue) throws -> [MerkleHash] {
        try #require(value["hashes"]?.array).map { text in
            try #require(text.string.flatMap { Data(base64Encoded: $0) }.flatMap { MerkleHash($0) })
        }
    }

    @Test func `programs need the scope, people the role`() async throws {
        let site = try await TestSite()
        try await fill(site, [2])
        func basic(_ scope: String) async throws -> [String: String] {
            let (client, secret) = try await site.stores.clients.create(label: scope, scopes: [scope], for: .first)
            return ["Authorization": "Basic " + Data("\(client.key):\(secret)".utf8).base64EncodedString()]
        }
        let (reader, writer) = (try await basic("statements/read"), try await basic("statements/write"))
        try await site.run { (caller) async throws in
            #expect(try await caller.send(.get, "/ledger/checkpoint", headers: reader).status == .ok)
            #expect(try await caller.send(.get, "/ledger/tile/0/000.p/2", headers: reader).bytes.count == 64)
            #expect(try await caller.send(.get, "/ledger/checkpoint", headers: writer).problem() == "scope-needed")
            let wrong = ["Authorization": "Basic " + Data("x:y".utf8).base64EncodedString()]
            #expect(try await caller.send(.get, "/ledger/checkpoint", headers: wrong).status == .unauthorized)
            #expect(try await caller.signedIn(.learner).send(.get, "/ledger/key").problem() == "right-needed")
            #expect(try await caller.signedIn(.administrator).send(.get, "/ledger/key").status == .ok)
        }
    }

    @Test func `checkpoints are kept, and an administrator makes a new key`() async throws {
        let site = try await TestSite()
        try await fill(site, [3, 4])
        try await site.run { caller in
            let (auditor, ada) = (try await caller.signedIn(.auditor), try await caller.signedIn(.administrator))
            let kept = try await auditor.send(.get, "/ledger/checkpoints").json
            #expect(kept["total"] == 1)
            let path = try #require(kept["items"]?.array?.first?["path"]?.string)
            // Its hour still runs, so that another may take its place before it is fetched.
            #expect(path == "/ledger/checkpoint")
            let note = try await auditor.send(.get, "/ledger/checkpoints/7").bytes
            #expect(note == (try await auditor.send(.get, "/ledger/checkpoint").bytes))
            #expect(try await auditor.send(.get, "/ledger/checkpoints/3").problem() == "checkpoint-missing")
            #expect(try await auditor.send(.get, "/ledger/checkpoints/x").status == .notFound)
            let old = try await auditor.send(.get, "/ledger/key").text
            let rotate = "/api/v1/ledger/key/rotate"
            #expect(try await auditor.send(.post, rotate, ["reason": "Yearly"]).status == .forbidden)
            #expect(try await ada.send(.post, rotate, ["reason": ""]).problem() == "reason")
            let bad = try await ada.send(.post, rotate, ["reason": "Yearly", "overlapDays": 400])
            #expect(try bad.problem() == "key-overlap")
            let keys = try await ada.send(.post, rotate, ["reason": "Yearly", "overlapDays": 1]).json
            #expect(keys["total"] == 2 && keys["items"]?.array?.last?["key"]?.string.map { $0 + "\n" } == old)
            #expect(try await auditor.send(.get, "/ledger/keys").json == keys)
            #expect(try await auditor.send(.get, "/ledger/key").text != old)
        }
    }

    /// What is served, fetched as any follower of such logs would, and checked by somebody else's program.
    @Test(.enabled(if: hasOracle, "the Python tools of ./test are not set up"), arguments: Engine.present)
    func `another implementation verifies what is served`(engine: Engine) async throws {
        let site = try await TestSite(engine)
        try await fill(site, [1, 6, 400, 250])
        let folder = FileManager.default.temporaryDirectory.appending(path: "leeway-ledger-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        @Sendable func write(_ bytes: [UInt8], _ path: String) throws {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }
        try await site.run { caller in
            let auditor = try await caller.signedIn(.auditor)
            try write(try await auditor.send(.get, "/ledger/checkpoint").bytes, "checkpoint")
            try write(try await auditor.send(.get, "/ledger/key").bytes, "vkey")
            var tiles = Array(Tile.all(in: 657))
            tiles += tiles.filter { $0.row == .hashes(level: 0) }.map {
                Tile(.entries, index: $0.index, width: $0.width)
            }
            for tile in tiles { try write(try await auditor.send(.get, "/ledger/" + tile.path).bytes, tile.path) }
            var (inclusion, consistency): ([JSONValue], [JSONValue]) = ([], [])
            for index in [0, 1, 7, 255, 256, 656] {
                let proof = try await auditor.send(.get, "/ledger/proof/inclusion?index=\(index)").json
                inclusion.append([
                    "index": .init(index), "size": 657, "leaf": hexadecimal(proof["leafHash"]),
                    "root": hexadecimal(proof["root"]),
                    "hashes": .array(try #require(proof["hashes"]?.array).map(hexadecimal)),
                ])
            }
            for from in [1, 7, 407, 657] {
                let proof = try await auditor.send(.get, "/ledger/proof/consistency?from=\(from)").json
                consistency.append([
                    "from": .init(from), "to": 657, "old": hexadecimal(proof["fromRoot"]),
                    "new": hexadecimal(proof["toRoot"]),
                    "hashes": .array(try #require(proof["hashes"]?.array).map(hexadecimal)),
                ])
            }
            let proofs: JSONValue = ["inclusion": .array(inclusion), "consistency": .array(consistency)]
            try write(proofs.bytes, "proofs.json")
        }
        let process = Process()
        process.executableURL = Self.root.appending(path: ".setup/python/bin/python")
        process.arguments = [Self.root.appending(path: "Tests/Oracle/tlog.py").path, folder.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(output)")
        #expect(output.contains("657 leaves, 6 + 4 proofs"))
    }
}

private func hexadecimal(_ base64: JSONValue?) -> JSONValue {
    let bytes = base64?.string.flatMap { Data(base64Encoded: $0) } ?? Data()
    return .string(bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())
}
