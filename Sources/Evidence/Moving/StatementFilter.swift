public import Basis
public import JSON

/// Which statements leave for somewhere else. What is not said does not matter.
public struct StatementFilter: Hashable, Sendable {
    /// Verbs by IRI; empty for any.
    public var verbs: [String] = []
    /// How the IRI of the object begins.
    public var activityPrefix: String?
    /// The actor: see `AgentName.canonical`.
    public var agent: String?
    /// Stored at or after this.
    public var since: Moment?

    public init() {}

    /// Whether a statement may leave.
    public func admits(_ statement: StoredStatement) -> Bool {
        if let since, statement.storedAt < since { return false }
        if verbs.isEmpty, activityPrefix == nil, agent == nil { return true }
        guard let value = try? JSONValue(parsing: statement.body) else { return false }
        if !verbs.isEmpty, !(value["verb"]?["id"]?.string.map(verbs.contains) ?? false) { return false }
        if let activityPrefix, value["object"]?["id"]?.string?.hasPrefix(activityPrefix) != true { return false }
        if let agent, value["actor"].flatMap({ AgentName($0) })?.canonical != agent { return false }
        return true
    }

    /// As it is stored.
    public var json: JSONValue {
        [
            "verbs": .init(verbs), "activityPrefix": .init(activityPrefix), "agent": .init(agent),
            "since": .init(since?.timestamp),
        ]
    }

    /// Reads what `json` writes.
    public init(_ value: JSONValue) {
        verbs = value["verbs"]?.array?.compactMap(\.string) ?? []
        activityPrefix = value["activityPrefix"]?.string
        agent = value["agent"]?.string
        since = value["since"]?.string.flatMap { Moment(timestamp: $0) }
    }

    /// - Throws: `Problem` (`filter-invalid`) with a pointer to each member that is wrong.
    public func check() throws(Problem) {
        var flaws: [(pointer: String, detail: String)] = []
        for (index, verb) in verbs.enumerated() where !Format.isIRI(verb) {
            flaws.append(("/verbs/\(index)", "“\(verb)” is no absolute IRI."))
        }
        if let activityPrefix, activityPrefix.isEmpty || !activityPrefix.contains(":") {
            flaws.append(("/activityPrefix", "Write how the IRIs begin, such as https://example.org/courses/."))
        }
        if let agent, AgentName(canonical: agent) == nil {
            flaws.append(("/agent", "Write mbox:mailto:… or account:HOME NAME."))
        }
        if flaws.isEmpty { return }
        throw Problem(
            .invalid, "filter-invalid", flaws.map(\.detail).joined(separator: " "), at: flaws.map(\.pointer),
            details: flaws.map(\.detail))
    }
}
