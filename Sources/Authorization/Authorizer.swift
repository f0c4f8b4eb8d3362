/// A set of policies made ready to be asked often.
///
/// Policies lie in buckets by their actions and, within those, by resource, principal or type, so that a request meets
/// few of them; what of a policy does not depend on the request is evaluated once.
///
/// A request is allowed if some permit applies and no forbid does. A policy that cannot be evaluated does not count
/// and is reported.
///
/// - Source: Cedar policy language, “Authorization”.
public struct Authorizer: Sendable {
    /// What was made ready.
    public let policySet: PolicySet
    private let rules: [CompiledPolicy]
    private let index: ScopeIndex

    public init(_ policySet: PolicySet) {
        self.policySet = policySet
        var references = ReferenceTable()
        rules = policySet.policies.map { CompiledPolicy($0, &references) }
        index = ScopeIndex(rules, references)
    }

    /// Decides about one request.
    ///
    /// - Cost: some microseconds for a few hundred policies whose scopes differ.
    public func decide(_ request: AuthorizationRequest, _ entities: Entities = .none) -> AuthorizationDecision {
        let evaluation = Evaluation(request, entities)
        let scope = RequestScope(request, entities, index.references)
        var permits: [String] = []
        var forbids: [String] = []
        var failures: [PolicyFailure] = []
        for number in index.candidates(for: scope) where rules[number].covers(scope) {
            let rule = rules[number]
            do {
                guard try evaluation.holds(rule.clauses) else { continue }
                switch rule.effect {
                case .permit: permits.append(rule.id)
                case .forbid: forbids.append(rule.id)
                }
            } catch {
                failures.append(PolicyFailure(id: rule.id, error: error))
            }
        }
        let isAllowed = forbids.isEmpty && !permits.isEmpty
        return AuthorizationDecision(
            isAllowed: isAllowed, determining: isAllowed ? permits : forbids, failures: failures)
    }

    /// How many policies a request meets: those that are evaluated.
    public func candidateCount(for request: AuthorizationRequest, _ entities: Entities = .none) -> Int {
        let scope = RequestScope(request, entities, index.references)
        return index.candidates(for: scope).count { rules[$0].covers(scope) }
    }
}
