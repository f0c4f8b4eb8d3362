public import Basis
import Mail
public import Storage
public import Vault

/// Where each organisation's letters are handed in. The password lies sealed in the database.
public struct MailBook: Sendable {
    let database: any Database
    let world: World
    let vault: Vault
    private let sealsElsewhere: @Sendable () async throws -> Bool

    /// - Parameters:
    ///   - database: Migrated.
    ///   - world: The clock and chance.
    ///   - vault: Seals the password.
    ///   - sealsElsewhere: Whether others have sealed something, so that a lost key is not replaced by a new one.
    public init(
        database: any Database, world: World, vault: Vault = Vault(file: nil),
        sealsElsewhere: @escaping @Sendable () async throws -> Bool = { false }
    ) {
        self.database = database
        self.world = world
        self.vault = vault
        self.sealsElsewhere = sealsElsewhere
    }

    private static func place(_ tenant: TenantID) -> VaultPlace {
        VaultPlace(table: "mail_settings", column: "password", tenant: tenant, row: "1")
    }

    /// Nil while nothing is set.
    public func settings(of tenant: TenantID) async throws -> MailSettings? {
        try await database.read { try settings(of: tenant, on: $0) }
    }

    func settings(of tenant: TenantID, on connection: any Connection) throws -> MailSettings? {
        try connection.row("SELECT * FROM mail_settings WHERE tenant = \(tenant)").map(MailSettings.init)
    }

    /// Sets where letters are handed in, and switches them on.
    ///
    /// - Parameters:
    ///   - draft: Without a password, the present one is kept.
    ///   - person: Who sets it; nil at the command line.
    ///   - tenant: Whose.
    /// - Returns: What is set now.
    /// - Throws: `Problem` (`mail-invalid`, `secret-key-missing`, …).
    @discardableResult
    public func set(_ draft: MailDraft, by person: ID<Person>?, of tenant: TenantID) async throws -> MailSettings {
        var draft = draft
        while draft.address.hasSuffix("/") { draft.address.removeLast() }
        let (former, checked, now) = (try await settings(of: tenant), draft, world.now())
        try checked.check(against: former)
        let sealed = try await seal(checked, of: tenant)
        try await database.write { connection in
            try connection.run(
                """
                INSERT INTO mail_settings (tenant, state, host, port, security, username, sealed, sender_name, mailbox,
                    address, since, failures, next_at, last_error, changed_at, changed_by)
                VALUES (\(tenant), 'on', \(checked.host), \(checked.port), \(checked.security.rawValue),
                    \(checked.user), \(sealed), \(checked.senderName), \(checked.mailbox), \(checked.address), \(now),
                    0, \(now), '', \(now), \(person))
                ON CONFLICT (tenant) DO UPDATE SET host = excluded.host, port = excluded.port,
                    security = excluded.security, username = excluded.username, sealed = excluded.sealed,
                    sender_name = excluded.sender_name, mailbox = excluded.mailbox, address = excluded.address,
                    since = CASE WHEN mail_settings.state = 'on' THEN mail_settings.since ELSE excluded.since END,
                    state = 'on', failures = 0, next_at = excluded.next_at, last_error = '',
                    changed_at = excluded.changed_at, changed_by = excluded.changed_by
                """)
        }
        guard let settings = try await settings(of: tenant) else { throw missing }
        return settings
    }

    /// Switches letters off. What waits is not sent; nothing is added.
    ///
    /// - Throws: `Problem` (`mail-missing`).
    public func switchOff(by person: ID<Person>?, of tenant: TenantID) async throws {
        let now = world.now()
        let count = try await database.write { connection in
            try connection.run(
                """
                UPDATE mail_settings SET state = 'off', changed_at = \(now), changed_by = \(person)
                WHERE tenant = \(tenant)
                """)
        }
        if count == 0 { throw missing }
    }

    /// The server with its password, for handing letters in.
    ///
    /// - Throws: `Problem` (`mail-missing`, `secret-key-missing`, `secret-key-wrong`, `secret-damaged`).
    func server(of tenant: TenantID) async throws -> (settings: MailSettings, server: MailServer) {
        let row = try await database.read { try $0.row("SELECT * FROM mail_settings WHERE tenant = \(tenant)") }
        guard let row else { throw missing }
        let settings = try MailSettings(row)
        let password = try row.find("sealed", as: [UInt8].self).map { try vault.open($0, at: MailBook.place(tenant)) }
        return (
            settings,
            MailServer(
                host: settings.host, port: settings.port, security: settings.security, user: settings.user,
                password: password ?? "")
        )
    }

