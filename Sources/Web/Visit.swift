public import Basis
import Foundation
public import Hummingbird
public import JSON
public import Logging
public import NIOCore
public import People

/// Who calls.
public enum Caller: Sendable {
    case stranger
    case person(Session)
    case client(Client)
}

/// One request, with all that a handler may ask of it. Rights, CSRF and limits were checked before it is made.
public struct Visit: Sendable {
    public let request: Request
    public let route: Route
    public let caller: Caller
    /// The body, as it came, within the route's limit.
    public let body: ByteBuffer
    /// The request's identity, as in the log and in `X-Request-Id`.
    public let id: String
    public let logger: Logger
    /// The caller's address, for throttling. Empty when unknown.
    public let address: String
    /// Whether cookies must carry `Secure`.
    public let isSecure: Bool
    let parameters: [String: String]

    /// The signed-in person, also on routes for anyone.
    public var person: PersonRecord? {
        session?.person
    }
    public var session: Session? {
        if case .person(let session) = caller { session } else { nil }
    }
    public var client: Client? {
        if case .client(let client) = caller { client } else { nil }
    }

    /// The caller's tenant; the first one for strangers.
    public var tenant: TenantID {
        switch caller {
        case .stranger: .first
        case .person(let session): session.tenant
        case .client(let client): client.tenant
        }
    }

    /// The signed-in person, for routes that need one.
    ///
    /// - Throws: `Problem` (`sign-in`).
    public var me: PersonRecord {
        get throws(Problem) {
            guard let person else { throw Problem(.anonymous, "sign-in", "Sign in first.") }
            return person
        }
    }

    /// Whether the caller holds a right, to show or hide what needs it.
    public func holds(_ right: Right) -> Bool { session?.rights.contains(right) ?? false }

    /// Whether the caller may use a route with this access.
    public func admits(_ access: Access) -> Bool { access.admits(session?.rights ?? []) }

    /// The value of the hidden field `csrf` that every form needs. Empty for strangers, whose forms need none.
    public var csrf: String { session?.csrf ?? "" }

    /// A captured segment of the path, percent-decoded.
    ///
    /// - Precondition: The route's path names it.
    public func parameter(_ name: String) -> String {
        guard let value = parameters[name] else { preconditionFailure("\(route.path) captures no “\(name)”") }
        return value
    }

    /// A captured segment as an identity.
    ///
    /// - Throws: `Problem` (`missing`): what has no valid identity does not exist.
    public func identifier<Kind>(_ name: String, of _: Kind.Type = Kind.self) throws(Problem) -> ID<Kind> {
        guard let id = ID<Kind>(parameter(name)) else {
            throw Problem(.missing, "missing", "There is nothing at this address. Check the address.")
        }
        return id
    }

    /// The query's fields.
    public var query: Form { Form(urlencoded: request.uri.query ?? "") }

    /// The path with its query, as the browser sent it.
    public var target: String { request.uri.string }

    /// The body's bytes, as they came.
    public var bytes: [UInt8] { Array(body.readableBytesView) }

    /// The body as a form, urlencoded or multipart.
    ///
    /// - Throws: `Problem` (`form-type`, `form`).
    public func form() throws(Problem) -> Form {
        try Form(body: body, type: request.headers[.contentType] ?? "")
    }

    /// The body as one JSON document.
    ///
    /// - Throws: `Refusal` with 415 for another content type; `JSONError`.
    public func json() throws -> JSONValue {
        let type = mediaType(request.headers[.contentType] ?? "")
        guard type == "application/json" || type.hasSuffix("+json") else {
            throw Refusal(
                Problem(.invalid, "content-type", "Send JSON, with Content-Type application/json."),
                status: .unsupportedMediaType)
        }
        return try JSONValue(parsing: Array(body.readableBytesView), takesNUL: false)
    }

    /// The body as a JSON object with the members that the route names, and no others.
    ///
    /// - Throws: `Problem` (`members`) with a pointer to each member that is unknown, missing or of another type.
    public func members() throws -> Members { try Members(json(), taking: route.members) }

    /// The path of `Referer` when it is one of ours, to go back to.
    public var back: String? {
        guard let referrer = request.headers[.referer], let host = request.head.authority,
            let start = referrer.range(of: "://\(host)/")
        else { return nil }
        return localPath("/" + referrer[start.upperBound...])
    }
}

/// The media type of a Content-Type header, lower case, without parameters.
func mediaType(_ header: String) -> String {
    header.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
}
