/// What changes from one set of policies to another, by their ids. Their order does not count.
public struct PolicyDifference: Hashable, Sendable {
    /// One line of a policy's canonical text.
    public enum Line: Hashable, Sendable {
        case kept(String)
        case removed(String)
        case added(String)

        /// With two spaces, `- ` or `+ ` before it.
        public var text: String {
            switch self {
            case .kept(let line): "  " + line
            case .removed(let line): "- " + line
            case .added(let line): "+ " + line
            }
        }
    }

    /// One policy that is not the same on both sides.
    public struct Change: Hashable, Sendable {
        /// What became of it.
        public enum Kind: String, CaseIterable, Sendable { case added, removed, changed }

        public let id: String
        public let kind: Kind
        /// The whole policy, with what is gone before what came in its place.
        public let lines: [Line]
    }

    /// Those that are gone or changed in the order of the former set, then those that came in the order of the new one.
    public let changes: [Change]

    public init(from old: PolicySet, to new: PolicySet) {
        let former = Dictionary(old.policies.map { ($0.id, $0.lines) }) { first, _ in first }
        let present = Dictionary(new.policies.map { ($0.id, $0.lines) }) { first, _ in first }
        var changes: [Change] = []
        for policy in old.policies {
            let lines = former[policy.id] ?? []
            guard let others = present[policy.id] else {
                changes.append(Change(id: policy.id, kind: .removed, lines: lines.map { .removed($0) }))
                continue
            }
            let difference = Self.lines(from: lines, to: others)
            let isSame = difference.allSatisfy { if case .kept = $0 { true } else { false } }
            if !isSame { changes.append(Change(id: policy.id, kind: .changed, lines: difference)) }
        }
        for policy in new.policies where former[policy.id] == nil {
            changes.append(
                Change(id: policy.id, kind: .added, lines: (present[policy.id] ?? []).map { .added($0) }))
        }
        self.changes = changes
    }

    /// Such as a page or a command shows it: each change under its id.
    public var text: String {
        changes.map { change in
            ["\(change.kind.rawValue) \(StringLiteral.text(of: change.id))"] + change.lines.map(\.text)
        }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    /// - Source: Myers, “An O(ND) difference algorithm and its variations”, Algorithmica 1986, by the standard library.
    private static func lines(from old: [String], to new: [String]) -> [Line] {
        let difference = new.difference(from: old) { $0.isSame(as: $1) }
        var (removed, added): (Set<Int>, Set<Int>) = ([], [])
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var lines: [Line] = []
        var (from, to) = (0, 0)
        while from < old.count || to < new.count {
            if from < old.count, removed.contains(from) {
                lines.append(.removed(old[from]))
                from += 1
            } else if to < new.count, added.contains(to) {
                lines.append(.added(new[to]))
                to += 1
            } else {
                lines.append(.kept(new[to]))
                (from, to) = (from + 1, to + 1)
            }
        }
        return lines
    }
}
