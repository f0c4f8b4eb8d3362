import Basis
import Foundation
import Psychometrics
import Testing

/// Expected values: `Tests/Oracle/psychometrics.py`, which maximises the marginal likelihood directly (scipy 1.17.1).
@Suite struct CalibrationTests {
    private typealias Row = (a: Double, aError: Double, b: [Double], bErrors: [Double], c: Double)

    private func fine(_ family: ItemFamily) -> CalibrationOptions {
        var options = CalibrationOptions(family)
        options.tolerance = 1e-6
        options.asymptotePrior = CalibrationOptions.Prior(mean: log(0.25), sd: 0.5) ?? options.asymptotePrior
        return options
    }

    private func expect(_ fit: Calibration, _ logLikelihood: Double, _ rows: [Row], within tolerance: Double) throws {
        #expect(fit.isConverged && fit.refused.isEmpty && fit.items.count == rows.count)
        #expect(agree(fit.logLikelihood, logLikelihood, within: 1e-4))
        for row in rows.indices {
            let item = try #require(fit.items.first { $0.name == "\(row)" })
            let errors = try #require(item.errors)
            let (difficulties, lowest) =
                switch item.model {
                case .logistic(let own): ([own.difficulty], own.lowerAsymptote)
                case .graded(let own): (own.thresholds, 0)
                }
            #expect(agree(item.model.discrimination, rows[row].a, within: tolerance))
            #expect(agree(errors.discrimination, rows[row].aError, within: tolerance))
            for (found, wanted) in zip(difficulties, rows[row].b) { #expect(agree(found, wanted, within: tolerance)) }
            for (found, wanted) in zip(errors.difficulties, rows[row].bErrors) {
                #expect(agree(found, wanted, within: tolerance))
            }
            #expect(agree(lowest, rows[row].c, within: tolerance))
            #expect(!item.isAtBound)
        }
    }

    private func two() throws -> AnswerTable { Items.answers(try Items.two(), people: 600, seed: 11, missing: 0.1) }

    @Test func `2PL with missing answers reaches the maximum that scipy finds`() throws {
        try expect(
            Calibration(two(), fine(.twoPL)), -2433.679174,
            [
                (0.69895, 0.14422, [-1.22003], [0.24955], 0), (1.10704, 0.17888, [-0.75713], [0.13076], 0),
                (0.87608, 0.14264, [-0.50324], [0.13167], 0), (1.10103, 0.16602, [-0.26507], [0.10283], 0),
                (1.38881, 0.20563, [0.25717], [0.08780], 0), (1.29730, 0.19659, [0.81644], [0.12037], 0),
                (2.54016, 0.47129, [0.90220], [0.08959], 0), (2.85843, 0.59103, [1.15562], [0.10284], 0),
            ], within: 2e-4)
    }

    @Test func `1PL shares one discrimination`() throws {
        let fit = Calibration(try two(), fine(.onePL))
        let b = [-0.81002, -0.70165, -0.40546, -0.25076, 0.26631, 0.82411, 1.24051, 1.66693]
        let errors = [0.10266, 0.09794, 0.09208, 0.09142, 0.09252, 0.10140, 0.11471, 0.13080]
        try expect(fit, -2463.105322, zip(b, errors).map { (1.25492, 0.07184, [$0], [$1], 0) }, within: 2e-4)
    }

    @Test func `3PL with a prior for the asymptote`() throws {
        let table = Items.answers(try Items.three(), people: 1_500, seed: 12)
        try expect(
            Calibration(table, fine(.threePL)), -8681.747736,
            [
                (0.75190, 0.12407, [-1.80711], [0.35997], 0.20542), (1.15469, 0.16050, [-1.15099], [0.22278], 0.20709),
                (1.26288, 0.18949, [-0.67880], [0.22040], 0.22615), (1.35080, 0.19213, [-0.48591], [0.18259], 0.19111),
                (1.70271, 0.35158, [0.10809], [0.15953], 0.22066), (1.38610, 0.24433, [0.33188], [0.15440], 0.17621),
                (1.92242, 0.43435, [0.66114], [0.10062], 0.16227), (1.82340, 0.53669, [1.30889], [0.11185], 0.19538),
                (2.05475, 0.85609, [1.75705], [0.17336], 0.22451), (1.36397, 0.51678, [2.05460], [0.25525], 0.16475),
            ], within: 1e-3)
    }

    @Test func `graded items`() throws {
        let table = Items.answers(try Items.four(), people: 500, seed: 13)
        try expect(
            Calibration(table, fine(.twoPL)), -3149.840730,
            [
                (0.82395, 0.11542, [-1.13048, -0.07087, 0.83026], [0.18798, 0.12570, 0.16634], 0),
                (1.12073, 0.13531, [-0.97106, -0.02734, 1.00290], [0.13533, 0.10107, 0.14378], 0),
                (1.61292, 0.18308, [-0.78747, 0.16863, 1.05003], [0.10152, 0.08242, 0.11298], 0),
                (1.67609, 0.17599, [-0.52114, 0.28949, 1.39613], [0.08879, 0.08151, 0.13220], 0),
                (2.50254, 0.32689, [-0.33308, 0.31700, 1.20618], [0.07168, 0.06951, 0.10204], 0),
            ], within: 2e-4)
    }

    @Test func `the order of items and people does not matter`() throws {
        let items = try Items.two()
        var dice = Dice(seed: 41)
        var answers: [(person: String, item: String, score: Int)] = []
        for person in 0..<300 {
            let ability = dice.ability()
            for (place, item) in items.enumerated() {
                answers.append(("\(person)", "\(place)", dice.score(item, ability)))
            }
        }
        let fits = (0..<3).map { round in
            if round > 0 { answers.shuffle(using: &dice) }
            var table = AnswerTable()
            for answer in answers { table.add(person: answer.person, item: answer.item, score: answer.score) }
            return Calibration(table, fine(.twoPL))
        }
        for item in fits[0].items {
            for fit in fits {
                let same = try #require(fit.items.first { $0.name == item.name })
                #expect(agree(same.model.discrimination, item.model.discrimination, within: 1e-4))
                #expect(agree(same.model.information(at: 0.3), item.model.information(at: 0.3), within: 1e-4))
            }
        }
    }

    @Test func `items that tell nothing are refused by name, and the rest is fitted`() throws {
        var table = Items.answers(try Items.two(), people: 200, seed: 42)
        for person in 0..<50 {
            table.add(person: "p\(person)", item: "all right", score: 1)
            table.add(person: "p\(person)", item: "nobody has 1", score: person % 2 * 2)
        }
        let taken = [-1, 21].map { table.add(person: "p0", item: "all right", score: $0) }
        #expect(taken == [false, false])
        table.add(person: "p0", item: "all right", score: 0)
        let fit = Calibration(table)
        #expect(
            fit.refused == [
                Calibration.Refusal(name: "all right", reason: .oneScore(1)),
                Calibration.Refusal(name: "nobody has 1", reason: .emptyScore(1)),
            ])
        #expect(fit.items.count == 8 && fit.answers == 1_600 && fit.people == 200 && fit.repeated == 1)
        #expect(Calibration(AnswerTable()).items.isEmpty)
    }

