public import Basis

/// A request with what the policies should say to it.
///
/// As a text, beside the policies it is for:
///
///     entity AIUse::"tutor" { status: "active" };
///
///     test "A learner may ask the tutor" {
///         principal Learner::"ada";
///         action Action::"ask";
///         resource AIUse::"tutor";
///         context { hour: 9 };
///         entity Learner::"ada" { age: 34 } in [Unit::"sales"];
///         expect allow by ["tutor"];
///         expect errors [];
///     }
///
/// `context`, `entity`, `by` and `expect errors` may be left out. Entities outside a test are in all of them.
public struct PolicyTest: Hashable, Sendable {
    public let name: String
    public let request: AuthorizationRequest
    /// Those that it brings itself.
    public let entities: [Entity]
    public let isAllowed: Bool
    /// The ids of the policies that must decide, in any order; nil where it does not matter.
    public let determining: [String]?
    /// The ids of the policies that must fail, in any order; nil where it does not matter.
    public let failing: [String]?

    public init(
        _ name: String, _ request: AuthorizationRequest, entities: [Entity] = [], isAllowed: Bool,
        determining: [String]? = nil, failing: [String]? = nil
    ) {
        self.name = name
        self.request = request
        self.entities = entities
        self.isAllowed = isAllowed
        self.determining = determining
        self.failing = failing
    }

    /// Runs it, with entities that are there beside its own. Empty where the policies say what they should, else a
    /// sentence for each thing that is not so.
    public func complaints(about authorizer: Authorizer, _ entities: Entities = .none) -> [String] {
        let decision: AuthorizationDecision
        do { decision = authorizer.decide(request, try entities.adding(self.entities)) } catch {
            return [error.detail]
        }
        var complaints: [String] = []
        if decision.isAllowed != isAllowed {
            let expected = isAllowed ? "allow" : "deny"
            complaints.append("Expected \(expected), but \(Self.reason(for: decision)).")
        } else if let determining, !Self.isSame(determining, decision.determining) {
            complaints.append(
                "Expected \(Self.list(determining)) to decide, but \(Self.list(decision.determining)) did.")
        }
        if let failing, !Self.isSame(failing, decision.failures.map(\.id)) {
            complaints.append(
                "Expected \(Self.list(failing)) to fail, but \(Self.list(decision.failures.map(\.id))) did.")
        }
        if !complaints.isEmpty {
            complaints += decision.failures.map { "\($0.id) could not be evaluated. \($0.error)" }
        }
        return complaints
    }

    private static func reason(for decision: AuthorizationDecision) -> String {
        if decision.isAllowed { return "\(list(decision.determining)) permit it" }
        return decision.determining.isEmpty ? "no policy permits it" : "\(list(decision.determining)) forbid it"
    }

    private static func list(_ ids: [String]) -> String { ids.isEmpty ? "no policy" : ids.joined(separator: ", ") }

    private static func isSame(_ left: [String], _ right: [String]) -> Bool {
        Set(left.map { PolicyValue.string($0) }) == Set(right.map { PolicyValue.string($0) })
    }
}

/// A test that found something, and what.
public struct PolicyTestFailure: Hashable, Sendable {
    /// The test's name.
    public let name: String
    /// Sentences, at least one.
    public let complaints: [String]
}

/// Tests with the entities that are in all of them.
public struct PolicyTests: Hashable, Sendable {
    public let tests: [PolicyTest]
    public let entities: [Entity]

    public init(_ tests: [PolicyTest], entities: [Entity] = []) {
        self.tests = tests
        self.entities = entities
    }

    /// Runs all of them; empty where the policies say what they should.
    ///
    /// - Throws: `Problem` (`entity-twice`, `entity-cycle`) for the entities that are in all of them.
    public func failures(of policies: PolicySet) throws(Problem) -> [PolicyTestFailure] {
        let (authorizer, entities) = (Authorizer(policies), try Entities(entities))
        return tests.compactMap { test in
            let complaints = test.complaints(about: authorizer, entities)
            return complaints.isEmpty ? nil : PolicyTestFailure(name: test.name, complaints: complaints)
        }
    }
}
