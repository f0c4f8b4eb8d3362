import Basis
import Foundation
import Mail
import Storage
import StorageTesting
import Testing
import Vault

@testable import Notices

@Suite struct MailSettingsTests {
    static let flaws: [(@Sendable (inout MailDraft) -> Void, String)] = [
        ({ $0.host = "" }, "/host"), ({ $0.host = "https://smtp.example" }, "/host"),
        ({ $0.host = "smtp.example:25" }, "/host"), ({ $0.host = "-smtp" }, "/host"), ({ $0.port = 0 }, "/port"),
        ({ $0.port = 65_536 }, "/port"), ({ $0.security = .none }, "/security"), ({ $0.user = "a\nb" }, "/user"),
        ({ $0.user = "" }, "/user"), ({ $0.password = nil }, "/password"), ({ $0.password = "a\nb" }, "/password"),
        ({ $0.mailbox = "a@b\r\nBcc: c@d" }, "/mailbox"), ({ $0.mailbox = "" }, "/mailbox"),
        ({ $0.senderName = String(repeating: "x", count: 81) }, "/senderName"), ({ $0.address = "learn" }, "/address"),
        ({ $0.address = "javascript:alert(1)" }, "/address"), ({ $0.address = "https:///x" }, "/address"),
        ({ $0.address = "https://me@learn.example" }, "/address"),
    ]

    @Test func `each wrong field is told at its place, and nothing is kept`() async throws {
        let house = try await House(isOn: false)
        for (edit, pointer) in Self.flaws {
            var draft = House.draft
            edit(&draft)
            let (wrong, tenant) = (draft, house.tenant)
            let problem = await refusal { try await house.postman.book.set(wrong, by: nil, of: tenant) }
            #expect(problem?.code == "mail-invalid" && problem?.pointers == [pointer], "\(pointer)")
            #expect(problem?.details.count == 1)
        }
        #expect(try await house.postman.book.settings(of: house.tenant) == nil)
    }

    @Test(arguments: Engine.present) func `the password lies sealed, stays with its server, and goes nowhere else`(
        engine: Engine
    ) async throws {
        let house = try await House(engine)
        let (book, tenant) = (house.postman.book, house.tenant)
        let rows = try await house.database.read { try $0.rows("SELECT * FROM mail_settings") }
        let stored = rows.flatMap(\.fields).map { field in
            if case .bytes(let bytes) = field.value { String(decoding: bytes, as: UTF8.self) } else { "\(field.value)" }
        }.joined()
        #expect(!stored.contains("very secret"))
        #expect(try await book.server(of: tenant).server.password == "very secret")
        var draft = MailDraft(try #require(try await book.settings(of: tenant)))
        #expect(draft.address == "https://learn.pier.example", "without the slash")
        draft.senderName = "Pier"
        try await book.set(draft, by: house.owner, of: tenant)
        #expect(try await book.server(of: tenant).server.password == "very secret")
        for edit in [{ $0.host = "elsewhere.example" }, { $0.user = "eve" }, { $0.port = 25 }]
            as [(inout MailDraft) -> Void]
        {
            var other = draft
            edit(&other)
            let wrong = other
            #expect(await refusal { try await book.set(wrong, by: nil, of: tenant) }?.pointers == ["/password"])
        }
        draft.user = ""
        try await book.set(draft, by: nil, of: tenant)
        #expect(try await book.settings(of: tenant)?.hasPassword == false)
    }

    @Test func `a new key keeps the password, and a lost one is told and not replaced`() async throws {
        let house = try await House()
        let path = FileManager.default.temporaryDirectory.appending(path: "leeway-mail-\(UUID().uuidString)").path
        let vault = Vault(file: path)
        let book = MailBook(database: house.database, world: house.world, vault: vault)
        #expect(try await book.secretTrouble()?.code == "secret-key-missing")
        let refused = await refusal { try await book.set(House.draft, by: nil, of: house.tenant) }
        #expect(refused?.code == "secret-key-missing", "sealed with another key already")
        try await house.database.write { try $0.run("UPDATE mail_settings SET sealed = NULL") }
        let elsewhere = MailBook(
            database: house.database, world: house.world, vault: vault, sealsElsewhere: { true })
        let other = await refusal { try await elsewhere.set(House.draft, by: nil, of: house.tenant) }
        #expect(other?.code == "secret-key-missing", "a link is sealed already")
        try await book.set(House.draft, by: nil, of: house.tenant)
        let former = try await book.sealingKeys()
        try vault.renew(keeping: former, world: house.world)
        #expect(try await book.reseal() == (sealed: 1, unreadable: 0))
        #expect(try await book.sealingKeys() != former)
        #expect(try await book.server(of: house.tenant).server.password == "very secret")
        try FileManager.default.removeItem(atPath: path)
    }
}
