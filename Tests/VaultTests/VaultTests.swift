import Basis
import Crypto
import Foundation
import Testing

@testable import Vault

@Suite struct VaultTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "leeway-vault-\(UUID().uuidString)")
    private let world = World.replay(seed: 3)
    private let place = VaultPlace(table: "exchange_link", column: "secret", tenant: .first, row: "a")

    private func vault(_ name: String = "key") throws -> Vault {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return Vault(file: folder.appending(path: name).path)
    }

    private func code(_ body: () throws -> Void) -> String? {
        #expect(throws: Problem.self) { try body() }?.code
    }

    @Test func `what is sealed opens at its place, and nowhere else`() throws {
        let vault = Vault(secret: [UInt8](repeating: 7, count: 32))
        let sealed = try vault.seal("pässword", for: place, world: world)
        #expect(try vault.open(sealed, at: place) == "pässword")
        #expect(try vault.seal("pässword", for: place, world: world) != sealed, "another nonce each time")
        for other in [
            VaultPlace(table: "exchange_link", column: "secret", tenant: .first, row: "b"),
            VaultPlace(table: "exchange_link", column: "secret", tenant: TenantID(2), row: "a"),
            VaultPlace(table: "exchange_link", column: "other", tenant: .first, row: "a"),
            VaultPlace(table: "other", column: "secret", tenant: .first, row: "a"),
        ] {
            #expect(code { _ = try vault.open(sealed, at: other) } == "secret-damaged")
        }
        for index in sealed.indices {
            var flipped = sealed
            flipped[index] ^= 1
            #expect(throws: Problem.self) { try vault.open(flipped, at: place) }
        }
        for count in 0..<sealed.count {
            #expect(throws: Problem.self) { try vault.open(Array(sealed.prefix(count)), at: place) }
        }
    }

    /// As anybody with the key does it, from docs/secrets.md alone.
    @Test func `the form is the one that the documentation tells`() throws {
        let secret = [UInt8](0..<32)
        let sealed = try Vault(secret: secret).seal("whsec_1", for: place, world: world)
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret), info: Array("leeway sealed column 1".utf8),
            outputByteCount: 32)
        let box = try AES.GCM.SealedBox(
            nonce: AES.GCM.Nonce(data: sealed[5..<17]), ciphertext: sealed[17..<(sealed.count - 16)],
            tag: sealed.suffix(16))
        let text = try AES.GCM.open(box, using: key, authenticating: Array("exchange_link\nsecret\n1\na".utf8))
        #expect(String(decoding: text, as: UTF8.self) == "whsec_1")
    }

    @Test func `a key file is made once, for its owner alone`() throws {
        let vault = try vault()
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try vault.presentKeyID() == nil)
        #expect(code { _ = try vault.seal("x", for: place, world: world) } == "secret-key-missing")
        try vault.prepare(world: world)
        let path = try #require(vault.path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600 && !vault.isExposed)
        let first = try String(contentsOfFile: path, encoding: .utf8)
        try vault.prepare(world: world)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == first)
        #expect(first.count == 65)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(vault.isExposed)
    }

    @Test func `a renewed key opens what the former one sealed, until nothing needs it`() throws {
        let vault = try vault()
        defer { try? FileManager.default.removeItem(at: folder) }
        try vault.prepare(world: world)
        let old = try vault.seal("secret", for: place, world: world)
        let oldID = try #require(Vault.keyID(of: old))
        try vault.renew(keeping: [oldID], world: world)
        #expect(try vault.open(old, at: place) == "secret")
        let new = try vault.seal("secret", for: place, world: world)
        #expect(Vault.keyID(of: new) != oldID)
        #expect(try Vault.keyID(of: new) == vault.presentKeyID())
        try vault.renew(keeping: [], world: world)
        #expect(try vault.open(new, at: place) == "secret")
        #expect(code { _ = try vault.open(old, at: place) } == "secret-key-wrong")
        #expect(!vault.isExposed)
    }

    @Test func `a missing, damaged or foreign key is told in a sentence`() throws {
        let vault = try vault()
        defer { try? FileManager.default.removeItem(at: folder) }
        try vault.prepare(world: world)
        let sealed = try vault.seal("secret", for: place, world: world)
        let path = try #require(vault.path)
        for text in ["", "short\n", String(repeating: "g", count: 64), String(repeating: "0", count: 66)] {
            try Data(text.utf8).write(to: URL(filePath: path))
            #expect(code { _ = try vault.open(sealed, at: place) } == "secret-key-damaged")
        }
        try Data(String(repeating: "0", count: 64).utf8).write(to: URL(filePath: path))
        #expect(code { _ = try vault.open(sealed, at: place) } == "secret-key-wrong")
        try FileManager.default.removeItem(atPath: path)
        #expect(code { _ = try vault.open(sealed, at: place) } == "secret-key-missing")
        #expect(code { try Vault(file: nil).prepare(world: world) } == "secret-key-missing")
        #expect(code { try Vault(file: "/nonexistent/key").prepare(world: world) } == "secret-key-unwritable")
    }
}
