import Basis
import Intent
import People
import Storage
import StorageTesting
import Testing

@Suite struct LeewayPolicyTests {
    @Test func `the ceiling is minutes without the guaranteed share, rounded down`() {
        #expect(LeewayTerms(minutes: 240, share: 0.9)?.ceiling == 24)
        #expect(LeewayTerms(minutes: 100, share: 0.333)?.ceiling == 66)
        #expect(LeewayTerms(minutes: 240, share: 0)?.ceiling == 240)
        #expect(LeewayTerms(minutes: 240, share: 1)?.ceiling == 0)
        #expect(LeewayTerms(minutes: 240, share: 1.1) == nil)
        #expect(LeewayTerms(minutes: 240, share: .nan) == nil)
        #expect(LeewayTerms(minutes: -1, share: 0.5) == nil)
        for minutes in stride(from: 0, through: 600, by: 7) {
            for share in 0...100 {
                let terms = LeewayTerms(minutes: minutes, shareBasisPoints: share * 100)
                #expect(terms.ceiling == minutes * (100 - share) / 100)
                #expect(terms.ceiling + terms.guaranteed == minutes)
            }
        }
    }

    @Test(arguments: Engine.present) func `the first rule that holds decides, and versions stay`(
        engine: Engine
    ) async throws {
        let house = try await House(on: engine)
        let (policies, tenant) = (house.policies, house.tenant)
        #expect(try await policies.current(of: tenant) == .initial)
        let sales = LeewayTerms(minutes: 120, shareBasisPoints: 2_500)
        let learners = LeewayTerms(minutes: 300, shareBasisPoints: 6_667)
        let set = try await policies.set(
            [
                LeewayPolicy.Rule(name: "Sales", audience: .unit(house.sales), terms: sales),
                LeewayPolicy.Rule(name: "Learners", audience: .role(.learner), terms: learners),
            ], fallback: .initial, note: "Quarter's end", by: house.steward, of: tenant)
        #expect(set.version == 1)
        #expect(try await policies.current(of: tenant) == set)
        let facts = try await house.directory.facts(of: tenant)
        let seller = try #require(facts.first { $0.id == house.sellers[0] })
        let clerk = try #require(facts.first { $0.id == house.clerks[0] })
        let sponsor = try #require(facts.first { $0.id == house.sponsor })
        #expect(set.decision(for: seller).rule == "Sales")
        #expect(set.terms(for: seller).ceiling == 90)
        #expect(set.terms(for: clerk) == learners)
        #expect(set.decision(for: sponsor).rule == nil)
        let stale = await refusal {
            try await policies.set([], fallback: .initial, since: 0, by: house.steward, of: tenant)
        }
        #expect(stale?.code == "policy-changed")
        let next = try await policies.set([], fallback: sales, since: 1, by: house.steward, of: tenant)
        #expect(next.version == 2)
        #expect(try await policies.versions(of: tenant).map(\.rules.count) == [0, 2])
        #expect(try await house.changes.changes(of: .policy, in: tenant).count == 2)
        #expect(try await house.statements(of: ":published") == 2)
    }

    @Test func `a rule has a name`() async throws {
        let house = try await House(on: .memory)
        let rule = LeewayPolicy.Rule(name: " ", audience: .everyone, terms: .initial)
        let problem = await refusal {
            try await house.policies.set([rule], fallback: .initial, by: house.steward, of: house.tenant)
        }
        #expect(problem?.pointers == ["/rules/0/name"])
    }
}
