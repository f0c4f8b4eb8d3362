/// One word, number, text or sign of a policy.
struct Token: Sendable {
    enum Kind: Sendable { case word, number, string, slot, sign, unknown, end }

    let kind: Kind
    /// As it stands there; of a string what is between its quotes, not unescaped.
    let text: String
    let position: TextPosition

    func isWord(_ word: String) -> Bool { kind == .word && text == word }
    func isSign(_ sign: String) -> Bool { kind == .sign && text == sign }

    /// For a message, not too long.
    var found: String {
        let whole = kind == .string ? "\"\(text)\"" : text
        if kind == .end { return "the end of the text" }
        return whole.count > 40 ? String(whole.prefix(39)) + "…" : whole
    }
}

/// A line that begins with `//`, and where.
struct Comment: Sendable {
    /// Without the slashes and the space after them.
    let text: String
    let position: TextPosition
}

/// Cuts a text into tokens.
///
/// - Source: grammar of the Cedar policy language, “Lexical”.
struct Lexer {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var column = 1
    private(set) var tokens: [Token] = []
    private(set) var comments: [Comment] = []

    init(_ text: String) {
        bytes = Array(text.utf8)
        tokens.reserveCapacity(bytes.count / 4)
        while skipSpace() { token() }
        tokens.append(Token(kind: .end, text: "", position: position))
    }

    private var position: TextPosition { TextPosition(line: line, column: column) }

    private mutating func advance() {
        let byte = bytes[index]
        index += 1
        if byte == UInt8(ascii: "\n") {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }

    private func byte(_ offset: Int = 0) -> UInt8? {
        index + offset < bytes.count ? bytes[index + offset] : nil
    }

    private func text(from start: Int, to end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }

    /// The code point here; nil at the end.
    private var scalar: Unicode.Scalar? {
        guard let first = byte() else { return nil }
        if first < 0x80 { return Unicode.Scalar(first) }
        return String(decoding: bytes[index..<min(index + 4, bytes.count)], as: UTF8.self).unicodeScalars.first
    }

    /// Whether anything is left after white space and comments.
    private mutating func skipSpace() -> Bool {
        while let here = scalar {
            if here.properties.isWhitespace {
                for _ in 0..<here.utf8.count { advance() }
            } else if here == "/", byte(1) == UInt8(ascii: "/") {
                comment()
            } else {
                return true
            }
        }
        return false
    }

    private mutating func comment() {
        let (start, place) = (index, position)
        while let byte = byte(), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { advance() }
        var words = text(from: start, to: index)[...]
        words = words.dropFirst(2)
        if words.first == " " { words = words.dropFirst() }
        while words.last?.isWhitespace == true { words = words.dropLast() }
        comments.append(Comment(text: String(words), position: place))
    }

    private mutating func token() {
        let (start, place) = (index, position)
        guard let first = byte() else { return }
        var kind = Token.Kind.sign
        if first == UInt8(ascii: "\"") {
            string(from: place)
            return
        } else if Identifier.isStart(first) {
            kind = .word
            skipWord()
        } else if Identifier.isDigit(first) {
            kind = .number
            while let byte = byte(), Identifier.isDigit(byte) { advance() }
        } else if first == UInt8(ascii: "?"), let next = byte(1), Identifier.isStart(next) {
            kind = .slot
            advance()
            skipWord()
        } else if let length = signLength(first) {
            for _ in 0..<length { advance() }
        } else {
            kind = .unknown
            for _ in 0..<(scalar?.utf8.count ?? 1) { advance() }
        }
        tokens.append(Token(kind: kind, text: text(from: start, to: index), position: place))
    }

    private mutating func skipWord() {
        while let byte = byte(), Identifier.isStart(byte) || Identifier.isDigit(byte) { advance() }
    }

    private func signLength(_ first: UInt8) -> Int? {
        let second = byte(1)
        switch first {
        case UInt8(ascii: ":"): return second == first ? 2 : 1
        case UInt8(ascii: "|"), UInt8(ascii: "&"): return second == first ? 2 : nil
        case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: ">"):
            return second == UInt8(ascii: "=") ? 2 : 1
        default: return ".,;(){}[]+-*/%@".utf8.contains(first) ? 1 : nil
        }
    }

    private mutating func string(from place: TextPosition) {
        advance()
        let start = index
        while let byte = byte(), byte != UInt8(ascii: "\"") {
            advance()
            if byte == UInt8(ascii: "\\"), self.byte() != nil { advance() }
        }
        let end = index
        if byte() == nil {
            // The rest of the text would be part of it, so only its first line is told.
            let line = text(from: start, to: end).prefix { !$0.isNewline }
            tokens.append(Token(kind: .unknown, text: "\"" + line, position: place))
        } else {
            advance()
            tokens.append(Token(kind: .string, text: text(from: start, to: end), position: place))
        }
    }
}
