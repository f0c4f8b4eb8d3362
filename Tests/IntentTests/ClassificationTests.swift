import Basis
import Storage
import StorageTesting
import Testing

@testable import Intent

@Suite struct ClassificationTests {
    private func level(_ yes: Classification.Question...) -> Classification.Level {
        Classification(Classification.Answers(yes: Set(yes))).level
    }

    @Test(arguments: Classification.Question.prohibited)
    func `what Article 5 prohibits is prohibited whatever else is so`(question: Classification.Question) {
        let alone = Classification(Classification.Answers(yes: [question]))
        #expect(alone.level == .prohibited && !alone.mayRun)
        #expect(alone.reasons.map(\.provision) == [question.provision])
        #expect(level(question, .narrow, .outcomes, .conversing) == .prohibited)
    }

    @Test(arguments: Classification.Question.areas)
    func `an area of Annex III is high-risk unless a condition takes it out`(area: Classification.Question) {
        #expect(level(area) == .high)
        for exception in Classification.Question.exceptions {
            #expect(level(area, exception) == .excepted)
            #expect(level(area, exception, .profiling) == .high)
        }
        let profiled = Classification(Classification.Answers(yes: [area, .narrow, .profiling]))
        #expect(profiled.reasons.map(\.provision).contains("Article 6(3), last sentence"))
        #expect(profiled.duties.map(\.provision).contains("Article 26(6)"))
    }

    @Test func `outside Annex III people are told, or nothing is asked but literacy`() {
        #expect(level() == .minimal)
        #expect(level(.narrow) == .minimal && level(.profiling) == .minimal)
        #expect(level(.conversing) == .transparency)
        let minimal = Classification(Classification.Answers())
        #expect(minimal.duties.map(\.provision) == ["Article 4"] && minimal.reasons.count == 1)
        let told = Classification(Classification.Answers(yes: [.conversing, .generating]))
        #expect(told.duties.map(\.provision) == ["Article 50(1)", "Article 50(2)", "Article 4"])
        // High-risk and conversing: both duties stand.
        let both = Classification(Classification.Answers(yes: [.outcomes, .conversing]))
        #expect(both.level == .high && both.duties.map(\.provision).contains("Article 50(1)"))
    }

    @Test func `every answer has exactly one place, and a graver answer never lowers the level`() {
        let groups = [
            Classification.Question.prohibited, Classification.Question.areas, Classification.Question.exceptions,
            [.profiling], Classification.Question.transparency,
        ]
        #expect(groups.flatMap(\.self).count == Classification.Question.allCases.count)
        #expect(Set(groups.flatMap(\.self)).count == Classification.Question.allCases.count)
        var dice = Dice(seed: 5)
        for _ in 0..<2_000 {
            let yes = Set(Classification.Question.allCases.filter { _ in Int.random(in: 0..<6, using: &dice) == 0 })
            let one = Classification(Classification.Answers(yes: yes))
            #expect(!one.reasons.isEmpty && !one.duties.isEmpty)
            for more in Classification.Question.prohibited + Classification.Question.areas + [.profiling] {
                let graver = Classification(Classification.Answers(yes: yes.union([more])))
                let order = Classification.Level.allCases
                #expect((order.firstIndex(of: graver.level) ?? 9) <= (order.firstIndex(of: one.level) ?? 0))
            }
        }
    }

    @Test(arguments: Engine.present) func `a prohibited use is suspended at once and cannot come back`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (register, tenant) = (house.register, house.tenant)
        let use = try await register.register(
            AIUseDraft(
                name: "Mood watch", purpose: "Reads faces in meetings.", kind: .tool, status: .live,
                reviewOn: house.today + 30), by: house.steward, of: tenant)
        let empty = await refusal {
            try await register.classify(
                use.id, Classification.Answers(), note: " ", by: house.steward, of: tenant)
        }
        #expect(empty?.code == "text-missing" && empty?.pointers == ["/note"])
        let made = try await register.classify(
            use.id, Classification.Answers(yes: [.emotion]), note: "It infers emotions.", since: 1, by: house.steward,
            of: tenant)
        #expect(made.result.level == .prohibited && made.revision == 2)
        let now = try #require(try await register.find(use.id, of: tenant))
        #expect(now.status == .suspended && !made.isOutdated(by: now))
        let refused = await refusal {
            try await register.move(use.id, to: .live, by: house.steward, of: tenant)
        }
        #expect(refused?.code == "ai-use-prohibited")
        #expect(
            await refusal {
                try await register.classify(
                    use.id, Classification.Answers(), note: "x", since: 1, by: house.steward, of: tenant)
            }?.kind == .stale)
        _ = try await register.classify(
            use.id, Classification.Answers(yes: [.generating]), note: "It only writes minutes now.", by: house.steward,
            of: tenant)
        let back = try await register.move(use.id, to: .live, by: house.steward, of: tenant)
        #expect(back.status == .live)
        let list = try await register.classifications(of: use.id, in: tenant)
        #expect(list.map(\.result.level) == [.transparency, .prohibited])
        #expect(list[0].isOutdated(by: back))
        #expect(try await house.statements(of: ":classified") == 2)
    }
}
