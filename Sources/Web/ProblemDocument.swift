public import Basis
public import Hummingbird
public import JSON
import People

/// A problem with a status or headers of its own, where the kind alone does not say enough: 405, 415, 429, xAPI.
public struct Refusal: ProblemConvertible {
    public let problem: Problem
    public let status: HTTPResponse.Status
    public let headers: HTTPFields

    public init(_ problem: Problem, status: HTTPResponse.Status? = nil, headers: HTTPFields = [:]) {
        self.problem = problem
        self.status = status ?? problem.status
        var headers = headers
        if self.status == .serviceUnavailable, headers[.retryAfter] == nil {
            headers[.retryAfter] = "\(problem.retrySeconds)"
        }
        self.headers = headers
    }

    /// What any error tells the caller. What we did not expect is a fault without details.
    init(describing error: any Error) {
        switch error {
        case let refusal as Refusal: self = refusal
        case let problem as Problem: self.init(problem)
        case let wait as SignInWait:
            self.init(wait.problem, status: .tooManyRequests, headers: [.retryAfter: "\(wait.seconds)"])
        case let error as any ProblemConvertible: self.init(error.problem)
        case let error as any HTTPResponseError where error.status.code < 500:
            self.init(Problem(.invalid, "request", "\(error.status.reasonPhrase)."), status: error.status)
        default: self.init(Problem(.fault, "fault", "Something broke on our side.", cause: error))
        }
    }
}

extension Problem {
    /// The one status of each kind. See docs/http-status.md.
    public var status: HTTPResponse.Status {
        switch kind {
        case .invalid: .badRequest
        case .anonymous: .unauthorized
        case .forbidden: .forbidden
        case .missing: .notFound
        case .conflict: .conflict
        case .stale: .preconditionFailed
        case .oversize: .contentTooLarge
        case .unavailable: .serviceUnavailable
        case .fault: .internalServerError
        }
    }
}

extension Problem {
    /// How long a caller should wait before it tries again, in seconds: what is busy is soon free, a database takes
    /// some seconds to start, a disk is emptied by a person.
    fileprivate var retrySeconds: Int {
        switch code {
        case "contended", "busy", "sign-in-busy": 1
        case "storage-full": 60
        default: 5
        }
    }
}

extension Refusal {
    /// The problem document.
    ///
    /// - Source: RFC 9457, section 3.1, with the extension members `pointers` and `issues`.
    func document(instance: String) -> Response {
        var document = JSONObject([
            ("type", .string("urn:leeway:problem:\(problem.code)")),
            ("title", .string(status.reasonPhrase)),
            ("status", .init(status.code)),
            ("detail", .string(problem.detail)),
            ("instance", .string("urn:leeway:request:\(instance)")),
        ])
        if !problem.pointers.isEmpty { document["pointers"] = .init(problem.pointers) }
        if !problem.issues.isEmpty { document["issues"] = .array(problem.issues.map { $0.json }) }
        var response = Response.json(.object(document), status: status, type: "application/problem+json")
        response.headers.append(contentsOf: headers)
        return response
    }
}

extension InputIssue {
    /// As in problem documents and reports.
    public var json: JSONValue {
        var object = JSONObject([("line", .init(line))])
        if let column { object["column"] = .string(column) }
        object["detail"] = .string(detail)
        return .object(object)
    }
}
