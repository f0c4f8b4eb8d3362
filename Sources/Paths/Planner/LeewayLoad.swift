public import Basis

/// What is asked against what may be asked, by unit and month.
///
/// A group of fewer than `groupMinimum` people is never told apart: small units are told together, and where those
/// are fewer people still, the smallest larger unit is told with them, so that no difference gives them away.
public struct LeewayLoad: Hashable, Sendable {
    /// The fewest people of whom figures are given.
    public static let groupMinimum = 10
    /// The most months that are shown.
    public static let monthLimit = 12

    /// One unit in one month. Sums over its people.
    /// - Unit: minutes.
    public struct Cell: Hashable, Sendable {
        /// The learning time.
        public internal(set) var budget = 0
        /// What mandates may ask of it.
        public internal(set) var ceiling = 0
        /// What mandates ask of it: spent on them, placed, and due without fitting.
        public internal(set) var asked = 0
        /// The part of `asked` that is due and does not fit.
        public internal(set) var over = 0
        /// People of whom more is due than fits.
        public internal(set) var peopleOver = 0

        /// What is the learners' own whatever is asked.
        public var guaranteed: Int { budget - ceiling }

        static func += (sum: inout Cell, one: Cell) {
            sum.budget += one.budget
            sum.ceiling += one.ceiling
            sum.asked += one.asked
            sum.over += one.over
            sum.peopleOver += one.peopleOver
        }
    }

    /// Whose figures a row holds.
    public enum Group: Hashable, Sendable {
        case unit(ID<Unit>)
        /// Small units and people without a unit, together.
        case rest
        case everybody
    }

    /// One group of people, without those of units below.
    public struct Row: Hashable, Sendable {
        public let group: Group
        public let people: Int
        /// One a month.
        public let cells: [Cell]
    }

    /// From the current one.
    public let months: [Month]
    /// The units with the most people first, then the rest, then everybody; only everybody when no unit can be told
    /// apart. Empty when there are too few people.
    public let rows: [Row]
    /// How many units are told within the rest.
    public let unitsTogether: Int
    /// Active people in all.
    public let people: Int
}

extension LeewayLoad {
    /// Joins what is too small. `groups` are by unit, nil for people without one.
    init(months: [Month], groups: [(unit: ID<Unit>?, people: Int, cells: [Cell])]) {
        let all = groups.filter { $0.people > 0 }
        self.months = months
        people = all.reduce(0) { $0 + $1.people }
        func sum(_ parts: [(unit: ID<Unit>?, people: Int, cells: [Cell])], _ group: Group) -> Row {
            var cells = [Cell](repeating: Cell(), count: months.count)
            for part in parts { for month in cells.indices { cells[month] += part.cells[month] } }
            return Row(group: group, people: parts.reduce(0) { $0 + $1.people }, cells: cells)
        }
        var large = all.filter { $0.unit != nil && $0.people >= LeewayLoad.groupMinimum }.sorted {
            ($1.people, $0.unit?.description ?? "") < ($0.people, $1.unit?.description ?? "")
        }
        var small = all.filter { $0.unit == nil || $0.people < LeewayLoad.groupMinimum }
        let fewest = 1..<LeewayLoad.groupMinimum
        if fewest.contains(small.reduce(0, { $0 + $1.people })), let last = large.popLast() { small.append(last) }
        unitsTogether = large.isEmpty ? 0 : small.count { $0.unit != nil }
        if people < LeewayLoad.groupMinimum {
            rows = []
        } else {
            rows =
                large.map { one in sum([one], one.unit.map { .unit($0) } ?? .rest) }
                + (small.isEmpty || large.isEmpty ? [] : [sum(small, .rest)]) + [sum(all, .everybody)]
        }
    }
}
