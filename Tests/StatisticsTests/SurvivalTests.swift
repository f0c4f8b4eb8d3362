import Basis
import Foundation
import Statistics
import Testing

/// Expected values: lifelines 0.30.3 where named, else numpy and statsmodels 0.15.0 on the formulas cited in the
/// sources.
@Suite struct SurvivalTests {
    private let exits: [Double] = [3, 5, 5, 8, 8, 8, 11, 14, 14, 17, 20, 23, 23, 26, 30, 31, 35]
    private let hasEvent = [1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0]
    private let entries: [Double] = [0, 0, 2, 0, 4, 1, 5, 0, 9, 3, 10, 12, 2, 15, 0, 20, 22]
    /// 0: censored; 1 and 2: kinds of event.
    private let kinds = [1, 2, 0, 1, 1, 0, 2, 0, 1, 2, 0, 1, 2, 0, 1, 0, 0]

    private var simple: [FollowUp] {
        zip(exits, hasEvent).map { FollowUp(exit: $0, event: $1 == 1 ? 0 : nil) }
    }

    private var competing: [FollowUp] {
        zip(exits, kinds).map { FollowUp(exit: $0, event: $1 > 0 ? $1 - 1 : nil) }
    }

    /// `KaplanMeierFitter().fit(T, E)`: `predict` and `confidence_interval_survival_function_` (log-log, Greenwood).
    @Test func `the curve and its log-log interval agree with lifelines`() throws {
        let curve = try #require(KaplanMeier(simple))
        for (time, survival, low, high) in [
            (5.0, 0.8823529411764705, 0.6059788995290967, 0.9692092969361855),
            (8, 0.7563025210084034, 0.47295036495021076, 0.9010511883273583),
            (14, 0.6187929717341484, 0.3376872513617145, 0.8087929610864413),
            (23, 0.3609625668449199, 0.12258969246050011, 0.6097565990761318),
            (30, 0.24064171122994654, 0.047067393950354135, 0.514830725213201),
        ] {
            #expect(agree(curve.survival(at: time), survival, within: 1e-12), "\(time)")
            #expect(agree(curve.interval(at: time, method: .logLog), low, high, within: 1e-9), "\(time)")
        }
        #expect(curve.count == 17 && curve.events == 10)
        #expect(curve.steps.map(\.atRisk) == [17, 16, 14, 11, 10, 8, 6, 3])
        #expect(agree(curve.steps.last?.greenwood, 0.3078070622188269, within: 1e-12))
    }

    /// `proportion_confint(S·n, n, .05, "wilson")` with n = S(1 − S) ÷ Greenwood's variance.
    @Test func `the Wilson interval of the curve agrees with statsmodels`() throws {
        let curve = try #require(KaplanMeier(simple))
        #expect(agree(curve.interval(at: 8), 0.5137892087677174, 0.9011311742875006, within: 1e-9))
        #expect(agree(curve.interval(at: 25), 0.1587337438024881, 0.6283868126810537, within: 1e-9))
        let plain = try #require(curve.interval(at: 8, method: .plain))
        let error = 0.7563025210084034 * 0.019747899159663865.squareRoot()
        #expect(agree(plain.low, 0.7563025210084034 - 1.959963984540054 * error, within: 1e-12))
    }

    /// `median_survival_time_` and `restricted_mean_survival_time(k, t=25)` of lifelines; the variance by numpy.
    @Test func `median and restricted mean agree with lifelines`() throws {
        let curve = try #require(KaplanMeier(simple))
        #expect(curve.median().estimate == 23)
        #expect(curve.median(method: .logLog).low == 8 && curve.median(method: .logLog).high == nil)
        let mean = try #require(curve.restrictedMean(to: 25))
        #expect(agree(mean.estimate, 17.687929717341486, within: 1e-12))
        #expect(agree(mean, 13.139443257678051, 21.02039885632807, within: 1e-9))
        #expect(curve.restrictedMean(to: 36) == nil && curve.restrictedMean(to: 0) == nil)
    }

