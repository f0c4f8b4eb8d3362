public import Basis

extension LearnerModel {
    /// Takes in one answer: the learner's state and the item's difficulty move, each by the surprise times its gain.
    ///
    /// - Source: the gains are those of our model description; they were chosen beforehand, except the item's, which
    ///   was chosen on training learners.
    /// - Cost: constant in the length of the history; linear in the item's skills.
    public func observe(
        _ isRight: Bool, by learner: inout LearnerState, on item: inout ItemState, at moment: Moment?
    ) {
        let places = item.skills.map { learner.makePlace(of: $0) }
        // Making one place may move another that was found before it.
        let settled = places.count < 2 ? places : item.skills.map { learner.place(of: $0) }
        var skillAbility = 0.0
        for place in settled { skillAbility += Double(learner.skills[place].ability) }
        if !settled.isEmpty { skillAbility /= Double(settled.count) }
        let expected = logistic(Double(learner.ability) + skillAbility - item.difficulty)
        let surprise = (isRight ? 1 : 0) - expected
        let information = Float(expected * (1 - expected))
        let now = moment.map(seconds) ?? 0
        for place in settled {
            learner.skills[place].take(
                surprise, share: 1 / Double(settled.count), isRight: isRight, information: information, now: now)
        }
        learner.take(surprise, isRight: isRight, information: information)
        item.take(surprise)
    }

    /// Moves where new items of a skill start. Only the first answers of an item count, so that a settled catalogue
    /// writes nothing that many learners share.
    func observe(_ surprise: Double, among skills: Int, on skill: inout SkillDifficulty) {
        skill.difficulty -= surprise * itemGain / (Double(skill.answers) + itemDelay) / Double(skills)
        skill.answers += 1
    }

    /// The answer as the Elo states see it: 1 or 0 minus the chance they expected.
    func surprise(_ isRight: Bool, of learner: LearnerState, at item: ItemState) -> Double {
        var skillAbility = 0.0
        for skill in item.skills { skillAbility += Double(learner.skill(skill).ability) }
        if !item.skills.isEmpty { skillAbility /= Double(item.skills.count) }
        return (isRight ? 1 : 0) - logistic(Double(learner.ability) + skillAbility - item.difficulty)
    }

    /// An item that nobody has answered: at its level's difficulty, or where the items of its skills start.
    public func fresh(
        _ number: Int, skills: [Int], level: ItemLevel?, startingAt starts: [Int: SkillDifficulty]
    ) -> ItemState {
        let known = skills.compactMap { starts[$0]?.difficulty }
        let mean = known.isEmpty ? 0 : known.reduce(0, +) / Double(skills.count)
        return ItemState(number: number, difficulty: level?.difficulty ?? mean, skills: skills)
    }
}

extension LearnerState {
    mutating func take(_ surprise: Double, isRight: Bool, information gained: Float) {
        let gain = 0.55 / (1 + 0.06 * Double(tries)) + 0.04
        ability = bounded(Double(ability) + surprise * gain)
        form = moved(form, 0.85, isRight)
        longForm = moved(longForm, 0.95, isRight)
        information = abilityMemory * information + gained
        tries += 1
        wins += isRight ? 1 : 0
    }
}

extension SkillState {
    mutating func take(_ surprise: Double, share: Double, isRight: Bool, information gained: Float, now: Int64) {
        let gain = (0.8 / (1 + 0.15 * Double(tries)) + 0.08) * share
        ability = bounded(Double(ability) + surprise * gain)
        lastForm = moved(lastForm, 0.6, isRight)
        form = moved(form, 0.85, isRight)
        longForm = moved(longForm, 0.95, isRight)
        information = skillMemory * information + gained * Float(share)
        if now > shownAt, isRight || shownAt == 0 { shownAt = now }
        tries += 1
        wins += isRight ? 1 : 0
    }
}

extension ItemState {
    mutating func take(_ surprise: Double) {
        let moved = difficulty - surprise * itemGain / (Double(answers) + itemDelay)
        difficulty = min(ItemState.limit, max(-ItemState.limit, moved))
        answers += 1
    }
}

/// A decayed share of right answers, less one half.
///
/// Of the answers themselves and not of their surprise: an average of surprises falls when an earlier answer turns
/// right, because the later ones surprise less, and then a right answer could lower what is shown. Held-out log loss
/// is the same to within .001.
private func moved(_ average: Float, _ decay: Double, _ isRight: Bool) -> Float {
    Float(decay * Double(average) + (1 - decay) * (isRight ? 0.5 : -0.5))
}

private func bounded(_ ability: Double) -> Float { Float(min(abilityLimit, max(-abilityLimit, ability))) }

/// The most extreme ability.
let abilityLimit = 8.0
/// An item's difficulty moves by surprise × 12/(answers + 15).
let itemGain = 12.0
let itemDelay = 15.0
/// Answers of an item that also move where its skills' new items start.
let startingAnswers = 20
/// How much of the information stays after each further answer: abilities drift.
private let abilityMemory: Float = 0.98
private let skillMemory: Float = 0.97
