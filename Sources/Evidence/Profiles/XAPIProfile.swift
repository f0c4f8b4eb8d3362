public import Basis
public import JSON

/// An xAPI Profile as far as statements are checked against it.
///
/// Patterns are read, so that the document is whole, and not checked: they bind sequences, not statements.
///
/// - Source: IEEE 9274.2.1; xAPI Profiles 1.0, part two.
public struct XAPIProfile: Hashable, Sendable {
    /// The profile's IRI, whatever its version.
    public let id: String
    public let name: String
    /// The IRIs of all its versions.
    public let versions: [String]
    public let conceptCount: Int
    public let patternCount: Int
    public var templateCount: Int { templates.count }
    let templates: [StatementTemplate]
    /// Where each of its extensions may stand, by IRI.
    let extensions: [String: ExtensionPlace]

    enum ExtensionPlace: String, Sendable {
        case context = "ContextExtension"
        case result = "ResultExtension"
        case activity = "ActivityExtension"
    }

    /// The most bytes of a profile's document.
    public static let byteLimit = 4 << 20
    /// The most templates of a profile.
    public static let templateLimit = 2_000

    /// - Throws: `Problem` (`profile-invalid`) with a pointer to each flaw.
    public init(_ document: JSONValue) throws(Problem) {
        var reader = ProfileReader()
        id = reader.iri(document, "id", at: "")
        name = reader.words(document, "prefLabel", at: "")
        if document["type"]?.string != "Profile" { reader.flaw("/type", "It must be “Profile”.") }
        versions = (document["versions"]?.array ?? []).enumerated().map { index, version in
            reader.iri(version, "id", at: "/versions/\(index)")
        }
        if versions.isEmpty { reader.flaw("/versions", "A profile names its versions. Add them.") }
        let concepts = document["concepts"]?.array ?? []
        conceptCount = concepts.count
        patternCount = document["patterns"]?.array?.count ?? 0
        var extensions: [String: ExtensionPlace] = [:]
        for (index, concept) in concepts.enumerated() {
            let id = reader.iri(concept, "id", at: "/concepts/\(index)")
            guard let type = concept["type"]?.string else {
                reader.flaw("/concepts/\(index)/type", "It is missing. Add it.")
                continue
            }
            extensions[id] = ExtensionPlace(rawValue: type)
        }
        self.extensions = extensions
        let list = document["templates"]?.array ?? []
        if list.count > XAPIProfile.templateLimit {
            reader.flaw("/templates", "There are more than \(XAPIProfile.templateLimit).")
        }
        templates = list.prefix(XAPIProfile.templateLimit).enumerated().map { index, template in
            reader.template(template, at: "/templates/\(index)")
        }
        if !reader.flaws.isEmpty { throw reader.problem }
    }

    /// Whether a statement says that it follows the profile: it names it, or a version of it, as a category.
    func isDeclared(by statement: JSONValue) -> Bool {
        let category = statement["context"]?["contextActivities"]?["category"]?.array ?? []
        return category.contains { activity in
            activity["id"]?.string.map { $0 == id || versions.contains($0) } ?? false
        }
    }

    /// What a statement does otherwise than the profile says; empty when no template describes it.
    ///
    /// The statement is sound, with lists as its context activities.
    func flaws(in statement: JSONValue) -> [ProfileFlaw] {
        templates.filter { $0.describes(statement) }.flatMap { $0.flaws(in: statement) }
            + extensionFlaws(in: statement)
    }

    /// Whether a template describes the statement.
    func describes(_ statement: JSONValue) -> Bool { templates.contains { $0.describes(statement) } }

    /// - Source: xAPI Profiles, part two, 7.2: an extension stands only where its kind says.
    private func extensionFlaws(in statement: JSONValue) -> [ProfileFlaw] {
        if extensions.isEmpty { return [] }
        let places: [(ExtensionPlace, [String])] = [
            (.context, ["context", "extensions"]), (.result, ["result", "extensions"]),
            (.activity, ["object", "definition", "extensions"]),
        ]
        var flaws: [ProfileFlaw] = []
        for (place, path) in places {
            let object = path.reduce(statement as JSONValue?) { $0?[$1] }?.object
            for name in object?.names ?? [] {
                guard let own = extensions[name], own != place else { continue }
                let pointer = path.reduce(JSONPointer()) { $0.appending($1) }.appending(name)
                flaws.append(
                    ProfileFlaw(
                        place: name, name: name, pointer: pointer.description,
                        detail: "This is a \(own.rawValue). Move it to where those stand."))
            }
        }
        return flaws
    }
}

