import Basis
import Synchronization

/// The last pools computed, because they change slowly and every page of a learner needs them.
final class PoolCache: Sendable {
    private struct Kept {
        let pools: [Int: SkillPool]
        let at: Moment
    }

    private let kept = Mutex<[TenantID: Kept]>([:])

    /// The pools of a tenant, unless they are older than a minute.
    func find(_ tenant: TenantID, at now: Moment) -> [Int: SkillPool]? {
        kept.withLock { tenants in
            guard let found = tenants[tenant], now - found.at < PoolCache.age, now >= found.at else { return nil }
            return found.pools
        }
    }

    func keep(_ pools: [Int: SkillPool], for tenant: TenantID, at now: Moment) {
        kept.withLock { $0[tenant] = Kept(pools: pools, at: now) }
    }

    func drop(_ tenant: TenantID) {
        kept.withLock { _ = $0.removeValue(forKey: tenant) }
    }

    private static let age = Duration.minutes(1)
}
