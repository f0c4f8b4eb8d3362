import Foundation

/// Calibrated items from which an adaptive test chooses.
public struct ItemPool: Sendable {
    /// An item that can be chosen.
    public struct Item: Hashable, Sendable {
        public let name: String
        public let model: ItemModel
        /// Which area of content it belongs to, from 0; 0 for all where content is not balanced.
        public let area: Int

        public init(_ name: String, _ model: ItemModel, area: Int = 0) {
            self.name = name
            self.model = model
            self.area = area
        }
    }

    public let items: [Item]
    /// Areas 0 to this minus 1.
    public let areaCount: Int
    /// a, b and c of the items scored 0 or 1, by place; a = 0 for graded ones.
    private let curves: [SIMD3<Double>]
    let areas: [Int32]

    /// - Returns: nil when there is no item, two have a name, or an area lies outside 0 to 999.
    public init?(_ items: [Item]) {
        guard !items.isEmpty, Set(items.map(\.name)).count == items.count,
            items.allSatisfy({ 0..<1_000 ~= $0.area })
        else { return nil }
        self.items = items
        areaCount = 1 + items.reduce(0) { max($0, $1.area) }
        areas = items.map { Int32($0.area) }
        curves = items.map { item in
            switch item.model {
            case .logistic(let own): SIMD3(own.discrimination, own.difficulty, own.lowerAsymptote)
            case .graded: SIMD3(0, 0, 0)
            }
        }
    }

    /// Puts into `easiness`, by place, how close the expected share of the highest score is to `share`: 0 at best.
    func fill(_ easiness: inout [Double], at ability: Double, near share: Double) {
        for (place, item) in items.enumerated() {
            easiness[place] = -abs(item.model.expectedScore(at: ability) / Double(item.model.maximum) - share)
        }
    }

    /// Puts the information of each item about this ability into `information`, by place.
    func fill(_ information: inout [Double], at ability: Double) {
        curves.withUnsafeBufferPointer { curves in
            information.withUnsafeMutableBufferPointer { information in
                for place in curves.indices {
                    let curve = curves[place]
                    if curve[0] == 0 {
                        information[place] = items[place].model.information(at: ability)
                        continue
                    }
                    let logit = curve[0] * (ability - curve[1])
                    let odds = exp(-abs(logit))
                    let plain = curve[0] * curve[0] * odds / ((1 + odds) * (1 + odds))
                    if curve[2] == 0 {
                        information[place] = plain
                    } else {
                        let share = logit >= 0 ? 1 / (1 + odds) : odds / (1 + odds)
                        information[place] = plain * (1 - curve[2]) * share / (curve[2] + (1 - curve[2]) * share)
                    }
                }
            }
        }
    }
}
