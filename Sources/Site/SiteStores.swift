public import Assess
public import Basis
public import Catalog
public import Evidence
public import Exchange
import HTML
import Hummingbird
public import Imports
public import Insight
public import Intent
public import Mastery
public import Paths
public import People
public import Skills
public import Storage
import Web

/// Everything that pages ask: one value, made once by the root.
public struct SiteStores: Sendable {
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
    public let mandates: MandateBook
    public let policies: LeewayPolicyBook
    public let changes: ChangeLog
    public let library: Library
    public let skills: SkillRegister
    public let items: ItemBank
    public let mastery: MasteryBook
    public let planner: LeewayPlanner
    public let sittings: SittingBook
    public let steps: NextStepBook
    public let goals: GoalBook
    public let exchange: Exchange
    public let jobs: JobQueue
    public let imports: ImportDesk
    public let measures: Measures

    /// Takes what must be shared: the sessions that the edge uses, because the cost of hashing is a setting, and the
    /// log, the mastery book and the notes that the API uses, because they remember names, item pools and progress.
    public init(
        database: any Database, world: World, sessions: Sessions, clients: ClientBook, log: StatementLog,
        mastery: MasteryBook, notes: JobNotes = JobNotes(), wire: WireLimits = WireLimits()
    ) {
        self.database = database
        self.world = world
        self.sessions = sessions
        self.clients = clients
        self.log = log
        self.mastery = mastery
        ledger = Ledger(database: database, world: world)
        rights = RightsDesk(database: database, world: world, log: log, tables: PersonalTable.all)
        directory = Directory(database: database, world: world)
        strategies = StrategyBook(database: database, world: world)
        register = AIRegister(database: database, world: world)
        mandates = MandateBook(database: database, world: world)
        policies = LeewayPolicyBook(database: database, world: world)
        changes = ChangeLog(database: database, world: world)
        library = Library(database: database, world: world)
        skills = SkillRegister(database: database, world: world)
        items = ItemBank(database: database, world: world)
        planner = LeewayPlanner(database: database, world: world)
        sittings = SittingBook(database: database, world: world, log: log, mastery: mastery)
        steps = NextStepBook(database: database, world: world, log: log, mastery: mastery)
        goals = GoalBook(database: database, world: world, log: log, mastery: mastery)
        exchange = Exchange(log: log, database: database, world: world, limits: wire)
        jobs = JobQueue(database: database, world: world, notes: notes)
        imports = ImportDesk(database: database, world: world, notes: notes)
        measures = Measures(database: database, world: world, mastery: mastery)
    }

    /// What every page within the frame needs to know of this visit.
    func frame(_ visit: Visit, notice: Fragment? = nil) async throws -> Frame {
        let me = try visit.me
        let tenant = try await directory.tenant(visit.tenant)
        return Frame(
            organisation: tenant?.name ?? "Leeway", isDemo: tenant?.isDemo ?? false, name: me.name,
            rights: me.rights, path: visit.request.uri.path, csrf: visit.csrf, notice: notice)
    }
}
