/// All that is needed of a Merkle tree to append to it and to know its root: the hashes of its largest perfect
/// subtrees.
///
/// - Cost: O(log n) memory; appending costs O(1) hashes on average.
public struct CompactRange: Hashable, Sendable {
    /// How many leaves there are.
    public private(set) var size: Int
    /// One hash for each bit that is set in `size`, the largest subtree first.
    public private(set) var hashes: [MerkleHash]

    /// The tree without leaves.
    public init() {
        size = 0
        hashes = []
    }

    /// - Returns: Nil unless there is one hash for each set bit of `size`.
    public init?(size: Int, hashes: [MerkleHash]) {
        guard size >= 0, hashes.count == size.nonzeroBitCount else { return nil }
        self.size = size
        self.hashes = hashes
    }

    /// Appends a leaf by its hash (`MerkleHash.leaf`).
    public mutating func append(_ leaf: MerkleHash) {
        var hash = leaf
        var rest = size
        while rest & 1 == 1 {
            hash = .node(hashes.removeLast(), hash)
            rest >>= 1
        }
        hashes.append(hash)
        size += 1
    }

    /// The Merkle tree hash (RFC 9162, section 2.1.1).
    public var root: MerkleHash {
        guard var root = hashes.last else { return .empty }
        for hash in hashes.dropLast().reversed() { root = .node(hash, root) }
        return root
    }
}
