public import Basis

/// What the model remembers of one learner: a fixed part, and a fixed part for each skill practised.
///
/// - Shape: 32-bit reals, because a state is stored exactly as it is computed with. So a state that was saved and
///   loaded between two answers equals one that was not, bit for bit.
/// - Unit: abilities in log-odds; times in whole seconds.
public struct LearnerState: Hashable, Sendable {
    /// Ability over all skills. Zero is the average learner.
    public internal(set) var ability: Float = 0
    public internal(set) var tries: Int = 0
    public internal(set) var wins: Int = 0
    /// Decayed share of right answers less one half, by decay .85 and .95.
    public internal(set) var form: Float = 0
    public internal(set) var longForm: Float = 0
    /// Fisher information of the answers, fading.
    public internal(set) var information: Float = 0
    /// One a skill, by rising number.
    public internal(set) var skills: [SkillState] = []

    public init() {}

    /// The state on one skill; a fresh one when it was never practised.
    public func skill(_ number: Int) -> SkillState {
        let place = place(of: number)
        return place < skills.count && skills[place].number == number ? skills[place] : SkillState(number: number)
    }

    /// Where a skill stands, or would.
    func place(of number: Int) -> Int {
        var low = 0
        var high = skills.count
        while low < high {
            let middle = (low + high) / 2
            if skills[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The place of a skill's state, made now when there is none.
    mutating func makePlace(of number: Int) -> Int {
        let place = place(of: number)
        if place == skills.count || skills[place].number != number {
            skills.insert(SkillState(number: number), at: place)
        }
        return place
    }
}

/// What the model remembers of one learner on one skill.
public struct SkillState: Hashable, Sendable {
    /// The skill's number within its tenant.
    public let number: Int
    /// Ability on this skill beyond the overall ability.
    public internal(set) var ability: Float = 0
    public internal(set) var tries: Int = 0
    public internal(set) var wins: Int = 0
    /// Decayed share of right answers less one half, by decay .6, .85 and .95.
    public internal(set) var lastForm: Float = 0
    public internal(set) var form: Float = 0
    public internal(set) var longForm: Float = 0
    public internal(set) var information: Float = 0
    /// Seconds since 1970 of the first answer or of the latest right one; 0 when no time is known.
    ///
    /// A wrong answer does not move it: forgetting is counted from the last time the skill was shown.
    public internal(set) var shownAt: Int64 = 0

    init(number: Int) { self.number = number }

    /// When the skill was last shown, where times are known.
    public var lastAt: Moment? { shownAt > 0 ? Moment(microseconds: shownAt * 1_000_000) : nil }
}

/// An item as the model sees it.
public struct ItemState: Hashable, Sendable {
    /// The item's number within its tenant.
    public let number: Int
    /// In log-odds; higher is harder; zero is even odds for the average learner.
    public internal(set) var difficulty: Double
    /// Answers behind the difficulty.
    public internal(set) var answers: Int
    /// The numbers of its skills, without repeats.
    public let skills: [Int]

    public init(number: Int, difficulty: Double, answers: Int = 0, skills: [Int]) {
        self.number = number
        self.difficulty = difficulty.isFinite ? min(ItemState.limit, max(-ItemState.limit, difficulty)) : 0
        self.answers = max(0, answers)
        let named = skills.filter { $0 >= 0 }
        self.skills = named.count < 2 ? named : Array(Set(named)).sorted()
    }

    /// The most extreme difficulty.
    static let limit = 8.0
}

/// Where new items of a skill start.
public struct SkillDifficulty: Hashable, Sendable {
    public internal(set) var difficulty: Double = 0
    public internal(set) var answers: Int = 0

    public init() {}

    init(difficulty: Double, answers: Int) {
        self.difficulty = difficulty
        self.answers = answers
    }
}

/// The level an item or text was written for.
///
/// - Source: the four levels of DigComp 3.0, set at equal steps of one unit of log-odds.
public enum ItemLevel: String, CaseIterable, Sendable {
    case beginner, intermediate, advanced, highlyAdvanced = "highly advanced"

    /// The difficulty to start from until answers say otherwise.
    public var difficulty: Double {
        switch self {
        case .beginner: -1.5
        case .intermediate: -0.5
        case .advanced: 0.5
        case .highlyAdvanced: 1.5
        }
    }
}
