import Basis
import Synchronization

/// How many people learned with each object, as last counted: it changes slowly, and every page of a learner asks.
final class UsageCache: Sendable {
    private struct Kept {
        let counts: [ID<Content>: Int]
        let at: Moment
    }

    private let kept = Mutex<[TenantID: Kept]>([:])

    /// The counts of a tenant, unless they are older than five minutes.
    func find(_ tenant: TenantID, at now: Moment) -> [ID<Content>: Int]? {
        kept.withLock { tenants in
            guard let found = tenants[tenant], now >= found.at, now - found.at < .minutes(5) else { return nil }
            return found.counts
        }
    }

    func keep(_ counts: [ID<Content>: Int], for tenant: TenantID, at now: Moment) {
        kept.withLock { $0[tenant] = Kept(counts: counts, at: now) }
    }
}
