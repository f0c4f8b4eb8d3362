import Authorization
import Basis
import People
import Storage
import StorageTesting
import Testing

@testable import Intent

@Suite struct AccessRulesBookTests {
    @Test func `the rules that Leeway ships with are sound and canonical`() throws {
        let check = RulesCheck(
            rules: ShippedRules.text, tests: ShippedRules.tests,
            against: AccessVocabulary.vocabulary(attributes: []))
        #expect(check.findings.map(\.sentence) == [])
        #expect(check.policies > 10 && check.tests > 8)
        let set = try PolicySet(parsing: ShippedRules.text)
        #expect(try PolicySet(parsing: set.text) == set)
        #expect(set.policies.allSatisfy { !$0.reason.isEmpty })
    }

    @Test(arguments: Engine.present) func `a draft is kept however wrong, and told of every mistake with its place`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        let (book, tenant, steward) = (house.book, house.tenant, house.steward)
        let rules = """
            @id("typo")
            permit (principal is Persn, action == Action::"recommend", resource)
            when { resource.colour = "red" };
            """
        let draft = try await book.save(rules: rules, tests: "test x", since: nil, by: steward, of: tenant)
        #expect(draft.revision == 1 && draft.base == 0)
        let check = try await book.check(rules: draft.rules, tests: draft.tests, of: tenant)
        #expect(check.findings.contains { $0.part == .rules && $0.kind == .text && $0.position?.line == 3 })
        #expect(check.findings.contains { $0.part == .tests && $0.kind == .text })
        let refused = await refusal {
            try await book.publish(draft: 1, reason: "Because.", by: steward, of: tenant)
        }
        #expect(refused?.code == "rules-text" && refused?.issues.first?.line == 3)
        // Nothing half-published, and the draft is still there.
        #expect(try await book.current(of: tenant).version == 0)
        #expect(try await book.draft(of: tenant) == draft)
        #expect(
            await refusal { try await book.save(rules: "", tests: "", since: nil, by: steward, of: tenant) }?.code
                == "rules-changed")
        house.clock.pass(.seconds(1))
        try await book.discard(by: steward, of: tenant)
        #expect(try await book.draft(of: tenant) == nil)
        #expect(try await house.house.changes.changes(of: .rules, in: tenant).map(\.what) == [.discarded, .drafted])
    }

    @Test(arguments: Engine.present) func `words that there are not are told with line, column and the closest`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        let wrong = ShippedRules.text + forbidding(.recommend, when: "resource.colour == \"red\"")
        let check = try await house.book.check(rules: wrong, tests: ShippedRules.tests, of: house.tenant)
        let finding = try #require(check.findings.first)
        #expect(finding.kind == .vocabulary && finding.found.contains("colour"))
        #expect(finding.position?.line == wrong.split(separator: "\n", omittingEmptySubsequences: false).count - 1)
        let silent = ShippedRules.text + "@id(\"mute\") forbid (principal, action, resource) when { false };"
        let told = try await house.book.check(rules: silent, tests: ShippedRules.tests, of: house.tenant)
        #expect(told.findings.map(\.found) == ["mute"])
    }

    @Test(arguments: Engine.present) func `rules whose tests fail are refused with the test and what it found`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        let refused = await refusal { try await house.publish(forbidding(.recommend)) }
        #expect(refused?.code == "rules-test")
        #expect(refused?.detail.contains("Everybody gets suggestions") == true)
        #expect(try await house.book.current(of: house.tenant).version == 0)
    }

    @Test(arguments: Engine.present) func `there is always a way back: a steward can change the rules again`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        func refused(_ policy: String) async -> String? {
            await refusal {
                try await house.book.publish(
                    rules: ShippedRules.text + policy, tests: "", reason: "Try.", by: house.steward, of: house.tenant)
            }?.code
        }
        #expect(await refused(forbidding(.publishRules)) == "rules-lock-out")
        let stewards = "principal is Person && principal.roles.contains(\"steward\")"
        #expect(await refused(forbidding(.publishRules, when: stewards)) == "rules-lock-out")
        // Only on Mondays is enough, and one of two stewards is.
        #expect(await refused(forbidding(.publishRules, when: "context.weekday != 1")) == nil)
        let other = try await house.house.directory.save(
            PersonDraft(key: "second", name: "Second", roles: [.steward]), of: house.tenant)
        #expect(
            await refused(forbidding(.publishRules, when: "principal != Person::\"\(other.id)\"")) == nil)
        try await house.house.directory.deactivate(other.id, of: house.tenant)
        #expect(
            await refused(forbidding(.publishRules, when: "principal != Person::\"\(other.id)\"")) == "rules-lock-out")
    }

    @Test(arguments: Engine.present) func `versions stay, are compared, and an earlier one comes back as a new one`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        let (book, tenant, steward) = (house.book, house.tenant, house.steward)
        let rule = forbidding(.viewStatements, "quiet")
        let draft = try await book.save(
            rules: ShippedRules.text + rule, tests: ShippedRules.tests, since: nil, by: steward, of: tenant)
        house.clock.pass(.seconds(1))
        let first = try await book.publish(
            draft: draft.revision, reason: "Quiet weeks.", by: steward, of: tenant)
        #expect(first.version == 1 && first.by == steward)
        #expect(try await book.draft(of: tenant) == nil)
        let difference = try await book.difference(from: 0, to: 1, of: tenant)
        #expect(difference.changes.map(\.id) == ["quiet"] && difference.changes.map(\.kind) == [.added])
        #expect(
            await refusal { try await book.restore(1, reason: "Again.", by: steward, of: tenant) }?.code
                == "rules-in-force")
        #expect(
            await refusal { try await book.restore(0, reason: " ", by: steward, of: tenant) }?.code == "text-missing")
        house.clock.pass(.seconds(1))
        let back = try await book.restore(0, reason: "It was too quiet.", by: steward, of: tenant)
        #expect(back.version == 2 && back.restoredFrom == 0 && back.rules == ShippedRules.text)
        #expect(try await book.versions(of: tenant).map(\.version) == [2, 1, 0])
        #expect(
            try await house.house.changes.changes(of: .rules, in: tenant).map(\.what)
                == [.restored, .published, .drafted])
        #expect(try await house.house.statements(of: ":restored") == 1)
        #expect(await refusal { try await book.version(9, of: tenant) }?.code == "rules-missing")
    }

    @Test(arguments: Engine.present) func `a draft written after older rules is not published over newer ones`(
        engine: Engine
    ) async throws {
        let house = try await AccessHouse(on: engine)
        let draft = try await house.book.save(
            rules: ShippedRules.text, tests: "", since: nil, by: house.steward, of: house.tenant)
        _ = try await house.publish(forbidding(.viewStatements))
        let refused = await refusal {
            try await house.book.publish(
                draft: draft.revision, reason: "Late.", by: house.steward, of: house.tenant)
        }
        #expect(refused?.code == "rules-outdated" && refused?.kind == .stale)
    }
}
