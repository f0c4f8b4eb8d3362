import Basis
import Hummingbird
import JSON
import People
import Stores
import Web

/// Signing in and out by JSON.
func sessionRoutes(_ stores: Stores) -> [Route] {
    [
        .api(
            .post, "/api/v1/session", .anyone, "Signs in: sets the session's cookie and tells its CSRF token.",
            members: [.needs("name", .text, "An e-mail address or a key."), .needs("password", .text)]
        ) { visit in
            let members = try visit.members()
            let signedIn = try await stores.sessions.signIn(
                members.text("name"), password: members.text("password"), tenant: visit.tenant, from: visit.address)
            return .json(view(signedIn.session), status: .created)
                .setting(.signIn(signedIn.token, age: Sessions.longest, for: visit))
        },
        .api(.get, "/api/v1/session", .signedIn, "Who is signed in, with which rights.") { visit in
            guard let session = visit.session else { throw missing("session") }
            return .json(view(session))
        },
        .api(.delete, "/api/v1/session", .signedIn, "Signs out.") { visit in
            if let token = visit.token { try await stores.sessions.signOut(token) }
            return .noContent.setting(.signOut(for: visit))
        },
    ]
}

private func view(_ session: Session) -> JSONValue {
    [
        "person": .init(session.person.id), "name": .string(session.person.name),
        "rights": .init(Right.allCases.filter(session.rights.contains).map(\.rawValue)),
        "csrf": .string(session.csrf), "mustChangePassword": .bool(session.mustChangePassword),
        "expiresAt": .init(session.expiresAt),
    ]
}
