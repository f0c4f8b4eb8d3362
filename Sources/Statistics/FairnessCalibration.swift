public import Basis
import Foundation

/// Whether of the answers said to be right with a chance of 0.7 seven in ten are.
public struct Calibration: Hashable, Sendable {
    /// The answers whose predictions lie together.
    public struct Bin: Hashable, Sendable {
        public let range: ClosedRange<Double>
        public let answers: Int
        /// Mean prediction; nil without an answer.
        public let predicted: Double?
        /// The share that was right, over learners; nil without an answer.
        public let right: Interval?
    }

    /// Of the same width; a prediction on the border of two is in the higher one.
    public let bins: [Bin]
    /// Expected calibration error: the mean distance of the share that was right from the mean prediction of its bin,
    /// weighted by answers. Above 0 by chance even under perfect calibration: compare it with `chance`.
    public let error: Double
    /// What `error` stays under with probability `level` when every prediction is right and answers are independent.
    public let chance: Double
    /// What `error` is on average then.
    public let chanceMean: Double
    /// Share right less mean prediction: below 0 the model promises too much. Linearised over learners, Student's t;
    /// nil with one learner.
    public let gap: Interval?
    public let answers: Int
    public let learners: Int

    /// - Range: 1 to 100 bins; `chance` comes of at least 100 draws.
    /// - Returns: nil without an answer, or when a prediction is no chance.
    /// - Source: M. P. Naeini, G. F. Cooper and M. Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian
    ///   Binning", AAAI 2015 (the error); J. Bröcker and L. A. Smith, Weather and Forecasting 22 (2007), 651–661
    ///   (what it is by chance).
    public init?(
        _ answers: [PredictedAnswer], bins: Int = 10, level: Double = 0.95, draws: Int = 200, dice: inout Dice
    ) {
        guard !answers.isEmpty, (1...100).contains(bins), answers.allSatisfy({ (0...1).contains($0.predicted) })
        else { return nil }
        let places = answers.map { min(bins - 1, Int($0.predicted * Double(bins))) }
        let predicted = answers.map(\.predicted)
        var members: [[PredictedAnswer]] = Array(repeating: [], count: bins)
        for (place, answer) in zip(places, answers) { members[place].append(answer) }
        self.bins = members.enumerated().map { place, members in
            let count = Double(members.count)
            return Bin(
                range: Double(place) / Double(bins)...Double(place + 1) / Double(bins), answers: members.count,
                predicted: members.isEmpty ? nil : members.reduce(0) { $0 + $1.predicted } / count,
                right: Proportion.ratio(
                    clusters: byLearner(members) { ($0.isRight ? 1 : 0, 1) }.map { (part: $0.top, whole: $0.bottom) },
                    level: level))
        }
        error = Calibration.error(places, bins, predicted) { answers[$0].isRight }
        var errors: [Double] = []
        for _ in 0..<max(100, draws) {
            errors.append(
                Calibration.error(places, bins, predicted) { Double.random(in: 0..<1, using: &dice) < predicted[$0] })
        }
        chanceMean = errors.reduce(0, +) / Double(errors.count)
        chance = Quantile.interpolated(errors.sorted(), at: level)
        let differences = byLearner(answers) { (($0.isRight ? 1 : 0) - $0.predicted, 1) }
        learners = differences.count
        gap = RatioOfSums(differences)?.interval(
            level: level, freedom: Double(differences.count - 1),
            method: "calibration gap, linearised over learners, Student's t")
        self.answers = answers.count
    }

    /// Σ |rights − predictions| over bins, by answers.
    private static func error(
        _ places: [Int], _ bins: Int, _ predicted: [Double], isRight: (Int) -> Bool
    ) -> Double {
        var sums = Array(repeating: 0.0, count: bins)
        for index in places.indices { sums[places[index]] += (isRight(index) ? 1 : 0) - predicted[index] }
        return sums.reduce(0) { $0 + abs($1) } / Double(places.count)
    }
}

/// The sums of each learner, in the order of their numbers.
private func byLearner(
    _ answers: [PredictedAnswer], _ value: (PredictedAnswer) -> (top: Double, bottom: Double)
) -> [(top: Double, bottom: Double)] {
    var sums: [Int: (top: Double, bottom: Double)] = [:]
    for answer in answers {
        let own = value(answer)
        let before = sums[answer.learner] ?? (0, 0)
        sums[answer.learner] = (before.top + own.top, before.bottom + own.bottom)
    }
    return sums.keys.sorted().compactMap { sums[$0] }
}