    // MARK: Sealing

    /// The password to store: nil for none.
    private func seal(_ draft: MailDraft, of tenant: TenantID) async throws -> [UInt8]? {
        if draft.user.isEmpty { return nil }
        guard let password = draft.password else {
            return try await database.read {
                try $0.row("SELECT sealed FROM mail_settings WHERE tenant = \(tenant)")?.find("sealed")
            }
        }
        if password.isEmpty { return nil }
        // A lost key is not replaced by a new one as long as something is sealed with it.
        if try await sealed().isEmpty, try await !sealsElsewhere() { try vault.prepare(world: world) }
        return try vault.seal(password, for: MailBook.place(tenant), world: world)
    }

    /// Every password of every organisation, as it is sealed.
    private func sealed() async throws -> [(tenant: TenantID, bytes: [UInt8])] {
        try await database.read { connection in
            try connection.rows("SELECT tenant, sealed FROM mail_settings WHERE sealed IS NOT NULL ORDER BY tenant")
                .map { (try $0.get("tenant"), try $0.get("sealed")) }
        }
    }

    /// Whether a password of any organisation is sealed.
    public func holdsSecrets() async throws -> Bool { try await !sealed().isEmpty }

    /// The keys that seal passwords now. They are needed until `reseal` is done.
    public func sealingKeys() async throws -> Set<[UInt8]> {
        Set(try await sealed().compactMap { Vault.keyID(of: $0.bytes) })
    }

    /// Seals every password with the vault's present key.
    ///
    /// - Returns: How many were sealed, and how many no key at hand opens.
    public func reseal() async throws -> (sealed: Int, unreadable: Int) {
        var done = (sealed: 0, unreadable: 0)
        for (tenant, bytes) in try await sealed() {
            guard let password = try? vault.open(bytes, at: MailBook.place(tenant)) else {
                done.unreadable += 1
                continue
            }
            let again = try vault.seal(password, for: MailBook.place(tenant), world: world)
            try await database.write { connection in
                try connection.run(
                    "UPDATE mail_settings SET sealed = \(again) WHERE tenant = \(tenant) AND sealed = \(bytes)")
            }
            done.sealed += 1
        }
        return done
    }

    /// What is wrong with the password that is kept, for the page and for `leeway doctor`; nil for nothing.
    public func secretTrouble(of tenant: TenantID? = nil) async throws -> Problem? {
        for (owner, bytes) in try await sealed() where tenant == nil || tenant == owner {
            do throws(Problem) {
                _ = try vault.open(bytes, at: MailBook.place(owner))
            } catch {
                return error
            }
        }
        return nil
    }

    // MARK: How the server fares

    func noteFailure(_ answer: String, of tenant: TenantID) async throws {
        let (now, seed) = (world.now(), world.seed())
        try await database.write { connection in
            guard let settings = try settings(of: tenant, on: connection) else { return }
            let pause = LetterPause.server(after: settings.failures + 1, seed: seed)
            try connection.run(
                """
                UPDATE mail_settings SET failures = failures + 1, last_error = \(answer), next_at = \(now + pause)
                WHERE tenant = \(tenant)
                """)
        }
    }

    func noteSuccess(of tenant: TenantID, on connection: any Connection) throws {
        try connection.run(
            "UPDATE mail_settings SET failures = 0, last_error = '' WHERE tenant = \(tenant) AND failures > 0")
    }

    var missing: Problem {
        Problem(.missing, "mail-missing", "No mail server is set. Set one first.")
    }
}

/// How long to wait after a failure: doubling, half of it by chance, so that many do not come back at once.
enum LetterPause {
    /// How long a letter is tried.
    static let patience = Duration.hours(24)

    /// After a letter was put off: from one minute to four hours.
    static func letter(after tries: Int, seed: UInt64) -> Duration { pause(30, tries, 14_400, seed) }

    /// After the server as such failed: from ten seconds to an hour.
    static func server(after failures: Int, seed: UInt64) -> Duration { pause(5, failures, 3_600, seed) }

    private static func pause(_ unit: Double, _ count: Int, _ limit: Double, _ seed: UInt64) -> Duration {
        let whole = min(limit, unit * Double(1 << min(max(count, 1), 16)))
        let share = Double(seed >> 11) / Double(1 << 53)
        return .milliseconds(Int64(whole * (0.5 + share / 2) * 1_000))
    }
}
