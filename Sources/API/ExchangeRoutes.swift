import Basis
import Evidence
import Exchange
import Hummingbird
import JSON
import People
import Web

/// Where evidence goes to and comes from, for administrators.
func exchangeRoutes(_ exchange: Exchange) -> [Route] {
    let book = exchange.book
    return [
        .api(
            .get, "/api/v1/exchange/links", .right(.administer),
            "The targets, sources and webhooks, without their secrets, with how far each came."
        ) { visit in
            .json(.list(try await book.list(of: visit.tenant).map(\.json)))
        },
        .api(
            .post, "/api/v1/exchange/links", .right(.administer),
            "Makes a target, a source or a webhook. A webhook’s secret is told once, here.", members: draftMembers
        ) { visit in
            let (link, secret) = try await book.add(try draft(visit.members()), for: visit.tenant)
            var object = link.json.object ?? JSONObject()
            if link.kind == .webhook { object["secret"] = .string(secret) }
            var response = Response.json(.object(object), status: .created)
            response.headers[.cacheControl] = "no-store"
            return response
        },
        .api(.get, "/api/v1/exchange/links/{id}", .right(.administer), "One target, source or webhook.") { visit in
            .json(try await book.find(try visit.identifier("id"), of: visit.tenant).json)
        },
        .api(
            .post, "/api/v1/exchange/links/{id}/pause", .right(.administer),
            "Stops it after the batch that is under way. It keeps its place."
        ) { visit in
            try await book.pause(try visit.identifier("id"), of: visit.tenant)
            return .noContent
        },
        .api(
            .post, "/api/v1/exchange/links/{id}/resume", .right(.administer), "Lets it go on from its place, at once."
        ) { visit in
            try await book.resume(try visit.identifier("id"), of: visit.tenant)
            return .noContent
        },
        .api(
            .post, "/api/v1/exchange/links/{id}/test", .right(.administer),
            "Sends a webhook a signed message without statements and tells what it answered."
        ) { visit in
            let answer = try await exchange.test(try visit.identifier("id"), of: visit.tenant)
            return .json(["answer": .string(answer)])
        },
        .api(.delete, "/api/v1/exchange/links/{id}", .right(.administer), "Removes it, with its letters.") { visit in
            try await book.remove(try visit.identifier("id"), of: visit.tenant)
            return .noContent
        },
    ] + letterRoutes(book)
}

private func letterRoutes(_ book: ExchangeBook) -> [Route] {
    [
        .api(
            .get, "/api/v1/exchange/letters", .right(.administer),
            "What could not be delivered or stored, the newest first."
        ) { visit in
            .json(.list(try await book.letters(of: visit.tenant).map(\.json)))
        },
        .api(
            .post, "/api/v1/exchange/links/{id}/letters/{statement}/retry", .right(.administer),
            "Tries a letter again at the link’s next turn, which is now."
        ) { visit in
            try await book.retry(
                visit.parameter("statement"), of: try visit.identifier("id"), visit.tenant)
            return .noContent
        },
        .api(
            .delete, "/api/v1/exchange/links/{id}/letters/{statement}", .right(.administer),
            "Forgets a letter. The statements stay where they are."
        ) { visit in
            try await book.discard(
                visit.parameter("statement"), of: try visit.identifier("id"), visit.tenant)
            return .noContent
        },
    ]
}

private let draftMembers: [Member] = [
    .needs("kind", .text, "forward, pull or webhook."), .needs("label", .text, "What people call it."),
    .needs("url", .text, "The record store’s endpoint without /statements, or the webhook’s address."),
    .takes("username", .text, "Of Basic credentials."), .takes("secret", .text, "Their password."),
    .takes("version", .text, "1.0.3 or 2.0.0; unless said, the one of each statement, and 2.0.0 for a source."),
    .takes("verbs", .texts, "Only statements with one of these verbs."),
    .takes("activityPrefix", .text, "Only statements about activities whose IRI begins so."),
    .takes("agent", .text, "Only statements by this actor, as account:HOME NAME or mbox:mailto:…."),
    .takes("since", .text, "Only statements stored at or after this moment."),
    .takes("fromTheBeginning", .flag, "Whether what is there already goes, too. true unless said."),
]

private func draft(_ members: Members) throws -> LinkDraft {
    guard let kind = LinkKind(rawValue: members.text("kind")) else {
        throw members.refusal("kind", "link-invalid", "Write forward, pull or webhook.")
    }
    var draft = LinkDraft(kind, label: members.text("label"), url: members.text("url"))
    draft.username = members.textIfAny("username") ?? ""
    draft.secret = members.textIfAny("secret") ?? ""
    draft.filter.verbs = members.texts("verbs")
    draft.filter.activityPrefix = members.textIfAny("activityPrefix")
    draft.filter.agent = members.textIfAny("agent")
    draft.fromTheBeginning = members.flag("fromTheBeginning") ?? true
    if let text = members.textIfAny("version") {
        guard let version = XAPIVersion(header: text) else {
            throw members.refusal("version", "link-invalid", "Write 1.0.3 or 2.0.0.")
        }
        draft.version = version
    }
    if let text = members.textIfAny("since") {
        guard let since = Moment(timestamp: text) else {
            throw members.refusal("since", "link-invalid", "Write a moment such as 2026-11-23T20:14:08Z.")
        }
        draft.filter.since = since
    }
    return draft
}
