import JSON

extension StatementChecker {
    mutating func activity(_ value: JSONValue) {
        guard let object = object(value, "An activity", allowing: ["objectType", "id", "definition"]) else { return }
        member(object, "objectType") { $0.word($1, "Activity") }
        require(object, "id") { $0.iri($1) }
        member(object, "definition") { $0.definition($1) }
    }

    private mutating func definition(_ value: JSONValue) {
        guard let object = object(value, "An activity's definition", allowing: definitionNames) else { return }
        member(object, "name") { $0.languageMap($1) }
        member(object, "description") { $0.languageMap($1) }
        member(object, "type") { $0.iri($1) }
        member(object, "moreInfo") { $0.iri($1) }
        member(object, "extensions") { $0.extensions($1) }
        member(object, "interactionType") { checker, value in
            guard let word = value.string else { return checker.flaw(checker.mistyped(value, "a text")) }
            if !interactionTypes.contains(word) {
                checker.flaw(
                    "“\(word)” is no interaction type. Use one of \(interactionTypes.joined(separator: ", ")).")
            }
        }
        member(object, "correctResponsesPattern") { $0.each($1) { $0.string($1) } }
        for name in componentLists { member(object, name) { $0.components($1) } }
        if object["interactionType"] == nil, let first = object.names.first(where: interactionNames.contains) {
            flaw("“\(first)” needs an interaction type. Add it.", at: "interactionType")
        }
    }

    /// - Source: xAPI 1.0.3, part 2, 2.4.4.1: within a list every identifier is distinct.
    private mutating func components(_ value: JSONValue) {
        var seen: Set<String> = []
        each(value) { checker, element in
            guard let object = checker.object(element, "A component", allowing: ["id", "description"]) else { return }
            checker.require(object, "id") { checker, value in
                guard let id = value.string else { return checker.flaw(checker.mistyped(value, "a text")) }
                if id.isEmpty { return checker.flaw("A component's id is not empty.") }
                if !seen.insert(id).inserted { checker.flaw("“\(id)” names two components of this list.") }
            }
            checker.member(object, "description") { $0.languageMap($1) }
        }
    }
}

private let componentLists = ["choices", "scale", "source", "target", "steps"]
private let interactionNames = componentLists + ["correctResponsesPattern"]
private let definitionNames =
    ["name", "description", "type", "moreInfo", "extensions", "interactionType"] + interactionNames
private let interactionTypes = [
    "true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing", "likert", "numeric",
    "other",
]
