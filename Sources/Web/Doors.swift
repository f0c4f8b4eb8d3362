public import People

/// How the edge learns who calls.
public struct Doors: Sendable {
    /// The session of a cookie's token with its person; nil when it ended or the person is no longer active.
    public var session: @Sendable (_ token: String) async throws -> (Session, PersonRecord)?
    /// The client of Basic credentials; nil when they are wrong.
    public var client: @Sendable (_ key: String, _ secret: String) async throws -> Client?

    public init(
        session: @escaping @Sendable (_ token: String) async throws -> (Session, PersonRecord)?,
        client: @escaping @Sendable (_ key: String, _ secret: String) async throws -> Client?
    ) {
        self.session = session
        self.client = client
    }
}

/// What the edge is told when it is built.
public struct EdgeSettings: Sendable {
    /// Whether cookies carry `Secure`: always, but on a loopback listener without TLS before it.
    public var isSecure = false
    /// Whether `X-Forwarded-For` says who calls: only behind a proxy that sets it.
    public var trustsProxy = false
    /// Headers of every answer below a path, errors included, such as xAPI's version.
    public var headersBelow: [(path: String, name: String, value: String)] = []

    public init() {}
}
