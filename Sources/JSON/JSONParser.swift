public import Basis

/// Why a text is not JSON, and where.
public struct JSONError: Error, Hashable, Sendable {
    /// What is wrong, as a sentence.
    public let detail: String
    /// From 1.
    public let line: Int
    /// From 1, in bytes.
    public let column: Int
}

extension JSONError: ProblemConvertible {
    public var problem: Problem {
        Problem(.invalid, "json", "Line \(line), column \(column): \(detail)")
    }
}

extension JSONValue {
    /// The deepest nesting that is read.
    public static let depthLimit = 64

    /// Reads one document.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, with or without a byte order mark.
    ///   - takesNUL: Whether a text may hold the character U+0000, which columns of text cannot.
    /// - Throws: `JSONError` for what is not JSON, for a name used twice in an object, and for nesting beyond
    ///   `depthLimit`.
    public init(parsing bytes: [UInt8], takesNUL: Bool = true) throws(JSONError) {
        var parser = JSONParser(bytes)
        parser.takesNUL = takesNUL
        self = try parser.document()
    }

    public init(parsing text: String) throws(JSONError) { try self.init(parsing: Array(text.utf8)) }
}

private struct JSONParser {
    let bytes: [UInt8]
    var index = 0
    var takesNUL = true

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    mutating func document() throws(JSONError) -> JSONValue {
        skipSpace()
        let value = try value(depth: 0)
        skipSpace()
        if index < bytes.count { throw error("There is more after the end of the document.") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= JSONValue.depthLimit else {
            throw error("Nested deeper than \(JSONValue.depthLimit) levels.")
        }
        guard index < bytes.count else { throw error("The document ends too early.") }
        switch bytes[index] {
        case 0x7B: return try object(depth: depth)
        case 0x5B: return try array(depth: depth)
        case 0x22: return .string(try string())
        case 0x2D, 0x30...0x39: return .number(try number())
        case 0x74: return try word("true", .bool(true))
        case 0x66: return try word("false", .bool(false))
        case 0x6E: return try word("null", .null)
        default: throw error("A value is expected here.")
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        index += 1
        var members: [JSONObject.Member] = []
        // Looking through a few names is faster than hashing them; through many it would take forever.
        var names: Set<String> = []
        skipSpace()
        if take(0x7D) { return .object(JSONObject()) }
        while true {
            skipSpace()
            guard index < bytes.count, bytes[index] == 0x22 else { throw error("A member's name is expected here.") }
            let start = index
            let name = try string()
            if members.count == fewMembers { names = Set(members.map(\.name)) }
            let isKnown =
                members.count < fewMembers ? members.contains { $0.name == name } : !names.insert(name).inserted
            if isKnown {
                index = start
                throw error("The name “\(name)” is used twice in one object.")
            }
            skipSpace()
            guard take(0x3A) else { throw error("A colon is expected here.") }
            skipSpace()
            members.append(JSONObject.Member(name: name, value: try value(depth: depth + 1)))
            skipSpace()
            if take(0x2C) { continue }
            if take(0x7D) { return .object(JSONObject(unchecked: members)) }
            throw error("A comma or a closing brace is expected here.")
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        index += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take(0x5D) { return .array([]) }
        while true {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take(0x2C) { continue }
            if take(0x5D) { return .array(elements) }
            throw error("A comma or a closing bracket is expected here.")
        }
    }

    private mutating func string() throws(JSONError) -> String {
        index += 1
        let start = index
        while index < bytes.count, bytes[index] != 0x22, bytes[index] != 0x5C, bytes[index] >= 0x20 { index += 1 }
        guard index < bytes.count else { throw error("The text has no closing quote.") }
        if bytes[index] == 0x22 {
            defer { index += 1 }
            return try utf8(bytes[start..<index])
        }
        var text = Array(bytes[start..<index])
        while true {
            guard index < bytes.count else { throw error("The text has no closing quote.") }
            switch bytes[index] {
            case 0x22:
                index += 1
                return try utf8(text[...])
            case 0x5C: try escape(into: &text)
            case 0..<0x20: throw error("A control character must be escaped.")
            default:
                text.append(bytes[index])
                index += 1
            }
        }
    }

    private func utf8(_ slice: ArraySlice<UInt8>) throws(JSONError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw error("The text is not UTF-8.") }
        return text
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        guard index + 1 < bytes.count else { throw error("The text has no closing quote.") }
        let letter = bytes[index + 1]
        let plain: [UInt8: UInt8] = [
            0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 8, 0x66: 12, 0x6E: 10, 0x72: 13, 0x74: 9,
        ]
        if let byte = plain[letter] {
            text.append(byte)
            index += 2
            return
        }
        guard letter == 0x75 else { throw error("There is no such escape.") }
        var unit = try hexadecimal(at: index + 2)
        if unit == 0, !takesNUL { throw error("The character U+0000 cannot be kept. Take it out.") }
        index += 6
        if (0xD800..<0xDC00).contains(unit) {
            guard index + 1 < bytes.count, bytes[index] == 0x5C, bytes[index + 1] == 0x75 else {
                throw error("Half of a surrogate pair.")
            }
            let low = try hexadecimal(at: index + 2)
            guard (0xDC00..<0xE000).contains(low) else { throw error("Half of a surrogate pair.") }
            unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
            index += 6
        }
        guard let scalar = Unicode.Scalar(unit) else { throw error("Half of a surrogate pair.") }
        text.append(contentsOf: String(Character(scalar)).utf8)
    }

    private func hexadecimal(at start: Int) throws(JSONError) -> UInt32 {
        guard start + 4 <= bytes.count, let text = String(validating: bytes[start..<start + 4], as: UTF8.self),
            text.allSatisfy(\.isHexDigit), let unit = UInt32(text, radix: 16)
        else { throw error("Four hexadecimal digits are expected after \\u.") }
        return unit
    }

    private mutating func number() throws(JSONError) -> String {
        let start = index
        _ = take(0x2D)
        if take(0x30) {
            if index < bytes.count, (0x30...0x39).contains(bytes[index]) {
                throw error("A number has no leading zero.")
            }
        } else if digits() == 0 {
            throw error("A digit is expected here.")
        }
        if take(0x2E), digits() == 0 { throw error("A digit is expected here.") }
        if take(0x65) || take(0x45) {
            if !take(0x2B) { _ = take(0x2D) }
            if digits() == 0 { throw error("A digit is expected here.") }
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = index
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
        return index - start
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let letters = Array("\(word)".utf8)
        guard bytes[index...].starts(with: letters) else { throw error("A value is expected here.") }
        index += letters.count
        return value
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while index < bytes.count, isSpace(bytes[index]) { index += 1 }
    }

    private func error(_ detail: String) -> JSONError {
        let before = bytes[..<min(index, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return JSONError(detail: detail, line: line, column: column)
    }
}

/// Up to how many members an object's names are compared one by one.
private let fewMembers = 16

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
