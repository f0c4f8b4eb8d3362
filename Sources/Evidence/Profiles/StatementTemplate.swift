import Basis
import JSON

/// One way in which a profile says that a statement is formed.
///
/// - Source: xAPI Profiles, part two, 8.0; part three, 2.1.
struct StatementTemplate: Hashable, Sendable {
    let id: String
    let name: String
    /// The determining properties: a statement that has all of them is meant.
    var verb: String?
    var objectActivityType: String?
    /// By the list of `contextActivities`: `parent`, `grouping`, `category`, `other`.
    var contextActivityTypes: [String: [String]] = [:]
    var attachmentUsageTypes: [String] = []
    var rules: [TemplateRule] = []
    /// The templates one of which the statement that is the object follows; empty where it may be any, or no statement.
    var objectReferences: [String] = []
    /// The same for the statement that the context points to.
    var contextReferences: [String] = []

    /// Whether the statement has every determining property.
    func describes(_ statement: JSONValue) -> Bool {
        if let verb, statement["verb"]?["id"]?.string != verb { return false }
        if let type = objectActivityType, statement["object"]?["definition"]?["type"]?.string != type { return false }
        for (list, types) in contextActivityTypes {
            let found = statement["context"]?["contextActivities"]?[list]?.array ?? []
            let present = Set(found.compactMap { $0["definition"]?["type"]?.string })
            if !present.isSuperset(of: types) { return false }
        }
        let usages = Set((statement["attachments"]?.array ?? []).compactMap { $0["usageType"]?.string })
        return usages.isSuperset(of: attachmentUsageTypes)
    }

    /// What a statement that it describes does otherwise.
    func flaws(in statement: JSONValue) -> [ProfileFlaw] {
        rules.flatMap { rule in
            rule.flaws(in: statement).map { ProfileFlaw(place: id, name: name, pointer: $0.pointer, detail: $0.detail) }
        }
    }
}

/// One rule of a template: which values may stand at some places of a statement.
struct TemplateRule: Hashable, Sendable {
    enum Presence: String, Sendable { case included, excluded, recommended }

    let location: JSONPath
    var selector: JSONPath?
    var presence: Presence?
    var any: [JSONValue]?
    var all: [JSONValue]?
    var none: [JSONValue]?

    /// - Source: xAPI Profiles, part two, 8.1, requirements on a provider.
    func flaws(in statement: JSONValue) -> [StatementFlaw] {
        var matchable: [JSONPath.Found] = []
        var unmatchable: [JSONPointer] = []
        for found in location.find(in: statement) {
            guard let selector else {
                matchable.append(found)
                continue
            }
            let selected = selector.find(in: found.value, at: found.pointer)
            if selected.isEmpty { unmatchable.append(found.pointer) }
            matchable += selected
        }
        var flaws: [StatementFlaw] = []
        func flaw(_ pointer: JSONPointer, _ detail: String) {
            flaws.append(StatementFlaw(pointer: pointer.description, detail: detail))
        }
        switch presence {
        case .included:
            if matchable.isEmpty { flaw(missing, "Nothing is at \(path). Add it.") }
            for place in unmatchable { flaw(place, "This has nothing at \(selector?.text ?? ""). Add it.") }
        case .excluded:
            for found in matchable { flaw(found.pointer, "Nothing may be at \(path). Remove it.") }
            return flaws
        case .recommended: if matchable.isEmpty { return [] }
        case nil: break
        }
        if let any, !matchable.contains(where: { found in any.contains { $0.isSame(as: found.value) } }) {
            if presence != .included || !matchable.isEmpty {
                flaw(matchable.first?.pointer ?? missing, "At \(path) must be one of \(list(any)).")
            }
        }
        if let all {
            for found in matchable where !all.contains(where: { $0.isSame(as: found.value) }) {
                flaw(found.pointer, "At \(path) may be only \(list(all)).")
            }
            if presence != .included {
                for place in unmatchable { flaw(place, "This has nothing at \(selector?.text ?? ""). Add it.") }
            }
        }
        if let none {
            for found in matchable where none.contains(where: { $0.isSame(as: found.value) }) {
                flaw(found.pointer, "At \(path) may not be \(found.value.text). Change it.")
            }
        }
        return flaws
    }

    private var missing: JSONPointer { location.pointer }
    private var path: String { selector.map { "\(location.text) → \($0.text)" } ?? location.text }

    private func list(_ values: [JSONValue]) -> String {
        let shown = values.prefix(8).map(\.text).joined(separator: ", ")
        return values.count > 8 ? shown + " and \(values.count - 8) more" : shown
    }
}

/// What a statement does otherwise than a profile says.
struct ProfileFlaw: Hashable, Sendable {
    /// The IRI of the template, or of the extension that stands in the wrong place.
    let place: String
    let name: String
    let pointer: String
    let detail: String
}

extension JSONValue {
    /// Whether both say the same, whatever the form of numbers and the order of members.
    fileprivate func isSame(as other: JSONValue) -> Bool {
        if self == other { return true }
        if let one = double, let two = other.double { return one == two }
        if let one = array, let two = other.array {
            return one.count == two.count && zip(one, two).allSatisfy { $0.isSame(as: $1) }
        }
        if let one = object, let two = other.object {
            return one.count == two.count && one.members.allSatisfy { two[$0.name].map($0.value.isSame) ?? false }
        }
        return false
    }

    /// The statement with each single context activity as a list of one, as profiles are applied to it.
    var withContextLists: JSONValue {
        guard var statement = object, var context = self["context"]?.object,
            var around = context["contextActivities"]?.object
        else { return self }
        for member in around.members where member.value.array == nil {
            around[member.name] = .array([member.value])
        }
        context["contextActivities"] = .object(around)
        statement["context"] = .object(context)
        return .object(statement)
    }
}
