public import Basis

/// Who calls, after the credential was verified.
public struct XAPICaller: Sendable {
    public let tenant: TenantID
    public let authority: Authority
    public let scopes: Set<XAPIScope>
    /// What its scopes reach.
    public let reach: XAPIReach

    public init(
        tenant: TenantID, authority: Authority, scopes: Set<XAPIScope>, reach: XAPIReach = XAPIReach()
    ) {
        self.tenant = tenant
        self.authority = authority
        self.scopes = scopes
        self.reach = reach
    }
}

/// How far the scopes of a credential reach: everything, unless it is bound.
public struct XAPIReach: Hashable, Sendable {
    /// Only activities whose IRI begins with this.
    public let activities: String?
    /// Only what is about this learner.
    public let learner: AgentName?

    public init(activities: String? = nil, learner: AgentName? = nil) {
        self.activities = activities
        self.learner = learner
    }

    /// Whether everything is in reach.
    public var isUnbound: Bool { activities == nil && learner == nil }

    func holds(activity iri: String?) -> Bool { activities.map { iri?.hasPrefix($0) ?? false } ?? true }
    func holds(agent: AgentName?) -> Bool { learner.map { $0 == agent } ?? true }
}

extension XAPICaller {
    /// - Throws: `Problem` (`reach`).
    func check(activity iri: String) throws(Problem) {
        if !reach.holds(activity: iri) { throw beyondReach }
    }

    /// - Throws: `Problem` (`reach`).
    func check(agent: AgentName) throws(Problem) {
        if reach.activities != nil || !reach.holds(agent: agent) { throw beyondReach }
    }

    /// Activity profiles are shared by all learners: a credential of one learner reads them and changes none.
    ///
    /// - Throws: `Problem` (`reach`).
    func check(_ folder: DocumentFolder, isChange: Bool) throws(Problem) {
        switch folder {
        case .state(let activity, let agent, _):
            if !reach.holds(activity: activity) || !reach.holds(agent: agent) { throw beyondReach }
        case .activityProfile(let activity):
            if !reach.holds(activity: activity) || (isChange && reach.learner != nil) { throw beyondReach }
        case .agentProfile(let agent): try check(agent: agent)
        }
    }

    /// Whether a statement is in reach: its object is one of the activities, its actor is the learner.
    func reaches(_ facts: StatementFacts) -> Bool {
        reach.isUnbound || (reach.holds(activity: facts.activity?.iri) && reach.holds(agent: facts.actor?.agent))
    }

    /// What is in reach, for people.
    var beyondReach: Problem {
        var bounds: [String] = []
        if let activities = reach.activities { bounds.append("activities whose IRI begins with \(activities)") }
        if let learner = reach.learner { bounds.append("the learner \(learner.canonical)") }
        let words = bounds.joined(separator: " and ")
        return Problem(
            .forbidden, "reach", "This credential reaches only \(words). Ask for one that reaches further.")
    }
}
