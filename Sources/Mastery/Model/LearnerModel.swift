public import Basis
import Foundation

/// Streaming logistic knowledge tracing with Elo states.
///
/// A prediction is a logistic regression on what the state remembers; an update costs the same however long the history
/// is. The signs of the weights are bounded, so that a right answer never lowers what is shown and a wrong one never
/// raises it.
///
/// - Source: Elo states as in R. Pelánek, Computers & Education 98 (2016), 169–179; logistic features as in T. Gervet
///   and others, Journal of Educational Data Mining 12 (2020), 31–54.
public struct LearnerModel: Sendable {
    /// Names weights and update rules. Stored with every state and every decision.
    public let version: String
    /// One a feature, in the order of `Feature`; the last two places are unused.
    let weights: SIMD16<Double>

    /// The weights that a fresh installation starts with.
    ///
    /// Fitted by sign-bounded L-BFGS on the first form of the model's stream (item difficulties learned online, as in
    /// use) over three public sets of answers with equal weight: ASSISTments 2009, OLI Statics, and the test part of
    /// Algebra I 2005, as prepared by Gervet and others. Only learners of the training side of split v1 were read, and
    /// a fifth of these were held out to validate, with AUC .7747, .8181, .8287 and log loss .5242, .4189, .4263.
    public static let standard = LearnerModel(
        version: "lkt-1",
        weights: [
            .baseline: -0.0495, .ease: 0.8410, .ability: 0.5952, .skillAbility: 0.4176, .right: 0.1548,
            .wrong: -0.1650, .skillRight: 0.0564, .skillWrong: -0.0039, .form: 0.5143, .longForm: 0,
            .skillLastForm: 0.6923, .skillForm: 0.0277, .skillLongForm: 0.1709, .skillGap: -0.1177,
        ])

    /// A missing weight is zero.
    ///
    /// A weight of the wrong sign or not finite would break a promise of the model, so it traps.
    public init(version: String, weights: [Feature: Double]) {
        var vector = SIMD16<Double>(repeating: 0)
        for (feature, weight) in weights {
            precondition(weight.isFinite && LearnerModel.allows(weight, for: feature), "a weight breaks its sign bound")
            vector[feature.rawValue] = weight
        }
        self.version = version
        self.weights = vector
    }

    static func allows(_ weight: Double, for feature: Feature) -> Bool {
        switch feature {
        case .baseline: true
        case .wrong, .skillWrong, .skillGap: weight <= 0
        case .ease, .ability, .skillAbility, .right, .skillRight, .form, .longForm, .skillLastForm, .skillForm,
            .skillLongForm:
            weight >= 0
        }
    }

    /// The chance that the learner gets the item right, with its terms.
    public func predict(_ learner: LearnerState, _ item: ItemState, at moment: Moment?) -> Prediction {
        let parts = weights * features(learner, item.difficulty, item.skills, at: moment)
        var terms: [Term] = []
        terms.reserveCapacity(Feature.allCases.count)
        var sum = 0.0
        for feature in Feature.allCases {
            terms.append(Term(feature: feature, value: parts[feature.rawValue]))
            sum += parts[feature.rawValue]
        }
        return Prediction(probability: logistic(sum), logOdds: sum, terms: terms)
    }

    /// The chance alone: the same number as `predict`, without the terms.
    public func chance(
        _ learner: LearnerState, difficulty: Double, skills: [Int], at moment: Moment?
    ) -> Double {
        logistic((weights * features(learner, difficulty, skills, at: moment)).sum())
    }

    func features(
        _ learner: LearnerState, _ difficulty: Double, _ skills: [Int], at moment: Moment?
    ) -> SIMD16<Double> {
        var values = SIMD16<Double>(repeating: 0)
        values[Feature.baseline.rawValue] = 1
        values[Feature.ease.rawValue] = -(difficulty.isFinite ? difficulty : 0)
        values[Feature.ability.rawValue] = Double(learner.ability)
        values[Feature.right.rawValue] = log1p(Double(learner.wins))
        values[Feature.wrong.rawValue] = log1p(Double(learner.tries - learner.wins))
        values[Feature.form.rawValue] = Double(learner.form)
        values[Feature.longForm.rawValue] = Double(learner.longForm)
        if skills.isEmpty { return values }
        let now = moment.map(seconds) ?? 0
        var sums = SIMD8<Double>(repeating: 0)
        for number in skills {
            let skill = learner.skill(number)
            if skill.tries == 0 { continue }
            sums[0] += Double(skill.ability)
            sums[1] += log1p(Double(skill.wins))
            sums[2] += log1p(Double(skill.tries - skill.wins))
            sums[3] += Double(skill.lastForm)
            sums[4] += Double(skill.form)
            sums[5] += Double(skill.longForm)
            if now > 0, skill.shownAt > 0, now > skill.shownAt {
                sums[6] += log1p(Double(min(now - skill.shownAt, gapLimit)) / 3_600)
            }
        }
        sums /= Double(skills.count)
        values[Feature.skillAbility.rawValue] = sums[0]
        values[Feature.skillRight.rawValue] = sums[1]
        values[Feature.skillWrong.rawValue] = sums[2]
        values[Feature.skillLastForm.rawValue] = sums[3]
        values[Feature.skillForm.rawValue] = sums[4]
        values[Feature.skillLongForm.rawValue] = sums[5]
        values[Feature.skillGap.rawValue] = sums[6]
        return values
    }
}

/// The longest time since a skill was shown that says anything: the answers behind the weights span half a year.
/// - Unit: seconds.
private let gapLimit: Int64 = 180 * 86_400

func logistic(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }

/// Whole seconds since 1970, at least 1 so that zero can stand for no time.
func seconds(_ moment: Moment) -> Int64 { max(1, moment.microseconds / 1_000_000) }
