public import Basis
import Evidence
import Storage

// The comprehension check of a version: written by those who lead, answered once, recalled words matched by a person.

extension StrategyBook {
    /// Writes the check of a version, in place of the one before. With neither questions nor recall it is taken away.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place; `check-answered` once somebody answered;
    ///   `strategy-over` for a version that is no longer in force; `strategy-missing`.
    public func setCheck(
        of id: ID<Strategy>, version: Int, asksRecall: Bool, questions: [StrategyCheck.Question],
        by author: ID<Person>, in tenant: TenantID
    ) async throws {
        try StrategyCheck.verify(questions)
        let now = world.now()
        try await database.write { connection in
            let record = try checkable(id, version, in: tenant, on: connection)
            let key: SQL = "tenant = \(tenant) AND strategy = \(id) AND version = \(version)"
            if try connection.holds("SELECT person FROM strategy_answer WHERE \(key)") {
                throw Problem(
                    .conflict, "check-answered",
                    "Somebody answered already, so the check stays as it is. Write another with the next version.")
            }
            try connection.run("DELETE FROM strategy_question WHERE \(key)")
            try connection.run("DELETE FROM strategy_check WHERE \(key)")
            if asksRecall || !questions.isEmpty {
                try connection.run(
                    """
                    INSERT INTO strategy_check (tenant, strategy, version, asks_recall, set_at, by_person)
                    VALUES (\(tenant), \(id), \(version), \(asksRecall ? 1 : 0), \(now), \(author))
                    """)
            }
            for (place, question) in questions.enumerated() {
                let options = question.options.map(\.trimmed).joined(separator: "\n")
                try connection.run(
                    """
                    INSERT INTO strategy_question (tenant, strategy, version, place, body, options, correct, feedback)
                    VALUES (\(tenant), \(id), \(version), \(place), \(question.text.trimmed), \(options),
                        \(question.correct), \(question.feedback.trimmed))
                    """)
            }
            try put(
                .revised, id, record.title, by: author,
                detail: "check of version \(version): \(questions.count) questions\(asksRecall ? " and recall" : "")",
                in: tenant, at: now, on: connection)
        }
    }

    /// The check of a version; nil when there is none.
    public func check(of id: ID<Strategy>, version: Int, in tenant: TenantID) async throws -> StrategyCheck? {
        try await database.read { try check(of: id, version: version, in: tenant, on: $0) }
    }

    /// How far a person is with the check of the version in force, and the check; nil when there is none for them.
    public func standing(
        of id: ID<Strategy>, for person: ID<Person>, in tenant: TenantID
    ) async throws -> (check: StrategyCheck, standing: CheckStanding)? {
        try await database.read { connection in
            guard let record = try published(id, in: tenant, on: connection),
                let check = try check(of: id, version: record.version, in: tenant, on: connection)
            else { return nil }
            return try standing(check, person, in: tenant, on: connection).map { (check, $0) }
        }
    }

