public import Basis

/// Which statements are asked for, as xAPI's `GET statements` names it.
public struct StatementQuery: Hashable, Sendable {
    /// An agent's or identified group's canonical identifier: see `AgentName.canonical`.
    public var agent: String?
    /// A verb's IRI.
    public var verb: String?
    /// An activity's IRI.
    public var activity: String?
    public var registration: String?
    /// The agent is looked for in the whole statement, not only as actor or object.
    public var withRelatedAgents = false
    /// The activity is looked for in the whole statement, not only as object.
    public var withRelatedActivities = false
    /// Stored after this.
    public var since: Moment?
    /// Stored at or before this.
    public var until: Moment?
    public var isAscending = false
    /// 0 for as many as `pageLimit`.
    public var limit = 0
    /// Only what this authority stored.
    public var authority: Authority?
    /// The cursor of the page before.
    public var cursor: Int?

    /// The most bytes of the statements on one page; one statement is always there.
    public var pageBytes = XAPILimits().pageBytes

    /// The most statements on one page.
    public static let pageLimit = 500

    /// Whether it asks for anything but time and order.
    var isFiltered: Bool { agent != nil || verb != nil || activity != nil || registration != nil }

    public init() {}
}

/// One statement as it lies in the log.
public struct StoredStatement: Sendable {
    /// Its place in the log: later statements have larger numbers.
    public let sequence: Int
    public let id: ID<Statement>
    public let storedAt: Moment
    /// When it happened, or when it was stored.
    public let timestamp: Moment
    /// Exactly as received.
    public let body: [UInt8]
    public let version: XAPIVersion
    public let isVoided: Bool
    /// The authority's agent.
    let authority: AgentName?
}

/// One page of statements.
public struct StatementPage: Sendable {
    public let statements: [StoredStatement]
    /// For `StatementQuery.cursor`; nil on the last page.
    public let next: Int?
}
