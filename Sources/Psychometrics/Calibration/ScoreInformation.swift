import Foundation

/// The information of answers about all parameters, as the sum over people of the cross-products of their scores: the
/// derivatives of the logarithm of the probability of what they answered (Fisher's identity).
///
/// - Source: T. A. Louis, JRSS B 44 (1982), 226–233, equation 3.1 for the scores; E. Berndt, B. Hall, R. Hall and J.
///   Hausman, Annals of Economic and Social Measurement 3 (1974), 653–665 for their cross-products.
struct ScoreInformation {
    private let shapes: [ItemShape]
    private let options: CalibrationOptions
    /// Where each item's parameters stand; slopes share place 0 when there is one for all.
    private let places: [[Int]]
    private let count: Int
    private var information: SymmetricMatrix

    init(_ shapes: [ItemShape], _ firstRows: [Int], _ expectation: Expectation, _ options: CalibrationOptions) {
        self.shapes = shapes
        self.options = options
        let isShared = options.family == .onePL
        var next = isShared ? 1 : 0
        places = shapes.map { shape in
            let own = shape.parameters.indices.map { $0 == 0 && isShared ? 0 : next + $0 - (isShared ? 1 : 0) }
            next += shape.parameters.count - (isShared ? 1 : 0)
            return own
        }
        count = next
        information = SymmetricMatrix(next)
        add(expectation, firstRows)
        addPriors()
    }

    private mutating func add(_ expectation: Expectation, _ firstRows: [Int]) {
        let points = expectation.abilities.count
        let tables = slopeTables(expectation.abilities)
        var itemOf = Array(repeating: 0, count: expectation.rows)
        for (item, row) in firstRows.enumerated() {
            for score in 0...shapes[item].maximum { itemOf[row + score] = item }
        }
        let isBlocked = count > Calibration.parameterLimit
        for pattern in 0..<expectation.patterns.count {
            let weight = expectation.patterns.weights[pattern]
            let posterior = expectation.posteriors[pattern * points..<(pattern + 1) * points]
            var score: [(place: Int, item: Int, value: Double)] = []
            for cell in expectation.patterns.cells[
                expectation.patterns.starts[pattern]..<expectation.patterns.starts[pattern + 1]]
            {
                let item = itemOf[Int(cell)]
                for (index, place) in places[item].enumerated() {
                    let value = Self.product(tables[Int(cell)], index * points, posterior)
                    score.append((place, item, value / weight))
                }
            }
            for row in score {
                for column in score where !isBlocked || row.item == column.item {
                    information.values[row.place * count + column.place] += weight * row.value * column.value
                }
            }
        }
    }

    /// By row: derivatives by parameter, then point.
    private func slopeTables(_ abilities: [Double]) -> [[Double]] {
        var tables: [[Double]] = []
        for shape in shapes {
            let (width, scores) = (shape.parameters.count, shape.maximum + 1)
            var own = Array(repeating: Array(repeating: 0.0, count: width * abilities.count), count: scores)
            var logs = Array(repeating: 0.0, count: scores)
            var slopes = Array(repeating: 0.0, count: scores * width)
            for (q, ability) in abilities.enumerated() {
                shape.fill(at: ability, &logs, &slopes)
                for score in 0..<scores {
                    for index in 0..<width { own[score][index * abilities.count + q] = slopes[score * width + index] }
                }
            }
            tables += own
        }
        return tables
    }

    private static func product(_ table: [Double], _ start: Int, _ posterior: ArraySlice<Double>) -> Double {
        table.withUnsafeBufferPointer { table in
            posterior.withUnsafeBufferPointer { posterior in
                var sum = 0.0
                for q in posterior.indices { sum += table[start + q] * posterior[q] }
                return sum
            }
        }
    }

    private mutating func addPriors() {
        for (item, shape) in shapes.enumerated() where shape.hasAsymptote {
            let place = places[item][2]
            information[place, place] += 1 / (options.asymptotePrior.sd * options.asymptotePrior.sd)
        }
        guard let prior = options.discriminationPrior else { return }
        for (item, shape) in shapes.enumerated() where item == 0 || options.family != .onePL {
            let slope = shape.parameters[0]
            let curve = ((1 - (log(slope) - prior.mean)) / (prior.sd * prior.sd) - 1) / (slope * slope)
            information[places[item][0], places[item][0]] += max(0, curve)
        }
    }

    func errors() -> [Calibration.Errors?] {
        if count > Calibration.parameterLimit {
            return shapes.indices.map { item in
                var block = SymmetricMatrix(places[item].count)
                for (row, one) in places[item].enumerated() {
                    for (column, other) in places[item].enumerated() { block[row, column] = information[one, other] }
                }
                return block.inverse().map { errors(item, $0, Array(places[item].indices)) }
            }
        }
        guard let inverse = information.inverse() else { return shapes.map { _ in nil } }
        return shapes.indices.map { errors($0, inverse, places[$0]) }
    }

    /// From slopes and intercepts to discrimination and difficulty, by the delta method: b = −d ÷ a.
    private func errors(_ item: Int, _ covariance: SymmetricMatrix, _ places: [Int]) -> Calibration.Errors {
        let shape = shapes[item]
        let slope = shape.parameters[0]
        let slopeVariance = covariance[places[0], places[0]]
        let difficulties = (1...shape.maximum).map { index in
            let difficulty = -shape.parameters[index] / slope
            let own = covariance[places[index], places[index]]
            let cross = covariance[places[0], places[index]]
            let variance: Double = difficulty * difficulty * slopeVariance + own + 2 * difficulty * cross
            return max(0, variance).squareRoot() / slope
        }
        var asymptote = 0.0
        if shape.hasAsymptote {
            let lowest = Logistic.share(shape.parameters[2])
            asymptote = lowest * (1 - lowest) * covariance[places[2], places[2]].squareRoot()
        }
        return Calibration.Errors(
            discrimination: slopeVariance.squareRoot(), difficulties: difficulties, lowerAsymptote: asymptote)
    }
}
