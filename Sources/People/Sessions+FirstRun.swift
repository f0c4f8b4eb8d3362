import Basis
import Storage

/// What the set-up page asks for.
public struct FirstRun: Sendable {
    public var organisation: String
    /// The address under which people reach Leeway, an absolute IRL: the home page of accounts in evidence.
    public var home: String
    public var name: String
    public var email: String
    public var password: String
    public var roles: Set<Role>

    /// As the set-up page was filled in. The administrator's role is added when `roles` lacks it.
    public init(
        organisation: String, home: String, name: String, email: String, password: String,
        roles: Set<Role> = [.learner, .administrator]
    ) {
        self.organisation = organisation
        self.home = home
        self.name = name
        self.email = email
        self.password = password
        self.roles = roles
    }
}

extension Sessions {
    /// Sets an empty Leeway up: the first tenant and its first administrator, who is signed in at once.
    ///
    /// People may have been imported before; nobody may have a password yet. A tenant that is there keeps its home,
    /// because evidence may name it; a person with this e-mail address becomes the administrator.
    /// - Throws: `Problem` (`set-up-done`, `tenant-invalid`, `person-invalid`, `password-weak`).
    public func setUp(_ first: FirstRun) async throws -> SignedIn {
        let directory = directory
        guard try await directory.isEmpty() else { throw Sessions.alreadySetUp }
        if first.email.isEmpty {
            throw Problem(.invalid, "person-invalid", "The e-mail address is empty. Write yours.", at: ["/email"])
        }
        try PasswordRules.check(first.password, name: first.name, email: first.email)
        let hash = try await hashed(first.password)
        let now = world.now()
        return try await database.write { connection in
            guard try directory.isEmpty(on: connection) else { throw Sessions.alreadySetUp }
            let tenant = try self.tenant(for: first, on: connection)
            var draft = PersonDraft(
                key: try freeKey(tenant, on: connection), name: first.name, email: first.email, roles: first.roles)
            if let known = try directory.person(email: first.email, of: tenant, on: connection) {
                draft = PersonDraft(known)
                draft.roles.formUnion(first.roles)
                draft.isActive = true
            }
            draft.roles.insert(.administrator)
            let person = try directory.save(draft, of: tenant, on: connection)
            try store(hash, isTemporary: false, for: person.id, of: tenant, at: now, on: connection)
            return try open(for: person, mustChange: false, at: now, on: connection)
        }
    }

    private func tenant(for first: FirstRun, on connection: any Connection) throws -> TenantID {
        guard try directory.tenant(.first, on: connection) != nil else {
            return try directory.createTenant(name: first.organisation, home: first.home, on: connection)
        }
        try connection.run("UPDATE tenant SET name = \(first.organisation) WHERE tenant = \(TenantID.first)")
        return .first
    }

    private func freeKey(_ tenant: TenantID, on connection: any Connection) throws -> String {
        var (key, count) = ("administrator", 1)
        while try directory.person(key: key, of: tenant, on: connection) != nil {
            count += 1
            key = "administrator-\(count)"
        }
        return key
    }

    private static var alreadySetUp: Problem {
        Problem(.conflict, "set-up-done", "Leeway is set up already. Sign in, or ask an administrator for a password.")
    }
}
