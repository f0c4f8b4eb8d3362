import Basis
import Hummingbird
import Imports
import Intent
import People
import Storage
import Stores
import Web

/// Where the access rules are asked before a page shows or does anything. See docs/access-rules.md.
func accessGuards(_ stores: Stores) -> [RouteGuard] {
    func asks(
        _ method: HTTPRequest.Method, _ path: String, _ action: AccessAction,
        _ resource: @escaping @Sendable (Visit) async throws -> AccessResource?
    ) -> RouteGuard {
        RouteGuard(method, path) { visit in
            // Nil where the form asks for less, such as keeping a draft.
            guard let resource = try await resource(visit) else { return }
            try await stores.expect(action, on: resource, visit)
        }
    }
    let person: @Sendable (Visit) throws -> AccessResource? = { .person(try $0.identifier("id")) }
    return [
        asks(.post, "/strategy/{id}/publish", .publishStrategy) { .strategy(try $0.identifier("id")) },
        asks(.post, "/mandates/{id}/publish", .publishMandate) { .mandate(try $0.identifier("id")) },
        asks(.post, "/mandates/{id}/restore", .publishMandate) { .mandate(try $0.identifier("id")) },
        asks(.post, "/mandates/new", .publishMandate) { visit in
            try visit.form().text("do") == "publish" ? .newMandate : nil
        },
        asks(.post, "/mandates/{id}/edit", .publishMandate) { try await editedMandate(stores, $0) },
        asks(.post, "/certifications/{id}/publish", .publishMandate) { .certification(try $0.identifier("id")) },
        asks(.post, "/certifications/{id}/restore", .publishMandate) { .certification(try $0.identifier("id")) },
        asks(.post, "/certifications/{id}/edit", .publishMandate) { visit in
            let id = try visit.identifier("id", of: Mandate.self)
            let record = try await stores.certifications.find(id, of: visit.tenant)
            return record?.state == .published ? .certification(id) : nil
        },
        asks(.get, "/certifications/{id}/people.csv", .viewAsked) { .certification(try $0.identifier("id")) },
        asks(.get, "/certifications/{id}/people/{person}", .viewAsked) { .certification(try $0.identifier("id")) },
        asks(.post, "/documents/{id}/publish", .publishDocument) { .document(try $0.identifier("id")) },
        asks(.post, "/policy/edit", .publishPolicy) { try $0.form().text("do") == "preview" ? nil : .policy },
        asks(.post, "/imports/{id}/run", .publishContent) { try await importedContent(stores, $0) },
        asks(.post, "/rules/edit", .publishRules) { try $0.form().text("do") == "publish" ? .rules : nil },
        asks(.post, "/rules/versions/{version}/restore", .publishRules) { _ in .rules },
        asks(.get, "/people", .viewPeople) { _ in .people },
        asks(.get, "/people.csv", .viewPeople) { _ in .people },
        asks(.get, "/people/{id}", .viewPerson, person),
        asks(.get, "/people/{id}/edit", .viewPerson, person),
        asks(.get, "/team", .viewTeam) { .team(of: try $0.me.id) },
        asks(.get, "/statements", .viewStatements) { _ in .statements },
        asks(.get, "/statements/{id}", .viewStatements) { _ in .statements },
        asks(.get, "/privacy/people/{id}", .viewPerson, person),
        asks(.post, "/privacy/people/{id}/data.zip", .exportPerson, person),
        asks(.post, "/privacy/people/{id}/erase", .erasePerson, person),
    ]
}

/// What becomes of a mandate that is published with this form, or was before.
private func editedMandate(_ stores: Stores, _ visit: Visit) async throws -> AccessResource? {
    let (id, wish) = (try visit.identifier("id", of: Mandate.self), try visit.form().text("do"))
    guard ["save", "publish"].contains(wish), let record = try await stores.mandates.find(id, of: visit.tenant) else {
        return nil
    }
    return wish == "publish" || record.state == .published ? .mandate(id) : nil
}

/// Nil for an import of anything but content.
private func importedContent(_ stores: Stores, _ visit: Visit) async throws -> AccessResource? {
    let id = try visit.identifier("id", of: Job.self)
    guard let job = try await stores.jobs.find(id, of: visit.tenant), let ticket = ImportTicket(job) else { return nil }
    switch ticket.kind {
    case .catalogue, .texts, .items, .framework: return .content(kind: ticket.kind.rawValue)
    case .people, .statements, .responses: return nil
    }
}

extension Stores {
    /// Whether the access rules let the one who visits read by name who is asked; without, counts stay.
    func mayName(_ resource: AccessResource, _ visit: Visit) async throws -> Bool {
        try await access.decide(
            AccessQuestion(.known(try visit.me), .viewAsked, resource, at: visit.route.path), of: visit.tenant
        ).isAllowed
    }

    /// Whether the access rules let the one who visits find people by name.
    func mayFindPeople(_ visit: Visit) async throws -> Bool {
        try await access.decide(
            AccessQuestion(.known(try visit.me), .viewPeople, .people, at: visit.route.path), of: visit.tenant
        ).isAllowed
    }

    /// Refuses what the access rules do not allow to the one who visits. What is not there the handler tells.
    fileprivate func expect(_ action: AccessAction, on resource: AccessResource, _ visit: Visit) async throws {
        // Whoever changes the rules is asked alike on every way.
        let point = action == .publishRules ? nil : visit.route.path
        do {
            try await access.expect(
                AccessQuestion(.known(try visit.me), action, resource, at: point), of: visit.tenant)
        } catch let problem as Problem where problem.kind == .missing {}
    }
}
