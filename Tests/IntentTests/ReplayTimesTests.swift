import Authorization
import Basis
import Foundation
import Storage
import StorageTesting
import Testing

@testable import Intent

@Suite struct ReplayTimesTests {
    private static let count = ProcessInfo.processInfo.environment["LEEWAY_REPLAY_DECISIONS"].flatMap { Int($0) }

    /// Nothing is asserted of the time: it is printed for whoever asks with `LEEWAY_REPLAY_DECISIONS`.
    @Test(.enabled(if: count != nil)) func `the time of a replay is taken, with 200 policies`() async throws {
        let house = try await AccessHouse(on: .file)
        let count = Self.count ?? 0
        var rules = ShippedRules.text
        for number in 0..<187 {
            let action = AccessAction.allCases[number % AccessAction.allCases.count].rawValue
            rules += """
                @id("rule-\(number)") @reason("One of many.")
                forbid (principal is Person in Unit::"Unit \(number)", action == Action::"\(action)", resource);

                """
        }
        let people = house.house.sellers + house.house.clerks + [house.steward]
        let began = ContinuousClock.now
        let decided = min(count, 2_000)
        for number in 0..<decided {
            _ = try await house.decide(
                people[number % people.count], .viewPerson, .person(people[number % 5]))
        }
        let perDecision = (ContinuousClock.now - began) / max(1, decided)
        let some = house.desk.waiting.take()
        for start in stride(from: 0, to: count, by: 5_000) {
            try await house.house.database.write { connection in
                for number in start..<min(count, start + 5_000) {
                    var record = some[number % some.count]
                    record.digest = withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) }
                    _ = try record.put(on: connection)
                }
            }
        }
        let draft = try PolicySet(parsing: rules)
        let replayBegan = ContinuousClock.now
        let what = try await house.decisions.replay(draft, of: house.tenant, for: .seesPeople)
        print("a decision with its facts: \(perDecision)")
        print("a replay of \(what.records) records: \(ContinuousClock.now - replayBegan)")
        #expect(what.records == count && what.isSame)
    }
}
