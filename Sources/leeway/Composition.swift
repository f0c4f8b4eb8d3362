import API
import Assess
import Basis
import Catalog
import Demo
import Evidence
import Exchange
import Foundation
import Hummingbird
import Imports
import Intent
import JSON
import Logging
import Mastery
import NIOCore
import Notices
import Paths
import People
import ServiceLifecycle
import Site
import Skills
import Storage
import StoragePostgres
import StorageSQLite
import Stores
import Vault
import Web

/// The database of the settings, opened and brought up to date.
///
/// - Throws: `StorageError.unreachable`, `StorageError.foreign`.
func openDatabase(
    _ settings: Settings, world: World, cacheKibibytes: Int = servingCache
) async throws -> any Database {
    let database = try openEngine(settings, cacheKibibytes: cacheKibibytes)
    do {
        try await database.migrate(WholeSchema.migrations, at: world.now())
        return database
    } catch {
        try? await database.close()
        throw error
    }
}

/// SQLite's page cache of each connection, in KiB: small for a server with many, large for an import with one.
let servingCache = 65_536
let importCache = 131_072

/// The engine alone, without a look at what it holds.
func openEngine(_ settings: Settings, cacheKibibytes: Int = servingCache) throws -> any Database {
    settings.isPostgres
        ? try PostgresDatabase(url: settings.database, size: settings.connections)
        : try SQLiteDatabase(path: settings.database, cacheKibibytes: cacheKibibytes)
}

/// Opens the database, does the work, and closes it whatever comes.
func withDatabase<Result>(
    _ settings: Settings, world: World, cacheKibibytes: Int = servingCache,
    _ work: (any Database) async throws -> Result
) async throws -> Result {
    let database = try await openDatabase(settings, world: world, cacheKibibytes: cacheKibibytes)
    do {
        let result = try await work(database)
        try await database.close()
        return result
    } catch {
        try? await database.close()
        throw error
    }
}

/// The running program: stores, routes, jobs. Made once.
struct House {
    let edge: Edge
    let jobs: Jobs
    let uses: ClientUses
    let moving: Moving
    let ledger: LedgerKeeping
    let watch: RightsWatch
    let audiences: AudienceWatch
    let access: AccessKeeping
    let nights: CertificationNights
    let letters: Letters
    let desk: ImportDesk

    init(database: any Database, world: World, settings: Settings, logger: Logger) throws {
        let sessions = Sessions(database: database, world: world)
        let clients = ClientBook(database: database, world: world)
        let log = StatementLog(database: database, world: world)
        let mastery = MasteryBook(database: database, world: world)
        let stores = Stores(
            database: database, world: world, sessions: sessions, clients: clients, log: log, mastery: mastery,
            limits: settings.limits, wire: settings.wire, vault: settings.vault)
        let metrics = Metrics()
        let routes =
            apiRoutes(stores)
            + operationRoutes(metrics: metrics) {
                _ = try await database.read { try $0.value("SELECT 1 AS one", as: Int.self) }
            }
        var edgeSettings = EdgeSettings()
        edgeSettings.isSecure = settings.isSecure
        edgeSettings.trustsProxy = settings.trustsProxy
        edgeSettings.doors = [.xapi(log, limits: settings.limits)]
        edge = Edge(
            routes + [openAPIRoute(describing: routes), try siteAssets(beside: settings.assets).route]
                + siteRoutes(stores),
            doors: Doors(sessions: sessions, clients: clients), settings: edgeSettings, metrics: metrics,
            world: world, logger: logger, problemPage: problemPage)
        uses = ClientUses(clients: clients, logger: logger)
        moving = Moving(
            exchange: Exchange(
                log: log, database: database, world: world, vault: settings.vault, limits: settings.wire,
                fault: { error in
                    // A server that ends stops what it moves, and goes on with it when it is back.
                    if error is CancellationError { return }
                    logger.error("evidence could not be moved", metadata: ["cause": "\(error)"])
                }, sealsElsewhere: { try await stores.letters.book.holdsSecrets() }))
        ledger = LedgerKeeping(
            keeper: LedgerKeeper(database: database, world: world) { error in
                logger.error("the ledger could not be extended", metadata: ["cause": "\(error)"])
            })
        watch = RightsWatch(desk: stores.rights, logger: logger)
        audiences = AudienceWatch(planner: stores.planner, queue: stores.jobs, logger: logger)
        access = AccessKeeping(desk: stores.access, logger: logger)
        nights = CertificationNights(night: CertificationNightRun(stores.certifications), logger: logger)
        letters = Letters(postman: stores.letters, logger: logger)
        desk = stores.desk
        jobs = Jobs(
            runner: JobRunner(
                queue: stores.jobs,
                workers: stores.desk.workers.merging(stores.rights.workers) { $1 }
                    .merging(stores.planner.workers) { $1 }
            ) { error in
                logger.error("a job failed", metadata: ["cause": "\(error)"])
            })
    }
}

/// The ledger's keeper as a service: it ends when the server does.
struct LedgerKeeping: Service {
    let keeper: LedgerKeeper

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await keeper.run() }
    }
}

/// Queues each day's retention, and forgets who is being erased, until the server ends.
struct RightsWatch: Service {
    let desk: RightsDesk
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await desk.keepWatch { error in
                logger.error("retention could not be queued", metadata: ["cause": "\(error)"])
            }
        }
    }
}

/// Queues each day's look at who is in the mandates' audiences, until the server ends.
struct AudienceWatch: Service {
    let planner: LeewayPlanner
    let queue: JobQueue
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await planner.keepWatch(queue: queue) { error in
                logger.error("the refresh of audiences could not be queued", metadata: ["cause": "\(error)"])
            }
        }
    }
}

/// Runs the certifications' nights until the server ends.
struct CertificationNights: Service {
    let night: CertificationNightRun
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await night.keepWatch { error in
                logger.error("the certifications' night failed", metadata: ["cause": "\(error)"])
            }
        }
    }
}

/// Sends letters until the server ends.
struct Letters: Service {
    let postman: Postman
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await postman.keepWatch { error in
                logger.error("letters could not be sent", metadata: ["cause": "\(error)"])
            }
        }
    }
}

/// Writes what the access rules decided, and once more at the end, when every request is answered.
struct AccessKeeping: Service {
    let desk: AccessDesk
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await desk.keep(fault: told) }
        do { try await desk.writeWaiting() } catch { told(error) }
    }

    private func told(_ error: any Error) {
        logger.error("decisions of the access rules could not be written", metadata: ["cause": "\(error)"])
    }
}

/// Notes now and then, and once more at the end, when clients used their credentials.
struct ClientUses: Service {
    let clients: ClientBook
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: ClientBook.useInterval)) != nil { await note() }
        }
        await note()
    }

    /// Uses that could not be stored are kept for the next time.
    private func note() async {
        do {
            try await clients.noteUses()
        } catch {
            logger.warning("when clients were last used could not be stored", metadata: ["cause": "\(error)"])
        }
    }
}

/// Moves evidence to other record stores and from them, until the server ends.
struct Moving: Service {
    let exchange: Exchange

    func run() async throws {
        await cancelWhenGracefulShutdown { await exchange.run() }
    }
}

/// The job runner as a service: it ends when the server does.
struct Jobs: Service {
    let runner: JobRunner

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await runner.run() }
    }
}
