import Foundation

/// How probable each summed score is at each ability.
///
/// - Source: F. M. Lord and M. S. Wingersky, Applied Psychological Measurement 8 (1984), 453–461; for graded items D.
///   Thissen, M. Pommerich, K. Billeaud and V. S. L. Williams, Applied Psychological Measurement 19 (1995), 39–49.
enum SummedScores {
    /// - Parameter probabilities: By item, then score, at one ability.
    /// - Returns: The probability of each sum, from 0 to the sum of the highest scores.
    static func distribution(_ probabilities: [[Double]]) -> [Double] {
        var sums = [1.0]
        for item in probabilities {
            var next = Array(repeating: 0.0, count: sums.count + item.count - 1)
            for (sum, share) in sums.enumerated() {
                for (score, own) in item.enumerated() { next[sum + score] += share * own }
            }
            sums = next
        }
        return sums
    }
}

/// Points of a standard normal population, with their shares.
enum Population {
    static let points: [(ability: Double, share: Double)] = {
        let abilities = (0..<61).map { 12 * Double($0) / 60 - 6 }
        let density = abilities.map { exp(-$0 * $0 / 2) }
        let sum = density.reduce(0, +)
        return zip(abilities, density).map { ($0, $1 / sum) }
    }()
}
