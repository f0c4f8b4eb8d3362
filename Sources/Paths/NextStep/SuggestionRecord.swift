public import Basis
public import Intent

/// What a suggestion leads to.
public enum SuggestionKind: Hashable, Sendable {
    /// A learning object of the catalogue.
    case content(ID<Content>)
    /// Answering items of a skill that are not in the catalogue.
    case practice(ID<Skill>)

    /// Such as `content:0197…`.
    public var text: String {
        switch self {
        case .content(let id): "content:\(id)"
        case .practice(let id): "skill:\(id)"
        }
    }

    /// Reads what `text` wrote.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "content":
            guard let id = ID<Content>(parts[1]) else { return nil }
            self = .content(id)
        case "skill":
            guard let id = ID<Skill>(parts[1]) else { return nil }
            self = .practice(id)
        default: return nil
        }
    }
}

/// Why something is suggested: a term of its score, in words.
public struct Reason: Hashable, Sendable {
    public let signal: Signal
    /// One plain sentence.
    public let text: String
    /// What it adds to the score.
    public let value: Double
}

/// What a suggestion is good for beyond itself.
public enum Serves: Hashable, Sendable {
    case goal(ID<Goal>, name: String)
    case strategy(ID<Strategy>, name: String)
    case mandate(ID<Mandate>, name: String)
}

/// One suggestion as it was shown.
public struct SuggestionRecord: Hashable, Sendable {
    /// What became of it.
    public enum State: String, CaseIterable, Sendable {
        case shown, chosen, dismissed, known, swapped
    }

    public let id: ID<Suggestion>
    public let kind: SuggestionKind
    /// The skill it is for; nil when nothing is known of it.
    public let skill: ID<Skill>?
    public let title: String
    public let minutes: Int?
    /// The chance of success that the learner model expects; nil without personalisation.
    public let chance: Double?
    /// Up to three, the strongest first. Never empty.
    public let reasons: [Reason]
    public let serves: Serves?
    public let score: Double
    /// The chance with which it was drawn.
    public let propensity: Double
    public let state: State
    public let isSaved: Bool
}

/// What a learner sees as next.
public struct NextSteps: Hashable, Sendable {
    /// Up to three.
    public let suggestions: [SuggestionRecord]
    /// Whether the learner model ranked them.
    public let isPersonal: Bool
    /// The version of the learner model, and of the ranking.
    public let model: String
    public let ranker: String
    /// When they were made. They stay for the day, unless something changed that they rest on.
    public let madeAt: Moment
    /// The entry of the register that stopped personal suggestions for everybody; nil when none did.
    public internal(set) var stoppedBy: ID<AIUse>?
    /// Why the access rules allow no personal suggestions to this learner, and whom to ask; nil where they do.
    public internal(set) var refusal: String?
    /// The policies that the learner has to accept before personal suggestions are made for them.
    public internal(set) var toAccept: [DocumentNotice] = []
}

/// A learner's say over the ranking.
public struct LearnerSettings: Hashable, Sendable {
    public var isPersonal: Bool
    /// The chance of success that the learner likes to work at.
    /// - Range: 0.55 (hard) to 0.85 (easy).
    public var dial: Double

    public static let initial = LearnerSettings(isPersonal: true, dial: 0.7)
    public static let dialRange = 0.55...0.85

    public init(isPersonal: Bool, dial: Double) {
        self.isPersonal = isPersonal
        self.dial = dial
    }
}

/// Something that the learner does not want suggested.
public struct ExclusionRecord: Hashable, Sendable {
    /// Which of the two controls it was.
    public enum Why: String, CaseIterable, Sendable {
        case dismissed, known
    }

    public let kind: SuggestionKind
    public let why: Why
    public let title: String
    public let at: Moment
}

/// What “I know this” led to.
public enum KnownOutcome: Hashable, Sendable {
    /// It has questions: answering them shows it.
    case testOut(ID<Content>)
    /// It has none, so the learner's word stands, and it is not suggested again.
    case noted
}
