import Basis
import Hummingbird
import People
import Web

/// The refusal that a form can show; any other error goes on to the edge.
func refused(_ error: any Error) throws -> Problem {
    let problem: Problem
    switch error {
    case let plain as Problem: problem = plain
    case let convertible as any ProblemConvertible: problem = convertible.problem
    default: throw error
    }
    switch problem.kind {
    case .invalid, .conflict, .stale, .oversize, .unavailable, .anonymous: return problem
    case .forbidden, .missing, .fault: throw error
    }
}

extension Problem {
    /// The status of a page that shows a refused form again.
    var formStatus: HTTPResponse.Status {
        switch kind {
        case .invalid, .anonymous: .unprocessableContent
        case .unavailable: .tooManyRequests
        case .forbidden, .missing, .conflict, .stale, .oversize, .fault: status
        }
    }
}
