/// How an adaptive test chooses and when it ends.
public struct AdaptiveRules: Hashable, Sendable {
    /// What is believed about the person before the first answer.
    public var prior = AbilityPrior.standard
    /// It ends when the standard deviation of the ability is below this, in logits.
    public var sdGoal = 0.3
    /// Not before so many items.
    public var least = 5
    /// And after so many in any case.
    public var most = 40
    /// The item is drawn among so many of the most informative (randomesque).
    ///
    /// - Source: G. G. Kingsbury and A. R. Zara, Applied Measurement in Education 2 (1989), 359–375.
    public var among = 5
    /// The share of the test that each area of the pool should have; empty: no balance.
    public var areaTargets: [Double] = []
    /// The probability with which an item that was drawn is given, by its place in the pool; empty: always.
    /// `ExposureCap` says which are open (1) or closed (0) by how often they were given so far; `ExposureControl` finds
    /// probabilities beforehand.
    public var admission: [Double] = []
    /// Every so many items one is a check: easy at the ability so far, so that a miss says that somebody answers by
    /// chance, which items at even odds cannot say. 0: none. The test grows by most of the checks.
    public var checkInterval = 0
    /// Answers contradict the model when lz is below this; at −2, about 1 % of honest tests do. See `PersonFit`.
    public var fitFloor = -2.0

    public init() {}

    /// What does not fit together, or does not fit a pool, in a sentence; nil when all does.
    public func fault(for pool: ItemPool) -> String? {
        if !(0.01...10 ~= sdGoal) { return "The goal for the standard deviation must lie between 0.01 and 10." }
        if least < 1 || most < least { return "The least number of items must be 1 or more and the most no less." }
        if checkInterval < 0 { return "Checks must come every 1 or more items, or never." }
        if among < 1 { return "The item must be drawn among 1 or more." }
        if fitFloor.isNaN { return "The floor for lz must be a number." }
        if !areaTargets.isEmpty {
            guard areaTargets.count == pool.areaCount else { return "There must be one target for each area." }
            guard areaTargets.allSatisfy({ $0 >= 0 && $0.isFinite }), areaTargets.contains(where: { $0 > 0 }) else {
                return "Targets must be 0 or more, and one of them above 0."
            }
        }
        if !admission.isEmpty {
            guard admission.count == pool.items.count, admission.allSatisfy({ 0...1 ~= $0 }) else {
                return "There must be one probability of admission for each item, from 0 to 1."
            }
        }
        return nil
    }
}
