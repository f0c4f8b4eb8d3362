public import Basis
public import Storage

/// A signed-in person, as one browser holds it.
public struct Session: Hashable, Sendable {
    public let person: PersonRecord
    public let tenant: TenantID
    /// Must come back with every form that changes something.
    public let csrf: String
    /// Signed in with a one-time password: nothing is allowed but to change it.
    public let mustChangePassword: Bool
    public let expiresAt: Moment

    /// None but a change of password when that is due.
    public var rights: Set<Right> { mustChangePassword ? [] : person.rights }
}

/// A new session with the secret that names it.
public struct SignedIn: Sendable {
    /// For the cookie. Only its hash is stored.
    public let token: String
    public let session: Session
}

/// Too many failures: nothing is checked until the wait is over.
public struct SignInWait: Error, Hashable, ProblemConvertible {
    /// Whole seconds, at least 1. Also for the header Retry-After.
    public let seconds: Int

    /// `unavailable`, with the wait in words.
    public var problem: Problem {
        let wait = seconds < 120 ? seconds == 1 ? "1 second" : "\(seconds) seconds" : "\((seconds + 59) / 60) minutes"
        return Problem(
            .unavailable, "sign-in-wait", "There were too many attempts to sign in. Try again in \(wait).", cause: self)
    }
}

/// Local sign-in: passwords, sessions and the wait after failures.
public struct Sessions: Sendable {
    /// A session ends after this long without a request.
    public static let idle = Duration.hours(12)
    /// A session ends after this long, whatever happens.
    public static let longest = Duration.days(7)
    /// A session's end is moved at most this often, so that not every request writes.
    public static let renewal = Duration.minutes(5)
    /// A one-time password is good for this long.
    public static let temporary = Duration.hours(72)

    let database: any Database
    let world: World
    let cost: PasswordCost
    let gate = HashGate.shared

    /// `cost` is that of new passwords; older ones keep theirs until their next sign-in.
    public init(database: any Database, world: World, cost: PasswordCost = .production) {
        self.database = database
        self.world = world
        self.cost = cost
    }

    var directory: Directory { Directory(database: database, world: world) }

    // MARK: Sign in and out

    /// Opens a session.
    ///
    /// Takes as long for a stranger as for a wrong password, and says the same.
    /// - Parameters:
    ///   - name: An e-mail address, or a person's key.
    ///   - password: As typed.
    ///   - tenant: The organisation.
    ///   - address: The network address of the caller.
    /// - Returns: The session, and the token for the cookie.
    /// - Throws: `SignInWait`; `Problem` (`sign-in-refused`, `one-time-password-used`, `sign-in-busy`).
    public func signIn(
        _ name: String, password: String, tenant: TenantID, from address: String
    ) async throws -> SignedIn {
        let now = world.now()
        let account = try await database.write { try begin(name, tenant, from: address, at: now, on: $0) }
        let (salt, cost) = (world.bytes(PasswordHash.saltByteCount), cost)
        let isShort = password.utf8.count <= PasswordRules.byteLimit
        let (matches, fresh) = try await gate.run {
            // A stranger's attempt is held against a hash that nothing matches.
            let decoy = PasswordHash(matchingNothingAt: cost)
            let matches = try (account.hash ?? decoy).matches(isShort ? password : "")
            guard matches, account.hash?.cost != cost else { return (matches, String?.none) }
            return (true, try PasswordHash(password, salt: salt, cost: cost).text)
        }
        guard matches, isShort, let person = account.person, let hash = account.hash, person.isActive else {
            throw Problem(
                .anonymous, "sign-in-refused", "The e-mail address or the password is not right. Check both.")
        }
        if account.isSpent(at: now) {
            throw Problem(
                .anonymous, "one-time-password-used",
                "This one-time password was used or is too old. Ask an administrator for another.")
        }
        return try await database.write { connection in
            let still = try connection.row(
                """
                SELECT w.hash FROM person_password w JOIN person p ON p.tenant = w.tenant AND p.id = w.person
                WHERE w.tenant = \(tenant) AND w.person = \(person.id) AND w.hash = \(hash.text) AND p.is_active = 1
                """)
            guard still != nil else {
                throw Problem(.anonymous, "sign-in-refused", "The account changed meanwhile. Sign in again.")
            }
            try connection.run(
                """
                UPDATE person_password SET used_at = \(now), hash = \(fresh ?? hash.text)
                WHERE tenant = \(tenant) AND person = \(person.id)
                """)
            try forgive(account, from: address, tenant, on: connection)
            try sweep(at: now, on: connection)
            return try open(for: person, mustChange: account.isTemporary, at: now, on: connection)
        }
    }

