import Basis
import JSON

/// A path to values of a statement, as the rules of a profile write it.
///
/// - Shape: an optional `$`, then steps: `.name`, `['name']`, `["name"]`, `[0]`, `.*`, `[*]`, and unions such as
///   `['a', 'b']` and `[0, 2]`; several paths may be joined by `|`. No filters, scripts, slices or `..`.
/// - Source: xAPI Profiles, part two, 8.1; Goessner, "JSONPath", 2007.
struct JSONPath: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        /// Each of these members that is there.
        case names([String])
        /// Each of these elements that is there, from 0.
        case indices([Int])
        case all
    }

    /// A value with its place.
    struct Found: Hashable, Sendable {
        let value: JSONValue
        let pointer: JSONPointer
    }

    let text: String
    private let branches: [[Step]]

    /// - Throws: `Problem` (`json-path`) with what cannot be read.
    init(_ text: String) throws(Problem) {
        self.text = text
        var reader = JSONPathReader(text)
        branches = try reader.branches()
    }

    /// Every value that the path leads to, in the document's order for each branch.
    func find(in value: JSONValue, at pointer: JSONPointer = JSONPointer()) -> [Found] {
        branches.flatMap { steps in
            steps.reduce([Found(value: value, pointer: pointer)]) { found, step in found.flatMap { step.follow($0) } }
        }
    }

    /// Where the first branch would lead if all its members were there, to point at what is missing.
    var pointer: JSONPointer {
        (branches.first ?? []).reduce(JSONPointer()) { pointer, step in
            switch step {
            case .names(let names): pointer.appending(names.first ?? "")
            case .indices(let indices): pointer.appending(indices.first ?? 0)
            case .all: pointer
            }
        }
    }
}

extension JSONPath.Step {
    fileprivate func follow(_ found: JSONPath.Found) -> [JSONPath.Found] {
        switch self {
        case .names(let names):
            return names.compactMap { name in
                found.value[name].map { JSONPath.Found(value: $0, pointer: found.pointer.appending(name)) }
            }
        case .indices(let indices):
            guard let elements = found.value.array else { return [] }
            return indices.filter(elements.indices.contains).map { index in
                JSONPath.Found(value: elements[index], pointer: found.pointer.appending(index))
            }
        case .all:
            if let elements = found.value.array {
                return elements.enumerated().map { index, element in
                    JSONPath.Found(value: element, pointer: found.pointer.appending(index))
                }
            }
            return (found.value.object?.members ?? []).map { member in
                JSONPath.Found(value: member.value, pointer: found.pointer.appending(member.name))
            }
        }
    }
}

private struct JSONPathReader {
    private let text: String
    private var rest: Substring

    init(_ text: String) {
        self.text = text
        rest = text[...]
    }

    mutating func branches() throws(Problem) -> [[JSONPath.Step]] {
        var branches: [[JSONPath.Step]] = []
        repeat {
            skipSpace()
            branches.append(try branch())
            skipSpace()
        } while take("|")
        if !rest.isEmpty { throw refusal("“\(rest)” is not expected") }
        return branches
    }

    private mutating func branch() throws(Problem) -> [JSONPath.Step] {
        var steps: [JSONPath.Step] = []
        let isRooted = take("$")
        if !isRooted, let first = rest.first, first != ".", first != "[" { steps.append(try name()) }
        while let mark = rest.first {
            if mark == "." {
                rest.removeFirst()
                if rest.first == "." { throw refusal("“..” is not supported") }
                steps.append(take("*") ? .all : try name())
            } else if mark == "[" {
                rest.removeFirst()
                steps.append(try bracket())
            } else {
                break
            }
        }
        if steps.isEmpty { throw refusal("it names nothing") }
        return steps
    }

    private mutating func name() throws(Problem) -> JSONPath.Step {
        let name = rest.prefix { !".[]|'\",()?@".contains($0) && !$0.isWhitespace }
        if name.isEmpty { throw refusal("a name is missing") }
        rest = rest.dropFirst(name.count)
        return .names([String(name)])
    }

    private mutating func bracket() throws(Problem) -> JSONPath.Step {
        var names: [String] = []
        var indices: [Int] = []
        repeat {
            skipSpace()
            if take("*") {
                skipSpace()
                guard take("]") else { throw refusal("“]” is missing") }
                return .all
            }
            if rest.first == "'" || rest.first == "\"" {
                names.append(try quoted())
            } else {
                let digits = rest.prefix { ("0"..."9").contains($0) }
                guard let index = Int(digits) else { throw refusal("a filter, script or slice is not supported") }
                rest = rest.dropFirst(digits.count)
                indices.append(index)
            }
            skipSpace()
        } while take(",")
        guard take("]") else { throw refusal("“]” is missing") }
        if !names.isEmpty, !indices.isEmpty { throw refusal("names and numbers stand in one bracket") }
        return names.isEmpty ? .indices(indices) : .names(names)
    }

    private mutating func quoted() throws(Problem) -> String {
        let mark = rest.removeFirst()
        var name = ""
        while let letter = rest.popFirst() {
            if letter == mark { return name }
            if letter == "\\", let next = rest.popFirst() { name.append(next) } else { name.append(letter) }
        }
        throw refusal("a quote does not end")
    }

    private mutating func take(_ letter: Character) -> Bool {
        guard rest.first == letter else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func skipSpace() { rest = rest.drop(while: \.isWhitespace) }

    private func refusal(_ what: String) -> Problem {
        Problem(.invalid, "json-path", "The path “\(text)” cannot be read: \(what). Write it as $.result.duration.")
    }
}
