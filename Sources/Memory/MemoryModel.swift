public import Basis
import Foundation

/// How memory strengthens with reviews and fades between them: FSRS-6.
///
/// A pure function of the state, the rating and the time; it costs the same however many reviews came before.
///
/// - Source: open-spaced-repetition, "The Algorithm", FSRS-6; J. Ye, J. Su and Y. Cao, "A Stochastic Shortest Path
///   Algorithm for Optimizing Spaced Repetition Scheduling", KDD 2022 (stability and difficulty as the state). Checked
///   against py-fsrs 6.3.2, see docs/memory.md.
public struct MemoryModel: Sendable {
    public let parameters: MemoryParameters
    /// By rating − 1.
    private let firstStability: SIMD4<Double>
    private let firstDifficulty: SIMD4<Double>
    /// Added to difficulty before damping.
    private let difficultyStep: SIMD4<Double>
    /// Factor of the growth of stability after a recall; no meaning for `again`.
    private let growth: SIMD4<Double>
    /// e^(w17·(rating − 3 + w18)).
    private let sameDayFactor: SIMD4<Double>
    /// Difficulty drifts towards this.
    private let easiest: Double
    private let drift: Double
    private let lapseLimit: Double
    let decay: Double
    let factor: Double

    /// The model with its authors' defaults.
    public static let standard = MemoryModel(.standard)

    public init(_ parameters: MemoryParameters) {
        self.parameters = parameters
        let w = parameters.values
        func unbounded(_ rating: Int) -> Double { w[4] - exp(w[5] * Double(rating - 1)) + 1 }
        firstStability = SIMD4(w[0], w[1], w[2], w[3])
        firstDifficulty = SIMD4(unbounded(1), unbounded(2), unbounded(3), unbounded(4))
        difficultyStep = SIMD4(2 * w[6], w[6], 0, -w[6])
        let common = exp(w[8])
        growth = SIMD4(0, common * w[15], common, common * w[16])
        sameDayFactor = SIMD4(
            exp(w[17] * (w[18] - 2)), exp(w[17] * (w[18] - 1)), exp(w[17] * w[18]), exp(w[17] * (w[18] + 1)))
        easiest = unbounded(4)
        drift = w[7]
        lapseLimit = exp(w[17] * w[18])
        decay = -w[20]
        factor = pow(0.9, 1 / decay) - 1
        constants = Constants(
            stabilityPower: -w[9], surprise: w[10], lapse: w[11], lapseDifficulty: -w[12], lapseStability: w[13],
            lapseSurprise: w[14], sameDayPower: -w[19])
    }

    /// Parameters by name, where a list would be looked up each time.
    private struct Constants {
        let stabilityPower: Double
        let surprise: Double
        let lapse: Double
        let lapseDifficulty: Double
        let lapseStability: Double
        let lapseSurprise: Double
        let sameDayPower: Double
    }
    private let constants: Constants

    /// The state after a review; without a state before, after the first one.
    ///
    /// A review within 24 hours of the last counts as one on the same day. A moment before the last review counts as
    /// that of the last review, so that time never runs backwards.
    public func review(_ state: MemoryState?, _ rating: ReviewRating, at moment: Moment) -> MemoryState {
        let place = rating.rawValue - 1
        guard let state else {
            return MemoryState(bounding: firstStability[place], firstDifficulty[place], reviewedAt: moment)
        }
        let days = state.days(until: moment)
        let stability =
            days < 1
            ? sameDayStability(state.stability, place)
            : rating == .again ? lapsedStability(state, days) : recalledStability(state, days, place)
        return MemoryState(
            bounding: stability, nextDifficulty(state.difficulty, place), reviewedAt: max(moment, state.reviewedAt))
    }

    /// The chance that the learner remembers at a moment.
    ///
    /// - Range: above 0, at most 1; 0.9 when as many days have passed as the stability says.
    /// - Source: R = (1 + F·t ÷ S)^−w20, F = 0.9^(−1 ÷ w20) − 1, t in whole days.
    public func retrievability(_ state: MemoryState, at moment: Moment) -> Double {
        retrievability(state.stability, days: state.days(until: moment))
    }

    private func retrievability(_ stability: Double, days: Int) -> Double {
        pow(1 + factor * Double(days) / stability, decay)
    }

    /// S·e^(w17·(rating − 3 + w18))·S^−w19, and no less than S unless forgotten.
    private func sameDayStability(_ stability: Double, _ place: Int) -> Double {
        let change = sameDayFactor[place] * pow(stability, constants.sameDayPower)
        return stability * (place == 0 ? change : max(1, change))
    }

    /// S·(1 + e^w8·(11 − D)·S^−w9·(e^(w10·(1 − R)) − 1)), the growth times w15 when hard, w16 when easy.
    private func recalledStability(_ state: MemoryState, _ days: Int, _ place: Int) -> Double {
        let forgotten = 1 - retrievability(state.stability, days: days)
        let power = pow(state.stability, constants.stabilityPower)
        let surprise = exp(forgotten * constants.surprise) - 1
        return state.stability * (1 + growth[place] * (11 - state.difficulty) * power * surprise)
    }

    /// w11·D^−w12·((S + 1)^w13 − 1)·e^(w14·(1 − R)), at most S ÷ e^(w17·w18).
    private func lapsedStability(_ state: MemoryState, _ days: Int) -> Double {
        let forgotten = 1 - retrievability(state.stability, days: days)
        let left =
            constants.lapse * pow(state.difficulty, constants.lapseDifficulty)
            * (pow(state.stability + 1, constants.lapseStability) - 1) * exp(forgotten * constants.lapseSurprise)
        return min(left, state.stability / lapseLimit)
    }

    /// w7·D0(easy) + (1 − w7)·(D − w6·(rating − 3)·(10 − D) ÷ 9).
    private func nextDifficulty(_ difficulty: Double, _ place: Int) -> Double {
        let stepped = difficulty + (10 - difficulty) * difficultyStep[place] / 9
        return drift * easiest + (1 - drift) * stepped
    }
}
