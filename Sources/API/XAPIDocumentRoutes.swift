import Evidence
import Hummingbird
import Web

/// The rest of the learning record store: documents, agents, activities, and what it speaks.
///
/// What a credential may do, the resources decide by its scopes and its reach.
func xapiDocumentRoutes(_ log: StatementLog, limits: XAPILimits) -> [Route] {
    let book = DocumentBook(log: log, limits: limits)
    let (agents, activities) = (AgentResource(log: log), ActivityResource(log: log))
    return documentRoutes(
        at: "/xapi/activities/state", DocumentResource(.state, book: book), "what is kept for an agent in an activity"
    )
        + documentRoutes(
            at: "/xapi/activities/profile", DocumentResource(.activityProfile, book: book),
            "what is kept about an activity")
        + documentRoutes(
            at: "/xapi/agents/profile", DocumentResource(.agentProfile, book: book), "what is kept about an agent")
        + [
            Route(
                .get, "/xapi/agents", .anyClient, takes: .nothing,
                "All that is known to be the same person as an agent.",
                xapiAnswer { try await agents.answer($0, for: try xapiCaller(of: $1)) }),
            Route(
                .get, "/xapi/activities", .anyClient, takes: .nothing,
                "What all statements together say of an activity.",
                xapiAnswer { try await activities.answer($0, for: try xapiCaller(of: $1)) }),
            Route(
                .get, "/xapi/about", .anyone, takes: .nothing, "Which versions of xAPI are spoken here.",
                xapiAnswer { request, _ in try AboutResource.answer(request) }),
        ]
}

private func documentRoutes(at path: String, _ resource: DocumentResource, _ what: String) -> [Route] {
    let answer = xapiAnswer { try await resource.answer($0, for: try xapiCaller(of: $1)) }
    return [
        Route(
            .put, path, .anyClient, takes: .document(upTo: resource.byteLimit), "Keeps one document: \(what).", answer),
        Route(
            .post, path, .anyClient, takes: .document(upTo: resource.byteLimit),
            "Merges JSON into one document, or keeps a new one: \(what).", answer),
        Route(.get, path, .anyClient, takes: .nothing, "One document, or the names of all: \(what).", answer),
        Route(.delete, path, .anyClient, takes: .nothing, "Removes documents: \(what).", answer),
    ]
}
