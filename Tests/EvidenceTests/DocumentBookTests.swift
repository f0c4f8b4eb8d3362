import Basis
import Evidence
import Foundation
import JSON
import Storage
import StorageTesting
import Synchronization
import Testing

/// What the store of documents promises to the modules above it.
@Suite struct DocumentBookTests {
    private func agent(_ text: String) throws -> AgentName { try #require(AgentName(try JSONValue(parsing: text))) }

    @Test(arguments: Engine.present) func `every document about a person is found`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let book = DocumentBook(log: bench.log)
        let alice = AgentName(home: Bench.home, account: "alice")
        let bob = AgentName(home: Bench.home, account: "bob")
        let folders: [DocumentFolder] = [
            .state(activity: "https://example.org/a", agent: alice, registration: nil),
            .state(activity: "https://example.org/a", agent: alice, registration: uuid),
            .agentProfile(agent: alice), .activityProfile(activity: "https://example.org/a"),
            .state(activity: "https://example.org/a", agent: bob, registration: nil), .agentProfile(agent: bob),
        ]
        for folder in folders {
            try await book.change(
                DocumentChange(DocumentAddress(folder, name: "x"), .put(type: "text/plain", body: [1])),
                by: Authority(client: "test"), of: .first)
        }
        let held = Mutex<[DocumentBook.Held]>([])
        try await book.each(of: bench.alice, in: .first) { one in held.withLock { $0.append(one) } }
        let found = held.withLock { $0 }
        #expect(Set(found.map(\.address)) == Set(folders[0...2].map { DocumentAddress($0, name: "x") }))
        #expect(found.allSatisfy { $0.document.body == [1] && $0.agent == alice })
        #expect(try await book.count(of: bench.alice, in: .first) == 3)
        #expect(try await book.count(of: bench.bob, in: .first) == 2)
        for one in found {
            try await book.change(DocumentChange(one.address, .remove), by: Authority(client: "test"), of: .first)
        }
        #expect(try await book.count(of: bench.alice, in: .first) == 0)
        #expect(try await book.count(of: bench.bob, in: .first) == 2)
        #expect(try await book.count(of: bench.alice, in: TenantID(2)) == 0)
    }

    @Test(arguments: Engine.present) func `a folder holds only so many`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        var limits = XAPILimits()
        limits.documentCount = 3
        let book = DocumentBook(log: bench.log, limits: limits)
        let folder = DocumentFolder.activityProfile(activity: "https://example.org/a")
        func put(_ name: String) async throws {
            try await book.change(
                DocumentChange(DocumentAddress(folder, name: name), .put(type: "text/plain", body: Array(name.utf8))),
                by: Authority(client: "test"), of: .first)
        }
        for name in ["a", "b", "c", "a"] { try await put(name) }
        let problem = await #expect(throws: Problem.self) { try await put("d") }
        #expect(problem?.code == "documents-too-many" && problem?.kind == .oversize)
        #expect(try await book.names(in: folder, of: .first) == ["a", "c", "b"])
        #expect(try await book.removeAll(in: folder, by: Authority(client: "test"), of: .first) == 3)
        try await put("d")
    }

    @Test(arguments: Engine.present) func `since leaves out what is older`(engine: Engine) async throws {
        let bench = try await Bench(engine)
        let book = DocumentBook(log: bench.log)
        let folder = DocumentFolder.agentProfile(agent: try agent(#"{"mbox":"mailto:a@example.org"}"#))
        var moments: [Moment] = []
        for name in ["a", "b", "c"] {
            let document = try await book.change(
                DocumentChange(DocumentAddress(folder, name: name), .put(type: "text/plain", body: [])),
                by: Authority(client: "test"), of: .first)
            moments.append(try #require(document?.updatedAt))
        }
        #expect(try await book.names(in: folder, since: moments[0], of: .first) == ["c", "b"])
        #expect(try await book.names(in: folder, since: moments[2], of: .first) == [])
        #expect(try await book.names(in: folder, of: TenantID(2)) == [])
    }
}
