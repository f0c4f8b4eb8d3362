public import Basis
import Intent
public import Statistics

/// How far one version of a strategy came with the people it is addressed to.
///
/// Published → delivered → viewed → opened → understood → applied, each among those of the step before; acknowledged
/// stands beside them and is never taken for understood.
///
/// - Source: field notes A3.2.
public struct StrategyFunnel: Hashable, Sendable {
    /// One step of it.
    public struct Step: Hashable, Sendable {
        public let name: String
        /// Nil while it cannot be counted, or may not be shown.
        public let count: Int?
        /// Of all addressed; Wilson's interval.
        public let reach: Interval?
        /// Of the step before; Wilson's interval.
        public let conversion: Interval?
        /// What it needs; nil when there is a count.
        public let needs: String?
    }

    /// The same for the people of one unit, or of the units that may not be shown one by one.
    public struct Group: Hashable, Sendable {
        /// The unit's path.
        public let name: String
        public let people: Int
        /// As `StrategyFunnel.steps`.
        public let steps: [Step]
        /// The share that opened it within 30 days, while some were not watched that long: Kaplan–Meier.
        public let opening: Interval?
    }

    public let strategy: ID<Strategy>
    public let version: Int
    public let people: Int
    public let steps: [Step]
    /// Acknowledged, and applied whether or not it was understood.
    public let beside: [Figure]
    /// How soon it was opened and applied, by Kaplan and Meier.
    public let times: [Figure]
    /// What the comprehension check says.
    public let understanding: [Figure]
    /// Units of at least `Measures.unitMinimum` people, as far as others cannot be told from them.
    public let units: [Group]
    /// All other units together; nil when all are shown, or what is left tells of too few.
    public let rest: Group?
    public let asOf: Moment
}

/// One person a strategy is addressed to, and how far they came.
struct ReachPerson: Sendable {
    let strategy: ID<Strategy>
    let person: ID<Person>
    let unit: ID<Unit>?
    let deliveredAt: Moment?
    /// When a letter brought it, too.
    var mailedAt: Moment?
    let viewedAt: Moment?
    let openedAt: Moment?
    let acknowledgedAt: Moment?
    /// Nil when the version has no check.
    let isUnderstood: Bool?
    /// When they had more evidence on its skills than in as many days before they opened it.
    let appliedAt: Moment?

    static let window = Duration.days(30)
}

extension StrategyFunnel {
    init(
        _ record: StrategyRecord, _ people: [ReachPerson], units names: (ID<Unit>) -> String, hasCheck: Bool,
        understanding: [Figure], asOf now: Moment
    ) {
        let end = min(now, record.endedAt ?? now)
        let isLarge = people.count >= Measures.unitMinimum
        strategy = record.id
        version = record.version
        asOf = now
        self.people = people.count
        self.understanding = understanding
        steps = StrategyFunnel.steps(people, hasCheck: hasCheck, showsLearning: isLarge)
        beside = [
            Figure(
                "Also delivered by letter (opening one is not recorded)", people.count { $0.mailedAt != nil },
                outOf: people.count, of: "people addressed"),
            Figure(
                "Acknowledged", people.count { $0.acknowledgedAt != nil }, outOf: people.count, of: "people addressed"),
            isLarge
                ? Figure(
                    "Applied, understood or not (associated)", people.count { $0.appliedAt != nil },
                    outOf: people.count, of: "people addressed")
                : Figure("Applied, understood or not (associated)", nil, of: "people", needs: Measures.fewPeople),
        ]
        times = isLarge ? StrategyFunnel.times(people, until: end) : []
        let groups = Dictionary(grouping: people, by: \.unit)
            .map { (name: $0.key.map(names) ?? "No unit", people: $0.value) }.sorted { $0.name < $1.name }
        let decision = Suppression.decide(sizes: groups.map(\.people.count), minimum: Measures.unitMinimum)
        func group(_ name: String, _ people: [ReachPerson]) -> Group {
            Group(
                name: name, people: people.count,
                steps: StrategyFunnel.steps(people, hasCheck: hasCheck, showsLearning: true),
                opening: StrategyFunnel.share(of: StrategyFunnel.opening(people, until: end)))
        }
        units = zip(groups, decision.isShown).filter(\.1).map { group($0.0.name, $0.0.people) }
        let hidden = zip(groups, decision.isShown).filter { !$0.1 }.flatMap(\.0.people)
        rest =
            hidden.count >= Measures.unitMinimum && !units.isEmpty
            ? group("Units of fewer than \(Measures.unitMinimum), together", hidden) : nil
    }

