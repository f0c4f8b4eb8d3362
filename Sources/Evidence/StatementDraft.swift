public import Basis
public import JSON

/// The kind of a statement's identifier.
public enum Statement {}

/// Who did what a draft tells.
public enum DraftActor: Hashable, Sendable {
    /// A person of the tenant, named by account: the tenant's home page and the person's key. Never by name or mail.
    case person(ID<Person>)
    /// Leeway itself.
    case system

    var person: ID<Person>? { if case .person(let id) = self { id } else { nil } }
}

/// The activity that a draft is about.
public struct ActivityRef: Hashable, Sendable {
    /// An absolute IRI.
    public var iri: String
    /// The activity's name in `language`.
    public var name: String?
    /// An activity type's IRI, such as `Vocabulary.course`.
    public var type: String?
    /// A language tag (RFC 5646).
    public var language: String

    public init(_ iri: String, name: String? = nil, type: String? = nil, language: String = "en") {
        self.iri = iri
        self.name = name
        self.type = type
        self.language = language
    }
}

/// What came of it.
public struct Outcome: Hashable, Sendable {
    public var success: Bool?
    public var completion: Bool?
    /// - Range: -1 to 1.
    public var scaled: Double?
    /// What the learner answered, as text.
    public var response: String?
    /// Time spent. Not negative.
    public var duration: Duration?
    /// How much of it is done, in hundredths.
    ///
    /// - Range: 0 to 100.
    /// - Source: cmi5, 9.5.5.1.
    public var progress: Int?

    public init(
        success: Bool? = nil, completion: Bool? = nil, scaled: Double? = nil, response: String? = nil,
        duration: Duration? = nil, progress: Int? = nil
    ) {
        precondition(progress.map { (0...100).contains($0) } ?? true, "progress is from 0 to 100")
        precondition(scaled.map { (-1...1).contains($0) } ?? true, "a scaled score is from -1 to 1")
        self.success = success
        self.completion = completion
        self.scaled = scaled
        self.response = response
        self.duration = duration
        self.progress = progress
    }
}

/// A statement that Leeway itself is about to write, before it has its JSON.
///
///     StatementDraft(.person(learner), .completed, ActivityRef(Vocabulary.contentIRI(id), name: title))
///
/// Every draft renders to a statement that `StatementValidator` accepts in both versions, as long as its IRIs are
/// absolute: see `EvidenceTests`.
public struct StatementDraft: Hashable, Sendable {
    /// Nil: a new one is made as it is stored. Given: storing it twice stores it once.
    public var id: ID<Statement>?
    public var actor: DraftActor
    public var verb: Verb
    public var activity: ActivityRef
    public var result: Outcome?
    public var registration: ID<Registration>?
    /// IRIs of what the activity is directly part of.
    public var parents: [String]
    /// IRIs of what the activity is loosely part of, such as the strategy behind a mandate.
    public var groupings: [String]
    public var choice: Choice?
    /// Context extensions by IRI.
    public var extensions: [(iri: String, value: JSONValue)] {
        get { extra.map { ($0.name, $0.value) } }
        set { extra = newValue.map { Extension(name: $0.iri, value: $0.value) } }
    }
    /// When it happened; nil for the moment of storing.
    public var timestamp: Moment?

    var extra: [Extension]

    struct Extension: Hashable, Sendable {
        let name: String
        let value: JSONValue
    }

    public init(
        _ actor: DraftActor, _ verb: Verb, _ activity: ActivityRef, id: ID<Statement>? = nil, result: Outcome? = nil,
        registration: ID<Registration>? = nil, parents: [String] = [], groupings: [String] = [],
        choice: Choice? = nil, extensions: [(iri: String, value: JSONValue)] = [], timestamp: Moment? = nil
    ) {
        self.id = id
        self.actor = actor
        self.verb = verb
        self.activity = activity
        self.result = result
        self.registration = registration
        self.parents = parents
        self.groupings = groupings
        self.choice = choice
        extra = extensions.map { Extension(name: $0.iri, value: $0.value) }
        self.timestamp = timestamp
    }
}

extension StatementDraft {
    /// The statement's exact JSON, in canonical form (RFC 8785), so that the ledger commits to these very bytes.
    ///
    /// The actor's JSON object is canonical too; the definition is the activity's.
    func render(id: ID<Statement>, agent: [UInt8], definition: JSONValue?) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        bytes.write("{\"actor\":")
        bytes.append(contentsOf: agent)
        writeContext(into: &bytes)
        bytes.write(",\"id\":\"")
        bytes.write(id.description)
        bytes.write("\",\"object\":{")
        if let definition {
            bytes.write("\"definition\":")
            definition.writeCanonical(into: &bytes)
            bytes.write(",")
        }
        bytes.write("\"id\":")
        JSONValue.string(activity.iri).writeCanonical(into: &bytes)
        bytes.write("}")
        writeResult(into: &bytes)
        if let timestamp {
            bytes.write(",\"timestamp\":\"")
            bytes.write(timestamp.timestamp)
            bytes.write("\"")
        }
        bytes.write(",\"verb\":{\"display\":{\"en\":")
        JSONValue.string(verb.name).writeCanonical(into: &bytes)
        bytes.write("},\"id\":")
        JSONValue.string(verb.iri).writeCanonical(into: &bytes)
        bytes.write("}}")
        return bytes
    }

    private func writeResult(into bytes: inout [UInt8]) {
        guard let result else { return }
        var members = JSONObject()
        if let scaled = result.scaled { members["score"] = ["scaled": JSONValue(scaled)] }
        if let success = result.success { members["success"] = .bool(success) }
        if let completion = result.completion { members["completion"] = .bool(completion) }
        if let response = result.response { members["response"] = .string(response) }
        if let duration = result.duration { members["duration"] = .string(ISODuration(duration).text) }
        if let progress = result.progress {
            members["extensions"] = .object(JSONObject([(Vocabulary.progress, JSONValue(progress))]))
        }
        bytes.write(",\"result\":")
        JSONValue.object(members).writeCanonical(into: &bytes)
    }

    /// The category says that the statement follows our profile: xAPI Profiles, part two, 4.1.
    private func writeContext(into bytes: inout [UInt8]) {
        bytes.write(",\"context\":{\"contextActivities\":{\"category\":[")
        bytes.append(contentsOf: OwnProfile.categoryBytes)
        bytes.write("]")
        for (name, iris) in [("grouping", groupings), ("parent", parents)] where !iris.isEmpty {
            bytes.write(",\"\(name)\":")
            JSONValue.array(iris.map { ["id": .string($0)] }).writeCanonical(into: &bytes)
        }
        bytes.write("}")
        var extensions = JSONObject()
        if let choice { extensions[Vocabulary.choice] = .string(choice.rawValue) }
        for member in extra { extensions[member.name] = member.value }
        if !extensions.isEmpty {
            bytes.write(",\"extensions\":")
            JSONValue.object(extensions).writeCanonical(into: &bytes)
        }
        if let registration {
            bytes.write(",\"registration\":\"")
            bytes.write(registration.description)
            bytes.write("\"")
        }
        bytes.write("}")
    }
}

extension ActivityRef {
    /// The definition as JSON, or nil when there is nothing to say.
    var definition: JSONValue? {
        if name == nil, type == nil { return nil }
        var object = JSONObject()
        if let name { object["name"] = .object(JSONObject([(language, .string(name))])) }
        if let type { object["type"] = .string(type) }
        return .object(object)
    }
}

extension [UInt8] {
    mutating func write(_ text: String) { append(contentsOf: text.utf8) }
}
