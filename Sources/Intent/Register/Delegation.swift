public import Basis
import Storage

/// Who acts for an owner for a time. The owner stays accountable.
public struct Delegation: Hashable, Sendable {
    public let id: ID<Delegation>
    /// Whose part is delegated.
    public let person: ID<Person>
    public let delegate: ID<Person>
    /// One AI use; nil is all that the person answers for.
    public let use: ID<AIUse>?
    /// First and last day, both included.
    public let days: ClosedRange<Day>
    public let reason: String
    /// As for a responsibility: the delegate has to accept.
    public let state: Responsibility.State
    public let proposedAt: Moment
    public let answeredAt: Moment?
    public let endedAt: Moment?

    /// Whether the delegate acts on a day, for a use.
    public func holds(on day: Day, for use: ID<AIUse>) -> Bool {
        state == .accepted && days.contains(day) && (self.use == nil || self.use == use)
    }
}

extension AIRegister {
    /// The longest time for which an owner names somebody to act for them.
    /// - Unit: days.
    public static let delegationDayLimit = 366

    /// An owner asks somebody to act for them, for a time.
    ///
    /// `use` is one AI use that the person answers for; nil is all of them.
    ///
    /// - Throws: `Problem` (`delegation-self`, `delegation-days`, `delegation-nothing`, `person-inactive`,
    ///   `text-missing` without a reason).
    public func delegate(
        from person: ID<Person>, to delegate: ID<Person>, for use: ID<AIUse>?, on days: ClosedRange<Day>,
        reason: String, of tenant: TenantID
    ) async throws -> Delegation {
        try Findings.expect(reason: reason, atMost: AIUseDraft.textLimit)
        let (id, now) = (world.id(Delegation.self), world.now())
        if person == delegate {
            throw Problem(.invalid, "delegation-self", "Name somebody else to act for you.", at: ["/delegate"])
        }
        if days.upperBound < now.day || days.upperBound - days.lowerBound >= AIRegister.delegationDayLimit {
            throw Problem(
                .invalid, "delegation-days",
                "The days \(days.lowerBound) to \(days.upperBound) are past, or more than "
                    + "\(AIRegister.delegationDayLimit). Choose others.", at: ["/until"])
        }
        return try await database.write { connection in
            try spine.expectActive(delegate, in: tenant, at: "/delegate", on: connection)
            let held = try uses(heldBy: person, in: tenant, on: connection)
            let meant = use.map { one in held.filter { $0.id == one } } ?? held
            guard !meant.isEmpty else {
                throw Problem(
                    .conflict, "delegation-nothing",
                    use == nil
                        ? "You answer for no AI use, so there is nothing to delegate."
                        : "You do not answer for this AI use, so you cannot delegate it.", at: ["/use"])
            }
            try connection.run(
                """
                INSERT INTO delegation (tenant, id, person, delegate, ai_use, from_day, until_day, reason, state,
                    proposed_at)
                VALUES (\(tenant), \(id), \(person), \(delegate), \(use), \(days.lowerBound), \(days.upperBound),
                    \(reason.trimmed), 'proposed', \(now))
                """)
            for one in meant {
                try put(
                    .delegated, one.id, one.name, by: person, reason: reason.trimmed,
                    detail: "\(days.lowerBound) to \(days.upperBound), asked", about: delegate, in: tenant, at: now,
                    on: connection)
            }
            return try delegation(id, in: tenant, on: connection)
        }
    }

    /// The delegate takes it on, or says no.
    ///
    /// - Throws: `Problem` (`delegation-missing`, also for what somebody else was asked; `delegation-settled`).
    public func answer(
        _ id: ID<Delegation>, accepting: Bool, by person: ID<Person>, of tenant: TenantID
    ) async throws -> Delegation {
        try await settle(id, by: person, of: tenant, to: accepting ? .accepted : .declined) { one in
            guard one.delegate == person else { throw missingDelegation }
            guard one.state == .proposed else { throw settledDelegation(one) }
        }
    }

