import Authorization
import Basis
import Foundation
import Testing

@Suite struct AuthorizerTests {
    @Test func `the order of policies changes no decision`() throws {
        for seed in 0..<150 as Range<UInt64> {
            var generator = PolicyGenerator(seed: seed)
            generator.world()
            let policies = try (0..<10).map { number in
                let policy = try PolicySet(parsing: generator.policy()).policies[0]
                return Policy(
                    id: "\(number)", policy.effect, principal: policy.principal, action: policy.action,
                    resource: policy.resource, clauses: policy.clauses)
            }
            let entities = try Entities(generator.entities)
            let forth = Authorizer(try PolicySet(policies))
            let back = Authorizer(try PolicySet(policies.reversed()))
            let alone = try policies.map { Authorizer(try PolicySet([$0])) }
            for _ in 0..<10 {
                let request = generator.request()
                let decision = forth.decide(request, entities)
                let other = back.decide(request, entities)
                #expect(decision.isAllowed == other.isAllowed, "seed \(seed)")
                #expect(decision.determining == other.determining.reversed(), "seed \(seed)")
                #expect(decision.failures == other.failures.reversed(), "seed \(seed)")
                // Each policy says the same alone as among others.
                let singles = alone.map { $0.decide(request, entities) }
                let failures = singles.flatMap(\.failures)
                #expect(decision.failures == failures, "seed \(seed)")
                let applying = zip(policies, singles).filter { !$1.determining.isEmpty }
                let isForbidden = applying.contains { $0.0.effect == .forbid }
                let deciding = applying.filter { ($0.0.effect == .forbid) == isForbidden }.map(\.0.id)
                #expect(decision.determining == deciding, "seed \(seed)")
            }
        }
    }

    @Test func `a request meets few of two hundred policies`() throws {
        let organisation = try SampleOrganisation()
        #expect(organisation.policies.policies.count == 200)
        let authorizer = Authorizer(organisation.policies)
        var dice = Dice(seed: 3)
        var (met, allowed, forbidden, failed) = (0, 0, 0, 0)
        for _ in 0..<500 {
            let request = SampleOrganisation.request(&dice)
            met += authorizer.candidateCount(for: request, organisation.entities)
            let decision = authorizer.decide(request, organisation.entities)
            allowed += decision.isAllowed ? 1 : 0
            forbidden += !decision.isAllowed && !decision.determining.isEmpty ? 1 : 0
            failed += decision.failures.count
        }
        #expect(met / 500 < 20)
        #expect(allowed > 50 && forbidden > 50 && failed > 10)
    }

    @Test func `every decision of a replay is the same again`() throws {
        let organisation = try SampleOrganisation()
        let authorizer = Authorizer(organisation.policies)
        let again = Authorizer(try PolicySet(parsing: organisation.policies.text))
        var dice = Dice(seed: 4)
        for _ in 0..<2_000 {
            let request = SampleOrganisation.request(&dice)
            let (first, second) = (
                authorizer.decide(request, organisation.entities), again.decide(request, organisation.entities)
            )
            #expect(first.isAllowed == second.isAllowed && first.determining == second.determining)
            #expect(first.failures.map(\.id) == second.failures.map(\.id))
        }
    }

    /// `LEEWAY_DECISION_TIMES` says how many to take, and has them told.
    @Test func `the times of decisions are taken`() throws {
        let wanted = ProcessInfo.processInfo.environment["LEEWAY_DECISION_TIMES"].flatMap { Int($0) }
        let times = DecisionTimes(try SampleOrganisation(), count: wanted ?? 1_000)
        if wanted != nil {
            let quantiles = [0.5, 0.9, 0.99, 0.999].map { "p\($0 * 100): \(times.quantile($0)) µs" }
            print("Decisions: \(quantiles.joined(separator: ", ")), all: \(times.total) s")
        }
        #expect(times.total > 0 && times.quantile(0.5) <= times.quantile(0.99) && times.allowed > 0)
    }
}
