import Basis
import Foundation
import Psychometrics
import Testing

@Suite struct ModelTests {
    private func someModels(_ dice: inout Dice) throws -> [ItemModel] {
        let a = 0.1 + 2.9 * dice.share()
        let b = -3 + 6 * dice.share()
        let gaps = (0..<4).map { _ in 0.05 + dice.share() }
        let thresholds = gaps.reduce(into: [b - 1]) { $0.append(($0.last ?? 0) + $1) }
        return [
            try logistic(1, b), try logistic(a, b), try logistic(a, b, 0.4 * dice.share()), try graded(a, thresholds),
        ]
    }

    @Test func `probabilities lie between 0 and 1 and sum to 1, information is never negative`() throws {
        var dice = Dice(seed: 21)
        for _ in 0..<300 {
            for model in try someModels(&dice) {
                let ability = -6 + 12 * dice.share()
                let shares = (0...model.maximum).map { model.probability(of: $0, at: ability) }
                #expect(shares.allSatisfy { $0 > 0 && $0 < 1 })
                #expect(agree(shares.reduce(0, +), 1, within: 1e-12))
                #expect(model.information(at: ability) >= 0)
                for score in 0...model.maximum {
                    let log = model.logLikelihood(of: score, at: ability)
                    #expect(agree(log, Foundation.log(shares[score]), within: 1e-9 * max(1, abs(log))))
                }
            }
        }
    }

    /// I(θ) = Σ_k (dP_k ÷ dθ)² ÷ P_k, with the derivative by central differences.
    @Test func `information is the variance of the slope of the log-likelihood`() throws {
        var dice = Dice(seed: 22)
        for _ in 0..<200 {
            for model in try someModels(&dice) {
                let ability = -4 + 8 * dice.share()
                let sum = (0...model.maximum).reduce(0.0) { sum, score in
                    let up = model.probability(of: score, at: ability + 1e-5)
                    let down = model.probability(of: score, at: ability - 1e-5)
                    let slope = (up - down) / 2e-5
                    return sum + slope * slope / model.probability(of: score, at: ability)
                }
                #expect(agree(model.information(at: ability), sum, within: 1e-6))
            }
        }
    }

    @Test func `the expected score rises with ability`() throws {
        var dice = Dice(seed: 23)
        for _ in 0..<100 {
            for model in try someModels(&dice) {
                let ability = -4 + 8 * dice.share()
                #expect(model.expectedScore(at: ability + 0.1) > model.expectedScore(at: ability))
            }
        }
    }

    /// By hand: 0.2 + 0.8 ÷ (1 + e^−1.5·(0.5 − 0.1)); a²·P*(1 − P*) with P* = 1 ÷ (1 + e^−0.6).
    @Test func `known values`() throws {
        #expect(agree(try logistic(1.5, 0.1, 0.2).probability(of: 1, at: 0.5), 0.716_525_045, within: 1e-9))
        #expect(agree(try logistic(1.5, 0.1).information(at: 0.5), 2.25 * 0.228_784_240, within: 1e-8))
        #expect(try logistic(2, 0).information(at: 0) == 1)
        let item = try graded(1, [-1, 1])
        #expect(agree(item.probability(of: 1, at: 0), 0.462_117_157_3, within: 1e-9))
        #expect(agree(item.expectedScore(at: 0), 1, within: 1e-12))
    }

    @Test func `far from its difficulty an item still has a finite likelihood`() throws {
        for model in [
            try logistic(100, 1_000), try logistic(1e-9, 0), try logistic(4, -1_000, 0.25),
            try graded(100, [-1_000, -999.999_9, 1_000]),
        ] {
            for ability in [-1_000.0, 0, 1_000] {
                for score in 0...model.maximum {
                    #expect(model.logLikelihood(of: score, at: ability).isFinite)
                }
                #expect(model.information(at: ability).isFinite)
            }
        }
    }

    @Test func `parameters out of range make no item`() {
        for a in [0, -1, 101, Double.nan, .infinity] {
            #expect(LogisticItem(discrimination: a, difficulty: 0) == nil)
            #expect(GradedItem(discrimination: a, thresholds: [0]) == nil)
        }
        #expect(LogisticItem(difficulty: .nan) == nil && LogisticItem(difficulty: 1_001) == nil)
        #expect(LogisticItem(difficulty: 0, lowerAsymptote: 1) == nil)
        #expect(LogisticItem(difficulty: 0, lowerAsymptote: -0.1) == nil)
        #expect(GradedItem(discrimination: 1, thresholds: []) == nil)
        #expect(GradedItem(discrimination: 1, thresholds: [1, 1]) == nil)
        #expect(GradedItem(discrimination: 1, thresholds: [1, 0]) == nil)
        #expect(GradedItem(discrimination: 1, thresholds: [0, .nan]) == nil)
        #expect(GradedItem(discrimination: 1, thresholds: (0..<21).map(Double.init)) == nil)
    }
}
