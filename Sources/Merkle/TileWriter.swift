public import Basis

/// Appends leaves to a log and gives the tiles of hashes that this changes.
///
/// - Cost: memory for the unfinished tiles only, at most 255 hashes a level.
public struct TileWriter: Sendable {
    /// How many leaves there are.
    public private(set) var size: Int
    /// The hashes of each level's unfinished tile, level 0 first.
    private var edge: [[MerkleHash]]
    /// The tiles that were filled since they were last taken.
    private var filled: [(tile: Tile, bytes: [UInt8])] = []
    /// The levels whose unfinished tile changed since.
    private var touched = 0

    /// The log without leaves.
    public init() {
        size = 0
        edge = []
    }

    /// Goes on where a log of `size` leaves ends.
    ///
    /// - Parameters:
    ///   - size: How many leaves it has.
    ///   - read: Gives the bytes of the unfinished tile of a level.
    /// - Throws: What `read` throws; `Problem` (`tile-damaged`) for bytes that are not as wide as the tile.
    public init(size: Int, reading read: (Tile) throws -> [UInt8]) throws {
        self.size = size
        edge = try (0...Tile.levelLimit).map { level in
            let count = size >> (Tile.height * level)
            guard count % Tile.fullWidth > 0, let tile = Tile.holding(count - 1, of: level, in: size) else { return [] }
            return try tile.hashes(read(tile))
        }
    }

    /// Appends a leaf by its hash (`MerkleHash.leaf`).
    public mutating func append(_ leaf: MerkleHash) {
        size += 1
        var hash = leaf
        for level in 0...Tile.levelLimit {
            if edge.count <= level { edge.append([]) }
            edge[level].append(hash)
            touched = max(touched, level + 1)
            if edge[level].count < Tile.fullWidth { return }
            let index = size >> (Tile.height * (level + 1)) - 1
            filled.append((Tile(.hashes(level: level), index: index), edge[level].bytes))
            hash = edge[level].perfectRoot
            edge[level] = []
        }
    }

    /// The tiles that changed since this was last called: those filled since, and the unfinished ones.
    public mutating func takeTiles() -> [(tile: Tile, bytes: [UInt8])] {
        var tiles = filled
        for level in 0..<touched where !edge[level].isEmpty {
            let index = size >> (Tile.height * (level + 1))
            tiles.append((Tile(.hashes(level: level), index: index, width: edge[level].count), edge[level].bytes))
        }
        filled = []
        touched = 0
        return tiles
    }

    /// The largest perfect subtrees.
    private var hashes: [MerkleHash] {
        var hashes: [MerkleHash] = []
        for row in edge.reversed() {
            var start = 0
            for bit in (0..<Tile.height).reversed() where row.count & 1 << bit != 0 {
                hashes.append(Array(row[start..<start + 1 << bit]).perfectRoot)
                start += 1 << bit
            }
        }
        return hashes
    }

    /// The Merkle tree hash (RFC 9162, section 2.1.1).
    public var root: MerkleHash { CompactRange(size: size, hashes: hashes)?.root ?? .empty }
}

extension Tile {
    /// The hashes among a tile's bytes.
    ///
    /// - Throws: `Problem` (`tile-damaged`) unless there are `width` of them.
    public func hashes(_ bytes: [UInt8]) throws(Problem) -> [MerkleHash] {
        guard bytes.count == width * MerkleHash.byteCount, let hashes = [MerkleHash](bytes: bytes) else {
            throw Problem(
                .fault, "tile-damaged",
                "\(path) has \(bytes.count) bytes instead of \(width * MerkleHash.byteCount). Restore it from a backup."
            )
        }
        return hashes
    }
}
