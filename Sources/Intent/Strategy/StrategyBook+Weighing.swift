public import Basis
import Evidence
public import Statistics
import Storage

// Leaders share out 100 points over the priorities of a draft, and their agreement is seen before it is published.

extension StrategyBook {
    /// Asks leaders to weigh the draft's priorities. Those who were asked already stay as they are.
    ///
    /// - Throws: `Problem` (`strategy-no-draft`, `weighing-priorities`, `weighing-complete`) or of kind `invalid`
    ///   (`leaders-missing`, `leaders-too-many`, `leader-inactive`).
    public func askLeaders(
        _ people: [ID<Person>], toWeigh id: ID<Strategy>, by author: ID<Person>, of tenant: TenantID
    ) async throws -> Weighing {
        let now = world.now()
        return try await database.write { connection in
            let draft = try newestDraft(of: id, in: tenant, on: connection)
            guard draft.priorities.count > 1 else {
                throw Problem(
                    .conflict, "weighing-priorities",
                    "There is nothing to weigh: the draft has fewer than two priorities. Write them first.")
            }
            let before = try weighing(of: draft, in: tenant, on: connection)
            if before.isComplete, before.allocation != nil { throw completeWeighing }
            let added = Set(people).subtracting(before.leaders.map(\.person))
            var findings = Findings()
            findings.expect(
                !people.isEmpty, "leaders-missing", at: "/leaders", "Nobody is named. Choose who weighs the priorities."
            )
            findings.expect(
                before.leaders.count + added.count <= Weighing.leaderLimit, "leaders-too-many", at: "/leaders",
                "At most \(Weighing.leaderLimit) leaders weigh a strategy. Choose fewer.")
            for (place, person) in people.enumerated() where added.contains(person) {
                findings.expect(
                    try spine.isActive(person, in: tenant, on: connection), "leader-inactive", at: "/leaders/\(place)",
                    "One of them is no active person here. Choose somebody who is.")
            }
            try findings.settle("leaders-invalid")
            for person in added.sorted(by: { $0.description < $1.description }) {
                try connection.run(
                    """
                    INSERT INTO strategy_leader (tenant, strategy, version, person, invited_at, invited_by)
                    VALUES (\(tenant), \(id), \(draft.version), \(person), \(now), \(author))
                    """)
            }
            if !added.isEmpty {
                try put(
                    .revised, id, draft.title, by: author,
                    detail: "version \(draft.version): \(added.count) leaders asked to weigh its priorities",
                    in: tenant,
                    at: now, on: connection)
            }
            return try weighing(of: draft, in: tenant, on: connection)
        }
    }

    /// Takes back the asking of somebody who has not answered yet.
    ///
    /// - Throws: `Problem` (`strategy-no-draft`, `leader-missing`, `leader-answered`).
    public func excuseLeader(
        _ person: ID<Person>, fromWeighing id: ID<Strategy>, by author: ID<Person>, of tenant: TenantID
    ) async throws -> Weighing {
        let now = world.now()
        return try await database.write { connection in
            let draft = try newestDraft(of: id, in: tenant, on: connection)
            let leaders = try weighing(of: draft, in: tenant, on: connection).leaders
            guard let leader = leaders.first(where: { $0.person == person }) else {
                throw Problem(.missing, "leader-missing", "This person is not asked to weigh the draft.")
            }
            if leader.allottedAt != nil {
                throw Problem(
                    .conflict, "leader-answered",
                    "This person has shared out their points, and nobody’s points are left out afterwards. Ask "
                        + "everybody again if that has to change.")
            }
            try connection.run(
                """
                DELETE FROM strategy_leader WHERE tenant = \(tenant) AND strategy = \(id)
                AND version = \(draft.version) AND person = \(person)
                """)
            try put(
                .revised, id, draft.title, by: author,
                detail: "version \(draft.version): one leader no longer asked to weigh its priorities", in: tenant,
                at: now, on: connection)
            return try weighing(of: draft, in: tenant, on: connection)
        }
    }

    /// Forgets what everybody gave, and asks them all again.
    ///
    /// - Throws: `Problem` (`strategy-no-draft`, `weighing-missing`, `text-missing` for the reason).
    public func weighAgain(
        _ id: ID<Strategy>, reason: String, by author: ID<Person>, of tenant: TenantID
    ) async throws -> Weighing {
        try Findings.expect(reason: reason)
        let now = world.now()
        return try await database.write { connection in
            let draft = try newestDraft(of: id, in: tenant, on: connection)
            if try weighing(of: draft, in: tenant, on: connection).leaders.isEmpty {
                throw Problem(.conflict, "weighing-missing", "Nobody is asked yet. Ask leaders first.")
            }
            try forgetPoints(of: draft, in: tenant, on: connection)
            try put(
                .revised, id, draft.title, by: author, reason: reason.trimmed,
                detail: "version \(draft.version): leaders asked to weigh its priorities again", in: tenant, at: now,
                on: connection)
            return try weighing(of: draft, in: tenant, on: connection)
        }
    }

