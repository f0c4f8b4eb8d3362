/// Shows that one leaf is in a tree, to whoever knows the tree's root.
///
/// - Source: RFC 9162, sections 2.1.3.1 and 2.1.3.2.
public struct InclusionProof: Hashable, Sendable {
    /// The leaf's index, from 0.
    public let index: Int
    /// How many leaves the tree has.
    public let size: Int
    /// From the leaf's sibling upwards.
    public let hashes: [MerkleHash]

    public init(index: Int, size: Int, hashes: [MerkleHash]) {
        self.index = index
        self.size = size
        self.hashes = hashes
    }

    /// Whether the tree with this root holds this leaf at `index`.
    public func proves(_ leaf: MerkleHash, in root: MerkleHash) -> Bool {
        guard index >= 0, index < size else { return false }
        var place = ProofWalk(index: index, last: size - 1)
        var hash = leaf
        for sibling in hashes {
            guard let side = place.climb() else { return false }
            hash = side == .left ? .node(sibling, hash) : .node(hash, sibling)
        }
        return place.isAtRoot && hash == root
    }
}

/// Shows that a later tree begins with all leaves of an earlier one, in the same order.
///
/// - Source: RFC 9162, sections 2.1.4.1 and 2.1.4.2.
public struct ConsistencyProof: Hashable, Sendable {
    /// How many leaves the earlier tree has.
    public let from: Int
    /// How many leaves the later tree has.
    public let to: Int
    public let hashes: [MerkleHash]

    public init(from: Int, to: Int, hashes: [MerkleHash]) {
        self.from = from
        self.to = to
        self.hashes = hashes
    }

    /// Whether the tree with root `later` extends the tree with root `earlier`.
    ///
    /// The tree without leaves has one root, and every tree extends it.
    public func proves(_ later: MerkleHash, extends earlier: MerkleHash) -> Bool {
        guard from >= 0, from <= to else { return false }
        if from == to { return hashes.isEmpty && later == earlier && (to > 0 || later == .empty) }
        if from == 0 { return hashes.isEmpty && earlier == .empty }
        var path = hashes[...]
        // The earlier tree is one perfect subtree of the later: the proof begins with its root.
        guard let start = from.nonzeroBitCount == 1 ? earlier : path.popFirst() else { return false }
        var place = ProofWalk(index: from - 1, last: to - 1)
        place.skipPerfectSubtree()
        var (old, new) = (start, start)
        for sibling in path {
            guard let side = place.climb() else { return false }
            if side == .left {
                old = .node(sibling, old)
                new = .node(sibling, new)
            } else {
                new = .node(new, sibling)
            }
        }
        return place.isAtRoot && old == earlier && new == later
    }
}

/// Where a proof stands on its way to the root: `fn` and `sn` of RFC 9162, section 2.1.3.2.
private struct ProofWalk {
    enum Side { case left, right }

    var index: Int
    var last: Int

    var isAtRoot: Bool { last == 0 }

    /// Goes up one sibling.
    ///
    /// - Returns: On which side the sibling stands; nil above the root.
    mutating func climb() -> Side? {
        if last == 0 { return nil }
        let side: Side = index & 1 == 1 || index == last ? .left : .right
        if side == .left {
            // The last leaf has no sibling on the right until the path turns left.
            while index & 1 == 0, index != 0 { up() }
        }
        up()
        return side
    }

    /// Goes up while the place is the right child of its parent.
    mutating func skipPerfectSubtree() {
        while index & 1 == 1 { up() }
    }

    private mutating func up() {
        index >>= 1
        last >>= 1
    }
}
