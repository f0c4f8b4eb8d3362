import Basis
import Synchronization

/// The numbers that names have. Holds only what is durable: a pen's finds enter after its commit.
final class NameCache: Sendable {
    /// The most names of one tenant that stay in memory, each of some 200 bytes. Beyond it memory starts afresh.
    static let nameLimit = 200_000

    struct Known: Sendable {
        var agents: [String: Int] = [:]
        var verbs: [String: Int] = [:]
        var activities: [String: Activity] = [:]
        var people: [ID<Person>: Writer] = [:]
        /// The tenant's home page.
        var home: String?

        var count: Int { agents.count + verbs.count + activities.count + people.count }
    }

    struct Activity: Sendable {
        let number: Int
        /// Of the definition last seen; 0 for none.
        var definition: UInt64
    }

    /// A person or Leeway itself, as actor of a draft.
    struct Writer: Sendable {
        let number: Int
        let json: [UInt8]
    }

    /// A name that was seen in many statements: what a search wants to know of it, as it asked.
    struct Common: Hashable, Sendable {
        let lead: StatementNames.Lead
        let number: Int
        let withRelated: Bool
    }

    private struct State {
        var known: [TenantID: Known] = [:]
        var common: [TenantID: Set<Common>] = [:]
        var last = Moment(microseconds: .min)
    }

    private let state = Mutex(State())

    func known(of tenant: TenantID) -> Known { state.withLock { $0.known[tenant] ?? Known() } }

    func keep(_ fresh: Known, of tenant: TenantID) {
        if fresh.count == 0, fresh.home == nil { return }
        state.withLock { state in
            var known = state.known.removeValue(forKey: tenant) ?? Known()
            if known.count + fresh.count > NameCache.nameLimit { known = Known() }
            known.agents.merge(fresh.agents) { $1 }
            known.verbs.merge(fresh.verbs) { $1 }
            known.activities.merge(fresh.activities) { $1 }
            known.people.merge(fresh.people) { $1 }
            known.home = fresh.home ?? known.home
            state.known[tenant] = known
        }
    }

    /// Whether a name was found to be common. Only a hint which index to walk: the answer is the same without it.
    func isCommon(_ name: Common, in tenant: TenantID) -> Bool {
        state.withLock { $0.common[tenant]?.contains(name) ?? false }
    }

    func note(common name: Common, in tenant: TenantID) {
        state.withLock { state in
            var names = state.common.removeValue(forKey: tenant) ?? []
            if names.count >= NameCache.nameLimit { names = [] }
            names.insert(name)
            state.common[tenant] = names
        }
    }

    /// Forgets a tenant's names, because some of them changed.
    func forget(_ tenant: TenantID) {
        state.withLock { state in
            state.known[tenant] = nil
            state.common[tenant] = nil
        }
    }

    /// The moment, or the last one given if the clock went back: `stored` never does.
    func advance(to moment: Moment) -> Moment {
        state.withLock { state in
            state.last = max(state.last, moment)
            return state.last
        }
    }
}
