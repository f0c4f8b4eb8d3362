public import Basis
public import HTML
public import People

/// What a browser sees for a problem: what is so, and what can be done. A stranger, without a session, gets no rail.
public func problemPage(_ problem: Problem, _ status: Int, _ session: Session?) -> Fragment {
    let heading = heading(of: problem.kind)
    let body = fragment {
        p(.class("lead")) { problem.detail }
        if !problem.issues.isEmpty {
            ul(.class("bullets")) {
                for issue in problem.issues.prefix(InputIssue.limit) { li { issue.description } }
            }
        }
        div(.class("actions")) {
            if session == nil {
                go("Sign in", to: "/sign-in", .primary)
            } else {
                go("Go home", to: "/", .primary)
                go("Search", to: "/palette")
            }
        }
    }
    guard let session else { return door(heading, content: { body }) }
    let frame = Frame(
        organisation: "Leeway", isDemo: false, name: session.person.name, rights: session.rights, path: "",
        csrf: session.csrf)
    return bareShell(heading, in: frame) {
        p(.class("eyebrow")) { "\(status)" }
        h1 { heading }
        body
    }
}

private func heading(of kind: Problem.Kind) -> String {
    switch kind {
    case .invalid: "That did not fit"
    case .anonymous: "Sign in first"
    case .forbidden: "This is not open to you"
    case .missing: "There is no such page"
    case .conflict: "That clashes with what is there"
    case .stale: "It changed meanwhile"
    case .oversize: "That is too large"
    case .unavailable: "Not now"
    case .fault: "Something broke on our side"
    }
}
