public import Basis
import JSON
public import Storage

/// What becomes of a statement that does otherwise than a profile says.
public enum ProfileMode: String, CaseIterable, Storable, Sendable {
    /// Nothing: it is not checked.
    case off
    /// It is stored, and what was found is listed.
    case warn
    /// It is refused, with a pointer to each place.
    case refuse
}

/// Which statements a profile is for.
public enum ProfileReach: String, CaseIterable, Storable, Sendable {
    /// Those that name the profile, or a version of it, among their categories, as the specification says.
    case declared
    /// Those too that a template of it describes, whatever their categories.
    case described
}

/// A profile that an administrator loaded.
public struct ProfileRecord: Hashable, Sendable {
    /// The profile's IRI.
    public let id: String
    public let name: String
    public let mode: ProfileMode
    public let reach: ProfileReach
    public let templateCount: Int
    public let conceptCount: Int
    public let patternCount: Int
    /// Primary patterns that sequences are judged by.
    public let sequenceCount: Int
    public let loadedAt: Moment
    /// How many places were found so far.
    public let findingCount: Int
}

/// What statements do otherwise, summed up by the part of the profile.
public struct ProfileFinding: Hashable, Sendable {
    public let profile: String
    /// The IRI of the template, or of an extension in the wrong place.
    public let place: String
    public let name: String
    /// A JSON Pointer (RFC 6901) into the statement.
    public let pointer: String
    public let detail: String
    public let count: Int
    public let lastAt: Moment
    /// One of the statements.
    public let statement: ID<Statement>
}

/// The profiles that a tenant's statements are checked against.
public struct ProfileBook: Sendable {
    /// The most profiles of a tenant.
    public static let countLimit = 100
    /// The most findings that a list shows.
    public static let findingLimit = 200

    let log: StatementLog

    public init(log: StatementLog) { self.log = log }

    /// Loads a profile, or a newer document of one that is loaded.
    ///
    /// - Returns: The profile's IRI.
    /// - Throws: `Problem` (`json`, `profile-invalid`, `profile-too-large`, `profile-count`).
    @discardableResult
    public func load(
        _ bytes: [UInt8], mode: ProfileMode = .warn, reach: ProfileReach = .declared, for tenant: TenantID
    ) async throws -> String {
        if bytes.count > XAPIProfile.byteLimit {
            throw Problem(
                .oversize, "profile-too-large",
                "A profile has at most \(XAPIProfile.byteLimit >> 20) MiB; this has more. Load its parts.")
        }
        let profile: XAPIProfile
        do {
            profile = try XAPIProfile(JSONValue(parsing: bytes))
        } catch let error as JSONError {
            throw error.problem
        }
        let now = log.world.now()
        try await log.database.write { connection in
            let count: Int = try connection.value(
                "SELECT COUNT(*) AS count FROM profile WHERE tenant = \(tenant) AND id <> \(profile.id)")
            if count >= ProfileBook.countLimit {
                throw Problem(
                    .conflict, "profile-count", "There are \(count) profiles already. Remove one that is not used.")
            }
            try connection.run(
                """
                INSERT INTO profile (tenant, id, name, mode, reach, document, loaded_at, changed_at)
                VALUES (\(tenant), \(profile.id), \(profile.name), \(mode), \(reach), \(bytes), \(now), \(now))
                ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, mode = excluded.mode,
                    reach = excluded.reach, document = excluded.document, loaded_at = excluded.loaded_at,
                    changed_at = excluded.changed_at
                """)
        }
        log.profiles.forget(tenant)
        return profile.id
    }

    /// Says how strict a profile is, and which statements it is for; nil leaves that as it is.
    ///
    /// - Throws: `Problem` (`profile-missing`).
    public func set(
        mode: ProfileMode? = nil, reach: ProfileReach? = nil, of profile: String, _ tenant: TenantID
    ) async throws {
        let now = log.world.now()
        try await change(tenant) { connection in
            try connection.run(
                """
                UPDATE profile SET mode = COALESCE(\(mode), mode), reach = COALESCE(\(reach), reach),
                    changed_at = \(now)
                WHERE tenant = \(tenant) AND id = \(profile)
                """)
        }
    }

    /// Removes a profile with what it found. Statements stay as they are.
    ///
    /// - Throws: `Problem` (`profile-missing`).
    public func remove(_ profile: String, of tenant: TenantID) async throws {
        try await change(tenant) { connection in
            try connection.run("DELETE FROM profile_finding WHERE tenant = \(tenant) AND profile = \(profile)")
            return try connection.run("DELETE FROM profile WHERE tenant = \(tenant) AND id = \(profile)")
        }
    }

    /// Forgets what a profile found so far.
    public func clearFindings(of profile: String, _ tenant: TenantID) async throws {
        try await log.database.write { connection in
            try connection.run("DELETE FROM profile_finding WHERE tenant = \(tenant) AND profile = \(profile)")
        }
    }

    private func change(
        _ tenant: TenantID, _ body: @escaping @Sendable (any Connection) throws -> Int
    ) async throws {
        try await log.database.write { connection in
            if try body(connection) == 0 {
                throw Problem(.missing, "profile-missing", "There is no such profile. See the list.")
            }
        }
        log.profiles.forget(tenant)
    }

    /// The loaded profiles, by name.
    public func list(of tenant: TenantID) async throws -> [ProfileRecord] {
        let rows = try await log.database.read { connection in
            try connection.rows(
                """
                SELECT p.id, p.mode, p.reach, p.document, p.loaded_at, (SELECT COUNT(*) FROM profile_finding f
                    WHERE f.tenant = p.tenant AND f.profile = p.id) AS findings
                FROM profile p WHERE p.tenant = \(tenant) ORDER BY p.name, p.id
                """)
        }
        return try rows.map { row in
            let profile = try XAPIProfile(JSONValue(parsing: try row.get("document", as: [UInt8].self)))
            return ProfileRecord(
                id: profile.id, name: profile.name, mode: try row.get("mode"), reach: try row.get("reach"),
                templateCount: profile.templateCount, conceptCount: profile.conceptCount,
                patternCount: profile.patternCount, sequenceCount: profile.primaryPatterns.count,
                loadedAt: try row.get("loaded_at"),
                findingCount: try row.get("findings"))
        }
    }

    /// What was found, the most frequent first.
    public func findings(of tenant: TenantID) async throws -> [ProfileFinding] {
        try await log.database.read { connection in
            try connection.rows(
                """
                SELECT profile, place, name, pointer, detail, COUNT(*) AS count, MAX(found_at) AS last_at,
                    MAX(statement) AS statement
                FROM profile_finding WHERE tenant = \(tenant)
                GROUP BY profile, place, name, pointer, detail
                ORDER BY COUNT(*) DESC, profile, place, pointer, detail LIMIT \(ProfileBook.findingLimit)
                """
            ).map { row in
                ProfileFinding(
                    profile: try row.get("profile"), place: try row.get("place"), name: try row.get("name"),
                    pointer: try row.get("pointer"), detail: try row.get("detail"), count: try row.get("count"),
                    lastAt: try row.get("last_at"), statement: try row.get("statement"))
            }
        }
    }
}
