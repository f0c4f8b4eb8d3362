public import Basis
import Foundation
public import Storage

/// The credentials of the record store's clients.
///
/// Secrets are 32 random bytes, so one SHA-256 keeps them as safe as scrypt would, and is fast enough to check on
/// every request.
public struct ClientBook: Sendable {
    /// - Source: xAPI 1.0.3, part 3, 4.1; `metrics` is ours, for programs that watch the server.
    public static let scopes = [
        "ai-uses/decide", "all", "all/read", "define", "metrics", "profile", "state", "statements/read",
        "statements/read/mine",
        "statements/read/pseudonymised", "statements/write",
    ]
    /// A client is taken on trust from memory for this long, so a revocation reaches every node within it.
    public static let trust = Duration.milliseconds(750)
    /// Uses are stored this often, all of them in one write.
    public static let useInterval = Duration.minutes(1)
    /// How long the old secret stays valid after a rotation, unless told otherwise.
    public static let grace = Duration.hours(24)
    /// The longest that it may.
    public static let graceLimit = Duration.hours(graceHourLimit)
    public static let graceHourLimit = 720
    /// The longest prefix of activities' IRIs.
    public static let prefixByteLimit = 2_000

    let database: any Database
    let world: World
    let memory = ClientMemory()

    /// Make one and share it: copies share what they remember, others remember for themselves.
    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
    }

    /// The clients of a tenant, the newest first, the revoked among them.
    public func list(of tenant: TenantID) async throws -> [Client] {
        let clients = try await database.read { connection in
            try connection.rows(
                Client.selection + "WHERE c.tenant = \(tenant) ORDER BY c.created_at DESC, c.id DESC"
            ).map(Client.init)
        }
        return clients.map { client in
            var client = client
            if let use = memory.use(of: client) { client.lastUsedAt = max(use, client.lastUsedAt ?? use) }
            return client
        }
    }

    /// Who calls, by the header `Authorization`: the one door for programs. Nil when it names nobody.
    ///
    /// Takes Basic credentials (RFC 7617).
    public func client(authorization header: String) async throws -> Client? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "basic":
            guard let data = Data(base64Encoded: String(parts[1])), let text = String(validating: data, as: UTF8.self),
                let colon = text.firstIndex(of: ":")
            else { return nil }
            return try await verify(key: String(text[..<colon]), secret: String(text[text.index(after: colon)...]))
        default: return nil
        }
    }

    /// The client with this key and secret, unless it is revoked or its learner is not active.
    ///
    /// - Cost: two SHA-256 and a look in memory; one query when the memory is older than `trust`. Never a write: see
    ///   `noteUses`.
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
                Client.selection + "WHERE c.tenant = \(tenant) AND c.key = \(key) AND c.revoked_at IS NULL")
            guard let row, try ClientBook.isKey(hash, to: row, at: now) else { return nil }
            let client = try Client(row)
            return client.learner.map(\.isActive) ?? true ? client : nil
        }
        memory.remember(found, name, at: now)
        return found
    }

    /// Whether it is the hash of the present secret, or of the one before while that is valid.
    private static func isKey(_ hash: [UInt8], to row: Row, at now: Moment) throws -> Bool {
        let isPresent = isEqualInConstantTime(try row.get("secret_hash"), hash)
        guard let former: [UInt8] = try row.find("former_hash"), let until: Moment = try row.find("former_until"),
            until > now
        else { return isPresent }
        let isFormer = isEqualInConstantTime(former, hash)
        return isPresent || isFormer
    }

    /// Stores when clients were used since the last call, in one write.
    ///
    /// The server calls it every `useInterval` and when it ends; a crash loses the uses in between.
    public func noteUses() async throws {
        let uses = memory.takeUses()
        if uses.isEmpty { return }
        do {
            try await database.write { connection in
                for (name, moment) in uses.sorted(by: { $0.key.client.description < $1.key.client.description }) {
                    try connection.run(
                        """
                        UPDATE client SET last_used_at = \(moment)
                        WHERE tenant = \(name.tenant) AND id = \(name.client)
                            AND (last_used_at IS NULL OR last_used_at < \(moment))
                        """)
                }
            }
        } catch {
            memory.giveBack(uses)
            throw error
        }
    }
}
