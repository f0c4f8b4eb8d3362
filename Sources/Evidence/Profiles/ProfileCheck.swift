import Basis
import JSON
import Storage
import Synchronization

/// A profile that statements are checked against, as strict as it was told to be.
struct ActiveProfile: Sendable {
    let profile: XAPIProfile
    let mode: ProfileMode
    let reach: ProfileReach

    func flaws(in statement: JSONValue) -> [ProfileFlaw] {
        if reach == .declared, !profile.isDeclared(by: statement) { return [] }
        return profile.flaws(in: statement)
    }
}

/// The active profiles of each tenant, remembered, and looked at anew once a second.
final class ProfileMemory: Sendable {
    private struct Entry {
        /// Identities with the times of their last change, to notice one.
        let marks: [String]
        let profiles: [ActiveProfile]
        let seenAt: Moment
    }

    /// How long what was seen is believed.
    static let trust = Duration.seconds(1)

    private let entries = Mutex<[TenantID: Entry]>([:])

    /// The profiles that are not off.
    func profiles(of tenant: TenantID, at now: Moment, _ database: any Database) async throws -> [ActiveProfile] {
        let known = entries.withLock { $0[tenant] }
        if let known, now - known.seenAt < ProfileMemory.trust, now >= known.seenAt { return known.profiles }
        let marks = try await database.read { connection in
            try connection.rows(
                "SELECT id, changed_at FROM profile WHERE tenant = \(tenant) AND mode <> 'off' ORDER BY id"
            ).map { "\(try $0.get("changed_at", as: Int64.self)) \(try $0.get("id", as: String.self))" }
        }
        if let known, known.marks == marks {
            entries.withLock { $0[tenant] = Entry(marks: marks, profiles: known.profiles, seenAt: now) }
            return known.profiles
        }
        let profiles = marks.isEmpty ? [] : try await load(tenant, database)
        entries.withLock { $0[tenant] = Entry(marks: marks, profiles: profiles, seenAt: now) }
        return profiles
    }

    /// Looks anew at the next statement.
    func forget(_ tenant: TenantID) { entries.withLock { $0[tenant] = nil } }

    private func load(_ tenant: TenantID, _ database: any Database) async throws -> [ActiveProfile] {
        let rows = try await database.read { connection in
            try connection.rows(
                "SELECT mode, reach, document FROM profile WHERE tenant = \(tenant) AND mode <> 'off' ORDER BY id")
        }
        return try rows.map { row in
            ActiveProfile(
                profile: try XAPIProfile(JSONValue(parsing: try row.get("document", as: [UInt8].self))),
                mode: try row.get("mode"), reach: try row.get("reach"))
        }
    }
}

/// What the profiles of a tenant say to a batch.
struct ProfileFindings: Sendable {
    private var rows: [[Value]] = []

    /// Checks a batch.
    ///
    /// - Throws: `Problem` (`profile-refused`) with pointers when a profile that refuses is not followed.
    static func of(
        _ batch: StatementBatch, to tenant: TenantID, at now: Moment, by profiles: [ActiveProfile]
    ) throws -> ProfileFindings {
        var findings = ProfileFindings()
        if profiles.isEmpty { return findings }
        var refused: [(pointer: String, detail: String)] = []
        for entry in batch.entries {
            guard let statement = (try? JSONValue(parsing: entry.body))?.withContextLists else { continue }
            for active in profiles {
                for (position, flaw) in active.flaws(in: statement).enumerated() {
                    if active.mode == .refuse {
                        refused.append(
                            (entry.pointer.description + flaw.pointer, "\(flaw.detail) (\(flaw.place))"))
                    } else {
                        findings.rows.append([
                            tenant.stored, active.profile.id.stored, entry.id.stored, position.stored,
                            flaw.place.stored, flaw.name.stored, flaw.pointer.stored, flaw.detail.stored, now.stored,
                        ])
                    }
                }
            }
            if refused.count >= StatementValidator.flawLimit { break }
        }
        guard let first = refused.first else { return findings }
        let shown = refused.prefix(StatementValidator.flawLimit)
        let more = shown.count > 1 ? " There are \(shown.count - 1) more: see the pointers." : ""
        throw Problem(
            .invalid, "profile-refused", "\(first.pointer): \(first.detail)\(more)", at: shown.map(\.pointer),
            details: shown.map(\.detail))
    }

    /// Keeps what was found, in the transaction that stores the batch. Again changes nothing.
    func keep(on connection: any Connection) throws {
        if rows.isEmpty { return }
        try connection.bulk(
            "profile_finding",
            ["tenant", "profile", "statement", "position", "place", "name", "pointer", "detail", "found_at"], rows,
            on: .skip)
    }
}

extension StatementLog {
    /// What the loaded profiles say to a batch, before it is stored.
    func findings(in batch: StatementBatch, of tenant: TenantID) async throws -> ProfileFindings {
        let now = world.now()
        let profiles = try await self.profiles.profiles(of: tenant, at: now, database)
        return try ProfileFindings.of(batch, to: tenant, at: now, by: profiles)
    }
}
