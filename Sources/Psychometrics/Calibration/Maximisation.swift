import Foundation

/// The M step: moves each item to where its expected answers are most probable, by Fisher's scoring.
struct Maximisation {
    let options: CalibrationOptions
    let abilities: [Double]
    /// Scoring steps in one M step; they only need to rise, EM does the rest.
    private static let scoringLimit = 4

    /// What the expected answers say about one item.
    private struct Evidence {
        var value = 0.0
        var gradient: [Double]
        var information: SymmetricMatrix
    }

    /// The counts are expected people by score, then point.
    func move(_ shape: inout ItemShape, _ counts: ArraySlice<Double>) {
        var now = evidence(shape, counts)
        addPrior(of: shape.parameters[0], to: &now)
        for _ in 0..<Self.scoringLimit {
            guard let step = now.information.solve(now.gradient) else { return }
            var share = 1.0
            var next = shape
            var then = now
            repeat {
                next.parameters = zip(shape.parameters, step).map { $0 + share * $1 }
                next.clamp()
                if next.isSound {
                    then = evidence(next, counts)
                    addPrior(of: next.parameters[0], to: &then)
                    if then.value >= now.value - 1e-12 * abs(now.value) { break }
                }
                share /= 2
            } while share > 1e-4
            if share <= 1e-4 { return }
            (shape, now) = (next, then)
            if step.allSatisfy({ abs($0 * share) < 1e-6 }) { return }
        }
    }

    /// One discrimination for all items: the scoring step of all parameters, solved through the slope that they share.
    func moveTogether(_ shapes: inout [ItemShape], _ counts: [Double], _ firstRows: [Int]) {
        for _ in 0..<Self.scoringLimit {
            let points = abilities.count
            let parts = shapes.indices.map { item in
                let start = firstRows[item] * points
                return evidence(shapes[item], counts[start..<start + (shapes[item].maximum + 1) * points])
            }
            var shared = Evidence(gradient: [0], information: SymmetricMatrix(1))
            addPrior(of: shapes.first?.parameters[0] ?? 1, to: &shared)
            var own: [(gradient: [Double], slope: [Double])] = []
            for part in parts {
                let solved = Self.solveOwn(part)
                own.append(solved)
                shared.gradient[0] += part.gradient[0]
                shared.information[0, 0] += part.information[0, 0]
                for index in solved.slope.indices {
                    let cross = part.information[0, index + 1]
                    shared.gradient[0] -= cross * solved.gradient[index]
                    shared.information[0, 0] -= cross * solved.slope[index]
                }
            }
            let slope = shared.gradient[0] / shared.information[0, 0]
            guard slope.isFinite else { return }
            var largest = abs(slope)
            for item in shapes.indices {
                shapes[item].parameters[0] += min(max(slope, -0.5), 0.5)
                for (index, move) in zip(own[item].gradient, own[item].slope).map({ $0 - $1 * slope }).enumerated() {
                    shapes[item].parameters[index + 1] += min(max(move, -1), 1)
                    largest = max(largest, abs(move))
                }
                shapes[item].clamp()
            }
            if largest < 1e-6 { return }
        }
    }

    /// What the intercepts would do by themselves, and for each unit by which the slope moves.
    private static func solveOwn(_ part: Evidence) -> (gradient: [Double], slope: [Double]) {
        let size = part.gradient.count - 1
        var block = SymmetricMatrix(size)
        for row in 0..<size {
            for column in 0..<size { block[row, column] = part.information[row + 1, column + 1] }
        }
        let none = Array(repeating: 0.0, count: size)
        let slopes = (0..<size).map { part.information[0, $0 + 1] }
        return (block.solve(Array(part.gradient.dropFirst())) ?? none, block.solve(slopes) ?? none)
    }

    private func evidence(_ shape: ItemShape, _ counts: ArraySlice<Double>) -> Evidence {
        let width = shape.parameters.count
        let scores = shape.maximum + 1
        let points = abilities.count
        var logs = Array(repeating: 0.0, count: scores)
        var slopes = Array(repeating: 0.0, count: scores * width)
        var evidence = Evidence(
            gradient: Array(repeating: 0, count: width), information: SymmetricMatrix(width))
        for (q, ability) in abilities.enumerated() {
            shape.fill(at: ability, &logs, &slopes)
            var people = 0.0
            for score in 0..<scores { people += counts[counts.startIndex + score * points + q] }
            if people < 1e-9 { continue }
            for score in 0..<scores {
                let count = counts[counts.startIndex + score * points + q]
                let expected = people * exp(logs[score])
                evidence.value += count * logs[score]
                for row in 0..<width {
                    let slope = slopes[score * width + row]
                    evidence.gradient[row] += count * slope
                    for column in 0..<width {
                        evidence.information.values[row * width + column] +=
                            expected * slope * slopes[score * width + column]
                    }
                }
            }
        }
        if shape.hasAsymptote {
            let prior = options.asymptotePrior
            let lean = (shape.parameters[2] - prior.mean) / prior.sd
            evidence.value -= lean * lean / 2
            evidence.gradient[2] -= lean / prior.sd
            evidence.information[2, 2] += 1 / (prior.sd * prior.sd)
        }
        return evidence
    }

    /// The lognormal density of a slope: −log a − (log a − μ)² ÷ 2σ².
    private func addPrior(of slope: Double, to evidence: inout Evidence) {
        guard let prior = options.discriminationPrior else { return }
        let lean = (log(slope) - prior.mean) / prior.sd
        evidence.value -= log(slope) + lean * lean / 2
        evidence.gradient[0] -= (1 + lean / prior.sd) / slope
        evidence.information[0, 0] += 1 / (prior.sd * prior.sd * slope * slope)
    }

    /// The logarithms of the priors' densities of all parameters, but for constants.
    func logPrior(_ shapes: [ItemShape]) -> Double {
        var sum = 0.0
        for shape in shapes where shape.hasAsymptote {
            let lean = (shape.parameters[2] - options.asymptotePrior.mean) / options.asymptotePrior.sd
            sum -= lean * lean / 2
        }
        guard let prior = options.discriminationPrior else { return sum }
        for shape in options.family == .onePL ? Array(shapes.prefix(1)) : shapes {
            let lean = (log(shape.parameters[0]) - prior.mean) / prior.sd
            sum -= log(shape.parameters[0]) + lean * lean / 2
        }
        return sum
    }
}
