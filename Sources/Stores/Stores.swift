public import Assess
public import Basis
public import Catalog
public import Evidence
public import Exchange
public import Imports
public import Insight
public import Intent
public import Mastery
public import Notices
public import Paths
public import People
public import Skills
public import Storage
public import Vault

/// Everything that the API and the pages ask: one value, made once by the root.
public struct Stores: Sendable {
    public let database: any Database
    public let world: World
    public let directory: Directory
    public let sessions: Sessions
    public let clients: ClientBook
    public let log: StatementLog
    public let ledger: Ledger
    public let rights: RightsDesk
    public let strategies: StrategyBook
    public let register: AIRegister
    public let experiments: ExperimentBook
    public let documents: PolicyDocumentBook
    public let questions: OwnerQuestionBook
    public let escalations: EscalationBook
    public let presence: PresenceBook
    public let mandates: MandateBook
    public let certifications: CertificationBook
    public let policies: LeewayPolicyBook
    public let changes: ChangeLog
    public let access: AccessDesk
    public let accessRules: AccessRulesBook
    public let decisions: DecisionLog
    public let library: Library
    public let skills: SkillRegister
    public let items: ItemBank
    public let mastery: MasteryBook
    public let planner: LeewayPlanner
    public let sittings: SittingBook
    public let testOuts: TestOutBook
    public let nextSteps: NextStepBook
    public let goals: GoalBook
    public let measures: Measures
    public let dossiers: DossierDesk
    public let exchange: Exchange
    public let letters: Postman
    public let jobs: JobQueue
    public let desk: ImportDesk
    /// Of the record store.
    public let limits: XAPILimits

    /// - Parameters:
    ///   - database: Migrated.
    ///   - world: The clock and chance.
    ///   - sessions: The one that the edge uses, because its cost of hashing is a setting.
    ///   - clients: The ones that the edge uses, because they are remembered.
    ///   - log: The one that every writer uses, because it remembers names.
    ///   - mastery: The one that every reader uses, because it remembers item pools.
    ///   - limits: What the record store takes at once.
    ///   - wire: Where requests outwards may go.
    ///   - vault: Seals passwords and signing keys of links.
    public init(
        database: any Database, world: World, sessions: Sessions, clients: ClientBook, log: StatementLog,
        mastery: MasteryBook, limits: XAPILimits = XAPILimits(), wire: WireLimits = WireLimits(),
        vault: Vault = Vault(file: nil)
    ) {
        self.database = database
        self.world = world
        self.sessions = sessions
        self.clients = clients
        self.log = log
        self.mastery = mastery
        self.limits = limits
        ledger = Ledger(database: database, world: world)
        rights = RightsDesk(
            database: database, world: world, log: log, tables: PersonalTable.all, papers: ExchangeSchema.papers)
        directory = Directory(database: database, world: world)
        strategies = StrategyBook(database: database, world: world)
        register = AIRegister(database: database, world: world)
        experiments = ExperimentBook(database: database, world: world)
        documents = PolicyDocumentBook(database: database, world: world)
        questions = OwnerQuestionBook(database: database, world: world)
        escalations = EscalationBook(database: database, world: world)
        presence = PresenceBook(database: database, world: world)
        mandates = MandateBook(database: database, world: world)
        certifications = CertificationBook(database: database, world: world)
        policies = LeewayPolicyBook(database: database, world: world)
        changes = ChangeLog(database: database, world: world)
        library = Library(database: database, world: world)
        skills = SkillRegister(database: database, world: world)
        items = ItemBank(database: database, world: world)
        planner = LeewayPlanner(database: database, world: world)
        sittings = SittingBook(database: database, world: world, log: log, mastery: mastery)
        testOuts = TestOutBook(database: database, world: world, log: log, mastery: mastery)
        access = AccessDesk(database: database, world: world)
        accessRules = AccessRulesBook(database: database, world: world, desk: access)
        decisions = DecisionLog(database: database, world: world)
        nextSteps = NextStepBook(database: database, world: world, log: log, mastery: mastery, access: access)
        goals = GoalBook(database: database, world: world, log: log, mastery: mastery)
        measures = Measures(database: database, world: world, mastery: mastery)
        dossiers = DossierDesk(database: database, world: world, log: log, rights: rights)
        let mail = MailBook(database: database, world: world, vault: vault)
        let exchange = Exchange(
            log: log, database: database, world: world, vault: vault, limits: wire,
            sealsElsewhere: { try await mail.holdsSecrets() })
        self.exchange = exchange
        letters = Postman(
            database: database, world: world, vault: vault,
            sealsElsewhere: { try await exchange.book.holdsSecrets() })
        let notes = JobNotes()
        jobs = JobQueue(database: database, world: world, notes: notes)
        desk = ImportDesk(database: database, world: world, notes: notes)
    }
}
