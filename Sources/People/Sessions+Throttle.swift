import Basis
import Storage

/// What sign-in knows of the account that was named.
struct Account: Sendable {
    let person: PersonRecord?
    let hash: PasswordHash?
    let isTemporary: Bool
    let usedAt: Moment?
    let changedAt: Moment?

    /// Whether a one-time password has served, or was given too long ago.
    func isSpent(at now: Moment) -> Bool {
        guard isTemporary, let changedAt else { return false }
        return usedAt != nil || now > changedAt + Sessions.temporary
    }

    /// Under which failures are counted. Hashed, because people type passwords into the wrong field.
    func subject(named name: String) -> String {
        "account:" + base64(sha256(Array((person?.id.description ?? emailKey(name)).utf8)))
    }
}

extension Sessions {
    /// Finds the account and counts the attempt, before it is known how it ends.
    ///
    /// - Throws: `SignInWait` while either count has the caller wait; then the attempt is not counted.
    func begin(
        _ name: String, _ tenant: TenantID, from address: String, at now: Moment, on connection: any Connection
    ) throws -> Account {
        let name = String(name.prefix(PersonRules.emailLimit))
        let account = try self.account(name, tenant, on: connection)
        try attempt(
            [(account.subject(named: name), .account), (Sessions.subject(address), .address)], tenant, now, connection)
        return account
    }

    /// Counts an attempt against each subject.
    func attempt(
        _ subjects: [(name: String, throttle: Throttle)], _ tenant: TenantID, _ now: Moment,
        _ connection: any Connection
    ) throws {
        let counts = try subjects.map { subject in
            let row = try connection.row(
                """
                SELECT failures, last_at FROM sign_in_throttle
                WHERE tenant = \(tenant) AND subject = \(subject.name) AND last_at > \(now - Throttle.memory)
                """)
            let (failures, last): (Int, Moment) =
                try row.map { (try $0.get("failures"), try $0.get("last_at")) } ?? (0, now)
            return (subject, failures, wait: subject.throttle.remaining(after: failures, last: last, at: now))
        }
        if let wait = counts.compactMap(\.wait).max() {
            throw SignInWait(seconds: max(1, Int((wait.microseconds + 999_999) / 1_000_000)))
        }
        for (subject, failures, _) in counts {
            try connection.run(
                """
                INSERT INTO sign_in_throttle (tenant, subject, failures, last_at)
                VALUES (\(tenant), \(subject.name), \(failures + 1), \(now))
                ON CONFLICT (tenant, subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at
                """)
        }
    }

    /// Takes back what a success proves: all that was held against the account, one attempt of the address.
    func forgive(
        _ account: Account, from address: String, _ tenant: TenantID, on connection: any Connection
    ) throws {
        try connection.run(
            "DELETE FROM sign_in_throttle WHERE tenant = \(tenant) AND subject = \(account.subject(named: ""))")
        try connection.run(
            """
            UPDATE sign_in_throttle SET failures = failures - 1
            WHERE tenant = \(tenant) AND subject = \(Sessions.subject(address)) AND failures > 0
            """)
    }

    /// Drops sessions that ended and failures that are forgotten.
    func sweep(at now: Moment, on connection: any Connection) throws {
        try connection.run("DELETE FROM person_session WHERE expires_at <= \(now)")
        try connection.run("DELETE FROM sign_in_throttle WHERE last_at <= \(now - Throttle.memory)")
    }

    func account(_ name: String, _ tenant: TenantID, on connection: any Connection) throws -> Account {
        let person =
            try directory.person(email: name, of: tenant, on: connection)
            ?? directory.person(key: name, of: tenant, on: connection)
        return try account(of: person, tenant, on: connection)
    }

    func account(of person: PersonRecord?, _ tenant: TenantID, on connection: any Connection) throws -> Account {
        // Asked also for a stranger, so that both take as long.
        let row = try connection.row(
            """
            SELECT hash, is_temporary, used_at, changed_at FROM person_password
            WHERE tenant = \(tenant) AND person = \(person?.id.description ?? "")
            """)
        guard let row else {
            return Account(person: person, hash: nil, isTemporary: false, usedAt: nil, changedAt: nil)
        }
        return Account(
            person: person, hash: PasswordHash(text: try row.get("hash")), isTemporary: try row.get("is_temporary"),
            usedAt: try row.find("used_at"), changedAt: try row.get("changed_at"))
    }

    static func subject(_ address: String) -> String {
        "address:" + base64(sha256(Array(networkKey(address).utf8)))
    }
}
