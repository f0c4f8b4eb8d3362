import Basis
import JSON
import Storage
import Synchronization

/// A profile that statements are checked against, as strict as it was told to be.
struct ActiveProfile: Sendable {
    let profile: XAPIProfile
    let mode: ProfileMode
    let reach: ProfileReach

    /// Whether it is for a statement.
    func isFor(_ statement: JSONValue) -> Bool { reach == .described || profile.isDeclared(by: statement) }
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
    /// What a statement points to, which is looked at once the batch is written.
    private struct Open: Sendable {
        let active: ActiveProfile
        let statement: ID<Statement>
        let pointer: JSONPointer
        let position: Int
        let reference: TemplateReference
    }

    private let tenant: TenantID
    private let now: Moment
    private var rows: [[Value]] = []
    private var open: [Open] = []
    private var refused: [(pointer: String, detail: String)] = []

    private init(tenant: TenantID, now: Moment) {
        self.tenant = tenant
        self.now = now
    }

    /// Checks a batch.
    ///
    /// - Throws: `Problem` (`profile-refused`) with pointers when a profile that refuses is not followed.
    static func of(
        _ batch: StatementBatch, to tenant: TenantID, at now: Moment, by profiles: [ActiveProfile]
    ) throws -> ProfileFindings {
        var findings = ProfileFindings(tenant: tenant, now: now)
        if profiles.isEmpty { return findings }
        for entry in batch.entries {
            guard let statement = (try? JSONValue(parsing: entry.body))?.withContextLists else { continue }
            for active in profiles where active.isFor(statement) {
                let flaws = active.profile.flaws(in: statement)
                for (position, flaw) in flaws.enumerated() {
                    findings.add(flaw, of: entry.id, at: entry.pointer, position, by: active)
                }
                for (index, reference) in active.profile.references(in: statement).enumerated() {
                    findings.open.append(
                        Open(
                            active: active, statement: entry.id, pointer: entry.pointer,
                            position: flaws.count + index, reference: reference))
                }
            }
            if findings.refused.count >= StatementValidator.flawLimit { break }
        }
        try findings.refuse()
        return findings
    }

    private mutating func add(
        _ flaw: ProfileFlaw, of statement: ID<Statement>, at pointer: JSONPointer, _ position: Int,
        by active: ActiveProfile, isSure: Bool = true
    ) {
        if active.mode == .refuse, isSure {
            refused.append((pointer.description + flaw.pointer, "\(flaw.detail) (\(flaw.place))"))
        } else {
            rows.append([
                tenant.stored, active.profile.id.stored, statement.stored, position.stored, flaw.place.stored,
                flaw.name.stored, flaw.pointer.stored, flaw.detail.stored, now.stored,
            ])
        }
    }

    private func refuse() throws {
        guard let first = refused.first else { return }
        let shown = refused.prefix(StatementValidator.flawLimit)
        let more = shown.count > 1 ? " There are \(shown.count - 1) more: see the pointers." : ""
        throw Problem(
            .invalid, "profile-refused", "\(first.pointer): \(first.detail)\(more)", at: shown.map(\.pointer),
            details: shown.map(\.detail))
    }

    /// Looks at what the batch points to, which is stored or came with it, and keeps what was found. It belongs into
    /// the transaction that stores the batch, after that. Again changes nothing.
    ///
    /// - Parameters:
    ///   - gone: Statements of the batch that were not stored.
    ///   - connection: That of the transaction.
    /// - Throws: `Problem` (`profile-refused`) as above; `StorageError`.
    func keep(leavingOut gone: Set<ID<Statement>> = [], on connection: any Connection) throws {
        var findings = self
        if !gone.isEmpty {
            let names = Set(gone.map(\.stored))
            findings.rows.removeAll { names.contains($0[2]) }
        }
        let wanted = Set(open.compactMap(\.reference.target)).sorted { $0.description < $1.description }
        let targets = try StatementPen.bodies(of: wanted, of: tenant, on: connection).mapValues {
            try JSONValue(parsing: $0).withContextLists
        }
        for one in open where !gone.contains(one.statement) {
            let target = one.reference.target.flatMap { targets[$0] }
            guard let (flaw, isSure) = one.reference.flaw(target, in: one.active.profile) else { continue }
            findings.add(flaw, of: one.statement, at: one.pointer, one.position, by: one.active, isSure: isSure)
        }
        try findings.refuse()
        if findings.rows.isEmpty { return }
        try connection.bulk(
            "profile_finding",
            ["tenant", "profile", "statement", "position", "place", "name", "pointer", "detail", "found_at"],
            findings.rows, on: .skip)
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
