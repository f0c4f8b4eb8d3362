import Basis
import Hummingbird
import JSON
import Mail
import Notices
import People
import Web

/// Letters: where they are handed in and how each fared, for administrators; and everybody's choice.
func mailRoutes(_ postman: Postman) -> [Route] {
    settingsRoutes(postman) + outboxRoutes(postman.outbox) + choiceRoutes(postman.choices)
}

private func settingsRoutes(_ postman: Postman) -> [Route] {
    let book = postman.book
    return [
        .api(
            .get, "/api/v1/mail", .right(.administer),
            "Where letters are handed in, without the password, and how many stand where; null while nothing is set."
        ) { visit in
            let counts = try await postman.outbox.counts(of: visit.tenant)
            return .json([
                "settings": try await book.settings(of: visit.tenant)?.json ?? .null, "letters": counts.json,
            ])
        },
        .api(
            .put, "/api/v1/mail", .right(.administer), "Sets where letters are handed in, and switches them on.",
            members: draftMembers
        ) { visit in
            .json(try await book.set(try draft(visit.members()), by: visit.me.id, of: visit.tenant).json)
        },
        .api(.post, "/api/v1/mail/off", .right(.administer), "Switches letters off.") { visit in
            try await book.switchOff(by: visit.me.id, of: visit.tenant)
            return .noContent
        },
        .api(
            .post, "/api/v1/mail/test", .right(.administer),
            "Sends a test letter to whoever asks, and tells what the server answered."
        ) { visit in
            .json(["answer": .string(try await postman.test(to: visit.me.id, of: visit.tenant))])
        },
    ]
}

private func outboxRoutes(_ outbox: Outbox) -> [Route] {
    [
        .api(
            .get, "/api/v1/mail/letters", .right(.administer),
            "Letters, the newest first, \(LetterPage.size) a page.",
            queries: [
                .takes("state", .text, "Only waiting, sent, failed or dropped ones."),
                .takes("page", .integer, "From 1 on."),
            ]
        ) { visit in
            let state: Letter.State? = try visit.query.textIfAny("state").map { text in
                guard let state = Letter.State(rawValue: text) else {
                    throw Problem(.invalid, "state", "Write waiting, sent, failed or dropped.", at: ["/state"])
                }
                return state
            }
            let page = try await outbox.letters(
                of: visit.tenant, state: state, page: try visit.query.integer("page", in: 1...1_000_000) ?? 1)
            return .json([
                "items": .array(page.letters.map(\.json)), "page": .init(page.number), "pages": .init(page.count),
                "total": .init(page.total),
            ])
        },
        .api(
            .post, "/api/v1/mail/letters/{id}/retry", .right(.administer),
            "Tries a letter again that failed or waits, now."
        ) { visit in
            try await outbox.retry(visit.identifier("id"), of: visit.tenant)
            return .noContent
        },
        .api(.post, "/api/v1/mail/retry", .right(.administer), "Tries all letters again that failed.") { visit in
            .json(["count": .init(try await outbox.retryAll(of: visit.tenant))])
        },
    ]
}

private func choiceRoutes(_ choices: LetterChoices) -> [Route] {
    [
        .api(
            .get, "/api/v1/me/letters", .right(.learn),
            "How letters of each topic reach me: atOnce, daily or never."
        ) { visit in
            .json(view(try await choices.paces(of: visit.me.id, in: visit.tenant)))
        },
        .api(
            .put, "/api/v1/me/letters", .right(.learn),
            "Chooses how letters of the topics named reach me: atOnce, daily, or never where they ask nothing.",
            members: NoticeTopic.allCases.map { .takes($0.rawValue, .text, "atOnce, daily or never.") }
        ) { visit in
            let members = try visit.members()
            var paces: [NoticeTopic: LetterPace] = [:]
            for topic in NoticeTopic.allCases {
                guard let text = members.textIfAny(topic.rawValue) else { continue }
                guard let pace = LetterPace(rawValue: text) else {
                    throw members.refusal(topic.rawValue, "pace", "Write atOnce, daily or never.")
                }
                paces[topic] = pace
            }
            try await choices.choose(paces, for: visit.me.id, in: visit.tenant)
            return .json(view(try await choices.paces(of: visit.me.id, in: visit.tenant)))
        },
    ]
}

private func view(_ paces: [NoticeTopic: LetterPace]) -> JSONValue {
    .object(
        JSONObject(
            NoticeTopic.allCases.map { ($0.rawValue, .string((paces[$0] ?? .daily).rawValue)) }))
}

private let draftMembers: [Member] = [
    .needs("host", .text, "The mail server’s name or address."), .needs("port", .integer, "1 to 65535."),
    .needs("security", .text, "starttls, tls or none."), .takes("user", .text, "Whom to sign in as; empty for nobody."),
    .takes("password", .text, "Unless given, the present one is kept for the same server and user."),
    .takes("senderName", .text, "Leeway unless said."), .needs("mailbox", .text, "The sender’s mailbox."),
    .needs("address", .text, "Where people reach Leeway, such as https://learn.example.org."),
]

private func draft(_ members: Members) throws -> MailDraft {
    guard let security = MailServer.Security(rawValue: members.text("security")) else {
        throw members.refusal("security", "mail-invalid", "Write starttls, tls or none.")
    }
    var draft = MailDraft()
    (draft.host, draft.port, draft.security) = (members.text("host"), members.integer("port") ?? 0, security)
    draft.user = members.textIfAny("user") ?? ""
    draft.password = members.textIfAny("password")
    draft.senderName = members.textIfAny("senderName") ?? draft.senderName
    (draft.mailbox, draft.address) = (members.text("mailbox"), members.text("address"))
    return draft
}

extension LetterCounts {
    fileprivate var json: JSONValue {
        [
            "gathering": .init(gathering), "waiting": .init(self[.waiting]), "sent": .init(self[.sent]),
            "failed": .init(self[.failed]), "dropped": .init(self[.dropped]),
        ]
    }
}
