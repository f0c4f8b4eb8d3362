import Foundation

/// An item scored 0 or 1 under the logistic model with one, two or three parameters.
///
/// P(1 | θ) = c + (1 − c) ÷ (1 + e^(−a(θ − b))), ability θ on the logit scale: the constant D is 1.
///
/// - Source: A. Birnbaum in F. M. Lord and M. R. Novick, Statistical Theories of Mental Test Scores (1968), chapter 17.
public struct LogisticItem: Hashable, Sendable {
    /// a: how sharply the item tells people below from people above its difficulty. Above 0, at most 100.
    public let discrimination: Double
    /// b: the ability at which the probability lies half-way between c and 1. From −1,000 to 1,000.
    public let difficulty: Double
    /// c: the probability of a right answer from somebody of the lowest ability. From 0 to below 1.
    public let lowerAsymptote: Double

    /// - Returns: nil when a parameter is out of its range or not finite.
    public init?(discrimination: Double = 1, difficulty: Double, lowerAsymptote: Double = 0) {
        guard discrimination > 0, discrimination <= 100, abs(difficulty) <= 1_000, lowerAsymptote >= 0,
            lowerAsymptote < 1
        else { return nil }
        self.discrimination = discrimination
        self.difficulty = difficulty
        self.lowerAsymptote = lowerAsymptote
    }

    /// The probability of the score 1.
    public func probability(at ability: Double) -> Double {
        lowerAsymptote + (1 - lowerAsymptote) * Logistic.share(discrimination * (ability - difficulty))
    }

    func probability(of score: Int, at ability: Double) -> Double {
        if score == 1 { return probability(at: ability) }
        return (1 - lowerAsymptote) * Logistic.share(-discrimination * (ability - difficulty))
    }

    func logLikelihood(of score: Int, at ability: Double) -> Double {
        let logit = discrimination * (ability - difficulty)
        if score == 0 { return log1p(-lowerAsymptote) + Logistic.logShare(-logit) }
        return lowerAsymptote == 0 ? Logistic.logShare(logit) : log(probability(at: ability))
    }

    /// Fisher information about θ: a²·(1 − c)·s²·(1 − s) ÷ P with s the logistic share; a²·s·(1 − s) for c = 0.
    ///
    /// - Source: F. M. Lord, Applications of Item Response Theory (1980), equation 5-9.
    public func information(at ability: Double) -> Double {
        let share = Logistic.share(discrimination * (ability - difficulty))
        let plain = discrimination * discrimination * share * (1 - share)
        if lowerAsymptote == 0 { return plain }
        return plain * (1 - lowerAsymptote) * share / (lowerAsymptote + (1 - lowerAsymptote) * share)
    }
}
