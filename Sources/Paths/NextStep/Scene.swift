import Basis
import Catalog
import Intent
import Mastery
import Skills

/// Everything that the next step of one learner rests on, gathered. From here on nothing is read.
struct Scene {
    struct Pull {
        let strategy: ID<Strategy>
        let title: String
        /// The skill's share of that strategy's weights.
        let share: Double
    }
    struct Ask {
        let mandate: ID<Mandate>
        let title: String
        let deadline: Day
    }
    /// What may be suggested.
    struct Offer {
        let kind: SuggestionKind
        let title: String
        let minutes: Int?
        /// In log-odds, from its questions' answers or its level; nil when neither is known.
        let difficulty: Double?
        let skills: [ID<Skill>]
        let added: Day?
        let users: Int
        /// How new it is among all. 0 to 1.
        let freshness: Double
    }

    let today: Day
    let now: Moment
    let settings: LearnerSettings
    let model: LearnerModel
    let state: LearnerState
    let skills: [ID<Skill>: SkillRecord]
    /// Of every skill that matters here.
    let mastery: [ID<Skill>: SkillMastery]
    let pools: [Int: SkillPool]
    let goals: [ID<Skill>: GoalRecord]
    let pulls: [ID<Skill>: Pull]
    /// How far the strategy may pull on the learner's own time: less, the more of it is guaranteed. 0 to 1.
    let pullLimit: Double
    let asks: [ID<Skill>: Ask]
    /// The practised skills that the learner commands least.
    let weakest: Set<ID<Skill>>
    let freeMinutes: Int?
    let offers: [Offer]

    /// One offer, ready to be ranked and to be explained.
    struct Prepared {
        let candidate: RankedCandidate
        let offer: Offer
        let skill: ID<Skill>?
        let chance: Double?
        let words: ReasonWords
        let serves: Serves?

        /// The strongest terms that have words, at most three.
        var reasons: [Reason] {
            Array(
                candidate.terms.compactMap { term in
                    words.sentence(for: term.signal).map { Reason(signal: term.signal, text: $0, value: term.value) }
                }.prefix(3))
        }
    }

    /// Those offers for which anything speaks, with their terms.
    func prepared() -> [Prepared] {
        let users = offers.map(\.users).max() ?? 0
        return offers.map { settings.isPersonal ? personal($0, mostUsers: users) : plain($0, mostUsers: users) }
            .filter { !$0.reasons.isEmpty }
    }

    private func personal(_ offer: Offer, mostUsers: Int) -> Prepared {
        let skill = main(offer.skills)
        let record = skill.flatMap { skills[$0] }
        let mastery = skill.flatMap { self.mastery[$0] }
        let chance = chance(of: offer)
        var words = words(offer, skill: record, mastery: mastery)
        words.chance = chance
        var signals = common(offer, mostUsers: mostUsers)
        signals[.fit] = chance.map { 1 - abs($0 - settings.dial) / fitReach }
        var serves: [(Double, Serves)] = []
        if let skill {
            if let value = goalSignal(skill), let goal = goals[skill] {
                signals[.goal] = value
                words.goal = ReasonWords.GoalWords(name: record?.name ?? "", target: goal.target)
                serves.append((value * Signal.goal.weight, .goal(goal.id, name: record?.name ?? "")))
            }
            if let pull = pulls[skill], let value = strategySignal(skill) {
                signals[.strategy] = value
                words.strategy = ReasonWords.StrategyWords(title: pull.title, share: pull.share)
                serves.append((value * Signal.strategy.weight, .strategy(pull.strategy, name: pull.title)))
            }
            if let ask = asks[skill] {
                signals[.mandate] = 1
                words.mandate = ReasonWords.MandateWords(title: ask.title, deadline: ask.deadline)
                serves.append((Signal.mandate.weight, .mandate(ask.mandate, name: ask.title)))
            }
            signals[.weakness] = weaknessSignal(skill)
            signals[.uncertainty] = mastery.map { $0.high - $0.low }
        }
        if let minutes = offer.minutes, let freeMinutes, minutes > 0, minutes <= freeMinutes { signals[.time] = 1 }
        return Prepared(
            candidate: RankedCandidate(
                target: offer.kind.text, skill: skill?.description ?? offer.kind.text, signals: signals),
            offer: offer, skill: skill, chance: chance, words: words, serves: serves.max { $0.0 < $1.0 }?.1)
    }

    /// Without personalisation: by use and newness alone, the same for everybody.
    private func plain(_ offer: Offer, mostUsers: Int) -> Prepared {
        let skill = offer.skills.min { $0.description < $1.description }
        return Prepared(
            candidate: RankedCandidate(
                target: offer.kind.text, skill: skill?.description ?? offer.kind.text,
                signals: common(offer, mostUsers: mostUsers)),
            offer: offer, skill: skill, chance: nil,
            words: words(offer, skill: skill.flatMap { skills[$0] }, mastery: nil), serves: nil)
    }

    private func common(_ offer: Offer, mostUsers: Int) -> [Signal: Double] {
        var signals: [Signal: Double] = [.freshness: offer.freshness]
        if mostUsers > 0 { signals[.use] = Double(offer.users) / Double(mostUsers) }
        return signals
    }

    private func words(_ offer: Offer, skill: SkillRecord?, mastery: SkillMastery?) -> ReasonWords {
        ReasonWords(
            dial: settings.dial, skillName: skill?.name, mastery: mastery, added: offer.added, users: offer.users,
            minutes: offer.minutes, freeMinutes: freeMinutes)
    }

    /// The skill for which most speaks.
    private func main(_ skills: [ID<Skill>]) -> ID<Skill>? {
        func weight(_ skill: ID<Skill>) -> Double {
            Signal.goal.weight * (goalSignal(skill) ?? 0) + Signal.strategy.weight * (strategySignal(skill) ?? 0)
                + Signal.mandate.weight * (asks[skill] == nil ? 0 : 1)
                + Signal.weakness.weight * (weaknessSignal(skill) ?? 0)
        }
        return skills.max { (weight($0), $1.description) < (weight($1), $0.description) }
    }

    private func goalSignal(_ skill: ID<Skill>) -> Double? {
        guard let goal = goals[skill], goal.reachedAt == nil, let mastery = mastery[skill] else { return nil }
        let gap = goal.target - mastery.probability
        return gap > 0 ? min(1, 0.2 + gap / 0.5) : nil
    }

    private func strategySignal(_ skill: ID<Skill>) -> Double? {
        guard let pull = pulls[skill], let most = pulls.values.map(\.share).max(), most > 0 else { return nil }
        let value = pull.share / most * pullLimit
        return value > 0 ? value : nil
    }

    private func weaknessSignal(_ skill: ID<Skill>) -> Double? {
        guard weakest.contains(skill), let mastery = mastery[skill], mastery.probability < weakness else { return nil }
        return 1 - mastery.probability
    }

    private func chance(of offer: Offer) -> Double? {
        let numbers = offer.skills.compactMap { skills[$0]?.number }
        if case .practice(let skill) = offer.kind { return mastery[skill]?.probability }
        let pool = numbers.compactMap { pools[$0]?.points }.joined()
        let mean = pool.isEmpty ? 0 : pool.reduce(0, +) / Double(pool.count)
        return model.chance(state, difficulty: offer.difficulty ?? mean, skills: numbers, at: now)
    }
}

/// How far from the learner's dial a chance of success may lie before it says nothing for a suggestion.
private let fitReach = 0.35
/// Below this mastery one of the weakest skills counts as weak.
private let weakness = 0.75
