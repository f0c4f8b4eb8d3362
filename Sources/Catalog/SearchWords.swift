import Foundation
import Synchronization

/// Text cut into the words that both engines index, so that a search finds the same on each.
///
/// Letters are lower case without accents. A `+` or `#` that ends a word stays (C++, C#). In scripts without spaces
/// between words each sign is a word of its own, and a run of them is asked for as a row of neighbours.
struct SearchWords {
    /// The most words of one text that are indexed: what PostgreSQL can give positions to.
    static let limit = 16_383
    /// The most bytes of a word that are kept.
    static let byteLimit = 64

    /// The words in order; `run` counts up where a word does not follow the last one without a gap.
    private(set) var words: [(text: String, run: Int)] = []

    init(_ text: String, limit: Int = SearchWords.limit) {
        var cutter = Cutter(limit: limit)
        var text = text
        text.withUTF8 { bytes in
            var index = 0
            while index < bytes.count, !cutter.isFull {
                let byte = bytes[index]
                if byte < 0x80 {
                    cutter.take(ascii: byte, next: index + 1 < bytes.count ? bytes[index + 1] : 0x20)
                    index += 1
                } else {
                    let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
                    let end = min(index + length, bytes.count)
                    for scalar in String(decoding: bytes[index..<end], as: UTF8.self).unicodeScalars {
                        cutter.take(scalar)
                    }
                    index = end
                }
            }
        }
        cutter.endWord()
        words = cutter.words
    }

    /// The words with one space between, as the index takes them.
    var joined: String {
        var joined = ""
        for (index, word) in words.enumerated() {
            if index > 0 { joined.append(" ") }
            joined += word.text
        }
        return joined
    }
}

private struct Cutter {
    let limit: Int
    var words: [(text: String, run: Int)] = []
    private var word: [UInt8] = []
    private var run = 0
    private var folding = Folding()

    init(limit: Int) { self.limit = limit }

    var isFull: Bool { words.count >= limit }

    mutating func take(ascii byte: UInt8, next: UInt8) {
        switch byte {
        case 0x61...0x7A, 0x30...0x39: word.append(byte)
        case 0x41...0x5A: word.append(byte + 32)
        case 0x23, 0x2B:
            // Only at the end of a word: `C#`, `C++`, not `#1` or `a+b`.
            let follows = next == byte || !isLetterOrDigit(next)
            if !word.isEmpty, follows { word.append(byte) } else { gap() }
        default: gap()
        }
    }

    mutating func take(_ scalar: Unicode.Scalar) {
        switch folding.fold(scalar) {
        case .nothing: return
        case .gap: gap()
        case .letters(let bytes): word += bytes
        case .sign(let bytes):
            endWord()
            word = bytes
            endWord()
        }
    }

    mutating func endWord() {
        guard !word.isEmpty, !isFull else { return }
        if word.count > SearchWords.byteLimit { word.removeLast(word.count - SearchWords.byteLimit) }
        // A cut may have split a letter: what is left of it is dropped.
        while let last = word.last, String(validating: word, as: UTF8.self) == nil, last >= 0x80 { word.removeLast() }
        words.append((String(decoding: word, as: UTF8.self), run))
        word.removeAll(keepingCapacity: true)
    }

    private mutating func gap() {
        endWord()
        run += 1
    }

    private func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
        default: false
        }
    }
}

/// What becomes of one scalar beyond ASCII.
enum Folded: Sendable {
    /// Invisible or an accent: as if it were not there.
    case nothing
    /// Ends a word.
    case gap
    case letters([UInt8])
    /// A word by itself.
    case sign([UInt8])
}

private struct Folding {
    private static let shared = Mutex<[UInt32: Folded]>([:])
    private var known: [UInt32: Folded]

    init() { known = Folding.shared.withLock { $0 } }

    mutating func fold(_ scalar: Unicode.Scalar) -> Folded {
        if let folded = known[scalar.value] { return folded }
        let folded = Folded(scalar)
        known[scalar.value] = folded
        Folding.shared.withLock { $0[scalar.value] = folded }
        return folded
    }
}

extension Folded {
    init(_ scalar: Unicode.Scalar) {
        let category = scalar.properties.generalCategory
        switch category {
        case .nonspacingMark where (0x300...0x36F).contains(scalar.value), .format:
            self = .nothing
            return
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
            break
        default:
            self = .gap
            return
        }
        var bytes: [UInt8] = []
        let plain = String(scalar).decomposedStringWithCompatibilityMapping.lowercased()
        for part in plain.unicodeScalars {
            let category = part.properties.generalCategory
            let isAccent = category == .nonspacingMark && (0x300...0x36F).contains(part.value)
            let isWord = part.properties.isAlphabetic || part.properties.numericType != nil
            let isMark = category == .nonspacingMark || category == .spacingMark
            if !isAccent, isWord || isMark { bytes += Array(String(part).utf8) }
        }
        if bytes.isEmpty {
            self = .nothing
        } else {
            self = Folded.standsAlone(scalar) ? .sign(bytes) : .letters(bytes)
        }
    }

    /// Kana and Han, and the scripts of South-East Asia that write no spaces between words.
    private static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3040...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
            true
        default: false
        }
    }
}
