import Crypto

/// The hash of a leaf or of a node of a Merkle tree.
///
/// - Shape: 32 bytes, a SHA-256 digest.
/// - Source: RFC 9162, section 2.1.1.
public struct MerkleHash: Hashable, Sendable {
    /// How many bytes a hash has.
    public static let byteCount = 32

    // Four words and no array, so that a hash needs no memory of its own.
    private let first, second, third, fourth: UInt64

    /// - Precondition: 32 bytes.
    private init(reading bytes: UnsafeRawBufferPointer) {
        func word(_ place: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self) }
        (first, second, third, fourth) = (word(0), word(1), word(2), word(3))
    }

    private init(_ digest: SHA256Digest) { self = digest.withUnsafeBytes { MerkleHash(reading: $0) } }

    /// Nil for anything but 32 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == MerkleHash.byteCount else { return nil }
        self = Array(bytes).withUnsafeBytes { MerkleHash(reading: $0) }
    }

    public var bytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }

    /// The hash of the tree without leaves: SHA-256 of nothing.
    public static let empty = MerkleHash(SHA256().finalize())

    /// The hash of a leaf: SHA-256 of 0x00 and the entry.
    public static func leaf(_ entry: some Collection<UInt8>) -> MerkleHash {
        var bytes: [UInt8] = [0]
        bytes.reserveCapacity(entry.count + 1)
        bytes.append(contentsOf: entry)
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return MerkleHash(hash.finalize())
    }

    /// The hash of a node: SHA-256 of 0x01 and its two children.
    public static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        var hash = SHA256()
        withUnsafeBytes(of: UInt8(1)) { hash.update(bufferPointer: $0) }
        withUnsafeBytes(of: left) { hash.update(bufferPointer: $0) }
        withUnsafeBytes(of: right) { hash.update(bufferPointer: $0) }
        return MerkleHash(hash.finalize())
    }
}

extension [MerkleHash] {
    /// The hashes that lie one after another in `bytes`; nil when the bytes do not come out even.
    public init?(bytes: [UInt8]) {
        guard bytes.count % MerkleHash.byteCount == 0 else { return nil }
        self = stride(from: 0, to: bytes.count, by: MerkleHash.byteCount).compactMap { start in
            MerkleHash(bytes[start..<start + MerkleHash.byteCount])
        }
    }

    /// The hashes one after another.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * MerkleHash.byteCount)
        for hash in self { bytes.append(contentsOf: hash.bytes) }
        return bytes
    }

    /// The hash of the perfect tree over these.
    ///
    /// - Precondition: the count is a power of two.
    var perfectRoot: MerkleHash {
        precondition(count.nonzeroBitCount == 1, "a perfect tree has a power of two of leaves")
        var row = self
        while row.count > 1 {
            row = stride(from: 0, to: row.count, by: 2).map { .node(row[$0], row[$0 + 1]) }
        }
        return row[0]
    }
}
