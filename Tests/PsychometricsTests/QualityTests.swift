import Basis
import Foundation
import Psychometrics
import Testing

@Suite struct QualityTests {
    private func named(_ items: [ItemModel]) -> [(name: String, model: ItemModel)] {
        items.enumerated().map { ("\($0)", $1) }
    }

    /// `sx2` of `Tests/Oracle/psychometrics.py`, by enumeration of all 256 patterns.
    @Test func `S-X² agrees with the enumeration of all patterns`() throws {
        let items = try Items.two()
        let fits = ItemFit.all(named(items), Items.answers(items, people: 800, seed: 14))
        let wanted: [(Double, Int, Double)] = [
            (7.87382679, 5, 0.16332774), (6.42716650, 5, 0.26684315), (7.27304422, 5, 0.20111269),
            (1.28511345, 5, 0.93645601), (11.95189441, 5, 0.03545292), (17.49097105, 5, 0.00365691),
            (4.06787628, 4, 0.39689773), (8.77109331, 4, 0.06708278),
        ]
        #expect(fits.count == wanted.count)
        for (fit, row) in zip(fits, wanted) {
            #expect(agree(fit.chiSquared, row.0, within: 1e-7) && fit.freedom == row.1)
            #expect(agree(fit.probability, row.2, within: 1e-7) && fit.people == 800)
        }
    }

    @Test func `S-X² finds the item whose model is wrong, and needs people who answered all`() throws {
        var items = try Items.two()
        let table = Items.answers(items, people: 1_500, seed: 51)
        items[3] = try logistic(2.8, -0.2)
        let fits = ItemFit.all(named(items), table)
        #expect(try #require(fits.first { $0.name == "3" }).probability < 1e-6)
        let holes = Items.answers(items, people: 300, seed: 52, missing: 0.1)
        let people = try #require(ItemFit.all(named(items), holes).first).people
        #expect(people > 80 && people < 180)
        #expect(ItemFit.all(named(items), AnswerTable()).isEmpty)
    }

    @Test func `S-X² of graded items holds its level`() throws {
        let items = try Items.four()
        let probabilities = (0..<12).flatMap { round in
            ItemFit.all(named(items), Items.answers(items, people: 400, seed: UInt64(60 + round))).map(\.probability)
        }
        #expect(probabilities.count == 60)
        #expect(probabilities.count { $0 < 0.01 } <= 4 && probabilities.allSatisfy { 0...1 ~= $0 })
    }

    @Test func `mean squares lie about 1 and show answers given by chance`() throws {
        let items = try Items.two()
        var table = Items.answers(items, people: 150, seed: 53, missing: 0.1)
        var dice = Dice(seed: 54)
        for person in 0..<150 { table.add(person: "p\(person)", item: "coin", score: dice.share() < 0.5 ? 1 : 0) }
        let all = named(items) + [("coin", try logistic(1.6, 0))]
        let found = MeanSquares.all(all, table, fittedBy: nil, replicates: 40, dice: &dice)
        #expect(found.count == 9)
        let coin = try #require(found.last)
        #expect(coin.infit > coin.infitLimits.upperBound && coin.outfit > coin.outfitLimits.upperBound)
        #expect(!coin.isWithinLimits)
        for item in found.dropLast() {
            #expect(0.7...1.4 ~= item.infit && item.infitLimits.lowerBound < 1 && item.infitLimits.upperBound > 1)
        }
    }

    @Test func `items fitted to the same answers have narrower limits`() throws {
        let table = Items.answers(try Items.two(), people: 150, seed: 56)
        let items = Calibration(table).items.map { (name: $0.name, model: $0.model) }
        var (one, other) = (Dice(seed: 57), Dice(seed: 57))
        let known = MeanSquares.all(items, table, fittedBy: nil, replicates: 40, dice: &one)
        let fitted = MeanSquares.all(items, table, fittedBy: CalibrationOptions(), replicates: 40, dice: &other)
        let width = { (all: [MeanSquares]) in
            all.reduce(0) { $0 + $1.infitLimits.upperBound - $1.infitLimits.lowerBound }
        }
        #expect(width(fitted) < 0.8 * width(known) && known.map(\.infit) == fitted.map(\.infit))
    }

    private func group(_ seed: UInt64, shift: Double, tilt: Double) -> [(score: Int, isFocal: Bool, isRight: Bool)] {
        var dice = Dice(seed: seed)
        let share = { (logit: Double) in 1 / (1 + exp(-logit)) }
        return (0..<1_500).map { _ in
            let isFocal = dice.share() < 0.4
            let ability = dice.ability() - (isFocal ? 0.5 : 0)
            let rest = (0..<11).count { dice.share() < share(ability - (-1.5 + 0.3 * Double($0))) }
            let isRight =
                dice.share() < share((1.2 - (isFocal ? tilt : 0)) * ability - (isFocal ? shift : 0))
            return (rest + (isRight ? 1 : 0), isFocal, isRight)
        }
    }