    /// `KaplanMeierFitter().fit(T, E, entry=…)`.
    @Test func `late entry agrees with lifelines`() throws {
        let late = zip(simple, entries).map { own, entry in
            FollowUp(entry: entry > 0 ? entry : nil, exit: own.exit, event: own.event)
        }
        let curve = try #require(KaplanMeier(late))
        for (time, survival) in [
            (5.0, 0.7777777777777776), (8, 0.5833333333333333), (14, 0.42857142857142855), (23, 0.23809523809523805),
            (30, 0.15873015873015872),
        ] { #expect(agree(curve.survival(at: time), survival, within: 1e-12), "\(time)") }
        #expect(curve.steps.map(\.atRisk) == [8, 9, 8, 7, 7, 6, 6, 3])
        #expect(curve.atRisk(at: 1) == 5 && curve.atRisk(at: 8) == 8)
    }

    /// `AalenJohansenFitter(calculate_variance=True)` on times without ties; with ties numpy on the formulas.
    @Test func `cumulative incidence agrees with lifelines`() throws {
        let apart = competing.enumerated().map { FollowUp(exit: $1.exit + 0.01 * Double($0), event: $1.event) }
        let untied = try #require(CumulativeIncidence(apart, of: 0))
        for (time, share, variance) in [
            (9.0, 0.18487394957983194, 0.009318408529996278), (15, 0.2612681436210848, 0.012921060261017723),
            (25, 0.3503947033358798, 0.016856108594734333), (31, 0.4692301162889398, 0.021834855894155368),
        ] {
            #expect(agree(untied.incidence(at: time), share, within: 1e-12), "\(time)")
            #expect(agree(untied.variance(at: time), variance, within: 1e-12), "\(time)")
        }
        let tied = try #require(CumulativeIncidence(competing, of: 0))
        for (time, share, low, high) in [
            (9.0, 0.18487394957983194, 0.06485052955862629, 0.4258714590001277),
            (15, 0.25362872421695953, 0.1028880125460538, 0.5017090420368814),
            (31, 0.4641902215431628, 0.22264497317084314, 0.7237918602831411),
        ] {
            #expect(agree(tied.incidence(at: time), share, within: 1e-12), "\(time)")
            #expect(agree(tied.interval(at: time), low, high, within: 1e-9), "\(time)")
        }
    }

    @Test func `incidences of all kinds and survival sum to one`() throws {
        var dice = Dice(seed: 21)
        for _ in 0..<50 {
            let watched = (0..<30).map { _ in
                FollowUp(
                    exit: Double(Int.random(in: 1...12, using: &dice)),
                    event: [nil, 0, 1, 2][Int.random(in: 0..<4, using: &dice)])
            }
            let curve = try #require(KaplanMeier(watched))
            let kinds = try (0..<3).map { try #require(CumulativeIncidence(watched, of: $0)) }
            for time in 1...12 {
                guard let survival = curve.survival(at: Double(time)) else { continue }
                let sum = kinds.reduce(survival) { $0 + ($1.incidence(at: Double(time)) ?? .nan) }
                #expect(abs(sum - 1) < 1e-12)
            }
        }
    }

    @Test func `without censoring the curve is the share that is left, and its interval is Wilson's`() throws {
        let watched = [2.0, 3, 3, 5, 7, 8, 8, 8, 9, 12].map { FollowUp(exit: $0, event: 0) }
        let curve = try #require(KaplanMeier(watched))
        #expect(agree(curve.survival(at: 8), 0.2, within: 1e-12))
        let wilson = try #require(Proportion.wilson(4, of: 10))
        #expect(agree(curve.interval(at: 7.5), 0.5, 0.5, within: 1))
        #expect(agree(curve.survival(at: 7.5), 0.5, within: 1e-12))
        let half = try #require(Proportion.wilson(5, of: 10))
        #expect(agree(curve.interval(at: 7.5), half.low, half.high, within: 1e-9) && wilson.low < half.low)
        #expect(curve.survival(at: 100) == 0 && curve.median().estimate == 7)
    }

    @Test func `the curve falls, does not depend on order, and holds at its borders`() throws {
        var dice = Dice(seed: 5)
        for size in [1, 2, 5, 40] {
            let watched = (0..<size).map { _ in
                let entry = Bool.random(using: &dice) ? Double.random(in: 0..<1, using: &dice) : nil
                return FollowUp(
                    entry: entry, exit: Double.random(in: 1...3, using: &dice),
                    event: Bool.random(using: &dice) ? 0 : nil)
            }
            let curve = try #require(KaplanMeier(watched))
            let again = try #require(KaplanMeier(watched.shuffled(using: &dice)))
            #expect(curve.steps == again.steps)
            #expect(zip(curve.steps, curve.steps.dropFirst()).allSatisfy { $0.survival >= $1.survival })
            for step in 0...30 {
                for method in [KaplanMeier.Method.wilson, .logLog, .plain] {
                    if let interval = curve.interval(at: Double(step) / 10, method: method) {
                        #expect(isSound(interval, within: 0...1), "\(interval)")
                    }
                }
                if let mean = curve.restrictedMean(to: Double(step) / 10) { #expect(isSound(mean, within: 0...3)) }
            }
        }
        #expect(KaplanMeier([]) == nil)
        #expect(KaplanMeier([FollowUp(exit: .nan, event: 0)]) == nil)
        #expect(KaplanMeier([FollowUp(entry: 3, exit: 2, event: 0)]) == nil)
        let calm = try #require(KaplanMeier([FollowUp(exit: 4, event: nil), FollowUp(exit: 6, event: nil)]))
        #expect(calm.survival(at: 5) == 1 && calm.survival(at: 7) == nil && calm.median().estimate == nil)
        let interval = try #require(calm.interval(at: 5))
        #expect(interval.high == 1 && interval.low < 0.3, "one is at risk: little is known")
    }
}
