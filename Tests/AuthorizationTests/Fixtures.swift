import Authorization
import Basis
import Testing

/// What the tests of single constructs ask.
enum Ask {
    static let ada = EntityReference("Learner", "ada")
    static let tutor = EntityReference("AIUse", "tutor")
    static let sales = EntityReference("Unit", "sales")
    static let company = EntityReference("Unit", "company")
    static let absent = EntityReference("Learner", "nobody")

    static func entities() throws -> Entities {
        try Entities([
            Entity(
                ada,
                [
                    "age": 34, "name": "Ada", "open": true, "unit": .entity(sales), "tags": ["a", "b"],
                    "info": ["level": 2, "deep": ["flag": true]], "my key": 1, "peer": .entity(absent),
                    "groups": [.entity(sales), .entity(company)],
                ], in: [sales]),
            Entity(sales, in: [company]), Entity(company),
            Entity(tutor, ["status": "active", "owner": .entity(ada)]),
            Entity(EntityReference("Action", "ask"), in: [EntityReference("Action", "ai")]),
        ])
    }

    static func request(_ context: PolicyRecord = ["hour": 9]) -> AuthorizationRequest {
        AuthorizationRequest(
            principal: ada, action: EntityReference("Action", "ask"), resource: tutor, context: context)
    }

    static func decide(_ text: String, _ context: PolicyRecord = ["hour": 9]) throws -> AuthorizationDecision {
        Authorizer(try PolicySet(parsing: text)).decide(request(context), try entities())
    }

    /// What a condition gives: true, false, or why it fails.
    static func holds(_ condition: String) throws -> Result<Bool, EvaluationError> {
        let decision = try decide("permit (principal, action, resource) when { \(condition) };")
        return decision.failures.first.map { .failure($0.error) } ?? .success(decision.isAllowed)
    }

    /// Why a text is no set of policies; empty if it is one.
    static func issues(_ text: String) -> [PolicyIssue] {
        do {
            _ = try PolicySet(parsing: text)
            return []
        } catch { return error.issues }
    }

    /// The first thing wrong with a condition.
    static func issue(inCondition condition: String) -> PolicyIssue? {
        issues("permit (principal, action, resource) when {\n\(condition)\n};").first
    }
}
