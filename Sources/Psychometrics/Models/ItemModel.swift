import Foundation

/// How the answers to an item depend on ability, in logits (D = 1).
public enum ItemModel: Hashable, Sendable {
    /// Scored 0 or 1.
    case logistic(LogisticItem)
    /// Scored 0 to m.
    case graded(GradedItem)

    /// The highest score.
    public var maximum: Int {
        switch self {
        case .logistic: 1
        case .graded(let item): item.thresholds.count
        }
    }

    /// a, per logit.
    public var discrimination: Double {
        switch self {
        case .logistic(let item): item.discrimination
        case .graded(let item): item.discrimination
        }
    }

    /// The probability of a score from 0 to `maximum`.
    ///
    /// - Range: strictly between 0 and 1 while |a(θ − b)| < 36; beyond, rounding may reach an end.
    public func probability(of score: Int, at ability: Double) -> Double {
        precondition(0...maximum ~= score, "a score the item can have")
        return switch self {
        case .logistic(let item): item.probability(of: score, at: ability)
        case .graded(let item): item.probability(of: score, at: ability)
        }
    }

    /// The natural logarithm of that probability; finite for every finite ability.
    public func logLikelihood(of score: Int, at ability: Double) -> Double {
        precondition(0...maximum ~= score, "a score the item can have")
        return switch self {
        case .logistic(let item): item.logLikelihood(of: score, at: ability)
        case .graded(let item): item.logLikelihood(of: score, at: ability)
        }
    }

    /// Fisher information about ability: one over the variance that one such answer leaves. From 0, in 1 ÷ logit².
    public func information(at ability: Double) -> Double {
        switch self {
        case .logistic(let item): item.information(at: ability)
        case .graded(let item): item.information(at: ability)
        }
    }

    /// The mean score of people of this ability, from 0 to `maximum`.
    public func expectedScore(at ability: Double) -> Double {
        (0...maximum).reduce(0) { $0 + Double($1) * probability(of: $1, at: ability) }
    }
}
