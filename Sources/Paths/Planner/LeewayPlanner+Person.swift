public import Basis
import Evidence
public import Intent
import People
public import Storage

/// What is asked of one person, where it goes, and by what policy.
public struct PersonPlan: Hashable, Sendable {
    public let person: ID<Person>
    /// What is asked: open first, each part by deadline.
    public let asked: [AssignedMandate]
    /// What certifications ask: open cycles.
    public let cycles: [OpenCycles.Entry]
    public let plan: Plan
    public let meter: LeewayMeter
    /// What mandates may take of this person's time, in any month.
    public let capacity: Capacity
    /// Why not all of it can be done in time, and the smallest set that would have to give way; nil when it fits.
    public let shortfall: Shortfall?
    /// The rule of the policy that sets the budget; nil for its fallback.
    public let rule: String?
    /// The version of the policy; 0 before anybody set one.
    public let policy: Int
    /// What was asked beyond the budget, by whom and why. Empty when nothing was.
    public let overrides: [OverrideNotice]
}

/// An override told to one of those whom it touches.
public struct OverrideNotice: Hashable, Sendable {
    /// The mandate, or certification.
    public let mandate: ID<Mandate>
    public let title: String
    public let isCertification: Bool
    public let override: Override
    /// By how much this person was over when it was decided, the earliest month first.
    public let months: [MandatePreview.MonthMinutes]

    public var minutes: Int { months.reduce(0) { $0 + $1.minutes } }
}

extension LeewayPlanner {
    /// The current month of one person: what is asked, planned, spent and free.
    ///
    /// - Throws: `Problem` (`person-missing`).
    public func plan(of person: ID<Person>, in tenant: TenantID) async throws -> PersonPlan {
        let today = world.now().day
        return try await database.read { try plan(of: person, in: tenant, on: today, $0) }
    }

    /// Within the caller's transaction.
    public func plan(
        of person: ID<Person>, in tenant: TenantID, on today: Day, _ connection: any Connection
    ) throws -> PersonPlan {
        let scene = try scene(of: person, in: tenant, on: today, connection)
        let planner = scene.planner
        let plan = planner.plan(scene.asks)
        let own = try minutesOwn(of: person, in: planner.month, tenant, on: connection)
        return PersonPlan(
            person: person, asked: scene.assigned, cycles: scene.cycles, plan: plan,
            meter: LeewayMeter(
                month: planner.month, capacity: planner.capacity, plan: plan, spentAsked: planner.spent, spentOwn: own),
            capacity: planner.capacity, shortfall: planner.shortfall(of: scene.asks), rule: scene.rule,
            policy: scene.policy, overrides: try overrides(touching: person, in: tenant, on: connection))
    }

    /// Why a person could not do all that is asked once a mandate is published as it stands in a form.
    ///
    /// - Returns: Nil when it fits, and for a person who is not there. `draft` is the name of the new mandate in it.
    public func shortfall(
        of person: ID<Person>, with draft: MandateDraft, changing id: ID<Mandate>? = nil, in tenant: TenantID
    ) async throws -> (shortfall: Shortfall, draft: ID<Mandate>)? {
        let name = id ?? world.id(Mandate.self)
        guard let deadline = draft.deadline else { return nil }
        let spent = try await database.read { connection in
            try mandates.minutesSpent(on: name, by: person, of: tenant, on: connection)
        }
        let ask = Planner.Ask(mandate: name, minutes: max(0, draft.minutes - spent), deadline: deadline)
        return try await shortfall(of: person, asking: ask, in: tenant).map { ($0, name) }
    }

    /// Why a person could not do all that is asked with one thing more, in place of what it asks already.
    ///
    /// - Returns: Nil when it fits, and for a person who is not there.
    public func shortfall(
        of person: ID<Person>, asking ask: Planner.Ask, in tenant: TenantID
    ) async throws -> Shortfall? {
        let today = world.now().day
        return try await database.read { connection in
            guard try directory.facts(of: person, tenant, on: connection) != nil else { return nil }
            let scene = try scene(of: person, in: tenant, on: today, connection)
            return scene.planner.shortfall(of: scene.asks.filter { $0.mandate != ask.mandate } + [ask])
        }
    }

