/// Which share of the differences between people a test tells.
public enum Reliability {
    /// Before anybody answers: the mean over a standard normal population of I(θ) ÷ (I(θ) + 1), the share of the
    /// variance that one with information I tells.
    ///
    /// - Range: from 0 to below 1; 0 without items.
    /// - Source: B. F. Green, R. D. Bock, L. G. Humphreys, R. L. Linn and M. D. Reckase, Journal of Educational
    ///   Measurement 21 (1984), 347–360, with the posterior's variance for the error.
    public static func marginal(_ items: [ItemModel]) -> Double {
        Population.points.reduce(0) { sum, point in
            let information = items.reduce(0) { $0 + $1.information(at: point.ability) }
            return sum + point.share * information / (information + 1)
        }
    }

    /// From people's answers: the variance of their EAP abilities over that plus the mean of their posteriors'
    /// variances.
    ///
    /// - Source: R. D. Bock and R. J. Mislevy, Applied Psychological Measurement 6 (1982), 431–444.
    /// - Returns: nil for fewer than two people.
    public static func expected(_ people: [AbilityPosterior]) -> Double? {
        guard people.count > 1 else { return nil }
        let size = Double(people.count)
        let mean = people.reduce(0) { $0 + $1.mean } / size
        let between = people.reduce(0) { $0 + ($1.mean - mean) * ($1.mean - mean) } / (size - 1)
        let within = people.reduce(0) { $0 + $1.sd * $1.sd } / size
        return between / (between + within)
    }
}