    /// A leader shares out their points; again and differently, until everybody has answered.
    ///
    /// - Shape: a number from 0 to 100 for each priority of the version; they sum to 100. One left out is 0.
    /// - Throws: `Problem` (`weighing-not-asked`, `strategy-changed`, `weighing-complete`) or of kind `invalid`
    ///   (`points-unknown`, `points-range`, `points-sum`).
    public func allot(
        _ points: [ID<Priority>: Int], to id: ID<Strategy>, version: Int, by leader: ID<Person>, of tenant: TenantID
    ) async throws {
        let now = world.now()
        try await database.write { connection in
            let draft = try newestDraft(of: id, in: tenant, on: connection)
            let weighing = try weighing(of: draft, in: tenant, on: connection)
            guard weighing.leaders.contains(where: { $0.person == leader }) else { throw notAsked }
            guard draft.version == version else {
                throw Problem(.conflict, "strategy-changed", "The draft has changed. Look at it again.")
            }
            if weighing.isComplete { throw completeWeighing }
            try draft.check(points)
            let key: SQL = """
                tenant = \(tenant) AND strategy = \(id) AND version = \(version) AND person = \(leader)
                """
            try connection.run("DELETE FROM strategy_points WHERE \(key)")
            for priority in draft.priorities {
                try connection.run(
                    """
                    INSERT INTO strategy_points (tenant, strategy, version, person, priority, points)
                    VALUES (\(tenant), \(id), \(version), \(leader), \(priority.id), \(points[priority.id] ?? 0))
                    """)
            }
            try connection.run("UPDATE strategy_leader SET allotted_at = \(now) WHERE \(key)")
            // That somebody answered is on record; what they gave is not.
            try say(.answered, draft, by: leader, in: tenant, at: now, on: connection)
        }
    }

