public import Foundation

/// The 128 bits of an identity as two numbers, in the order of its text: for sorting and finding people by the million.
///
/// - Source: RFC 9562, section 4: the text form is the bits from the most significant on.
public struct IDKey: Hashable, Comparable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(_ uuid: UUID) {
        (high, low) = withUnsafeBytes(of: uuid.uuid) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }

    /// Reads the 36 characters of a column that holds identities, in either case, eight digits at a time. Nil for
    /// another length. Digits are not checked: another text gives a key that names nobody.
    public init?(column text: UnsafeRawBufferPointer) {
        guard text.count == 36 else { return nil }
        func four(_ offset: Int) -> UInt64 {
            UInt64(UInt32(bigEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }
        func eight(_ offset: Int) -> UInt64 {
            UInt64(bigEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        high = IDKey.packed(eight(0)) << 32 | IDKey.packed(four(9) << 32 | four(14))
        low = IDKey.packed(four(19) << 32 | four(24)) << 32 | IDKey.packed(eight(28))
    }

    public var uuid: UUID {
        func byte(_ word: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> (56 - 8 * index)) }
        return UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3),
                byte(high, 4), byte(high, 5), byte(high, 6), byte(high, 7),
                byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3),
                byte(low, 4), byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }

    public static func < (one: IDKey, other: IDKey) -> Bool { (one.high, one.low) < (other.high, other.low) }

    /// Eight hexadecimal digits, one a byte, as 32 bits. A letter has bit 6 set and counts from 9 + 1.
    private static func packed(_ digits: UInt64) -> UInt64 {
        var bits = (digits & 0x0F0F_0F0F_0F0F_0F0F) &+ 9 &* (digits >> 6 & 0x0101_0101_0101_0101)
        bits = (bits >> 4 | bits) & 0x00FF_00FF_00FF_00FF
        bits = (bits >> 8 | bits) & 0x0000_FFFF_0000_FFFF
        return (bits >> 16 | bits) & 0xFFFF_FFFF
    }
}
