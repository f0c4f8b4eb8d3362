/// What `like` compares a text with: fixed pieces, and stars between them that stand for any text.
public struct PolicyPattern: Sendable, CustomStringConvertible {
    /// What must stand there in this order, with a star between each and the next; one piece is a pattern without a
    /// star. Stars in a row are one, so none of the inner pieces is empty.
    public let pieces: [String]
    private let bytes: [[UInt8]]

    /// - Parameter pieces: Empty ones at the ends where the pattern begins or ends with a star.
    public init(pieces: [String]) {
        precondition(!pieces.isEmpty, "a pattern has at least one piece")
        let last = pieces.count - 1
        self.pieces = pieces.enumerated().filter { $0 == 0 || $0 == last || !$1.isEmpty }.map(\.element)
        bytes = self.pieces.map { Array($0.utf8) }
    }

    /// Reads what stands between the quotes: `*` is a star, `\*` the character.
    init(literal: String) throws(StringLiteral.BadEscape) {
        var pieces = [String.UnicodeScalarView()]
        for (scalar, isCharacter) in try StringLiteral.scalars(of: literal, inPattern: true) {
            if scalar == "*" && !isCharacter {
                pieces.append(String.UnicodeScalarView())
            } else {
                pieces[pieces.count - 1].append(scalar)
            }
        }
        self.init(pieces: pieces.map { String($0) })
    }

    /// Whether the whole text is of this shape.
    ///
    /// - Cost: the text's length times the pattern's at worst.
    public func matches(_ text: String) -> Bool {
        var text = text
        // Pieces are whole code points, and no code point's bytes are part of another's: bytes will do.
        return text.withUTF8 { text in
            let (first, last) = (bytes[0], bytes[bytes.count - 1])
            if bytes.count == 1 { return text.elementsEqual(first) }
            guard text.count >= first.count + last.count, text.starts(with: first),
                text.suffix(last.count).elementsEqual(last)
            else { return false }
            var start = first.count
            let end = text.count - last.count
            for piece in bytes.dropFirst().dropLast() {
                guard let place = Self.find(piece, in: text, from: start, to: end) else { return false }
                start = place + piece.count
            }
            return true
        }
    }

    private static func find(_ piece: [UInt8], in text: UnsafeBufferPointer<UInt8>, from: Int, to end: Int) -> Int? {
        guard from + piece.count <= end else { return nil }
        return (from...(end - piece.count)).first { place in
            text[place..<(place + piece.count)].elementsEqual(piece)
        }
    }

    /// As it stands in a policy, with its quotes.
    public var description: String {
        let texts = pieces.map { piece in
            piece.unicodeScalars.map { $0 == "*" ? "\\*" : StringLiteral.escaped($0) }.joined()
        }
        return "\"\(texts.joined(separator: "*"))\""
    }
}

extension PolicyPattern: Hashable {
    public static func == (left: PolicyPattern, right: PolicyPattern) -> Bool { left.bytes == right.bytes }

    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}
