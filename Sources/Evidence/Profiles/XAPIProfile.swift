public import Basis
public import JSON

/// An xAPI Profile as far as statements are checked against it.
///
/// Its templates bind single statements, its primary patterns those of one registration.
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
    /// Whether a template says what a statement points to.
    let hasReferences: Bool
    /// The primary patterns whose parts all stand in this profile.
    let primaryPatterns: [PatternAutomaton]
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
    /// The most patterns of a profile.
    public static let patternLimit = 2_000

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
        hasReferences = templates.contains { !$0.objectReferences.isEmpty || !$0.contextReferences.isEmpty }
        primaryPatterns = reader.primaryPatterns(
            document["patterns"]?.array ?? [], over: Set(templates.map(\.id)))
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