    @Test func `where the steps do not suffice it says so`() throws {
        var options = CalibrationOptions()
        options.stepLimit = 3
        let fit = Calibration(try two(), options)
        #expect(!fit.isConverged && fit.lastMove > options.tolerance)
        #expect(fit.items.allSatisfy { $0.model.discrimination.isFinite })
    }

    @Test func `a wrong key shows as a discrimination at its lower bound`() throws {
        let items = try Items.two()
        var dice = Dice(seed: 43)
        var table = AnswerTable()
        for person in 0..<400 {
            let ability = dice.ability()
            for (place, item) in items.enumerated() {
                let score = dice.score(item, ability)
                table.add(person: "\(person)", item: "\(place)", score: place == 4 ? 1 - score : score)
            }
        }
        let fit = Calibration(table)
        #expect(fit.items.filter(\.isAtBound).map(\.name) == ["4"])
    }

    /// scipy's adaptive quadrature.
    @Test func `a new item's difficulty agrees with quadrature`() throws {
        var dice = Dice(seed: 15)
        let answers = (0..<60).map { index in
            let ability = dice.ability()
            let isRight = dice.share() < 1 / (1 + exp(-1.3 * (ability - 0.8)))
            return NewItemDifficulty.Answer(isRight: isRight, ability: ability, sd: 0.1 * Double(index % 5))
        }
        let prior = try #require(AbilityPrior(mean: -0.5, sd: 1))
        let one = try #require(NewItemDifficulty(prior: prior, discrimination: 1.3, answers: answers))
        #expect(agree(one.mean, 0.73186651, within: 2e-5) && agree(one.standardError, 0.24768008, within: 2e-5))
        let guessed = try #require(
            NewItemDifficulty(prior: prior, discrimination: 1.3, lowerAsymptote: 0.2, answers: answers))
        #expect(agree(guessed.mean, 1.22529250, within: 2e-5) && agree(guessed.standardError, 0.35506974, within: 2e-5))
        let hard = try #require(AbilityPrior(mean: 1.5, sd: 1))
        let few = try #require(NewItemDifficulty(prior: hard, answers: Array(answers.prefix(3))))
        #expect(agree(few.mean, 1.13990955, within: 2e-5) && agree(few.standardError, 0.83902103, within: 2e-5))
        let none = try #require(NewItemDifficulty(prior: hard, answers: []))
        #expect(none.mean == 1.5 && none.standardError == 1 && none.count == 0)
        #expect(NewItemDifficulty(prior: hard, discrimination: 0, answers: []) == nil)
        let broken = NewItemDifficulty.Answer(isRight: true, ability: .nan, sd: 0)
        #expect(NewItemDifficulty(prior: hard, answers: [broken])?.count == 0)
    }

    @Test func `a new item's difficulty is found to its error from thousands of answers`() throws {
        var dice = Dice(seed: 44)
        let answers = (0..<3_000).map { _ in
            let ability = dice.ability()
            return NewItemDifficulty.Answer(
                isRight: dice.share() < 1 / (1 + exp(-2 * (ability - 1.1))), ability: ability, sd: 0)
        }
        let prior = try #require(AbilityPrior(mean: -1.5, sd: 1))
        let item = try #require(NewItemDifficulty(prior: prior, discrimination: 2, answers: answers))
        #expect(item.standardError < 0.05 && abs(item.mean - 1.1) < 3 * item.standardError)
    }
}
