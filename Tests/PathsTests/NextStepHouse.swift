import Assess
import Basis
import Catalog
import Evidence
import Intent
import Mastery
import Paths
import People
import Skills
import Storage
import StorageTesting

/// An organisation with a small catalogue, one learner, a steward and a strategy to come.
struct NextStepHouse: Sendable {
    let database: any Database
    let world: World
    let tenant: TenantID
    let learner: ID<Person>
    let steward: ID<Person>
    let log: StatementLog
    let mastery: MasteryBook
    let goals: GoalBook
    let next: NextStepBook
    let skills: SkillRegister
    let library: Library

    init(on engine: Engine, catalogue: String = NextStepHouse.catalogue) async throws {
        let database = try await engine.database(
            PeopleSchema.migrations + EvidenceSchema.migrations + SkillsSchema.migrations + CatalogSchema.migrations
                + AssessSchema.migrations + MasterySchema.migrations + IntentSchema.migrations
                + PathsSchema.migrations)
        let world = World.replay(seed: 33)
        let directory = Directory(database: database, world: world)
        tenant = try await directory.createTenant(name: "Pier", home: "https://pier.example")
        learner = try await directory.save(PersonDraft(key: "lea", name: "Lea", language: "en"), of: tenant).id
        steward = try await directory.save(PersonDraft(key: "stu", name: "Stu", roles: [.steward]), of: tenant).id
        (self.database, self.world) = (database, world)
        log = StatementLog(database: database, world: world)
        mastery = MasteryBook(database: database, world: world)
        goals = GoalBook(database: database, world: world, log: log, mastery: mastery)
        next = NextStepBook(database: database, world: world, log: log, mastery: mastery)
        skills = SkillRegister(database: database, world: world)
        library = Library(database: database, world: world)
        if catalogue.isEmpty { return }
        _ = try await library.importCatalogue(
            Array(catalogue.utf8), tenant: tenant, skills: skills.resolver(of: tenant))
        _ = try await ItemBank(database: database, world: world).importItems(
            Array(NextStepHouse.items.utf8), tenant: tenant, contents: library.resolver(of: tenant),
            skills: skills.resolver(of: tenant))
    }

    func skill(_ name: String) async throws -> SkillRecord {
        try await skills.ensure(key: SkillName.key(for: name), name: name, tenant: tenant)
    }

    /// Wrong and right answers of the learner on one skill.
    func practise(_ skill: SkillRecord, _ answers: [Bool], item: Int = 500) async throws {
        try await mastery.record(
            answers.enumerated().map { index, isRight in
                Answer(
                    person: learner, item: item + index, skills: [skill.number], isRight: isRight, at: world.now())
            }, in: tenant)
    }

    func publish(_ weights: [(ID<Skill>, Int)]) async throws -> StrategyRecord {
        let book = StrategyBook(database: database, world: world)
        let draft = try await book.draft(
            StrategyDraft(
                title: "Safe hands", owner: steward, audience: .everyone,
                priorities: weights.map { PriorityDraft(name: "Aim", skills: [$0.0], weight: $0.1) }),
            by: steward, of: tenant)
        return try await book.publish(draft.id, by: steward, of: tenant)
    }

    static let catalogue = lines([
        ("p1", "Prompting basics", "Prompting", "beginner", 10),
        ("p2", "Prompting further", "Prompting", "advanced", 20),
        ("c1", "Checking answers", "Checking", "beginner", 8), ("c2", "Checking sources", "Checking", "advanced", 25),
        ("b1", "Bias in data", "Bias", "intermediate", 15), ("d1", "Data protection", "Privacy", "beginner", 12),
        ("d2", "Privacy by design", "Privacy", "advanced", 30), ("t1", "Tutoring", "Tutors", "beginner", 9),
    ])

    static func lines(_ rows: [(String, String, String, String, Int)]) -> String {
        rows.map { id, title, skill, level, minutes in
            """
            {"id": "\(id)", "source": "ours", "kind": "unit", "title": "\(title)", "language": "en", \
            "duration_minutes": \(minutes), "level": "\(level)", "skills": ["\(skill)"], \
            "url": "https://example.org/\(id)", "provenance": "human-made"}
            """
        }.joined(separator: "\n") + "\n"
    }

    static let items = """
        {"id": "q1", "learning_object": "c1", "stem": "Which?", "choices": ["this", "that"], "correct": [0], \
        "skills": ["Checking"], "level": "beginner", "language": "en"}

        """
}