    /// A person names priorities in their own words, once.
    ///
    /// - Shape: at most `StrategyCheck.recallLimit` texts; empty ones are left out. None at all says: I know none.
    /// - Throws: `Problem` (`check-missing`, `check-before-opening`, `check-answered`, `strategy-changed`) or of kind
    ///   `invalid` naming every place.
    public func recall(
        _ id: ID<Strategy>, version: Int, texts: [String], by person: ID<Person>, of tenant: TenantID
    ) async throws {
        var findings = Findings()
        findings.expect(
            texts.count <= StrategyCheck.recallLimit, "recall-too-many", at: "/texts",
            "Name at most \(StrategyCheck.recallLimit).")
        for (place, text) in texts.enumerated() {
            findings.expect(
                text: text, atMost: StrategyCheck.textLimit, needed: .maybe, called: "Number \(place + 1)",
                at: "/texts/\(place)")
        }
        try findings.settle("recall-invalid")
        let now = world.now()
        let ids = texts.map { _ in world.id(Recalled.self) }
        try await database.write { connection in
            let (record, check, standing) = try asked(id, version, person, in: tenant, on: connection)
            if !check.asksRecall { throw missingCheck }
            if standing.recalledAt != nil || standing.answeredAt != nil { throw answeredCheck }
            try connection.run(
                """
                INSERT INTO strategy_answer (tenant, strategy, version, person, recalled_at, picks)
                VALUES (\(tenant), \(id), \(version), \(person), \(now), '')
                """)
            let names = record.priorities.map(\.name)
            for (id, text) in zip(ids, texts.map(\.trimmed)) where !text.isEmpty {
                let best = TextSimilarity.best(text, among: names)
                try connection.run(
                    """
                    INSERT INTO strategy_recall (tenant, id, strategy, version, person, body, suggested, similarity_bp)
                    VALUES (\(tenant), \(id), \(record.id), \(version), \(person), \(text),
                        \(best.map { record.priorities[$0.place].id }), \(Int((best?.similarity ?? 0) * 10_000)))
                    """)
            }
            try say(.answered, record, by: person, in: tenant, at: now, on: connection)
        }
    }

    /// A person answers the questions, once, and after naming priorities where that is asked.
    ///
    /// - Shape: one place an option for each question; nil is “don't know”.
    /// - Throws: as `recall`; `recall-first`, `picks-invalid`.
    public func answer(
        _ id: ID<Strategy>, version: Int, picks: [Int?], by person: ID<Person>, of tenant: TenantID
    ) async throws {
        let now = world.now()
        try await database.write { connection in
            let (record, check, standing) = try asked(id, version, person, in: tenant, on: connection)
            if check.questions.isEmpty { throw missingCheck }
            if standing.answeredAt != nil { throw answeredCheck }
            if check.asksRecall, standing.recalledAt == nil {
                throw Problem(.conflict, "recall-first", "Name priorities first: the questions would give them away.")
            }
            guard picks.count == check.questions.count,
                zip(picks, check.questions).allSatisfy({ pick, question in
                    pick.map(question.options.indices.contains) ?? true
                })
            else {
                throw Problem(
                    .invalid, "picks-invalid", "Choose one option of each question, or none.", at: ["/picks"])
            }
            let text = picks.map { $0.map(String.init) ?? "-" }.joined(separator: " ")
            try connection.run(
                """
                INSERT INTO strategy_answer (tenant, strategy, version, person, answered_at, picks)
                VALUES (\(tenant), \(id), \(version), \(person), \(now), \(text))
                ON CONFLICT (tenant, strategy, version, person) DO UPDATE SET answered_at = \(now), picks = \(text)
                """)
            try say(.answered, record, by: person, in: tenant, at: now, on: connection)
        }
    }

    // MARK: Within transactions

    func check(
        of id: ID<Strategy>, version: Int, in tenant: TenantID, on connection: any Connection
    ) throws -> StrategyCheck? {
        let key: SQL = "tenant = \(tenant) AND strategy = \(id) AND version = \(version)"
        guard let row = try connection.row("SELECT asks_recall FROM strategy_check WHERE \(key)") else { return nil }
        let questions = try connection.rows("SELECT * FROM strategy_question WHERE \(key) ORDER BY place").map { row in
            StrategyCheck.Question(
                text: try row.get("body"),
                options: try row.get("options", as: String.self).split(separator: "\n").map(String.init),
                correct: try row.get("correct"), feedback: try row.get("feedback"))
        }
        return StrategyCheck(
            strategy: id, version: version, asksRecall: try row.get("asks_recall", as: Int.self) == 1,
            questions: questions,
            answers: try connection.value("SELECT COUNT(*) AS count FROM strategy_answer WHERE \(key)"))
    }