/// Reads a profile's document and gathers what is wrong with it.
private struct ProfileReader {
    private(set) var flaws: [StatementFlaw] = []

    var problem: Problem {
        let first = flaws.first.map { "\($0.pointer): \($0.detail)" } ?? ""
        let more = flaws.count > 1 ? " There are \(flaws.count - 1) more flaws: see the pointers." : ""
        return Problem(
            .invalid, "profile-invalid", "This is no xAPI Profile. \(first)\(more)", at: flaws.map(\.pointer),
            details: flaws.map(\.detail))
    }

    mutating func flaw(_ pointer: String, _ detail: String) {
        if flaws.count < StatementValidator.flawLimit { flaws.append(StatementFlaw(pointer: pointer, detail: detail)) }
    }

    mutating func iri(_ object: JSONValue, _ name: String, at place: String) -> String {
        guard let text = object[name]?.string, Format.isIRI(text) else {
            flaw("\(place)/\(name)", "It must be an absolute IRI.")
            return ""
        }
        return text
    }

    /// The English text of a language map, or the first one.
    mutating func words(_ object: JSONValue, _ name: String, at place: String) -> String {
        let map = object[name]?.object?.members ?? []
        let best = map.first { $0.name.hasPrefix("en") } ?? map.first
        guard let text = best?.value.string else {
            flaw("\(place)/\(name)", "It must be an object with a text for each language.")
            return ""
        }
        return text
    }

    private mutating func texts(_ object: JSONValue, _ name: String, at place: String) -> [String] {
        guard let value = object[name] else { return [] }
        let texts = value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
        if texts.isEmpty { flaw("\(place)/\(name)", "It must be a list of IRIs.") }
        return texts
    }

    mutating func template(_ value: JSONValue, at place: String) -> StatementTemplate {
        var template = StatementTemplate(
            id: iri(value, "id", at: place), name: words(value, "prefLabel", at: place))
        template.verb = value["verb"]?.string
        template.objectActivityType = value["objectActivityType"]?.string
        for list in ["parent", "grouping", "category", "other"] {
            let types = texts(value, "context\(list.prefix(1).uppercased())\(list.dropFirst())ActivityType", at: place)
            if !types.isEmpty { template.contextActivityTypes[list] = types }
        }
        template.attachmentUsageTypes = texts(value, "attachmentUsageType", at: place)
        for (index, rule) in (value["rules"]?.array ?? []).enumerated() {
            if let rule = self.rule(rule, at: "\(place)/rules/\(index)") { template.rules.append(rule) }
        }
        return template
    }

    private mutating func rule(_ value: JSONValue, at place: String) -> TemplateRule? {
        guard let location = path(value, "location", at: place) else {
            if value["location"]?.string == nil { flaw("\(place)/location", "It is missing. Add a JSONPath.") }
            return nil
        }
        var rule = TemplateRule(location: location)
        rule.selector = path(value, "selector", at: place)
        if let presence = value["presence"]?.string {
            rule.presence = TemplateRule.Presence(rawValue: presence)
            if rule.presence == nil {
                flaw("\(place)/presence", "It must be “included”, “excluded” or “recommended”.")
            }
        }
        (rule.any, rule.all, rule.none) = (value["any"]?.array, value["all"]?.array, value["none"]?.array)
        if rule.presence == nil, rule.any == nil, rule.all == nil, rule.none == nil {
            flaw(place, "A rule says at least one of “presence”, “any”, “all” and “none”.")
        }
        return rule
    }

    private mutating func path(_ value: JSONValue, _ name: String, at place: String) -> JSONPath? {
        guard let text = value[name]?.string else { return nil }
        do {
            return try JSONPath(text)
        } catch {
            flaw("\(place)/\(name)", error.detail)
            return nil
        }
    }
}
