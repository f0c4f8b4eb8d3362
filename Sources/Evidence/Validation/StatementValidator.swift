public import Basis
public import JSON

/// One rule that a statement breaks, and where.
public struct StatementFlaw: Hashable, Sendable {
    /// A JSON Pointer (RFC 6901) to the member that is wrong or missing.
    public let pointer: String
    /// What is so, and how to mend it.
    public let detail: String
}

/// Every rule of the specification for statements, as a pure function.
///
/// - Source: xAPI 1.0.3, part 2, sections 2 and 4; IEEE 9274.1.1-2023, 4.2 for version 2.0.
public struct StatementValidator: Sendable {
    public let version: XAPIVersion

    /// The most flaws that one check reports.
    public static let flawLimit = 50

    public init(_ version: XAPIVersion) { self.version = version }

    /// What is wrong with a statement, in its own order; empty when it is sound.
    ///
    /// Pointers begin with `pointer`, where the statement stands in what was sent.
    public func flaws(in statement: JSONValue, at pointer: JSONPointer = JSONPointer()) -> [StatementFlaw] {
        var checker = StatementChecker(version: version, root: pointer)
        checker.statement(statement)
        return checker.flaws
    }

    /// What is wrong with an agent or group on its own, as in a query's `agent`.
    public func flaws(inAgent agent: JSONValue, at pointer: JSONPointer = JSONPointer()) -> [StatementFlaw] {
        var checker = StatementChecker(version: version, root: pointer)
        checker.actor(agent)
        return checker.flaws
    }

    /// - Throws: `Problem` (`statement-invalid`) with a pointer to each flaw.
    public func check(_ statement: JSONValue, at pointer: JSONPointer = JSONPointer()) throws(Problem) {
        let flaws = flaws(in: statement, at: pointer)
        if !flaws.isEmpty { throw StatementValidator.problem(flaws) }
    }

    static func problem(_ flaws: [StatementFlaw]) -> Problem {
        let first = flaws.first.map { "\($0.pointer.isEmpty ? "" : "\($0.pointer): ")\($0.detail)" } ?? ""
        let more = flaws.count > 1 ? " There are \(flaws.count - 1) more flaws: see the pointers." : ""
        return Problem(
            .invalid, "statement-invalid", first + more, at: flaws.map(\.pointer), details: flaws.map(\.detail))
    }
}

/// Walks one statement, knowing where it stands.
struct StatementChecker {
    let version: XAPIVersion
    let root: JSONPointer
    private var path: [Step] = []
    private(set) var flaws: [StatementFlaw] = []

    private enum Step {
        case name(String)
        case index(Int)
    }

    init(version: XAPIVersion, root: JSONPointer) {
        self.version = version
        self.root = root
    }

    mutating func flaw(_ detail: String) {
        guard flaws.count < StatementValidator.flawLimit else { return }
        let pointer = path.reduce(root) { pointer, step in
            switch step {
            case .name(let name): pointer.appending(name)
            case .index(let index): pointer.appending(index)
            }
        }
        flaws.append(StatementFlaw(pointer: pointer.description, detail: detail))
    }

    mutating func flaw(_ detail: String, at name: String) {
        path.append(.name(name))
        flaw(detail)
        path.removeLast()
    }

    typealias Check = (inout StatementChecker, JSONValue) -> Void

    /// Checks a member that may be absent.
    mutating func member(_ object: JSONObject, _ name: String, _ check: Check) {
        guard let value = object[name] else { return }
        path.append(.name(name))
        check(&self, value)
        path.removeLast()
    }

    /// Checks a member that must be there.
    mutating func require(_ object: JSONObject, _ name: String, _ check: Check) {
        if object[name] == nil { return flaw("“\(name)” is missing. Add it.", at: name) }
        member(object, name, check)
    }

    /// Checks each element of an array.
    mutating func each(_ value: JSONValue, _ check: Check) {
        guard let elements = value.array else { return flaw(mistyped(value, "an array")) }
        for (index, element) in elements.enumerated() {
            path.append(.index(index))
            check(&self, element)
            path.removeLast()
        }
    }

    /// Checks each member of an object whose names are free.
    mutating func eachMember(_ value: JSONValue, _ check: (inout StatementChecker, String, JSONValue) -> Void) {
        guard let object = value.object else { return flaw(mistyped(value, "an object")) }
        for item in object.members {
            path.append(.name(item.name))
            check(&self, item.name, item.value)
            path.removeLast()
        }
    }

    /// The object, after flagging what is not one and each member that the specification does not know.
    mutating func object(_ value: JSONValue, _ kind: String, allowing names: [String]) -> JSONObject? {
        guard let object = value.object else {
            flaw(mistyped(value, "an object"))
            return nil
        }
        for item in object.members where !names.contains(item.name) {
            flaw("\(kind) has no member “\(item.name)”. Remove it, or move it into extensions.", at: item.name)
        }
        return object
    }

    /// What to say of a value of the wrong kind.
    func mistyped(_ value: JSONValue, _ wanted: String) -> String {
        let found =
            switch value {
            case .null: "null, which is allowed only inside extensions"
            case .bool: "a boolean"
            case .number: "a number"
            case .string: "a text"
            case .array: "an array"
            case .object: "an object"
            }
        return "This is \(found). It must be \(wanted)."
    }
}