    private func standing(
        _ check: StrategyCheck, _ person: ID<Person>, in tenant: TenantID, on connection: any Connection
    ) throws -> CheckStanding? {
        let row = try connection.row(
            """
            SELECT d.dwelt_at, a.recalled_at, a.answered_at, a.picks FROM strategy_delivery d
            LEFT JOIN strategy_answer a ON a.tenant = d.tenant AND a.strategy = d.strategy AND a.version = d.version
                AND a.person = d.person
            WHERE d.tenant = \(tenant) AND d.strategy = \(check.strategy) AND d.version = \(check.version)
            AND d.person = \(person)
            """)
        return try row.map {
            CheckStanding(
                hasOpened: try $0.find("dwelt_at", as: Moment.self) != nil, recalledAt: try $0.find("recalled_at"),
                answeredAt: try $0.find("answered_at"), picks: chosenPlaces(try $0.find("picks") ?? ""))
        }
    }

    private func asked(
        _ id: ID<Strategy>, _ version: Int, _ person: ID<Person>, in tenant: TenantID, on connection: any Connection
    ) throws -> (StrategyRecord, StrategyCheck, CheckStanding) {
        guard let record = try published(id, in: tenant, on: connection), record.version == version else {
            throw Problem(
                .stale, "strategy-changed", "Version \(version) is no longer in force. Read the strategy again.")
        }
        guard let check = try check(of: id, version: version, in: tenant, on: connection),
            let standing = try standing(check, person, in: tenant, on: connection)
        else { throw missingCheck }
        if !standing.hasOpened {
            throw Problem(.conflict, "check-before-opening", "Read the strategy first. It takes a moment.")
        }
        return (record, check, standing)
    }

    private func checkable(
        _ id: ID<Strategy>, _ version: Int, in tenant: TenantID, on connection: any Connection
    ) throws -> StrategyRecord {
        guard let record = try records(of: id, version: version, in: tenant, on: connection).first else {
            throw Problem(.missing, "strategy-missing", "There is no such strategy.")
        }
        guard record.state == .draft || record.state == .published else {
            throw Problem(.conflict, "strategy-over", "Version \(version) is \(record.state.rawValue).")
        }
        return record
    }

    private var missingCheck: Problem {
        Problem(.missing, "check-missing", "Nothing of the kind is asked about this strategy.")
    }

    private var answeredCheck: Problem {
        Problem(.conflict, "check-answered", "You answered this already. It is asked once.")
    }
}

/// Places of options as they are stored, such as `0 - 2`.
func chosenPlaces(_ text: String) -> [Int?] { text.split(separator: " ").map { Int($0) } }

extension StrategyCheck {
    fileprivate static func verify(_ questions: [Question]) throws {
        var findings = Findings()
        findings.expect(
            questions.count <= questionLimit, "questions-too-many", at: "/questions",
            "There are \(questions.count) questions. Ask at most \(questionLimit).")
        for (place, question) in questions.enumerated() {
            let at = "/questions/\(place)"
            findings.expect(
                text: question.text, atMost: textLimit, needed: .always, called: "Question \(place + 1)",
                at: at + "/text")
            findings.expect(
                text: question.feedback, atMost: textLimit, needed: .maybe,
                called: "The feedback of question \(place + 1)", at: at + "/feedback")
            let options = question.options.map(\.trimmed)
            findings.expect(
                optionRange.contains(options.count) && Set(options).count == options.count
                    && options.allSatisfy { !$0.isEmpty && !$0.contains("\n") && !$0.contains("\0") },
                "options-invalid", at: at + "/options",
                "Question \(place + 1) needs \(optionRange.lowerBound) to \(optionRange.upperBound) options, each on "
                    + "one line and all different.")
            for option in options {
                findings.expect(
                    option.count <= textLimit, "text-too-long", at: at + "/options",
                    "An option of question \(place + 1) is longer than \(textLimit) characters.")
            }
            findings.expect(
                options.indices.contains(question.correct), "correct-invalid", at: at + "/correct",
                "Say which option of question \(place + 1) is right.")
        }
        try findings.settle("check-invalid")
    }
}
