public import Basis
public import Evidence
import Foundation
import JSON
public import Storage
public import Vault

/// The targets, sources and webhooks of the tenants, with what could not be delivered.
public struct ExchangeBook: Sendable {
    /// The most links of a tenant.
    public static let linkLimit = 100
    /// The most letters that a list shows.
    public static let letterLimit = 200

    let database: any Database
    let world: World
    let vault: Vault
    let sealsElsewhere: @Sendable () async throws -> Bool
    private let log: StatementLog

    /// - Parameters:
    ///   - log: The one log of the program.
    ///   - database: Migrated.
    ///   - world: The clock and chance.
    ///   - vault: Seals passwords and signing keys.
    ///   - sealsElsewhere: Whether others have sealed something, so that a lost key is not replaced by a new one.
    public init(
        log: StatementLog, database: any Database, world: World, vault: Vault = Vault(file: nil),
        sealsElsewhere: @escaping @Sendable () async throws -> Bool = { false }
    ) {
        self.log = log
        self.sealsElsewhere = sealsElsewhere
        self.database = database
        self.world = world
        self.vault = vault
    }

    /// Makes a link, which works at once.
    ///
    /// - Returns: The link and its secret, which is not shown again: the signing key of a webhook.
    /// - Throws: `Problem` (`link-invalid`, `filter-invalid`, `link-count`, `secret-key-missing`, …).
    public func add(_ draft: LinkDraft, for tenant: TenantID) async throws -> (link: LinkRecord, secret: String) {
        try draft.check()
        let (id, now) = (world.id(Link.self), world.now())
        var secret = draft.secret
        if draft.kind == .webhook, secret.isEmpty {
            secret = "whsec_" + Data(world.bytes(32)).base64EncodedString()
        }
        let place = draft.fromTheBeginning || draft.kind == .pull ? 0 : try await log.feedEnd(of: tenant)
        let url = draft.url.hasSuffix("/") ? String(draft.url.dropLast()) : draft.url
        let sealed = try await seal(secret, of: id, tenant)
        try await database.write { connection in
            let count: Int = try connection.value(
                "SELECT COUNT(*) AS count FROM exchange_link WHERE tenant = \(tenant)")
            if count >= ExchangeBook.linkLimit {
                throw Problem(.conflict, "link-count", "There are \(count) already. Remove one that is not used.")
            }
            try connection.run(
                """
                INSERT INTO exchange_link (tenant, id, kind, label, url, username, secret, sealed, edition, filter,
                    state, place, since_at, moved, failures, last_error, next_at, created_at)
                VALUES (\(tenant), \(id), \(draft.kind), \(draft.label), \(url), \(draft.username), '',
                    \(sealed), \(draft.version?.rawValue), \(draft.filter.json.text), 'on',
                    \(place), \(draft.filter.since), 0, 0,
                    '', \(now), \(now))
                """)
        }
        return (try await find(id, of: tenant), secret)
    }

    /// By name.
    public func list(of tenant: TenantID) async throws -> [LinkRecord] {
        try await database.read { connection in
            try connection.rows("SELECT * FROM exchange_link WHERE tenant = \(tenant) ORDER BY label, id")
                .map(LinkRecord.init)
        }
    }

    /// - Throws: `Problem` (`link-missing`).
    public func find(_ id: ID<Link>, of tenant: TenantID) async throws -> LinkRecord {
        let row = try await database.read { connection in
            try connection.row("SELECT * FROM exchange_link WHERE tenant = \(tenant) AND id = \(id)")
        }
        guard let row else { throw missing }
        return try LinkRecord(row)
    }

    /// Stops a link after the batch that is under way. It keeps its place.
    ///
    /// - Throws: `Problem` (`link-missing`).
    public func pause(_ id: ID<Link>, of tenant: TenantID) async throws {
        try await change {
            try $0.run("UPDATE exchange_link SET state = 'paused' WHERE tenant = \(tenant) AND id = \(id)")
        }
    }

    /// Lets a link go on, at once, and forgets what failed before.
    ///
    /// - Throws: `Problem` (`link-missing`).
    public func resume(_ id: ID<Link>, of tenant: TenantID) async throws {
        let now = world.now()
        try await change {
            try $0.run(
                """
                UPDATE exchange_link SET state = 'on', failures = 0, failing_since = NULL, last_error = '',
                    next_at = \(now)
                WHERE tenant = \(tenant) AND id = \(id)
                """)
        }
    }

