extension JSONValue {
    /// The one form that equal documents share, as UTF-8: the JSON Canonicalization Scheme.
    ///
    /// Members are sorted by the UTF-16 code units of their names, numbers are written as ECMAScript writes the double
    /// that they mean, and strings have as few escapes as can be.
    ///
    /// A number too large for a double has no form in the scheme; it is written exactly, as its digits without zeros
    /// at either end and a power of ten, such as `12e+400`.
    ///
    /// - Source: RFC 8785, section 3.2; ECMA-262, section 6.1.6.1.20 (Number::toString).
    public var canonical: [UInt8] {
        var bytes: [UInt8] = []
        writeCanonical(into: &bytes)
        return bytes
    }

    /// Writes `canonical` at the end of `bytes`.
    public func writeCanonical(into bytes: inout [UInt8]) {
        switch self {
        case .null, .bool: write(into: &bytes)
        case .number(let text): CanonicalNumber.write(text, into: &bytes)
        case .string(let text): JSONValue.writeCanonical(text, into: &bytes)
        case .array(let elements):
            bytes.append(0x5B)
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                element.writeCanonical(into: &bytes)
            }
            bytes.append(0x5D)
        case .object(let object):
            bytes.append(0x7B)
            let members = object.members.sorted { precedes($0.name, $1.name) }
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                JSONValue.writeCanonical(member.name, into: &bytes)
                bytes.append(0x3A)
                member.value.writeCanonical(into: &bytes)
            }
            bytes.append(0x7D)
        }
    }

    /// As `write`, with the two short escapes that only the canonical form has.
    private static func writeCanonical(_ text: String, into bytes: inout [UInt8]) {
        guard text.utf8.contains(where: { $0 == 0x08 || $0 == 0x0C }) else { return write(text, into: &bytes) }
        var isFirst = true
        bytes.append(0x22)
        for part in text.unicodeScalars.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\u{8}" }) {
            if !isFirst { bytes.append(contentsOf: "\\b".utf8) }
            isFirst = false
            var isFirstOfPart = true
            for piece in part.split(separator: "\u{C}", omittingEmptySubsequences: false) {
                if !isFirstOfPart { bytes.append(contentsOf: "\\f".utf8) }
                isFirstOfPart = false
                var quoted: [UInt8] = []
                write(String(String.UnicodeScalarView(piece)), into: &quoted)
                bytes.append(contentsOf: quoted.dropFirst().dropLast())
            }
        }
        bytes.append(0x22)
    }
}

/// Whether the UTF-16 code units of one text come before those of another.
///
/// UTF-8 has the order of code points, which is that of UTF-16 but for surrogates: a character beyond the basic plane
/// (first byte 0xF0 or more) comes before one from U+E000 on (0xEE or 0xEF).
private func precedes(_ one: String, _ other: String) -> Bool {
    var (one, other) = (one, other)
    return one.withUTF8 { one in
        other.withUTF8 { other in
            for (mine, theirs) in zip(one, other) where mine != theirs {
                let isTurned = min(mine, theirs) >= 0xEE && (mine >= 0xF0) != (theirs >= 0xF0)
                return isTurned ? mine > theirs : mine < theirs
            }
            return one.count < other.count
        }
    }
}

/// Numbers as ECMAScript writes them.
enum CanonicalNumber {
    /// - Precondition: `text` is a number of JSON.
    static func write(_ text: String, into bytes: inout [UInt8]) {
        let digits = text.utf8
        if digits.count <= 15, digits.allSatisfy({ (0x30...0x39).contains($0) }) {
            // A whole number that a double holds exactly is its own canonical form.
            bytes.append(contentsOf: digits)
            return
        }
        let number = Double(text) ?? .infinity
        if number == 0 { return bytes.append(0x30) }
        let form = number.isFinite ? Decimal(reading: number.description) : Decimal(reading: text)
        if form.isNegative { bytes.append(0x2D) }
        if number.isFinite { form.writeAsECMAScript(into: &bytes) } else { form.writeExactly(into: &bytes) }
    }

    /// A number as its digits and a power of ten.
    private struct Decimal {
        var isNegative = false
        /// Without zeros at either end.
        var digits: [UInt8] = []
        /// Where the point stands behind the first digit; nil for more than an integer can tell.
        var point: Int?
        /// The power of ten of the last digit, as text, when `point` is nil.
        var rest = ""

        init(reading text: String) {
            var exponent: Int? = 0
            var fraction = 0
            let parts = text.utf8.split(whereSeparator: { $0 == 0x65 || $0 == 0x45 })
            var isFraction = false
            for byte in parts[0] {
                switch byte {
                case 0x2D: isNegative = true
                case 0x2E: isFraction = true
                default:
                    digits.append(byte)
                    if isFraction { fraction += 1 }
                }
            }
            if parts.count > 1 {
                let power = parts[1].drop { $0 == 0x2B }
                exponent = Int(String(Substring(power)))
                rest = String(Substring(power))
            }
            point = exponent.map { digits.count - fraction + $0 }
            let zeros = digits.prefix { $0 == 0x30 }.count
            digits.removeFirst(zeros)
            point = point.map { $0 - zeros }
            while digits.last == 0x30 { digits.removeLast() }
        }

        /// `k` digits with value below 10ⁿ where n is `point`: ECMA-262, section 6.1.6.1.20, steps 6 to 11.
        func writeAsECMAScript(into bytes: inout [UInt8]) {
            let (count, point) = (digits.count, point ?? 0)
            if count <= point, point <= 21 {
                bytes.append(contentsOf: digits)
                bytes.append(contentsOf: repeatElement(0x30, count: point - count))
            } else if 0 < point, point <= 21 {
                bytes.append(contentsOf: digits[..<point])
                bytes.append(0x2E)
                bytes.append(contentsOf: digits[point...])
            } else if -6 < point, point <= 0 {
                bytes.append(contentsOf: "0.".utf8)
                bytes.append(contentsOf: repeatElement(0x30, count: -point))
                bytes.append(contentsOf: digits)
            } else {
                bytes.append(digits[0])
                if count > 1 {
                    bytes.append(0x2E)
                    bytes.append(contentsOf: digits[1...])
                }
                bytes.append(contentsOf: point > 0 ? "e+".utf8 : "e-".utf8)
                bytes.append(contentsOf: String(abs(point - 1)).utf8)
            }
        }

        func writeExactly(into bytes: inout [UInt8]) {
            bytes.append(contentsOf: digits)
            bytes.append(contentsOf: "e+".utf8)
            bytes.append(contentsOf: (point.map { String($0 - digits.count) } ?? rest).utf8)
        }
    }
}
