import Basis

/// A log read through its tiles: roots and proofs without the whole tree in memory.
///
/// Trusts the tiles. Whoever gets a root or a proof compares it with a signed checkpoint.
///
/// - Cost: a proof reads at most two tiles a level; each tile is read once.
public struct TiledTree {
    /// How many leaves there are.
    public let size: Int
    private let read: (Tile) throws -> [UInt8]
    private var known: [Tile: [MerkleHash]] = [:]

    /// - Parameters:
    ///   - size: How many leaves the tiles hold.
    ///   - read: Gives the bytes of a tile of hashes, as wide as it asks.
    public init(size: Int, reading read: @escaping (Tile) throws -> [UInt8]) {
        self.size = size
        self.read = read
    }

    /// The hash of leaf number `index`.
    ///
    /// - Throws: What reading throws; `Problem` (`leaf-missing`, `tile-damaged`).
    public mutating func leaf(_ index: Int) throws -> MerkleHash { try subtree(height: 0, number: index) }

    /// The root that the log had when it had `count` leaves; nil for its present size.
    ///
    /// - Throws: What reading throws; `Problem` (`size-unknown`, `tile-damaged`).
    public mutating func root(at count: Int? = nil) throws -> MerkleHash {
        let count = try known(count)
        return count == 0 ? .empty : try hash(of: 0..<count)
    }

    /// Shows that the log of `count` leaves holds leaf number `index` there.
    ///
    /// - Throws: What reading throws; `Problem` (`leaf-missing`, `size-unknown`, `tile-damaged`).
    public mutating func inclusionProof(of index: Int, at count: Int? = nil) throws -> InclusionProof {
        let count = try known(count)
        guard index >= 0, index < count else { throw Self.missing(index, count) }
        var (range, hashes) = (0..<count, [MerkleHash]())
        while range.count > 1 {
            let middle = range.lowerBound + split(range.count)
            let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
            hashes.append(try hash(of: index < middle ? right : left))
            range = index < middle ? left : right
        }
        return InclusionProof(index: index, size: count, hashes: hashes.reversed())
    }

    /// Shows that the log of `count` leaves begins with the log of `earlier` leaves.
    ///
    /// - Throws: What reading throws; `Problem` (`size-unknown`, `tile-damaged`).
    public mutating func consistencyProof(from earlier: Int, to count: Int? = nil) throws -> ConsistencyProof {
        let count = try known(count)
        guard earlier >= 0, earlier <= count else { throw Self.unknown(earlier, count) }
        if earlier == 0 || earlier == count { return ConsistencyProof(from: earlier, to: count, hashes: []) }
        var (range, hashes, isWhole) = (0..<count, [MerkleHash](), true)
        while range.upperBound != earlier {
            let middle = range.lowerBound + split(range.count)
            let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
            let isLeft = earlier <= middle
            hashes.append(try hash(of: isLeft ? right : left))
            range = isLeft ? left : right
            if !isLeft { isWhole = false }
        }
        // Whoever checks knows the earlier root, so the proof leaves it out where it is one perfect subtree.
        if !isWhole { hashes.append(try hash(of: range)) }
        return ConsistencyProof(from: earlier, to: count, hashes: hashes.reversed())
    }

    private func known(_ count: Int?) throws(Problem) -> Int {
        let count = count ?? size
        guard count >= 0, count <= size else { throw Self.unknown(count, size) }
        return count
    }

    private static func missing(_ index: Int, _ count: Int) -> Problem {
        Problem(
            .missing, "leaf-missing", "There is no leaf \(index) among \(count). Leaves are numbered from 0.")
    }

    private static func unknown(_ count: Int, _ size: Int) -> Problem {
        Problem(.missing, "size-unknown", "The log never had \(count) leaves; it has \(size). Ask for no more.")
    }

    /// The largest power of two smaller than `count`.
    private func split(_ count: Int) -> Int { 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount) }

    /// The hash over leaves whose first number is a multiple of the largest power of two that fits.
    private mutating func hash(of range: Range<Int>) throws -> MerkleHash {
        if range.count.nonzeroBitCount == 1 {
            let height = range.count.trailingZeroBitCount
            return try subtree(height: height, number: range.lowerBound >> height)
        }
        let middle = range.lowerBound + split(range.count)
        return .node(try hash(of: range.lowerBound..<middle), try hash(of: middle..<range.upperBound))
    }

    /// The root of the perfect subtree over leaves `number << height` and on.
    private mutating func subtree(height: Int, number: Int) throws -> MerkleHash {
        let (level, rest) = height.quotientAndRemainder(dividingBy: Tile.height)
        let first = number << rest
        guard let tile = Tile.holding(first + 1 << rest - 1, of: level, in: size) else {
            throw Self.missing(number, size)
        }
        let hashes = try known[tile] ?? tile.hashes(read(tile))
        known[tile] = hashes
        let start = first - tile.index * Tile.fullWidth
        return Array(hashes[start..<start + 1 << rest]).perfectRoot
    }
}
