import Basis
import People
import Storage
import StorageTesting
import Synchronization

/// A clock that stands still until it is told to go on.
final class Clock: Sendable {
    private let moment = Mutex(Moment(microseconds: 1_750_000_000_000_000))
    let world: World

    init(seed: UInt64 = 1) {
        let chance = World.replay(seed: seed)
        let holder = Holder()
        world = World(now: { holder.clock.withLock { $0?.now } ?? chance.now() }, seed: chance.seed)
        holder.clock.withLock { $0 = self }
    }

    var now: Moment { moment.withLock { $0 } }
    func advance(by span: Duration) { moment.withLock { $0 = $0 + span } }

    private final class Holder: Sendable {
        let clock = Mutex<Clock?>(nil)
    }
}

/// A migrated database with one tenant.
struct Ground {
    let database: any Database
    let clock: Clock
    let tenant: TenantID
    let directory: Directory
    let sessions: Sessions
    let clients: ClientBook

    init(_ engine: Engine, seed: UInt64 = 1) async throws {
        database = try await engine.database(PeopleSchema.migrations)
        clock = Clock(seed: seed)
        directory = Directory(database: database, world: clock.world)
        sessions = Sessions(database: database, world: clock.world, cost: .cheap)
        clients = ClientBook(database: database, world: clock.world)
        tenant = try await directory.createTenant(name: "Trial", home: "https://trial.example.org")
    }

    func importPeople(_ csv: String, dryRun: Bool = false) async throws -> PeopleImport.Report {
        try await directory.importPeople(Array(csv.utf8), of: tenant, dryRun: dryRun)
    }

    /// The issues of an import that must be refused, as text.
    func issues(_ csv: String) async throws -> [String] {
        do {
            _ = try await importPeople(csv)
            return ["imported"]
        } catch let problem as Problem {
            return problem.issues.map(\.description)
        }
    }
}

/// What a refusal's code is; "none" when nothing was refused.
func code(_ body: () async throws -> some Any) async -> String {
    do {
        _ = try await body()
        return "none"
    } catch let problem as Problem {
        return problem.code
    } catch let error as any ProblemConvertible {
        return error.problem.code
    } catch {
        return "\(error)"
    }
}

extension Dice {
    mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
