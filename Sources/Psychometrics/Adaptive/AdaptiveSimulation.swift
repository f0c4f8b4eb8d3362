public import Basis
import Foundation
import Statistics

/// What an adaptive test would do with people whose ability is known, because it is simulated.
public struct AdaptiveSimulation: Sendable {
    /// How many tests.
    public let tests: Int
    /// Items a test, over all tests.
    public let meanLength: Double
    /// The root of the mean squared error of the ability, over all tests, in logits.
    public let rootMeanSquareError: Double
    /// The mean error.
    public let bias: Double
    /// The share of tests whose 90 % interval held the ability.
    public let coverage: Double
    /// The share of tests that ended in each way.
    public let measured: Double
    public let imprecise: Double
    public let contradictory: Double
    /// How often each item was given.
    public let exposure: ExposureReport
    /// How often each item was drawn, given or held back.
    public let drawn: [Int]
    /// The share of all given items in each area.
    public let areaShares: [Double]

    /// How a simulated person answers: the score, given the item's place in the pool and the ability.
    public typealias Answering = (_ item: Int, _ ability: Double, inout Dice) -> Int

    /// People come from the rules' prior, and answer as the model says, where nothing else is given. A cap replaces the
    /// rules' admission before each test.
    ///
    /// Nil when the rules do not fit the pool, or there is no test.
    public init?(
        _ pool: ItemPool, _ rules: AdaptiveRules = AdaptiveRules(), tests: Int, seed: UInt64,
        people: AbilityPrior? = nil, cap: ExposureCap? = nil, answering: Answering? = nil
    ) {
        guard tests > 0 else { return nil }
        var rules = rules
        var dice = Dice(seed: seed)
        let people = people ?? rules.prior
        var (length, square, error, held) = (0, 0.0, 0.0, 0)
        var ends: [AdaptiveTest.Verdict: Int] = [:]
        var counts = Array(repeating: 0, count: pool.items.count)
        var drawn = counts
        var areas = Array(repeating: 0.0, count: pool.areaCount)
        for done in 0..<tests {
            if let cap { rules.admission = cap.admission(counts: counts, tests: done) }
            let ability = people.mean + people.sd * Self.normal(&dice)
            guard var test = AdaptiveTest(pool, rules, seed: dice.next()) else { return nil }
            while let choice = test.pending {
                counts[choice.item] += 1
                drawn[choice.item] += 1
                for item in choice.held { drawn[item] += 1 }
                areas[pool.items[choice.item].area] += 1
                test.answer(
                    answering?(choice.item, ability, &dice)
                        ?? Self.score(pool.items[choice.item].model, ability, &dice))
            }
            let lean = test.posterior.mean - ability
            let interval = test.posterior.interval()
            length += test.given.count
            square += lean * lean
            error += lean
            if interval.low <= ability, ability <= interval.high { held += 1 }
            if let verdict = test.verdict { ends[verdict, default: 0] += 1 }
        }
        let all = Double(tests)
        self.tests = tests
        meanLength = Double(length) / all
        rootMeanSquareError = (square / all).squareRoot()
        bias = error / all
        coverage = Double(held) / all
        measured = Double(ends[.measured] ?? 0) / all
        imprecise = Double(ends[.unmeasurable(.imprecise)] ?? 0) / all
        contradictory = Double(ends[.unmeasurable(.contradictory)] ?? 0) / all
        exposure = ExposureReport(counts: counts, tests: tests)
        self.drawn = drawn
        areaShares = areas.map { $0 / Double(max(1, length)) }
    }

    /// A draw from the standard normal distribution.
    static func normal(_ dice: inout Dice) -> Double {
        Normal.quantile(Double.random(in: Double.leastNonzeroMagnitude..<1, using: &dice))
    }

    /// A score as the model gives it to people of this ability.
    public static func score(_ model: ItemModel, _ ability: Double, _ dice: inout Dice) -> Int {
        var left = Double.random(in: 0..<1, using: &dice)
        for score in 0..<model.maximum {
            left -= model.probability(of: score, at: ability)
            if left < 0 { return score }
        }
        return model.maximum
    }
}
