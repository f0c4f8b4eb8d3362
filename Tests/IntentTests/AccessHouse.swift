import Authorization
import Basis
import People
import Storage
import StorageTesting
import Synchronization

@testable import Intent

/// The house of the other tests with access rules, and a clock that a test moves.
struct AccessHouse: Sendable {
    let house: House
    let desk: AccessDesk
    let book: AccessRulesBook
    let decisions: DecisionLog
    let clock: Clock

    /// Moves only when told, so that days and caches are the test's to decide.
    final class Clock: Sendable {
        private let moment: Mutex<Moment>

        init(_ moment: Moment) { self.moment = Mutex(moment) }

        var now: Moment { moment.withLock { $0 } }
        func pass(_ span: Duration) { moment.withLock { $0 = $0 + span } }
    }

    var tenant: TenantID { house.tenant }
    var steward: ID<Person> { house.steward }
    var ada: ID<Person> { house.sellers[0] }

    init(on engine: Engine) async throws {
        house = try await House(on: engine)
        let clock = Clock(house.world.now())
        self.clock = clock
        var world = house.world
        world.now = { clock.now }
        desk = AccessDesk(database: house.database, world: world)
        book = AccessRulesBook(database: house.database, world: world, desk: desk)
        decisions = DecisionLog(database: house.database, world: world)
    }

    func use(_ name: String = "Tutor", _ status: AIUseRecord.Status = .live) async throws -> AIUseRecord {
        try await house.register.register(
            AIUseDraft(
                name: name, purpose: "Explains.", kind: .tool, status: status, reviewOn: house.today + 100),
            by: steward, of: tenant)
    }

    func decide(
        _ person: ID<Person>, _ action: AccessAction, _ resource: AccessResource, purpose: String? = nil
    ) async throws -> AccessDecision {
        try await desk.decide(AccessQuestion(.person(person), action, resource, purpose: purpose), of: tenant)
    }

    /// The shipped rules with a further one.
    func publish(_ policy: String) async throws -> RulesVersion {
        try await book.publish(
            rules: ShippedRules.text + policy, tests: ShippedRules.tests, reason: "A test asks for it.", by: steward,
            of: tenant)
    }

    func rows() async throws -> [(times: Int, allowed: Bool)] {
        let tenant = tenant
        return try await house.database.read { connection in
            try connection.rows(
                "SELECT times, is_allowed FROM policy_decision WHERE tenant = \(tenant) ORDER BY day, digest"
            ).map { (try $0.get("times"), try $0.get("is_allowed")) }
        }
    }
}

/// A rule that keeps one person from being looked at.
func forbidding(_ action: AccessAction, _ id: String = "no", when condition: String = "true") -> String {
    """
    @id("\(id)")
    @reason("The works council asked for it.")
    forbid (principal, action == Action::"\(action.rawValue)", resource)
    when { \(condition) };

    """
}
