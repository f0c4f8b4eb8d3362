public import Basis
import Evidence
public import Storage

/// Learners' own experiments with AI: anyone begins one, peers follow and remark, a steward settles it.
public struct ExperimentBook: Sendable {
    /// The most experiments that one person runs at a time.
    public static let runningLimit = 10

    let database: any Database
    let world: World
    let spine: Spine
    let register: AIRegister

    public init(database: any Database, world: World) {
        self.database = database
        self.world = world
        spine = Spine(database: database, world: world)
        register = AIRegister(database: database, world: world)
    }

    // MARK: The learner's part

    /// Begins an experiment inside the sandbox. Nobody has to agree first.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place (`sandbox-data`, `sandbox-days`, …),
    ///   `experiments-many`.
    public func begin(
        _ draft: ExperimentDraft, by person: ID<Person>, of tenant: TenantID
    ) async throws -> ExperimentRecord {
        let (id, now) = (world.id(Experiment.self), world.now())
        return try await database.write { connection in
            let sandbox = try sandbox(of: tenant, on: connection)
            try draft.check(in: sandbox, on: now.day)
            let running: Int = try connection.value(
                """
                SELECT COUNT(*) AS count FROM experiment
                WHERE tenant = \(tenant) AND by_person = \(person) AND state = 'running'
                """)
            guard running < ExperimentBook.runningLimit else {
                throw Problem(
                    .conflict, "experiments-many",
                    "You run \(running) experiments. Finish one before you begin another.")
            }
            let until = draft.until ?? now.day + (sandbox.days - 1)
            try connection.run(
                """
                INSERT INTO experiment (tenant, id, revision, title, tool, idea, learned, data_classes, state,
                    by_person, until_day, created_at, reason)
                VALUES (\(tenant), \(id), 1, \(draft.title.trimmed), \(draft.tool.trimmed), \(draft.idea.trimmed), '',
                    \(draft.data.stored), 'running', \(person), \(until), \(now), '')
                """)
            try put(.registered, id, draft.title.trimmed, by: person, in: tenant, at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// Its author changes what it says while it runs.
    ///
    /// - Throws: as `begin`; `experiment-missing`, also for somebody else's; `experiment-settled`; `stale`.
    public func change(
        _ id: ID<Experiment>, to draft: ExperimentDraft, since revision: Int? = nil, by person: ID<Person>,
        of tenant: TenantID
    ) async throws -> ExperimentRecord {
        let now = world.now()
        return try await database.write { connection in
            let old = try own(id, of: person, in: tenant, on: connection)
            if let revision, revision != old.revision {
                throw Problem(.stale, "experiment-changed", "It was changed meanwhile. Look at it again.")
            }
            let sandbox = try sandbox(of: tenant, on: connection)
            var checked = draft
            // A day that stood before the sandbox became shorter may stay.
            if draft.until == old.until { checked.until = nil }
            try checked.check(in: sandbox, on: now.day)
            try connection.run(
                """
                UPDATE experiment SET revision = revision + 1, title = \(draft.title.trimmed),
                    tool = \(draft.tool.trimmed), idea = \(draft.idea.trimmed), data_classes = \(draft.data.stored),
                    until_day = \(draft.until ?? old.until)
                WHERE tenant = \(tenant) AND id = \(id)
                """)
            try put(.revised, id, draft.title.trimmed, by: person, in: tenant, at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// Its author ends it and says what came of it.
    ///
    /// - Throws: `Problem` (`text-missing`, `experiment-missing`, `experiment-settled`).
    public func finish(
        _ id: ID<Experiment>, learned: String, by person: ID<Person>, of tenant: TenantID
    ) async throws -> ExperimentRecord {
        try check(learned, called: "What came of it", at: "/learned")
        let now = world.now()
        return try await database.write { connection in
            let record = try own(id, of: person, in: tenant, on: connection)
            try connection.run(
                """
                UPDATE experiment SET revision = revision + 1, state = 'finished', learned = \(learned.trimmed),
                    settled_at = \(now), settled_by = \(person)
                WHERE tenant = \(tenant) AND id = \(id)
                """)
            try put(.ended, id, record.title, by: person, in: tenant, at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    /// Follows it, or no longer does. Again does nothing.
    ///
    /// - Throws: `Problem` (`experiment-missing`).
    public func follow(
        _ id: ID<Experiment>, _ isFollowing: Bool, by person: ID<Person>, of tenant: TenantID
    ) async throws {
        let now = world.now()
        try await database.write { connection in
            _ = try found(id, in: tenant, on: connection)
            if isFollowing {
                try connection.run(
                    """
                    INSERT INTO experiment_follower (tenant, experiment, person, since)
                    VALUES (\(tenant), \(id), \(person), \(now)) ON CONFLICT (tenant, experiment, person) DO NOTHING
                    """)
            } else {
                try connection.run(
                    """
                    DELETE FROM experiment_follower
                    WHERE tenant = \(tenant) AND experiment = \(id) AND person = \(person)
                    """)
            }
        }
    }

    /// Remarks on it.
    ///
    /// - Throws: `Problem` (`text-missing`, `text-too-long`, `experiment-missing`).
    @discardableResult
    public func comment(
        _ body: String, on id: ID<Experiment>, by person: ID<Person>, of tenant: TenantID
    ) async throws -> ID<ExperimentComment> {
        try check(body, called: "The remark", at: "/body")
        let (key, now) = (world.id(ExperimentComment.self), world.now())
        return try await database.write { connection in
            _ = try found(id, in: tenant, on: connection)
            try connection.run(
                """
                INSERT INTO experiment_comment (tenant, id, experiment, person, body, at)
                VALUES (\(tenant), \(key), \(id), \(person), \(body.trimmed), \(now))
                """)
            return key
        }
    }

    /// Takes back one's own remark.
    ///
    /// - Throws: `Problem` (`comment-missing`, also for somebody else's).
    public func removeComment(
        _ id: ID<ExperimentComment>, by person: ID<Person>, of tenant: TenantID
    ) async throws {
        try await database.write { connection in
            let count = try connection.run(
                "DELETE FROM experiment_comment WHERE tenant = \(tenant) AND id = \(id) AND person = \(person)")
            if count == 0 { throw Problem(.missing, "comment-missing", "You wrote no such remark.") }
        }
    }

    // MARK: The steward's part

    /// What becomes of an experiment.
    public enum Verdict: Hashable, Sendable {
        /// An AI use of the organisation, as the draft says. `adapted` when it is another form of it.
        case use(AIUseDraft, adapted: Bool)
        case stopped
    }

    /// Promotes, adapts or stops it, with a reason that its author and followers read. A finished one may still be
    /// promoted or adapted.
    ///
    /// - Throws: `Problem` (`text-missing`, `experiment-missing`, `experiment-settled`); all that
    ///   `AIRegister.register` throws.
    public func settle(
        _ id: ID<Experiment>, _ verdict: Verdict, reason: String, by steward: ID<Person>, of tenant: TenantID
    ) async throws -> ExperimentRecord {
        try check(reason, called: "The reason", at: "/reason")
        if case .use(let draft, _) = verdict { try draft.check() }
        let now = world.now()
        return try await database.write { connection in
            let record = try found(id, in: tenant, on: connection)
            let state: ExperimentRecord.State
            let what: Change.What
            var use: AIUseRecord?
            switch verdict {
            case .use(let draft, let adapted):
                guard record.state == .running || record.state == .finished else { throw settled(record) }
                use = try register.enter(draft, from: id, by: steward, in: tenant, at: now, on: connection)
                (state, what) = adapted ? (.adapted, .adapted) : (.promoted, .promoted)
            case .stopped:
                guard record.state == .running else { throw settled(record) }
                (state, what) = (.stopped, .stopped)
            }
            try connection.run(
                """
                UPDATE experiment SET revision = revision + 1, state = \(state), reason = \(reason.trimmed),
                    settled_at = \(now), settled_by = \(steward), ai_use = \(use?.id)
                WHERE tenant = \(tenant) AND id = \(id)
                """)
            try put(
                what, id, record.title, by: steward, reason: reason.trimmed,
                detail: use.map { "AI use “\($0.name)”" } ?? "", in: tenant, at: now, on: connection)
            return try found(id, in: tenant, on: connection)
        }
    }

    // MARK: The sandbox

    /// What anybody may try now.
    public func sandbox(of tenant: TenantID) async throws -> SandboxPolicy {
        try await database.read { try sandbox(of: tenant, on: $0) }
    }

    /// Changes what anybody may try. Experiments that run already keep their last day.
    ///
    /// - Throws: `Problem` of kind `invalid` naming every place.
    public func set(
        data: Set<AIUseRecord.DataClass>, days: Int, rules: String, by steward: ID<Person>, of tenant: TenantID
    ) async throws -> SandboxPolicy {
        var findings = Findings()
        findings.expect(
            (1...366).contains(days), "sandbox-days", at: "/days", "A trial lasts 1 to 366 days. Choose one of these.")
        findings.expect(
            text: rules, atMost: ExperimentDraft.textLimit, needed: .always, called: "The rules", at: "/rules")
        try findings.settle("sandbox-invalid")
        let now = world.now()
        return try await database.write { connection in
            let next = try sandbox(of: tenant, on: connection).version + 1
            let text = data.stored
            try connection.run(
                """
                INSERT INTO sandbox_policy (tenant, version, data_classes, days, rules, since, by_person)
                VALUES (\(tenant), \(next), \(text), \(days), \(rules.trimmed), \(now), \(steward))
                """)
            try spine.put(
                Spine.Note(
                    what: .published, subject: .policy, name: "Sandbox policy", by: steward,
                    detail: "sandbox version \(next): \(days) days, data: \(text.isEmpty ? "none" : text)"),
                in: tenant, at: now, on: connection)
            return try sandbox(of: tenant, on: connection)
        }
    }

    private func sandbox(of tenant: TenantID, on connection: any Connection) throws -> SandboxPolicy {
        let row = try connection.row(
            "SELECT * FROM sandbox_policy WHERE tenant = \(tenant) ORDER BY version DESC LIMIT 1")
        guard let row else { return .initial }
        return SandboxPolicy(
            version: try row.get("version"), data: try Set(row), days: try row.get("days"),
            rules: try row.get("rules"), since: try row.get("since"), by: try row.get("by_person"))
    }

    // MARK: Help

    private func check(_ text: String, called name: String, at pointer: String) throws {
        var findings = Findings()
        findings.expect(
            text: text, atMost: ExperimentDraft.textLimit, needed: .always, called: name, at: pointer)
        try findings.settle("experiment-invalid")
    }

    private func own(
        _ id: ID<Experiment>, of person: ID<Person>, in tenant: TenantID, on connection: any Connection
    ) throws -> ExperimentRecord {
        let record = try found(id, in: tenant, on: connection)
        guard record.by == person else { throw missing }
        guard record.state == .running else { throw settled(record) }
        return record
    }

    func found(
        _ id: ID<Experiment>, in tenant: TenantID, on connection: any Connection
    ) throws -> ExperimentRecord {
        guard let record = try records("e.id = \(id)", tenant, on: connection).first else { throw missing }
        return record
    }

    private var missing: Problem { Problem(.missing, "experiment-missing", "There is no such experiment of yours.") }

    private func settled(_ record: ExperimentRecord) -> Problem {
        Problem(.conflict, "experiment-settled", "It is \(record.state.rawValue) already.")
    }

    private func put(
        _ what: Change.What, _ id: ID<Experiment>, _ title: String, by person: ID<Person>, reason: String = "",
        detail: String = "", in tenant: TenantID, at now: Moment, on connection: any Connection
    ) throws {
        try spine.put(
            Spine.Note(
                what: what, subject: .experiment(id), name: title, by: person, reason: reason, detail: detail),
            in: tenant, at: now, on: connection)
    }
}
