import Authorization
import Basis
import People
import Storage
import Synchronization

/// Rules made ready to be asked.
struct RulesInForce: Sendable {
    let version: Int
    let authorizer: Authorizer
    /// What each policy says to people, by its id.
    let words: [String: (reason: String, ask: String)]

    init(version: Int, _ policies: PolicySet) {
        self.version = version
        authorizer = Authorizer(policies)
        words = Dictionary(policies.policies.map { ($0.id, ($0.reason, $0.ask)) }) { first, _ in first }
    }

    /// - Throws: `Problem` (`rules-unreadable`) for a stored text that this program cannot read.
    init(_ version: RulesVersion) throws {
        do { self.init(version: version.version, try PolicySet(parsing: version.rules)) } catch {
            throw Problem(
                .fault, "rules-unreadable",
                "Version \(version.version) of the access rules cannot be read by this program.", cause: error)
        }
    }
}

/// The compiled rules of each tenant, and its tree of units. The database confirms both at least once a second.
final class RulesCache: Sendable {
    /// For how long what was seen is believed.
    static let trust = Duration.seconds(1)
    /// The most tenants that are remembered; beyond, all are read anew.
    static let tenantLimit = 1_000

    private struct Kept {
        let rules: RulesInForce
        let tree: UnitTree
        let seenAt: Moment
    }

    private let kept = Mutex<[TenantID: Kept]>([:])

    /// How exactly it must be known.
    enum Exactness { case withinTrust, now }

    func look(
        _ tenant: TenantID, _ exactness: Exactness, at now: Moment, _ directory: Directory,
        on connection: any Connection
    ) throws -> (rules: RulesInForce, tree: UnitTree) {
        let former = kept.withLock { $0[tenant] }
        if exactness == .withinTrust, let former, now >= former.seenAt, now - former.seenAt < RulesCache.trust {
            return (former.rules, former.tree)
        }
        let version = try AccessRulesBook.number(of: tenant, on: connection)
        let rules =
            if let former, former.rules.version == version { former.rules } else {
                try RulesInForce(try AccessRulesBook.version(version, of: tenant, on: connection))
            }
        let tree = try directory.unitTree(of: tenant, on: connection)
        kept.withLock { kept in
            if kept.count >= RulesCache.tenantLimit { kept.removeAll() }
            // A look at an older snapshot does not bring an older version back.
            if let other = kept[tenant], other.seenAt > now { return }
            kept[tenant] = Kept(rules: rules, tree: tree, seenAt: now)
        }
        return (rules, tree)
    }

    /// Nothing is believed any longer: what was published here is in force here at once.
    func forget(_ tenant: TenantID) { kept.withLock { $0[tenant] = nil } }
}
