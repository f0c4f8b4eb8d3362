import Foundation
import Statistics

/// Whether an item is harder for one group than for another of the same ability.
///
/// - Source: P. W. Holland and D. T. Thayer, Differential item performance and the Mantel-Haenszel procedure, in H.
///   Wainer and H. I. Braun (eds.), Test Validity (1988), 129–145.
public struct MantelHaenszel: Hashable, Sendable {
    /// An answer to the item.
    public struct Answer: Hashable, Sendable {
        /// People of the same stratum count as equally able; usually the summed score of all items, this one included.
        public let stratum: Int
        /// In the group that is looked at, not the one it is compared with.
        public let isFocal: Bool
        public let isRight: Bool

        public init(stratum: Int, isFocal: Bool, isRight: Bool) {
            self.stratum = stratum
            self.isFocal = isFocal
            self.isRight = isRight
        }
    }

    /// How much it matters.
    ///
    /// - Source: M. J. Zieky in P. W. Holland and H. Wainer (eds.), Differential Item Functioning (1993), 337–347.
    public enum Class: String, Hashable, Sendable {
        /// Negligible: |Δ| below 1, or not different from 0 at 5 %.
        case a = "A"
        /// Moderate: neither A nor C.
        case b = "B"
        /// Large: |Δ| at least 1.5 and, at 5 %, above 1.
        case c = "C"
    }

    /// The common odds ratio: above 1 where the item is easier for the reference group.
    public let oddsRatio: Double
    /// Δ = −2.35·ln of it, on the ETS scale of difficulty: below 0 where the item is harder for the focal group.
    public let delta: Double
    /// Of Δ, by Robins, Breslow and Greenland (Biometrics 42 (1986), 311–323).
    public let standardError: Double
    /// With the correction for continuity; one degree of freedom.
    public let chiSquared: Double
    public let probability: Double
    public let effect: Class
    /// Answers in strata with both groups and both right and wrong answers.
    public let answers: Int

    /// - Returns: nil when no stratum can be compared, or the odds ratio is 0 or infinite.
    public init?(_ answers: [Answer]) {
        var tables: [Int: SIMD4<Double>] = [:]
        for answer in answers {
            let cell = (answer.isFocal ? 2 : 0) + (answer.isRight ? 0 : 1)
            tables[answer.stratum, default: SIMD4()][cell] += 1
        }
        var sums = Sums()
        for (_, table) in tables.sorted(by: { $0.key < $1.key }) { sums.add(table) }
        guard sums.up > 0, sums.down > 0 else { return nil }
        let ratio = sums.up / sums.down
        let error = 2.35 * sums.logVariance.squareRoot()
        oddsRatio = ratio
        delta = -2.35 * log(ratio)
        standardError = error
        let lean = max(0, abs(sums.seen - sums.expected) - 0.5)
        chiSquared = sums.variance > 0 ? lean * lean / sums.variance : 0
        probability = ChiSquared.probability(above: chiSquared, freedom: 1)
        let size = abs(delta)
        let isLarge = size >= 1.5 && (size - 1) / error > Normal.quantile(0.95)
        effect = size < 1 || probability >= 0.05 ? .a : isLarge ? .c : .b
        self.answers = sums.answers
    }

    /// Over strata: reference right A, wrong B; focal right C, wrong D; all T.
    private struct Sums {
        /// ΣAD ÷ T and ΣBC ÷ T.
        var (up, down) = (0.0, 0.0)
        /// ΣA, its mean and its variance when the groups do not differ.
        var (seen, expected, variance) = (0.0, 0.0, 0.0)
        /// The three sums of Robins, Breslow and Greenland.
        private var (first, middle, last) = (0.0, 0.0, 0.0)
        var answers = 0

        mutating func add(_ table: SIMD4<Double>) {
            let (a, b, c, d) = (table[0], table[1], table[2], table[3])
            let all = a + b + c + d
            guard a + b > 0, c + d > 0, a + c > 0, b + d > 0 else { return }
            let (diagonal, other) = (a * d / all, b * c / all)
            let (agree, differ) = ((a + d) / all, (b + c) / all)
            up += diagonal
            down += other
            seen += a
            expected += (a + b) * (a + c) / all
            variance += (a + b) * (c + d) * (a + c) * (b + d) / (all * all * (all - 1))
            first += agree * diagonal
            middle += agree * other + differ * diagonal
            last += differ * other
            answers += Int(all)
        }

        var logVariance: Double {
            first / (2 * up * up) + middle / (2 * up * down) + last / (2 * down * down)
        }
    }
}
