import Basis
import Foundation
import JSON
import Merkle
import Testing

/// Our logs, checked by somebody else's program: see Tests/Oracle/tlog.py.
@Suite struct OracleTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let python = root.appending(path: ".setup/python/bin/python")
    static let isThere: Bool = {
        let library = root.appending(path: ".setup/python/lib").path
        let files = FileManager.default.enumerator(atPath: library)?.lazy.compactMap { $0 as? String }
        return files?.contains { $0.hasSuffix("site-packages/aics_tlog") } ?? false
    }()

    @Test(.enabled(if: isThere, "the Python tools of ./test are not set up"))
    func `another implementation verifies checkpoints, tiles, entries and proofs`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "leeway-tlog-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let sizes = [0, 1, 2, 3, 7, 8, 100, 255, 256, 257, 512, 1_000, 65_536, 66_049]
        var logs = try sizes.map { try write(MemoryLog(size: $0, seed: UInt64($0) + 1), to: folder, named: "\($0)") }
        let answer = try check(logs)
        #expect(answer.status == 0, "\(answer.output)")

        // And it would have told us: one bit of a tile, of an entry and of the checkpoint.
        let damages = ["tile/0/001", "tile/1/000.p/3", "tile/entries/002", "checkpoint", "proofs.json"]
        logs = try damages.map { path in
            let log = try write(MemoryLog(size: 1_000), to: folder, named: "damaged-" + path.replacing("/", with: "-"))
            let file = log.appending(path: path)
            var bytes = try [UInt8](Data(contentsOf: file))
            let place = path == "proofs.json" ? bytes.count - 20 : bytes.count / 2
            bytes[place] = bytes[place] == 0x31 ? 0x32 : path == "proofs.json" ? 0x31 : bytes[place] ^ 1
            try Data(bytes).write(to: file)
            return log
        }
        for log in logs { #expect(try check([log]).status == 1, "\(log.lastPathComponent)") }
    }

    private func check(_ logs: [URL]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = Self.python
        process.arguments = [Self.root.appending(path: "Tests/Oracle/tlog.py").path] + logs.map(\.path)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    private func write(_ log: MemoryLog, to folder: URL, named name: String) throws -> URL {
        let folder = folder.appending(path: name)
        let size = log.entries.count
        var tree = log.tree
        for tile in Tile.all(in: size) { try write(log.tiles[tile.path] ?? [], to: folder, at: tile.path) }
        for (path, bytes) in log.bundles { try write(bytes, to: folder, at: path) }
        let signer = try NoteSigner(name: "learning.example/ledger", seed: [UInt8](repeating: 9, count: 32))
        let checkpoint = Checkpoint(origin: signer.verifier.name, size: size, root: try tree.root())
        try write(try checkpoint.signed(by: signer).bytes, to: folder, at: "checkpoint")
        try write(Array(signer.verifier.description.utf8), to: folder, at: "vkey")

        var dice = Dice(seed: UInt64(size))
        var inclusion: [JSONValue] = []
        var consistency: [JSONValue] = []
        for round in 0..<(size > 0 ? 30 : 0) {
            let later = round < 20 ? size : Int.random(in: 1...size, using: &dice)
            let index = Int.random(in: 0..<later, using: &dice)
            let earlier = Int.random(in: 0...later, using: &dice)
            let proof = try tree.inclusionProof(of: index, at: later)
            let root = hexadecimal(try tree.root(at: later))
            inclusion.append([
                "index": .init(index), "size": .init(later), "leaf": hexadecimal(log.leaves[index]), "root": root,
                "hashes": .array(proof.hashes.map(hexadecimal)),
            ])
            consistency.append([
                "from": .init(earlier), "to": .init(later), "old": hexadecimal(try tree.root(at: earlier)),
                "new": root,
                "hashes": .array(try tree.consistencyProof(from: earlier, to: later).hashes.map(hexadecimal)),
            ])
        }
        let proofs: JSONValue = ["inclusion": .array(inclusion), "consistency": .array(consistency)]
        try write(proofs.bytes, to: folder, at: "proofs.json")
        return folder
    }

    private func hexadecimal(_ hash: MerkleHash) -> JSONValue {
        .string(hash.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())
    }

    private func write(_ bytes: [UInt8], to folder: URL, at path: String) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }
}