    /// The owner or the delegate ends it before its time, or the owner takes the question back.
    ///
    /// - Throws: `Problem` (`delegation-missing`, `delegation-settled`).
    public func endDelegation(
        _ id: ID<Delegation>, by person: ID<Person>, of tenant: TenantID
    ) async throws -> Delegation {
        try await settle(id, by: person, of: tenant, to: nil) { one in
            guard one.delegate == person || one.person == person else { throw missingDelegation }
            guard one.state == .proposed || one.state == .accepted else { throw settledDelegation(one) }
        }
    }

    /// What a person delegated or was asked to stand in for, the newest first.
    public func delegations(of person: ID<Person>, in tenant: TenantID) async throws -> [Delegation] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT * FROM delegation WHERE tenant = \(tenant) AND (person = \(person) OR delegate = \(person))
                ORDER BY proposed_at DESC, id DESC
                """
            ).map(Delegation.init)
        }
    }

    /// Every delegation that was accepted, ended ones included, within the caller's transaction.
    func delegations(in tenant: TenantID, on connection: any Connection) throws -> [Delegation] {
        try connection.rows(
            """
            SELECT * FROM delegation WHERE tenant = \(tenant) AND state IN ('accepted', 'ended')
            ORDER BY from_day, id
            """
        ).map(Delegation.init)
    }

    private func uses(
        heldBy person: ID<Person>, in tenant: TenantID, on connection: any Connection
    ) throws -> [(id: ID<AIUse>, name: String)] {
        try connection.rows(
            """
            SELECT u.id, u.name FROM responsibility r JOIN ai_use u ON u.tenant = r.tenant AND u.id = r.ai_use
            WHERE r.tenant = \(tenant) AND r.person = \(person) AND r.state = 'accepted' AND r.part = 'accountable'
            ORDER BY u.name, u.id
            """
        ).map { (try $0.get("id"), try $0.get("name")) }
    }

    private func settle(
        _ id: ID<Delegation>, by author: ID<Person>, of tenant: TenantID, to state: Responsibility.State?,
        _ check: @escaping @Sendable (Delegation) throws -> Void
    ) async throws -> Delegation {
        let now = world.now()
        return try await database.write { connection in
            let one = try delegation(id, in: tenant, on: connection)
            try check(one)
            let next = state ?? (one.state == .accepted ? .ended : .withdrawn)
            let answeredAt = state == nil ? one.answeredAt : now
            try connection.run(
                """
                UPDATE delegation SET state = \(next), answered_at = \(answeredAt),
                    ended_at = \(state == nil ? now : nil)
                WHERE tenant = \(tenant) AND id = \(id)
                """)
            let held = try uses(heldBy: one.person, in: tenant, on: connection)
            for use in held where one.use == nil || one.use == use.id {
                try put(
                    .delegated, use.id, use.name, by: author,
                    detail: "\(one.days.lowerBound) to \(one.days.upperBound), \(next.rawValue)", about: one.delegate,
                    in: tenant, at: now, on: connection)
            }
            return try delegation(id, in: tenant, on: connection)
        }
    }

    private func delegation(
        _ id: ID<Delegation>, in tenant: TenantID, on connection: any Connection
    ) throws -> Delegation {
        let row = try connection.row("SELECT * FROM delegation WHERE tenant = \(tenant) AND id = \(id)")
        guard let row else { throw missingDelegation }
        return try Delegation(row)
    }

    private var missingDelegation: Problem {
        Problem(.missing, "delegation-missing", "You were not asked this. Look at what you were asked.")
    }

    private func settledDelegation(_ one: Delegation) -> Problem {
        Problem(.conflict, "delegation-settled", "This is \(one.state.rawValue) already. Ask anew if it should change.")
    }
}

extension Delegation {
    fileprivate init(_ row: Row) throws {
        let (from, until): (Day, Day) = (try row.get("from_day"), try row.get("until_day"))
        self.init(
            id: try row.get("id"), person: try row.get("person"), delegate: try row.get("delegate"),
            use: try row.find("ai_use"), days: from...max(from, until), reason: try row.get("reason"),
            state: try row.get("state"), proposedAt: try row.get("proposed_at"),
            answeredAt: try row.find("answered_at"), endedAt: try row.find("ended_at"))
    }
}
