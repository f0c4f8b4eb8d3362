public import Basis
import Foundation
import Statistics

/// How well a learner commands a skill. Never shown without its interval.
public struct SkillMastery: Hashable, Sendable {
    /// The skill's number within its tenant.
    public let skill: Int
    /// The mean chance of a right answer over the items of the skill.
    public let probability: Double
    /// Where that chance lies with 90 % confidence.
    public let low: Double
    public let high: Double
    /// Answers behind it, and how many of them were right. With no answers it rests on other skills alone.
    public let tries: Int
    public let wins: Int
    /// When the skill was last shown, where times are known.
    public let lastAt: Moment?
}

/// The difficulties of a skill's items, as far as mastery needs them.
public struct SkillPool: Hashable, Sendable {
    /// Up to `pointLimit` difficulties that stand for all, rising.
    ///
    /// Order statistics: when any item gets easier, none of these rises.
    public let points: [Double]
    /// Items in the pool.
    public let count: Int

    static let pointLimit = 16

    public init(difficulties: [Double]) {
        let sorted = difficulties.filter(\.isFinite).sorted()
        count = sorted.count
        if sorted.count <= SkillPool.pointLimit {
            points = sorted.isEmpty ? [0] : sorted
        } else {
            points = (0..<SkillPool.pointLimit).map { index in
                Quantile.interpolated(sorted, at: (Double(index) + 0.5) / Double(SkillPool.pointLimit))
            }
        }
    }
}

extension LearnerModel {
    /// The learner's mastery of a skill over the pool of its items.
    ///
    /// The interval comes from the posterior variance of the learner's overall ability and ability on the skill: each a
    /// normal prior and the information of the answers, which fades because abilities drift.
    public func mastery(_ learner: LearnerState, of skill: Int, over pool: SkillPool, at moment: Moment?)
        -> SkillMastery
    {
        let state = learner.skill(skill)
        let base = (weights * features(learner, 0, [skill], at: moment)).sum()
        let overall = 1 / (1 / abilityVariance + Double(learner.information))
        let onSkill = 1 / (1 / skillVariance + Double(state.information))
        let ease = weights[Feature.ease.rawValue]
        let half = Normal.reach(level: 0.9) * ease * (overall + onSkill).squareRoot()
        func mean(_ logOdds: Double) -> Double {
            pool.points.reduce(0) { $0 + logistic(logOdds - ease * $1) } / Double(pool.points.count)
        }
        return SkillMastery(
            skill: skill, probability: mean(base), low: mean(base - half), high: mean(base + half), tries: state.tries,
            wins: state.wins, lastAt: state.lastAt)
    }
}

/// Variance of abilities among learners: measured standard deviation .95.
private let abilityVariance = 0.9025
/// Variance of a learner's abilities among skills.
private let skillVariance = 0.64
