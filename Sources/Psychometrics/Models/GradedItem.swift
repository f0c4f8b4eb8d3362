import Foundation

/// An item scored 0 to m, better answers higher, under the graded response model.
///
/// P(score ≥ k | θ) = 1 ÷ (1 + e^(−a(θ − b_k))) for k from 1 to m; ability θ on the logit scale (D = 1).
///
/// - Source: F. Samejima, Estimation of latent ability using a response pattern of graded scores, Psychometrika
///   Monograph 17 (1969).
public struct GradedItem: Hashable, Sendable {
    /// a, above 0, at most 100.
    public let discrimination: Double
    /// b_1 < … < b_m: the ability at which a score of at least k becomes as probable as a lower one.
    public let thresholds: [Double]

    /// The highest score an item may have.
    public static let scoreLimit = 20

    /// - Returns: nil unless there are 1 to `scoreLimit` thresholds from −1,000 to 1,000 that rise by 1e-6 at least.
    public init?(discrimination: Double, thresholds: [Double]) {
        guard discrimination > 0, discrimination <= 100, 1...Self.scoreLimit ~= thresholds.count,
            thresholds.allSatisfy({ abs($0) <= 1_000 }),
            zip(thresholds, thresholds.dropFirst()).allSatisfy({ $1 - $0 >= 1e-6 })
        else { return nil }
        self.discrimination = discrimination
        self.thresholds = thresholds
    }

    private func logit(_ score: Int, _ ability: Double) -> Double {
        discrimination * (ability - thresholds[score - 1])
    }

    /// The share that reaches a score but not the next, without cancellation:
    /// s(x) − s(y) = s(x)·s(−y)·(1 − e^(y − x)).
    func probability(of score: Int, at ability: Double) -> Double {
        let reached = score > 0 ? Logistic.share(logit(score, ability)) : 1
        guard score < thresholds.count else { return reached }
        let missed = Logistic.share(-logit(score + 1, ability))
        guard score > 0 else { return missed }
        return reached * missed * -expm1(discrimination * (thresholds[score - 1] - thresholds[score]))
    }

    func logLikelihood(of score: Int, at ability: Double) -> Double {
        let reached = score > 0 ? Logistic.logShare(logit(score, ability)) : 0
        guard score < thresholds.count else { return reached }
        let missed = Logistic.logShare(-logit(score + 1, ability))
        guard score > 0 else { return missed }
        return reached + missed + log(-expm1(discrimination * (thresholds[score - 1] - thresholds[score])))
    }

    /// Fisher information about θ: a²·Σ_k P_k·(1 − s_k − s_{k+1})², since d log P_k ÷ dθ = a·(1 − s_k − s_{k+1}),
    /// with s_k = P(score ≥ k), s_0 = 1 and s_{m+1} = 0.
    public func information(at ability: Double) -> Double {
        var (sum, reached) = (0.0, 1.0)
        for score in 0...thresholds.count {
            let next = score < thresholds.count ? Logistic.share(logit(score + 1, ability)) : 0
            let slope = 1 - reached - next
            sum += probability(of: score, at: ability) * slope * slope
            reached = next
        }
        return discrimination * discrimination * sum
    }
}
