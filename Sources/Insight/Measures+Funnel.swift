public import Basis
import Evidence
import Intent
import People
import Statistics
import Storage

extension Measures {
    /// The fewest people of a unit that is shown by itself.
    public static let unitMinimum = 10

    static let fewPeople = "at least \(unitMinimum) people"

    /// How far a version of a strategy came: nil asks for the one in force, or the newest that was. Nil when none was
    /// published.
    public func funnel(
        of id: ID<Strategy>, version: Int? = nil, in tenant: TenantID
    ) async throws -> StrategyFunnel? {
        let versions = try await strategies.versions(of: id, in: tenant).filter { $0.state != .draft }
        let wanted = versions.first { version == nil ? $0.state == .published : $0.version == version }
        guard let record = wanted ?? (version == nil ? versions.first : nil) else { return nil }
        let now = world.now()
        return try await database.read { connection in
            let condition: SQL = "d.strategy = \(id) AND d.version = \(record.version)"
            let people = try reachPeople(where: condition, [record], of: tenant, on: connection)
            let units = try directory.unitTree(of: tenant, on: connection)
            let results = try strategies.results(of: id, version: record.version, in: tenant, on: connection)
            let hasCheck = try strategies.hasCheck(record, in: tenant, on: connection)
            let codings = try strategies.codings(of: id, version: record.version, in: tenant, on: connection)
            return StrategyFunnel(
                record, people, units: units.path(of:), hasCheck: hasCheck,
                understanding: hasCheck ? understanding(record, results, codings) : [], asOf: now)
        }
    }

    // MARK: People

    /// Everybody whom versions are addressed to; `records` are those versions.
    func reachPeople(
        where condition: SQL, _ records: [StrategyRecord], of tenant: TenantID, on connection: any Connection
    ) throws -> [ReachPerson] {
        let applied = try applied(where: condition, of: tenant, on: connection)
        var understood: [ID<Strategy>: Set<ID<Person>>] = [:]
        for record in records where try strategies.hasCheck(record, in: tenant, on: connection) {
            let results = try strategies.results(of: record.id, version: record.version, in: tenant, on: connection)
            understood[record.id] = Set(results.filter(\.isUnderstood).map(\.person))
        }
        return try connection.rows(
            """
            SELECT d.*, p.unit FROM strategy_delivery d
            LEFT JOIN person p ON p.tenant = d.tenant AND p.id = d.person
            WHERE d.tenant = \(tenant) AND \(condition) ORDER BY d.strategy, d.person
            """
        ).map { row in
            let (strategy, person): (ID<Strategy>, ID<Person>) = (try row.get("strategy"), try row.get("person"))
            return ReachPerson(
                strategy: strategy, person: person, unit: try row.find("unit"),
                deliveredAt: try row.find("delivered_at"), mailedAt: try row.find("mailed_at"),
                viewedAt: try row.find("opened_at"), openedAt: try row.find("dwelt_at"),
                acknowledgedAt: try row.find("acknowledged_at"),
                isUnderstood: understood[strategy].map { $0.contains(person) },
                appliedAt: applied[AppliedKey(strategy: strategy, person: person)])
        }
    }

    private struct AppliedKey: Hashable {
        let strategy: ID<Strategy>
        let person: ID<Person>
    }

    /// When each person had more evidence on a strategy's skills after opening it than in as many days before: on a
    /// learning object that teaches one, or on an item that tests one.
    private func applied(
        where condition: SQL, of tenant: TenantID, on connection: any Connection
    ) throws -> [AppliedKey: Moment] {
        var before: [AppliedKey: Int] = [:]
        var after: [AppliedKey: [Moment]] = [:]
        try connection.each(evidence(where: condition, of: tenant)) { row in
            let key = AppliedKey(strategy: try row.get("strategy"), person: try row.get("person"))
            let (at, opened): (Moment, Moment) = (try row.get("at"), try row.get("opened"))
            if at < opened { before[key, default: 0] += 1 } else { after[key, default: []].append(at) }
        }
        var applied: [AppliedKey: Moment] = [:]
        for (key, moments) in after {
            let baseline = before[key] ?? 0
            if moments.count > baseline { applied[key] = moments.sorted()[baseline] }
        }
        return applied
    }

