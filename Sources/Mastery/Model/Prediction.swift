/// What a prediction rests on. Each is one term of the log-odds.
///
/// - Shape: the raw value is the term's place among the weights.
public enum Feature: Int, CaseIterable, Sendable {
    /// The same for everybody.
    case baseline
    /// How easy the item is.
    case ease
    /// The learner's ability over all skills.
    case ability
    /// The learner's ability on the item's skills, beyond that.
    case skillAbility
    /// Right and wrong answers so far, in all.
    case right, wrong
    /// Right and wrong answers so far on the item's skills.
    case skillRight, skillWrong
    /// The share of right answers over about the last 7 and 20.
    case form, longForm
    /// The share of right answers over about the last 2, 7 and 20 on the item's skills.
    case skillLastForm, skillForm, skillLongForm
    /// Time since the item's skills were last shown.
    case skillGap

    /// A few words for an explanation.
    public var label: String {
        switch self {
        case .baseline: "Starting point"
        case .ease: "How easy the question is"
        case .ability: "Your answers over all skills"
        case .skillAbility: "Your answers on this skill"
        case .right: "Right answers so far"
        case .wrong: "Wrong answers so far"
        case .skillRight: "Right answers on this skill"
        case .skillWrong: "Wrong answers on this skill"
        case .form: "Your last few answers"
        case .longForm: "Your last twenty answers"
        case .skillLastForm: "Your latest answers on this skill"
        case .skillForm: "Your last few answers on this skill"
        case .skillLongForm: "Your last twenty answers on this skill"
        case .skillGap: "Time since you last showed this skill"
        }
    }
}

/// One part of the log-odds.
public struct Term: Hashable, Sendable {
    public let feature: Feature
    /// In log-odds: positive raises the chance.
    public let value: Double
}

/// The chance that a learner gets an item right, and why.
public struct Prediction: Hashable, Sendable {
    /// - Range: above 0, below 1; never NaN.
    public let probability: Double
    public let logOdds: Double
    /// One a feature; they sum to `logOdds`.
    public let terms: [Term]
}
