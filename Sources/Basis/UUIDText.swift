import Foundation

/// The text form of a UUID, read and written without a detour over C's formats: pages and imports do it by the million.
///
/// - Source: RFC 9562, section 4.
enum UUIDText {
    private static let length = 36

    static func isHyphen(_ place: Int) -> Bool { place == 8 || place == 13 || place == 18 || place == 23 }

    /// Nil unless it is the 36-character form, in either case.
    static func read(_ text: UnsafeBufferPointer<UInt8>) -> UUID? {
        guard text.count == length else { return nil }
        var bytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        let isGood = withUnsafeMutableBytes(of: &bytes) { bytes in
            var nibbles = 0
            for place in 0..<length {
                if isHyphen(place) {
                    if text[place] != 0x2D { return false }
                    continue
                }
                guard let value = value(text[place]) else { return false }
                bytes[nibbles / 2] = bytes[nibbles / 2] << 4 | value
                nibbles += 1
            }
            return true
        }
        return isGood ? UUID(uuid: bytes) : nil
    }

    static func write(_ uuid: UUID) -> String {
        withUnsafeBytes(of: uuid.uuid) { bytes in
            String(unsafeUninitializedCapacity: length) { text in
                var nibbles = 0
                for place in 0..<length {
                    if isHyphen(place) {
                        text[place] = 0x2D
                        continue
                    }
                    let byte = bytes[nibbles / 2]
                    let nibble = nibbles.isMultiple(of: 2) ? byte >> 4 : byte & 15
                    text[place] = nibble < 10 ? 0x30 + nibble : 0x57 + nibble
                    nibbles += 1
                }
                return length
            }
        }
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
