/// How far each step of a funnel was reached: published, delivered, opened, understood, applied.
public struct Funnel: Hashable, Sendable {
    /// One step.
    public struct Step: Hashable, Sendable {
        public let count: Int
        /// count ÷ audience, with Wilson's interval; nil when the audience is empty.
        public let reach: Interval?
        /// count ÷ the step before, with Wilson's interval; nil when nobody reached that.
        public let conversion: Interval?
    }

    public let steps: [Step]
    public let audience: Int

    /// Nil when there is no step, a count is below 0 or above the one before.
    ///
    /// - Shape: counts of people at each step, each among those of the step before; the first is the audience.
    public init?(_ counts: [Int], level: Double = 0.95) {
        guard let audience = counts.first, counts.allSatisfy({ $0 >= 0 }),
            zip(counts, counts.dropFirst()).allSatisfy(>=)
        else { return nil }
        self.audience = audience
        steps = zip([audience] + counts, counts).map { before, count in
            Step(
                count: count, reach: Proportion.wilson(count, of: audience, level: level),
                conversion: Proportion.wilson(count, of: before, level: level))
        }
    }
}

/// Which groups may be shown when a total over all of them is shown, too.
public enum Suppression {
    /// What may be shown of groups of these sizes.
    public struct Decision: Hashable, Sendable {
        /// Of each group, in the order given.
        public let isShown: [Bool]
        /// People in the hidden groups together: what the total less the shown groups tells.
        public let hidden: Int
    }

    /// The rule: a group smaller than the minimum is hidden. If a group with somebody in it is hidden, the hidden ones
    /// are at least two and hold at least `minimum` people together; as long as they do not, the smallest group that is
    /// still shown is hidden, too (of equal ones the first). So the total less the shown groups never tells of fewer
    /// people than the minimum, nor of one group.
    ///
    /// It looks at one table. Tables of the same people cut in two ways, or at two times, can still tell a group from
    /// their difference. Empty groups tell nothing and are hidden without hiding others.
    ///
    /// - Source: L. Willenborg and T. de Waal, Elements of Statistical Disclosure Control (2001).
    public static func decide(sizes: [Int], minimum: Int = 10) -> Decision {
        var isShown = sizes.map { $0 >= max(1, minimum) }
        func hiddenPlaces() -> [Int] { sizes.indices.filter { !isShown[$0] && sizes[$0] > 0 } }
        var hidden = hiddenPlaces()
        while !hidden.isEmpty, hidden.count < 2 || hidden.reduce(0, { $0 + sizes[$1] }) < minimum {
            guard let next = sizes.indices.filter({ isShown[$0] }).min(by: { sizes[$0] < sizes[$1] }) else { break }
            isShown[next] = false
            hidden = hiddenPlaces()
        }
        return Decision(isShown: isShown, hidden: hidden.reduce(0) { $0 + sizes[$1] })
    }
}
