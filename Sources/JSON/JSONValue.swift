/// A JSON document, exactly: numbers keep their text and objects keep their members' order.
///
/// - Source: RFC 8259.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// The number's own text, such as `1.50`.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// An object's members, in order, no name twice.
public struct JSONObject: Hashable, Sendable {
    /// One member of an object.
    public struct Member: Hashable, Sendable {
        public let name: String
        public var value: JSONValue
    }

    public private(set) var members: [Member]

    public init() { members = [] }

    /// - Precondition: no name twice.
    public init(_ members: [(String, JSONValue)]) {
        precondition(Set(members.map(\.0)).count == members.count, "a member's name is used once")
        self.members = members.map { Member(name: $0.0, value: $0.1) }
    }

    init(unchecked members: [Member]) { self.members = members }

    public subscript(name: String) -> JSONValue? {
        get { members.first { $0.name == name }?.value }
        set {
            if let index = members.firstIndex(where: { $0.name == name }) {
                if let newValue { members[index].value = newValue } else { members.remove(at: index) }
            } else if let newValue {
                members.append(Member(name: name, value: newValue))
            }
        }
    }

    /// Sets each of these, in time that grows with how many there are: names that are there keep their places.
    public mutating func set(_ more: [Member]) {
        var places = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1.name, $0) })
        for member in more {
            if let place = places[member.name] {
                members[place].value = member.value
            } else {
                places[member.name] = members.count
                members.append(member)
            }
        }
    }

    /// The members by their names, to look up many of them.
    public var values: [String: JSONValue] {
        Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) })
    }

    public var names: [String] { members.map(\.name) }
    public var isEmpty: Bool { members.isEmpty }
    public var count: Int { members.count }
}

extension JSONValue {
    public subscript(name: String) -> JSONValue? { object?[name] }

    public var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }
    public var array: [JSONValue]? {
        if case .array(let array) = self { array } else { nil }
    }
    public var string: String? {
        if case .string(let string) = self { string } else { nil }
    }
    public var bool: Bool? {
        if case .bool(let bool) = self { bool } else { nil }
    }
    /// The number as a double; nil for anything else and for what a double cannot hold finitely.
    public var double: Double? {
        guard case .number(let text) = self, let number = Double(text), number.isFinite else { return nil }
        return number
    }
    /// The number as an integer; nil when it has a fraction or is too large.
    public var integer: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text) ?? Double(text).flatMap { Int(exactly: $0) }
    }
    public var isNull: Bool { self == .null }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .number(String(value)) }
    public init(floatLiteral value: Double) { self = .init(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }

    public init(_ number: Int) { self = .number(String(number)) }
    public init(_ number: Int64) { self = .number(String(number)) }
    /// A number that is not finite has no form in JSON and becomes null.
    public init(_ number: Double) {
        if !number.isFinite {
            self = .null
        } else if let whole = Int(exactly: number), abs(whole) < 1 << 53 {
            self = .number(String(whole))
        } else {
            self = .number("\(number)")
        }
    }
    public init(_ text: String) { self = .string(text) }
    public init(_ flag: Bool) { self = .bool(flag) }
    /// Null for nil.
    public init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }
    public init(_ number: Int?) { self = number.map { .init($0) } ?? .null }
    public init(_ number: Double?) { self = number.map { .init($0) } ?? .null }
    public init(_ texts: [String]) { self = .array(texts.map(JSONValue.string)) }
}
