/// What one connection may take of the server before it is ended. See docs/http-status.md, “Connections”.
///
/// A client is given time by what it moves: a body or an answer may pause for so long, and may take so long in all,
/// plus one second for every `byteRate` bytes. Time in which we do not read, or have nothing to send, is ours and is
/// not counted.
public struct ConnectionLimits: Sendable {
    /// Connections at once. Those beyond are refused with 503.
    public var connectionCount = 4_096
    /// Seconds that a connection may say nothing between requests, and before the first. Longer than the 60 of most
    /// proxies, so that it is the proxy that ends a connection, and never while it sends a request.
    public var idleSeconds = 75
    /// Seconds from the first byte of a request to the end of its headers. 408 after that.
    public var headerSeconds = 20
    /// Seconds that a body may pause. 408 after that.
    public var bodySeconds = 30
    /// Seconds that nothing of an answer may be taken. The connection ends after that.
    public var answerSeconds = 30
    /// The fewest bytes a second, on average, of a body or an answer.
    public var byteRate = 512

    /// Bytes of all headers of a request, its address included. 431 beyond.
    public static let headerByteLimit = 80 << 10
    /// Headers of a request. 431 beyond.
    public static let headerCountLimit = 200
    /// Bytes of an address. 414 beyond.
    public static let addressByteLimit = 32 << 10

    public init() {}

    /// How often connections are looked at, in seconds: limits are kept to within this much.
    static let lookSeconds = 1
}

/// How slowly a client sends or takes one message, counted in looks at the connection.
struct Pace {
    private var pauseSeconds = 0
    private var waitedSeconds = 0
    private var byteCount = 0

    /// Counts one look.
    ///
    /// - Parameters:
    ///   - moved: Bytes since the last look.
    ///   - isWaiting: Whether it is the client that we wait for.
    ///   - seconds: How long it may pause.
    ///   - rate: The fewest bytes a second.
    /// - Returns: Whether the client is too slow.
    mutating func isTooSlow(moved: Int, isWaiting: Bool, seconds: Int, rate: Int) -> Bool {
        byteCount += moved
        pauseSeconds = isWaiting && moved == 0 ? pauseSeconds + ConnectionLimits.lookSeconds : 0
        if isWaiting { waitedSeconds += ConnectionLimits.lookSeconds }
        return pauseSeconds >= seconds || waitedSeconds > seconds + byteCount / rate
    }
}
