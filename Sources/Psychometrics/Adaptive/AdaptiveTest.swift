import Basis

/// A test that chooses each item by the answers before it.
///
/// A value: pool, rules, seed and the scores so far give the same choices again, so that a stored test can be replayed.
/// By content (Kingsbury and Zara) the area furthest below its target comes next; within it the item is drawn among the
/// most informative at the ability so far, and given with its probability of admission (Sympson and Hetter).
///
/// - Source: W. J. van der Linden and C. A. W. Glas (eds.), Elements of Adaptive Testing (2010), chapters 1, 9 and 10.
public struct AdaptiveTest: Sendable {
    /// An item to be given, and why it is that one.
    public struct Choice: Hashable, Sendable {
        /// Its place in the pool.
        public let item: Int
        /// What was known when it was chosen, in logits.
        public let ability: Double
        /// The item's information about that ability.
        public let information: Double
        /// Among which it was drawn in the end: places in the pool, best first.
        public let candidates: [Int]
        /// Drawn before it, but not admitted so that they are not seen too often; not asked again in this test.
        public let held: [Int]
        /// Chosen to be easy, not to tell much; the candidates are then those nearest to that.
        public let isCheck: Bool
    }

    /// An answered item.
    public struct Given: Hashable, Sendable {
        public let choice: Choice
        public let score: Int
        /// The ability after it, in logits, with its standard deviation.
        public let mean: Double
        public let sd: Double
    }

    /// How a test ended.
    public enum Verdict: Hashable, Sendable {
        /// The ability is known as well as asked.
        case measured
        /// It is not, for this reason.
        case unmeasurable(Reason)
    }

    /// Why no ability can be told.
    public enum Reason: Hashable, Sendable {
        /// The most items were given, or the pool is used up, and the standard deviation is still too high.
        case imprecise
        /// lz is below the floor: the answers contradict the model.
        case contradictory
    }

    public let pool: ItemPool
    public let rules: AdaptiveRules
    public let seed: UInt64
    /// In order.
    public private(set) var given: [Given] = []
    public private(set) var posterior: AbilityPosterior
    /// The item to be answered next; nil when the test is over.
    public private(set) var pending: Choice?
    /// Nil while an item is pending.
    public private(set) var verdict: Verdict?
    private var dice: Dice
    private var answers: [ScoredItem] = []
    private var isOut: [Bool]
    /// What speaks for each item now.
    private var merit: [Double]
    private var areaCounts: [Int]

    /// Starts a test, or takes one up again after these scores.
    ///
    /// The scores are of the items as they will be chosen again; those after the end are left out. Nil when the rules
    /// do not fit the pool (`AdaptiveRules.fault` says why) or an item cannot have its score.
    public init?(_ pool: ItemPool, _ rules: AdaptiveRules = AdaptiveRules(), seed: UInt64, scores: [Int] = []) {
        guard rules.fault(for: pool) == nil else { return nil }
        self.pool = pool
        self.rules = rules
        self.seed = seed
        dice = Dice(seed: seed)
        posterior = AbilityPosterior(rules.prior)
        isOut = Array(repeating: false, count: pool.items.count)
        merit = Array(repeating: 0, count: pool.items.count)
        areaCounts = Array(repeating: 0, count: pool.areaCount)
        pending = choose()
        for score in scores {
            guard let item = pending?.item else { break }
            guard 0...pool.items[item].model.maximum ~= score else { return nil }
            answer(score)
        }
    }

    /// Takes the answer to the pending item in, and chooses the next or ends.
    ///
    /// Does nothing when the test is over. The score must be one that the item can have.
    public mutating func answer(_ score: Int) {
        guard let choice = pending else { return }
        guard let answer = ScoredItem(pool.items[choice.item].model, score: score) else {
            preconditionFailure("a score the item can have")
        }
        posterior.observe(answer)
        answers.append(answer)
        areaCounts[pool.items[choice.item].area] += 1
        given.append(Given(choice: choice, score: score, mean: posterior.mean, sd: posterior.sd))
        let isPrecise = posterior.sd < rules.sdGoal
        let isLong = given.count >= rules.most
        pending = isLong || (isPrecise && given.count >= rules.least) ? nil : choose()
        if pending == nil { verdict = judge() }
    }

