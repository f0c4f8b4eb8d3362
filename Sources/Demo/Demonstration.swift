import Assess
public import Basis
import Catalog
import Evidence
public import Foundation
import Intent
import JSON
import Mastery
import Paths
public import People
import Skills
public import Storage

/// Makes the demonstration organisation in an empty database, from a seed.
///
/// Everything is written by the functions that the running program uses; only the clock is turned. Nobody in it exists.
public struct Demonstration: Sendable {
    /// The days of evidence before today.
    public static let days = 182

    /// Somebody whom one may sign in as.
    public struct SignIn: Hashable, Sendable {
        public let role: String
        public let name: String
        public let email: String
    }

    /// What was made.
    public struct Report: Sendable {
        public let tenant: TenantID
        public let signIns: [SignIn]
        public let people: Int
        public let statements: Int
        public let contents: Int
        public let items: Int
    }

    private let database: any Database
    private let clock: DemoClock
    private let seed: UInt64
    private let today: Day
    private let curriculum: StarterCurriculum
    private let directory: Directory
    private let log: StatementLog
    private let mandates: MandateBook
    private let strategies: StrategyBook

    /// - Parameters:
    ///   - database: Migrated, and without a tenant.
    ///   - world: Tells what today is; the history ends the evening before.
    ///   - seed: Another seed makes another organisation of the same kind.
    ///   - starter: The folder of the starter curriculum.
    /// - Throws: `Problem` when the starter curriculum is missing or broken.
    public init(database: any Database, world: World, seed: UInt64 = 2_026, starter: URL) throws {
        self.database = database
        self.seed = seed
        today = world.now().day
        clock = DemoClock(start: (today + -Demonstration.days).start + .hours(7), seed: seed)
        curriculum = try StarterCurriculum(folder: starter)
        directory = Directory(database: database, world: clock.world)
        log = StatementLog(database: database, world: clock.world)
        mandates = MandateBook(database: database, world: clock.world)
        strategies = StrategyBook(database: database, world: clock.world)
    }

    /// Makes all of it, which takes a few seconds.
    ///
    /// - Parameter password: What the sign-ins get; it is printed, so it protects nothing.
    /// - Returns: What was made, and whom one may sign in as.
    /// - Throws: `Problem` (`demo-not-empty`) when there is an organisation already.
    public func make(password: String) async throws -> Report {
        guard try await directory.tenants().isEmpty else {
            throw Problem(
                .conflict, "demo-not-empty",
                "There is an organisation in this database already. Name another one for the demonstration.")
        }
        let tenant = try await directory.createTenant(
            name: DemoOrganisation.name, home: "https://\(DemoOrganisation.domain)", isDemo: true)
        let organisation = try await DemoOrganisation.make(
            in: tenant, directory: directory, database: database, seed: seed)
        let sessions = Sessions(database: database, world: clock.world, cost: .cheap)
        let guides = Set(DemoOrganisation.guides.map(\.key))
        try await sessions.setPasswords(
            password, for: organisation.members.filter { guides.contains($0.key) }.map(\.id), of: tenant)
        let (skills, lessons) = try await takeCurriculum(tenant)
        let intent = DemoIntent(
            organisation: organisation, skills: skills.mapValues(\.id), strategies: strategies,
            register: AIRegister(database: database, world: clock.world),
            experiments: ExperimentBook(database: database, world: clock.world),
            policies: LeewayPolicyBook(database: database, world: clock.world))
        try await intent.setPolicy()
        try await intent.registerUses(reviewOn: today + 75, overdueOn: today + -12)
        try await live(organisation, intent, lessons, skills)
        try await intent.beginExperiments()
        let statements = try await log.count(of: tenant)
        return Report(
            tenant: tenant,
            signIns: try await Demonstration.signIns(of: tenant, directory: directory),
            people: organisation.members.count, statements: statements, contents: lessons.count,
            items: lessons.reduce(0) { $0 + $1.items.count })
    }

    /// Whom one may sign in as: one person a role.
    public static func signIns(of tenant: TenantID, directory: Directory) async throws -> [SignIn] {
        var found: [SignIn] = []
        for (role, key) in DemoOrganisation.guides {
            guard let person = try await directory.person(key: key, of: tenant) else { continue }
            found.append(SignIn(role: role, name: person.name, email: person.email ?? ""))
        }
        return found
    }

    /// Imports the starter curriculum the way anybody imports a curriculum.
    private func takeCurriculum(
        _ tenant: TenantID
    ) async throws -> (skills: [String: SkillRecord], lessons: [DemoHistory.Lesson]) {
        let register = SkillRegister(database: database, world: clock.world)
        let library = Library(database: database, world: clock.world)
        let bank = ItemBank(database: database, world: clock.world)
        _ = try await register.importFramework(curriculum.framework, fileName: "ai-literacy.csv", tenant: tenant)
        _ = try await library.importCatalogue(
            curriculum.catalogue + DemoCatalogue.rows, tenant: tenant, skills: register.resolver(of: tenant))
        _ = try await bank.importItems(
            curriculum.items, tenant: tenant, contents: library.resolver(of: tenant),
            skills: register.resolver(of: tenant))
        let skills = try await register.list(SkillFilter(), of: tenant).skills
        var lessons: [DemoHistory.Lesson] = []
        for line in curriculum.catalogue.split(separator: 0x0A) {
            guard let key = try JSONValue(parsing: Array(line))["id"]?.string,
                let content = try await library.content(key: key, of: tenant)
            else { continue }
            let items = try await bank.items(of: content.id, tenant: tenant)
            let difficulty: Double =
                switch content.level {
                case .beginner: -0.9
                case .advanced: 0.9
                default: 0
                }
            lessons.append(DemoHistory.Lesson(content: content, items: items, difficulty: difficulty))
        }
        return (Dictionary(uniqueKeysWithValues: skills.map { ($0.key, $0) }), lessons)
    }

