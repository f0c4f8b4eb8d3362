import Basis
import People
import Storage
import StorageTesting
import Testing

@testable import Intent

@Suite struct DocumentTests {
    private func book(_ house: House) -> PolicyDocumentBook { PolicyDocumentBook(database: house.database, world: house.world) }

    private func draft(_ house: House) -> DocumentDraft {
        DocumentDraft(
            title: "Using AI with customers", summary: "Check, and say so.", body: "One.\nTwo.\nThree.",
            audience: .unit(house.sales), owner: house.sponsor)
    }

    @Test(arguments: Engine.present) func `a change in substance is accepted again, a minor one is not`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (book, tenant, ada) = (book(house), house.tenant, house.sellers[0])
        let made = try await book.draft(draft(house), by: house.steward, of: tenant)
        #expect(try await book.notices(for: ada, of: tenant).isEmpty)
        let first = try await book.publish(made.id, by: house.steward, of: tenant)
        #expect(try await book.notices(for: ada, of: tenant).map(\.isNeeded) == [true])
        #expect(try await book.notices(for: house.clerks[0], of: tenant).isEmpty)
        #expect(try await book.accept(made.id, version: 1, at: "page", by: ada, of: tenant))
        #expect(try await !book.accept(made.id, version: 1, at: "page", by: ada, of: tenant))
        #expect(try await book.notices(for: ada, of: tenant).map(\.isNeeded) == [false])
        #expect(try await book.coverage(of: made.id, in: tenant)?.accepted == 1)

        var minor = DocumentDraft(first)
        minor.body = "One.\nTwo.\nThree!"
        minor.isMaterial = false
        _ = try await book.revise(made.id, to: minor, by: house.steward, of: tenant)
        _ = try await book.publish(made.id, by: house.steward, of: tenant)
        #expect(try await book.notices(for: ada, of: tenant).map(\.isNeeded) == [false])
        #expect(
            await refusal { try await book.accept(made.id, version: 1, at: "page", by: ada, of: tenant) }?.code
                == "document-changed")

        var material = minor
        material.body = "One.\nThree!\nFour."
        material.isMaterial = true
        _ = try await book.revise(made.id, to: material, by: house.steward, of: tenant)
        _ = try await book.publish(made.id, by: house.steward, of: tenant)
        let notice = try #require(try await book.notices(for: ada, of: tenant).first)
        #expect(notice.isNeeded && notice.accepted == 1 && notice.document.version == 3)
        #expect(try await book.coverage(of: made.id, in: tenant)?.accepted == 0)
        // Whoever accepts for the first time now needs nothing more.
        _ = try await book.accept(made.id, version: 3, at: "page", by: house.sellers[1], of: tenant)
        let coverage = try #require(try await book.coverage(of: made.id, in: tenant))
        #expect(coverage.accepted == 1 && coverage.audience == 4 && coverage.missing.contains(ada))
        try await book.withdraw(made.id, reason: "Another one holds.", by: house.steward, of: tenant)
        #expect(try await book.notices(for: ada, of: tenant).isEmpty)
        #expect(try await book.coverage(of: made.id, in: tenant) == nil)
        let history = try await house.changes.changes(of: .document(made.id), in: tenant)
        #expect(history.map(\.what) == [.withdrawn, .published, .drafted, .published, .drafted, .published, .drafted])
        #expect(try await house.statements(of: ":accepted") == 2)
    }

    @Test(arguments: Engine.present) func `what is missing is named, and nothing is half published`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (book, tenant) = (book(house), house.tenant)
        let empty = await refusal {
            try await book.draft(
                DocumentDraft(title: " ", body: "", audience: nil, owner: nil), by: house.steward, of: tenant)
        }
        #expect(empty?.pointers == ["/title", "/body", "/owner", "/audience"])
        var nobody = draft(house)
        nobody.audience = .attribute("site", "Mars")
        let made = try await book.draft(nobody, by: house.steward, of: tenant)
        let refused = await refusal { try await book.publish(made.id, by: house.steward, of: tenant) }
        #expect(refused?.code == "audience-empty" && refused?.pointers == ["/audience"])
        #expect(try await book.versions(of: made.id, in: tenant).map(\.state) == [.draft])
        try await book.discard(made.id, by: house.steward, of: tenant)
        #expect(try await book.list(of: tenant).isEmpty)
        #expect(
            await refusal { try await book.publish(made.id, by: house.steward, of: tenant) }?.kind == .missing)
    }

    @Test func `a difference put together again is both texts`() {
        var dice = Dice(seed: 8)
        for _ in 0..<500 {
            func text() -> String {
                (0..<Int.random(in: 0..<12, using: &dice)).map { _ in "line \(Int.random(in: 0..<5, using: &dice))" }
                    .joined(separator: "\n")
            }
            let (old, new) = (text(), text())
            let lines = TextLine.difference(from: old, to: new)
            #expect(lines.filter { $0.fate != .added }.map(\.text).joined(separator: "\n") == old)
            #expect(lines.filter { $0.fate != .removed }.map(\.text).joined(separator: "\n") == new)
        }
    }
}
