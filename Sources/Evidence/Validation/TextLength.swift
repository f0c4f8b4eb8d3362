import JSON

extension JSONValue {
    /// Where the first text or name stands that is longer than a limit; nil when all are within it.
    func text(longerThan limit: Int, at pointer: JSONPointer = JSONPointer()) -> JSONPointer? {
        switch self {
        case .null, .bool: return nil
        case .number(let text), .string(let text): return text.utf8.count > limit ? pointer : nil
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                if let found = element.text(longerThan: limit, at: pointer.appending(index)) { return found }
            }
        case .object(let object):
            for member in object.members {
                if member.name.utf8.count > limit { return pointer }
                let place = pointer.appending(member.name)
                if let found = member.value.text(longerThan: limit, at: place) { return found }
            }
        }
        return nil
    }
}
