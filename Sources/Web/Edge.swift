public import Basis
import Foundation
public import HTML
public import Hummingbird
public import Logging
import NIOCore
public import People

/// What Hummingbird knows of a request before we look at it.
public struct Arrival: RequestContext {
    public var coreContext: CoreRequestContextStorage
    let address: String

    public init(source: Source) {
        coreContext = .init(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? ""
    }
}

/// The one door: finds the route, learns who calls, checks rights, CSRF and limits, runs the handler, turns errors
/// into problem documents or problem pages, sets the security headers, counts and logs.
public struct Edge: HTTPResponder {
    /// Makes the page that a browser sees for a problem. The session is nil for strangers.
    public typealias ProblemPage = @Sendable (Problem, _ status: Int, Session?) -> Fragment

    public let table: RouteTable
    private let doors: Doors
    let settings: EdgeSettings
    private let metrics: Metrics
    private let world: World
    private let logger: Logger
    private let problemPage: ProblemPage

    public init(
        _ routes: [Route], doors: Doors, settings: EdgeSettings, metrics: Metrics, world: World,
        logger: Logger = Logger(label: "leeway"), problemPage: @escaping ProblemPage
    ) {
        table = RouteTable(routes)
        self.doors = doors
        self.settings = settings
        self.metrics = metrics
        self.world = world
        self.logger = logger
        self.problemPage = problemPage
    }

    /// Answers one request: the only door, see `Edge`.
    public func respond(to request: Request, context: Arrival) async throws -> Response {
        let clock = ContinuousClock()
        let start = clock.now
        let id = world.id(Visit.self).description
        var logger = logger
        logger[metadataKey: "request"] = "\(id)"
        var arriving = Arriving(request: request, id: id, logger: logger, address: address(of: request, context))
        var finding = RouteTable.Finding.nothing
        var response: Response
        do {
            if let inner = try await unwrapped(&arriving) { arriving.replace(with: inner) }
            finding = table.find(arriving.request.method.rawValue, arriving.request.uri.path)
            if let allowed = preflight(arriving.request) {
                response = allowed
                await arriving.drain()
            } else {
                response = try await answer(&arriving, finding)
            }
        } catch {
            let refusal = Refusal(describing: error)
            await arriving.drain()
            if refusal.status.code >= 500 {
                let cause = refusal.problem.cause.map { "\($0)" } ?? refusal.problem.detail
                logger.error("\(refusal.problem.code)", metadata: ["cause": .string(cause)])
            }
            response = self.response(to: refusal, arriving)
        }
        finish(&response, arriving)
        if arriving.request.method == .head {
            response = response.createHeadResponse()
            // A HEAD that came within a POST: on the wire the answer to a POST has the body that its length says.
            if request.method != .head { response.headers[.contentLength] = "0" }
        }
        let span = clock.now - start
        metrics.count(
            route: finding.path, method: arriving.request.method.rawValue, status: response.status.code, span: span)
        log(response, arriving, finding, span)
        return response
    }

    private func answer(_ arriving: inout Arriving, _ finding: RouteTable.Finding) async throws -> Response {
        if arriving.request.uri.string.utf8.count > ConnectionLimits.addressByteLimit {
            let limit = ConnectionLimits.addressByteLimit >> 10
            throw Refusal(
                Problem(
                    .oversize, "address-too-long", "The address is longer than \(limit) KiB. Ask for less at once."),
                status: .uriTooLong)
        }
        switch finding {
        case .nothing:
            arriving.caller = try await sessionCaller(arriving.request) ?? .stranger
            throw Problem(.missing, "missing", "There is nothing at this address. Check the address.")
        case .otherMethods(let methods):
            throw Refusal(
                Problem(.invalid, "method", "This address takes \(methods.joined(separator: ", ")) only."),
                status: .methodNotAllowed, headers: [.allow: methods.joined(separator: ", ")])
        case .found(let route, let parameters):
            arriving.caller = try await caller(arriving.request, for: route)
            try admit(arriving.caller, to: route)
            try checkOrigin(arriving)
            let body = try await arriving.collect(upTo: route.payload.byteLimit)
            let visit = Visit(
                request: arriving.request, route: route, caller: arriving.caller, body: body, id: arriving.id,
                logger: arriving.logger, address: arriving.address, isSecure: settings.isSecure,
                parameters: parameters)
            try checkToken(visit)
            try checkQuery(visit)
            return try await route.handle(visit)
        }
    }
}

/// A request on its way in.
struct Arriving {
    private(set) var request: Request
    let id: String
    let logger: Logger
    let address: String
    var caller = Caller.stranger
    private var isCollected = false

