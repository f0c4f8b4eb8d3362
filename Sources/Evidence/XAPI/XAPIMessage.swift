public import Basis

/// A request to the record store, without the wire.
public struct XAPIRequest: Sendable {
    public var method: String
    /// Decoded names and values, in order.
    public var query: [(name: String, value: String)]
    /// By lower-case name.
    public var headers: [String: String]
    public var body: [UInt8]

    public init(
        method: String, query: [(name: String, value: String)] = [], headers: [String: String] = [:],
        body: [UInt8] = []
    ) {
        self.method = method
        self.query = query
        self.headers = headers
        self.body = body
    }
}

/// What the record store answers.
public struct XAPIReply: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    /// Sends what follows `body`, piece by piece and in bounded memory; nil when `body` is all.
    public var rest: (@Sendable (_ send: ([UInt8]) async throws -> Void) async throws -> Void)?

    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension XAPIVersion {
    /// The version that a request speaks.
    ///
    /// - Throws: `Problem` (`xapi-version`).
    public init(of request: XAPIRequest) throws(Problem) {
        guard let header = request.headers["x-experience-api-version"] else {
            throw Problem(
                .invalid, "xapi-version",
                "The header X-Experience-API-Version is missing. Send it with 2.0.0 or 1.0.3.")
        }
        guard let version = XAPIVersion(header: header) else {
            throw Problem(
                .invalid, "xapi-version",
                "X-Experience-API-Version “\(header)” is not spoken here. Send 2.0.0 or 1.0.3.")
        }
        self = version
    }

    /// What any answer to a request, a refusal included, says in `X-Experience-API-Version`.
    ///
    /// A request without the header is one of version 0.95 (xAPI 1.0.3, part 3, 3.3), to which both later versions
    /// ask for a refusal.
    public static func replyHeader(to request: XAPIRequest) -> String {
        replyHeader(toVersion: request.headers["x-experience-api-version"])
    }

    /// The same, by what the request's header says.
    public static func replyHeader(toVersion header: String?) -> String {
        guard let header else { return "0.95" }
        return (XAPIVersion(header: header) ?? .two).header
    }
}

extension Moment {
    /// Such as `Mon, 23 Nov 2026 20:42:01 GMT` (RFC 9110, section 5.6.7).
    var httpDate: String {
        let (year, month, day) = day.civil
        let clock = timestamp.dropFirst(11).prefix(8)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(weekdays[self.day.weekday - 1]), \(two(day)) \(months[month - 1]) \(year) \(clock) GMT"
    }
}
