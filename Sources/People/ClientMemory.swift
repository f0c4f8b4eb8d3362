import Basis
import Synchronization

/// What a `ClientBook` remembers: clients that were found, with the time of the look, and when each was used.
final class ClientMemory: Sendable {
    /// The most clients remembered; beyond, all are looked up anew.
    static let clientLimit = 10_000

    /// One client of one tenant.
    struct Name: Hashable, Sendable {
        let tenant: TenantID
        let client: ID<Credential>

        init(_ client: Client) {
            tenant = client.tenant
            self.client = client.id
        }
    }

    private struct State {
        /// By the hash of key and secret.
        var clients: [[UInt8]: (client: Client, seenAt: Moment)] = [:]
        /// What is not stored yet.
        var uses: [Name: Moment] = [:]
    }

    private let state = Mutex(State())

    /// The client, if it was seen a moment ago. Notes the use.
    func client(_ name: [UInt8], at now: Moment) -> Client? {
        state.withLock { state in
            guard let entry = state.clients[name], now - entry.seenAt < ClientBook.trust else { return nil }
            state.uses[Name(entry.client)] = now
            return entry.client
        }
    }

    /// Notes what a look found, and the use.
    func remember(_ client: Client?, _ name: [UInt8], at now: Moment) {
        state.withLock { state in
            if state.clients.count >= ClientMemory.clientLimit { state.clients.removeAll() }
            state.clients[name] = client.map { ($0, now) }
            if let client { state.uses[Name(client)] = now }
        }
    }

    func empty() { state.withLock { $0.clients.removeAll() } }

    /// When a client was last used here, if that is not stored yet.
    func use(of client: Client) -> Moment? { state.withLock { $0.uses[Name(client)] } }

    func takeUses() -> [Name: Moment] {
        state.withLock { state in
            defer { state.uses = [:] }
            return state.uses
        }
    }

    func giveBack(_ uses: [Name: Moment]) {
        state.withLock { $0.uses.merge(uses) { max($0, $1) } }
    }
}