    private typealias Wanted = (
        seed: UInt64, shift: Double, tilt: Double, ratio: Double, error: Double, squared: Double, probability: Double,
        uniform: Double, nonUniform: Double, added: Double, effect: Double, classes: String
    )

    /// statsmodels 0.15.0: `StratifiedTable`, `Logit`.
    private static let differences: [Wanted] = [
        (
            16, 0, 0, 1.091307361, 0.305930083, 0.367742893, 0.544237163, 0.335977908, 0.005535721, 0.000215107,
            -0.075804333, "AA"
        ),
        (
            17, 0.6, 0, 2.338235640, 0.314032235, 41.655522207, 1.08857479e-10, 44.808226767, 1.903906995, 0.029442849,
            -0.887213219, "CA"
        ),
        (
            18, 1.1, 0, 2.533887916, 0.320166483, 46.971421306, 7.20290494e-12, 49.725564062, 0.042315780, 0.031416474,
            -0.943112624, "CA"
        ),
        (
            19, 0, 0.9, 0.726471444, 0.280908701, 7.119823906, 0.0076236194, 8.076381693, 28.661417311, 0.025665368,
            0.345324726, "AA"
        ),
    ]

    @Test func `differences between groups agree with statsmodels`() throws {
        for row in Self.differences {
            let answers = group(row.seed, shift: row.shift, tilt: row.tilt)
            let table = try #require(
                MantelHaenszel(
                    answers.map { .init(stratum: $0.score, isFocal: $0.isFocal, isRight: $0.isRight) }))
            #expect(agree(table.oddsRatio, row.ratio, within: 1e-8))
            #expect(agree(table.delta, -2.35 * log(row.ratio), within: 1e-8))
            #expect(agree(table.standardError, row.error, within: 1e-8))
            #expect(agree(table.chiSquared, row.squared, within: 1e-7))
            #expect(agree(table.probability, row.probability, within: 1e-9))
            let regression = try #require(
                LogisticDifference(
                    answers.map { .init(matching: Double($0.score), isFocal: $0.isFocal, isRight: $0.isRight) }))
            #expect(agree(regression.uniform.chiSquared, row.uniform, within: 1e-7))
            #expect(agree(regression.nonUniform.chiSquared, row.nonUniform, within: 1e-7))
            #expect(agree(regression.either.chiSquared, row.uniform + row.nonUniform, within: 1e-7))
            #expect(agree(regression.addedRSquared, row.added, within: 1e-8))
            #expect(agree(regression.groupEffect, row.effect, within: 1e-7))
            #expect(table.effect.rawValue + regression.effect.rawValue == row.classes)
        }
    }

    @Test func `what cannot be compared has no difference`() {
        #expect(MantelHaenszel([]) == nil && LogisticDifference([]) == nil)
        let right = (0..<40).map { MantelHaenszel.Answer(stratum: $0 % 4, isFocal: $0 % 3 == 0, isRight: true) }
        #expect(MantelHaenszel(right) == nil)
        let told = (0..<40).map {
            LogisticDifference.Answer(matching: Double($0), isFocal: $0 % 3 == 0, isRight: $0 > 20)
        }
        #expect(LogisticDifference(told) == nil)
        let alike = (0..<40).map { LogisticDifference.Answer(matching: 1, isFocal: $0 % 3 == 0, isRight: $0 > 20) }
        #expect(LogisticDifference(alike) == nil)
    }

    @Test func `reliability before and after answers`() throws {
        let items = try Items.two()
        #expect(agree(Reliability.marginal(items), 0.660461909404, within: 1e-11))
        #expect(Reliability.marginal([]) == 0 && Reliability.expected([]) == nil)
        var dice = Dice(seed: 55)
        let people = (0..<1_500).map { _ in
            let ability = dice.normal()
            return AbilityPosterior(
                .standard, answers: items.compactMap { ScoredItem($0, score: dice.score($0, ability)) })
        }
        #expect(agree(try #require(Reliability.expected(people)), 0.65, within: 0.03))
    }

    /// By hand: rates .5, .5, 1, 0; two of 2 items share .5·.5 + .5·.5 + 1 = 1.5 of 2.
    @Test func `the exposure report says how much two people's tests share`() {
        let report = ExposureReport(counts: [50, 50, 100, 0], tests: 100)
        #expect(report.rates == [0.5, 0.5, 1, 0] && report.top == 1 && report.unused == 0.25)
        #expect(agree(report.overlap, 0.75, within: 1e-12))
        #expect(ExposureReport(counts: [], tests: 0).overlap == 0)
    }
}
