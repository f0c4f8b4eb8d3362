import Basis
import JSON

extension StatementChecker {
    mutating func string(_ value: JSONValue) {
        if value.string == nil { flaw(mistyped(value, "a text")) }
    }

    mutating func bool(_ value: JSONValue) {
        if value.bool == nil { flaw(mistyped(value, "true or false")) }
    }

    mutating func number(_ value: JSONValue) {
        guard case .number = value else { return flaw(mistyped(value, "a number")) }
        if value.double == nil { flaw("This number is too large.") }
    }

    /// A text that must be exactly one word.
    mutating func word(_ value: JSONValue, _ wanted: String) {
        if value != .string(wanted) { flaw("This must be “\(wanted)”.") }
    }

    mutating func uuid(_ value: JSONValue) {
        guard let text = value.string else { return flaw(mistyped(value, "a text")) }
        if !Format.isUUID(text) { flaw("“\(text)” is no UUID. Write it as 8-4-4-4-12 hexadecimal digits.") }
    }

    mutating func iri(_ value: JSONValue) {
        guard let text = value.string else { return flaw(mistyped(value, "a text")) }
        if text.utf8.count > Format.iriByteLimit {
            flaw("This IRI is longer than \(Format.iriByteLimit) bytes. Use a shorter one.")
        } else if !Format.isIRI(text) {
            flaw("“\(text)” is no absolute IRI. Begin with a scheme, such as https:.")
        }
    }

    mutating func timestamp(_ value: JSONValue) {
        guard let text = value.string else { return flaw(mistyped(value, "a text")) }
        if !Format.isTimestamp(text) {
            flaw("“\(text)” is no timestamp. Write it as 2026-11-23T20:14:08.123Z; an offset of minus zero is refused.")
        }
    }

    mutating func duration(_ value: JSONValue) {
        guard let text = value.string else { return flaw(mistyped(value, "a text")) }
        if ISODuration(text) == nil { flaw("“\(text)” is no ISO 8601 duration. Write it as PT1H30M or PT12.5S.") }
    }

    mutating func languageTag(_ value: JSONValue) {
        guard let text = value.string else { return flaw(mistyped(value, "a text")) }
        if !Format.isLanguageTag(text) { flaw("“\(text)” is no language tag (RFC 5646). Write it as en or pt-BR.") }
    }

    mutating func languageMap(_ value: JSONValue) {
        eachMember(value) { checker, tag, value in
            if !Format.isLanguageTag(tag) {
                checker.flaw("“\(tag)” is no language tag (RFC 5646). Write it as en or pt-BR.")
            }
            checker.string(value)
        }
    }

    /// Names are IRIs; values are anything, null included.
    mutating func extensions(_ value: JSONValue) {
        eachMember(value) { checker, name, _ in
            if !Format.isIRI(name) {
                checker.flaw(
                    "“\(name)” is no absolute IRI. Extensions are named by IRIs, such as https://example.org/x.")
            }
        }
    }

    mutating func mediaType(_ value: JSONValue) {
        guard let text = value.string else { return flaw(mistyped(value, "a text")) }
        let parts = text.prefix { $0 != ";" }.trimmingSuffix(" ").split(
            separator: "/", omittingEmptySubsequences: false)
        let isToken = { (part: Substring) in
            !part.isEmpty && part.utf8.allSatisfy { ASCII.isAlphanumeric($0) || tokenMarks.contains($0) }
        }
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        if parts.count != 2 || !parts.allSatisfy(isToken) || !isPlain {
            flaw("“\(text)” is no media type. Write it as image/png.")
        }
    }
}

/// The forms of text that statements use.
enum Format {
    /// The longest IRI that an index holds on both engines.
    static let iriByteLimit = 2_000
    /// The longest account name or mail IRI.
    static let accountByteLimit = 500

    /// - Source: RFC 4122, section 3.
    static func isUUID(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.count == 36 else { return false }
            for (index, byte) in bytes.enumerated() {
                let isDash = index == 8 || index == 13 || index == 18 || index == 23
                guard isDash ? byte == 0x2D : ASCII.isHexadecimal(byte) else { return false }
            }
            return true
        }
    }

    /// - Source: RFC 3987, section 2.2: a scheme, a colon, something more, and none of the characters that no IRI has.
    static func isIRI(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard let colon = bytes.firstIndex(of: 0x3A), colon > 0, colon < bytes.count - 1,
                ASCII.isLetter(bytes[0])
            else { return false }
            let isScheme = bytes[..<colon].allSatisfy {
                ASCII.isAlphanumeric($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E
            }
            return isScheme && bytes[colon...].allSatisfy { $0 > 0x20 && $0 != 0x7F && !isBannedInIRI($0) }
        }
    }

    /// - Source: RFC 5646, section 2.1, by shape: a language of 2 to 8 letters or `x`/`i`, then subtags of 1 to 8.
    static func isLanguageTag(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: 0x2D, omittingEmptySubsequences: false)
        guard let first = parts.first, first.allSatisfy(ASCII.isLetter) else { return false }
        let isPrivate = parts.count > 1 && ["x", "i"].contains(String(first)?.lowercased())
        guard isPrivate || (2...8).contains(first.count) else { return false }
        return parts.dropFirst().allSatisfy { (1...8).contains($0.count) && $0.allSatisfy(ASCII.isAlphanumeric) }
    }

    static func isTimestamp(_ text: String) -> Bool {
        guard text.utf8.count >= 19, text.utf8.dropFirst(10).first == 0x54 else { return false }
        return Moment(timestamp: text) != nil
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ character: Character) -> Substring {
        var text = self
        while text.last == character { text.removeLast() }
        return text
    }
}

/// `<`, `>`, `"`, `{`, `}`, `|`, `\`, `^` and the back quote.
private func isBannedInIRI(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x3C, 0x3E, 0x22, 0x7B, 0x7D, 0x7C, 0x5C, 0x5E, 0x60: true
    default: false
    }
}

/// - Source: RFC 9110, section 5.6.2, `tchar`.
private let tokenMarks = Set("!#$%&'*+-.^_`|~".utf8)
