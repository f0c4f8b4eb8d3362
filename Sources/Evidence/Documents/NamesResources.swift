public import Basis
public import JSON
import Storage

/// The resource Agents: all that is known to be the same person as an agent.
///
/// - Source: xAPI 1.0.3, part 3, 2.4; IEEE 9274.1.1-2023, 4.1.6.3.
public struct AgentResource: Sendable {
    private let log: StatementLog

    public init(log: StatementLog) { self.log = log }

    /// Answers a GET.
    ///
    /// - Throws: `Problem`, to be shown as a problem document with `XAPIVersion.replyHeader`.
    public func answer(_ request: XAPIRequest, for caller: XAPICaller) async throws -> XAPIReply {
        let version = try XAPIVersion(of: request)
        try caller.check(.readAgents)
        let agent = try ParameterReader(request.query, known: ["agent"]).requiredAgent(version)
        try caller.check(agent: agent)
        let person = try await log.person(like: agent, of: caller.tenant)
        return XAPIReply(json: person, version)
    }
}

/// The resource Activities: what all statements together say of an activity.
///
/// - Source: xAPI 1.0.3, part 3, 2.5; IEEE 9274.1.1-2023, 4.1.6.4.
public struct ActivityResource: Sendable {
    private let log: StatementLog

    public init(log: StatementLog) { self.log = log }

    /// Answers a GET. An activity that nobody spoke of is answered with its identifier alone.
    ///
    /// - Throws: `Problem`, to be shown as a problem document with `XAPIVersion.replyHeader`.
    public func answer(_ request: XAPIRequest, for caller: XAPICaller) async throws -> XAPIReply {
        let version = try XAPIVersion(of: request)
        try caller.check(.readActivities)
        let iri = try ParameterReader(request.query, known: ["activityId"]).requiredIRI("activityId")
        try caller.check(activity: iri)
        var activity = JSONObject([("objectType", "Activity"), ("id", .string(iri))])
        activity["definition"] = try await log.definitions(of: [iri], in: caller.tenant)[iri]
        return XAPIReply(json: .object(activity), version)
    }
}

/// The resource About: which versions are spoken here.
///
/// - Source: xAPI 1.0.3, part 3, 2.8; IEEE 9274.1.1-2023, 4.1.6.7.
public enum AboutResource {
    /// Answers a GET of anybody, with or without a version.
    ///
    /// - Throws: `Problem` (`parameter`).
    public static func answer(_ request: XAPIRequest) throws -> XAPIReply {
        _ = try ParameterReader(request.query, known: [])
        let versions = XAPIVersion.allCases.reversed().map(\.header)
        let about: JSONValue = ["version": JSONValue(versions), "extensions": .object(JSONObject())]
        return XAPIReply(json: about, request.headers["x-experience-api-version"].flatMap(XAPIVersion.init) ?? .two)
    }
}

extension XAPIReply {
    fileprivate init(json: JSONValue, _ version: XAPIVersion) {
        self.init(
            status: 200,
            headers: [
                ("Content-Type", "application/json"), ("X-Experience-API-Version", version.header),
            ],
            body: json.bytes)
    }
}

extension StatementLog {
    /// The Person object of an agent: every name and identifier of the agents that are known to be the same person.
    ///
    /// - Source: xAPI 1.0.3, part 3, 2.4, "Person Properties".
    public func person(like agent: AgentName, of tenant: TenantID) async throws -> JSONValue {
        let known = try await database.read { connection in
            try connection.rows(
                """
                SELECT ifi, name FROM agent WHERE tenant = \(tenant) AND ifi = \(agent.canonical)
                UNION
                SELECT b.ifi, b.name FROM agent a JOIN agent b ON b.tenant = a.tenant AND b.person = a.person
                WHERE a.tenant = \(tenant) AND a.ifi = \(agent.canonical)
                """
            ).map { (ifi: try $0.get("ifi", as: String.self), name: try $0.find("name", as: String.self)) }
        }
        let identifiers = Set(known.compactMap { AgentName(canonical: $0.ifi) } + [agent])
        var person = JSONObject([("objectType", "Person")])
        let names = Set(known.compactMap(\.name)).sorted()
        if !names.isEmpty { person["name"] = JSONValue(names) }
        for form in AgentName.Form.allCases {
            let some = identifiers.filter { $0.form == form }.sorted { $0.canonical < $1.canonical }
            if !some.isEmpty { person[form.rawValue] = .array(some.compactMap { $0.json[form.rawValue] }) }
        }
        return .object(person)
    }
}
