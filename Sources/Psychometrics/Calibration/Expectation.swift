import Foundation

/// The E step: how many people of each ability gave each score to each item, expected under the parameters so far.
struct Expectation {
    let patterns: Patterns
    let rows: Int
    /// The points of ability.
    let abilities: [Double]
    private let logPrior: [Double]
    /// The logarithms of the probability of each row at each point; filled by the caller.
    var logTable: [Double]
    /// Expected people by row, then point.
    private(set) var counts: [Double]
    /// The posterior of each pattern by point, after the last step; kept only when asked for.
    private(set) var posteriors: [Double] = []

    init(_ patterns: Patterns, rows: Int, points: Int) {
        self.patterns = patterns
        self.rows = rows
        abilities = (0..<points).map { 12 * Double($0) / Double(points - 1) - 6 }
        let density = abilities.map { exp(-$0 * $0 / 2) }
        let sum = density.reduce(0, +)
        logPrior = density.map { log($0 / sum) }
        logTable = Array(repeating: 0, count: rows * points)
        counts = logTable
    }

    /// - Returns: the marginal log-likelihood of all answers.
    mutating func run(keepPosteriors: Bool = false) -> Double {
        let points = abilities.count
        var total = 0.0
        var work = Array(repeating: 0.0, count: points)
        posteriors = keepPosteriors ? Array(repeating: 0, count: patterns.count * points) : []
        for index in counts.indices { counts[index] = 0 }
        patterns.cells.withUnsafeBufferPointer { cells in
            logTable.withUnsafeBufferPointer { table in
                counts.withUnsafeMutableBufferPointer { counts in
                    work.withUnsafeMutableBufferPointer { work in
                        for pattern in 0..<patterns.count {
                            let own = UnsafeBufferPointer(
                                rebasing: cells[patterns.starts[pattern]..<patterns.starts[pattern + 1]])
                            total += Self.weigh(own, patterns.weights[pattern], table, logPrior, work)
                            Self.spread(own, work, counts)
                            if keepPosteriors {
                                for q in 0..<points { posteriors[pattern * points + q] = work[q] }
                            }
                        }
                    }
                }
            }
        }
        return total
    }

    /// Leaves the posterior times the weight in `work`.
    ///
    /// - Returns: the weighted log-likelihood of the pattern.
    private static func weigh(
        _ cells: UnsafeBufferPointer<Int32>, _ weight: Double, _ table: UnsafeBufferPointer<Double>,
        _ logPrior: [Double], _ work: UnsafeMutableBufferPointer<Double>
    ) -> Double {
        let points = work.count
        for q in 0..<points { work[q] = logPrior[q] }
        for cell in cells {
            let row = Int(cell) * points
            for q in 0..<points { work[q] += table[row + q] }
        }
        var top = work[0]
        for q in 1..<points where work[q] > top { top = work[q] }
        var sum = 0.0
        for q in 0..<points {
            // Below e^−40 nothing shows in a double's digits.
            let lean = work[q] - top
            let value = lean > -40 ? exp(lean) : 0
            work[q] = value
            sum += value
        }
        let scale = weight / sum
        for q in 0..<points { work[q] *= scale }
        return weight * (log(sum) + top)
    }

    private static func spread(
        _ cells: UnsafeBufferPointer<Int32>, _ work: UnsafeMutableBufferPointer<Double>,
        _ counts: UnsafeMutableBufferPointer<Double>
    ) {
        let points = work.count
        for cell in cells {
            let row = Int(cell) * points
            for q in 0..<points { counts[row + q] += work[q] }
        }
    }
}
