import Foundation

/// Whether somebody's answers look as the model says they should.
public enum PersonFit {
    /// lz: the log-likelihood of the answers, less its mean under the model, over its standard deviation.
    ///
    /// About standard normal for long fixed tests; strongly negative where easy items are missed and hard ones known.
    /// In an adaptive test most answers are near even odds, where right and wrong are as likely as each other, so lz
    /// says next to nothing about them unless the test has checks (`AdaptiveRules.checkInterval`). Measured figures
    /// are in docs/psychometrics.md.
    ///
    /// - Source: F. Drasgow, M. V. Levine and E. A. Williams, British Journal of Mathematical and Statistical
    ///   Psychology 38 (1985), 67–86.
    /// - Returns: nil when nothing can be told: no answers, or all at even odds.
    public static func lz(_ answers: [ScoredItem], at ability: Double) -> Double? {
        var (observed, expected, variance) = (0.0, 0.0, 0.0)
        for answer in answers {
            observed += answer.model.logLikelihood(of: answer.score, at: ability)
            var (first, second) = (0.0, 0.0)
            for score in 0...answer.model.maximum {
                let log = answer.model.logLikelihood(of: score, at: ability)
                let share = answer.model.probability(of: score, at: ability)
                first += share * log
                second += share * log * log
            }
            expected += first
            variance += max(0, second - first * first)
        }
        guard variance > 1e-12 else { return nil }
        return (observed - expected) / variance.squareRoot()
    }
}
