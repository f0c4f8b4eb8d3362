import Basis
public import Hummingbird
import NIOCore

/// What a part of the server that only programs use does differently, below its path.
///
/// Programs carry their credentials in `Authorization` and never in a cookie, so scripts of any site may call it:
/// another site has nothing to ride on.
public struct ProgramDoor: Sendable {
    /// What of a request is known when its answer leaves, whether it was served or refused.
    public struct Question: Sendable {
        public let path: String
        public let headers: HTTPFields
    }

    /// One request that stands in the form of another.
    public struct Wrapped: Sendable {
        public let head: HTTPRequest
        public let body: [UInt8]

        public init(head: HTTPRequest, body: [UInt8]) {
            self.head = head
            self.body = body
        }
    }

    /// Such as `/xapi`. The door is for everything below it.
    public let path: String
    /// The most bytes of the headers of one request.
    public var headerByteLimit = 32 << 10
    /// The most bytes of a request that stands in a form.
    public var wrappedByteLimit = Payload.formByteLimit
    /// Headers of every answer, refusals included, unless the route set them itself.
    public var headers: @Sendable (Question) -> [(name: String, value: String)] = { _ in [] }
    /// Whether another request stands in this one's form.
    public var wraps: @Sendable (HTTPRequest) -> Bool = { _ in false }
    /// Takes it out.
    public var unwrap: @Sendable (HTTPRequest, Form) throws -> Wrapped = { head, _ in Wrapped(head: head, body: []) }
    /// What scripts of other sites may send, and what they may read of an answer.
    public var sendableHeaders: [String] = []
    public var readableHeaders: [String] = []

    public init(path: String) { self.path = path }

    func isDoor(of path: String) -> Bool { path == self.path || path.hasPrefix(self.path + "/") }
}

extension Edge {
    func door(of request: Request) -> ProgramDoor? {
        settings.doors.first { $0.isDoor(of: request.uri.path) }
    }

    /// The request that stands in the form of this one, or nil.
    ///
    /// - Throws: `Problem` (`headers-too-large`, `body-too-large`, `form`), and what the door throws.
    func unwrapped(_ arriving: inout Arriving) async throws -> Request? {
        let request = arriving.request
        guard let door = door(of: request) else { return nil }
        let size = request.headers.reduce(0) { $0 + $1.name.rawName.utf8.count + $1.value.utf8.count }
        if size > door.headerByteLimit {
            throw Problem(
                .invalid, "headers-too-large",
                "The headers are larger than \(door.headerByteLimit >> 10) KiB. Send fewer or shorter ones.")
        }
        guard door.wraps(request.head) else { return nil }
        let body = try await arriving.collect(upTo: door.wrappedByteLimit)
        let form = try Form(body: body, type: request.headers[.contentType] ?? "")
        let wrapped = try door.unwrap(request.head, form)
        return Request(head: wrapped.head, body: RequestBody(buffer: ByteBuffer(bytes: wrapped.body)))
    }

    /// The answer to a browser that asks whether a script of another site may call; nil for anything else.
    ///
    /// - Source: WHATWG Fetch, "CORS-preflight request".
    func preflight(_ request: Request) -> Response? {
        guard request.method == .options, request.headers[.origin] != nil, let door = door(of: request),
            let methods = table.methods(of: request.uri.path), !methods.isEmpty
        else { return nil }
        var response = Response(status: .noContent)
        response.headers[named: "Access-Control-Allow-Methods"] = methods.joined(separator: ", ")
        response.headers[named: "Access-Control-Allow-Headers"] = door.sendableHeaders.joined(separator: ", ")
        response.headers[named: "Access-Control-Max-Age"] = "86400"
        return response
    }

    /// Sets what the door says on every answer below it.
    func mark(_ response: inout Response, for request: Request) {
        guard let door = door(of: request) else { return }
        for (name, value) in door.headers(.init(path: request.uri.path, headers: request.headers))
        where response.headers[named: name] == nil {
            response.headers[named: name] = value
        }
        guard request.headers[.origin] != nil else { return }
        response.headers[named: "Access-Control-Allow-Origin"] = "*"
        response.headers[named: "Access-Control-Expose-Headers"] = door.readableHeaders.joined(separator: ", ")
        response.headers[named: "Cross-Origin-Resource-Policy"] = "cross-origin"
    }
}
