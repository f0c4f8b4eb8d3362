/// The two versions of the specification.
public enum XAPIVersion: Int, CaseIterable, Sendable {
    /// ADL's 1.0.x.
    case one = 1
    /// IEEE 9274.1.1.
    case two = 2

    /// Reads the header `X-Experience-API-Version`: `1.0`, `1.0.x`, `2.0` or `2.0.x`.
    public init?(header: some StringProtocol) {
        let parts = header.split(separator: ".", omittingEmptySubsequences: false)
        let areNumbers = parts.allSatisfy { !$0.isEmpty && $0.count < 4 && $0.utf8.allSatisfy(ASCII.isDigit) }
        guard (2...3).contains(parts.count), areNumbers, parts[1] == "0" else { return nil }
        switch parts[0] {
        case "1": self = .one
        case "2": self = .two
        default: return nil
        }
    }

    /// What the server answers in `X-Experience-API-Version`.
    public var header: String {
        switch self {
        case .one: "1.0.3"
        case .two: "2.0.0"
        }
    }

    /// What a statement without `version` is given.
    ///
    /// - Source: xAPI 1.0.3, part 2, 2.4.10: statements of any 1.0.x carry 1.0.0.
    var ofStatement: String {
        switch self {
        case .one: "1.0.0"
        case .two: "2.0.0"
        }
    }
}

/// Classes of bytes.
enum ASCII {
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
    static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)
    }
}
