import Basis
import Evidence
import Intent
import Merkle
import People
import Storage

/// Everything that dossiers are made of, read at one moment.
struct DossierFacts: Sendable {
    let organisation: String
    let period: ClosedRange<Day>
    let anchor: Dossier.Anchor
    let people: [PersonFacts]
    /// Of everybody who is named anywhere in it.
    let names: [ID<Person>: String]
    let units: UnitTree
    let history: OwnershipHistory
    let responsibilities: [Responsibility]
    let strategies: [(record: StrategyRecord, reach: StrategyReach?)]
    let mandates: [MandateRecord]
    let progress: [ID<Mandate>: MandateProgress]
    let policies: [LeewayPolicy]
    let experiments: [ExperimentRecord]
    /// Governance changes of the period, counted by subject and what.
    let changes: [ChangeCount]
    /// The latest governance changes of the period, the newest first.
    let latest: [Change]
    /// By person: learning objects completed or passed in the period.
    let completed: [ID<Person>: Int]
    /// Statements of the period.
    let statements: Int
    let retention: [RetentionRuleRecord]
    let holds: Int

    struct ChangeCount: Hashable, Sendable {
        let subject: String
        let what: String
        let count: Int
    }

    /// The most governance changes that a dossier lists.
    static let changeLimit = 300
    /// The fewest people of a group whose figure is shown.
    /// - Source: issue of small cells: field notes A3.3.
    static let groupMinimum = 10

    func name(_ person: ID<Person>?) -> String { person.flatMap { names[$0] } ?? "nobody" }

    /// Active people with something completed, of a group of active people.
    func learned(_ group: [PersonFacts]) -> Int { group.count { completed[$0.id] != nil } }
}

extension DossierDesk {
    /// Reads it all, again when something was written meanwhile, so that its parts agree with each other.
    func facts(of tenant: TenantID) async throws -> DossierFacts {
        // What was said lately becomes part of the checkpoint that it is tied to.
        do {
            _ = try await LedgerKeeper(database: database, world: world).integrate()
        } catch StorageError.full {
            // Looking goes on with a full disk: what waits is then named as waiting.
        }
        for _ in 0..<DossierDesk.readLimit {
            let before = try await newest(in: tenant)
            let facts = try await database.snapshot { try await read(tenant) }
            if try await newest(in: tenant) == before { return facts }
        }
        throw Problem(
            .unavailable, "dossier-busy", "So much is written now that no moment could be read. Ask again in a minute.")
    }

    /// Every change leaves a statement, so the last one's number tells whether anything happened.
    private func newest(in tenant: TenantID) async throws -> Int {
        try await database.read { connection in
            try connection.value("SELECT COALESCE(MAX(seq), 0) AS newest FROM statement WHERE tenant = \(tenant)")
        }
    }

    private func read(_ tenant: TenantID) async throws -> DossierFacts {
        guard let record = try await directory.tenant(tenant) else {
            throw Problem(.missing, "tenant-missing", "There is no such organisation.")
        }
        let head = try await ledger.head(of: tenant)
        let last = head.signedAt.day
        let period = (last + -(DossierDesk.periodDays - 1))...last
        let history = try await register.history(of: tenant)
        let responsibilities = try await register.responsibilities(of: tenant)
        let strategies = try await strategies.list(of: tenant).filter { $0.publishedAt != nil }
        var reached: [(StrategyRecord, StrategyReach?)] = []
        for one in strategies {
            reached.append((one, try await self.strategies.reach(of: one.id, version: one.version, in: tenant)))
        }
        let mandates = try await mandates.list(of: tenant).filter {
            $0.publishedAt.map { period.contains($0.day) } ?? false
        }
        let policies = try await policies.versions(of: tenant)
        let experiments = try await experiments.list(of: tenant)
        let latest = try await changes.latest(in: tenant, limit: DossierFacts.changeLimit)
            .filter { period.contains($0.at.day) }
        let named =
            responsibilities.map(\.person) + reached.compactMap(\.0.owner) + mandates.map(\.asker)
            + history.entries.compactMap { $0.classification?.assessor } + experiments.map(\.by) + latest.map(\.by)
            + policies.compactMap(\.by)
        return DossierFacts(
            organisation: record.name, period: period,
            anchor: Dossier.Anchor(
                origin: head.verifier.name, size: head.size, note: String(decoding: head.note, as: UTF8.self),
                waiting: head.waiting, signedAt: head.signedAt),
            people: try await directory.facts(of: tenant),
            names: try await directory.names(of: Array(Set(named)), tenant),
            units: try await directory.unitTree(of: tenant), history: history, responsibilities: responsibilities,
            strategies: reached.map { (record: $0.0, reach: $0.1) }, mandates: mandates,
            progress: try await self.mandates.progress(of: tenant), policies: policies, experiments: experiments,
            changes: try await changeCounts(of: tenant, in: period), latest: latest,
            completed: try await completions(of: tenant, in: period),
            statements: try await statements(of: tenant, in: period),
            retention: try await rights.rules(of: tenant).filter { $0.endedAt == nil },
            holds: try await rights.holds(of: tenant).count { $0.isActive(at: head.signedAt) })
    }

    private func changeCounts(
        of tenant: TenantID, in period: ClosedRange<Day>
    ) async throws -> [DossierFacts.ChangeCount] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT subject_kind, what, COUNT(*) AS count FROM intent_change
                WHERE tenant = \(tenant) AND at >= \(period.lowerBound.start)
                AND at < \((period.upperBound + 1).start)
                GROUP BY subject_kind, what ORDER BY subject_kind, what
                """
            ).map {
                DossierFacts.ChangeCount(
                    subject: try $0.get("subject_kind"), what: try $0.get("what"), count: try $0.get("count"))
            }
        }
    }

    private func completions(
        of tenant: TenantID, in period: ClosedRange<Day>
    ) async throws -> [ID<Person>: Int] {
        let verbs = SQL.list([Verb.completed.iri, Verb.passed.iri])
        return try await database.read { connection in
            try connection.rows(
                """
                SELECT agent.person AS person, COUNT(DISTINCT s.activity) AS count
                FROM verb \(SQL.inOrder) statement s ON s.tenant = verb.tenant AND s.verb = verb.number
                \(SQL.inOrder) agent ON agent.tenant = s.tenant AND agent.number = s.actor
                WHERE verb.tenant = \(tenant) AND verb.iri IN (\(verbs)) AND s.voided = 0
                AND s.timestamp_at >= \(period.lowerBound.start) AND s.timestamp_at < \((period.upperBound + 1).start)
                AND agent.person IS NOT NULL
                GROUP BY agent.person
                """
            ).reduce(into: [:]) { $0[try $1.get("person")] = try $1.get("count") }
        }
    }

    private func statements(of tenant: TenantID, in period: ClosedRange<Day>) async throws -> Int {
        try await database.read { connection in
            try connection.value(
                """
                SELECT COUNT(*) AS count FROM statement WHERE tenant = \(tenant) AND voided = 0
                AND timestamp_at >= \(period.lowerBound.start) AND timestamp_at < \((period.upperBound + 1).start)
                """)
        }
    }
}
