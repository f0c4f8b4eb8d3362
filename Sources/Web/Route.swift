public import Hummingbird
public import People

/// Who may use a route. Checked by `Edge`, and nowhere else.
public enum Access: Hashable, Sendable {
    /// No sign-in needed. `visit.person` is still there for somebody who is signed in.
    case anyone
    /// Any active person.
    case signedIn
    /// A person with this right.
    case right(Right)
    /// A person with at least one of these rights.
    case oneOf([Right])
    /// A machine with Basic credentials that hold this scope. People's sessions do not count.
    case client(scope: String)

    /// A person with at least one of these rights, or a machine with Basic credentials that hold this scope.
    case reader([Right], scope: String)

    /// A machine with any Basic credentials: what it may do, the resource decides by scope and reach.
    public static let anyClient = Access.client(scope: Client.anyScope)
}

/// What a route takes in its body, and how much of it.
public enum Payload: Hashable, Sendable {
    case nothing
    /// `application/x-www-form-urlencoded` or small `multipart/form-data`: `visit.form()`.
    case form
    /// `multipart/form-data` with a file: `visit.form().file("file")`.
    case upload
    /// One JSON object: `visit.members()`.
    case json
    /// xAPI's statements, as they came, with or without attachments: `visit.body`.
    case statements(upTo: Int)
    /// A document that a client keeps here, as it came: `visit.body`.
    case document(upTo: Int)

    /// The most bytes of a body. More is refused with 413.
    public var byteLimit: Int {
        switch self {
        case .nothing: 64 << 10
        case .form, .json: Payload.formByteLimit
        case .upload: Payload.uploadByteLimit
        case .statements(let limit): limit
        case .document(let limit): limit
        }
    }

    public static let formByteLimit = 1 << 20
    public static let uploadByteLimit = 64 << 20
}

/// One member of a JSON body, or one query parameter: read strictly and told in the OpenAPI document.
public struct Member: Hashable, Sendable {
    /// What a route's body holds.
    public enum Shape: String, Sendable {
        case text, integer, number, flag, texts, object, list, any
    }

    public let name: String
    public let shape: Shape
    public let isRequired: Bool
    public let note: String

    public init(_ name: String, _ shape: Shape, _ note: String = "", isRequired: Bool) {
        self.name = name
        self.shape = shape
        self.note = note
        self.isRequired = isRequired
    }

    /// A member that must be there.
    public static func needs(_ name: String, _ shape: Shape, _ note: String = "") -> Member {
        Member(name, shape, note, isRequired: true)
    }

    /// A member that may be absent or null.
    public static func takes(_ name: String, _ shape: Shape, _ note: String = "") -> Member {
        Member(name, shape, note, isRequired: false)
    }
}