    init(request: Request, id: String, logger: Logger, address: String) {
        self.request = request
        self.id = id
        self.logger = logger
        self.address = address
    }

    /// Goes on with another request, whose body was not read yet.
    mutating func replace(with other: Request) {
        request = other
        isCollected = false
    }

    mutating func collect(upTo limit: Int) async throws -> ByteBuffer {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit { throw oversize(limit) }
        isCollected = true
        var body = ByteBuffer()
        var isTooLarge = false
        // Reads to the end even when it is too much, so that the caller gets to read the answer.
        var seen = 0
        do {
            for try await piece in request.body {
                seen += piece.readableBytes
                isTooLarge = isTooLarge || seen > limit
                if !isTooLarge { body.writeImmutableBuffer(piece) }
                if seen > limit + drainByteLimit { break }
            }
        } catch {
            throw Problem(
                .invalid, "body-broken", "The body ended early or is framed wrongly. Send it again.", cause: error)
        }
        if isTooLarge { throw oversize(limit) }
        return body
    }

    /// Reads what is left of the body, up to a limit: a caller that still sends does not see an early answer.
    mutating func drain() async {
        if isCollected { return }
        isCollected = true
        var seen = 0
        do {
            for try await piece in request.body {
                seen += piece.readableBytes
                if seen > drainByteLimit { return }
            }
        } catch {
            logger.debug("the body ended early")
        }
    }

    private func oversize(_ limit: Int) -> Problem {
        let size = limit >= 1 << 20 ? "\(limit >> 20) MiB" : "\(limit >> 10) KiB"
        return Problem(.oversize, "body-too-large", "The body is larger than \(size). Send less at once.")
    }
}

/// The most bytes that are read of a body that is refused.
private let drainByteLimit = 128 << 20

// Who calls, and whether they may.
extension Edge {
    private func caller(_ request: Request, for route: Route) async throws -> Caller {
        if case .client = route.access {
            guard let header = request.headers[.authorization] else { return .stranger }
            return try await doors.client(header).map(Caller.client) ?? .stranger
        }
        if case .reader = route.access, let header = request.headers[.authorization] {
            return try await doors.client(header).map(Caller.client) ?? .stranger
        }
        return try await sessionCaller(request) ?? .stranger
    }

    private func sessionCaller(_ request: Request) async throws -> Caller? {
        guard let token = cookie(SetCookie.session, of: request),
            let session = try await doors.session(token)
        else { return nil }
        return .person(session)
    }

    private func admit(_ caller: Caller, to route: Route) throws(Problem) {
        switch (route.access, caller) {
        case (.anyone, _): return
        case (.client, .client(let client)) where route.access.admits(client): return
        case (.reader, .client(let client)) where route.access.admits(client): return
        case (.client, .client), (.reader, .client):
            throw Problem(.forbidden, "scope-needed", "These credentials lack the scope for this. Ask for it.")
        case (.client, _):
            throw Problem(.anonymous, "credentials", "Send the Basic credentials of a client.")
        case (.signedIn, .person): return
        case (_, .person(let session)) where session.mustChangePassword:
            throw Problem(.forbidden, "password-due", "Choose a password of your own first.")
        case (_, .person(let session)):
            guard route.access.admits(session.rights) else {
                throw Problem(
                    .forbidden, "right-needed", "Your roles do not allow this. Ask an administrator for access.")
            }
        case (_, .stranger), (_, .client):
            throw Problem(.anonymous, "sign-in", "Sign in first.")
        }
    }

    private func address(of request: Request, _ context: Arrival) -> String {
        guard settings.trustsProxy, let last = request.headers[named: "X-Forwarded-For"]?.split(separator: ",").last
        else { return context.address }
        return last.trimmingCharacters(in: .whitespaces)
    }
}

// What only our own pages may send.
extension Edge {
    /// Refuses a change that another site's page sends, also where nobody is signed in.
    ///
    /// - Source: OWASP, "Cross-Site Request Forgery Prevention", "Fetch Metadata" and "Verifying Origin".
    private func checkOrigin(_ arriving: Arriving) throws {
        let request = arriving.request
        if request.method.isSafe { return }
        if case .client = arriving.caller { return }
        if let site = request.headers[named: "Sec-Fetch-Site"] {
            if site != "same-origin", site != "none" { throw crossSite }
        } else if let origin = request.headers[.origin] {
            let host = request.head.authority ?? ""
            guard let colon = origin.range(of: "://"), origin[colon.upperBound...].lowercased() == host.lowercased()
            else { throw crossSite }
        }
    }

