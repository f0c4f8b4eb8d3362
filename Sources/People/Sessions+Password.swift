public import Basis
import Storage

extension Sessions {
    /// Whether the person can sign in with a password.
    public func hasPassword(_ person: ID<Person>, of tenant: TenantID) async throws -> Bool {
        try await database.read { connection in
            try connection.holds(
                "SELECT 1 AS one FROM person_password WHERE tenant = \(tenant) AND person = \(person)")
        }
    }

    /// Gives a person a password that stays, and ends the person's sessions.
    ///
    /// - Throws: `Problem` (`person-missing`, `password-weak`).
    public func setPassword(_ password: String, for person: ID<Person>, of tenant: TenantID) async throws {
        let record = try await found(person, of: tenant)
        try PasswordRules.check(password, name: record.name, email: record.email)
        let hash = try await hashed(password)
        let now = world.now()
        try await database.write { connection in
            try store(hash, isTemporary: false, for: person, of: tenant, at: now, on: connection)
            try connection.run("DELETE FROM person_session WHERE tenant = \(tenant) AND person = \(person)")
        }
    }

    /// Gives each person the same password, hashed once: for the demonstration, which prints it.
    public func setPasswords(_ password: String, for people: [ID<Person>], of tenant: TenantID) async throws {
        let hash = try await hashed(password)
        let now = world.now()
        try await database.write { connection in
            for person in people {
                try store(hash, isTemporary: false, for: person, of: tenant, at: now, on: connection)
            }
        }
    }

    /// Gives a person a one-time password that must be changed at the next sign-in, and ends the person's sessions.
    ///
    /// - Returns: The password, to be told to the person; it cannot be read again.
    /// - Throws: `Problem` (`person-missing`).
    public func resetPassword(of person: ID<Person>, _ tenant: TenantID) async throws -> String {
        let record = try await found(person, of: tenant)
        let password = Sessions.spoken(world.bytes(16))
        let hash = try await hashed(password)
        let now = world.now()
        try await database.write { connection in
            try store(hash, isTemporary: true, for: person, of: tenant, at: now, on: connection)
            try connection.run("DELETE FROM person_session WHERE tenant = \(tenant) AND person = \(person)")
            // Whoever was locked out by somebody else's guesses gets in again.
            let account = Account(person: record, hash: nil, isTemporary: true, usedAt: nil, changedAt: nil)
            let subject = account.subject(named: "")
            try connection.run("DELETE FROM sign_in_throttle WHERE tenant = \(tenant) AND subject = \(subject)")
        }
        return password
    }

    /// Changes the password of the session's person, and ends that person's other sessions.
    ///
    /// - Throws: `SignInWait`; `Problem` (`anonymous`, `password-wrong`, `password-same`, `password-weak`).
    public func changePassword(_ token: String, current: String, new: String) async throws {
        guard let session = try await session(token), let (tenant, tokenHash) = Sessions.parsed(token) else {
            throw Problem(.anonymous, "anonymous", "You are not signed in. Sign in first.")
        }
        let person = session.person
        try PasswordRules.check(new, name: person.name, email: person.email)
        let now = world.now()
        let account = try await database.write { connection in
            let account = try self.account(of: person, tenant, on: connection)
            try attempt([(account.subject(named: ""), .account)], tenant, now, connection)
            return account
        }
        let matches = try await gate.run {
            try current.utf8.count <= PasswordRules.byteLimit && account.hash?.matches(current) == true
        }
        guard matches, let old = account.hash else {
            throw Problem(
                .invalid, "password-wrong", "The present password is not right. Type it again.", at: ["/current"])
        }
        if passwordBytes(current) == passwordBytes(new) {
            throw Problem(
                .invalid, "password-same", "The new password is the present one. Choose another.", at: ["/password"])
        }
        let hash = try await hashed(new)
        try await database.write { connection in
            guard
                try connection.holds(
                    """
                    SELECT 1 AS one FROM person_password
                    WHERE tenant = \(tenant) AND person = \(person.id) AND hash = \(old.text)
                    """)
            else { throw Problem(.stale, "password-changed", "The password changed meanwhile. Sign in again.") }
            try store(hash, isTemporary: false, for: person.id, of: tenant, at: now, on: connection)
            try connection.run(
                """
                DELETE FROM person_session
                WHERE tenant = \(tenant) AND person = \(person.id) AND token_hash <> \(tokenHash)
                """)
            let subject = account.subject(named: "")
            try connection.run("DELETE FROM sign_in_throttle WHERE tenant = \(tenant) AND subject = \(subject)")
        }
    }

    func hashed(_ password: String) async throws -> String {
        let (salt, cost) = (world.bytes(PasswordHash.saltByteCount), cost)
        return try await gate.run { try PasswordHash(password, salt: salt, cost: cost).text }
    }

    func store(
        _ hash: String, isTemporary: Bool, for person: ID<Person>, of tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws {
        try connection.run(
            """
            INSERT INTO person_password (tenant, person, hash, is_temporary, used_at, changed_at)
            VALUES (\(tenant), \(person), \(hash), \(isTemporary), NULL, \(now))
            ON CONFLICT (tenant, person) DO UPDATE SET hash = excluded.hash, is_temporary = excluded.is_temporary,
                used_at = NULL, changed_at = excluded.changed_at
            """)
    }

    private func found(_ person: ID<Person>, of tenant: TenantID) async throws -> PersonRecord {
        guard let record = try await directory.person(person, of: tenant) else {
            throw Problem(.missing, "person-missing", "There is no such person.")
        }
        return record
    }

    /// Sixteen letters and digits that are not mistaken for one another, in groups of four: 80 bits.
    static func spoken(_ bytes: [UInt8]) -> String {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        let letters = bytes.map { alphabet[Int($0 & 31)] }
        return letters.chunks(of: 4).map { String($0) }.joined(separator: "-")
    }
}
