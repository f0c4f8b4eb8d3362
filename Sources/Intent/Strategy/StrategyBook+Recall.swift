public import Basis
public import Storage

extension StrategyBook {
    /// What people named as priorities of a version, without who they were: open ones first, in the order of their
    /// words, so that the order does not tell either.
    public func recalls(of id: ID<Strategy>, version: Int, in tenant: TenantID) async throws -> [RecallText] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT * FROM strategy_recall
                WHERE tenant = \(tenant) AND strategy = \(id) AND version = \(version)
                """
            ).map(RecallText.init).sorted { one, other in
                (one.isSettled ? 1 : 0, one.text.lowercased(), one.text)
                    < (other.isSettled ? 1 : 0, other.text.lowercased(), other.text)
            }
        }
    }

    /// A person says which priority somebody's words mean; nil is none of them. Again changes it.
    ///
    /// - Throws: `Problem` (`recall-missing`, `priority-missing`).
    public func match(
        _ recalled: ID<Recalled>, to priority: ID<Priority>?, by coder: ID<Person>, of tenant: TenantID
    ) async throws {
        let now = world.now()
        try await database.write { connection in
            let row = try connection.row(
                "SELECT strategy, version FROM strategy_recall WHERE tenant = \(tenant) AND id = \(recalled)")
            guard let row else {
                throw Problem(.missing, "recall-missing", "There are no such words. They may have been erased.")
            }
            if let priority {
                let record = try records(
                    of: try row.get("strategy"), version: try row.get("version"), in: tenant, on: connection
                ).first
                guard record?.priorities.contains(where: { $0.id == priority }) == true else {
                    throw Problem(
                        .invalid, "priority-missing", "This version has no such priority. Choose another.",
                        at: ["/priority"])
                }
            }
            try connection.run(
                """
                UPDATE strategy_recall SET matched = \(priority), settled_at = \(now), settled_by = \(coder)
                WHERE tenant = \(tenant) AND id = \(recalled)
                """)
        }
    }

    /// What each person's answers come to; empty when there is no check.
    public func results(of id: ID<Strategy>, version: Int, in tenant: TenantID) async throws -> [CheckResult] {
        try await database.read { try results(of: id, version: version, in: tenant, on: $0) }
    }

    /// Whether anything is asked about a version.
    public func hasCheck(_ record: StrategyRecord, in tenant: TenantID, on connection: any Connection) throws -> Bool {
        try connection.holds(
            """
            SELECT strategy FROM strategy_check
            WHERE tenant = \(tenant) AND strategy = \(record.id) AND version = \(record.version)
            """)
    }

    /// The same within the caller's transaction.
    public func results(
        of id: ID<Strategy>, version: Int, in tenant: TenantID, on connection: any Connection
    ) throws -> [CheckResult] {
        guard let check = try check(of: id, version: version, in: tenant, on: connection),
            let record = try records(of: id, version: version, in: tenant, on: connection).first
        else { return [] }
        let key: SQL = "tenant = \(tenant) AND strategy = \(id) AND version = \(version)"
        var named: [ID<Person>: Set<ID<Priority>>] = [:]
        var pending: [ID<Person>: Int] = [:]
        try connection.each("SELECT person, matched, settled_at FROM strategy_recall WHERE \(key)") { row in
            let person: ID<Person> = try row.get("person")
            if try row.find("settled_at", as: Moment.self) == nil { pending[person, default: 0] += 1 }
            if let priority = try row.find("matched", as: ID<Priority>.self) {
                named[person, default: []].insert(priority)
            }
        }
        let needed = min(StrategyCheck.recallNeeded, record.priorities.count)
        return try connection.rows("SELECT * FROM strategy_answer WHERE \(key) ORDER BY person").map { row in
            let person: ID<Person> = try row.get("person")
            let answers = zip(chosenPlaces(try row.get("picks")), check.questions).map { pick, question in
                CheckResult.Answer(isRight: pick == question.correct, options: question.options.count)
            }
            let known = StrategyCheck.known(answers.map { ($0.isRight, $0.options) }) ?? 0
            let count = named[person]?.count ?? 0
            return CheckResult(
                person: person, recalledAt: try row.find("recalled_at"), answeredAt: try row.find("answered_at"),
                named: count, pending: pending[person] ?? 0, answers: answers,
                isUnderstood: (needed > 0 && count >= needed) || known >= StrategyCheck.recognitionNeeded - 1e-12)
        }
    }

    /// What the matcher suggested and what a person said, for each text that was looked at, by the one who wrote it:
    /// places of priorities, from 1, and 0 for none.
    ///
    /// - Shape: one array for each person; nothing tells who.
    public func codings(
        of id: ID<Strategy>, version: Int, in tenant: TenantID, on connection: any Connection
    ) throws -> [[(matcher: Int, coder: Int)]] {
        guard let record = try records(of: id, version: version, in: tenant, on: connection).first else { return [] }
        let places = Dictionary(uniqueKeysWithValues: record.priorities.enumerated().map { ($1.id, $0 + 1) })
        let rows = try connection.rows(
            """
            SELECT person, suggested, matched FROM strategy_recall
            WHERE tenant = \(tenant) AND strategy = \(id) AND version = \(version) AND settled_at IS NOT NULL
            ORDER BY person, id
            """)
        var byPerson: [ID<Person>: [(matcher: Int, coder: Int)]] = [:]
        func place(_ priority: ID<Priority>?) -> Int { priority.flatMap { places[$0] } ?? 0 }
        for row in rows {
            byPerson[try row.get("person"), default: []].append(
                (place(try row.find("suggested")), place(try row.find("matched"))))
        }
        return byPerson.sorted { $0.key.description < $1.key.description }.map(\.value)
    }
}

extension RecallText {
    fileprivate init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), text: try row.get("body"), suggested: try row.find("suggested"),
            similarity: Double(try row.get("similarity_bp", as: Int.self)) / 10_000, matched: try row.find("matched"),
            isSettled: try row.find("settled_at", as: Moment.self) != nil)
    }
}
