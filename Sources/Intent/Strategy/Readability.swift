/// How easily a text reads, as far as counting tells. Hints, never a bar.
///
/// - Source: sentence length as in DIN 8581-1 and ISO 24495-1:2023 (plain language): short sentences, one thought each.
public struct Readability: Hashable, Sendable {
    public let words: Int
    public let sentences: Int
    /// Words of the longest sentence.
    public let longest: Int

    /// Sentences with more words on average are hard to follow.
    public static let meanLimit = 20
    /// A sentence with more words is hard to follow by itself.
    public static let longestLimit = 30

    /// Mean words of a sentence; nil without a word.
    public var mean: Double? { sentences == 0 ? nil : Double(words) / Double(sentences) }

    /// Counts a plain text. A sentence ends at a full stop, question or exclamation mark before a space, and at the
    /// end of a line.
    public init(_ text: String) {
        var lengths: [Int] = []
        for line in text.split(whereSeparator: \.isNewline) {
            var length = 0
            for word in line.split(whereSeparator: \.isWhitespace) where word.contains(where: \.isLetter) {
                length += 1
                if let end = word.last(where: { !"\"”’)*_".contains($0) }), ".!?…".contains(end) {
                    lengths.append(length)
                    length = 0
                }
            }
            if length > 0 { lengths.append(length) }
        }
        words = lengths.reduce(0, +)
        sentences = lengths.count
        longest = lengths.max() ?? 0
    }

    /// What could read more easily, a sentence each.
    public var hints: [String] {
        var hints: [String] = []
        if let mean, mean > Double(Readability.meanLimit) {
            hints.append(
                "A sentence has \(Int(mean.rounded())) words on average. Up to \(Readability.meanLimit) read easily.")
        }
        if longest > Readability.longestLimit {
            hints.append("The longest sentence has \(longest) words. Make two of it.")
        }
        return hints
    }
}
