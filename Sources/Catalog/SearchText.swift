/// What a learner typed, as something that both engines can be asked without a chance of a syntax error: the parts
/// hold only what `SearchWords` lets through.
///
/// Each part must be found. A word of three letters or more, and the last one of two, also finds longer words that
/// begin so. Words within `"…"` must stand in a row.
struct SearchText: Equatable {
    /// The most parts that count; what follows is not asked for.
    static let partLimit = 12
    /// The most characters that are read.
    static let characterLimit = 300

    enum Part: Equatable {
        case word(String)
        case prefix(String)
        /// Words in a row, the last of which may go on.
        case row([String], isOpen: Bool)
    }

    private(set) var parts: [Part] = []

    init(_ typed: String) {
        let pieces = typed.prefix(SearchText.characterLimit)
            .split(separator: "\"", omittingEmptySubsequences: false)
        for (index, piece) in pieces.enumerated() {
            let isQuoted = index % 2 == 1 && index < pieces.count - 1
            let words = SearchWords(String(piece), limit: 64).words
            if isQuoted {
                if let first = words.first {
                    parts.append(words.count == 1 ? .word(first.text) : .row(words.map(\.text), isOpen: false))
                }
            } else {
                add(words, isLast: index == pieces.count - 1)
            }
        }
        parts = Array(parts.prefix(SearchText.partLimit))
    }

    var isEmpty: Bool { parts.isEmpty }

    private mutating func add(_ words: [(text: String, run: Int)], isLast: Bool) {
        var index = 0
        while index < words.count {
            var row = [words[index].text]
            var next = index + 1
            // Words without a gap between them come from a script that writes none: they stand in a row.
            while next < words.count, words[next].run == words[index].run {
                row.append(words[next].text)
                next += 1
            }
            let ends = isLast && next == words.count
            if row.count > 1 {
                parts.append(.row(row, isOpen: ends))
            } else {
                let word = row[0]
                let isOpen = word.count >= 3 || (ends && word.count == 2)
                parts.append(isOpen && !word.hasSuffix("+") && !word.hasSuffix("#") ? .prefix(word) : .word(word))
            }
            index = next
        }
    }

    /// - Source: sqlite.org/fts5.html, section 3, "Full-text Query Syntax".
    var fts5: String {
        parts.map { part in
            switch part {
            case .word(let word): "\"\(word)\""
            case .prefix(let word): "\"\(word)\" *"
            case .row(let words, let isOpen): "\"\(words.joined(separator: " "))\"" + (isOpen ? " *" : "")
            }
        }.joined(separator: " AND ")
    }

    /// - Source: PostgreSQL 15 manual, section 8.11.2, `tsquery`.
    var tsquery: String {
        parts.map { part in
            switch part {
            case .word(let word): "'\(word)'"
            case .prefix(let word): "'\(word)':*"
            case .row(let words, let isOpen):
                words.enumerated().map { index, word in
                    "'\(word)'" + (isOpen && index == words.count - 1 ? ":*" : "")
                }.joined(separator: " <-> ")
            }
        }.joined(separator: " & ")
    }
}
