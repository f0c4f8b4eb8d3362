import JSON

extension JSONValue {
    /// The same document on lines of its own, members in their order and numbers as they came, for people to read.
    func indented(_ depth: Int = 0) -> String {
        let (inner, outer) = (String(repeating: "  ", count: depth + 1), String(repeating: "  ", count: depth))
        switch self {
        case .array(let elements) where !elements.isEmpty:
            let lines = elements.map { inner + $0.indented(depth + 1) }
            return "[\n" + lines.joined(separator: ",\n") + "\n" + outer + "]"
        case .object(let object) where !object.isEmpty:
            let lines = object.members.map {
                inner + JSONValue.string($0.name).text + ": " + $0.value.indented(depth + 1)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + outer + "}"
        case .null, .bool, .number, .string, .array, .object: return text
        }
    }
}
