import Basis
import Merkle

/// The tree as RFC 9162 defines it, recursive and slow: what the fast one is compared with.
enum Reference {
    static func root(_ leaves: ArraySlice<MerkleHash>) -> MerkleHash {
        if leaves.isEmpty { return .empty }
        if leaves.count == 1 { return leaves[leaves.startIndex] }
        let middle = leaves.startIndex + split(leaves.count)
        return .node(root(leaves[..<middle]), root(leaves[middle...]))
    }

    /// Section 2.1.3.1: PATH(m, D_n).
    static func path(_ index: Int, _ leaves: ArraySlice<MerkleHash>) -> [MerkleHash] {
        if leaves.count == 1 { return [] }
        let k = split(leaves.count)
        let middle = leaves.startIndex + k
        if index < k { return path(index, leaves[..<middle]) + [root(leaves[middle...])] }
        return path(index - k, leaves[middle...]) + [root(leaves[..<middle])]
    }

    /// Section 2.1.4.1: SUBPROOF(m, D_n, b).
    static func proof(_ size: Int, _ leaves: ArraySlice<MerkleHash>, isWhole: Bool = true) -> [MerkleHash] {
        if size == leaves.count { return isWhole ? [] : [root(leaves)] }
        let k = split(leaves.count)
        let middle = leaves.startIndex + k
        if size <= k { return proof(size, leaves[..<middle], isWhole: isWhole) + [root(leaves[middle...])] }
        return proof(size - k, leaves[middle...], isWhole: false) + [root(leaves[..<middle])]
    }

    private static func split(_ count: Int) -> Int {
        var k = 1
        while k * 2 < count { k *= 2 }
        return k
    }
}

/// A log with all of its tiles in memory.
struct MemoryLog {
    var writer = TileWriter()
    var tiles: [String: [UInt8]] = [:]
    var entries: [[UInt8]] = []

    init(size: Int = 0, seed: UInt64 = 7) {
        var dice = Dice(seed: seed)
        append(
            (0..<size).map { _ in (0..<32).map { _ in UInt8.random(in: 0...255, using: &dice) } })
    }

    var leaves: [MerkleHash] { entries.map { .leaf($0) } }

    var tree: TiledTree {
        let tiles = tiles
        return TiledTree(size: entries.count) { tile in
            guard let bytes = tiles[tile.path] else {
                throw Problem(.missing, "tile-missing", "There is no \(tile.path).")
            }
            return bytes
        }
    }

    mutating func append(_ more: [[UInt8]]) {
        for entry in more { writer.append(.leaf(entry)) }
        entries += more
        for (tile, bytes) in writer.takeTiles() { tiles[tile.path] = bytes }
    }

    /// The bundles of the present size.
    var bundles: [String: [UInt8]] {
        var bundles: [String: [UInt8]] = [:]
        for start in stride(from: 0, to: entries.count, by: Tile.fullWidth) {
            let end = min(start + Tile.fullWidth, entries.count)
            let tile = Tile(.entries, index: start / Tile.fullWidth, width: end - start)
            bundles[tile.path] = EntryBundle.bytes(entries[start..<end])
        }
        return bundles
    }
}

func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

func hash(_ hexadecimal: String) throws -> MerkleHash {
    struct NoHash: Error {}
    guard let hash = MerkleHash(bytes(hexadecimal)) else { throw NoHash() }
    return hash
}
