import JSON

extension StatementChecker {
    /// Only where the statement's object is an activity do `revision` and `platform` make sense (xAPI 1.0.3, part 2,
    /// 2.4.6).
    mutating func context(_ value: JSONValue, ofActivity isActivity: Bool) {
        let names = version == .one ? contextNames : contextNames + ["contextAgents", "contextGroups"]
        guard let object = object(value, "A context", allowing: names) else { return }
        member(object, "registration") { $0.uuid($1) }
        member(object, "instructor") { $0.actor($1) }
        member(object, "team") { $0.group($1) }
        member(object, "contextActivities") { $0.contextActivities($1) }
        for name in ["revision", "platform"] {
            member(object, name) { $0.string($1) }
            if object[name] != nil, !isActivity {
                flaw("“\(name)” is for statements about an activity. Remove it.", at: name)
            }
        }
        member(object, "language") { $0.languageTag($1) }
        member(object, "statement") { $0.statementReference($1) }
        member(object, "extensions") { $0.extensions($1) }
        if version == .one { return }
        member(object, "contextAgents") { $0.each($1) { $0.contextAgent($1) } }
        member(object, "contextGroups") { $0.each($1) { $0.contextGroup($1) } }
    }

    private mutating func contextActivities(_ value: JSONValue) {
        let names = ["parent", "grouping", "category", "other"]
        guard let object = object(value, "A contextActivities object", allowing: names) else { return }
        for name in names {
            member(object, name) { checker, value in
                if value.array != nil { checker.each(value) { $0.activity($1) } } else { checker.activity(value) }
            }
        }
    }

    /// - Source: IEEE 9274.1.1-2023, 4.2.5.
    private mutating func contextAgent(_ value: JSONValue) {
        let names = ["objectType", "agent", "relevantTypes"]
        guard let object = object(value, "A context agent", allowing: names) else { return }
        require(object, "objectType") { $0.word($1, "contextAgent") }
        require(object, "agent") { $0.agent($1) }
        member(object, "relevantTypes") { $0.relevantTypes($1) }
    }

    private mutating func contextGroup(_ value: JSONValue) {
        let names = ["objectType", "group", "relevantTypes"]
        guard let object = object(value, "A context group", allowing: names) else { return }
        require(object, "objectType") { $0.word($1, "contextGroup") }
        require(object, "group") { $0.group($1) }
        member(object, "relevantTypes") { $0.relevantTypes($1) }
    }

    private mutating func relevantTypes(_ value: JSONValue) {
        if value.array?.isEmpty == true {
            return flaw("The list of relevant types is not empty. Add one or remove it.")
        }
        each(value) { $0.iri($1) }
    }
}

private let contextNames = [
    "registration", "instructor", "team", "contextActivities", "revision", "platform", "language", "statement",
    "extensions",
]
