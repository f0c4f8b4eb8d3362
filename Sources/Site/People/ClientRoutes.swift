import Basis
import HTML
import Hummingbird
import People
import Stores
import Web

/// The record store's clients, for administrators.
func clientRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/settings/clients", .right(.administer), "The programs that may use the record store.") { visit in
            let model = try await clients(stores, visit, chosen: usual)
            return .page(clientsPage(model, in: try await stores.framed(visit)))
        },
        .post("/settings/clients", .right(.administer), "Makes a client; key and secret are shown once.") { visit in
            let form = try visit.form()
            let scopes = form.all("scopes")
            do {
                let (client, secret) = try await stores.clients.create(
                    label: form.text("label"), scopes: scopes, activities: form.textIfAny("activities"),
                    learner: form.textIfAny("learner"), for: visit.tenant)
                return try await shown(client, secret, stores, visit)
            } catch {
                var model = try await clients(stores, visit, chosen: Set(scopes))
                model.form = Entries(form).refused(try refusal(of: error))
                return .page(clientsPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
        .post(
            "/settings/clients/{id}/rotate", .right(.administer),
            "Gives a client a new secret, shown once; the old one stays valid for a while."
        ) { visit in
            let form = try visit.form()
            do {
                let hours = form.text("graceHours")
                guard let number = Int(hours) else {
                    throw Problem(.invalid, "client-invalid", "“\(hours)” is no whole number of hours. Write 24.")
                }
                let (client, secret) = try await stores.clients.rotate(
                    try visit.identifier("id", of: Credential.self),
                    keepingOldFor: try ClientBook.grace(hours: number), of: visit.tenant)
                return try await shown(client, secret, stores, visit)
            } catch let problem as Problem where problem.kind == .invalid {
                var model = try await clients(stores, visit, chosen: usual)
                model.form = Entries(errors: ["": problem.detail])
                return .page(clientsPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
        .post("/settings/clients/{id}/revoke", .right(.administer), "Refuses a client from now on.") { visit in
            try await stores.clients.revoke(try visit.identifier("id", of: Credential.self), of: visit.tenant)
            return .redirect(to: "/settings/clients?said=revoked")
        },
    ]
}

/// The page with a secret on it, which no cache may keep.
private func shown(
    _ client: Client, _ secret: String, _ stores: Stores, _ visit: Visit
) async throws -> Response {
    var model = try await clients(stores, visit, chosen: usual)
    model.made = .init(label: client.label, key: client.key, secret: secret, graceEndsAt: client.graceEndsAt)
    var response = Response.page(clientsPage(model, in: try await stores.framed(visit)))
    response.headers[.cacheControl] = "no-store"
    return response
}

private func clients(_ stores: Stores, _ visit: Visit, chosen: Set<String>) async throws -> ClientsModel {
    let all = try await stores.clients.list(of: visit.tenant)
    let now = stores.world.now()
    return ClientsModel(
        entries: all.map { client in
            ClientsModel.Entry(
                id: "\(client.id)", label: client.label, key: client.key, scopes: client.scopes,
                bounds: bounds(of: client), createdAt: client.createdAt, rotatedAt: client.rotatedAt,
                graceEndsAt: client.graceEndsAt.flatMap { $0 > now ? $0 : nil }, lastUsedAt: client.lastUsedAt,
                isRevoked: client.isRevoked)
        }, scopes: ClientBook.scopes, chosen: chosen)
}

/// What most programs need: to send statements with what they say of their activities.
private let usual: Set<String> = ["define", "statements/write"]

private func bounds(of client: Client) -> [String] {
    let activities = client.activities.map { "only activities that begin with \($0)" }
    let learner = client.learner.map { learner in
        "only \(learner.name.isEmpty ? learner.key : learner.name)" + (learner.isActive ? "" : ", who is not active")
    }
    return [activities, learner].compactMap { $0 }
}
