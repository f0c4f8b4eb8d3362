/// Texts between quotes: their escapes, there and back.
///
/// - Source: Cedar policy language, “Strings”, which takes the escapes of Rust's string literals: `\n`, `\r`, `\t`,
///   `\\`, `\0`, `\'`, `\"`, `\x00` to `\x7F`, and `\u{…}` with one to six hexadecimal digits.
enum StringLiteral {
    /// What is not an escape, such as `\q`.
    struct BadEscape: Error { let escape: String }

    /// The text of a literal as a policy has it, with its quotes.
    static func text(of value: String) -> String {
        var text = "\""
        for scalar in value.unicodeScalars { text += escaped(scalar) }
        return text + "\""
    }

    /// A name of an attribute or member: the bare word where that will do.
    static func name(of value: String) -> String { Identifier.isFree(value) ? value : text(of: value) }

    static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\0": "\\0"
        default:
            // What cannot be seen, or changes the order of what is seen, is written out.
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                "\\u{\(String(scalar.value, radix: 16))}"
            default: String(scalar)
            }
        }
    }

    /// The code points of what stands between quotes; each with whether it was written as the escape `\*`, which only
    /// patterns know.
    static func scalars(of text: String, inPattern: Bool) throws(BadEscape) -> [(scalar: Unicode.Scalar, isStar: Bool)]
    {
        var scalars: [(Unicode.Scalar, Bool)] = []
        var rest = text.unicodeScalars[...]
        while let next = rest.popFirst() {
            if next == "\r" { throw BadEscape(escape: "a bare carriage return") }
            guard next == "\\" else {
                scalars.append((next, false))
                continue
            }
            if inPattern, rest.first == "*" {
                rest.removeFirst()
                scalars.append(("*", true))
            } else {
                scalars.append((try escape(&rest), false))
            }
        }
        return scalars
    }

    static func value(of text: String) throws(BadEscape) -> String {
        if !text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\r") }) { return text }
        var value = String.UnicodeScalarView()
        for (scalar, _) in try scalars(of: text, inPattern: false) { value.append(scalar) }
        return String(value)
    }

    private static func escape(_ rest: inout Substring.UnicodeScalarView) throws(BadEscape) -> Unicode.Scalar {
        guard let letter = rest.popFirst() else { throw BadEscape(escape: "\\") }
        switch letter {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "0": return "\0"
        case "\\", "'", "\"": return letter
        case "x":
            let digits = String(String.UnicodeScalarView(rest.prefix(2)))
            guard digits.count == 2, digits.allSatisfy(\.isHexDigit), digits.utf8.count == 2,
                let value = UInt8(digits, radix: 16), value < 0x80
            else { throw BadEscape(escape: "\\x\(digits)") }
            rest = rest.dropFirst(2)
            return Unicode.Scalar(value)
        case "u": return try braced(&rest)
        default: throw BadEscape(escape: "\\\(letter)")
        }
    }

    private static func braced(_ rest: inout Substring.UnicodeScalarView) throws(BadEscape) -> Unicode.Scalar {
        guard rest.first == "{", let end = rest.firstIndex(of: "}") else { throw BadEscape(escape: "\\u") }
        let inside = String(rest[rest.index(after: rest.startIndex)..<end])
        rest = rest[rest.index(after: end)...]
        let digits = inside.filter { $0 != "_" }
        guard !inside.hasPrefix("_"), (1...6).contains(digits.utf8.count), digits.allSatisfy(\.isHexDigit),
            digits.utf8.count == digits.count, let number = UInt32(digits, radix: 16),
            let scalar = Unicode.Scalar(number)
        else { throw BadEscape(escape: "\\u{\(inside.prefix(12))}") }
        return scalar
    }
}
