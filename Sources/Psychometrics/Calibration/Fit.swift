import Foundation

/// A calibration under way.
struct Fit {
    private(set) var shapes: [ItemShape]
    private(set) var steps = 0
    private(set) var lastMove = Double.infinity
    private(set) var logLikelihood = -Double.infinity
    let people: Int
    private let options: CalibrationOptions
    /// The first row of each item in the tables.
    private let firstRows: [Int]
    private var expectation: Expectation
    private let maximisation: Maximisation

    init(
        _ rows: [[AnswerTable.Answer]], kept: [Int], tallies: [[Int]], _ options: CalibrationOptions
    ) {
        self.options = options
        var firstRows: [Int] = []
        var next = 0
        var rowOf = Array(repeating: Int32(-1), count: tallies.count)
        for item in kept {
            firstRows.append(next)
            rowOf[item] = Int32(next)
            next += tallies[item].count
        }
        self.firstRows = firstRows
        shapes = kept.map { item in
            let isThree = options.family == .threePL && tallies[item].count == 2
            return ItemShape(
                counts: tallies[item].map(Double.init), hasAsymptote: isThree, asymptote: options.asymptotePrior.mean)
        }
        let cells = rows.map { row in
            row.compactMap { rowOf[Int($0.item)] < 0 ? nil : rowOf[Int($0.item)] + $0.score }
        }
        people = cells.count { !$0.isEmpty }
        let patterns = Patterns(cells)
        expectation = Expectation(patterns, rows: next, points: max(15, options.points))
        maximisation = Maximisation(options: options, abilities: expectation.abilities)
    }

    /// All free parameters one after another; what items share comes with each.
    private var parameters: [Double] {
        get { shapes.flatMap(\.parameters) }
        set {
            var start = 0
            for item in shapes.indices {
                let width = shapes[item].parameters.count
                shapes[item].parameters = Array(newValue[start..<start + width])
                start += width
            }
        }
    }

    /// - Returns: whether it came to rest.
    mutating func run() -> Bool {
        guard !shapes.isEmpty else {
            logLikelihood = 0
            lastMove = 0
            return true
        }
        let limit = max(options.stepLimit, 3)
        while steps < limit {
            let start = parameters
            let reached = step()
            let first = parameters
            if lastMove < options.tolerance { break }
            _ = step()
            let second = parameters
            if lastMove < options.tolerance { break }
            leap(from: start, first, second, unlessBelow: reached)
        }
        logLikelihood = expect(keepPosteriors: true)
        return lastMove < options.tolerance
    }

    /// An E and an M step.
    ///
    /// - Returns: the log-likelihood with priors before the step.
    private mutating func step() -> Double {
        let value = expect() + maximisation.logPrior(shapes)
        let before = parameters
        maximise()
        lastMove = zip(before, parameters).reduce(0) { max($0, abs($1.0 - $1.1)) }
        return value
    }

    /// Extrapolates two steps, and takes it back where that would be worse than before them.
    private mutating func leap(
        from start: [Double], _ first: [Double], _ second: [Double], unlessBelow reached: Double
    ) {
        var (length, bend) = (0.0, 0.0)
        for index in start.indices {
            let move = first[index] - start[index]
            let turn = second[index] - first[index] - move
            length += move * move
            bend += turn * turn
        }
        guard bend > 0 else { return }
        let stretch = max(1, (length / bend).squareRoot())
        parameters = start.indices.map { index in
            let move = first[index] - start[index]
            let turn = second[index] - first[index] - move
            return start[index] + 2 * stretch * move + stretch * stretch * turn
        }
        for item in shapes.indices { shapes[item].clamp() }
        guard shapes.allSatisfy(\.isSound) else { return parameters = second }
        let value = expect() + maximisation.logPrior(shapes)
        if value >= reached { maximise() } else { parameters = second }
    }

    private mutating func expect(keepPosteriors: Bool = false) -> Double {
        steps += 1
        let points = expectation.abilities.count
        for (item, shape) in shapes.enumerated() {
            let scores = shape.maximum + 1
            var logs = Array(repeating: 0.0, count: scores)
            var slopes = Array(repeating: 0.0, count: scores * shape.parameters.count)
            for (q, ability) in expectation.abilities.enumerated() {
                shape.fill(at: ability, &logs, &slopes)
                for score in 0..<scores { expectation.logTable[(firstRows[item] + score) * points + q] = logs[score] }
            }
        }
        return expectation.run(keepPosteriors: keepPosteriors)
    }

    private mutating func maximise() {
        if options.family == .onePL {
            return maximisation.moveTogether(&shapes, expectation.counts, firstRows)
        }
        let points = expectation.abilities.count
        for item in shapes.indices {
            let start = firstRows[item] * points
            let counts = expectation.counts[start..<start + (shapes[item].maximum + 1) * points]
            maximisation.move(&shapes[item], counts)
        }
    }

    /// By item; see `Calibration.Errors`.
    func errors() -> [Calibration.Errors?] {
        ScoreInformation(shapes, firstRows, expectation, options).errors()
    }
}
