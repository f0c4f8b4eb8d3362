import Foundation
public import Statistics

/// What is believed about somebody's ability before any answer: normal, in logits.
public struct AbilityPrior: Hashable, Sendable {
    public let mean: Double
    public let sd: Double

    /// - Returns: nil unless the mean lies within ±100 and the standard deviation between 0.01 and 3.
    public init?(mean: Double, sd: Double) {
        guard abs(mean) <= 100, 0.01...3 ~= sd else { return nil }
        self.mean = mean
        self.sd = sd
    }

    private init(_ mean: Double, _ sd: Double) {
        self.mean = mean
        self.sd = sd
    }

    /// Mean 0, standard deviation 1: the scale on which items are calibrated.
    public static let standard = AbilityPrior(0, 1)
}

/// An answer: an item and its score, from 0 to the item's maximum.
public struct ScoredItem: Hashable, Sendable {
    public let model: ItemModel
    public let score: Int

    /// - Returns: nil when the item cannot have this score.
    public init?(_ model: ItemModel, score: Int) {
        guard 0...model.maximum ~= score else { return nil }
        self.model = model
        self.score = score
    }
}

/// Somebody's ability given the answers so far.
///
/// Kept as weights at 61 points, 5 standard deviations of the prior on each side of its mean. The weights are sums of
/// logarithms, so the order of the answers changes nothing but the last digits, and nothing is ever NaN.
///
/// - Source: expected a posteriori estimation, R. D. Bock and R. J. Mislevy, Applied Psychological Measurement 6
///   (1982), 431–444.
/// - Cost: 61 logarithms and exponentials an answer.
public struct AbilityPosterior: Sendable {
    public let prior: AbilityPrior
    /// How many answers it rests on.
    public private(set) var count = 0
    /// The mean of the posterior (EAP), in logits.
    public private(set) var mean: Double
    /// Its standard deviation, in logits.
    public private(set) var sd: Double
    private var logWeights: [Double]
    private var weights: [Double]

    /// How many points the posterior is kept at.
    public static let pointCount = 61
    private static let reach = 5.0

    public init(_ prior: AbilityPrior = .standard) {
        self.prior = prior
        logWeights = (0..<Self.pointCount).map { index in
            let z = Self.reach * (2 * Double(index) / Double(Self.pointCount - 1) - 1)
            return -z * z / 2
        }
        weights = Array(repeating: 0, count: Self.pointCount)
        (mean, sd) = (prior.mean, prior.sd)
        settle()
    }

    /// The posterior of several answers at once.
    public init(_ prior: AbilityPrior = .standard, answers: [ScoredItem]) {
        self.init(prior)
        for answer in answers { weigh(answer) }
        settle()
    }

    /// Takes an answer in.
    public mutating func observe(_ answer: ScoredItem) {
        weigh(answer)
        settle()
    }

    /// The ability at a point.
    private func ability(_ index: Int) -> Double {
        prior.mean + prior.sd * Self.reach * (2 * Double(index) / Double(Self.pointCount - 1) - 1)
    }

    private mutating func weigh(_ answer: ScoredItem) {
        count += 1
        switch answer.model {
        case .logistic(let item):
            for index in 0..<Self.pointCount {
                logWeights[index] += item.logLikelihood(of: answer.score, at: ability(index))
            }
        case .graded(let item):
            for index in 0..<Self.pointCount {
                logWeights[index] += item.logLikelihood(of: answer.score, at: ability(index))
            }
        }
    }

    private mutating func settle() {
        var top = -Double.infinity
        for value in logWeights where value > top { top = value }
        var (sum, first) = (0.0, 0.0)
        for index in 0..<Self.pointCount {
            let weight = exp(logWeights[index] - top)
            weights[index] = weight
            sum += weight
            first += weight * ability(index)
        }
        mean = first / sum
        var second = 0.0
        for index in 0..<Self.pointCount {
            weights[index] /= sum
            let distance = ability(index) - mean
            second += weights[index] * distance * distance
        }
        sd = second.squareRoot()
    }

    /// The ability with the central interval of the posterior.
    ///
    /// Between the points the distribution is taken as linear.
    public func interval(level: Double = 0.9) -> Interval {
        Interval(
            estimate: mean, low: quantile((1 - level) / 2), high: quantile((1 + level) / 2), level: level,
            method: "EAP with central posterior interval")
    }

    /// Each point's weight is spread evenly over the cell around it.
    private func quantile(_ share: Double) -> Double {
        let width = 2 * Self.reach * prior.sd / Double(Self.pointCount - 1)
        var below = 0.0
        for index in 0..<Self.pointCount {
            if below + weights[index] >= share, weights[index] > 0 {
                return ability(index) + width * ((share - below) / weights[index] - 0.5)
            }
            below += weights[index]
        }
        return ability(Self.pointCount - 1)
    }

    /// The posterior's mean of anything that depends on ability.
    public func mean(of value: (Double) -> Double) -> Double {
        var sum = 0.0
        for index in 0..<Self.pointCount { sum += weights[index] * value(ability(index)) }
        return sum
    }
}
