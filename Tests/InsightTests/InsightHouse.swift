import Assess
import Basis
import Catalog
import Evidence
import Insight
import Intent
import Mastery
import Notices
import Paths
import People
import Skills
import Storage
import StorageTesting

/// An organisation whose evidence is known: two units of six learners, four objects on two skills, a strategy.
struct InsightHouse: Sendable {
    let database: any Database
    let world: World
    let tenant: TenantID
    let steward: ID<Person>
    /// Six in the north, then six in the south.
    let learners: [ID<Person>]
    let skills: [SkillRecord]
    let log: StatementLog
    let mastery: MasteryBook
    let measures: Measures

    init(on engine: Engine) async throws {
        let database = try await engine.database(
            PeopleSchema.migrations + EvidenceSchema.migrations + SkillsSchema.migrations + CatalogSchema.migrations
                + AssessSchema.migrations + MasterySchema.migrations + IntentSchema.migrations
                + PathsSchema.migrations + NoticesSchema.migrations + InsightSchema.migrations)
        let world = World.replay(seed: 12)
        let directory = Directory(database: database, world: world)
        let tenant = try await directory.createTenant(name: "Cape", home: "https://cape.example")
        let units = [
            try await directory.save(UnitDraft(name: "North"), of: tenant).id,
            try await directory.save(UnitDraft(name: "South"), of: tenant).id,
        ]
        steward = try await directory.save(PersonDraft(key: "stu", name: "Stu", roles: [.steward]), of: tenant).id
        learners = try await database.write { connection in
            try (0..<12).map { index in
                try directory.save(
                    PersonDraft(key: "l\(index)", name: "Learner \(index)", unit: units[index / 6]), of: tenant,
                    on: connection
                ).id
            }
        }
        let register = SkillRegister(database: database, world: world)
        var skills: [SkillRecord] = []
        for name in ["Checking", "Prompting"] {
            skills.append(try await register.ensure(key: name.lowercased(), name: name, tenant: tenant))
        }
        self.skills = skills
        (self.database, self.world, self.tenant) = (database, world, tenant)
        log = StatementLog(database: database, world: world)
        mastery = MasteryBook(database: database, world: world)
        measures = Measures(database: database, world: world, mastery: mastery)
    }

    func fill() async throws {
        let library = Library(database: database, world: world)
        let register = SkillRegister(database: database, world: world)
        _ = try await library.importCatalogue(
            Array(InsightHouse.catalogue.utf8), tenant: tenant, skills: register.resolver(of: tenant))
        let strategies = StrategyBook(database: database, world: world)
        let draft = try await strategies.draft(
            StrategyDraft(
                title: "Safe hands", owner: steward, audience: .role(.learner),
                priorities: [
                    PriorityDraft(name: "Check", skills: [skills[0].id], weight: 75),
                    PriorityDraft(name: "Ask", skills: [skills[1].id], weight: 25),
                ]), by: steward, of: tenant)
        let strategy = try await strategies.publish(draft.id, by: steward, of: tenant)
        for (index, learner) in learners.enumerated() where index % 2 == 0 {
            try await strategies.view(strategy.id, by: learner, of: tenant)
            if index % 4 == 0 {
                try await strategies.acknowledge(strategy.id, version: 1, by: learner, of: tenant)
            }
        }
        try await learn(library)
        try await own()
    }

    /// Hours: learner i spends (i + 1) × 10 minutes on `a`, and every third 20 minutes on `b`, which was asked for.
    private func learn(_ library: Library) async throws {
        var drafts: [StatementDraft] = []
        let contents = try await keys(library)
        guard let a = contents["a"], let b = contents["b"] else { return }
        for (index, learner) in learners.enumerated() {
            drafts.append(
                StatementDraft(
                    .person(learner), .completed, ActivityRef(Vocabulary.contentIRI(a), name: "a"),
                    result: Outcome(completion: true, duration: .minutes(10 * (index + 1))), choice: .own,
                    timestamp: world.now()))
            if index % 3 == 0 {
                drafts.append(
                    StatementDraft(
                        .person(learner), .experienced, ActivityRef(Vocabulary.contentIRI(b), name: "b"),
                        result: Outcome(duration: .minutes(20)), choice: .asked, timestamp: world.now()))
            }
        }
        // Too long ago to count.
        drafts.append(
            StatementDraft(
                .person(learners[0]), .completed, ActivityRef(Vocabulary.contentIRI(b), name: "b"),
                result: Outcome(duration: .hours(50)), choice: .own, timestamp: world.now() - .days(200)))
        try await log.append(drafts, to: tenant)
    }

    func keys(_ library: Library) async throws -> [String: ID<Content>] {
        var contents: [String: ID<Content>] = [:]
        for key in ["a", "b", "c", "d"] { contents[key] = try await library.content(key: key, of: tenant)?.id }
        return contents
    }

    /// One live use with an owner for everybody, one pilot without for one learner; five people used the first.
    private func own() async throws {
        let register = AIRegister(database: database, world: world)
        let tutor = try await register.register(
            AIUseDraft(
                name: "Tutor", purpose: "Explains.", kind: .feature, audience: .role(.learner), status: .live,
                reviewOn: world.now().day + 90), by: steward, of: tenant)
        _ = try await register.register(
            AIUseDraft(
                name: "Drafts", purpose: "Writes.", kind: .tool, audience: .person(learners[0]), status: .pilot,
                reviewOn: world.now().day + 90), by: steward, of: tenant)
        let asked = try await register.propose(steward, for: tutor.id, by: steward, of: tenant)
        _ = try await register.accept(asked.id, by: steward, of: tenant)
        try await log.append(
            learners.prefix(5).map {
                StatementDraft(
                    .person($0), .used, ActivityRef(Vocabulary.aiUseIRI(tutor.id), type: Vocabulary.aiUseType),
                    timestamp: world.now())
            }, to: tenant)
    }

    static let catalogue = """
        {"id": "a", "source": "ours", "kind": "unit", "title": "Checking", "language": "en", "skills": ["Checking"], \
        "url": "https://example.org/a", "provenance": "ai-assisted"}
        {"id": "b", "source": "ours", "kind": "unit", "title": "Both", "language": "en", \
        "skills": ["Checking", "Prompting"], "url": "https://example.org/b", "provenance": "human-made"}
        {"id": "c", "source": "ours", "kind": "unit", "title": "Other", "language": "en", "skills": [], \
        "url": "https://example.org/c", "provenance": "ai-generated"}
        {"id": "d", "source": "ours", "kind": "unit", "title": "Silent", "language": "en", "skills": [], \
        "url": "https://example.org/d"}

        """
}
