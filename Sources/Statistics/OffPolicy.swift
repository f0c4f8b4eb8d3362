import Foundation

/// One choice that a policy made and logged, as another policy would have made it.
public struct LoggedChoice: Hashable, Sendable {
    /// What a model of the reward says about a choice.
    public struct Predicted: Hashable, Sendable {
        /// Of what was chosen.
        public let chosen: Double
        /// Of all that could be chosen, weighted by how likely the target policy chooses each.
        public let expected: Double

        public init(chosen: Double, expected: Double) {
            self.chosen = chosen
            self.expected = expected
        }
    }

    /// Whose choice it was: the choices of one learner are not independent.
    public let learner: Int
    /// How likely the logging policy was to choose this, as it was logged; nil when it was not.
    public let propensity: Double?
    /// How likely the target policy is to choose this in the same place.
    public let target: Double
    /// What came of it.
    public let reward: Double
    /// Nil without a model.
    public let predicted: Predicted?

    public init(learner: Int, propensity: Double?, target: Double, reward: Double, predicted: Predicted? = nil) {
        self.learner = learner
        self.propensity = propensity
        self.target = target
        self.reward = reward
        self.predicted = predicted
    }
}

/// Why a log cannot tell what another policy would have reached.
public enum OffPolicyRefusal: Error, Hashable, Sendable {
    /// Nothing was logged.
    case empty
    /// So many choices have no propensity, or one that is 0 (below `OffPolicy.smallestPropensity`), above 1 or no
    /// number.
    case propensity(choices: Int)
    /// So many choices have a target probability that is none, or a reward or prediction beyond `OffPolicy.values`.
    case invalid(choices: Int)
    /// A clipping limit must be above 0.
    case limit
    /// The target policy chooses nothing of what was logged, or as good as nothing: so many learners' worth.
    case tooFew(effectiveLearners: Double, needed: Double)
    /// So many choices have no prediction, and the estimator needs one of each.
    case prediction(choices: Int)
    /// A weight or reward is beyond what was said to be the most.
    case outOfBounds
    /// Self-normalised and purely predicted estimates have no such bound.
    case unbounded
}

/// What another policy would have reached, told from the log of the present one.
///
/// It holds where the logged propensities are right and everything that the target policy may choose was possible under
/// the logging one. What is not in the log (other learners, other times, effects of the first choices on later ones)
/// is not in the estimate.
public struct OffPolicy: Sendable {
    /// How the estimate is made. w is target ÷ propensity, r the reward, q(a) the prediction of the choice, q̄ that of
    /// the target policy.
    public enum Estimator: String, CaseIterable, Sendable {
        /// Inverse propensity scoring, mean of w·r: unbiased, of high variance.
        ///
        /// - Source: D. G. Horvitz and D. J. Thompson, JASA 47 (1952), 663–685.
        case ips = "IPS"
        /// Self-normalised, Σ w·r ÷ Σ w: a little biased, within the range of the rewards.
        ///
        /// - Source: A. Swaminathan and T. Joachims, "The Self-Normalized Estimator for Counterfactual Learning",
        ///   NIPS 2015.
        case snips = "SNIPS"
        /// Mean of q̄: as good as the model.
        case directMethod = "DM"
        /// Mean of q̄ + w·(r − q(a)): unbiased where the propensities are right, whatever the model; the better it
        /// is, the lower the variance. The model must not have been fitted on these rewards.
        ///
        /// - Source: M. Dudík, J. Langford and L. Li, "Doubly Robust Policy Evaluation and Learning", ICML 2011.
        case doublyRobust = "DR"
    }

    /// What is less likely than this never comes up, and its number is taken for a mistake.
    public static let smallestPropensity = 1e-9
    /// What a reward or a prediction may be, so that every sum stays finite.
    public static let values = -1e12...1e12

    public let choices: Int
    public let learners: Int
    /// Kish's (Σ w)² ÷ Σ w² over choices: how many of the target policy's own the log is worth.
    public let effectiveChoices: Double
    /// The same over learners, each with the sum of their weights.
    public let effectiveLearners: Double
    /// Before clipping.
    public let largestWeight: Double
    /// Before clipping, with an interval over learners: should hold 1, else the propensities are not those that were
    /// used. Nil with one learner.
    public let meanWeight: Interval?
    /// The limit; nil without one.
    public let clip: Double?
    /// How many weights were above the limit.
    public let clipped: Int
    /// Of the rewards.
    public let rewards: ClosedRange<Double>
    /// Sums of each learner, in the order of their numbers.
    let sums: [LearnerSums]
    private let withoutPrediction: Int

