import Basis
import Foundation

/// What can speak for a suggestion. Each is one term of its score.
public enum Signal: String, CaseIterable, Sendable {
    /// The chance of success lies close to what the learner chose.
    case fit
    /// It closes a gap to a goal of the learner.
    case goal
    /// The strategy gives its skill weight.
    case strategy
    /// It prepares for something that is asked of the learner.
    case mandate
    /// Its skill is one that the learner practised and commands least.
    case weakness
    /// Its skill's estimate is still wide, so that trying tells much.
    case uncertainty
    /// It is new in the catalogue.
    case freshness
    /// Colleagues used it lately.
    case use
    /// It fits into what is left of the learner's own time this month.
    case time

    /// How much a full signal adds to the score.
    public var weight: Double {
        switch self {
        case .fit: 1
        case .goal: 1.2
        case .strategy: 0.8
        case .mandate: 0.4
        case .weakness: 0.6
        case .uncertainty: 0.3
        case .freshness: 0.2
        case .use: 0.25
        case .time: 0.15
        }
    }
}

/// One thing that could be suggested, with all that ranks it.
public struct RankedCandidate: Hashable, Sendable {
    /// What it is, such as `content:<id>` or `skill:<id>`.
    public let target: String
    /// The skill it is for; suggestions side by side are for different ones where that is possible.
    public let skill: String
    /// - Range: each above 0, at most 1. What says nothing is not there.
    public let signals: [Signal: Double]

    public init(target: String, skill: String, signals: [Signal: Double]) {
        self.target = target
        self.skill = skill
        // Four digits, so that what is stored ranks exactly as what was computed.
        self.signals = signals.compactMapValues { value in
            let rounded = (min(1, value.isFinite ? value : 0) * 10_000).rounded() / 10_000
            return rounded > 0 ? rounded : nil
        }
    }

    /// What each signal adds, the strongest first.
    public var terms: [(signal: Signal, value: Double)] {
        Signal.allCases.compactMap { signal in signals[signal].map { (signal, signal.weight * $0) } }
            .sorted { ($0.value, $1.signal.rawValue) > ($1.value, $0.signal.rawValue) }
    }

    /// Expected learning value: the sum of the terms.
    public var score: Double { Signal.allCases.reduce(0) { $0 + $1.weight * (signals[$1] ?? 0) } }

    /// The same candidate as if a signal had not been there.
    public func without(_ signal: Signal) -> RankedCandidate {
        var rest = signals
        rest[signal] = nil
        return RankedCandidate(target: target, skill: skill, signals: rest)
    }
}

/// Chooses among candidates: mostly by score, a little by chance, so that what is never shown can still be judged.
public enum Ranking {
    /// Names the rule below and the weights above. Stored with every suggestion.
    public static let version = "next-1"
    /// The most candidates that take part, by score.
    public static let candidateLimit = 40
    /// The share of each draw that is spread evenly.
    public static let floor = 0.05
    /// The score difference at which a candidate is e times as likely as another.
    public static let temperature = 0.04

    /// One draw.
    public struct Pick: Hashable, Sendable {
        /// The place in the list of candidates.
        public let index: Int
        /// The chance that this one was drawn, given the draws before it.
        public let propensity: Double
    }

    /// The candidates that take part: the best by score, ties by name, so that the same inputs give the same list.
    public static func shortlist(_ candidates: [RankedCandidate]) -> [RankedCandidate] {
        Array(candidates.sorted { ($0.score, $1.target) > ($1.score, $0.target) }.prefix(candidateLimit))
    }

    /// Draws suggestions one after another, over different skills while there are any.
    ///
    /// - Source: softmax with a uniform floor, as for off-policy evaluation in Swaminathan and Joachims, JMLR 16
    ///   (2015), 1731–1755: every propensity is at least floor ÷ number of candidates.
    public static func draw(
        _ count: Int, from candidates: [RankedCandidate], seed: UInt64, excluding taken: Set<Int> = [],
        besides skills: Set<String> = []
    ) -> [Pick] {
        var dice = Dice(seed: seed)
        var taken = taken
        var skills = skills
        var picks: [Pick] = []
        let scores = candidates.map(\.score)
        while picks.count < count {
            var open = candidates.indices.filter { !taken.contains($0) }
            let varied = open.filter { !skills.contains(candidates[$0].skill) }
            if !varied.isEmpty { open = varied }
            guard let best = open.map({ scores[$0] }).max() else { break }
            let weights = open.map { exp((scores[$0] - best) / temperature) }
            let sum = weights.reduce(0, +)
            let chances = weights.map { (1 - floor) * $0 / sum + floor / Double(open.count) }
            var point = Double.random(in: 0..<1, using: &dice)
            var place = 0
            while place < open.count - 1, point >= chances[place] {
                point -= chances[place]
                place += 1
            }
            picks.append(Pick(index: open[place], propensity: min(1, chances[place])))
            taken.insert(open[place])
            skills.insert(candidates[open[place]].skill)
        }
        return picks
    }
}
