import Basis
import Merkle
import Storage

/// Checks the tiles of a log against its entries and against each other, level by level.
///
/// - Cost: memory for one hash of each 256 leaves.
struct TileCheck {
    let table: LedgerTable
    let size: Int

    /// - Returns: The root over the stored entries; nil when they cannot be read.
    func run(_ report: inout LedgerReport) throws -> MerkleHash? {
        try checkCount(&report)
        var range = CompactRange()
        var above: [MerkleHash] = []
        var isBroken = false
        for start in stride(from: 0, to: size, by: Tile.fullWidth) {
            let width = min(Tile.fullWidth, size - start)
            let bundle = Tile(.entries, index: start / Tile.fullWidth, width: width)
            guard let entries = try entries(bundle, &report) else {
                isBroken = true
                continue
            }
            let hashes = entries.map { MerkleHash.leaf($0) }
            for hash in hashes { range.append(hash) }
            try compare(Tile(.hashes(level: 0), index: bundle.index, width: width), hashes, &report)
            if width == Tile.fullWidth { above.append(root(hashes)) }
        }
        if isBroken { return nil }
        for level in 1...Tile.levelLimit {
            var next: [MerkleHash] = []
            for start in stride(from: 0, to: above.count, by: Tile.fullWidth) {
                let hashes = Array(above[start..<min(start + Tile.fullWidth, above.count)])
                let tile = Tile(.hashes(level: level), index: start / Tile.fullWidth, width: hashes.count)
                try compare(tile, hashes, &report)
                if tile.isFull { next.append(root(hashes)) }
            }
            above = next
        }
        return range.root
    }

    /// Nothing lies beside the tiles that a log of this size has.
    private func checkCount(_ report: inout LedgerReport) throws {
        var wanted: [Int: Int] = [:]
        for tile in Tile.all(in: size) { wanted[tile.row.level, default: 0] += 1 }
        wanted[-1] = wanted[0]
        let rows = try table.connection.rows(
            """
            SELECT level, COUNT(*) AS tiles FROM ledger_tile WHERE tenant = \(table.tenant)
            GROUP BY level ORDER BY level
            """)
        for row in rows {
            let (level, count): (Int, Int) = (try row.get("level"), try row.get("tiles"))
            if count > wanted[level] ?? 0 {
                let place = level < 0 ? "tile/entries" : "tile/\(level)"
                report.add(place, "There are \(count) tiles where \(wanted[level] ?? 0) belong.")
            }
        }
    }

    private func entries(_ bundle: Tile, _ report: inout LedgerReport) throws -> [[UInt8]]? {
        guard let bytes = try content(bundle, &report) else { return nil }
        guard let entries = EntryBundle.entries(bytes), entries.count == bundle.width,
            entries.allSatisfy({ $0.count == Commitment.byteCount })
        else {
            report.add(bundle.path, "It does not hold \(bundle.width) entries of 32 bytes.")
            return nil
        }
        return entries
    }

    private func compare(_ tile: Tile, _ hashes: [MerkleHash], _ report: inout LedgerReport) throws {
        guard let bytes = try content(tile, &report) else { return }
        if bytes == hashes.bytes { return }
        let stored = [MerkleHash](bytes: bytes) ?? []
        let place = zip(stored, hashes).firstIndex { $0 != $1 } ?? min(stored.count, hashes.count)
        report.add(tile.path, "Hash \(place) is not the hash of what lies below it.")
    }

    /// The whole content as stored, which must be as wide as it is said to be.
    private func content(_ tile: Tile, _ report: inout LedgerReport) throws -> [UInt8]? {
        let row = try table.connection.row(
            """
            SELECT width, content FROM ledger_tile
            WHERE tenant = \(table.tenant) AND level = \(tile.row.level) AND number = \(tile.index)
            """)
        guard let row else {
            report.add(tile.path, "It is missing.")
            return nil
        }
        let (width, bytes): (Int, [UInt8]) = (try row.get("width"), try row.get("content"))
        if width != tile.width { report.add(tile.path, "It is \(width) wide where \(tile.width) belong.") }
        return bytes
    }

    private func root(_ hashes: [MerkleHash]) -> MerkleHash {
        var range = CompactRange()
        for hash in hashes { range.append(hash) }
        return range.root
    }
}

extension Sequence {
    fileprivate func firstIndex(where isIt: (Element) -> Bool) -> Int? {
        enumerated().first { isIt($0.element) }?.offset
    }
}