/// One operation of the server, as a value: mounting, the OpenAPI document, the site map and the test that every
/// route turns strangers away read the same table.
///
///     func mandateRoutes(_ book: MandateBook) -> [Route] {
///         [
///             .get("/mandates/{id}", .right(.learn), "One mandate.") { visit in
///                 let id = try visit.identifier("id", of: Mandate.self)
///                 return .page(mandatePage(try await book.find(id, of: visit.tenant), visit))
///             },
///             .post("/mandates", .right(.sponsor), "Draft a mandate.") { visit in
///                 let form = try visit.form()
///                 let id = try await book.draft(title: form.text("title"), by: visit.me.id)
///                 return .redirect(to: "/mandates/\(id)")
///             },
///         ]
///     }
///
/// - `Edge` has checked rights, CSRF, Origin and the body's size before the handler runs: never check them again.
///   It reads the session's cookie, so `visit.person`, `visit.session`, `visit.tenant` and `visit.holds(.design)` are
///   there; `try visit.me` is the signed-in person.
/// - Every `<form method="post">` needs `input(.type("hidden"), .name("csrf"), .value(visit.csrf))`. Scripts send the
///   same value as the header `X-CSRF-Token`.
/// - Throw a `Problem` (or anything `ProblemConvertible`): browsers get the problem page, programs the document. To
///   show a form again with its faults, answer `.page(…, status: .badRequest)`.
/// - A stranger's GET of a page leads to `/sign-in?next=…`. Pass `next` through `localPath` before following it.
/// - `visit.query` and `visit.form()` are `Form`s: `first`, `all`, `text` (trimmed, empty when absent), `textIfAny`,
///   `isOn`, `integer(_:in:)`, `page`, `file`. A route with a file says `takes: .upload` (64 MiB).
/// - Answers: `.page`, `.piece`, `.json`, `.csv`, `.text`, `.bytes`, `.stream`, `.redirect(to:)`, `.noContent`,
///   `visit.taggedJSON`; sign in with `.setting(.signIn(token, age:, for: visit))`, out with `.signOut(for: visit)`.
/// - No inline script or style passes the Content-Security-Policy. Link `assets.url("site.css")`.
/// - Below `/api/`, unknown query names are refused unless `queries` names them, and `visit.members()` refuses
///   unknown, missing and mistyped members by `members`.
/// - No two routes may have the same method and path. HEAD is answered by GET.
public struct Route: Sendable {
    public let method: HTTPRequest.Method
    /// Segments are plain, `{name}` (one segment) or, as the last one, `{name...}` (all that is left).
    public let path: String
    public let access: Access
    public let payload: Payload
    /// One sentence for the OpenAPI document.
    public let summary: String
    /// The members of the JSON body. Others are refused, by `visit.members()`.
    public let members: [Member]
    /// The query parameters of an API route. Others are refused. Pages take any.
    public let queries: [Member]
    private(set) var handle: @Sendable (Visit) async throws -> Response

    /// - Precondition: The path begins with a slash.
    public init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, takes payload: Payload, _ summary: String,
        members: [Member] = [], queries: [Member] = [],
        _ handle: @escaping @Sendable (Visit) async throws -> Response
    ) {
        precondition(path.hasPrefix("/"), "a path begins with a slash")
        self.method = method
        self.path = path
        self.access = access
        self.payload = payload
        self.summary = summary
        self.members = members
        self.queries = queries
        self.handle = handle
    }

    /// A page.
    public static func get(
        _ path: String, _ access: Access, _ summary: String,
        _ handle: @escaping @Sendable (Visit) async throws -> Response
    ) -> Route {
        Route(.get, path, access, takes: .nothing, summary, handle)
    }

    /// A form's target. Answer with `.redirect(to:)` when it worked and a page with status 422 or 400 when not.
    public static func post(
        _ path: String, _ access: Access, takes payload: Payload = .form, _ summary: String,
        _ handle: @escaping @Sendable (Visit) async throws -> Response
    ) -> Route {
        Route(.post, path, access, takes: payload, summary, handle)
    }

    /// A JSON operation, below `/api/`.
    public static func api(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, _ summary: String,
        members: [Member] = [], queries: [Member] = [], takes payload: Payload? = nil,
        _ handle: @escaping @Sendable (Visit) async throws -> Response
    ) -> Route {
        Route(
            method, path, access, takes: payload ?? (members.isEmpty ? .nothing : .json), summary,
            members: members, queries: queries, handle)
    }

    /// Whether errors are problem documents whatever the caller accepts: all below `/api/` and `/xapi`.
    public var isForMachines: Bool { isMachinePath(path) }
}

func isMachinePath(_ path: String) -> Bool {
    path.hasPrefix("/api/") || path == "/api" || path.hasPrefix("/xapi") || path.hasPrefix("/health/")
        || path == "/metrics"
}

extension Route {
    /// The same route, with a check before its handler: what the check throws is the answer.
    public func checking(_ check: @escaping @Sendable (Visit) async throws -> Void) -> Route {
        var route = self
        let handle = handle
        route.handle = { visit in
            try await check(visit)
            return try await handle(visit)
        }
        return route
    }

    /// The same route, and if it only reads, with `surround` around its handler, such as one snapshot of the database
    /// for a whole page.
    public func readingWithin(
        _ surround: @escaping @Sendable (@Sendable () async throws -> Response) async throws -> Response
    ) -> Route {
        guard method == .get else { return self }
        var route = self
        let handle = handle
        route.handle = { visit in try await surround { try await handle(visit) } }
        return route
    }
}