    /// Removes a link with its letters.
    ///
    /// - Throws: `Problem` (`link-missing`).
    public func remove(_ id: ID<Link>, of tenant: TenantID) async throws {
        try await change { connection in
            try connection.run("DELETE FROM exchange_letter WHERE tenant = \(tenant) AND link = \(id)")
            return try connection.run("DELETE FROM exchange_link WHERE tenant = \(tenant) AND id = \(id)")
        }
    }

    // MARK: Letters

    /// What could not be delivered or stored, the newest first; of one link, or of all.
    public func letters(of tenant: TenantID, link: ID<Link>? = nil) async throws -> [DeadLetter] {
        let bound: SQL = link.map { " AND r.link = \($0)" } ?? ""
        return try await database.read { connection in
            try connection.rows(
                """
                SELECT r.link, l.label, l.kind, r.statement, r.statements, r.error, r.state, r.failed_at
                FROM exchange_letter r JOIN exchange_link l ON l.tenant = r.tenant AND l.id = r.link
                WHERE r.tenant = \(tenant)
                """ + bound + " ORDER BY r.failed_at DESC, r.statement LIMIT \(ExchangeBook.letterLimit)"
            ).map { row in
                DeadLetter(
                    link: try row.get("link"), label: try row.get("label"), kind: try row.get("kind"),
                    statement: try row.get("statement"),
                    count: try row.get("statements", as: String.self).split(separator: " ").count,
                    error: try row.get("error"), isQueued: try row.get("state", as: String.self) == "queued",
                    failedAt: try row.get("failed_at"))
            }
        }
    }

    /// Tries a letter again at the link's next turn, which is now.
    ///
    /// - Throws: `Problem` (`letter-missing`).
    public func retry(_ statement: String, of link: ID<Link>, _ tenant: TenantID) async throws {
        let now = world.now()
        try await database.write { connection in
            let count = try connection.run(
                """
                UPDATE exchange_letter SET state = 'queued'
                WHERE tenant = \(tenant) AND link = \(link) AND statement = \(statement)
                """)
            if count == 0 { throw missingLetter }
            try connection.run(
                "UPDATE exchange_link SET next_at = \(now) WHERE tenant = \(tenant) AND id = \(link)")
        }
    }

    /// Tries every letter of a link again at its next turn, which is now.
    ///
    /// - Returns: How many there are.
    /// - Throws: `Problem` (`link-missing`).
    public func retryAll(of link: ID<Link>, _ tenant: TenantID) async throws -> Int {
        let now = world.now()
        return try await database.write { connection in
            let links = try connection.run(
                "UPDATE exchange_link SET next_at = \(now) WHERE tenant = \(tenant) AND id = \(link)")
            if links == 0 { throw missing }
            return try connection.run(
                "UPDATE exchange_letter SET state = 'queued' WHERE tenant = \(tenant) AND link = \(link)")
        }
    }

    /// Forgets every letter of a link. The statements stay where they are.
    ///
    /// - Returns: How many there were.
    /// - Throws: `Problem` (`link-missing`).
    public func discardAll(of link: ID<Link>, _ tenant: TenantID) async throws -> Int {
        _ = try await find(link, of: tenant)
        return try await database.write { connection in
            try connection.run("DELETE FROM exchange_letter WHERE tenant = \(tenant) AND link = \(link)")
        }
    }

    /// Forgets a letter. The statements stay where they are.
    ///
    /// - Throws: `Problem` (`letter-missing`).
    public func discard(_ statement: String, of link: ID<Link>, _ tenant: TenantID) async throws {
        try await database.write { connection in
            let count = try connection.run(
                """
                DELETE FROM exchange_letter
                WHERE tenant = \(tenant) AND link = \(link) AND statement = \(statement)
                """)
            if count == 0 { throw missingLetter }
        }
    }

    private func change(_ body: @escaping @Sendable (any Connection) throws -> Int) async throws {
        let missing = missing
        try await database.write { if try body($0) == 0 { throw missing } }
    }

    var missing: Problem {
        Problem(.missing, "link-missing", "There is no such target, source or webhook. See the list.")
    }
    private var missingLetter: Problem {
        Problem(.missing, "letter-missing", "There is no such letter. It may have been delivered meanwhile.")
    }
}