    /// Evidence on skills of strategies within 30 days of when each person opened them, before and after; each
    /// statement once for each strategy.
    private func evidence(where condition: SQL, of tenant: TenantID) -> SQL {
        let span = ReachPerson.window.microseconds
        let learning = SQL.list(
            [Verb.answered, .completed, .passed, .failed, .experienced, .progressed].map(\.iri))
        // From few to many, in this order: SQLite would begin with the statements, of which there are most.
        let join: SQL = "\(sqlite: "CROSS JOIN", postgres: "JOIN")"
        func path(_ source: SQL) -> SQL {
            """
            SELECT k.strategy AS strategy, d.person AS person, e.seq AS seq, e.timestamp_at AS at, d.dwelt_at AS opened
            FROM strategy s
            \(join) strategy_skill k ON k.tenant = s.tenant AND k.strategy = s.id AND k.version = s.version
            \(source)
            \(join) statement e ON e.tenant = a.tenant AND e.activity = a.number
            \(join) verb v ON v.tenant = e.tenant AND v.number = e.verb
            \(join) agent g ON g.tenant = e.tenant AND g.number = e.actor
            \(join) strategy_delivery d ON d.tenant = k.tenant AND d.strategy = k.strategy AND d.version = k.version
                AND d.person = g.person
            WHERE s.tenant = \(tenant) AND \(condition) AND e.voided = 0 AND v.iri IN (\(learning))
            AND e.timestamp_at >= d.dwelt_at - \(span) AND e.timestamp_at < d.dwelt_at + \(span)
            """
        }
        let contents: SQL = """
            \(join) content_skill t ON t.tenant = k.tenant AND t.skill = k.skill
            \(join) content c ON c.tenant = t.tenant AND c.number = t.content
            \(join) activity a ON a.tenant = c.tenant AND a.iri = 'urn:leeway:content:' || c.id
            """
        let items: SQL = """
            \(join) item_skill t ON t.tenant = k.tenant AND t.skill = k.skill
            \(join) item i ON i.tenant = t.tenant AND i.number = t.item
            \(join) activity a ON a.tenant = i.tenant AND a.iri = 'urn:leeway:item:' || i.id
            """
        return "\(path(contents)) UNION \(path(items))"
    }

    // MARK: Understanding

    private func understanding(
        _ record: StrategyRecord, _ results: [CheckResult], _ codings: [[(matcher: Int, coder: Int)]]
    ) -> [Figure] {
        let answered = results.filter { $0.answeredAt != nil && !$0.answers.isEmpty }
        let recalled = results.filter { $0.recalledAt != nil && $0.pending == 0 }
        let few = "answers of at least \(Measures.unitMinimum) people"
        let recognition =
            answered.count < Measures.unitMinimum
            ? nil
            : Recognition(
                people: answered.map { one in
                    one.answers.map { Recognition.Answer(isRight: $0.isRight, options: $0.options) }
                })
        let needed = min(StrategyCheck.recallNeeded, max(1, record.priorities.count))
        let named =
            recalled.count < Measures.unitMinimum
            ? nil : Recall.share(listed: recalled.map(\.named), atLeast: needed)
        let agreement =
            recalled.count < Measures.unitMinimum
            ? nil : Agreement(clusters: codings.map { $0.map { Agreement.Pair($0.matcher, $0.coder) } })
        let guessed = recognition.map { percent($0.guessed) } ?? ""
        return [
            Figure(
                "Recognition, corrected for guessing", recognition?.known.estimate,
                of: "answers of \(answered.count) people, of which guessing makes \(guessed) % right",
                interval: recognition?.known, needs: few),
            Figure(
                "Named at least \(needed) priorities freely", named?.estimate,
                numerator: named.map { _ in Double(recalled.count { $0.named >= needed }) },
                denominator: Double(recalled.count), of: "people whose words were all looked at", interval: named,
                needs: few + ", all of whose words a person has looked at"),
            Figure(
                "Matcher and person agree on what was meant (κ)", agreement?.kappa.estimate, .number,
                of: "\(agreement?.pairs ?? 0) texts, less what chance makes agree; the person saw the suggestion",
                interval: agreement?.kappa, needs: few + " that a person has looked at, with more than one meaning"),
        ]
    }
}
