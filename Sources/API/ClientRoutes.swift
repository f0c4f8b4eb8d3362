import Basis
import Hummingbird
import JSON
import People
import Stores
import Web

/// The credentials of programs that use the record store, for administrators.
func clientRoutes(_ stores: Stores) -> [Route] {
    let book = stores.clients
    return [
        .api(
            .get, "/api/v1/clients", .right(.administer),
            "The record store's clients without their secrets, the newest first, the revoked among them."
        ) { visit in
            .json(.list(try await book.list(of: visit.tenant).map(view)))
        },
        .api(
            .post, "/api/v1/clients", .right(.administer), "Makes a client. Its secret is told once, here.",
            members: [
                .needs("label", .text, "What people call it."),
                .needs("scopes", .texts, "At least one of: \(ClientBook.scopes.joined(separator: ", "))."),
                .takes("activities", .text, "The scopes hold only for activities whose IRI begins with this."),
                .takes("learner", .text, "The key of the one person whom the scopes are about."),
            ]
        ) { visit in
            let members = try visit.members()
            let (client, secret) = try await book.create(
                label: members.text("label"), scopes: members.texts("scopes"),
                activities: members.textIfAny("activities"), learner: members.textIfAny("learner"), for: visit.tenant)
            return told(client, secret, .created)
        },
        .api(
            .post, "/api/v1/clients/{id}/rotate", .right(.administer),
            "Gives a client a new secret, told once, here. The old one stays valid for a while.",
            members: [.takes("graceHours", .integer, "How long the old secret stays valid: 0 to 720. 24 unless said.")]
        ) { visit in
            let id = try visit.identifier("id", of: Credential.self)
            let hours = try visit.members().integer("graceHours")
            let grace = try hours.map { try ClientBook.grace(hours: $0) } ?? ClientBook.grace
            let (client, secret) = try await book.rotate(id, keepingOldFor: grace, of: visit.tenant)
            return told(client, secret, .ok)
        },
        .api(
            .post, "/api/v1/clients/{id}/revoke", .right(.administer),
            "Refuses a client from now on, on every server within a second."
        ) { visit in
            try await book.revoke(try visit.identifier("id", of: Credential.self), of: visit.tenant)
            return .noContent
        },
    ]
}

/// With the secret, which no cache may keep.
private func told(_ client: Client, _ secret: String, _ status: HTTPResponse.Status) -> Response {
    var object = view(client).object ?? JSONObject()
    object["secret"] = .string(secret)
    var response = Response.json(.object(object), status: status)
    response.headers[.cacheControl] = "no-store"
    return response
}

private func view(_ client: Client) -> JSONValue {
    [
        "id": .init(client.id), "label": .string(client.label), "key": .string(client.key),
        "scopes": .init(client.scopes), "activities": .init(client.activities),
        "learner": client.learner.map { ["id": .init($0.id), "key": .string($0.key), "active": .init($0.isActive)] }
            ?? .null,
        "createdAt": .init(client.createdAt), "rotatedAt": .init(client.rotatedAt),
        "oldSecretValidUntil": .init(client.graceEndsAt), "lastUsedAt": .init(client.lastUsedAt),
        "revokedAt": .init(client.revokedAt),
    ]
}