    /// lz of the answers so far at the ability so far; nil when it cannot be told.
    public var personFit: Double? { PersonFit.lz(answers, at: posterior.mean) }

    private func judge() -> Verdict {
        if let fit = personFit, fit < rules.fitFloor { return .unmeasurable(.contradictory) }
        return posterior.sd < rules.sdGoal ? .measured : .unmeasurable(.imprecise)
    }

    private mutating func choose() -> Choice? {
        guard let area = nextArea() else { return nil }
        if isCheck {
            pool.fill(&merit, at: posterior.mean, near: Self.checkShare)
        } else {
            pool.fill(&merit, at: posterior.mean)
        }
        var held: [Int] = []
        while true {
            let candidates = best(in: area)
            if candidates.isEmpty { break }
            let item = candidates[candidates.count == 1 ? 0 : Int.random(in: 0..<candidates.count, using: &dice)]
            isOut[item] = true
            if rules.admission.isEmpty || Double.random(in: 0..<1, using: &dice) < rules.admission[item] {
                return choice(item, among: candidates, held: held)
            }
            held.append(item)
        }
        // All that are left were held back: the best is given all the same.
        guard let item = held.max(by: { merit[$0] < merit[$1] }) else { return nil }
        for other in held where other != item { isOut[other] = false }
        return choice(item, among: [item], held: held.filter { $0 != item })
    }

    private func choice(_ item: Int, among candidates: [Int], held: [Int]) -> Choice {
        Choice(
            item: item, ability: posterior.mean,
            information: pool.items[item].model.information(at: posterior.mean), candidates: candidates, held: held,
            isCheck: isCheck)
    }

    /// Whether the next item is a check.
    private var isCheck: Bool {
        rules.checkInterval > 0 && (given.count + 1) % rules.checkInterval == 0
    }

    /// The share of right answers that a check should have.
    private static let checkShare = 0.92

    /// The area furthest below its target that still has items; −1 for any; nil when none is left.
    private mutating func nextArea() -> Int32? {
        guard !rules.areaTargets.isEmpty else { return isOut.contains(false) ? -1 : nil }
        var hasItems = Array(repeating: false, count: pool.areaCount)
        for place in isOut.indices where !isOut[place] { hasItems[Int(pool.areas[place])] = true }
        let sum = rules.areaTargets.reduce(0, +)
        var (furthest, deficit): ([Int], Double) = ([], -.infinity)
        for area in hasItems.indices where hasItems[area] {
            let own = rules.areaTargets[area] / sum * Double(given.count + 1) - Double(areaCounts[area])
            if own > deficit + 1e-9 {
                (furthest, deficit) = ([area], own)
            } else if own > deficit - 1e-9 {
                furthest.append(area)
            }
        }
        guard let first = furthest.first else { return nil }
        return Int32(furthest.count == 1 ? first : furthest[Int.random(in: furthest.indices, using: &dice)])
    }

    /// Up to `among` places of items that are not out, best first; the earlier of two alike.
    private func best(in area: Int32) -> [Int] {
        var best: [Int] = []
        var floor = -Double.infinity
        isOut.withUnsafeBufferPointer { isOut in
            merit.withUnsafeBufferPointer { merit in
                for place in isOut.indices where merit[place] > floor && !isOut[place] {
                    if area >= 0, pool.areas[place] != area { continue }
                    let index = best.firstIndex { merit[$0] < merit[place] } ?? best.count
                    best.insert(place, at: index)
                    if best.count > rules.among { best.removeLast() }
                    if best.count == rules.among, let last = best.last { floor = merit[last] }
                }
            }
        }
        return best
    }
}
