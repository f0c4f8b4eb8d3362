import Basis
import Evidence
import Foundation
import JSON
import Storage
import StorageTesting
import Testing
import Vault

@testable import Exchange

/// Passwords and signing keys of links as they lie in the database.
@Suite struct SecretsTests {
    private func vault(_ name: String = UUID().uuidString) -> Vault {
        Vault(file: FileManager.default.temporaryDirectory.appending(path: "leeway-key-\(name)").path)
    }

    private func forward(_ url: String, label: String = "Archive") -> LinkDraft {
        var draft = LinkDraft(.forward, label: label, url: url)
        (draft.username, draft.secret) = ("key", "very secret")
        return draft
    }

    /// Every column of every link as one text.
    private func stored(_ house: House) async throws -> String {
        let rows = try await house.database.read { try $0.rows("SELECT * FROM exchange_link") }
        return rows.flatMap(\.fields).map { field in
            if case .bytes(let bytes) = field.value { String(decoding: bytes, as: UTF8.self) } else { "\(field.value)" }
        }.joined(separator: "\n")
    }

    @Test(arguments: Engine.present) func `no secret lies in the database, and links work`(engine: Engine) async throws
    {
        let house = try await House(engine)
        let receiver = try await Receiver { _ in Reply(status: 200) }
        _ = try await house.book.add(forward(receiver.url), for: .first)
        let (_, signing) = try await house.book.add(
            LinkDraft(.webhook, label: "Badges", url: receiver.url), for: .first)
        try await house.post(statements(1))
        try await house.exchange.runOnce()
        let basic = "Basic " + Data("key:very secret".utf8).base64EncodedString()
        #expect(receiver.received.count == 2)
        #expect(receiver.received.contains { $0.headers["authorization"] == basic })
        let text = try await stored(house)
        #expect(!text.contains("very secret") && !text.contains(signing))
        #expect(try await house.book.secretTrouble() == nil)
        try await receiver.close()
    }

    @Test(arguments: Engine.present) func `what was stored before is sealed at the start`(engine: Engine) async throws {
        let house = try await House(engine)
        let receiver = try await Receiver { _ in Reply(status: 200) }
        let (link, _) = try await house.book.add(forward(receiver.url), for: .first)
        try await house.database.write { connection in
            try connection.run("UPDATE exchange_link SET sealed = NULL, secret = 'older secret'")
        }
        #expect(try await house.book.secretTrouble(of: .first)?.code == "secret-plain")
        let without = House.exchange(house.log, house.database, house.clock, vault: Vault(file: nil)).book
        await #expect(throws: Problem.self) { try await without.sealPlain() }
        try await house.post(statements(1))
        try await house.exchange.runOnce()
        #expect(receiver.received.count == 1, "it works meanwhile")
        #expect(try await house.book.sealPlain() == ExchangeBook.Sealing(sealed: 1))
        #expect(try await house.book.sealPlain() == ExchangeBook.Sealing())
        #expect(try await !stored(house).contains("older secret"))
        #expect(try house.book.open(try await house.book.kept(link.id, .first), of: link.id, .first) == "older secret")
        try await receiver.close()
    }

    @Test(arguments: Engine.present) func `a wrong, missing or moved secret is told, and nothing breaks`(
        engine: Engine
    ) async throws {
        let house = try await House(engine)
        let receiver = try await Receiver { _ in Reply(status: 200) }
        let (one, _) = try await house.book.add(forward(receiver.url), for: .first)
        let (two, _) = try await house.book.add(forward(receiver.url, label: "Second"), for: .first)
        try await house.post(statements(1))
        for (vault, code) in [
            (Vault(secret: [UInt8](repeating: 2, count: 32)), "secret-key-wrong"),
            (Vault(file: nil), "secret-key-missing"),
            (vault(), "secret-key-missing"),
        ] {
            let other = House.exchange(house.log, house.database, house.clock, vault: vault)
            #expect(try await other.book.secretTrouble(of: .first)?.code == code)
            try await other.runOnce()
            let link = try await other.book.find(one.id, of: .first)
            #expect(link.failures > 0 && link.lastError.contains("key"))
            // A lost key is not replaced while something is sealed with it.
            if code == "secret-key-missing" {
                let third = forward(receiver.url, label: "Third")
                let refused = await #expect(throws: Problem.self) { try await other.book.add(third, for: .first) }
                #expect(refused?.code == code)
            }
            house.clock.forward(.hours(2))
        }
        #expect(receiver.received.isEmpty)
        try await house.database.write { connection in
            try connection.run(
                """
                UPDATE exchange_link SET sealed = (SELECT sealed FROM exchange_link l WHERE l.id = \(one.id))
                WHERE id = \(two.id)
                """)
        }
        #expect(try await house.book.secretTrouble()?.code == "secret-damaged")
        try await house.exchange.runOnce()
        #expect(receiver.received.count == 1)
        #expect(try await house.book.find(two.id, of: .first).lastError.contains("changed or moved"))
        try await receiver.close()
    }

    @Test(arguments: Engine.present) func `a new key seals everything anew, and the former one is forgotten`(
        engine: Engine
    ) async throws {
        let house = try await House(engine)
        let vault = vault()
        defer { vault.path.map { _ = try? FileManager.default.removeItem(atPath: $0) } }
        let book = House.exchange(house.log, house.database, house.clock, vault: vault).book
        #expect(throws: Problem.self) { try Vault(file: nil).renew(keeping: [], world: house.clock.world) }
        let (link, _) = try await book.add(forward("https://lrs.example.org"), for: .first)
        let (hook, signing) = try await book.add(
            LinkDraft(.webhook, label: "Badges", url: "https://b.example.org"), for: .first)
        let path = try #require(vault.path)
        let first = try String(contentsOfFile: path, encoding: .utf8)
        #expect(try await book.rekey() == ExchangeBook.Sealing(sealed: 2))
        let second = try String(contentsOfFile: path, encoding: .utf8)
        #expect(second.hasSuffix(first) && second.count == 2 * first.count)
        #expect(try await book.rekey() == ExchangeBook.Sealing(sealed: 2))
        #expect(try !String(contentsOfFile: path, encoding: .utf8).contains(first))
        #expect(try book.open(try await book.kept(link.id, .first), of: link.id, .first) == "very secret")
        #expect(try book.open(try await book.kept(hook.id, .first), of: hook.id, .first) == signing)
    }
}
