public import Basis
import Storage

extension ClientBook {
    /// Makes a client.
    ///
    /// - Parameters:
    ///   - label: What people call it.
    ///   - scopes: At least one of `ClientBook.scopes`.
    ///   - activities: The scopes hold only for activities whose IRI begins with this; nil for all.
    ///   - learner: The key of the one person whom they are about; nil for everybody.
    ///   - tenant: The client's.
    /// - Returns: The client and its secret, which cannot be read again.
    /// - Throws: `Problem` (`client-invalid`) with a pointer.
    public func create(
        label: String, scopes: [String], activities: String? = nil, learner: String? = nil, for tenant: TenantID
    ) async throws -> (client: Client, secret: String) {
        try ClientBook.check(label: label, scopes: scopes, activities: activities)
        let secret = base64url(world.bytes(32))
        let id: ID<Credential> = world.id()
        let key = "\(tenant.number)-\(Sessions.spoken(world.bytes(16)))"
        let (hash, now, text) = (sha256(Array(secret.utf8)), world.now(), Set(scopes).sorted().joined(separator: " "))
        let client = try await database.write { connection in
            let person = try learner.map { try ClientBook.person($0, of: tenant, on: connection) }
            try connection.run(
                """
                INSERT INTO client (tenant, id, label, key, secret_hash, scopes, activities, learner, created_at)
                VALUES (\(tenant), \(id), \(label), \(key), \(hash), \(text), \(activities), \(person), \(now))
                """)
            return try ClientBook.find(id, of: tenant, on: connection)
        }
        return (client, secret)
    }

    /// A grace for the old secret, in whole hours as people choose it.
    ///
    /// - Throws: `Problem` (`client-invalid`) below 0 and above `graceHourLimit`.
    public static func grace(hours: Int) throws(Problem) -> Duration {
        guard (0...graceHourLimit).contains(hours) else {
            throw Problem(
                .invalid, "client-invalid",
                "The old secret may stay valid for 0 to \(graceHourLimit) hours. Choose one of these.",
                at: ["/graceHours"])
        }
        return .hours(hours)
    }

    /// Gives the client a new secret. The old one stays valid for a while, so that the program can be told in peace;
    /// one that was older still is refused from now on.
    ///
    /// - Parameters:
    ///   - client: Who gets it.
    ///   - grace: From zero, for at once, to `graceLimit`.
    ///   - tenant: The client's.
    /// - Returns: The client and its new secret, which cannot be read again.
    /// - Precondition: The grace is in that range: see `grace(hours:)`.
    /// - Throws: `Problem` (`client-missing`, `client-revoked`).
    public func rotate(
        _ client: ID<Credential>, keepingOldFor grace: Duration = ClientBook.grace, of tenant: TenantID
    ) async throws -> (client: Client, secret: String) {
        precondition(grace >= .zero && grace <= ClientBook.graceLimit, "a grace is from zero to its limit")
        let secret = base64url(world.bytes(32))
        let (hash, now) = (sha256(Array(secret.utf8)), world.now())
        let rotated = try await database.write { connection in
            if try ClientBook.find(client, of: tenant, on: connection).isRevoked {
                throw Problem(
                    .conflict, "client-revoked", "The client is revoked and stays so. Make a new one.")
            }
            try connection.run(
                """
                UPDATE client SET former_hash = secret_hash, former_until = \(now + grace), secret_hash = \(hash),
                    rotated_at = \(now)
                WHERE tenant = \(tenant) AND id = \(client)
                """)
            return try ClientBook.find(client, of: tenant, on: connection)
        }
        memory.empty()
        return (rotated, secret)
    }

    /// Refuses the client from now on: here at once, on other nodes within `trust`.
    ///
    /// - Throws: `Problem` (`client-missing`).
    public func revoke(_ client: ID<Credential>, of tenant: TenantID) async throws {
        let now = world.now()
        let count = try await database.write { connection in
            try connection.run(
                """
                UPDATE client SET revoked_at = COALESCE(revoked_at, \(now)), former_hash = NULL, former_until = NULL
                WHERE tenant = \(tenant) AND id = \(client)
                """)
        }
        memory.empty()
        if count == 0 { throw ClientBook.missing }
    }

    private static func find(
        _ client: ID<Credential>, of tenant: TenantID, on connection: any Connection
    ) throws -> Client {
        let row = try connection.row(Client.selection + "WHERE c.tenant = \(tenant) AND c.id = \(client)")
        guard let row else { throw missing }
        return try Client(row)
    }

    private static func person(
        _ key: String, of tenant: TenantID, on connection: any Connection
    ) throws -> ID<Person> {
        let row = try connection.row(
            "SELECT id FROM person WHERE tenant = \(tenant) AND key = \(key) AND is_active = 1")
        guard let row else {
            throw Problem(
                .invalid, "client-invalid", "There is no active person with the id “\(key)”. Check the id.",
                at: ["/learner"])
        }
        return try row.get("id")
    }

    private static let missing = Problem(.missing, "client-missing", "There is no such client.")

    private static func check(label: String, scopes: [String], activities: String?) throws(Problem) {
        if let fault = PersonRules.fault(inText: label, called: "The label", limit: PersonRules.nameLimit) {
            throw Problem(.invalid, "client-invalid", fault, at: ["/label"])
        }
        guard !scopes.isEmpty, Set(scopes).isSubset(of: ClientBook.scopes) else {
            let odd = scopes.first { !ClientBook.scopes.contains($0) }
            let fault = odd.map { "There is no scope “\($0)”." } ?? "No scope is chosen."
            let detail = "\(fault) Choose from \(ClientBook.scopes.joined(separator: ", "))."
            throw Problem(.invalid, "client-invalid", detail, at: ["/scopes"])
        }
        guard let activities else { return }
        let isPrefix =
            activities.utf8.count <= prefixByteLimit && activities.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
            && (activities.firstIndex(of: ":").map { $0 > activities.startIndex } ?? false)
        if !isPrefix {
            throw Problem(
                .invalid, "client-invalid",
                "“\(activities)” begins no activity's IRI. Write one such as https://example.org/courses/.",
                at: ["/activities"])
        }
    }
}