    /// Makes the leaders' mean the weights of the draft.
    ///
    /// - Throws: `Problem` (`strategy-no-draft`, `weighing-open`).
    public func takeLeadersWeights(
        of id: ID<Strategy>, by author: ID<Person>, of tenant: TenantID
    ) async throws -> StrategyRecord {
        let now = world.now()
        return try await database.write { connection in
            let draft = try newestDraft(of: id, in: tenant, on: connection)
            guard let weights = try weighing(of: draft, in: tenant, on: connection).weights else {
                throw Problem(.conflict, "weighing-open", "There is no mean yet: not every leader has answered.")
            }
            for (priority, weight) in zip(draft.priorities, weights) {
                try connection.run(
                    """
                    UPDATE strategy_priority SET weight = \(weight) WHERE tenant = \(tenant) AND strategy = \(id)
                    AND version = \(draft.version) AND id = \(priority.id)
                    """)
            }
            try put(
                .revised, id, draft.title, by: author, detail: "version \(draft.version): weights as the leaders’ mean",
                in: tenant, at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    // MARK: Reading

    /// How a version was or is weighed; nil when there is no such version.
    public func weighing(of id: ID<Strategy>, version: Int, in tenant: TenantID) async throws -> Weighing? {
        try await database.read { connection in
            try records(of: id, version: version, in: tenant, on: connection).first.map {
                try weighing(of: $0, in: tenant, on: connection)
            }
        }
    }

    /// The drafts that a person is asked to weigh, the longest waiting first.
    public func weighingRequests(of person: ID<Person>, in tenant: TenantID) async throws -> [WeighingRequest] {
        try await database.read { connection in
            let rows = try connection.rows(
                """
                SELECT l.strategy, l.version, l.invited_by, l.allotted_at FROM strategy_leader l
                JOIN strategy s ON s.tenant = l.tenant AND s.id = l.strategy AND s.version = l.version
                WHERE l.tenant = \(tenant) AND l.person = \(person) AND s.state = 'draft'
                ORDER BY l.invited_at, l.strategy
                """)
            return try rows.compactMap { row in
                let record = try records(
                    of: try row.get("strategy"), version: try row.get("version"), in: tenant, on: connection
                ).first
                guard let record else { return nil }
                return WeighingRequest(
                    strategy: record, points: try points(of: person, for: record, in: tenant, on: connection),
                    invitedBy: try row.get("invited_by"), allottedAt: try row.find("allotted_at"),
                    isComplete: try weighing(of: record, in: tenant, on: connection).isComplete)
            }
        }
    }

    // MARK: Within transactions

    func weighing(
        of record: StrategyRecord, in tenant: TenantID, on connection: any Connection
    ) throws -> Weighing {
        let key: SQL = "tenant = \(tenant) AND strategy = \(record.id) AND version = \(record.version)"
        let leaders = try connection.rows(
            "SELECT * FROM strategy_leader WHERE \(key) ORDER BY invited_at, person"
        ).map { row in
            Weighing.Leader(
                person: try row.get("person"), invitedAt: try row.get("invited_at"),
                allottedAt: try row.find("allotted_at"))
        }
        var allocation: Allocation?
        if leaders.count >= Weighing.leadersNeeded, leaders.allSatisfy({ $0.allottedAt != nil }) {
            var given: [ID<Person>: [ID<Priority>: Int]] = [:]
            try connection.each("SELECT person, priority, points FROM strategy_points WHERE \(key)") { row in
                given[try row.get("person"), default: [:]][try row.get("priority")] = try row.get("points")
            }
            allocation = Allocation(
                points: leaders.map { leader in
                    record.priorities.map { Double(given[leader.person]?[$0.id] ?? 0) }
                })
        }
        return Weighing(strategy: record.id, version: record.version, leaders: leaders, allocation: allocation)
    }

    private func points(
        of person: ID<Person>, for record: StrategyRecord, in tenant: TenantID, on connection: any Connection
    ) throws -> [ID<Priority>: Int] {
        var points: [ID<Priority>: Int] = [:]
        let sql: SQL = """
            SELECT priority, points FROM strategy_points WHERE tenant = \(tenant) AND strategy = \(record.id)
            AND version = \(record.version) AND person = \(person)
            """
        try connection.each(sql) { row in points[try row.get("priority")] = try row.get("points") }
        return points
    }

    /// What was given falls when what it was given to is no longer the same.
    func forgetPoints(of draft: StrategyRecord, in tenant: TenantID, on connection: any Connection) throws {
        let key: SQL = "tenant = \(tenant) AND strategy = \(draft.id) AND version = \(draft.version)"
        try connection.run("DELETE FROM strategy_points WHERE \(key)")
        try connection.run("UPDATE strategy_leader SET allotted_at = NULL WHERE \(key)")
    }

    /// Whether a draft may be published as far as its leaders are concerned: all who were asked have answered, and they
    /// agree as far as the rules of governing want, or a reason is given.
    ///
    /// - Throws: `Problem` (`weighing-open`, `agreement-low`).
    func checkAgreed(
        on draft: StrategyRecord, reason: String, in tenant: TenantID, on connection: any Connection
    ) throws -> StrategyAgreement {
        let weighing = try weighing(of: draft, in: tenant, on: connection)
        if !weighing.missing.isEmpty {
            throw Problem(
                .conflict, "weighing-open",
                "\(weighing.missing.count) of \(weighing.leaders.count) leaders have not shared out their points. Wait "
                    + "for them, or no longer ask them.")
        }
        let needed = try GovernancePolicy.inForce(of: tenant, on: connection).agreement
        let agreement = StrategyAgreement(needed: needed, concordance: weighing.allocation?.concordance)
        if !agreement.isReached, reason.trimmed.isEmpty {
            throw Problem(
                .conflict, "agreement-low", agreement.sentence + " Say why it is published all the same.",
                at: ["/reason"])
        }
        return agreement
    }

    private var notAsked: Problem {
        Problem(.forbidden, "weighing-not-asked", "You are not asked to weigh this strategy.")
    }

    private var completeWeighing: Problem {
        Problem(
            .conflict, "weighing-complete",
            "Everybody has answered, so what they gave stays as it is. Ask everybody again to change it.")
    }
}

/// How far leaders agree on a draft, beside what the rules of governing want.
public struct StrategyAgreement: Hashable, Sendable {
    /// Nil: none is wanted.
    public let needed: Double?
    /// Nil: it cannot be told.
    public let concordance: Concordance?

    public init(needed: Double?, concordance: Concordance?) {
        self.needed = needed
        self.concordance = concordance
    }

    /// Whether it may be published without a word why.
    public var isReached: Bool { needed.map { (concordance?.coefficient ?? -1) >= $0 } ?? true }

    /// What is so, in a sentence; empty where nothing is wanted.
    public var sentence: String {
        guard let needed else { return "" }
        guard let concordance else {
            return
                "The rules want leaders to agree with a W of at least \(needed), and it cannot be told: at least "
                + "\(Weighing.leadersNeeded) leaders have to share out their points."
        }
        let w = (concordance.coefficient * 1_000).rounded() / 1_000
        return "\(concordance.leaders) leaders agree with a W of \(w); the rules want at least \(needed)."
    }
}

extension StrategyRecord {
    fileprivate func check(_ points: [ID<Priority>: Int]) throws {
        var findings = Findings()
        let known = Set(priorities.map(\.id))
        findings.expect(
            points.keys.allSatisfy(known.contains), "points-unknown", at: "/points",
            "Points are given to a priority that the draft no longer has. Look at it again.")
        for (place, priority) in priorities.enumerated() {
            let given = points[priority.id] ?? 0
            findings.expect(
                (0...Weighing.points).contains(given), "points-range", at: "/points/\(place)",
                "“\(priority.name)” gets \(given) points. Give a whole number from 0 to \(Weighing.points).")
        }
        // Bounded first, so that no sum overflows.
        let sum = points.values.reduce(0) { $0 + min(10_000, max(-10_000, $1)) }
        findings.expect(
            sum == Weighing.points, "points-sum", at: "/points",
            "The points sum to \(sum). Share out exactly \(Weighing.points).")
        try findings.settle("points-invalid")
    }
}
