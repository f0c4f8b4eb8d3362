import Basis
import HTML
import Hummingbird
import People
import Web

/// The record store's clients, for administrators.
func clientRoutes(_ stores: SiteStores) -> [Route] {
    [
        .get("/settings/clients", .right(.administer), "The programs that may use the record store.") { visit in
            let model = try await clients(stores, visit, chosen: ["statements/write"])
            return .page(clientsPage(model, in: try await stores.framed(visit)))
        },
        .post("/settings/clients", .right(.administer), "Makes a client; key and secret are shown once.") { visit in
            let form = try visit.form()
            let scopes = form.all("scopes")
            do {
                let (client, secret) = try await stores.clients.create(
                    label: form.text("label"), scopes: scopes, for: visit.tenant)
                var model = try await clients(stores, visit, chosen: ["statements/write"])
                model.made = (client.label, client.key, secret)
                var response = Response.page(clientsPage(model, in: try await stores.framed(visit)))
                response.headers[.cacheControl] = "no-store"
                return response
            } catch {
                var model = try await clients(stores, visit, chosen: Set(scopes))
                model.form = Entries(form).refused(try refusal(of: error))
                return .page(clientsPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
        .post("/settings/clients/{id}/revoke", .right(.administer), "Refuses a client from now on.") { visit in
            try await stores.clients.revoke(try visit.identifier("id", of: Credential.self), of: visit.tenant)
            return .redirect(to: "/settings/clients?said=revoked")
        },
    ]
}

private func clients(_ stores: SiteStores, _ visit: Visit, chosen: Set<String>) async throws -> ClientsModel {
    let all = try await stores.clients.list(of: visit.tenant)
    return ClientsModel(
        entries: all.map { client in
            ClientsModel.Entry(
                id: "\(client.id)", label: client.label, key: client.key, scopes: client.scopes,
                createdAt: client.createdAt, lastUsedAt: client.lastUsedAt, isRevoked: client.isRevoked)
        }, scopes: ClientBook.scopes, chosen: chosen)
}
