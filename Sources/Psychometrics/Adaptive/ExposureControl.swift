/// Finds with which probability each item may be given so that none is seen too often.
///
/// - Source: J. B. Sympson and R. D. Hetter, Proceedings of the 27th annual meeting of the Military Testing Association
///   (1985), 973–977.
public struct ExposureControl: Sendable {
    /// By place in the pool, for `AdaptiveRules.admission`.
    public let admission: [Double]
    /// The rate of the item seen most often, and the mean length of a test, in each round.
    public let rounds: [(top: Double, meanLength: Double)]

    /// Simulates tests, round after round: an item drawn in a share P of tests, above the limit r, is admitted with r
    /// ÷ P from then on.
    ///
    /// The limit is the highest share of tests in which an item may be given, from 0.01 to 1. The rates come to lie
    /// around it, the highest of many a little above: ask for a little less. Nil when the rules do not fit the pool or
    /// a number is out of its range.
    public init?(
        _ pool: ItemPool, _ rules: AdaptiveRules, limit: Double, rounds: Int = 15, tests: Int = 2_000, seed: UInt64,
        people: AbilityPrior? = nil
    ) {
        guard 0.01...1 ~= limit, rounds > 0 else { return nil }
        var rules = rules
        rules.admission = Array(repeating: 1, count: pool.items.count)
        var history: [(top: Double, meanLength: Double)] = []
        for round in 0..<rounds {
            guard
                let run = AdaptiveSimulation(
                    pool, rules, tests: tests, seed: seed &+ UInt64(round) &* 0xD134_2543_DE82_EF95, people: people)
            else { return nil }
            history.append((run.exposure.top, run.meanLength))
            for place in pool.items.indices {
                let share = Double(run.drawn[place]) / Double(tests)
                rules.admission[place] = share > limit ? limit / share : 1
            }
        }
        admission = rules.admission
        self.rounds = history
    }
}
