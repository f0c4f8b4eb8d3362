public import Basis
import Foundation
import Statistics

/// Mean squared residuals of an item, with what they would be if the model held.
///
/// Outfit is the mean of (x − E)² ÷ V over people; infit is Σ(x − E)² ÷ ΣV, which far-off surprises sway less. E and V
/// are the mean and variance of the answer given the person's other answers, so that both are 1 on average under the
/// model, however short the test. The limits are simulated: the same people answering the same items as the model says.
///
/// - Source: B. D. Wright and G. N. Masters, Rating Scale Analysis (1982), chapter 5; limits by parametric bootstrap.
/// - Cost: about half a microsecond an answer and replicate; where items are fitted, a calibration a replicate more.
public struct MeanSquares: Hashable, Sendable {
    public let name: String
    /// People who answered it.
    public let answers: Int
    public let infit: Double
    public let outfit: Double
    /// The central 95 % of what is simulated under the model; from 0 to infinity where nothing was simulated.
    public let infitLimits: ClosedRange<Double>
    public let outfitLimits: ClosedRange<Double>

    public var isWithinLimits: Bool { infitLimits.contains(infit) && outfitLimits.contains(outfit) }

    /// Both for each item that somebody answered, in the order given.
    ///
    /// Names are those of the table; answers to others, and scores that an item cannot have, are left out. The limits
    /// come from `replicates` simulated tables, 40 at least; 0 for no limits. Items that were fitted to the same table
    /// lie nearer to 1 than others: then say how, and each simulated table is fitted, too.
    public static func all(
        _ items: [(name: String, model: ItemModel)], _ table: AnswerTable, fittedBy options: CalibrationOptions?,
        replicates: Int = 200, dice: inout Dice
    ) -> [MeanSquares] {
        let people = table.scored(items.map(\.name), upTo: items.map(\.model.maximum))
        let models = items.map(\.model)
        let tables = Tables(models)
        let found = Sums(people, tables)
        var simulated: [Sums] = []
        for _ in 0..<(replicates > 0 ? max(40, replicates) : 0) {
            let drawn = people.map { person in
                let ability = AdaptiveSimulation.normal(&dice)
                return person.map {
                    AnswerTable.Scored(
                        item: $0.item, score: AdaptiveSimulation.score(models[$0.item], ability, &dice))
                }
            }
            simulated.append(Sums(drawn, options.map { Tables(refitted(models, drawn, $0)) } ?? tables))
        }
        return items.indices.filter { found.counts[$0] > 0 }.map { item in
            MeanSquares(
                name: items[item].name, answers: found.counts[item], infit: found.infit(item),
                outfit: found.outfit(item), infitLimits: limits(simulated.map { $0.infit(item) }),
                outfitLimits: limits(simulated.map { $0.outfit(item) }))
        }
    }

    /// The models fitted to these answers; as they were where that fails.
    private static func refitted(
        _ models: [ItemModel], _ people: [[AnswerTable.Scored]], _ options: CalibrationOptions
    ) -> [ItemModel] {
        var table = AnswerTable()
        for (person, answers) in people.enumerated() {
            for answer in answers { table.add(person: "\(person)", item: "\(answer.item)", score: answer.score) }
        }
        var fitted = models
        for item in Calibration(table, options).items {
            guard let place = Int(item.name), item.model.maximum == models[place].maximum else { continue }
            fitted[place] = item.model
        }
        return fitted
    }

    private static func limits(_ values: [Double]) -> ClosedRange<Double> {
        guard !values.isEmpty else { return 0...Double.infinity }
        let sorted = values.sorted()
        return Quantile.interpolated(sorted, at: 0.025)...Quantile.interpolated(sorted, at: 0.975)
    }

    /// The models' probabilities at the points of the population.
    private struct Tables {
        /// By item, then score, then point.
        let shares: [[[Double]]]
        let logs: [[[Double]]]

        init(_ models: [ItemModel]) {
            shares = models.map { model in
                (0...model.maximum).map { score in
                    Population.points.map { model.probability(of: score, at: $0.ability) }
                }
            }
            logs = models.map { model in
                (0...model.maximum).map { score in
                    Population.points.map { model.logLikelihood(of: score, at: $0.ability) }
                }
            }
        }
    }

    private struct Sums {
        private(set) var counts: [Int]
        private var squares: [Double]
        private var variances: [Double]
        private var ratios: [Double]

        init(_ people: [[AnswerTable.Scored]], _ tables: Tables) {
            counts = tables.shares.map { _ in 0 }
            squares = tables.shares.map { _ in 0 }
            (variances, ratios) = (squares, squares)
            for person in people {
                var sums = Population.points.map { log($0.share) }
                for answer in person {
                    let own = tables.logs[answer.item][answer.score]
                    for q in sums.indices { sums[q] += own[q] }
                }
                for answer in person { add(answer, sums, tables) }
            }
        }

        private mutating func add(_ answer: AnswerTable.Scored, _ sums: [Double], _ tables: Tables) {
            let own = tables.logs[answer.item][answer.score]
            var top = -Double.infinity
            for q in sums.indices { top = max(top, sums[q] - own[q]) }
            var weights = sums
            var all = 0.0
            for q in sums.indices {
                weights[q] = exp(sums[q] - own[q] - top)
                all += weights[q]
            }
            var (mean, second) = (0.0, 0.0)
            for (score, shares) in tables.shares[answer.item].enumerated().dropFirst() {
                var share = 0.0
                for q in weights.indices { share += weights[q] * shares[q] }
                mean += Double(score) * share / all
                second += Double(score * score) * share / all
            }
            let variance = max(second - mean * mean, 1e-12)
            let lean = Double(answer.score) - mean
            counts[answer.item] += 1
            squares[answer.item] += lean * lean
            variances[answer.item] += variance
            ratios[answer.item] += lean * lean / variance
        }

        func infit(_ item: Int) -> Double { squares[item] / variances[item] }
        func outfit(_ item: Int) -> Double { ratios[item] / Double(counts[item]) }
    }
}
