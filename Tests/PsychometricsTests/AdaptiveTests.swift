import Basis
import Foundation
import Psychometrics
import Testing

@Suite struct AdaptiveTests {
    private func answer(_ test: inout AdaptiveTest, _ ability: Double, seed: UInt64) {
        var dice = Dice(seed: seed)
        while let choice = test.pending { test.answer(dice.score(test.pool.items[choice.item].model, ability)) }
    }

    @Test func `the same seed and scores give the same choices, also when taken up in the middle`() throws {
        let pool = try Items.pool(200, areas: 3)
        var rules = AdaptiveRules()
        rules.areaTargets = [0.5, 0.3, 0.2]
        rules.admission = pool.items.indices.map { $0 % 3 == 0 ? 0.4 : 1 }
        for seed in 0..<20 {
            var test = try #require(AdaptiveTest(pool, rules, seed: UInt64(seed)))
            answer(&test, -1 + 0.1 * Double(seed), seed: UInt64(100 + seed))
            let scores = test.given.map(\.score)
            let again = try #require(AdaptiveTest(pool, rules, seed: UInt64(seed), scores: scores))
            #expect(again.given == test.given && again.verdict == test.verdict && again.pending == nil)
            let half = Array(scores.prefix(scores.count / 2))
            let middle = try #require(AdaptiveTest(pool, rules, seed: UInt64(seed), scores: half))
            #expect(middle.given == Array(test.given.prefix(half.count)))
            #expect(middle.pending == test.given[half.count].choice && middle.verdict == nil)
        }
    }

    @Test func `no item comes twice, and each is among the five that tell most`() throws {
        let pool = try Items.pool(120)
        for seed in 0..<10 {
            var test = try #require(AdaptiveTest(pool, seed: UInt64(seed)))
            answer(&test, 0.5, seed: UInt64(seed))
            let items = test.given.map(\.choice.item)
            #expect(Set(items).count == items.count)
            for (step, given) in test.given.enumerated() {
                let left = pool.items.indices.filter { !items.prefix(step).contains($0) }
                let information = { (place: Int) in pool.items[place].model.information(at: given.choice.ability) }
                let better = left.count { information($0) > information(given.choice.item) + 1e-12 }
                #expect(better < 5)
                #expect(agree(given.choice.information, information(given.choice.item), within: 1e-12))
                #expect(given.choice.candidates.contains(given.choice.item) && given.choice.held.isEmpty)
            }
            #expect(test.verdict == .measured && test.posterior.sd < 0.3)
            #expect(test.given.dropLast().allSatisfy { $0.sd >= 0.3 } || test.given.count == 5)
        }
    }

    @Test func `the shares of content are kept to one item`() throws {
        let pool = try Items.pool(200, areas: 4)
        var rules = AdaptiveRules()
        rules.areaTargets = [4, 3, 2, 1]
        for seed in 0..<10 {
            var test = try #require(AdaptiveTest(pool, rules, seed: UInt64(seed)))
            answer(&test, 0, seed: UInt64(seed))
            for area in 0..<4 {
                let count = test.given.count { pool.items[$0.choice.item].area == area }
                let target = rules.areaTargets[area] / 10 * Double(test.given.count)
                #expect(abs(Double(count) - target) <= 1)
            }
        }
    }

    @Test func `too few items leave somebody unmeasurable, and it says why`() throws {
        let small = try Items.pool(6)
        var test = try #require(AdaptiveTest(small, seed: 1))
        answer(&test, 0, seed: 2)
        #expect(test.given.count == 6 && test.verdict == .unmeasurable(.imprecise))
        var rules = AdaptiveRules()
        rules.most = 8
        var capped = try #require(AdaptiveTest(try Items.pool(200), rules, seed: 1))
        answer(&capped, 0, seed: 2)
        #expect(capped.given.count == 8 && capped.verdict == .unmeasurable(.imprecise))
        capped.answer(1)
        #expect(capped.given.count == 8)
    }

    /// Knows what is hard and misses what is easy.
    @Test func `answers that contradict the model leave somebody unmeasurable`() throws {
        let items = try (0..<40).map { ItemPool.Item("\($0)", try logistic(1.8, -3 + 0.15 * Double($0))) }
        let pool = try #require(ItemPool(items))
        var rules = AdaptiveRules()
        (rules.among, rules.least, rules.most, rules.sdGoal) = (40, 40, 40, 0.01)
        var test = try #require(AdaptiveTest(pool, rules, seed: 3))
        while let choice = test.pending { test.answer(choice.item >= 20 ? 1 : 0) }
        #expect(try #require(test.personFit) < -3 && test.verdict == .unmeasurable(.contradictory))
        var usual = try #require(AdaptiveTest(pool, rules, seed: 3))
        answer(&usual, 0, seed: 4)
        #expect(try #require(usual.personFit) > -2.5 && usual.verdict == .unmeasurable(.imprecise))
    }

