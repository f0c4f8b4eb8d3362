import Basis
import Foundation
import Mastery

/// All that the sentences of one candidate's reasons may say.
struct ReasonWords {
    struct GoalWords {
        let name: String
        let target: Double
    }
    struct StrategyWords {
        let title: String
        /// The skill's share of the strategy's weights.
        let share: Double
    }
    struct MandateWords {
        let title: String
        let deadline: Day
    }

    var dial = LearnerSettings.initial.dial
    var chance: Double?
    var skillName: String?
    var mastery: SkillMastery?
    var goal: GoalWords?
    var strategy: StrategyWords?
    var mandate: MandateWords?
    /// The day it came into the catalogue.
    var added: Day?
    /// Colleagues who used it in the last ninety days.
    var users = 0
    var minutes: Int?
    /// What is left of the learner's own time this month.
    var freeMinutes: Int?

    /// The sentence for a signal, from the very values that made it.
    func sentence(for signal: Signal) -> String? {
        switch signal {
        case .fit:
            chance.map { "You would get about \(tenths($0)) questions right, near the \(tenths(dial)) that you chose." }
        case .goal:
            goal.map {
                "It serves your goal “\($0.name)”: you stand at \(standing), the goal is \(percent($0.target))."
            }
        case .strategy:
            strategy.map {
                "“\(skillName ?? "")” has \(percent($0.share)) of the weight in the strategy “\($0.title)”."
            }
        case .mandate:
            mandate.map { "It prepares for “\($0.title)”, which is asked of you by \($0.deadline)." }
        case .weakness:
            mastery.map {
                "“\(skillName ?? "")” is among the skills you command least so far: \(standing)"
                    + ", from \(counted($0.tries, "answer"))."
            }
        case .uncertainty: uncertainty
        case .freshness: added.map { "It came into the catalogue on \($0)." }
        case .use: users > 0 ? "\(counted(users, "colleague")) used it in the last 90 days." : nil
        case .time:
            minutes.flatMap { minutes in
                freeMinutes.map { "It takes \(minutes) minutes; \($0) of your own are left this month." }
            }
        }
    }

    private var uncertainty: String? {
        mastery.map { mastery in
            mastery.tries == 0
                ? "You have no answers on “\(skillName ?? "")” yet: trying it shows where you stand."
                : "What you know of “\(skillName ?? "")” is uncertain, \(percent(mastery.low)) to"
                    + " \(percent(mastery.high)): a few answers would settle it."
        }
    }

    private var standing: String {
        guard let mastery else { return "an unknown level" }
        return "\(percent(mastery.probability)) (90% interval \(percent(mastery.low)) to \(percent(mastery.high)))"
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))%" }

    private func tenths(_ share: Double) -> String { "\(Int((share * 10).rounded())) in 10" }

    private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
