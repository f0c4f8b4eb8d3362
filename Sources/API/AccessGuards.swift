import Basis
import Evidence
import Hummingbird
import Imports
import Intent
import People
import Stores
import Web

/// Where the access rules are asked before a route of the API does anything. See docs/access-rules.md.
func accessGuards(_ stores: Stores) -> [RouteGuard] {
    func asks(
        _ method: HTTPRequest.Method, _ path: String, _ action: AccessAction,
        _ resource: @escaping @Sendable (Visit) throws -> AccessResource
    ) -> RouteGuard {
        RouteGuard(method, path) { visit in
            try await stores.expect(action, on: try resource(visit), visit)
        }
    }
    let person: @Sendable (Visit) throws -> AccessResource = { .person(try $0.identifier("id")) }
    let content = [ImportKind.catalogue, .texts, .items, .framework].map { kind in
        RouteGuard(.post, "/api/v1/imports/\(kind.rawValue)") { visit in
            // A dry run publishes nothing.
            if visit.query.text("dryRun") == "true" { return }
            try await stores.expect(.publishContent, on: .content(kind: kind.rawValue), visit)
        }
    }
    return [
        asks(.post, "/api/v1/strategies/{id}/publish", .publishStrategy) { .strategy(try $0.identifier("id")) },
        asks(.post, "/api/v1/mandates/{id}/publish", .publishMandate) { .mandate(try $0.identifier("id")) },
        asks(.post, "/api/v1/mandates/{id}/restore", .publishMandate) { .mandate(try $0.identifier("id")) },
        asks(.post, "/api/v1/certifications/{id}/publish", .publishMandate) {
            .certification(try $0.identifier("id"))
        },
        asks(.post, "/api/v1/certifications/{id}/revise", .publishMandate) {
            .certification(try $0.identifier("id"))
        },
        asks(.post, "/api/v1/certifications/{id}/restore", .publishMandate) {
            .certification(try $0.identifier("id"))
        },
        asks(.get, "/api/v1/certifications/{id}/people", .viewAsked) { .certification(try $0.identifier("id")) },
        asks(.get, "/api/v1/certifications/{id}/people/{person}", .viewAsked) {
            .certification(try $0.identifier("id"))
        },
        asks(.post, "/api/v1/documents/{id}/publish", .publishDocument) { .document(try $0.identifier("id")) },
        asks(.put, "/api/v1/policy", .publishPolicy) { _ in .policy },
        asks(.post, "/api/v1/rules/draft/publish", .publishRules) { _ in .rules },
        asks(.post, "/api/v1/rules/versions/{version}/restore", .publishRules) { _ in .rules },
        asks(.get, "/api/v1/people", .viewPeople) { _ in .people },
        asks(.get, "/api/v1/people/{id}", .viewPerson, person),
        asks(.get, "/api/v1/people/{id}/holdings", .viewPerson, person),
        asks(.get, "/api/v1/people/{id}/working-time", .viewPerson, person),
        asks(.post, "/api/v1/people/{id}/data.zip", .exportPerson, person),
        asks(.post, "/api/v1/people/{id}/erasure", .erasePerson, person),
        asks(.get, "/api/v1/statements/pseudonymised", .viewStatements) { _ in .statements },
        RouteGuard(.get, "/xapi/statements") { visit in
            // What a program wrote itself it reads back; what others wrote is asked about.
            let scopes = Set((visit.client?.scopes ?? []).compactMap(XAPIScope.init))
            if scopes.isDisjoint(with: XAPIDeed.readStatements.scopes) { return }
            try await stores.expect(.viewStatements, on: .statements, visit)
        },
    ] + content
}

extension Stores {
    /// Whether the access rules let the caller read who is asked; without, counts stay.
    func mayName(_ resource: AccessResource, _ visit: Visit) async throws -> Bool {
        try await access.decide(
            AccessQuestion(.known(try visit.me), .viewAsked, resource, at: visit.route.path), of: visit.tenant
        ).isAllowed
    }

    /// Refuses what the access rules do not allow to whoever calls. What is not there the handler tells.
    fileprivate func expect(_ action: AccessAction, on resource: AccessResource, _ visit: Visit) async throws {
        let principal: AccessPrincipal
        if let person = visit.person {
            principal = .known(person)
        } else if let client = visit.client {
            principal = .program(client.label)
        } else {
            throw Problem(.anonymous, "sign-in", "Sign in first.")
        }
        // Whoever changes the rules is asked alike on every way.
        let point = action == .publishRules ? nil : visit.route.path
        do {
            try await access.expect(AccessQuestion(principal, action, resource, at: point), of: visit.tenant)
        } catch let problem as Problem where problem.kind == .missing {}
    }
}
