import Basis
import Evidence
import Hummingbird
import People
import Stores
import Web

/// The learning record store, below `/xapi`: statements, in both versions of xAPI.
///
/// Who calls is known by Basic credentials; what a credential may do, `StatementResource` decides by its scopes.
func xapiRoutes(_ log: StatementLog, world: World, limits: XAPILimits) -> [Route] {
    let path = "/xapi/statements"
    let resource = StatementResource(log: log, world: world, path: path, limits: limits)
    let answer = xapiAnswer { request, visit in
        try await resource.answer(request, for: try xapiCaller(of: visit))
    }
    return [
        Route(
            .post, path, .client(scope: "statements/write"), takes: .statements(upTo: limits.bodyBytes),
            "Stores one statement or an array of them, all or none.", answer),
        Route(
            .put, path, .client(scope: "statements/write"), takes: .statements(upTo: limits.bodyBytes),
            "Stores one statement under the identifier given as statementId.", answer),
        Route(
            .get, path, .client(scope: "statements/read/mine"), takes: .nothing,
            "One statement, or a page of those that match.", answer),
    ]
}

/// The one way from a request to a resource of the record store and back: refusals carry the version, too.
func xapiAnswer(
    _ resource: @escaping @Sendable (XAPIRequest, Visit) async throws -> XAPIReply
) -> @Sendable (Visit) async throws -> Response {
    { visit in
        let request = xapiRequest(of: visit)
        do {
            return response(try await resource(request, visit))
        } catch let error as any ProblemConvertible {
            throw refusal(error.problem, of: request)
        } catch let problem as Problem {
            throw refusal(problem, of: request)
        }
    }
}

func xapiRequest(of visit: Visit) -> XAPIRequest {
    var headers: [String: String] = [:]
    for field in visit.request.headers { headers[field.name.canonicalName] = field.value }
    let method = visit.request.method == .head ? "GET" : visit.request.method.rawValue
    return XAPIRequest(
        method: method, query: visit.query.fields, headers: headers, body: visit.bytes)
}

func xapiCaller(of visit: Visit) throws(Problem) -> XAPICaller {
    guard let client = visit.client else {
        throw Problem(.anonymous, "credentials", "Send the Basic credentials of a client.")
    }
    let scopes = Set(client.scopes.compactMap(XAPIScope.init))
    let learner = client.learner.map { AgentName(home: $0.home, account: $0.key) }
    return XAPICaller(
        tenant: client.tenant, authority: Authority(client: client.key), scopes: scopes,
        reach: XAPIReach(activities: client.activities, learner: learner))
}

private func response(_ reply: XAPIReply) -> Response {
    let status = HTTPResponse.Status(code: reply.status)
    var response: Response
    if let rest = reply.rest {
        response = .stream(type: "", status: status) { send in
            try await send(reply.body)
            try await rest(send)
        }
    } else {
        response = reply.body.isEmpty ? Response(status: status) : .bytes(reply.body, type: "", status: status)
    }
    for header in reply.headers { response.headers[named: header.name] = header.value }
    return response
}

private func refusal(_ problem: Problem, of request: XAPIRequest) -> Refusal {
    var headers = HTTPFields()
    headers[named: "X-Experience-API-Version"] = XAPIVersion.replyHeader(to: request)
    return Refusal(problem, headers: headers)
}
