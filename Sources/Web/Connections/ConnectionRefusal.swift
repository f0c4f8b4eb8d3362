import JSON
import NIOCore
import NIOHTTP1

/// Why a connection is ended before there is a request that could be answered: `Refusal` without a route or a visit.
struct ConnectionRefusal {
    let status: HTTPResponseStatus
    let code: String
    let detail: String
    var waitSeconds: Int?

    static let slowHeaders = ConnectionRefusal(
        status: .requestTimeout, code: "headers-slow", detail: "The headers took too long. Send the request again.")
    static let slowBody = ConnectionRefusal(
        status: .requestTimeout, code: "body-slow",
        detail: "The body took too long. Send it again, over a faster connection or in smaller parts.")
    static let tooManyConnections = ConnectionRefusal(
        status: .serviceUnavailable, code: "connections",
        detail: "Too many connections are open. Try again in a moment.", waitSeconds: 5)
    static let largeHeaders = ConnectionRefusal(
        status: .requestHeaderFieldsTooLarge, code: "headers-too-large",
        detail: """
            The address and headers are larger than \(ConnectionLimits.headerByteLimit >> 10) KiB, or more than \
            \(ConnectionLimits.headerCountLimit). Send fewer or shorter ones.
            """)
    static let unreadable = ConnectionRefusal(
        status: .badRequest, code: "http", detail: "This is not a request of HTTP/1.1. Check what is sent.")
    static let hostless = ConnectionRefusal(
        status: .badRequest, code: "host", detail: "A request of HTTP/1.1 names its host, once. Send one Host header.")
    static let brokenBody = ConnectionRefusal(
        status: .badRequest, code: "body-broken", detail: "The body ended early or is framed wrongly. Send it again.")

    /// What the decoder's error tells the client.
    init(describing error: any Error, in isReadingBody: Bool) {
        switch error as? HTTPParserError {
        case .headerOverflow: self = .largeHeaders
        default: self = isReadingBody ? .brokenBody : .unreadable
        }
    }

    private init(status: HTTPResponseStatus, code: String, detail: String, waitSeconds: Int? = nil) {
        self.status = status
        self.code = code
        self.detail = detail
        self.waitSeconds = waitSeconds
    }

    /// As in RFC 9457. There is no `instance`: nothing was a request yet.
    var document: [UInt8] {
        JSONValue.object(
            JSONObject([
                ("type", .string("urn:leeway:problem:\(code)")), ("title", .string(status.reasonPhrase)),
                ("status", .init(Int(status.code))), ("detail", .string(detail)),
            ])
        ).bytes
    }
}
