public import Basis
import Catalog
public import Evidence
public import Intent
import JSON
public import Mastery
import People
import Skills
public import Storage

/// The next step of every learner: up to three suggestions with their true reasons, and the learner's say over them.
public struct NextStepBook: Sendable {
    /// Suggestions side by side.
    public static let count = 3

    let database: any Database
    let world: World
    let log: StatementLog
    let mastery: MasteryBook
    let goals: GoalBook
    let library: Library
    let skills: SkillRegister
    let strategies: StrategyBook
    let register: AIRegister
    let documents: PolicyDocumentBook
    let access: AccessDesk
    let planner: LeewayPlanner
    let sittings: SittingBook
    let usage = UsageCache()

    /// `access` is the one of the process, which writes what it decided; nil for one of its own.
    public init(
        database: any Database, world: World, log: StatementLog, mastery: MasteryBook, access: AccessDesk? = nil
    ) {
        self.database = database
        self.access = access ?? AccessDesk(database: database, world: world)
        self.world = world
        self.log = log
        self.mastery = mastery
        goals = GoalBook(database: database, world: world, log: log, mastery: mastery)
        library = Library(database: database, world: world)
        skills = SkillRegister(database: database, world: world)
        strategies = StrategyBook(database: database, world: world)
        register = AIRegister(database: database, world: world)
        documents = PolicyDocumentBook(database: database, world: world)
        planner = LeewayPlanner(database: database, world: world)
        sittings = SittingBook(database: database, world: world, log: log, mastery: mastery)
    }

    /// What the learner sees as next. Made once a day, and again when something changed that it rests on: an answer, a
    /// goal, a strategy, a mandate, a setting, or a suggestion that was completed.
    ///
    /// - Throws: `Problem` (`person-missing`), `StorageError`.
    public func steps(for person: ID<Person>, in tenant: TenantID) async throws -> NextSteps {
        let basis = try await basis(of: person, in: tenant)
        var steps = try await steps(for: person, on: basis, in: tenant)
        steps.stoppedBy = basis.stoppedBy
        steps.refusal = basis.refusal
        steps.toAccept = basis.toAccept
        return steps
    }

    private func steps(for person: ID<Person>, on basis: Basis, in tenant: TenantID) async throws -> NextSteps {
        if let kept = try await current(of: person, in: tenant), kept.basis == basis.text {
            let contents = kept.steps.suggestions.compactMap(\.kind.content)
            let done = try await sittings.completions(of: person, among: contents, in: tenant)
            let isFull = !kept.steps.suggestions.isEmpty || world.now() - kept.steps.madeAt < .minutes(10)
            if done.isEmpty, isFull { return kept.steps }
        }
        let scene = try await scene(of: person, basis.settings, in: tenant)
        let prepared = scene.prepared()
        let byTarget = Dictionary(prepared.map { ($0.candidate.target, $0) }) { first, _ in first }
        let candidates = Ranking.shortlist(prepared.map(\.candidate))
        let seed = world.seed()
        let picks = Ranking.draw(NextStepBook.count, from: candidates, seed: seed)
        let made = MadeSet(
            id: world.id(), person: person, day: scene.today, basis: basis.text, settings: basis.settings,
            model: mastery.model.version, candidates: candidates, madeAt: scene.now)
        let drawn = picks.enumerated().compactMap { place, pick in
            byTarget[candidates[pick.index].target].map { prepared in
                Drawn(
                    id: world.id(), prepared: prepared, place: place, pick: place, seed: seed, beside: [],
                    propensity: pick.propensity)
            }
        }
        do {
            try await database.write { connection in
                try connection.run(
                    """
                    UPDATE suggestion_set SET is_current = 0
                    WHERE tenant = \(tenant) AND person = \(person) AND is_current = 1
                    """)
                try insert(made, tenant, on: connection)
                for one in drawn { try insert(one, into: made.id, of: person, tenant, at: scene.now, on: connection) }
                try tell(drawn, made, tenant, on: connection)
            }
        } catch StorageError.full {
            // What cannot be put on record is not suggested; what was suggested before still stands.
        }
        return try await current(of: person, in: tenant)?.steps
            ?? NextSteps(
                suggestions: [], isPersonal: basis.settings.isPersonal, model: made.model, ranker: Ranking.version,
                madeAt: scene.now)
    }

    /// How the learner wants to be guided.
    public func settings(of person: ID<Person>, in tenant: TenantID) async throws -> LearnerSettings {
        try await database.read { try settings(of: person, tenant, on: $0) }
    }

    /// Changes how the learner wants to be guided. Nothing is lost when personalisation is switched off.
    ///
    /// - Throws: `Problem` (`dial-invalid`).
    public func set(_ settings: LearnerSettings, for person: ID<Person>, in tenant: TenantID) async throws {
        guard LearnerSettings.dialRange.contains(settings.dial) else {
            throw Problem(
                .invalid, "dial-invalid", "The dial goes from 55 to 85 right answers in 100. Choose one of these.",
                at: ["/dial"])
        }
        let now = world.now()
        try await database.write { connection in
            try connection.run(
                """
                INSERT INTO learner_setting (tenant, person, is_personal, dial, changed_at)
                VALUES (\(tenant), \(person), \(settings.isPersonal), \(settings.dial), \(now))
                ON CONFLICT (tenant, person) DO UPDATE SET is_personal = excluded.is_personal, dial = excluded.dial,
                    changed_at = excluded.changed_at
                """)
            try log.append(
                [
                    StatementDraft(
                        .person(person), .adjusted,
                        ActivityRef(
                            "urn:leeway:setting:guidance", name: "Personal suggestions", type: Vocabulary.settingType),
                        choice: .own,
                        extensions: [
                            (
                                Vocabulary.inputs,
                                ["personal": JSONValue(settings.isPersonal), "dial": JSONValue(settings.dial)]
                            )
                        ], timestamp: now)
                ], to: tenant, on: connection)
        }
    }
}

extension SuggestionKind {
    var content: ID<Content>? {
        if case .content(let id) = self { id } else { nil }
    }
}
