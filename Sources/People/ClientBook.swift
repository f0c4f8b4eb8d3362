public import Basis
public import Storage
import Synchronization

/// A program that may use the record store.
public struct Client: Hashable, Sendable {
    public let id: ID<Credential>
    public let tenant: TenantID
    /// What people call it.
    public let label: String
    /// The user name of Basic authentication. No secret.
    public let key: String
    /// Sorted. See `ClientBook.scopes`.
    public let scopes: [String]
    public let createdAt: Moment
    public let revokedAt: Moment?
    /// To the minute.
    public let lastUsedAt: Moment?

    public var isRevoked: Bool { revokedAt != nil }

    /// Whether a scope of the client covers the one asked for.
    ///
    /// - Source: xAPI 1.0.3, part 3, 4.1, "OAuth authorization scope": `all` covers everything, `all/read` every
    ///   reading, `statements/read` also `statements/read/mine`.
    public func holds(_ scope: String) -> Bool {
        if scopes.contains("all") || scopes.contains(scope) { return true }
        switch scope {
        case "statements/read": return scopes.contains("all/read")
        case "statements/read/mine": return scopes.contains("all/read") || scopes.contains("statements/read")
        default: return false
        }
    }
}

/// The credentials of the record store's clients.
///
/// Secrets are 32 random bytes, so one SHA-256 keeps them as safe as scrypt would, and is fast enough to check on
/// every request.
public struct ClientBook: Sendable {
    /// - Source: xAPI 1.0.3, part 3, 4.1; `metrics` is ours, for programs that watch the server.
    public static let scopes = [
        "all", "all/read", "define", "metrics", "profile", "state", "statements/read", "statements/read/mine",
        "statements/write",
    ]
    /// A client is taken on trust from memory for this long, so a revocation reaches every node within it.
    public static let trust = Duration.milliseconds(750)
    /// The time of the last use is stored at most this often.
    static let useInterval = Duration.minutes(1)
    /// The most clients remembered; beyond, all are looked up anew.
    static let memoryLimit = 10_000

    private let database: any Database
    private let world: World
    private let memory = Memory()

    /// Make one and share it: copies share what they remember, others remember for themselves.
    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
    }

    /// Makes a client.
    ///
    /// - Returns: The client and its secret, which cannot be read again.
    /// - Throws: `Problem` (`client-invalid`).
    public func create(
        label: String, scopes: [String], for tenant: TenantID
    ) async throws -> (client: Client, secret: String) {
        if let fault = PersonRules.fault(inText: label, called: "The label", limit: PersonRules.nameLimit) {
            throw Problem(.invalid, "client-invalid", fault, at: ["/label"])
        }
        guard !scopes.isEmpty, Set(scopes).isSubset(of: ClientBook.scopes) else {
            let odd = scopes.first { !ClientBook.scopes.contains($0) }
            let fault = odd.map { "There is no scope “\($0)”." } ?? "No scope is chosen."
            let detail = "\(fault) Choose from \(ClientBook.scopes.joined(separator: ", "))."
            throw Problem(.invalid, "client-invalid", detail, at: ["/scopes"])
        }
        let secret = base64url(world.bytes(32))
        let client = Client(
            id: world.id(), tenant: tenant, label: label,
            key: "\(tenant.number)-\(Sessions.spoken(world.bytes(16)))", scopes: Set(scopes).sorted(),
            createdAt: world.now(), revokedAt: nil, lastUsedAt: nil)
        try await database.write { connection in
            try connection.run(
                """
                INSERT INTO client (tenant, id, label, key, secret_hash, scopes, created_at)
                VALUES (\(tenant), \(client.id), \(label), \(client.key), \(sha256(Array(secret.utf8))),
                    \(client.scopes.joined(separator: " ")), \(client.createdAt))
                """)
        }
        return (client, secret)
    }

    /// The clients of a tenant, the newest first, the revoked among them.
    public func list(of tenant: TenantID) async throws -> [Client] {
        try await database.read { connection in
            try connection.rows(
                "SELECT * FROM client WHERE tenant = \(tenant) ORDER BY created_at DESC, id DESC"
            ).map(Client.init)
        }
    }

    /// Refuses the client from now on: here at once, on other nodes within `trust`.
    ///
    /// - Throws: `Problem` (`client-missing`).
    public func revoke(_ client: ID<Credential>, of tenant: TenantID) async throws {
        let now = world.now()
        let count = try await database.write { connection in
            try connection.run(
                """
                UPDATE client SET revoked_at = COALESCE(revoked_at, \(now))
                WHERE tenant = \(tenant) AND id = \(client)
                """)
        }
        memory.empty()
        if count == 0 { throw Problem(.missing, "client-missing", "There is no such client.") }
    }

    /// The client with this key and secret, unless it is revoked.
    ///
    /// - Cost: two SHA-256 and a look in memory; one query when the memory is older than `trust`.
    public func verify(key: String, secret: String) async throws -> Client? {
        guard key.utf8.count <= 100, secret.utf8.count <= 100 else { return nil }
        let now = world.now()
        let hash = sha256(Array(secret.utf8))
        let name = sha256(Array(key.utf8) + [0] + hash)
        if let client = memory.client(name, at: now) { return client }
        guard let tenant = key.split(separator: "-").first.flatMap({ Int($0) }).map({ TenantID($0) }) else {
            return nil
        }
        let found = try await database.read { connection -> Client? in
            let row = try connection.row(
                "SELECT * FROM client WHERE tenant = \(tenant) AND key = \(key) AND revoked_at IS NULL")
            guard let row, isEqualInConstantTime(try row.get("secret_hash"), hash) else { return nil }
            return try Client(row)
        }
        memory.remember(found, name, at: now)
        if let found, found.lastUsedAt.map({ now - $0 >= ClientBook.useInterval }) ?? true {
            // A note that is lost is no reason to refuse the client; the next minute writes another.
            try? await noteUse(of: found, at: now)
        }
        return found
    }

    private func noteUse(of client: Client, at now: Moment) async throws {
        try await database.write { connection in
            try connection.run(
                """
                UPDATE client SET last_used_at = \(now)
                WHERE tenant = \(client.tenant) AND id = \(client.id)
                    AND (last_used_at IS NULL OR last_used_at <= \(now - ClientBook.useInterval))
                """)
        }
    }
}

extension ClientBook {
    /// Clients that were found, by the hash of key and secret, with the time of the look.
    private final class Memory: Sendable {
        private let clients = Mutex<[[UInt8]: (client: Client, seenAt: Moment)]>([:])

        func client(_ name: [UInt8], at now: Moment) -> Client? {
            clients.withLock { clients in
                guard let entry = clients[name] else { return nil }
                return now - entry.seenAt < ClientBook.trust ? entry.client : nil
            }
        }

        func remember(_ client: Client?, _ name: [UInt8], at now: Moment) {
            clients.withLock { clients in
                if clients.count >= ClientBook.memoryLimit { clients.removeAll() }
                clients[name] = client.map { ($0, now) }
            }
        }

        func empty() { clients.withLock { $0.removeAll() } }
    }
}

extension Client {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), tenant: try row.get("tenant"), label: try row.get("label"), key: try row.get("key"),
            scopes: try row.get("scopes", as: String.self).split(separator: " ").map(String.init),
            createdAt: try row.get("created_at"), revokedAt: try row.find("revoked_at"),
            lastUsedAt: try row.find("last_used_at"))
    }
}