    private func live(
        _ organisation: DemoOrganisation, _ intent: DemoIntent, _ lessons: [DemoHistory.Lesson],
        _ skills: [String: SkillRecord]
    ) async throws {
        var dice = Dice(seed: seed &+ 1)
        let learners = organisation.learners.map { member in
            SimulatedLearner(
                person: member.id, skills: skills.values.map(\.id).sorted { $0.description < $1.description },
                diligence: member.id == organisation.learner.id ? 0.7 : nil,
                ownWill: member.id == organisation.learner.id ? 1 : nil, &dice)
        }
        var history = DemoHistory(
            tenant: organisation.tenant, lessons: lessons,
            numbers: Dictionary(uniqueKeysWithValues: skills.values.map { ($0.id, $0.number) }),
            uses: try await intent.register.list(of: organisation.tenant).filter(\.status.isActive), log: log,
            mastery: MasteryBook(database: database, world: clock.world), mandates: mandates, learners: learners,
            seed: seed &+ 2)
        // The learner whom one may sign in as has not read the strategy yet: there is something to do.
        let readers = organisation.learners.map(\.id).filter { $0 != organisation.learner.id }
        var reader = DemoReaders(people: readers, &dice)
        let plan = DemoMandates(organisation: organisation, lessons: lessons, database: database, world: clock.world)
        var governance = DemoGovernance(
            organisation: organisation, lessons: lessons, strategies: strategies, database: database,
            world: clock.world)
        var strategy: StrategyRecord?
        for number in 0..<Demonstration.days {
            let day = today + (number - Demonstration.days)
            clock.set(day.start + .hours(7))
            if number == 10 { strategy = try await intent.publishStrategy(until: today + 183) }
            if let strategy {
                try await reader.read(strategy, on: number, strategies: strategies, tenant: organisation.tenant)
                try await plan.publish(on: number, today: today, strategy: strategy, mandates: mandates)
            }
            try await governance.live(on: number, day: day, strategy: strategy)
            if day.weekday > 5 { continue }
            clock.set(day.start + .hours(18))
            let open = try await openAsks(of: organisation.tenant)
            let record = history.live(day, asked: open, world: clock.world)
            try await history.write(record, database: database)
        }
        try await governance.end()
        try await leaveOff(organisation, skills: skills.mapValues(\.id), lessons, done: history.done, &dice)
    }

    /// What is under way as the story ends: some have set themselves goals, and the learner is in the middle of a text.
    private func leaveOff(
        _ organisation: DemoOrganisation, skills: [String: ID<Skill>], _ lessons: [DemoHistory.Lesson],
        done: [ID<Person>: Set<ID<Content>>], _ dice: inout Dice
    ) async throws {
        let mastery = MasteryBook(database: database, world: clock.world)
        let goals = GoalBook(database: database, world: clock.world, log: log, mastery: mastery)
        let keys = skills.keys.sorted()
        clock.set((today + -40).start + .hours(9))
        for member in organisation.learners where member.id != organisation.learner.id && dice.happens(0.12) {
            guard let skill = dice.pick(keys).flatMap({ skills[$0] }) else { continue }
            try await goals.set(skill, target: 0.8, by: member.id, of: organisation.tenant)
        }
        for key in ["prompting", "data-analysis-with-ai"] {
            guard let skill = skills[key] else { continue }
            try await goals.set(skill, target: 0.85, by: organisation.learner.id, of: organisation.tenant)
        }
        clock.set((today + -1).start + .hours(16))
        let finished = done[organisation.learner.id] ?? []
        guard let lesson = lessons.last(where: { !finished.contains($0.content.id) && !$0.items.isEmpty }) else {
            return
        }
        _ = try await SittingBook(database: database, world: clock.world, log: log, mastery: mastery)
            .begin(lesson.content.id, by: organisation.learner.id, of: organisation.tenant)
    }

    private func openAsks(of tenant: TenantID) async throws -> [ID<Person>: Set<ID<Content>>] {
        try await database.read { connection in
            let rows = try connection.rows(
                """
                SELECT a.person AS person, m.content AS content FROM assignment a
                JOIN mandate m ON m.tenant = a.tenant AND m.id = a.mandate
                WHERE a.tenant = \(tenant) AND a.state = 'open' AND m.state = 'published' AND m.content IS NOT NULL
                """)
            return try rows.reduce(into: [:]) { open, row in
                open[try row.get("person"), default: []].insert(try row.get("content"))
            }
        }
    }
}
