public import Hummingbird

/// What is asked before a route does anything, beside its rights: one line of a table that can be read as a whole.
public struct RouteGuard: Sendable {
    public let method: HTTPRequest.Method
    /// As the route says it.
    public let path: String
    let check: @Sendable (Visit) async throws -> Void

    /// - Parameters:
    ///   - method: The route's.
    ///   - path: The route's, with its `{names}`.
    ///   - check: Throws what the answer is to be where the handler must not run.
    public init(
        _ method: HTTPRequest.Method, _ path: String, check: @escaping @Sendable (Visit) async throws -> Void
    ) {
        self.method = method
        self.path = path
        self.check = check
    }
}

extension [Route] {
    /// The same routes, each with the guards of its method and path before its handler.
    ///
    /// - Precondition: Every guard stands before a route.
    public func guarded(by guards: [RouteGuard]) -> [Route] {
        var rest = Dictionary(grouping: guards) { "\($0.method) \($0.path)" }
        let routes = map { route in
            (rest.removeValue(forKey: "\(route.method) \(route.path)") ?? []).reduce(route) { $0.checking($1.check) }
        }
        precondition(rest.isEmpty, "there is no route for the guard of \(rest.keys.sorted())")
        return routes
    }
}
