public import Basis
import Storage
import Vault

/// A password or signing key as it lies in the database.
struct KeptSecret: Sendable {
    /// Empty once it is sealed, and for none.
    let plain: String
    let sealed: [UInt8]?

    init(_ row: Row) throws {
        plain = try row.get("secret")
        sealed = try row.find("sealed")
    }
}

extension ExchangeBook {
    /// What sealing everything did.
    public struct Sealing: Hashable, Sendable {
        /// Secrets that are now under the present key and were not before.
        public var sealed = 0
        /// Secrets that no key at hand opens.
        public var unreadable = 0
    }

    private static func place(_ id: ID<Link>, _ tenant: TenantID) -> VaultPlace {
        VaultPlace(table: "exchange_link", column: "secret", tenant: tenant, row: id.description)
    }

    /// - Throws: `Problem` (`secret-key-missing`, `secret-key-wrong`, `secret-damaged`, …).
    func open(_ kept: KeptSecret, of id: ID<Link>, _ tenant: TenantID) throws(Problem) -> String {
        guard let sealed = kept.sealed else { return kept.plain }
        return try vault.open(sealed, at: ExchangeBook.place(id, tenant))
    }

    /// Nil for no secret. Makes the installation's key at the first one.
    func seal(_ secret: String, of id: ID<Link>, _ tenant: TenantID) async throws -> [UInt8]? {
        if secret.isEmpty { return nil }
        try await prepareKey()
        return try vault.seal(secret, for: ExchangeBook.place(id, tenant), world: world)
    }

    /// A lost key is not replaced by a new one as long as something is sealed with it.
    private func prepareKey() async throws {
        if try await holdsSecrets() { return }
        if try await sealsElsewhere() { return }
        try vault.prepare(world: world)
    }

    /// Whether a secret of any link is sealed.
    public func holdsSecrets() async throws -> Bool {
        try await database.read {
            try $0.holds("SELECT 1 AS one FROM exchange_link WHERE sealed IS NOT NULL LIMIT 1")
        }
    }

    /// Seals what lies in the database unencrypted, because it was stored before there was a vault.
    ///
    /// - Throws: `Problem` (`secret-key-missing`, …) when there is something to seal and no key; `StorageError`.
    @discardableResult
    public func sealPlain() async throws -> Sealing {
        try await seal(where: "sealed IS NULL AND secret <> ''")
    }

    /// Makes a new key, and seals every secret of every link of every organisation with it.
    ///
    /// - Parameter others: Keys that seal something else still, and are kept with the new one.
    /// - Returns: How many were sealed, and how many no key at hand opens.
    /// - Throws: `Problem` (`secret-key-missing`, `secret-key-damaged`, `secret-key-unwritable`); `StorageError`.
    public func rekey(keeping others: Set<[UInt8]> = []) async throws -> Sealing {
        try await prepareKey()
        let sealed = try await database.read { connection in
            try connection.rows("SELECT sealed FROM exchange_link WHERE sealed IS NOT NULL")
                .map { try $0.get("sealed", as: [UInt8].self) }
        }
        try vault.renew(keeping: others.union(sealed.compactMap { Vault.keyID(of: $0) }), world: world)
        return try await seal(where: "sealed IS NOT NULL OR secret <> ''")
    }

    private func seal(where condition: SQL) async throws -> Sealing {
        let selection: SQL = "SELECT tenant, id, secret, sealed FROM exchange_link WHERE "
        let order: SQL = " ORDER BY tenant, id"
        if try await database.read({ try $0.row(selection + condition + " LIMIT 1") }) == nil { return Sealing() }
        try await prepareKey()
        return try await database.write { connection in
            // SQLite overwrites the former text, so that its file keeps no trace of it.
            if connection.dialect == .sqlite { _ = try connection.rows("PRAGMA secure_delete = 1") }
            var done = Sealing()
            for row in try connection.rows(selection + condition + order) {
                let (tenant, id): (TenantID, ID<Link>) = (try row.get("tenant"), try row.get("id"))
                guard let secret = try? open(try KeptSecret(row), of: id, tenant) else {
                    done.unreadable += 1
                    continue
                }
                let sealed = try vault.seal(secret, for: ExchangeBook.place(id, tenant), world: world)
                try connection.run(
                    """
                    UPDATE exchange_link SET sealed = \(sealed), secret = '' WHERE tenant = \(tenant) AND id = \(id)
                    """)
                done.sealed += 1
            }
            return done
        }
    }

    /// What is wrong with the secrets that are kept, for the page and for `leeway doctor`; nil for nothing.
    ///
    /// - Parameter tenant: Whose; nil for every organisation.
    /// - Returns: The first that is wrong.
    /// - Throws: `StorageError`.
    public func secretTrouble(of tenant: TenantID? = nil) async throws -> Problem? {
        let bound: SQL = tenant.map { " AND tenant = \($0)" } ?? ""
        let rows = try await database.read { connection in
            try connection.rows(
                "SELECT tenant, id, label, secret, sealed FROM exchange_link WHERE (sealed IS NOT NULL OR secret <> '')"
                    + bound + " ORDER BY tenant, label, id")
        }
        var plain = 0
        for row in rows {
            let (kept, tenant, id): (KeptSecret, TenantID, ID<Link>) = (
                try KeptSecret(row), try row.get("tenant"), try row.get("id")
            )
            if kept.sealed == nil { plain += 1 }
            do throws(Problem) {
                _ = try open(kept, of: id, tenant)
            } catch {
                return error
            }
        }
        if plain > 0 {
            return Problem(
                .unavailable, "secret-plain",
                "Secrets of links that lie in the database unencrypted: \(plain). "
                    + (vault.path == nil
                        ? "Name a key file by the setting secretKeyFile (LEEWAY_SECRET_KEY_FILE), and start the server."
                        : "The server seals them when it starts."))
        }
        return nil
    }
}
