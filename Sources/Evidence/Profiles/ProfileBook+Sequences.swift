public import Basis
import JSON
import Storage

/// Sequences of statements, judged over what is stored.
extension ProfileBook {
    /// The most statements of one registration that are judged.
    public static let sequenceStatementLimit = 10_000
    /// The most statements of one registration that are judged where many registrations are.
    public static let recentStatementLimit = 500
    /// How many registrations count as recent.
    public static let recentLimit = 30
    /// How many of the latest statements are looked through for registrations.
    public static let recentScanLimit = 5_000

    /// How far the statements of a registration follow a profile's primary patterns, one report for each
    /// subregistration; none where no statement follows the profile. Voided statements are left out.
    ///
    /// - Parameters:
    ///   - registration: A UUID.
    ///   - profile: The IRI of a loaded profile, or `OwnProfile.iri`.
    ///   - tenant: Whose statements.
    /// - Returns: What the patterns say.
    /// - Throws: `Problem` (`profile-missing`, `profile-patterns`, `registration`); `StorageError`.
    /// - Source: xAPI Profiles, part three, 2.2.
    public func sequences(
        of registration: String, following profile: String, of tenant: TenantID
    ) async throws -> [SequenceReport] {
        let active = try await sequenced(profile, of: tenant)
        guard let id = ID<Registration>(registration) else {
            throw Problem(.invalid, "registration", "A registration is a UUID. Write it out.", at: ["/registration"])
        }
        return try await judge(id.description, by: [active], of: tenant, limit: ProfileBook.sequenceStatementLimit)
    }

    /// The same for the registrations that statements named last, the latest first.
    ///
    /// - Throws: `Problem` (`profile-missing`, `profile-patterns`); `StorageError`.
    public func recentSequences(following profile: String, of tenant: TenantID) async throws -> [SequenceReport] {
        try await recentSequences(by: [try await sequenced(profile, of: tenant)], of: tenant)
    }

    /// What failed lately by any profile that is on, the latest first.
    ///
    /// - Throws: `StorageError`.
    public func failedSequences(of tenant: TenantID) async throws -> [SequenceReport] {
        let active = try await log.profiles.profiles(of: tenant, at: log.world.now(), log.database)
        let sequenced = active.filter { !$0.profile.primaryPatterns.isEmpty }
        if sequenced.isEmpty { return [] }
        return try await recentSequences(by: sequenced, of: tenant).filter { $0.state == .failed }
    }

    private func recentSequences(by profiles: [ActiveProfile], of tenant: TenantID) async throws -> [SequenceReport] {
        let rows = try await log.database.read { connection in
            try connection.rows(
                """
                SELECT registration FROM statement WHERE tenant = \(tenant)
                ORDER BY seq DESC LIMIT \(ProfileBook.recentScanLimit)
                """
            ).compactMap { try $0.find("registration", as: String.self) }
        }
        var reports: [SequenceReport] = []
        var seen: Set<String> = []
        for registration in rows where seen.insert(registration).inserted {
            reports += try await judge(registration, by: profiles, of: tenant, limit: ProfileBook.recentStatementLimit)
            if seen.count == ProfileBook.recentLimit { break }
        }
        return reports
    }

    private func sequenced(_ profile: String, of tenant: TenantID) async throws -> ActiveProfile {
        let active: ActiveProfile
        if profile == OwnProfile.iri || profile == OwnProfile.version {
            active = ActiveProfile(profile: try OwnProfile.parsed(), mode: .warn, reach: .described)
        } else {
            let row = try await log.database.read { connection in
                try connection.row("SELECT reach, document FROM profile WHERE tenant = \(tenant) AND id = \(profile)")
            }
            guard let row else {
                throw Problem(.missing, "profile-missing", "There is no such profile. See the list.")
            }
            active = ActiveProfile(
                profile: try XAPIProfile(JSONValue(parsing: try row.get("document", as: [UInt8].self))), mode: .warn,
                reach: try row.get("reach"))
        }
        if active.profile.primaryPatterns.isEmpty {
            throw Problem(
                .invalid, "profile-patterns",
                "This profile has no primary pattern whose parts all stand in it. Its templates are checked one by one."
            )
        }
        return active
    }

    private func judge(
        _ registration: String, by profiles: [ActiveProfile], of tenant: TenantID, limit: Int
    ) async throws -> [SequenceReport] {
        try await log.database.read { connection in
            let places = try connection.rows(
                """
                SELECT seq, timestamp_at FROM statement
                WHERE tenant = \(tenant) AND registration = \(registration) AND voided = 0
                ORDER BY seq LIMIT \(limit + 1)
                """
            ).map { (seq: try $0.get("seq", as: Int.self), at: try $0.get("timestamp_at", as: Moment.self)) }
            let ordered = places.prefix(limit).sorted { ($0.at, $0.seq) < ($1.at, $1.seq) }.map(\.seq)
            var judges = profiles.map { SequenceJudge($0.profile, $0.reach) }
            for start in stride(from: 0, to: ordered.count, by: 128) {
                let some = Array(ordered[start..<min(start + 128, ordered.count)])
                let statements = try read(some, of: tenant, on: connection)
                let targets = try targets(of: statements.map(\.body), profiles, tenant, on: connection)
                for statement in statements {
                    for index in judges.indices {
                        judges[index].take(statement.body, statement.id, at: statement.at) { targets[$0] }
                    }
                }
            }
            return judges.flatMap { $0.reports(of: registration, isCut: places.count > limit) }
        }
    }

    private func read(
        _ numbers: [Int], of tenant: TenantID, on connection: any Connection
    ) throws -> [(id: ID<Statement>, at: Moment, body: JSONValue)] {
        var found: [Int: (id: ID<Statement>, at: Moment, body: JSONValue)] = [:]
        for chunk in chunks(numbers) {
            let rows = try connection.rows(
                """
                SELECT seq, id, timestamp_at, body FROM statement
                WHERE tenant = \(tenant) AND seq IN (\(SQL.list(chunk)))
                """)
            for row in rows {
                let body = try JSONValue(parsing: try row.get("body", as: [UInt8].self)).withContextLists
                found[try row.get("seq")] = (
                    ID(bytes: try row.get("id")), try row.get("timestamp_at"), body
                )
            }
        }
        return numbers.compactMap { found[$0] }
    }

    private func targets(
        of statements: [JSONValue], _ profiles: [ActiveProfile], _ tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Statement>: JSONValue] {
        let wanted = Set(
            statements.flatMap { body in profiles.flatMap { $0.profile.references(in: body) } }.compactMap(\.target))
        return try StatementPen.bodies(
            of: wanted.sorted { $0.description < $1.description }, of: tenant, on: connection
        )
        .compactMapValues { try? JSONValue(parsing: $0).withContextLists }
    }
}