    /// What the planner needs of one person.
    struct PersonScene {
        let planner: Planner
        let assigned: [AssignedMandate]
        let cycles: [OpenCycles.Entry]
        let asks: [Planner.Ask]
        let rule: String?
        let policy: Int
    }

    func scene(
        of person: ID<Person>, in tenant: TenantID, on today: Day, _ connection: any Connection
    ) throws -> PersonScene {
        guard let facts = try directory.facts(of: person, tenant, on: connection) else {
            throw Problem(.missing, "person-missing", "There is no such person.")
        }
        let month = Month(today)
        let policy = try policies.current(of: tenant, on: connection)
        let (terms, rule) = policy.decision(for: facts)
        let spent = try mandates.minutesSpent(in: month, of: tenant, person: person, on: connection)[person] ?? 0
        let assigned = try mandates.assigned(to: person, of: tenant, on: connection)
        var cycles: [OpenCycles.Entry] = []
        try certifications.cycles(
            .open, of: PersonRoll([IDKey(person.uuid)]), person: person, leavingOut: nil, tenant: tenant,
            on: connection
        ).each(of: 0) { cycles.append($0) }
        let asks =
            assigned.filter { $0.assignment.state == .open }.map {
                Planner.Ask(mandate: $0.mandate.id, minutes: $0.minutesLeft, deadline: $0.mandate.deadline)
            } + cycles.map { Planner.Ask(mandate: $0.certification, minutes: $0.minutesLeft, deadline: $0.dueOn) }
        let table = try presence.table(of: tenant, from: month.firstDay, person: person, on: connection)
        let capacity = Capacity(today: today, terms: terms, working: table.working(of: person))
        return PersonScene(
            planner: Planner(capacity: capacity, spent: spent), assigned: assigned, cycles: cycles, asks: asks,
            rule: rule, policy: policy.version)
    }

    /// Learning time of the learner's own choice in a month, by evidence.
    /// - Unit: minutes, rounded down, so that the meter never shows less room than there is.
    func minutesOwn(
        of person: ID<Person>, in month: Month, _ tenant: TenantID, on connection: any Connection
    ) throws -> Int {
        let microseconds: Int = try connection.value(
            """
            SELECT CAST(COALESCE(SUM(statement.duration_us), 0) AS \(type: .integer)) AS us
            FROM agent
            \(SQL.inOrder) statement ON statement.tenant = agent.tenant AND statement.actor = agent.number
            WHERE agent.tenant = \(tenant) AND agent.person = \(person) AND statement.choice = \(Choice.own.rawValue)
            AND statement.voided = 0 AND statement.timestamp_at >= \(month.firstDay.start)
            AND statement.timestamp_at < \(month.next.firstDay.start)
            """)
        return microseconds / 60_000_000
    }

    /// Overrides in force that touch a person.
    func overrides(
        touching person: ID<Person>, in tenant: TenantID, on connection: any Connection
    ) throws -> [OverrideNotice] {
        let rows = try connection.rows(
            """
            SELECT mandate, revision, month, minutes FROM mandate_overload
            WHERE tenant = \(tenant) AND person = \(person) ORDER BY mandate, revision, month
            """)
        var parts: [ID<Mandate>: [Int: [MandatePreview.MonthMinutes]]] = [:]
        for row in rows {
            let part = MandatePreview.MonthMinutes(
                month: Month(index: try row.get("month")), minutes: try row.get("minutes"))
            parts[try row.get("mandate"), default: [:]][try row.get("revision"), default: []].append(part)
        }
        let notices = try parts.compactMap { id, revisions -> OverrideNotice? in
            if let record = try mandates.find(id, in: tenant, on: connection) {
                guard record.state == .published, let override = record.override,
                    let months = revisions[record.revision]
                else { return nil }
                return OverrideNotice(
                    mandate: id, title: record.title, isCertification: false, override: override, months: months)
            }
            guard let record = try certifications.find(id, in: tenant, on: connection), record.state == .published,
                let override = record.override, let months = revisions[record.revision]
            else { return nil }
            return OverrideNotice(
                mandate: id, title: record.title, isCertification: true, override: override, months: months)
        }
        return notices.sorted {
            ($0.months.first?.month.index ?? 0, $0.mandate.description)
                < ($1.months.first?.month.index ?? 0, $1.mandate.description)
        }
    }
}
