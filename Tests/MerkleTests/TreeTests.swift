import Basis
import Merkle
import Testing

@Suite struct TreeTests {
    /// The entries and roots with which the logs of Certificate Transparency are tested.
    static let entries = [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ]
    static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test func `the known roots come out`() throws {
        var range = CompactRange()
        var log = MemoryLog()
        #expect(range.root == (try hash(Self.roots[0])))
        for (entry, root) in zip(Self.entries, Self.roots.dropFirst()) {
            range.append(.leaf(bytes(entry)))
            log.append([bytes(entry)])
            let root = try hash(root)
            #expect(range.root == root)
            #expect(log.writer.root == root)
            var tree = log.tree
            #expect(try tree.root() == root)
        }
    }

    @Test func `the known proofs come out`() throws {
        var log = MemoryLog()
        log.append(Self.entries.map(bytes))
        var tree = log.tree
        let path = try tree.inclusionProof(of: 5).hashes
        #expect(
            path == [
                try hash("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"),
                try hash("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
                try hash("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
            ])
        let proof = try tree.consistencyProof(from: 6).hashes
        #expect(
            proof == [
                try hash("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"),
                try hash("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
                try hash("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
            ])
    }

    @Test func `every proof of a small tree is the definition's, and holds`() throws {
        let log = MemoryLog(size: 40)
        let leaves = log.leaves
        for size in 1...40 {
            var tree = log.tree
            let root = try tree.root(at: size)
            #expect(root == Reference.root(leaves[..<size]))
            for index in 0..<size {
                let proof = try tree.inclusionProof(of: index, at: size)
                #expect(proof.hashes == Reference.path(index, leaves[..<size]))
                #expect(proof.proves(leaves[index], in: root))
            }
            for earlier in 0...size {
                let proof = try tree.consistencyProof(from: earlier, to: size)
                if earlier > 0 { #expect(proof.hashes == Reference.proof(earlier, leaves[..<size])) }
                #expect(proof.proves(root, extends: try tree.root(at: earlier)))
            }
        }
    }

    /// Sizes around the edges of tiles, and random ones; the seed is fixed.
    @Test(arguments: [255, 256, 257, 511, 512, 1_000, 65_535, 65_536, 65_537, 70_003])
    func `proofs from tiles hold in larger trees`(size: Int) throws {
        let log = MemoryLog(size: size, seed: UInt64(size))
        let leaves = log.leaves
        var range = CompactRange()
        for leaf in leaves { range.append(leaf) }
        #expect(log.writer.root == range.root)
        var dice = Dice(seed: 3)
        for _ in 0..<60 {
            let later = Int.random(in: 1...size, using: &dice)
            let earlier = Int.random(in: 0...later, using: &dice)
            let index = Int.random(in: 0..<later, using: &dice)
            var tree = log.tree
            let root = try tree.root(at: later)
            if later < 3_000 { #expect(root == Reference.root(leaves[..<later])) }
            #expect(try tree.leaf(index) == leaves[index])
            #expect(try tree.inclusionProof(of: index, at: later).proves(leaves[index], in: root))
            let proof = try tree.consistencyProof(from: earlier, to: later)
            #expect(proof.proves(root, extends: try tree.root(at: earlier)))
        }
    }

    @Test func `a proof holds only for what it is about`() throws {
        let log = MemoryLog(size: 21)
        var tree = log.tree
        let (leaves, root) = (log.leaves, try tree.root())
        for index in 0..<21 {
            let proof = try tree.inclusionProof(of: index)
            for other in 0..<21 where other != index {
                #expect(!proof.proves(leaves[other], in: root))
                let moved = InclusionProof(index: other, size: 21, hashes: proof.hashes)
                #expect(!moved.proves(leaves[index], in: root))
            }
            #expect(
                !InclusionProof(index: index, size: 21, hashes: proof.hashes + [root]).proves(leaves[index], in: root))
            #expect(
                !InclusionProof(index: index, size: 21, hashes: proof.hashes.dropLast()).proves(leaves[index], in: root)
            )
        }
        for index in [-1, 21, Int.max] {
            #expect(!InclusionProof(index: index, size: 21, hashes: []).proves(leaves[0], in: root))
        }
    }

    /// Every single bit of every hash of every proof of a tree.
    @Test func `a flipped bit breaks a proof`() throws {
        let log = MemoryLog(size: 13)
        var tree = log.tree
        let (leaves, root) = (log.leaves, try tree.root())
        func mutants(_ hashes: [MerkleHash]) -> [[MerkleHash]] {
            (0..<hashes.count * 256).map { bit in
                var hashes = hashes
                hashes[bit / 256] = flipped(hashes[bit / 256], bit % 256)
                return hashes
            }
        }
        func flipped(_ hash: MerkleHash, _ bit: Int) -> MerkleHash {
            var bytes = hash.bytes
            bytes[bit / 8] ^= 1 << (bit % 8)
            return MerkleHash(bytes) ?? .empty
        }
        var count = 0
        for index in 0..<13 {
            let proof = try tree.inclusionProof(of: index)
            for hashes in mutants(proof.hashes) {
                #expect(!InclusionProof(index: index, size: 13, hashes: hashes).proves(leaves[index], in: root))
                count += 1
            }
            for bit in 0..<256 {
                #expect(!proof.proves(flipped(leaves[index], bit), in: root))
                #expect(!proof.proves(leaves[index], in: flipped(root, bit)))
            }
        }
        for earlier in 1..<13 {
            let (proof, old) = (try tree.consistencyProof(from: earlier), try tree.root(at: earlier))
            for hashes in mutants(proof.hashes) {
                #expect(!ConsistencyProof(from: earlier, to: 13, hashes: hashes).proves(root, extends: old))
                count += 1
            }
            for bit in 0..<256 {
                #expect(!proof.proves(root, extends: flipped(old, bit)))
                #expect(!proof.proves(flipped(root, bit), extends: old))
            }
        }
        #expect(count > 15_000)
    }

    @Test func `only what was there can be proved`() throws {
        var tree = MemoryLog(size: 5).tree
        #expect(throws: Problem.self) { try tree.inclusionProof(of: 5) }
        #expect(throws: Problem.self) { try tree.inclusionProof(of: -1) }
        #expect(throws: Problem.self) { try tree.inclusionProof(of: 0, at: 6) }
        #expect(throws: Problem.self) { try tree.consistencyProof(from: 6) }
        #expect(throws: Problem.self) { try tree.consistencyProof(from: 3, to: 2) }
        let empty = ConsistencyProof(from: 0, to: 0, hashes: [])
        #expect(empty.proves(.empty, extends: .empty))
        #expect(!empty.proves(.leaf([]), extends: .leaf([])))
    }
}
