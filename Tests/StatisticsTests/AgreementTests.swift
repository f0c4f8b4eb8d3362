import Basis
import Foundation
import Statistics
import Testing

/// Expected values: statsmodels 0.15.0, krippendorff 0.9.0 and scipy 1.17.1 as named; jackknife intervals by numpy,
/// each statistic recomputed by that library without one member.
@Suite struct AgreementTests {
    /// `statsmodels.stats.inter_rater.cohens_kappa(table)`.
    @Test func `Cohen's kappa agrees with statsmodels`() throws {
        let table = [[22, 2, 1], [3, 15, 4], [0, 5, 18]]
        let pairs = table.enumerated().flatMap { first, row in
            row.enumerated().flatMap { second, times in
                Array(repeating: Agreement.Pair(first, second), count: times)
            }
        }
        let agreement = try #require(Agreement(pairs))
        #expect(agree(agreement.kappa.estimate, 0.6781115879828326, within: 1e-12))
        #expect(agree(agreement.kappa, 0.4902480769123759, 0.7967400511932483, within: 1e-9))
        #expect(agreement.pairs == 70 && agreement.clusters == 70)
        #expect(agree(agreement.observed, 55.0 / 70, within: 1e-12))
    }

    @Test func `agreement with the register leaves out whole respondents`() throws {
        let answers = [
            [(0, 0), (1, 1)], [(0, 1)], [(2, 2), (1, 1), (0, 0)], [(1, 1)], [(0, 0), (2, 1)], [(1, 3)],
            [(2, 2), (0, 0)], [(0, 0)], [(1, 0), (1, 1)], [(2, 2)],
        ].map { $0.map { Agreement.Pair($0.0, $0.1) } }
        let agreement = try #require(Agreement(clusters: answers))
        #expect(agree(agreement.kappa.estimate, 0.627906976744186, within: 1e-12))
        #expect(agree(agreement.kappa, -0.05697951531598416, 0.869010500251501, within: 1e-9))
        #expect(agreement.pairs == 16 && agreement.clusters == 10)
        let back = try #require(Agreement(clusters: answers.reversed() + [[]]))
        #expect(agree(back.kappa, agreement.kappa.low, agreement.kappa.high, within: 1e-12))
    }

    @Test func `where all agree the interval is that of the observed share`() throws {
        let all = try #require(Agreement([Agreement.Pair(0, 0), Agreement.Pair(1, 1), Agreement.Pair(2, 2)]))
        #expect(all.kappa.estimate == 1 && all.kappa.high == 1 && all.kappa.low < 0.4)
        #expect(Agreement([Agreement.Pair(1, 1), Agreement.Pair(1, 1)]) == nil, "nothing to disagree about")
        #expect(Agreement([]) == nil && Agreement([Agreement.Pair(-1, 0)]) == nil)
        #expect(Agreement([Agreement.Pair(0, 1)])?.kappa.estimate == 0)
    }

    @Test func `kappa is symmetric and does not depend on the names of categories`() throws {
        var dice = Dice(seed: 31)
        for _ in 0..<300 {
            let pairs = (0..<25).map { _ in
                Agreement.Pair(Int.random(in: 0..<4, using: &dice), Int.random(in: 0..<3, using: &dice))
            }
            let one = try #require(Agreement(pairs)).kappa
            let swapped = try #require(Agreement(pairs.map { Agreement.Pair($0.second, $0.first) })).kappa
            let renamed = try #require(Agreement(pairs.map { Agreement.Pair(7 - $0.first, 7 - $0.second) })).kappa
            #expect(agree(swapped, one.low, one.high, within: 1e-12))
            #expect(agree(renamed, one.low, one.high, within: 1e-12))
            #expect(isSound(one, within: -30...1))
        }
    }