    /// The session that the token names, and keeps it open; nil when there is none or it ended.
    public func session(_ token: String) async throws -> Session? {
        guard let (tenant, hash) = Sessions.parsed(token) else { return nil }
        let now = world.now()
        let condition: SQL = """
            JOIN person_session s ON s.tenant = p.tenant AND s.person = p.id
            LEFT JOIN person_password w ON w.tenant = p.tenant AND w.person = p.id
            WHERE s.tenant = \(tenant) AND s.token_hash = \(hash) AND s.expires_at > \(now) AND p.is_active = 1
            """
        let found = try await database.read { connection -> (Session, Moment)? in
            let columns: SQL = """
                SELECT p.tenant, p.id, p.key, p.name, p.email, p.unit, p.manager, p.is_active, p.language,
                    p.created_at, \(Directory.gathered), s.csrf, s.expires_at, s.created_at AS opened_at,
                    COALESCE(w.is_temporary, 0) AS must_change FROM person p 
                """
            guard let row = try connection.row(columns + condition) else { return nil }
            let session = Session(
                person: try PersonRecord(row), tenant: tenant, csrf: try row.get("csrf"),
                mustChangePassword: try row.get("must_change"), expiresAt: try row.get("expires_at"))
            return (session, try row.get("opened_at"))
        }
        guard let (session, openedAt) = found else { return nil }
        let end = min(now + Sessions.idle, openedAt + Sessions.longest)
        guard end - session.expiresAt > Sessions.renewal else { return session }
        try await database.write { connection in
            try connection.run(
                """
                UPDATE person_session SET expires_at = \(end)
                WHERE tenant = \(tenant) AND token_hash = \(hash) AND expires_at < \(end)
                """)
        }
        return Session(
            person: session.person, tenant: tenant, csrf: session.csrf,
            mustChangePassword: session.mustChangePassword, expiresAt: end)
    }

    /// Ends the session; nothing happens when there is none.
    public func signOut(_ token: String) async throws {
        guard let (tenant, hash) = Sessions.parsed(token) else { return }
        try await database.write { connection in
            try connection.run("DELETE FROM person_session WHERE tenant = \(tenant) AND token_hash = \(hash)")
        }
    }

    /// Ends every session of the person.
    public func signOutEverywhere(_ person: ID<Person>, of tenant: TenantID) async throws {
        try await database.write { connection in
            try connection.run("DELETE FROM person_session WHERE tenant = \(tenant) AND person = \(person)")
        }
    }

    /// Opens a session for a person whose identity is established.
    func open(
        for person: PersonRecord, mustChange: Bool, at now: Moment, on connection: any Connection
    ) throws -> SignedIn {
        let token = "\(person.tenant.number).\(base64url(world.bytes(32)))"
        let (csrf, end) = (base64url(world.bytes(32)), now + Sessions.idle)
        try connection.run(
            """
            INSERT INTO person_session (tenant, token_hash, person, csrf, created_at, expires_at)
            VALUES (\(person.tenant), \(sha256(Array(token.utf8))), \(person.id), \(csrf), \(now), \(end))
            """)
        let session = Session(
            person: person, tenant: person.tenant, csrf: csrf, mustChangePassword: mustChange, expiresAt: end)
        return SignedIn(token: token, session: session)
    }

    /// The tenant that leads a token, and the hash that is stored for it.
    static func parsed(_ token: String) -> (tenant: TenantID, hash: [UInt8])? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 43, let number = Int(parts[0]), number > 0 else { return nil }
        return (TenantID(number), sha256(Array(token.utf8)))
    }
}
