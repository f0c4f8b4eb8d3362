public import Basis
import Evidence
import JSON
import Storage

// Responsibility: proposed, then accepted or declined. Whoever answered before stays until somebody else accepts.

extension AIRegister {
    /// Asks a person to answer for a use. A question still open to somebody else is withdrawn.
    ///
    /// Handing over is the same: the owner so far stays until the new one accepts.
    ///
    /// `day` is the last one for which it is asked; nil is until further notice.
    ///
    /// - Throws: `Problem` (`person-inactive`, `owner-already`, `ai-use-missing`, `until-past`).
    public func propose(
        _ person: ID<Person>, for use: ID<AIUse>, as part: Responsibility.Part = .accountable,
        until day: Day? = nil, by asker: ID<Person>, of tenant: TenantID
    ) async throws -> Responsibility {
        let now = world.now()
        return try await database.write { connection in
            try propose(person, for: use, as: part, until: day, by: asker, in: tenant, at: now, on: connection)
        }
    }

    /// Within the caller's transaction.
    func propose(
        _ person: ID<Person>, for use: ID<AIUse>, as part: Responsibility.Part, until day: Day?, by asker: ID<Person>,
        in tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws -> Responsibility {
        if let day, day <= now.day {
            throw Problem(
                .invalid, "until-past", "The last day, \(day), is not after today. Choose a later one or none.",
                at: ["/until"])
        }
        let id = world.id(Responsibility.self)
        let record = try found(use, in: tenant, on: connection)
        try spine.expectActive(person, in: tenant, at: "/person", on: connection)
        let open = try responsibilities(of: use, in: tenant, on: connection).filter { $0.part == part }
        if open.contains(where: { $0.state == .accepted && $0.person == person }) {
            throw Problem(
                .conflict, "owner-already", "That person has this part already. There is nothing to ask.")
        }
        let waiting = open.filter { $0.state == .proposed && (part == .accountable || $0.person == person) }
        if let same = waiting.first(where: { $0.person == person }) { return same }
        for earlier in waiting {
            try settle(
                earlier, as: .withdrawn, reason: "Somebody else was asked.", in: tenant, at: now, on: connection)
        }
        try connection.run(
            """
            INSERT INTO responsibility (tenant, id, ai_use, part, person, state, reason, proposed_by, proposed_at,
                until_day)
            VALUES (\(tenant), \(id), \(use), \(part), \(person), 'proposed', '', \(asker), \(now), \(day))
            """)
        try put(
            .proposed, use, record.name, by: asker, detail: part.rawValue, about: person, in: tenant, at: now,
            on: connection)
        return try found(id, in: tenant, on: connection)
    }

    /// The person asked takes it on. Whoever was accountable before is relieved in the same moment.
    ///
    /// - Throws: `Problem` (`responsibility-missing`, also for what somebody else was asked; `responsibility-settled`).
    public func accept(
        _ id: ID<Responsibility>, by person: ID<Person>, of tenant: TenantID
    ) async throws -> Responsibility {
        let now = world.now()
        return try await database.write { connection in
            let asked = try pending(id, for: person, in: tenant, on: connection)
            let use = try found(asked.use, in: tenant, on: connection)
            if asked.part == .accountable {
                let before = try responsibilities(of: asked.use, in: tenant, on: connection)
                for one in before where one.part == .accountable && one.state == .accepted {
                    try settle(one, as: .ended, reason: "Handed over.", in: tenant, at: now, on: connection)
                    try put(
                        .ended, use.id, use.name, by: person, reason: "Handed over.", detail: one.part.rawValue,
                        about: one.person, in: tenant, at: now, on: connection)
                }
            }
            try settle(asked, as: .accepted, reason: "", in: tenant, at: now, on: connection)
            try put(
                .accepted, use.id, use.name, by: person, detail: asked.part.rawValue, about: person, in: tenant,
                at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// The person asked says no, and why.
    ///
    /// - Throws: `Problem` (`text-missing` without a reason, `responsibility-missing`, `responsibility-settled`).
    public func decline(
        _ id: ID<Responsibility>, reason: String, by person: ID<Person>, of tenant: TenantID
    ) async throws -> Responsibility {
        try Findings.expect(reason: reason, atMost: AIUseDraft.textLimit)
        let now = world.now()
        return try await database.write { connection in
            let asked = try pending(id, for: person, in: tenant, on: connection)
            let use = try found(asked.use, in: tenant, on: connection)
            try settle(asked, as: .declined, reason: reason.trimmed, in: tenant, at: now, on: connection)
            try put(
                .declined, use.id, use.name, by: person, reason: reason.trimmed, detail: asked.part.rawValue,
                about: person, in: tenant, at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// Takes back an open question, or ends an accepted part. The use then shows as unowned until somebody accepts.
    ///
    /// - Throws: `Problem` (`text-missing` without a reason, `responsibility-missing`, `responsibility-settled`).
    public func end(
        _ id: ID<Responsibility>, reason: String, by person: ID<Person>, of tenant: TenantID
    ) async throws -> Responsibility {
        try Findings.expect(reason: reason, atMost: AIUseDraft.textLimit)
        let now = world.now()
        return try await database.write { connection in
            let one = try found(id, in: tenant, on: connection)
            let use = try found(one.use, in: tenant, on: connection)
            let state: Responsibility.State
            switch one.state {
            case .proposed: state = .withdrawn
            case .accepted: state = .ended
            case .declined, .withdrawn, .ended: throw settled(one)
            }
            try settle(one, as: state, reason: reason.trimmed, in: tenant, at: now, on: connection)
            try put(
                state == .ended ? .ended : .withdrawn, use.id, use.name, by: person, reason: reason.trimmed,
                detail: one.part.rawValue, about: one.person, in: tenant, at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// Everybody who was ever asked for a use, the earliest first: its history of ownership.
    public func responsibilities(of use: ID<AIUse>, in tenant: TenantID) async throws -> [Responsibility] {
        try await database.read { try responsibilities(of: use, in: tenant, on: $0) }
    }

    /// Everybody who was ever asked for any use, the earliest first.
    public func responsibilities(of tenant: TenantID) async throws -> [Responsibility] {
        try await database.read { connection in
            try connection.rows("SELECT * FROM responsibility WHERE tenant = \(tenant) ORDER BY proposed_at, id")
                .map(Responsibility.init)
        }
    }

    /// What a person was asked to take on and has not answered, the earliest first.
    public func asked(of person: ID<Person>, in tenant: TenantID) async throws -> [Responsibility] {
        try await list(of: person, in: tenant, state: .proposed)
    }

    /// What a person answers for now, the earliest first.
    public func held(by person: ID<Person>, in tenant: TenantID) async throws -> [Responsibility] {
        try await list(of: person, in: tenant, state: .accepted)
    }

    private func list(
        of person: ID<Person>, in tenant: TenantID, state: Responsibility.State
    ) async throws -> [Responsibility] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT * FROM responsibility WHERE tenant = \(tenant) AND person = \(person) AND state = \(state)
                ORDER BY proposed_at, id
                """
            ).map(Responsibility.init)
        }
    }

    func responsibilities(
        of use: ID<AIUse>, in tenant: TenantID, on connection: any Connection
    ) throws -> [Responsibility] {
        try connection.rows(
            "SELECT * FROM responsibility WHERE tenant = \(tenant) AND ai_use = \(use) ORDER BY proposed_at, id"
        ).map(Responsibility.init)
    }

    private func found(
        _ id: ID<Responsibility>, in tenant: TenantID, on connection: any Connection
    ) throws -> Responsibility {
        let row = try connection.row("SELECT * FROM responsibility WHERE tenant = \(tenant) AND id = \(id)")
        guard let row else { throw missing }
        return try Responsibility(row)
    }

    private func pending(
        _ id: ID<Responsibility>, for person: ID<Person>, in tenant: TenantID, on connection: any Connection
    ) throws -> Responsibility {
        let one = try found(id, in: tenant, on: connection)
        if one.person != person { throw missing }
        if one.state != .proposed { throw settled(one) }
        try spine.expectActive(person, in: tenant, at: "/person", on: connection)
        return one
    }

    /// What somebody else was asked is nobody's business: it is as if it were not there.
    private var missing: Problem {
        Problem(.missing, "responsibility-missing", "You were not asked this. Look at what you were asked.")
    }

    private func settled(_ one: Responsibility) -> Problem {
        Problem(
            .conflict, "responsibility-settled", "This is \(one.state.rawValue) already. Ask anew if it should change.")
    }

    func settle(
        _ one: Responsibility, as state: Responsibility.State, reason: String, in tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws {
        let answeredAt = state == .accepted || state == .declined ? now : one.answeredAt
        let endedAt = state == .ended || state == .withdrawn ? now : one.endedAt
        try connection.run(
            """
            UPDATE responsibility SET state = \(state), reason = \(reason), answered_at = \(answeredAt),
                ended_at = \(endedAt)
            WHERE tenant = \(tenant) AND id = \(one.id)
            """)
    }
}

extension Responsibility {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), use: try row.get("ai_use"), part: try row.get("part"),
            person: try row.get("person"), state: try row.get("state"), reason: try row.get("reason"),
            proposedBy: try row.get("proposed_by"), proposedAt: try row.get("proposed_at"),
            answeredAt: try row.find("answered_at"), endedAt: try row.find("ended_at"),
            until: try row.find("until_day"))
    }
}
