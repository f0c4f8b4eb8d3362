public import Basis
public import Mastery

/// What a learner set out to reach: a skill, and how well to command it.
public struct GoalRecord: Hashable, Sendable {
    public let id: ID<Goal>
    public let person: ID<Person>
    public let skill: ID<Skill>
    /// The chance of a right answer to aim at.
    /// - Range: 0.5 to 0.95.
    public let target: Double
    /// The mastery when the goal was set.
    public let start: Double
    /// Nil is open.
    public let dueOn: Day?
    /// The learner's own words; may be empty.
    public let note: String
    public let setAt: Moment
    public let changedAt: Moment
    /// When the estimate first came to the target, or the learner said so.
    public let reachedAt: Moment?
}

/// Named targets, so that nobody has to think in probabilities.
public enum GoalLevel: String, CaseIterable, Sendable {
    case familiar, able, strong, expert

    /// The chance of a right answer.
    public var target: Double {
        switch self {
        case .familiar: 0.6
        case .able: 0.75
        case .strong: 0.85
        case .expert: 0.92
        }
    }

    /// Such as “Able: about 3 in 4 right”.
    public var label: String {
        switch self {
        case .familiar: "Familiar: about 6 in 10 right"
        case .able: "Able: about 3 in 4 right"
        case .strong: "Strong: about 17 in 20 right"
        case .expert: "Expert: more than 9 in 10 right"
        }
    }

    /// The level nearest to a target.
    public init(nearest target: Double) {
        self = GoalLevel.allCases.min { abs($0.target - target) < abs($1.target - target) } ?? .able
    }
}

/// A goal as it stands now.
public struct GoalProgress: Hashable, Sendable {
    public let goal: GoalRecord
    public let skillName: String
    /// The estimate, with its interval.
    public let mastery: SkillMastery

    /// What is still missing.
    /// - Range: 0 to 1.
    public var gap: Double { max(0, goal.target - mastery.probability) }

    /// How much of the way from the start to the target is done. All of it once reached.
    /// - Range: 0 to 1.
    public var share: Double {
        if goal.reachedAt != nil || gap == 0 { return 1 }
        let way = goal.target - goal.start
        return way <= 0 ? 1 : min(1, max(0, (mastery.probability - goal.start) / way))
    }
}
