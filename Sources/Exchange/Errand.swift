import Basis
import Evidence

/// One turn of a link, with all that it works with. What it does lies in extensions: `fetch` and `send`.
struct Errand: Sendable {
    let log: StatementLog
    let book: ExchangeBook
    let leased: LeasedLink
    /// The link's password or signing key; empty for none.
    let secret: String
    let wire: Wire
    let world: World

    var link: LinkRecord { leased.link }

    /// - Throws: `LeaseLost`, `StorageError`.
    func run() async throws -> Turn {
        switch link.kind {
        case .forward, .webhook: try await send()
        case .pull: try await fetch()
        }
    }
}
