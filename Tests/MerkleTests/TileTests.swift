import Basis
import Merkle
import Testing

@Suite struct TileTests {
    @Test(arguments: [
        (Tile(.hashes(level: 0), index: 0), "tile/0/000"),
        (Tile(.hashes(level: 1), index: 67, width: 5), "tile/1/067.p/5"),
        (Tile(.hashes(level: 0), index: 1_067), "tile/0/x001/067"),
        (Tile(.hashes(level: 0), index: 1_234_067), "tile/0/x001/x234/067"),
        (Tile(.entries, index: 1_234_067, width: 255), "tile/entries/x001/x234/067.p/255"),
        (Tile(.hashes(level: 7), index: 999_999), "tile/7/x999/999"),
    ])
    func `tiles have one path`(tile: Tile, path: String) {
        #expect(tile.path == path)
        #expect(Tile(path: path) == tile)
    }

    @Test(arguments: [
        "", "tile", "tile/0", "tile/00/000", "tile/8/000", "tile/-1/000", "tile/0/0", "tile/0/1000", "tile/0/x000/001",
        "tile/0/001/002", "tile/0/x01/002", "tile/0/x001", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01",
        "tile/0/000.p", "tile/0/000.p/", "tile/0/000/", "/tile/0/000", "tile/0/+01", "tile/0/०००", "tile/entry/000",
        "tile/0/x001/x999/x999/x999/x999/x999/999", "tile/0/000.p/5/6", "tile/0/.p/5",
    ])
    func `no other path is read`(path: String) {
        #expect(Tile(path: path) == nil)
    }

    @Test func `random paths survive a round trip`() {
        var dice = Dice(seed: 11)
        for _ in 0..<2_000 {
            let index = Int.random(in: 0..<1 << Int.random(in: 1...59, using: &dice), using: &dice)
            let width = Int.random(in: 1...256, using: &dice)
            let tile = Tile(.hashes(level: Int.random(in: 0...7, using: &dice)), index: index, width: width)
            #expect(Tile(path: tile.path) == tile)
        }
    }

    /// The example of the specification: a log of 70,000 leaves.
    @Test func `a log has the tiles that the specification counts`() {
        let tiles = Array(Tile.all(in: 70_000))
        #expect(tiles.filter { $0.row == .hashes(level: 0) && $0.isFull }.count == 273)
        #expect(tiles.contains(Tile(.hashes(level: 0), index: 273, width: 112)))
        #expect(tiles.contains(Tile(.hashes(level: 1), index: 0)))
        #expect(tiles.contains(Tile(.hashes(level: 1), index: 1, width: 17)))
        #expect(tiles.contains(Tile(.hashes(level: 2), index: 0, width: 1)))
        #expect(tiles.count == 273 + 1 + 2 + 1)
    }

    @Test func `the writer leaves exactly the tiles of its size`() {
        var log = MemoryLog()
        var dice = Dice(seed: 5)
        while log.entries.count < 66_500 {
            let step = Int.random(in: 1...3_000, using: &dice)
            log.append((0..<step).map { [UInt8(truncatingIfNeeded: $0), UInt8(step & 255)] })
            for tile in Tile.all(in: log.entries.count) {
                #expect(log.tiles[tile.path]?.count == tile.width * 32, "\(tile.path)")
            }
        }
    }

    @Test(arguments: [0, 1, 255, 256, 257, 4_000, 65_536, 65_793])
    func `a writer goes on where another stopped`(size: Int) throws {
        var log = MemoryLog(size: size)
        let tiles = log.tiles
        var writer = try TileWriter(size: size) { tile in tiles[tile.path] ?? [] }
        #expect(writer.root == log.writer.root)
        log.append((0..<300).map { [UInt8($0 & 255)] })
        for leaf in log.leaves[size...] { writer.append(leaf) }
        #expect(writer.root == log.writer.root)
        for (tile, bytes) in writer.takeTiles() { #expect(log.tiles[tile.path] == bytes) }
        #expect(writer.takeTiles().isEmpty)
    }

    @Test func `a tile of the wrong width is refused`() {
        #expect(throws: Problem.self) { try TileWriter(size: 5) { _ in [UInt8](repeating: 0, count: 128) } }
        var tree = TiledTree(size: 5) { _ in [UInt8](repeating: 0, count: 161) }
        #expect(throws: Problem.self) { try tree.root() }
    }

    @Test func `bundles hold entries of any length`() {
        let entries = [[], [1], [UInt8](repeating: 7, count: 65_535), [2, 3]]
        let bytes = EntryBundle.bytes(entries)
        #expect(bytes.count == 8 + 1 + 65_535 + 2)
        #expect(EntryBundle.entries(bytes) == entries)
        #expect(EntryBundle.entries([]) == [])
        #expect(EntryBundle.entries([0]) == nil)
        #expect(EntryBundle.entries([0, 2, 1]) == nil)
        #expect(EntryBundle.entries(bytes.dropLast()) == nil)
    }
}
