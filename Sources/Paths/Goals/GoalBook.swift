public import Basis
public import Evidence
import JSON
public import Mastery
import Skills
public import Storage

/// The goals of every learner. A goal is its learner's own: nobody else sets or sees it.
public struct GoalBook: Sendable {
    /// The most goals that a learner has at a time.
    public static let goalLimit = 20
    /// The longest note, in characters.
    public static let noteLimit = 500
    /// The fewest answers on a skill before an estimate can reach a goal by itself.
    public static let answerMinimum = 3

    let database: any Database
    let world: World
    let log: StatementLog
    let mastery: MasteryBook
    let skills: SkillRegister

    public init(database: any Database, world: World, log: StatementLog, mastery: MasteryBook) {
        self.database = database
        self.world = world
        self.log = log
        self.mastery = mastery
        skills = SkillRegister(database: database, world: world)
    }

    /// Sets a goal, or changes the learner's goal on that skill.
    ///
    /// - Throws: `Problem` (`goal-invalid`, `goal-limit`, `skill-missing`).
    @discardableResult
    public func set(
        _ skill: ID<Skill>, target: Double, dueOn: Day? = nil, note: String = "", by person: ID<Person>,
        of tenant: TenantID
    ) async throws -> GoalRecord {
        guard target.isFinite, (0.5...0.95).contains(target) else {
            throw Problem(
                .invalid, "goal-invalid", "A goal aims at 50 to 95 right answers in 100. Choose one of these.",
                at: ["/target"])
        }
        guard note.count <= GoalBook.noteLimit else {
            throw Problem(
                .invalid, "goal-invalid", "The note is longer than \(GoalBook.noteLimit) characters. Shorten it.",
                at: ["/note"])
        }
        guard let record = try await skills.find(skill, of: tenant) else {
            throw Problem(.missing, "skill-missing", "There is no such skill. Choose one from the list.")
        }
        let state = try await mastery.state(of: person, in: tenant)
        let start = try await mastery.mastery(state, of: [record.number], in: tenant).first?.probability ?? 0
        let now = world.now()
        let new: ID<Goal> = world.id()
        return try await database.write { connection in
            let old = try goals(of: person, in: tenant, on: connection).first { $0.skill == skill }
            let id = old?.id ?? new
            if old != nil {
                let keepsReached: SQL = old?.target == target ? "reached_at" : "NULL"
                try connection.run(
                    """
                    UPDATE goal SET target = \(target), due_on = \(dueOn), note = \(note), changed_at = \(now),
                        reached_at = \(keepsReached)
                    WHERE tenant = \(tenant) AND id = \(id)
                    """)
            } else {
                try insert(
                    GoalRecord(
                        id: id, person: person, skill: skill, target: target, start: start, dueOn: dueOn, note: note,
                        setAt: now, changedAt: now, reachedAt: nil), tenant, on: connection)
            }
            try say(.aimed, id, record.name, target, by: person, tenant, at: now, on: connection)
            return try found(id, of: person, tenant, on: connection)
        }
    }

    /// The learner says that a goal is reached, whatever the estimate.
    ///
    /// - Throws: `Problem` (`goal-missing`).
    public func reach(_ id: ID<Goal>, by person: ID<Person>, of tenant: TenantID) async throws {
        let now = world.now()
        try await database.write { connection in
            let goal = try found(id, of: person, tenant, on: connection)
            try mark(goal, reachedAt: now, tenant, on: connection)
        }
    }

    /// Takes a goal away. What was learned for it stays.
    ///
    /// - Throws: `Problem` (`goal-missing`).
    public func remove(_ id: ID<Goal>, by person: ID<Person>, of tenant: TenantID) async throws {
        let now = world.now()
        try await database.write { connection in
            let goal = try found(id, of: person, tenant, on: connection)
            try connection.run(
                "UPDATE goal SET removed_at = \(now), changed_at = \(now) WHERE tenant = \(tenant) AND id = \(id)")
            let name = try skills.find(goal.skill, of: tenant, on: connection)?.name ?? ""
            try say(.retired, id, name, goal.target, by: person, tenant, at: now, on: connection)
        }
    }

