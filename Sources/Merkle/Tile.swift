/// A piece of a log as it is stored and served: up to 256 neighbouring hashes of one level, or the entries below them.
///
/// Level 0 holds the hashes of leaves; each hash of level n + 1 is the root over a full tile of level n.
///
/// - Source: C2SP tlog-tiles, "Merkle Tree" and "Log Entries".
public struct Tile: Hashable, Sendable {
    /// What a tile holds.
    public enum Row: Hashable, Sendable {
        /// Hashes; level 0 to `levelLimit`.
        case hashes(level: Int)
        /// The leaves themselves: see `EntryBundle`.
        case entries
    }

    /// How many levels of the tree one tile spans.
    public static let height = 8
    /// How many hashes or entries a full tile holds.
    public static let fullWidth = 1 << height
    /// The highest level that a log of 2⁶³ leaves has.
    public static let levelLimit = 7

    public let row: Row
    /// From 0, from the left.
    public let index: Int
    /// How many hashes or entries there are: 1 to 256.
    public let width: Int

    /// - Precondition: all within the ranges told above.
    public init(_ row: Row, index: Int, width: Int = Tile.fullWidth) {
        if case .hashes(let level) = row { precondition((0...Tile.levelLimit).contains(level), "a level is 0 to 7") }
        precondition(index >= 0 && (1...Tile.fullWidth).contains(width), "a tile has 1 to 256 hashes")
        self.row = row
        self.index = index
        self.width = width
    }

    public var isFull: Bool { width == Tile.fullWidth }

    /// The tile's path below the log's address, such as `tile/0/x001/234.p/17`.
    public var path: String {
        var groups: [String] = []
        var rest = index
        repeat {
            let digits = String(rest % 1_000)
            let group = String(repeating: "0", count: 3 - digits.count) + digits
            groups.append(groups.isEmpty ? group : "x" + group)
            rest /= 1_000
        } while rest > 0
        let name = groups.reversed().joined(separator: "/")
        return "tile/\(row)/\(name)\(isFull ? "" : ".p/\(width)")"
    }

    /// Reads a path; nil for what `path` never writes.
    public init?(path: String) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, parts[0] == "tile", let row = Row(parts[1]) else { return nil }
        parts.removeFirst(2)
        var width = Tile.fullWidth
        if parts.count >= 2, parts[parts.count - 2].hasSuffix(".p") {
            guard let partial = Int(decimal: parts.removeLast()), (1..<Tile.fullWidth).contains(partial) else {
                return nil
            }
            width = partial
            parts[parts.count - 1].removeLast(2)
        }
        guard let index = Tile.index(of: parts) else { return nil }
        self.init(row, index: index, width: width)
    }

    private static func index(of groups: [String]) -> Int? {
        guard (1...6).contains(groups.count), groups.count == 1 || groups[0] != "x000" else { return nil }
        var index = 0
        for (place, group) in groups.enumerated() {
            var digits = Array(group.utf8)
            if place < groups.count - 1 {
                guard digits.first == 0x78 else { return nil }
                digits.removeFirst()
            }
            guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            index = digits.reduce(index) { $0 * 10 + Int($1 - 0x30) }
        }
        return index
    }
}

extension Tile.Row: CustomStringConvertible {
    /// As in a path: a level, or `entries`.
    public var description: String {
        switch self {
        case .hashes(let level): "\(level)"
        case .entries: "entries"
        }
    }

    init?(_ text: String) {
        if text == "entries" {
            self = .entries
        } else if let level = Int(decimal: text), level <= Tile.levelLimit {
            self = .hashes(level: level)
        } else {
            return nil
        }
    }
}

extension Tile {
    /// The tile that holds hash number `position` of a level, as wide as it is in a log of `size` leaves.
    ///
    /// - Returns: Nil when the log has no such hash.
    public static func holding(_ position: Int, of level: Int, in size: Int) -> Tile? {
        let count = size >> (height * level)
        guard position >= 0, position < count else { return nil }
        let index = position / fullWidth
        return Tile(.hashes(level: level), index: index, width: min(fullWidth, count - index * fullWidth))
    }

    /// Every tile of hashes in a log of `size` leaves, level by level, from the left.
    public static func all(in size: Int) -> some Sequence<Tile> {
        (0...levelLimit).lazy.flatMap { level in
            let count = size >> (height * level)
            return stride(from: 0, to: count, by: fullWidth).lazy.map { start in
                Tile(.hashes(level: level), index: start / fullWidth, width: min(fullWidth, count - start))
            }
        }
    }
}

/// Entries one after another, each behind its length.
///
/// - Shape: for each entry two bytes of length, the higher first, then the entry.
/// - Source: C2SP tlog-tiles, "Log Entries".
public enum EntryBundle {
    /// The bytes of a bundle.
    ///
    /// - Precondition: no entry has more than 65,535 bytes.
    public static func bytes(_ entries: some Sequence<[UInt8]>) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            precondition(entry.count <= UInt16.max, "an entry has at most 65,535 bytes")
            bytes.append(UInt8(entry.count >> 8))
            bytes.append(UInt8(entry.count & 0xFF))
            bytes.append(contentsOf: entry)
        }
        return bytes
    }

    /// The entries of a bundle; nil when the lengths do not come out even.
    public static func entries(_ bytes: [UInt8]) -> [[UInt8]]? {
        var entries: [[UInt8]] = []
        var index = 0
        while index < bytes.count {
            guard index + 2 <= bytes.count else { return nil }
            let end = index + 2 + Int(bytes[index]) << 8 + Int(bytes[index + 1])
            guard end <= bytes.count else { return nil }
            entries.append(Array(bytes[index + 2..<end]))
            index = end
        }
        return entries
    }
}

extension Int {
    /// Reads digits without sign or leading zeros; nil for anything else.
    init?(decimal text: some StringProtocol) {
        let digits = text.utf8
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.first != 0x30 || digits.count == 1
        else { return nil }
        self.init(text)
    }
}
