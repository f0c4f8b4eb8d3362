import Foundation

/// Items with parameters fitted to answers: marginal maximum likelihood, abilities normal with mean 0 and standard
/// deviation 1.
///
/// - Source: R. D. Bock and M. Aitkin, Marginal maximum likelihood estimation of item parameters: application of an EM
///   algorithm, Psychometrika 46 (1981), 443–459. Speeded up by SQUAREM: R. Varadhan and C. Roland, Scandinavian
///   Journal of Statistics 35 (2008), 335–353, scheme S3.
public struct Calibration: Sendable {
    /// Standard errors of an item's parameters.
    ///
    /// From the cross-products of each person's score vector (the empirical, or BHHH, information), over all items
    /// together up to `parameterLimit` parameters and item by item above, which leaves out what items share and is a
    /// little small. Bounds and priors are as in the fit.
    public struct Errors: Hashable, Sendable {
        public let discrimination: Double
        /// Of the difficulty, or of each threshold.
        public let difficulties: [Double]
        /// 0 where there is none.
        public let lowerAsymptote: Double
    }

    /// An item that was fitted.
    public struct Item: Hashable, Sendable {
        public let name: String
        public let model: ItemModel
        /// How many people answered it.
        public let answers: Int
        /// Nil where the information has no inverse: too few people for as many parameters.
        public let errors: Errors?
        /// A parameter stopped at the edge of what is searched (a from 0.05 to 10). At the lower one the item does not
        /// tell people apart, or its key is wrong; at the upper one the answers are too few.
        public let isAtBound: Bool
    }

    /// An item that was left out.
    public struct Refusal: Hashable, Sendable {
        public let name: String
        public let reason: Reason

        public init(name: String, reason: Reason) {
            self.name = name
            self.reason = reason
        }
    }

    /// Why an item tells nothing.
    public enum Reason: Hashable, Sendable {
        /// All who answered have this score.
        case oneScore(Int)
        /// Nobody has this score, though some have a higher one: a threshold has no place.
        case emptyScore(Int)
    }

    /// In the order in which they came.
    public let items: [Item]
    public let refused: [Refusal]
    /// Marginal log-likelihood at the end, without priors.
    public let logLikelihood: Double
    /// E steps made.
    public let steps: Int
    /// Whether it came to rest before the limit of steps.
    public let isConverged: Bool
    /// The largest move of a parameter in the last step.
    public let lastMove: Double
    /// People with an answer that counts.
    public let people: Int
    /// Answers that count; repeated ones and those to refused items do not.
    public let answers: Int
    /// Answers of a person to an item answered before.
    public let repeated: Int

    /// Above this many, standard errors are taken item by item.
    public static let parameterLimit = 600

    /// - Returns: a fit without items when every item was refused.
    public init(_ table: AnswerTable, _ options: CalibrationOptions = CalibrationOptions()) {
        let (rows, repeated) = table.rows()
        let tallies = Self.tallies(rows, items: table.items.count)
        let reasons = tallies.map(Self.reason)
        let kept = table.items.indices.filter { reasons[$0] == nil }
        refused = table.items.indices.compactMap { item in
            reasons[item].map { Refusal(name: table.items[item], reason: $0) }
        }
        var fit = Fit(rows, kept: kept, tallies: tallies, options)
        isConverged = fit.run()
        let errors = fit.errors()
        (steps, lastMove, logLikelihood) = (fit.steps, fit.lastMove, fit.logLikelihood)
        items = kept.enumerated().compactMap { place, item in
            fit.shapes[place].model.map {
                Item(
                    name: table.items[item], model: $0, answers: tallies[item].reduce(0, +), errors: errors[place],
                    isAtBound: fit.shapes[place].isAtBound)
            }
        }
        people = fit.people
        answers = kept.reduce(0) { $0 + tallies[$1].reduce(0, +) }
        self.repeated = repeated
    }

    /// How many have each score, by item.
    private static func tallies(_ rows: [[AnswerTable.Answer]], items: Int) -> [[Int]] {
        var tallies = Array(repeating: [Int](), count: items)
        for row in rows {
            for answer in row {
                let (item, score) = (Int(answer.item), Int(answer.score))
                while tallies[item].count <= score { tallies[item].append(0) }
                tallies[item][score] += 1
            }
        }
        return tallies
    }

    private static func reason(_ tally: [Int]) -> Reason? {
        let found = tally.indices.filter { tally[$0] > 0 }
        if found.count == 1, let only = found.first { return .oneScore(only) }
        return tally.firstIndex(of: 0).map { .emptyScore($0) }
    }
}
