/// What kind of thing an entity is, such as `Learner` or `Leeway::AIUse`.
///
/// - Shape: identifiers of ASCII letters, digits and `_`, joined by `::`; none of Cedar's reserved words.
/// - Source: Cedar policy language, “Entity types and namespaces”.
public struct EntityType: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// As it stands in a policy, without spaces.
    public let name: String

    /// Nil for what is not the name of a type.
    public init?(_ name: String) {
        let parts = name.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        // A name of n parts has n - 1 pairs of colons, so every second piece is empty.
        for (number, part) in parts.enumerated() {
            let isBetween = number % 2 == 1
            if isBetween ? !part.isEmpty : !Identifier.isFree(String(Substring(part))) { return nil }
        }
        guard parts.count % 2 == 1 else { return nil }
        self.name = name
    }

    init(checked name: String) { self.name = name }

    /// The last part of the name.
    public var base: String { String(name.utf8.split(separator: UInt8(ascii: ":")).last.map { Substring($0) } ?? "") }

    public var description: String { name }

    public static func < (left: EntityType, right: EntityType) -> Bool { left.name.precedes(right.name) }
}

extension EntityType: ExpressibleByStringLiteral {
    /// For names in a program's own text; stops the program for what is no name.
    public init(stringLiteral name: String) {
        guard let type = EntityType(name) else { preconditionFailure("\(name) is not the name of an entity type") }
        self = type
    }
}

/// Names one entity: its type and its id, such as `Learner::"ada"`.
///
/// Two references are equal when type and id are the same code points.
public struct EntityReference: Sendable, CustomStringConvertible {
    public let type: EntityType
    /// Any text, the empty one too.
    public let id: String

    public init(_ type: EntityType, _ id: String) {
        self.type = type
        self.id = id
    }

    /// As it stands in a policy.
    public var description: String { "\(type.name)::\(StringLiteral.text(of: id))" }
}

extension EntityReference: Hashable, Comparable {
    public static func == (left: EntityReference, right: EntityReference) -> Bool {
        left.id.isSame(as: right.id) && left.type.name.isSame(as: right.type.name)
    }

    public func hash(into hasher: inout Hasher) {
        type.name.hashBytes(into: &hasher)
        id.hashBytes(into: &hasher)
    }

    public static func < (left: EntityReference, right: EntityReference) -> Bool {
        left.type == right.type ? left.id.precedes(right.id) : left.type < right.type
    }
}

/// Words of the language.
enum Identifier {
    /// Words that name nothing: they are the language's own.
    static let reserved: Set<String> = ["true", "false", "if", "then", "else", "in", "is", "has", "like", "__cedar"]

    static func isStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: false
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    static func isShaped(_ word: String) -> Bool {
        guard let first = word.utf8.first, isStart(first) else { return false }
        return word.utf8.allSatisfy { isStart($0) || isDigit($0) }
    }

    /// Whether a type, an attribute or a member of a record can be written as this bare word.
    static func isFree(_ word: String) -> Bool { isShaped(word) && !reserved.contains(word) }
}