    private static func steps(_ people: [ReachPerson], hasCheck: Bool, showsLearning: Bool) -> [Step] {
        let opened = people.filter { $0.openedAt != nil }
        let understood = opened.filter { $0.isUnderstood == true }
        let applied = (hasCheck ? understood : opened).filter { $0.appliedAt != nil }
        var counts: [(name: String, count: Int)] = [
            ("Published to", people.count), ("Delivered", people.count { $0.deliveredAt != nil }),
            ("Viewed", people.count { $0.viewedAt != nil }), ("Opened", opened.count),
        ]
        if hasCheck, showsLearning { counts.append(("Understood", understood.count)) }
        if showsLearning { counts.append(("Applied (associated)", applied.count)) }
        let funnel = Funnel(counts.map(\.count))
        var steps = counts.enumerated().map { place, one in
            Step(
                name: one.name, count: one.count, reach: funnel?.steps[place].reach,
                conversion: place == 0 ? nil : funnel?.steps[place].conversion, needs: nil)
        }
        func missing(_ name: String, _ needs: String) -> Step {
            Step(name: name, count: nil, reach: nil, conversion: nil, needs: needs)
        }
        if !showsLearning {
            steps += [missing("Understood", Measures.fewPeople), missing("Applied (associated)", Measures.fewPeople)]
        } else if !hasCheck {
            steps.insert(missing("Understood", "a comprehension check with this version"), at: 4)
        }
        return steps
    }

    // MARK: While windows are open

    static func opening(_ people: [ReachPerson], until end: Moment) -> [FollowUp] {
        people.compactMap { one in
            guard let start = one.deliveredAt, start <= end else { return nil }
            if let opened = one.openedAt { return FollowUp(exit: days(from: start, to: opened), event: 0) }
            return FollowUp(exit: days(from: start, to: end), event: nil)
        }
    }

    static func applying(_ people: [ReachPerson], until end: Moment) -> [FollowUp] {
        people.compactMap { one in
            guard let start = one.openedAt else { return nil }
            if let applied = one.appliedAt { return FollowUp(exit: days(from: start, to: applied), event: 0) }
            let watched = min(end, start + ReachPerson.window)
            return FollowUp(exit: days(from: start, to: watched), event: nil)
        }
    }

    private static func days(from start: Moment, to end: Moment) -> Double {
        max(0, (end - start).seconds / 86_400)
    }

    /// The share that had its event within 30 days.
    static func share(of followUps: [FollowUp]) -> Interval? {
        guard let open = KaplanMeier(followUps)?.interval(at: 30) else { return nil }
        return Interval(
            estimate: 1 - open.estimate, low: 1 - open.high, high: 1 - open.low, level: open.level,
            method: "Kaplan–Meier, \(open.method)")
    }

    private static func times(_ people: [ReachPerson], until end: Moment) -> [Figure] {
        let (opening, applying) = (opening(people, until: end), applying(people, until: end))
        let first = share(of: opening)
        let second = share(of: applying)
        let median = survival(
            opening, median: "Time until opened, median", open: "", at: 30, things: "people it was delivered to",
            done: "opened it")[0]
        return [
            Figure(
                "Opened within 30 days of delivery", first?.estimate, of: "\(opening.count) people, some still watched",
                interval: first, needs: "people whom it was delivered to 30 days ago"),
            median,
            Figure(
                "Applied within 30 days of opening (associated)", second?.estimate,
                of: "\(applying.count) people who opened it, some still watched", interval: second,
                needs: "people who opened it 30 days ago"),
        ]
    }
}
