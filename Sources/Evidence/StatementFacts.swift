import Basis
import JSON

/// An agent as a statement names it.
struct AgentFacts: Hashable, Sendable {
    let agent: AgentName
    let name: String?

    init(_ agent: AgentName, name: String? = nil) {
        self.agent = agent
        self.name = name
    }

    init?(_ value: JSONValue) {
        guard let agent = AgentName(value) else { return nil }
        self.init(agent, name: value["name"]?.string)
    }
}

/// An activity as a statement names it.
struct ActivityFacts: Hashable, Sendable {
    let iri: String
    let definition: JSONValue?

    /// Of the definition: FNV-1a, 64 bits, of its JSON text, never 0; 0 when there is none.
    var fingerprint: UInt64 {
        guard let definition else { return 0 }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in definition.bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash | 1
    }
}

/// What the columns of one statement say.
struct StatementFacts: Sendable {
    var timestamp: Moment?
    /// Nil for an anonymous group.
    var actor: AgentFacts?
    var verb: String
    /// Nil when the object is no activity.
    var activity: ActivityFacts?
    var registration: String?
    var success: Bool?
    var completion: Bool?
    var scaled: Double?
    var duration: Int64?
    var choice: Choice?
    /// Agents besides the actor.
    var agents: [AgentFacts: Bool] = [:]
    /// Activities besides the object, each once.
    var activities: [ActivityFacts] = []
    private var activityNames: Set<String> = []
    /// The statement that a StatementRef as object names.
    var target: ID<Statement>?
    var isVoiding = false

    /// - Precondition: the statement is valid.
    init(_ statement: JSONValue) {
        timestamp = statement["timestamp"]?.string.flatMap { Moment(timestamp: $0) }
        verb = statement["verb"]?["id"]?.string ?? ""
        let context = statement["context"]
        registration = context?["registration"]?.string?.lowercased()
        choice = context?["extensions"]?[Vocabulary.choice]?.string.flatMap(Choice.init)
        let result = statement["result"]
        success = result?["success"]?.bool
        completion = result?["completion"]?.bool
        scaled = result?["score"]?["scaled"]?.double
        duration = result?["duration"]?.string.flatMap { ISODuration($0)?.microseconds }
        actor = statement["actor"].flatMap { AgentFacts($0) }
        addMembers(of: statement["actor"], isDirect: true)
        if let object = statement["object"] { addObject(object) }
        if let context { add(context: context) }
        if let actor { agents[actor] = nil }
        isVoiding = verb == Verb.voided.iri && target != nil
    }

    private mutating func addObject(_ object: JSONValue) {
        switch object["objectType"]?.string {
        case "Agent", "Group": addAgent(object, isDirect: true)
        case "StatementRef": target = object["id"]?.string.flatMap { ID($0) }
        case "SubStatement":
            if let actor = object["actor"] { addAgent(actor, isDirect: false) }
            if let context = object["context"] { add(context: context) }
            guard let inner = object["object"] else { return }
            switch inner["objectType"]?.string {
            case "Agent", "Group": addAgent(inner, isDirect: false)
            case "StatementRef": break
            default: addActivity(inner)
            }
        default:
            if let iri = object["id"]?.string { activity = ActivityFacts(iri: iri, definition: object["definition"]) }
        }
    }

    private mutating func add(context: JSONValue) {
        for name in ["instructor", "team"] {
            if let agent = context[name] { addAgent(agent, isDirect: false) }
        }
        for item in context["contextAgents"]?.array ?? [] {
            if let agent = item["agent"] { addAgent(agent, isDirect: false) }
        }
        for item in context["contextGroups"]?.array ?? [] {
            if let group = item["group"] { addAgent(group, isDirect: false) }
        }
        for member in context["contextActivities"]?.object?.members ?? [] {
            for activity in member.value.array ?? [member.value] { addActivity(activity) }
        }
    }

    private mutating func addAgent(_ value: JSONValue, isDirect: Bool) {
        if let agent = AgentFacts(value) { agents[agent] = isDirect || agents[agent] ?? false }
        addMembers(of: value, isDirect: isDirect)
    }

    private mutating func addMembers(of group: JSONValue?, isDirect: Bool) {
        for member in group?["member"]?.array ?? [] { addAgent(member, isDirect: isDirect) }
    }

    private mutating func addActivity(_ value: JSONValue) {
        guard let iri = value["id"]?.string, iri != activity?.iri, activityNames.insert(iri).inserted else { return }
        activities.append(ActivityFacts(iri: iri, definition: value["definition"]))
    }
}
