public import Basis

/// What a draft would have decided on the decisions of the last days.
public struct WhatIf: Hashable, Sendable {
    /// The most changes that are listed by person.
    public static let changeLimit = 200
    /// Groups of fewer people are not told to those who may not see who they are.
    public static let smallGroup = 10

    /// Which way a decision turns.
    public enum Turn: String, CaseIterable, Sendable {
        /// Allowed so far, and refused by the draft.
        case denied
        /// Refused so far, and allowed by the draft.
        case allowed
    }

    /// Decisions that turn the same way.
    public struct Group: Hashable, Sendable {
        /// An action, or the id of a policy.
        public let name: String
        public let turn: Turn
        /// Nil where the group is too small to be told.
        public let decisions: Int?
        /// Nil where the group is too small to be told.
        public let people: Int?
    }

    /// One decision that turns.
    public struct Change: Hashable, Sendable {
        public let turn: Turn
        public let action: AccessAction
        /// Who asked; nil for a program.
        public let person: ID<Person>?
        /// As a policy names it.
        public let resource: String
        /// The policies that decide differently: those of the draft where it refuses, else those that refused so far.
        public let policies: [String]
        public let times: Int
        public let lastAt: Moment
    }

    public let days: Int
    /// How many decisions were taken again, each as often as it was taken.
    public let decisions: Int
    /// How many different ones they were.
    public let records: Int
    /// How often a policy of the draft could not be evaluated.
    public let failures: Int
    /// How many decisions turn; nil where that group is too small to be told.
    public let turned: [Turn: Int]
    /// How many people they concern; nil where too few to be told.
    public let people: Int?
    /// By action, in the order of the actions.
    public let byAction: [Group]
    /// By policy, in the order of the ids.
    public let byPolicy: [Group]
    /// For those who may see who; empty for others. At most `changeLimit`, in the order of the days.
    public let changes: [Change]

    /// Whether nothing turns.
    public var isSame: Bool { turned.values.allSatisfy { $0 == 0 } && byAction.isEmpty }
}

/// Who reads what a replay found.
public enum WhatIfReader: Hashable, Sendable {
    /// Sees who is concerned.
    case seesPeople
    /// Sees numbers of groups that are large enough.
    case seesNumbers
}

/// Counts what turns.
struct WhatIfTally {
    private struct Key: Hashable {
        let name: String
        let turn: WhatIf.Turn
    }

    private struct Sum {
        var decisions = 0
        var people: Set<String> = []
    }

    private var actions: [Key: Sum] = [:]
    private var policies: [Key: Sum] = [:]
    private var all: [WhatIf.Turn: Sum] = [:]
    private var everybody: Set<String> = []
    private var changes: [WhatIf.Change] = []
    var decisions = 0
    var records = 0
    var failures = 0

    /// Counts one decision that turns. `who` is the principal's reference, so that a program counts as one.
    mutating func add(_ change: WhatIf.Change, who: String) {
        func count(_ sums: inout [Key: Sum], _ name: String) {
            sums[Key(name: name, turn: change.turn), default: Sum()].decisions += change.times
            sums[Key(name: name, turn: change.turn)]?.people.insert(who)
        }
        count(&actions, change.action.rawValue)
        for policy in change.policies.isEmpty ? [""] : change.policies { count(&policies, policy) }
        all[change.turn, default: Sum()].decisions += change.times
        all[change.turn]?.people.insert(who)
        everybody.insert(who)
        if changes.count < WhatIf.changeLimit { changes.append(change) }
    }

    func result(days: Int, for reader: WhatIfReader) -> WhatIf {
        let seesPeople = reader == .seesPeople
        func isTold(_ count: Int) -> Bool { seesPeople || count == 0 || count >= WhatIf.smallGroup }
        let order = Dictionary(
            uniqueKeysWithValues: AccessAction.allCases.enumerated().map { ($1.rawValue, $0) })
        let turned = all.filter { isTold($0.value.people.count) }.mapValues(\.decisions)
        return WhatIf(
            days: days, decisions: decisions, records: records, failures: failures,
            turned: all.isEmpty ? [.denied: 0, .allowed: 0] : turned,
            people: isTold(everybody.count) ? everybody.count : nil,
            byAction: groups(actions, isTold: isTold).sorted {
                (order[$0.name] ?? 0, $0.turn.rawValue) < (order[$1.name] ?? 0, $1.turn.rawValue)
            },
            byPolicy: groups(policies, isTold: isTold).sorted {
                ($0.name, $0.turn.rawValue) < ($1.name, $1.turn.rawValue)
            },
            changes: seesPeople ? changes : [])
    }

    /// Where one group alone is too small, the next smallest is not told either: its number would follow from the sum.
    private func groups(_ sums: [Key: Sum], isTold: (Int) -> Bool) -> [WhatIf.Group] {
        var hidden = Set(sums.filter { !isTold($0.value.people.count) }.keys)
        if hidden.count == 1,
            let next = sums.filter({ !hidden.contains($0.key) }).min(by: {
                ($0.value.people.count, $0.key.name) < ($1.value.people.count, $1.key.name)
            })
        {
            hidden.insert(next.key)
        }
        return sums.map { key, sum in
            let isHidden = hidden.contains(key)
            return WhatIf.Group(
                name: key.name, turn: key.turn, decisions: isHidden ? nil : sum.decisions,
                people: isHidden ? nil : sum.people.count)
        }
    }
}