    /// Demands the session's token with every change: the field `csrf` of a form, or `X-CSRF-Token`.
    private func checkToken(_ visit: Visit) throws {
        guard !visit.request.method.isSafe, let session = visit.session else { return }
        let type = mediaType(visit.request.headers[.contentType] ?? "")
        let isForm = type == "application/x-www-form-urlencoded" || type == "multipart/form-data"
        var given = visit.request.headers[named: "X-CSRF-Token"]
        if given == nil, isForm { given = try visit.form().first("csrf") }
        guard let given, isSame(given, session.csrf) else {
            throw Problem(
                .forbidden, "csrf",
                "This form is out of date, or it did not come from a page of ours. Load the page again and resend.")
        }
    }

    private func checkQuery(_ visit: Visit) throws(Problem) {
        let route = visit.route
        guard route.path.hasPrefix("/api/") else { return }
        for (name, _) in visit.query.fields where !route.queries.contains(where: { $0.name == name }) {
            let known = route.queries.map(\.name).joined(separator: ", ")
            throw Problem(
                .invalid, "query",
                "“\(name)” is not known here. " + (known.isEmpty ? "Leave it out." : "Known: \(known)."))
        }
    }

    private var crossSite: Problem {
        Problem(.forbidden, "cross-site", "This came from another site. Open the page here and send it again.")
    }
}

// What goes out.
extension Edge {
    private func response(to refusal: Refusal, _ arriving: Arriving) -> Response {
        let path = arriving.request.uri.path
        let accepts = arriving.request.headers[.accept] ?? ""
        if isMachinePath(path) || !accepts.contains("text/html") {
            var response = refusal.document(instance: arriving.id)
            if path.hasPrefix("/xapi"), refusal.status == .unauthorized {
                response.headers[.wwwAuthenticate] = "Basic realm=\"Leeway record store\", charset=\"UTF-8\""
            }
            return response
        }
        if refusal.problem.code == "sign-in", arriving.request.method.isSafe {
            return .redirect(to: "/sign-in?next=" + Form.encoded(arriving.request.uri.string))
        }
        if refusal.problem.code == "password-due", arriving.request.method.isSafe {
            return .redirect(to: settings.passwordPath)
        }
        var session: Session?
        if case .person(let known) = arriving.caller { session = known }
        var response = Response.page(
            problemPage(refusal.problem, refusal.status.code, session), status: refusal.status)
        response.headers.append(contentsOf: refusal.headers)
        return response
    }

    private func finish(_ response: inout Response, _ arriving: Arriving) {
        for (name, value) in securityHeaders { response.headers[name] = value }
        response.headers[named: "X-Request-Id"] = arriving.id
        if settings.isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "private, no-cache" }
        mark(&response, for: arriving.request)
    }

    private func log(_ response: Response, _ arriving: Arriving, _ finding: RouteTable.Finding, _ span: Duration) {
        arriving.logger.info(
            "\(arriving.request.method.rawValue) \(arriving.request.uri.path) \(response.status.code)",
            metadata: [
                "route": .string(finding.path), "status": .stringConvertible(response.status.code),
                "ms": .stringConvertible((span.seconds * 10_000).rounded() / 10),
            ])
    }
}

private let securityHeaders: [(HTTPFields.Element.Name, String)] = [
    (
        "Content-Security-Policy",
        """
        default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; \
        base-uri 'none'; form-action 'self'; object-src 'none'
        """
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
].compactMap { name, value in HTTPFields.Element.Name(name).map { ($0, value) } }

extension Access {
    /// Whether somebody with these rights may use it.
    public func admits(_ rights: Set<Right>) -> Bool {
        switch self {
        case .anyone, .signedIn: true
        case .right(let right): rights.contains(right)
        case .oneOf(let some), .reader(let some, _): !rights.isDisjoint(with: some)
        case .client: false
        }
    }

    func admits(_ client: Client) -> Bool {
        switch self {
        case .client(let scope), .reader(_, let scope): client.holds(scope)
        case .anyone, .signedIn, .right, .oneOf: false
        }
    }
}

extension RouteTable.Finding {
    /// The route's own path, so that counters do not grow with identities.
    fileprivate var path: String {
        switch self {
        case .found(let route, _): route.path
        case .otherMethods: "(method)"
        case .nothing: "(none)"
        }
    }
}

extension HTTPRequest.Method {
    fileprivate var isSafe: Bool { self == .get || self == .head || self == .options }
}

/// The value of a cookie.
func cookie(_ name: String, of request: Request) -> String? {
    for header in request.headers[values: .cookie] {
        for pair in header.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == name { return String(parts[1]) }
        }
    }
    return nil
}

/// Compares in a time that does not tell how much was right.
private func isSame(_ one: String, _ other: String) -> Bool {
    let (one, other) = (Array(one.utf8), Array(other.utf8))
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
}
