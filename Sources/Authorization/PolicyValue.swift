/// What attributes hold and expressions give.
///
/// Two values are equal when they are of the same kind and hold the same; values of different kinds are never equal.
///
/// - Source: Cedar policy language, “Data types”; without its extension types.
public enum PolicyValue: Sendable {
    case bool(Bool)
    case long(Int64)
    case string(String)
    case entity(EntityReference)
    /// Without order and without doubles.
    case set(Set<PolicyValue>)
    case record(PolicyRecord)

    /// The name of its kind, for messages.
    public var kind: String {
        switch self {
        case .bool: "bool"
        case .long: "long"
        case .string: "string"
        case .entity: "entity"
        case .set: "set"
        case .record: "record"
        }
    }
}

extension PolicyValue: Hashable {
    public static func == (left: PolicyValue, right: PolicyValue) -> Bool {
        switch (left, right) {
        case (.bool(let left), .bool(let right)): left == right
        case (.long(let left), .long(let right)): left == right
        case (.string(let left), .string(let right)): left.isSame(as: right)
        case (.entity(let left), .entity(let right)): left == right
        case (.set(let left), .set(let right)): left == right
        case (.record(let left), .record(let right)): left == right
        case (.bool, _), (.long, _), (.string, _), (.entity, _), (.set, _), (.record, _): false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .bool(let value): hasher.combine(value)
        case .long(let value): hasher.combine(value)
        case .string(let value): value.hashBytes(into: &hasher)
        case .entity(let value): hasher.combine(value)
        case .set(let value): hasher.combine(value)
        case .record(let value): hasher.combine(value)
        }
    }
}

extension PolicyValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .long(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: PolicyValue...) { self = .set(Set(elements)) }
    public init(dictionaryLiteral members: (String, PolicyValue)...) { self = .record(PolicyRecord(members)) }
}

extension PolicyValue: CustomStringConvertible {
    /// As it stands in a policy; elements of sets in the order of their texts.
    public var description: String {
        switch self {
        case .bool(let value): "\(value)"
        case .long(let value): "\(value)"
        case .string(let value): StringLiteral.text(of: value)
        case .entity(let value): value.description
        case .set(let value): "[\(value.map(\.description).sorted { $0.precedes($1) }.joined(separator: ", "))]"
        case .record(let value): value.description
        }
    }
}

/// Values by name: the attributes of an entity, a context, or a record within one.
public struct PolicyRecord: Hashable, Sendable {
    /// Sorted by the bytes of their names, each name once.
    private let members: [Member]

    private struct Member: Hashable, Sendable {
        let name: String
        let value: PolicyValue

        static func == (left: Member, right: Member) -> Bool {
            left.name.isSame(as: right.name) && left.value == right.value
        }

        func hash(into hasher: inout Hasher) {
            name.hashBytes(into: &hasher)
            hasher.combine(value)
        }
    }

    /// Of a name given twice the last counts.
    public init(_ members: [(String, PolicyValue)] = []) {
        var sorted: [Member] = []
        sorted.reserveCapacity(members.count)
        // Sorting keeps equals in their order.
        for (name, value) in members.sorted(by: { $0.0.precedes($1.0) }) {
            if let last = sorted.last, last.name.isSame(as: name) { sorted.removeLast() }
            sorted.append(Member(name: name, value: value))
        }
        self.members = sorted
    }

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }
    /// Sorted by their bytes.
    public var names: [String] { members.map(\.name) }

    /// Nil where there is no such name.
    public subscript(name: String) -> PolicyValue? {
        if members.count <= fewMembers {
            for member in members where member.name.isSame(as: name) { return member.value }
            return nil
        }
        var (low, high) = (0, members.count)
        while low < high {
            let middle = (low + high) / 2
            if members[middle].name.precedes(name) { low = middle + 1 } else { high = middle }
        }
        return low < members.count && members[low].name.isSame(as: name) ? members[low].value : nil
    }
}

/// Up to here looking at each name beats halving.
private let fewMembers = 12

extension PolicyRecord: ExpressibleByDictionaryLiteral, CustomStringConvertible {
    public init(dictionaryLiteral members: (String, PolicyValue)...) { self.init(members) }

    /// As it stands in a policy.
    public var description: String {
        "{\(members.map { "\(StringLiteral.name(of: $0.name)): \($0.value)" }.joined(separator: ", "))}"
    }
}
