import Foundation
import Statistics

/// Whether an item works otherwise in one group than in another, by three nested logistic regressions of the answer: on
/// the matching score; and on the group; and on their product.
///
/// - Source: H. Swaminathan and H. J. Rogers, Journal of Educational Measurement 27 (1990), 361–370; classes of the
///   effect by M. G. Jodoin and M. J. Gierl, Applied Measurement in Education 14 (2001), 329–349.
public struct LogisticDifference: Hashable, Sendable {
    /// An answer to the item.
    public struct Answer: Hashable, Sendable {
        /// What people are matched on: an ability or a summed score.
        public let matching: Double
        /// In the group that is looked at, not the one it is compared with.
        public let isFocal: Bool
        public let isRight: Bool

        public init(matching: Double, isFocal: Bool, isRight: Bool) {
            self.matching = matching
            self.isFocal = isFocal
            self.isRight = isRight
        }
    }

    /// A likelihood-ratio test.
    public struct Test: Hashable, Sendable {
        public let chiSquared: Double
        public let freedom: Int
        public let probability: Double

        init(_ chiSquared: Double, freedom: Int) {
            self.chiSquared = max(0, chiSquared)
            self.freedom = freedom
            probability = ChiSquared.probability(above: self.chiSquared, freedom: Double(freedom))
        }
    }

    /// The same for all abilities: does the group add to the matching score?
    public let uniform: Test
    /// Different by ability: does the product add to both?
    public let nonUniform: Test
    /// Both together.
    public let either: Test
    /// How much of Nagelkerke's R² the group and the product add.
    public let addedRSquared: Double
    /// A below .035, B below .070, else C; A where `either` is not significant at 5 %.
    public let effect: MantelHaenszel.Class
    /// The log odds by which the item is easier for the focal group, from the second regression.
    public let groupEffect: Double

    /// - Returns: nil when a group, a right or a wrong answer is missing, or answers can be told without error from
    ///   what stands beside them, so that no regression has a maximum.
    public init?(_ answers: [Answer]) {
        let counted = answers.filter(\.matching.isFinite)
        let mean = counted.reduce(0) { $0 + $1.matching } / Double(max(1, counted.count))
        let square = counted.reduce(0) { $0 + ($1.matching - mean) * ($1.matching - mean) }
        let spread = (square / Double(max(1, counted.count))).squareRoot()
        guard spread > 0 else { return nil }
        let rows = counted.map { answer in
            let z = (answer.matching - mean) / spread
            let group: Double = answer.isFocal ? 1 : 0
            return SIMD4(1, z, group, z * group)
        }
        let outcomes = counted.map { $0.isRight ? 1.0 : 0.0 }
        let fits = (1...4).map { Self.regress(rows, outcomes, terms: $0) }
        guard let none = fits[0], let score = fits[1], let group = fits[2], let both = fits[3] else { return nil }
        uniform = Test(2 * (group.logLikelihood - score.logLikelihood), freedom: 1)
        nonUniform = Test(2 * (both.logLikelihood - group.logLikelihood), freedom: 1)
        either = Test(2 * (both.logLikelihood - score.logLikelihood), freedom: 2)
        let size = Double(counted.count)
        let most = 1 - exp(2 * none.logLikelihood / size)
        let share = { (fit: Double) in (1 - exp(2 * (none.logLikelihood - fit) / size)) / most }
        addedRSquared = share(both.logLikelihood) - share(score.logLikelihood)
        groupEffect = group.coefficients[2]
        let isTold = either.probability < 0.05
        effect = !isTold || addedRSquared < 0.035 ? .a : addedRSquared < 0.07 ? .b : .c
    }

    /// Newton's steps on the first `terms` columns; nil when they do not come to rest.
    private static func regress(
        _ rows: [SIMD4<Double>], _ outcomes: [Double], terms: Int
    ) -> (coefficients: [Double], logLikelihood: Double)? {
        var coefficients = Array(repeating: 0.0, count: terms)
        for _ in 0..<50 {
            var value = 0.0
            var gradient = Array(repeating: 0.0, count: terms)
            var information = SymmetricMatrix(terms)
            for (row, outcome) in zip(rows, outcomes) {
                var logit = 0.0
                for term in 0..<terms { logit += coefficients[term] * row[term] }
                let share = Logistic.share(logit)
                value += Logistic.logShare(outcome > 0.5 ? logit : -logit)
                for term in 0..<terms {
                    gradient[term] += (outcome - share) * row[term]
                    for other in 0..<terms {
                        information[term, other] += share * (1 - share) * row[term] * row[other]
                    }
                }
            }
            guard let step = information.solve(gradient) else { return nil }
            if step.allSatisfy({ abs($0) < 1e-9 }) { return (coefficients, value) }
            for term in 0..<terms { coefficients[term] += min(max(step[term], -2), 2) }
            if coefficients.contains(where: { abs($0) > 50 }) { return nil }
        }
        return nil
    }
}
