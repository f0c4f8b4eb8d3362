import Basis
import Foundation
import Psychometrics
import Statistics
import Testing

/// Draws as `Tests/Oracle/psychometrics.py` draws them.
extension Dice {
    mutating func share() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Nearly normal: twelve shares less six.
    mutating func ability() -> Double { (0..<12).reduce(-6) { sum, _ in sum + share() } }

    mutating func normal() -> Double { Normal.quantile(max(share(), 0x1p-60)) }

    mutating func score(_ model: ItemModel, _ ability: Double) -> Int {
        let share = share()
        var (left, score) = (1.0, 0)
        while score < model.maximum {
            left -= model.probability(of: score, at: ability)
            if share >= left { break }
            score += 1
        }
        return score
    }
}

func logistic(_ a: Double, _ b: Double, _ c: Double = 0) throws -> ItemModel {
    .logistic(try #require(LogisticItem(discrimination: a, difficulty: b, lowerAsymptote: c)))
}

func graded(_ a: Double, _ b: [Double]) throws -> ItemModel {
    .graded(try #require(GradedItem(discrimination: a, thresholds: b)))
}

/// The items of the oracle.
enum Items {
    static func two() throws -> [ItemModel] {
        try (0..<8).map { try logistic(0.6 + 0.2 * Double($0), -1.4 + 0.4 * Double($0)) }
    }

    static func three() throws -> [ItemModel] {
        try (0..<10).map { try logistic(0.9 + 0.15 * Double($0), -1.6 + 0.4 * Double($0), 0.2) }
    }

    static func four() throws -> [ItemModel] {
        try (0..<5).map { index in
            let step = Double(index)
            return try graded(0.8 + 0.3 * step, [-1.2 + 0.2 * step, 0.1 * step, 1 + 0.1 * step])
        }
    }

    /// Answers of so many people; items are named by their place.
    static func answers(_ items: [ItemModel], people: Int, seed: UInt64, missing: Double = 0) -> AnswerTable {
        var dice = Dice(seed: seed)
        var table = AnswerTable()
        for person in 0..<people {
            let ability = dice.ability()
            for (place, item) in items.enumerated() {
                let score = dice.score(item, ability)
                if dice.share() >= missing { table.add(person: "p\(person)", item: "\(place)", score: score) }
            }
        }
        return table
    }

    /// A pool with a from a normal distribution of mean 1.2 and sd 0.25, and b from the standard one.
    static func pool(_ count: Int, areas: Int = 1, seed: UInt64 = 1) throws -> ItemPool {
        var dice = Dice(seed: seed)
        let items = try (0..<count).map { index in
            let model = try logistic(max(0.3, 1.2 + 0.25 * dice.normal()), dice.normal())
            return ItemPool.Item("item \(index)", model, area: index % areas)
        }
        return try #require(ItemPool(items))
    }
}

func agree(_ one: Double, _ other: Double, within tolerance: Double) -> Bool {
    abs(one - other) <= tolerance
}