    /// Krippendorff's example of 4 observers and 12 units (Content Analysis, chapter 12); `krippendorff.alpha`.
    @Test func `alpha agrees with Krippendorff's example`() throws {
        let table: [[Double?]] = [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, nil, nil, nil], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nil, 3],
            [nil, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nil], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nil],
        ]
        var ratings: [Krippendorff.Rating] = []
        for (rater, row) in table.enumerated() {
            for (unit, value) in row.enumerated() {
                if let value { ratings.append(.init(unit: unit, rater: rater, value: value)) }
            }
        }
        typealias Case = (Krippendorff.Measurement, Krippendorff.Resampling, Double, Double, Double)
        let cases: [Case] = [
            (.nominal, .raters, 0.743421052631579, -0.28461171140976416, 0.9487527977146958),
            (.nominal, .units, 0.743421052631579, 0.08571604160840317, 0.9279952845847809),
            (.ordinal, .raters, 0.8153875037548814, 0.35346101147267606, 0.9472858182188133),
            (.ordinal, .units, 0.8153875037548814, -0.10200869976921209, 0.9690730447255167),
            (.interval, .raters, 0.8491071428571428, 0.4011602087783655, 0.961978721737434),
            (.interval, .units, 0.8491071428571428, -0.20744549285012354, 0.9811431203548656),
        ]
        for (measurement, resampling, value, low, high) in cases {
            let alpha = try #require(Krippendorff(ratings, as: measurement, resampling: resampling))
            #expect(agree(alpha.alpha, value, within: 1e-12), "\(measurement)")
            #expect(agree(alpha.interval, low, high, within: 1e-9), "\(measurement) \(resampling)")
            #expect(alpha.units == 11 && alpha.raters == 4 && alpha.ratings == 40)
            let back = try #require(Krippendorff(ratings.reversed(), as: measurement, resampling: resampling))
            #expect(back == alpha, "the order of ratings is nothing")
        }
    }

    @Test func `alpha is not defined where nothing can disagree, and has no interval where all agree`() throws {
        func ratings(_ rows: [[Double]]) -> [Krippendorff.Rating] {
            rows.enumerated().flatMap { unit, row in
                row.enumerated().map { Krippendorff.Rating(unit: unit, rater: $0, value: $1) }
            }
        }
        #expect(Krippendorff([], resampling: .units) == nil)
        #expect(Krippendorff(ratings([[1, 1], [1, 1]]), resampling: .units) == nil)
        #expect(Krippendorff(ratings([[1], [2]]), resampling: .units) == nil)
        #expect(Krippendorff(ratings([[1, .nan]]), resampling: .units) == nil)
        let twice = Krippendorff.Rating(unit: 0, rater: 0, value: 1)
        #expect(Krippendorff([twice, twice], resampling: .raters) == nil)
        let same = try #require(Krippendorff(ratings([[1, 1], [2, 2], [3, 3]]), resampling: .units))
        #expect(same.alpha == 1 && same.interval == nil)
    }

    /// Tarakci and others, Strategic Management Journal 35 (2014), 1053–1069: 9 members of a top team rank 7
    /// priorities.
    static let topTeam: [[Double]] = [
        [1, 4, 7, 6, 5, 3, 2], [2, 1, 6, 7, 3, 5, 4], [3, 4, 7, 5, 6, 2, 1], [2, 3, 7, 6, 5, 4, 1],
        [5, 6, 7, 1, 3, 4, 2], [6, 5, 4, 2, 7, 3, 1], [4, 5, 7, 3, 6, 1, 2], [7, 2, 3, 1, 6, 4, 5],
        [5, 7, 6, 2, 3, 4, 1],
    ]

    /// `scipy.stats.friedmanchisquare`; the mean of `spearmanr` over all pairs.
    @Test func `concordance of a real top team agrees with scipy`() throws {
        let team = try #require(Concordance(Self.topTeam))
        #expect(agree(team.coefficient, 0.3192239858906521, within: 1e-12))
        #expect(agree(team.chiSquared, 17.238095238095212, within: 1e-12) && team.freedom == 6)
        #expect(agree(team.probability, 0.008446910694372086, within: 1e-12))
        #expect(agree(team.meanCorrelation, 0.23412698412698424, within: 1e-12))
        #expect(agree(team.interval, 0.08713517957741473, 0.6972942826728028, within: 1e-9))
        #expect(team.leaders == 9 && team.things == 7)
    }

    /// S. Siegel, Nonparametric Statistics (1956), chapter 9: 3 executives rank 6 applicants, W = 0.16.
    @Test func `concordance agrees with a textbook's example`() throws {
        let executives = try #require(Concordance([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]]))
        #expect(agree(executives.coefficient, 0.162, within: 5e-4))
        #expect(executives.interval == nil, "three leaders are too few to tell")
    }

    @Test func `concordance is 1 for the same order, 0 for opposite ones, and blind to who is who`() throws {
        #expect(Concordance([[1, 2, 3], [10, 20, 30], [4, 5, 6]])?.coefficient == 1)
        #expect(Concordance([[1, 2, 3], [3, 2, 1]])?.coefficient == 0)
        #expect(Concordance([[1, 2, 3]]) == nil && Concordance([[1], [2]]) == nil)
        #expect(Concordance([[2, 2], [5, 5]]) == nil, "nobody tells things apart")
        #expect(Concordance([[1, 2], [1, .nan]]) == nil && Concordance([[1, 2], [1, 2, 3]]) == nil)
        var dice = Dice(seed: 17)
        for _ in 0..<300 {
            let scores = (0..<6).map { _ in (0..<5).map { _ in Double(Int.random(in: 0..<4, using: &dice)) } }
            guard let one = Concordance(scores) else { continue }
            #expect(agree(Concordance(scores.shuffled(using: &dice))?.coefficient, one.coefficient, within: 1e-12))
            let order = [3, 1, 4, 0, 2]
            let moved = try #require(Concordance(scores.map { own in order.map { own[$0] } }))
            #expect(agree(moved.coefficient, one.coefficient, within: 1e-12))
            #expect(0...1 ~= one.coefficient && 0...1 ~= one.probability)
            if let interval = one.interval { #expect(isSound(interval, within: 0...1)) }
        }
    }

    /// `friedmanchisquare` with ties; `proportion_confint`'s formula with t instead of z by numpy.
    @Test func `allocations of 100 points agree with scipy`() throws {
        let board = try #require(
            Allocation(points: [
                [40, 30, 20, 10, 0], [50, 20, 20, 10, 0], [20, 20, 40, 10, 10], [35, 35, 10, 10, 10],
            ]))
        #expect(zip(board.weights, [0.3625, 0.2625, 0.225, 0.1, 0.05]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(agree(board.concordance?.coefficient, 0.784722222222223, within: 1e-12))
        #expect(agree(board.concordance?.probability, 0.01366452511027395, within: 1e-12))
        for (place, low, high) in [
            (0, 0.19771110996491098, 0.5674862064711352), (1, 0.16245095551770344, 0.39509950381452213),
            (2, 0.08868669507828304, 0.4641246593894474), (4, 0.009375875246953215, 0.22641206510258138),
        ] { #expect(agree(board.intervals[place], low, high, within: 1e-9), "\(place)") }
        let alike = try #require(board.intervals[3])
        #expect(alike.low < 0.01 && alike.high > 0.7, "four who agree are still four")
        #expect(Allocation(points: []) == nil && Allocation(points: [[0, 0]]) == nil)
        #expect(Allocation(points: [[1, 2], [3]]) == nil)
        #expect(Allocation(points: [[60, 40]])?.intervals == [nil, nil])
    }
}
