import Basis
import Storage
import StorageTesting
import Testing

@testable import Intent

@Suite struct ExperimentTests {
    private func book(_ house: House) -> ExperimentBook { ExperimentBook(database: house.database, world: house.world) }
    private let draft = ExperimentDraft(
        title: "Minutes by machine", tool: "Quillside", idea: "Shorter minutes of our stand-ups.", data: [.internal])

    @Test(arguments: Engine.present) func `anyone begins one in the sandbox, peers follow, a steward promotes it`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (book, tenant, ada, ben) = (book(house), house.tenant, house.sellers[0], house.sellers[1])
        let begun = try await book.begin(draft, by: ada, of: tenant)
        #expect(begun.state == .running && begun.until == house.today + 29 && begun.by == ada)
        try await book.follow(begun.id, true, by: ben, of: tenant)
        try await book.follow(begun.id, true, by: ben, of: tenant)
        let remark = try await book.comment("Works for us too.", on: begun.id, by: ben, of: tenant)
        #expect(try await book.find(begun.id, of: tenant)?.followers == 1)
        #expect(try await book.comments(on: begun.id, of: tenant).map(\.person) == [ben])
        #expect(await refusal { try await book.removeComment(remark, by: ada, of: tenant) }?.kind == .missing)
        let use = AIUseDraft(
            name: "Minutes", purpose: "Writes minutes.", kind: .tool, status: .pilot, reviewOn: house.today + 60)
        let silent = await refusal {
            try await book.settle(
                begun.id, .use(use, adapted: false), reason: "", by: house.steward, of: tenant)
        }
        #expect(silent?.code == "text-missing")
        let promoted = try await book.settle(
            begun.id, .use(use, adapted: false), reason: "Four teams want it.", by: house.steward, of: tenant)
        #expect(promoted.state == .promoted && promoted.by == ada)
        let made = try #require(promoted.use)
        let entry = try #require(try await house.register.find(made, of: tenant))
        #expect(entry.origin == begun.id && entry.status == .pilot)
        let again = await refusal {
            try await book.settle(begun.id, .stopped, reason: "No.", by: house.steward, of: tenant)
        }
        #expect(again?.code == "experiment-settled")
        let told = try await house.changes.changes(of: .experiment(begun.id), in: tenant)
        #expect(told.map(\.what) == [.promoted, .registered])
        #expect(try await house.statements(of: ":promoted") == 1)
    }

    @Test(arguments: Engine.present) func `the sandbox holds, and is changed by versions`(engine: Engine) async throws {
        let house = try await House(on: engine)
        let (book, tenant, ada) = (book(house), house.tenant, house.sellers[0])
        var bold = draft
        bold.data = [.internal, .personal]
        bold.until = house.today + 30
        let refused = await refusal { try await book.begin(bold, by: ada, of: tenant) }
        #expect(refused?.pointers == ["/data", "/until"])
        #expect(try await book.list(of: tenant).isEmpty)
        let wider = try await book.set(
            data: [.open, .internal, .personal], days: 60, rules: "Ask those whom it is about.", by: house.steward,
            of: tenant)
        #expect(wider.version == 1)
        let begun = try await book.begin(bold, by: ada, of: tenant)
        _ = try await book.set(data: [], days: 5, rules: "Nothing for now.", by: house.steward, of: tenant)
        var renamed = bold
        renamed.title = "Another name"
        renamed.data = []
        let changed = try await book.change(begun.id, to: renamed, since: 1, by: ada, of: tenant)
        #expect(changed.title == "Another name" && changed.until == bold.until)
        #expect(
            await refusal { try await book.change(begun.id, to: renamed, since: 1, by: ada, of: tenant) }?.kind
                == .stale)
        #expect(
            await refusal {
                try await book.change(begun.id, to: renamed, by: house.sellers[1], of: tenant)
            }?.kind == .missing)
        let done = try await book.finish(begun.id, learned: "It helps with names.", by: ada, of: tenant)
        #expect(done.state == .finished && done.learned == "It helps with names.")
        #expect(await refusal { try await book.finish(begun.id, learned: "x", by: ada, of: tenant) }?.kind == .conflict)
        for _ in 0..<ExperimentBook.runningLimit {
            _ = try await book.begin(ExperimentDraft(title: "T", tool: "t", idea: "i"), by: ada, of: tenant)
        }
        #expect(
            await refusal {
                try await book.begin(ExperimentDraft(title: "T", tool: "t", idea: "i"), by: ada, of: tenant)
            }?.code == "experiments-many")
    }
}
