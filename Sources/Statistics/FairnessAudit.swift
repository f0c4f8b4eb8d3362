public import Basis

/// Whether a learner model serves all groups alike: as good at telling right from wrong, as honest in its chances.
///
/// Groups that are too small for their numbers to be shown are left out, so that nobody can be told from them. No
/// difference found is not none: see `ABROCA.power`.
public struct FairnessAudit: Hashable, Sendable {
    /// One group's figures, with what they were counted from.
    public struct Group: Hashable, Sendable {
        public let group: Int
        public let learners: Int
        public let answers: Int
        public let right: Int
        /// Nil with fewer than `FairnessAudit.fewestOfEach` right or wrong answers.
        public let ranking: RankingQuality?
        public let calibration: Calibration?
    }

    /// A group beside the reference.
    public struct Comparison: Hashable, Sendable {
        public let group: Int
        public let reference: Int
        /// The group's AUC less that of the reference; nil when one of them has none.
        public let auc: Interval?
        /// Nil when one of them has too few right or wrong answers.
        public let abroca: ABROCA?
        /// `abroca.p` among those of all groups, by Holm's method.
        public let adjustedP: Double?
        /// The group's calibration gap less that of the reference.
        public let calibrationGap: Interval?
    }

    /// Right or wrong answers below which nothing is said about ranking.
    public static let fewestOfEach = 10

    /// Those that may be shown, by number.
    public let groups: [Group]
    /// Learners of groups that are not shown.
    public let hiddenLearners: Int
    public let hiddenGroups: Int
    /// The group that the others are compared with: the one asked for, else the one with the most learners.
    public let reference: Int?
    public let comparisons: [Comparison]

    /// - Range: groups under `minimum` learners are hidden, and with them as many others as `Suppression` asks.
    /// - Returns: nil without an answer, when a learner is in two groups, or when a prediction is no chance.
    /// - Source: S. Holm, Scandinavian Journal of Statistics 6 (1979), 65–70, for the adjusted p.
    public init?(
        _ answers: [PredictedAnswer], reference: Int? = nil, minimum: Int = 10, bins: Int = 10, level: Double = 0.95,
        permutations: Int = 999, dice: inout Dice
    ) {
        guard !answers.isEmpty, answers.allSatisfy({ (0...1).contains($0.predicted) }) else { return nil }
        let byGroup = Dictionary(grouping: answers, by: \.group)
        let numbers = byGroup.keys.sorted()
        let learners = numbers.map { number in Set((byGroup[number] ?? []).map(\.learner)).count }
        guard learners.reduce(0, +) == Set(answers.map(\.learner)).count else { return nil }
        let decision = Suppression.decide(sizes: learners, minimum: minimum)
        var groups: [Group] = []
        for place in numbers.indices where decision.isShown[place] {
            let own = byGroup[numbers[place]] ?? []
            let right = own.count { $0.isRight }
            let isEnough = min(right, own.count - right) >= FairnessAudit.fewestOfEach
            groups.append(
                Group(
                    group: numbers[place], learners: learners[place], answers: own.count, right: right,
                    ranking: isEnough ? RankingQuality(own, level: level) : nil,
                    calibration: Calibration(own, bins: bins, level: level, dice: &dice)))
        }
        self.groups = groups
        hiddenLearners = decision.hidden
        hiddenGroups = numbers.count - groups.count
        let base =
            groups.first { $0.group == reference }
            ?? (reference == nil ? groups.max { ($0.learners, $1.group) < ($1.learners, $0.group) } : nil)
        self.reference = base?.group
        var found: [(Group, ABROCA?)] = []
        for group in groups {
            guard let base, group.group != base.group else { continue }
            guard group.ranking != nil, base.ranking != nil else {
                found.append((group, nil))
                continue
            }
            let abroca = ABROCA(
                byGroup[group.group] ?? [], byGroup[base.group] ?? [], permutations: permutations, dice: &dice)
            found.append((group, abroca))
        }
        let adjusted = Holm.adjusted(found.map { $0.1?.p })
        comparisons = zip(found, adjusted).compactMap { found, p in
            base.map { FairnessAudit.compare(found.0, with: $0, abroca: found.1, adjusted: p) }
        }
    }

    private static func compare(
        _ group: Group, with base: Group, abroca: ABROCA?, adjusted: Double?
    ) -> Comparison {
        let auc = base.ranking.flatMap { other in
            group.ranking?.auc.minus(other.auc, within: -1...1, method: "difference of AUCs, MOVER")
        }
        let gap = base.calibration?.gap.flatMap { other in
            group.calibration?.gap?.minus(other, within: -2...2, method: "difference of calibration gaps, MOVER")
        }
        return Comparison(
            group: group.group, reference: base.group, auc: auc, abroca: abroca, adjustedP: adjusted,
            calibrationGap: gap)
    }
}

/// Several p at once.
public enum Holm {
    /// Each p as it counts among the others, in the order given; those that are missing stay missing and do not count.
    ///
    /// - Source: S. Holm, Scandinavian Journal of Statistics 6 (1979), 65–70.
    public static func adjusted(_ values: [Double?]) -> [Double?] {
        let present = values.indices.filter { values[$0] != nil }.sorted { (values[$0] ?? 1) < (values[$1] ?? 1) }
        var adjusted: [Double?] = Array(repeating: nil, count: values.count)
        var highest = 0.0
        for (rank, place) in present.enumerated() {
            highest = min(1, max(highest, Double(present.count - rank) * (values[place] ?? 1)))
            adjusted[place] = highest
        }
        return adjusted
    }
}
