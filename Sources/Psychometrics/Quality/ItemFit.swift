import Statistics

/// Whether people with each summed score answer an item as often right as its model says.
///
/// S-X²: observed against expected shares of each score of the item, in groups of people with the same summed score;
/// neighbouring groups are put together until each expects at least one person in each score.
///
/// - Source: M. Orlando and D. Thissen, Applied Psychological Measurement 24 (2000), 50–64; for graded items T. Kang
///   and T. T. Chen, Journal of Educational Measurement 45 (2008), 391–406.
public struct ItemFit: Hashable, Sendable {
    /// Of the items given.
    public let name: String
    /// S-X².
    public let chiSquared: Double
    /// Groups times (scores − 1), less the parameters of the item.
    public let freedom: Int
    /// The probability of so large a value if the model holds.
    public let probability: Double
    /// People who answered all the items.
    public let people: Int

    /// Fit of each item that has any degrees of freedom, in the order given.
    ///
    /// Names are those of the table, whose other items are not looked at. Only people who answered all of them count: a
    /// summed score needs it. Each discrimination counts as a parameter of its item, also where one is shared.
    public static func all(_ items: [(name: String, model: ItemModel)], _ table: AnswerTable) -> [ItemFit] {
        let people = table.complete(items.map(\.name), upTo: items.map(\.model.maximum))
        guard !people.isEmpty, items.count > 1 else { return [] }
        let shares = Population.points.map { point in
            items.map { item in
                (0...item.model.maximum).map { item.model.probability(of: $0, at: point.ability) }
            }
        }
        let sums = people.map { $0.reduce(0, +) }
        return items.indices.compactMap { item in
            let expected = expectedShares(item, shares)
            var observed = expected.map { $0.map { _ in 0.0 } }
            for (person, sum) in zip(people, sums) { observed[sum][person[item]] += 1 }
            return ItemFit(items[item].name, items[item].model, observed, expected, people: people.count)
        }
    }

    /// The share with each score of the item, by summed score.
    private static func expectedShares(_ item: Int, _ shares: [[[Double]]]) -> [[Double]] {
        let scores = shares[0][item].count
        var joint: [[Double]] = []
        for (point, own) in zip(Population.points, shares) {
            var others = own
            others.remove(at: item)
            let rest = SummedScores.distribution(others)
            if joint.isEmpty {
                joint = Array(repeating: Array(repeating: 0, count: scores), count: rest.count + scores - 1)
            }
            for (sum, share) in rest.enumerated() {
                for score in 0..<scores { joint[sum + score][score] += point.share * share * own[item][score] }
            }
        }
        return joint.map { row in
            let sum = row.reduce(0, +)
            return row.map { sum > 0 ? $0 / sum : 0 }
        }
    }

    /// Nil without a degree of freedom.
    private init?(
        _ name: String, _ model: ItemModel, _ observed: [[Double]], _ expected: [[Double]], people: Int
    ) {
        let groups = Self.groups(observed, expected)
        let parameters =
            switch model {
            case .logistic(let item): item.lowerAsymptote > 0 ? 3 : 2
            case .graded(let item): item.thresholds.count + 1
            }
        freedom = groups.count * model.maximum - parameters
        guard freedom > 0 else { return nil }
        var sum = 0.0
        for group in groups {
            for (seen, awaited) in zip(group.seen, group.awaited) where awaited > 0 {
                sum += (seen - awaited) * (seen - awaited) / awaited
            }
        }
        self.name = name
        self.people = people
        chiSquared = sum
        probability = ChiSquared.probability(above: sum, freedom: Double(freedom))
    }

    private struct Group {
        var seen: [Double]
        var awaited: [Double]

        mutating func add(_ other: Group) {
            for score in seen.indices {
                seen[score] += other.seen[score]
                awaited[score] += other.awaited[score]
            }
        }

        var isThin: Bool { awaited.contains { $0 < 1 } }
    }

    /// The lowest and highest sums leave the item no choice and are left out. From each end thin groups join the next
    /// towards the middle.
    private static func groups(_ observed: [[Double]], _ expected: [[Double]]) -> [Group] {
        let all = zip(observed, expected).dropFirst().dropLast().map { seen, shares in
            let people = seen.reduce(0, +)
            return Group(seen: seen, awaited: shares.map { $0 * people })
        }
        var groups = merge(all[...(all.count / 2)])
        let upper = merge(all[(all.count / 2 + 1)...].reversed())
        groups += upper.reversed()
        while groups.count > 1, let thin = groups.firstIndex(where: \.isThin) {
            let neighbour = thin == 0 ? 1 : thin - 1
            groups[neighbour].add(groups[thin])
            groups.remove(at: thin)
        }
        return groups
    }

    private static func merge(_ list: some Sequence<Group>) -> [Group] {
        var groups: [Group] = []
        var open: Group?
        for group in list {
            var whole = open ?? Group(seen: group.seen.map { _ in 0 }, awaited: group.seen.map { _ in 0 })
            whole.add(group)
            open = whole.isThin ? whole : nil
            if open == nil { groups.append(whole) }
        }
        if let open { groups.append(open) }
        return groups
    }
}
