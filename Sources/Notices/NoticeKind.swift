public import Storage

/// What a person can choose letters about.
public enum NoticeTopic: String, CaseIterable, Storable, Sendable {
    case strategies, mandates, certifications, policies
    /// Being asked to answer for a use of AI, to stand in, or to weigh a strategy before it is published.
    case ownership
    /// What others left undone, and questions that wait for an answer.
    case escalations
    /// Answers to what one asked, and what became of experiments that one follows.
    case news

    /// Whether its letters cannot be switched off: they ask something that has to be done.
    public var isMandatory: Bool {
        switch self {
        case .mandates, .certifications, .policies, .ownership, .escalations: true
        case .strategies, .news: false
        }
    }

    /// Whether its letters never wait for the digest.
    public var isUrgent: Bool { self == .ownership || self == .escalations }

    /// How its letters may be had; empty when there is nothing to choose.
    public var paces: [LetterPace] {
        if isUrgent { return [] }
        return isMandatory ? [.daily, .atOnce] : [.daily, .atOnce, .never]
    }

    static let urgent = allCases.filter(\.isUrgent)
}

/// How somebody wants the letters of a topic.
public enum LetterPace: String, CaseIterable, Storable, Sendable {
    case atOnce
    /// In one letter a day with all that came together. Without a choice it is this.
    case daily
    case never
}

/// What somebody is told.
public enum NoticeKind: String, CaseIterable, Storable, Sendable {
    case strategyPublished
    /// Not acknowledged a week after it was addressed to them.
    case strategyReminder
    /// To a leader who is asked to weigh a draft.
    case weighingAsked
    case mandateAssigned, mandateDueInTwoWeeks, mandateDueInThreeDays, mandateOverdue
    /// To the manager, a week after the deadline.
    case mandateOverdueInTeam
    /// To who asks, two weeks after the deadline.
    case mandateOverdueAsked
    case certification
    case certificationEscalated
    case policyToAccept
    case ownershipAsked
    /// To who asked.
    case ownershipAnswered
    case standInAsked
    /// To whom it was raised or handed over.
    case questionRaised
    /// To the stewards.
    case questionOverdue
    /// To who raised it.
    case questionAnswered
    case experimentSettled

    /// What it belongs to.
    public var topic: NoticeTopic {
        switch self {
        case .strategyPublished, .strategyReminder: .strategies
        case .mandateAssigned, .mandateDueInTwoWeeks, .mandateDueInThreeDays, .mandateOverdue: .mandates
        case .certification: .certifications
        case .policyToAccept: .policies
        case .ownershipAsked, .standInAsked, .weighingAsked: .ownership
        case .mandateOverdueInTeam, .mandateOverdueAsked, .certificationEscalated, .questionRaised, .questionOverdue:
            .escalations
        case .ownershipAnswered, .questionAnswered, .experimentSettled: .news
        }
    }

    /// For the administrator's list.
    public var label: String {
        switch self {
        case .strategyPublished: "strategy published"
        case .strategyReminder: "strategy to acknowledge"
        case .weighingAsked: "asked to weigh a strategy"
        case .mandateAssigned: "mandate"
        case .mandateDueInTwoWeeks, .mandateDueInThreeDays: "mandate due soon"
        case .mandateOverdue: "mandate overdue"
        case .mandateOverdueInTeam: "mandate overdue in the team"
        case .mandateOverdueAsked: "own mandate overdue"
        case .certification: "certification"
        case .certificationEscalated: "certification overdue"
        case .policyToAccept: "policy to accept"
        case .ownershipAsked: "asked to answer for an AI use"
        case .ownershipAnswered: "answer to such a question"
        case .standInAsked: "asked to stand in"
        case .questionRaised: "question about an AI use"
        case .questionOverdue: "question overdue"
        case .questionAnswered: "question answered"
        case .experimentSettled: "experiment decided"
        }
    }
}
