import Foundation

/// What somebody answers to an item, by its kind.
public enum ItemAnswer: Hashable, Sendable {
    /// Positions of the picked choices.
    case picks([Int])
    /// Positions of the choices, from the first to the last.
    case order([Int])
    /// For each choice the position of its partner in `matches`; nil for one that has none yet.
    case pairs([Int?])
    case number(Double)
    case text(String)

    /// As it is stored: positions with commas, `-` for a choice without a partner, a number, or the text itself.
    public var stored: String {
        switch self {
        case .picks(let places), .order(let places): places.map(String.init).joined(separator: ",")
        case .pairs(let places): places.map { $0.map(String.init) ?? "-" }.joined(separator: ",")
        case .number(let value): "\(value)"
        case .text(let text): text
        }
    }

    /// Reads what `stored` wrote for an item of that kind; nil for what is no such answer.
    public init?(stored text: String, of kind: ItemKind) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: true)
        switch kind {
        case .single, .multiple, .scenario, .opaque: self = .picks(parts.compactMap { Int($0) })
        case .order: self = .order(parts.compactMap { Int($0) })
        case .match: self = .pairs(parts.map { Int($0) })
        case .numeric:
            guard let value = Double(text) else { return nil }
            self = .number(value)
        case .short: self = .text(text)
        }
    }

    /// As a statement's `response` states it.
    ///
    /// - Source: xAPI 1.0.3, part 2, 2.4.4.1, interaction activities: `choice`, `sequencing`, `matching`, `numeric` and
    ///   `fill-in`. Choices are named by their positions.
    public var response: String {
        switch self {
        case .picks(let places), .order(let places): places.map(String.init).joined(separator: "[,]")
        case .pairs(let places):
            places.enumerated().compactMap { place, partner in partner.map { "\(place)[.]\($0)" } }
                .joined(separator: "[,]")
        case .number, .text: stored
        }
    }
}

/// What a numeric item takes as right.
public struct NumericKey: Hashable, Sendable {
    public let value: Double
    /// How far an answer may lie from it, either way.
    /// - Range: 0 and more.
    public let tolerance: Double
    /// Such as `min` or `%`; empty when it has none.
    public let unit: String

    public init(value: Double, tolerance: Double = 0, unit: String = "") {
        self.value = value
        self.tolerance = tolerance
        self.unit = unit
    }

    /// Whether an answer is right. Half a unit in the last place is forgiven, so that 0.1 + 0.2 is 0.3.
    func takes(_ answer: Double) -> Bool {
        abs(answer - value) <= tolerance + max(abs(value), abs(answer)) * 1e-12
    }
}

extension ItemAnswer {
    /// A number as people write it: with a point or a comma, spaces and a unit around it, such as `1 250,5 min`.
    ///
    /// Nil for what is no number. A comma before three digits and nothing more is read as it stands in German and
    /// French, as a decimal comma: the question should not depend on it.
    public static func number(parsing text: String) -> Double? {
        let kept = text.filter { !$0.isWhitespace && $0 != "\u{202F}" && $0 != "\u{A0}" }
        let digits = kept.prefix { $0.isNumber || "+-−.,".contains($0) }
        let rest = kept.dropFirst(digits.count)
        guard !digits.isEmpty, rest.allSatisfy({ $0.isLetter || "%€$£°/".contains($0) }) else { return nil }
        let plain = digits.map { $0 == "," ? "." : $0 == "−" ? "-" : $0 }
        guard plain.count(where: { $0 == "." }) <= 1, let value = Double(String(plain)), value.isFinite else {
            return nil
        }
        return value
    }

    /// A short answer as it is compared: without case, accents, marks and space at either end.
    static func folded(_ text: String) -> String {
        let plain = text.decomposedStringWithCompatibilityMapping.unicodeScalars
            .filter { !$0.properties.isDiacritic && $0.properties.generalCategory != .nonspacingMark }
        let words = String(String.UnicodeScalarView(plain)).lowercased()
            .split { !($0.isLetter || $0.isNumber) }
        return words.joined(separator: " ")
    }
}