    /// The learner's goals with how far each is: the open ones first, by what is missing. An estimate that came to its
    /// target after enough answers is noted as reached here.
    public func progress(of person: ID<Person>, in tenant: TenantID) async throws -> [GoalProgress] {
        let goals: [GoalRecord] = try await database.read { try self.goals(of: person, in: tenant, on: $0) }
        if goals.isEmpty { return [] }
        let records = try await skills.skills(goals.map(\.skill), of: tenant)
        let known = goals.filter { records[$0.skill] != nil }
        let state = try await mastery.state(of: person, in: tenant)
        let estimates = try await mastery.mastery(
            state, of: known.compactMap { records[$0.skill]?.number }, in: tenant)
        let now = world.now()
        var progress: [GoalProgress] = []
        for (goal, estimate) in zip(known, estimates) {
            var goal = goal
            let isReached = estimate.probability >= goal.target && estimate.tries >= GoalBook.answerMinimum
            if goal.reachedAt == nil, isReached {
                let open = goal
                try await database.write { try mark(open, reachedAt: now, tenant, on: $0) }
                goal = goal.reached(at: now)
            }
            progress.append(
                GoalProgress(goal: goal, skillName: records[goal.skill]?.name ?? "", mastery: estimate))
        }
        return progress.sorted {
            ($0.goal.reachedAt == nil ? 0 : 1, -$0.gap) < ($1.goal.reachedAt == nil ? 0 : 1, -$1.gap)
        }
    }

    /// The learner's goals, within a transaction: the earliest set first.
    public func goals(
        of person: ID<Person>, in tenant: TenantID, on connection: any Connection
    ) throws -> [GoalRecord] {
        try connection.rows(
            """
            SELECT * FROM goal WHERE tenant = \(tenant) AND person = \(person) AND removed_at IS NULL
            ORDER BY set_at, id
            """
        ).map(GoalRecord.init)
    }

    private func found(
        _ id: ID<Goal>, of person: ID<Person>, _ tenant: TenantID, on connection: any Connection
    ) throws -> GoalRecord {
        guard let goal = try goals(of: person, in: tenant, on: connection).first(where: { $0.id == id }) else {
            throw Problem(.missing, "goal-missing", "There is no such goal. It may have been removed.")
        }
        return goal
    }

    private func insert(_ goal: GoalRecord, _ tenant: TenantID, on connection: any Connection) throws {
        let count = try goals(of: goal.person, in: tenant, on: connection).count
        guard count < GoalBook.goalLimit else {
            throw Problem(
                .conflict, "goal-limit", "You have \(count) goals, which is the most. Remove one to set another.")
        }
        try connection.run(
            """
            INSERT INTO goal (tenant, id, person, skill, target, start, due_on, note, set_at, changed_at)
            VALUES (\(tenant), \(goal.id), \(goal.person), \(goal.skill), \(goal.target), \(goal.start),
                \(goal.dueOn), \(goal.note), \(goal.setAt), \(goal.changedAt))
            """)
    }

    private func mark(
        _ goal: GoalRecord, reachedAt now: Moment, _ tenant: TenantID, on connection: any Connection
    ) throws {
        let count = try connection.run(
            """
            UPDATE goal SET reached_at = \(now), changed_at = \(now)
            WHERE tenant = \(tenant) AND id = \(goal.id) AND reached_at IS NULL
            """)
        if count == 0 { return }
        let name = try skills.find(goal.skill, of: tenant, on: connection)?.name ?? ""
        try say(.completed, goal.id, name, goal.target, by: goal.person, tenant, at: now, on: connection)
    }

    private func say(
        _ verb: Verb, _ id: ID<Goal>, _ name: String, _ target: Double, by person: ID<Person>, _ tenant: TenantID,
        at now: Moment, on connection: any Connection
    ) throws {
        try log.append(
            [
                StatementDraft(
                    .person(person), verb,
                    ActivityRef(
                        Vocabulary.goalIRI(id), name: name.isEmpty ? nil : name, type: Vocabulary.goalType),
                    choice: .own, extensions: [(Vocabulary.inputs, ["target": JSONValue(target)])], timestamp: now)
            ], to: tenant, on: connection)
    }
}

extension GoalRecord {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), person: try row.get("person"), skill: try row.get("skill"),
            target: try row.get("target"), start: try row.get("start"), dueOn: try row.find("due_on"),
            note: try row.get("note"), setAt: try row.get("set_at"), changedAt: try row.get("changed_at"),
            reachedAt: try row.find("reached_at"))
    }

    func reached(at now: Moment) -> GoalRecord {
        GoalRecord(
            id: id, person: person, skill: skill, target: target, start: start, dueOn: dueOn, note: note, setAt: setAt,
            changedAt: now, reachedAt: now)
    }
}
