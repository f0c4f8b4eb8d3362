import Basis
import Evidence
import Hummingbird
import People
import Web

/// The learning record store, below `/xapi`: statements, in both versions of xAPI.
///
/// Who calls is known by Basic credentials; what a credential may do, `StatementResource` decides by its scopes.
func xapiRoutes(_ log: StatementLog, world: World) -> [Route] {
    let path = "/xapi/statements"
    let resource = StatementResource(log: log, world: world, path: path)
    let answer: @Sendable (Visit) async throws -> Response = { visit in
        let request = request(of: visit)
        do {
            return response(try await resource.answer(request, for: try caller(of: visit)))
        } catch let error as any ProblemConvertible {
            throw refusal(error.problem, of: request)
        } catch let problem as Problem {
            throw refusal(problem, of: request)
        }
    }
    return [
        Route(
            .post, path, .client(scope: "statements/write"), takes: .statements,
            "Stores one statement or an array of them, all or none.", answer),
        Route(
            .put, path, .client(scope: "statements/write"), takes: .statements,
            "Stores one statement under the identifier given as statementId.", answer),
        Route(
            .get, path, .client(scope: "statements/read/mine"), takes: .nothing,
            "One statement, or a page of those that match.", answer),
    ]
}

private func request(of visit: Visit) -> XAPIRequest {
    var headers: [String: String] = [:]
    for field in visit.request.headers { headers[field.name.canonicalName] = field.value }
    let method = visit.request.method == .head ? "GET" : visit.request.method.rawValue
    return XAPIRequest(
        method: method, query: visit.query.fields, headers: headers, body: visit.bytes)
}

private func caller(of visit: Visit) throws(Problem) -> XAPICaller {
    guard let client = visit.client else {
        throw Problem(.anonymous, "credentials", "Send the Basic credentials of a client.")
    }
    let scopes = Set(client.scopes.compactMap(XAPIScope.init))
    return XAPICaller(tenant: client.tenant, authority: Authority(client: client.key), scopes: scopes)
}

private func response(_ reply: XAPIReply) -> Response {
    let status = HTTPResponse.Status(code: reply.status)
    var response = reply.body.isEmpty ? Response(status: status) : .bytes(reply.body, type: "", status: status)
    for header in reply.headers { response.headers[named: header.name] = header.value }
    return response
}

private func refusal(_ problem: Problem, of request: XAPIRequest) -> Refusal {
    var headers = HTTPFields()
    headers[named: "X-Experience-API-Version"] = XAPIVersion.replyHeader(to: request)
    return Refusal(problem, headers: headers)
}
