import Foundation

/// How alike two short texts are, without case, accents and order of words.
enum TextSimilarity {
    /// From this on a text is suggested to mean a priority.
    static let threshold = 0.4

    /// Twice the trigrams that both have, over those of each; 1 for the same words, 0 for nothing in common.
    ///
    /// - Source: L. R. Dice, Ecology 26 (1945), 297–302, on the trigrams of each word with a space before and after.
    static func dice(_ one: String, _ other: String) -> Double {
        let (first, second) = (trigrams(one), trigrams(other))
        if first.isEmpty || second.isEmpty { return 0 }
        return 2 * Double(first.intersection(second).count) / Double(first.count + second.count)
    }

    /// The most alike of several and how alike it is, the first of equals; nil when none reaches the threshold.
    static func best(_ text: String, among names: [String]) -> (place: Int, similarity: Double)? {
        var best: (place: Int, similarity: Double)?
        for (place, name) in names.enumerated() {
            let similarity = dice(text, name)
            if similarity >= threshold, similarity > best?.similarity ?? 0 { best = (place, similarity) }
        }
        return best
    }

    private static func trigrams(_ text: String) -> Set<String> {
        let folded = text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
            .lowercased()
        var all: Set<String> = []
        for word in folded.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            let letters = Array(" " + word + " ")
            for start in 0..<(letters.count - 2) { all.insert(String(letters[start..<start + 3])) }
        }
        return all
    }
}