    /// - Shape: any number of choices of any number of learners.
    /// - Range: weights above `clip` are lowered to it, which biases what is estimated (downwards for rewards of at
    ///   least 0) and lowers its variance. At least `needed` effective learners must be left; 20 by default, from where
    ///   on intervals were measured (docs/statistics.md).
    /// - Throws: `empty`, `propensity`, `invalid`, `limit` or `tooFew`.
    public init(
        _ choices: [LoggedChoice], clip: Double? = nil, needed: Double = 20
    ) throws(OffPolicyRefusal) {
        guard !choices.isEmpty else { throw .empty }
        guard (clip ?? 1) > 0 else { throw .limit }
        let unlogged = choices.count {
            !($0.propensity.map { (OffPolicy.smallestPropensity...1).contains($0) } ?? false)
        }
        guard unlogged == 0 else { throw .propensity(choices: unlogged) }
        let invalid = choices.count { !$0.isValid }
        guard invalid == 0 else { throw .invalid(choices: invalid) }
        self.choices = choices.count
        self.clip = clip
        var byLearner: [Int: LearnerSums] = [:]
        var (squares, weights, largest, above) = (0.0, 0.0, 0.0, 0)
        for choice in choices {
            let raw = choice.target / (choice.propensity ?? 1)
            let weight = min(raw, clip ?? .infinity)
            largest = max(largest, raw)
            if raw > weight { above += 1 }
            weights += weight
            squares += weight * weight
            byLearner[choice.learner, default: LearnerSums()].add(choice, raw: raw, weight: weight)
        }
        sums = byLearner.keys.sorted().compactMap { byLearner[$0] }
        learners = sums.count
        largestWeight = largest
        clipped = above
        withoutPrediction = choices.count { $0.predicted == nil }
        rewards = (choices.map(\.reward).min() ?? 0)...(choices.map(\.reward).max() ?? 0)
        effectiveChoices = squares > 0 ? weights * weights / squares : 0
        let learnerSquares = sums.reduce(0) { $0 + $1.weight * $1.weight }
        effectiveLearners = learnerSquares > 0 ? weights * weights / learnerSquares : 0
        meanWeight = RatioOfSums(sums.map { ($0.raw, $0.choices) })?.interval(
            level: 0.95, freedom: Double(sums.count - 1), method: "mean weight, linearised over learners, t")
        guard effectiveLearners >= needed, effectiveLearners > 0 else {
            throw .tooFew(effectiveLearners: effectiveLearners, needed: needed)
        }
    }

    /// The mean reward of the target policy.
    ///
    /// - Throws: `prediction` when the estimator needs one of each choice and some have none.
    public func estimate(by estimator: Estimator) throws(OffPolicyRefusal) -> Double {
        let (tops, bottoms) = try parts(estimator)
        return tops.reduce(0, +) / bottoms.reduce(0, +)
    }

    /// Numerator and denominator of the estimate, by learner.
    func parts(_ estimator: Estimator) throws(OffPolicyRefusal) -> (tops: [Double], bottoms: [Double]) {
        switch estimator {
        case .ips: return (sums.map(\.reward), sums.map(\.choices))
        case .snips: return (sums.map(\.reward), sums.map(\.weight))
        case .directMethod, .doublyRobust:
            guard withoutPrediction == 0 else { throw .prediction(choices: withoutPrediction) }
            let tops = sums.map { estimator == .directMethod ? $0.expected : $0.expected + $0.reward - $0.chosen }
            return (tops, sums.map(\.choices))
        }
    }
}

extension LoggedChoice {
    fileprivate var isValid: Bool {
        (0...1).contains(target)
            && [reward, predicted?.chosen ?? 0, predicted?.expected ?? 0].allSatisfy(OffPolicy.values.contains)
    }
}

/// What one learner adds to each estimate.
struct LearnerSums: Sendable {
    private(set) var choices = 0.0
    /// Σ w before clipping.
    private(set) var raw = 0.0
    /// Σ w.
    private(set) var weight = 0.0
    /// Σ w·r.
    private(set) var reward = 0.0
    /// Σ w·q(a).
    private(set) var chosen = 0.0
    /// Σ q̄.
    private(set) var expected = 0.0

    fileprivate mutating func add(_ choice: LoggedChoice, raw: Double, weight: Double) {
        choices += 1
        self.raw += raw
        self.weight += weight
        reward += weight * choice.reward
        chosen += weight * (choice.predicted?.chosen ?? 0)
        expected += choice.predicted?.expected ?? 0
    }
}
