import Basis
import Foundation
import Psychometrics
import Statistics
import Testing

@Suite struct AbilityTests {
    private func mixed() throws -> [ScoredItem] {
        let (two, three, four) = (try Items.two(), try Items.three(), try Items.four())
        return try [(two[0], 1), (two[5], 0), (three[3], 1), (four[2], 2), (four[4], 0), (two[7], 1)].map {
            try #require(ScoredItem($0, score: $1))
        }
    }

    /// `eap` and `lz` of `Tests/Oracle/psychometrics.py` (numpy).
    @Test func `mean, deviation and person fit of a mix of items agree with numpy`() throws {
        let answers = try mixed()
        let standard = AbilityPosterior(.standard, answers: answers)
        #expect(agree(standard.mean, 0.308_907_456_836, within: 1e-11))
        #expect(agree(standard.sd, 0.527_050_294_457, within: 1e-11))
        let prior = try #require(AbilityPrior(mean: -0.7, sd: 0.6))
        let other = AbilityPosterior(prior, answers: answers)
        #expect(agree(other.mean, -0.156_565_854_925, within: 1e-11))
        #expect(agree(other.sd, 0.439_513_069_186, within: 1e-11))
        let easy = try #require(ScoredItem(try Items.two()[0], score: 1))
        let forty = AbilityPosterior(.standard, answers: Array(repeating: easy, count: 40))
        #expect(agree(forty.mean, 2.380_935_090_744, within: 1e-10))
        #expect(agree(forty.sd, 0.668_135_130_622, within: 1e-10))
        #expect(agree(try #require(PersonFit.lz(answers, at: 0.25)), -1.310_372_263_071, within: 1e-11))
    }

    @Test func `without answers it is the prior`() throws {
        let prior = try #require(AbilityPrior(mean: 0.4, sd: 0.8))
        let posterior = AbilityPosterior(prior)
        #expect(agree(posterior.mean, 0.4, within: 1e-12) && agree(posterior.sd, 0.8, within: 1e-4))
        let interval = posterior.interval()
        #expect(agree(interval.low, 0.4 - 1.645 * 0.8, within: 0.01))
        #expect(agree(interval.high, 0.4 + 1.645 * 0.8, within: 0.01))
        #expect(PersonFit.lz([], at: 0) == nil)
    }

    @Test func `one right answer more never lowers it`() throws {
        var dice = Dice(seed: 31)
        for _ in 0..<200 {
            let models = try (0..<6).map { index -> ItemModel in
                let (a, b) = (0.3 + 2 * dice.share(), -2 + 4 * dice.share())
                return index == 5 ? try graded(a, [b - 1, b, b + 1]) : try logistic(a, b, index < 2 ? 0 : 0.25)
            }
            let scores = models.map { dice.score($0, 0) }
            let mean = { (scores: [Int]) in
                AbilityPosterior(.standard, answers: zip(models, scores).compactMap { ScoredItem($0, score: $1) }).mean
            }
            for place in models.indices where scores[place] < models[place].maximum {
                var better = scores
                better[place] += 1
                #expect(mean(better) > mean(scores))
            }
        }
    }

    @Test func `the order of the answers does not matter`() throws {
        let answers = try mixed()
        var one = AbilityPosterior()
        for answer in answers.reversed() { one.observe(answer) }
        let other = AbilityPosterior(.standard, answers: answers)
        #expect(agree(one.mean, other.mean, within: 1e-13) && agree(one.sd, other.sd, within: 1e-13))
        #expect(one.count == 6 && other.count == 6)
    }

    @Test func `nothing is ever NaN`() throws {
        let hard = try #require(ScoredItem(try logistic(100, 1_000), score: 1))
        let easy = try #require(ScoredItem(try logistic(100, -1_000), score: 0))
        for prior in [AbilityPrior.standard, AbilityPrior(mean: -100, sd: 0.01), AbilityPrior(mean: 100, sd: 3)] {
            var posterior = AbilityPosterior(try #require(prior))
            for _ in 0..<500 {
                posterior.observe(hard)
                posterior.observe(easy)
                #expect(posterior.mean.isFinite && posterior.sd.isFinite)
            }
            let interval = posterior.interval()
            #expect(interval.low.isFinite && interval.high.isFinite && interval.low <= interval.high)
        }
        #expect(AbilityPrior(mean: 0, sd: 0) == nil && AbilityPrior(mean: .nan, sd: 1) == nil)
        let item = try logistic(1, 0)
        #expect(ScoredItem(item, score: 2) == nil && ScoredItem(item, score: -1) == nil)
    }
}
