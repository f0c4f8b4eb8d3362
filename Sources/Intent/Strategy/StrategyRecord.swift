public import Basis
public import People
public import Storage

/// One version of the organisation's stated direction for learning.
public struct StrategyRecord: Hashable, Sendable {
    /// Where a version stands. Only a draft can be edited; a strategy has at most one draft and one published version.
    public enum State: String, CaseIterable, Storable, Sendable {
        case draft, published, superseded, withdrawn
    }

    public let id: ID<Strategy>
    /// From 1, without gaps.
    public let version: Int
    public let state: State
    public let title: String
    /// What it says in a few plain sentences, shown first; empty when there is none.
    public let summary: String
    /// Plain language, Markdown.
    public let text: String
    public let owner: ID<Person>?
    public let audience: AudienceRule?
    /// In the order that its author gave.
    public let priorities: [PriorityRecord]
    /// The period it holds for; nil is open.
    public let from: Day?
    /// The last day of the period; nil is open.
    public let until: Day?
    public let createdAt: Moment
    public let createdBy: ID<Person>
    public let publishedAt: Moment?
    /// When it was superseded or withdrawn.
    public let endedAt: Moment?

    /// What leadership wants learning hours to go to: weights over skills that sum to 1.
    ///
    /// A priority's weight is split evenly over its skills. Empty when no priority names a skill.
    public var skillWeights: [ID<Skill>: Double] {
        let counted = priorities.filter { !$0.skills.isEmpty }
        let total = Double(counted.reduce(0) { $0 + $1.weight })
        var weights: [ID<Skill>: Double] = [:]
        for priority in counted {
            let part = Double(priority.weight) / total / Double(priority.skills.count)
            for skill in priority.skills { weights[skill, default: 0] += part }
        }
        return weights
    }
}

/// One weighted aim of a strategy.
public struct PriorityRecord: Hashable, Sendable {
    /// Kept from version to version, so that a mandate can go on naming it.
    public let id: ID<Priority>
    public let name: String
    public let text: String
    public let skills: [ID<Skill>]
    /// - Range: 1…10,000.
    public let weight: Int
    /// The weight's share of all weights of the version.
    /// - Unit: whole percent; the shares of one version sum to 100.
    public let share: Int
    /// What is to be reached; nil when nothing is stated.
    public let target: PriorityTarget?
}

/// What a priority is to reach: so many of the people whom the strategy is for command its skills so far by a day.
public struct PriorityTarget: Hashable, Sendable {
    /// - Unit: whole percent of the people.
    /// - Range: 1…100.
    public let share: Int
    /// The mastery that each of the skills is to have: the expected share of right answers.
    /// - Unit: whole percent.
    /// - Range: 50…95.
    public let level: Int
    /// The last day to reach it.
    public let by: Day

    /// What a form proposes for `level`.
    public static let usualLevel = 75

    public init(share: Int, level: Int = usualLevel, by: Day) {
        self.share = share
        self.level = level
        self.by = by
    }
}

/// What an author may set of a strategy's draft.
public struct StrategyDraft: Hashable, Sendable {
    public var title: String
    /// Plain sentences, at most 600 characters.
    public var summary: String
    /// Markdown.
    public var text: String
    public var owner: ID<Person>?
    public var audience: AudienceRule?
    public var priorities: [PriorityDraft]
    public var from: Day?
    public var until: Day?

    public init(
        title: String, summary: String = "", text: String = "", owner: ID<Person>? = nil,
        audience: AudienceRule? = nil, priorities: [PriorityDraft] = [], from: Day? = nil, until: Day? = nil
    ) {
        self.title = title
        self.summary = summary
        self.text = text
        self.owner = owner
        self.audience = audience
        self.priorities = priorities
        self.from = from
        self.until = until
    }

    /// The draft that says the same as a version, keeping its priorities' identities.
    public init(_ record: StrategyRecord) {
        self.init(
            title: record.title, summary: record.summary, text: record.text, owner: record.owner,
            audience: record.audience,
            priorities: record.priorities.map {
                PriorityDraft(
                    id: $0.id, name: $0.name, text: $0.text, skills: $0.skills, weight: $0.weight, target: $0.target)
            }, from: record.from, until: record.until)
    }
}

/// What an author may set of one priority.
public struct PriorityDraft: Hashable, Sendable {
    /// Nil for a new one.
    public var id: ID<Priority>?
    public var name: String
    public var text: String
    public var skills: [ID<Skill>]
    /// - Range: 1…10,000.
    public var weight: Int
    public var target: PriorityTarget?

    public init(
        id: ID<Priority>? = nil, name: String, text: String = "", skills: [ID<Skill>] = [], weight: Int,
        target: PriorityTarget? = nil
    ) {
        self.id = id
        self.name = name
        self.text = text
        self.skills = skills
        self.weight = weight
        self.target = target
    }
}

/// How far a published version came, by people.
///
/// - Source: product.md, measure 2; field notes A3.2. Acknowledged is never taken for understood.
public struct StrategyReach: Hashable, Sendable {
    public let strategy: ID<Strategy>
    public let version: Int
    /// People it is addressed to: the denominator of the first step.
    public let published: Int
    public let delivered: Int
    /// To whom its page was shown.
    public let viewed: Int
    /// Who had it before them for as long as it takes to read it.
    public let opened: Int
    public let acknowledged: Int
}

/// A published strategy as it stands with one person of its audience.
public struct StrategyNotice: Hashable, Sendable {
    public let strategy: StrategyRecord
    public let deliveredAt: Moment?
    /// When its page was first shown.
    public let viewedAt: Moment?
    /// When it had been before them for as long as it takes to read it.
    public let openedAt: Moment?
    public let acknowledgedAt: Moment?
}
