public import Basis
public import JSON

/// The members of a JSON object, read strictly: unknown names, missing members and wrong types are refused together,
/// each with its pointer.
public struct Members: Sendable {
    public let object: JSONObject
    private let pointer: JSONPointer

    /// - Throws: `Problem` (`members`).
    public init(_ value: JSONValue, taking members: [Member], at pointer: JSONPointer = JSONPointer()) throws(Problem) {
        guard let object = value.object else {
            throw Problem(.invalid, "members", "A JSON object is expected here.", at: [pointer.description])
        }
        self.object = object
        self.pointer = pointer
        var faults: [(JSONPointer, String)] = []
        for name in object.names where !members.contains(where: { $0.name == name }) {
            faults.append((pointer.appending(name), "“\(name)” is not known here."))
        }
        for member in members {
            let found = object[member.name] ?? .null
            if found.isNull {
                if member.isRequired {
                    faults.append((pointer.appending(member.name), "“\(member.name)” is missing."))
                }
            } else if !member.shape.fits(found) {
                faults.append((pointer.appending(member.name), "“\(member.name)” must be \(member.shape.words)."))
            }
        }
        if !faults.isEmpty {
            throw Problem(
                .invalid, "members", faults.map(\.1).joined(separator: " "), at: faults.map(\.0.description))
        }
    }

    /// A text that is there. Empty when the member may be absent and is.
    public func text(_ name: String) -> String { object[name]?.string ?? "" }
    /// A text that may be absent.
    public func textIfAny(_ name: String) -> String? { object[name]?.string }
    /// A whole number that may be absent.
    public func integer(_ name: String) -> Int? { object[name]?.integer }
    /// A number that may be absent.
    public func number(_ name: String) -> Double? { object[name]?.double }
    /// True or false, or nil when absent.
    public func flag(_ name: String) -> Bool? { object[name]?.bool }
    /// The texts of a list; empty when absent.
    public func texts(_ name: String) -> [String] { object[name]?.array?.compactMap(\.string) ?? [] }
    /// The member as it came, or nil.
    public func value(_ name: String) -> JSONValue? { object[name] }

    /// The objects of a list, each read strictly.
    ///
    /// - Throws: `Problem` (`members`).
    public func list(_ name: String, taking members: [Member]) throws(Problem) -> [Members] {
        var list: [Members] = []
        for (index, value) in (object[name]?.array ?? []).enumerated() {
            list.append(try Members(value, taking: members, at: pointer.appending(name).appending(index)))
        }
        return list
    }

    /// A text as an identity; nil when absent.
    ///
    /// - Throws: `Problem` (`identity`) with the pointer.
    public func identifier<Kind>(_ name: String, of _: Kind.Type = Kind.self) throws(Problem) -> ID<Kind>? {
        guard let text = textIfAny(name) else { return nil }
        guard let id = ID<Kind>(text) else { throw refusal(name, "identity", "“\(text)” is no identity.") }
        return id
    }

    /// A text as a day, `2026-11-23`; nil when absent.
    ///
    /// - Throws: `Problem` (`day`) with the pointer.
    public func day(_ name: String) throws(Problem) -> Day? {
        guard let text = textIfAny(name) else { return nil }
        guard let day = Day(text) else { throw refusal(name, "day", "“\(text)” is no day. Write 2026-11-23.") }
        return day
    }

    /// A refusal that points at a member.
    public func refusal(_ name: String, _ code: String, _ detail: String) -> Problem {
        Problem(.invalid, code, detail, at: [pointer.appending(name).description])
    }
}

extension Member.Shape {
    func fits(_ value: JSONValue) -> Bool {
        switch self {
        case .text: value.string != nil
        case .integer: value.integer != nil
        case .number: value.double != nil
        case .flag: value.bool != nil
        case .texts: value.array?.allSatisfy { $0.string != nil } ?? false
        case .object: value.object != nil
        case .list: value.array != nil
        case .any: true
        }
    }

    /// As in “must be …”.
    var words: String {
        switch self {
        case .text: "a text"
        case .integer: "a whole number"
        case .number: "a number"
        case .flag: "true or false"
        case .texts: "a list of texts"
        case .object: "an object"
        case .list: "a list"
        case .any: "a value"
        }
    }

    /// The JSON Schema of the shape.
    var schema: JSONValue {
        switch self {
        case .text: ["type": "string"]
        case .integer: ["type": "integer"]
        case .number: ["type": "number"]
        case .flag: ["type": "boolean"]
        case .texts: ["type": "array", "items": ["type": "string"]]
        case .object: ["type": "object"]
        case .list: ["type": "array"]
        case .any: .object(JSONObject())
        }
    }
}