    @Test func `items that may hardly be given are still given when nothing else is left`() throws {
        let pool = try Items.pool(8)
        var rules = AdaptiveRules()
        rules.admission = Array(repeating: 0, count: 8)
        var test = try #require(AdaptiveTest(pool, rules, seed: 5))
        answer(&test, 0, seed: 6)
        #expect(Set(test.given.map(\.choice.item)).count == 8)
    }

    @Test func `graded and guessed items can be mixed`() throws {
        let items = try (0..<60).map { index -> ItemPool.Item in
            let b = -2 + 4 * Double(index) / 59
            return ItemPool.Item(
                "\(index)", index % 2 == 0 ? try graded(1.5, [b - 0.7, b, b + 0.7]) : try logistic(1.5, b, 0.2))
        }
        let pool = try #require(ItemPool(items))
        var test = try #require(AdaptiveTest(pool, seed: 7))
        answer(&test, -0.5, seed: 8)
        #expect(test.verdict == .measured && abs(test.posterior.mean + 0.5) < 1)
    }

    @Test func `rules that do not fit are refused in a sentence`() throws {
        let pool = try Items.pool(10, areas: 2)
        #expect(AdaptiveRules().fault(for: pool) == nil)
        func fault(_ change: (inout AdaptiveRules) -> Void) -> Bool {
            var rules = AdaptiveRules()
            change(&rules)
            return rules.fault(for: pool) != nil && AdaptiveTest(pool, rules, seed: 1) == nil
        }
        #expect(fault { $0.areaTargets = [1] } && fault { $0.areaTargets = [0, 0] })
        #expect(fault { $0.areaTargets = [1, .nan] } && fault { $0.admission = [1] })
        #expect(
            fault { $0.admission = Array(repeating: 2, count: 10) } && fault { $0.among = 0 }
                && fault { $0.checkInterval = -1 })
        #expect(fault { $0.least = 0 } && fault { $0.most = 4 } && fault { $0.sdGoal = .nan })
        #expect(AdaptiveTest(pool, seed: 1, scores: [7]) == nil && ItemPool([]) == nil)
        #expect(ItemPool([pool.items[0], pool.items[0]]) == nil)
        #expect(AdaptiveSimulation(pool, tests: 0, seed: 1) == nil)
        #expect(ExposureControl(pool, AdaptiveRules(), limit: 0, seed: 1) == nil)
    }

    @Test func `simulated tests are short, right, and sure to the degree that they say`() throws {
        let pool = try Items.pool(500)
        let run = try #require(AdaptiveSimulation(pool, tests: 150, seed: 9))
        #expect(run.meanLength < 23.5 && run.rootMeanSquareError < 0.36 && abs(run.bias) < 0.1)
        #expect(0.82...0.97 ~= run.coverage && run.measured > 0.95)
        #expect(agree(run.measured + run.imprecise + run.contradictory, 1, within: 1e-12))
    }

    @Test func `a cap keeps every item below its share`() throws {
        let pool = try Items.pool(100)
        var rules = AdaptiveRules()
        rules.sdGoal = 0.45
        let cap = try #require(ExposureCap(0.25))
        let run = try #require(AdaptiveSimulation(pool, rules, tests: 200, seed: 12, cap: cap))
        #expect(run.exposure.top <= 0.255 && run.exposure.unused < 0.6)
        #expect(cap.admission(counts: [3, 2, 0], tests: 8) == [0, 1, 1] && ExposureCap(0) == nil)
    }

    @Test func `checks are easy, and show somebody who answers by chance`() throws {
        let pool = try Items.pool(300)
        var rules = AdaptiveRules()
        rules.checkInterval = 4
        var test = try #require(AdaptiveTest(pool, rules, seed: 13))
        answer(&test, 0.3, seed: 14)
        for (step, given) in test.given.enumerated() {
            #expect(given.choice.isCheck == ((step + 1) % 4 == 0))
            let expected = pool.items[given.choice.item].model.expectedScore(at: given.choice.ability)
            #expect(given.choice.isCheck ? 0.85...0.97 ~= expected : 0.2...0.8 ~= expected)
        }
        let usual = try #require(AdaptiveSimulation(pool, rules, tests: 100, seed: 15))
        let chance = try #require(
            AdaptiveSimulation(pool, rules, tests: 100, seed: 16) { _, _, dice in dice.share() < 0.5 ? 1 : 0 })
        #expect(usual.contradictory < 0.1 && chance.contradictory > 0.3)
    }

    @Test func `exposure control keeps items from being seen by everybody`() throws {
        let pool = try Items.pool(100)
        var rules = AdaptiveRules()
        rules.sdGoal = 0.45
        let control = try #require(ExposureControl(pool, rules, limit: 0.3, rounds: 6, tests: 100, seed: 10))
        rules.admission = control.admission
        let run = try #require(AdaptiveSimulation(pool, rules, tests: 200, seed: 11))
        #expect(control.rounds[0].top > 0.5 && run.exposure.top < 0.42)
        #expect(control.admission.allSatisfy { 0...1 ~= $0 })
    }
}
