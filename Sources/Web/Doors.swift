public import People

/// How the edge learns who calls.
public struct Doors: Sendable {
    /// The session of a cookie's token; nil when it ended or the person is no longer active.
    public var session: @Sendable (_ token: String) async throws -> Session?
    /// The client that a header `Authorization` names, with its scopes and its reach; nil when it names nobody.
    public var client: @Sendable (_ authorization: String) async throws -> Client?

    public init(
        session: @escaping @Sendable (_ token: String) async throws -> Session?,
        client: @escaping @Sendable (_ authorization: String) async throws -> Client?
    ) {
        self.session = session
        self.client = client
    }

    /// The doors of the people's own books.
    public init(sessions: Sessions, clients: ClientBook) {
        self.init(
            session: { try await sessions.session($0) },
            client: { try await clients.client(authorization: $0) })
    }
}

/// What the edge is told when it is built.
public struct EdgeSettings: Sendable {
    /// Whether cookies carry `Secure`: always, but on a loopback listener without TLS before it.
    public var isSecure = false
    /// Whether `X-Forwarded-For` says who calls: only behind a proxy that sets it.
    public var trustsProxy = false
    /// Where a browser is led that must change a one-time password before anything else.
    public var passwordPath = "/me/password"
    /// The parts of the server that only programs use.
    public var doors: [ProgramDoor] = []

    public init() {}
}
