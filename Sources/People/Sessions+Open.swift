public import Basis
import Storage

/// One of a person's sessions, as a list shows it.
public struct OpenSession: Hashable, Sendable {
    /// Names the session without opening it: the beginning of its stored hash.
    public let name: String
    public let openedAt: Moment
    public let expiresAt: Moment
    /// Whether it is the session that asks.
    public let isThis: Bool
}

extension Sessions {
    /// The person's sessions that have not ended, the newest first. `token` is that of the session that asks.
    public func openSessions(
        of person: ID<Person>, in tenant: TenantID, asking token: String
    ) async throws -> [OpenSession] {
        let (now, own) = (world.now(), Sessions.parsed(token)?.hash)
        return try await database.read { connection in
            try connection.rows(
                """
                SELECT token_hash, created_at, expires_at FROM person_session
                WHERE tenant = \(tenant) AND person = \(person) AND expires_at > \(now) ORDER BY created_at DESC
                """
            ).map { row in
                let hash: [UInt8] = try row.get("token_hash")
                return OpenSession(
                    name: Sessions.name(hash), openedAt: try row.get("created_at"),
                    expiresAt: try row.get("expires_at"), isThis: hash == own)
            }
        }
    }

    /// Ends one of the person's sessions; nothing happens when it has ended.
    public func end(_ name: String, of person: ID<Person>, in tenant: TenantID) async throws {
        try await database.write { connection in
            let rows = try connection.rows(
                "SELECT token_hash FROM person_session WHERE tenant = \(tenant) AND person = \(person)")
            for row in rows {
                let hash: [UInt8] = try row.get("token_hash")
                guard Sessions.name(hash) == name else { continue }
                try connection.run("DELETE FROM person_session WHERE tenant = \(tenant) AND token_hash = \(hash)")
            }
        }
    }

    private static func name(_ hash: [UInt8]) -> String { base64url(Array(hash.prefix(12))) }
}
