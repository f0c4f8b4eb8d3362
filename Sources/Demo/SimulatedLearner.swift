import Basis
import Foundation

/// A learner who does not exist, and whose true skills the simulation knows.
struct SimulatedLearner {
    let person: ID<Person>
    /// True ability by skill, on the logistic scale of item difficulty.
    private(set) var ability: [ID<Skill>: Double]
    /// Sittings a week on average.
    let diligence: Double
    /// The share of sittings that the learner chooses rather than being asked.
    let ownWill: Double
    /// Ability gained by one reading on a skill.
    let gain: Double

    init(
        person: ID<Person>, skills: [ID<Skill>], diligence: Double? = nil, ownWill: Double? = nil, _ dice: inout Dice
    ) {
        self.person = person
        let general = dice.normal() * 0.7
        ability = [:]
        for skill in skills { ability[skill] = general + dice.normal() * 0.6 }
        let drawn = exp(dice.normal() * 0.5) * 0.55
        self.diligence = diligence ?? drawn
        let will = min(0.95, max(0.2, 0.62 + dice.normal() * 0.15))
        self.ownWill = ownWill ?? will
        gain = max(0.02, 0.14 + dice.normal() * 0.05)
    }

    /// Whether an answer is right: the Rasch model with a guessing floor.
    ///
    /// - Source: three-parameter logistic model with a = 1 (Birnbaum, 1968).
    func answers(_ skills: [ID<Skill>], difficulty: Double, choices: Int, _ dice: inout Dice) -> Bool {
        let known = skills.compactMap { ability[$0] }
        let mean = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
        let floor = 1 / Double(max(2, choices))
        let chance = floor + (1 - floor) / (1 + exp(difficulty - mean))
        return Double.random(in: 0..<1, using: &dice) < chance
    }

    mutating func learn(_ skills: [ID<Skill>]) {
        for skill in skills { ability[skill, default: 0] += gain }
    }
}

extension Dice {
    /// A draw of the standard normal distribution.
    ///
    /// - Source: Box and Muller, Annals of Mathematical Statistics 29 (1958).
    mutating func normal() -> Double {
        let radius = (-2 * log(Double.random(in: Double.leastNonzeroMagnitude..<1, using: &self))).squareRoot()
        return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
    }

    /// Whether something with this chance happens.
    mutating func happens(_ chance: Double) -> Bool { Double.random(in: 0..<1, using: &self) < chance }

    /// One of several, or nil of none.
    mutating func pick<Element>(_ list: [Element]) -> Element? {
        list.isEmpty ? nil : list[Int.random(in: 0..<list.count, using: &self)]
    }
}
