public import Basis
import Storage

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
    /// The scopes hold only for activities whose IRI begins with this; nil for all.
    public let activities: String?
    /// The scopes hold only for what is about this person; nil for everybody.
    public let learner: Learner?
    public let createdAt: Moment
    /// When it was given a new secret.
    public let rotatedAt: Moment?
    /// Until when the secret before the present one is valid, too.
    public let graceEndsAt: Moment?
    public let revokedAt: Moment?
    /// Where it was used it is known at once, elsewhere within `ClientBook.useInterval`.
    public internal(set) var lastUsedAt: Moment?

    /// The one person whom a client's scopes are about.
    public struct Learner: Hashable, Sendable {
        public let id: ID<Person>
        public let key: String
        public let name: String
        /// The home page of the person's account: the organisation's.
        public let home: String
        public let isActive: Bool
    }

    public var isRevoked: Bool { revokedAt != nil }

    /// What `holds` every client: the credentials alone.
    public static let anyScope = ""

    /// Whether a scope of the client covers the one asked for.
    ///
    /// - Source: xAPI 1.0.3, part 3, 4.1, "OAuth authorization scope": `all` covers everything, `all/read` every
    ///   reading, `statements/read` also `statements/read/mine`.
    public func holds(_ scope: String) -> Bool {
        if scope == Client.anyScope || scopes.contains("all") || scopes.contains(scope) { return true }
        switch scope {
        case "statements/read": return scopes.contains("all/read")
        case "statements/read/mine": return scopes.contains("all/read") || scopes.contains("statements/read")
        default: return false
        }
    }
}

extension Client {
    /// What `init(row)` reads, and the hashes of the secrets.
    static let selection: SQL = """
        SELECT c.tenant AS tenant, c.id AS id, c.label AS label, c.key AS key, c.secret_hash AS secret_hash,
            c.former_hash AS former_hash, c.former_until AS former_until, c.scopes AS scopes,
            c.activities AS activities, c.learner AS learner, c.created_at AS created_at, c.rotated_at AS rotated_at,
            c.revoked_at AS revoked_at, c.last_used_at AS last_used_at, p.key AS person_key, p.name AS person_name,
            p.is_active AS person_active, t.home AS home
        FROM client c JOIN tenant t ON t.tenant = c.tenant
        LEFT JOIN person p ON p.tenant = c.tenant AND p.id = c.learner

        """

    init(_ row: Row) throws {
        var learner: Learner?
        if let id: ID<Person> = try row.find("learner") {
            learner = Learner(
                id: id, key: try row.find("person_key") ?? "", name: try row.find("person_name") ?? "",
                home: try row.get("home"), isActive: try row.find("person_active") ?? false)
        }
        self.init(
            id: try row.get("id"), tenant: try row.get("tenant"), label: try row.get("label"), key: try row.get("key"),
            scopes: try row.get("scopes", as: String.self).split(separator: " ").map(String.init),
            activities: try row.find("activities"), learner: learner, createdAt: try row.get("created_at"),
            rotatedAt: try row.find("rotated_at"), graceEndsAt: try row.find("former_until"),
            revokedAt: try row.find("revoked_at"), lastUsedAt: try row.find("last_used_at"))
    }
}
