import Basis
import Evidence
import Exchange
import HTML
import Hummingbird
import People
import Stores
import Web

/// Where evidence goes to and comes from, for administrators.
func exchangeRoutes(_ stores: Stores) -> [Route] {
    let book = stores.exchange.book
    return [
        .get("/settings/exchange", .right(.administer), "Targets, sources and webhooks of the record store.") { visit in
            let kind = LinkKind(rawValue: visit.query.text("kind")) ?? .forward
            let model = try await exchange(book, kind, visit)
            return .page(exchangePage(model, in: try await stores.framed(visit)))
        },
        .post("/settings/exchange", .right(.administer), "Adds a target, a source or a webhook.") { visit in
            let form = try visit.form()
            let kind = LinkKind(rawValue: form.text("kind")) ?? .forward
            do {
                let (link, secret) = try await book.add(try draft(kind, form), for: visit.tenant)
                guard kind == .webhook else { return .redirect(to: "/settings/exchange?said=added") }
                var model = try await exchange(book, kind, visit)
                model.made = (link.label, secret)
                var response = Response.page(exchangePage(model, in: try await stores.framed(visit)))
                response.headers[.cacheControl] = "no-store"
                return response
            } catch {
                var model = try await exchange(book, kind, visit)
                model.form = Entries(form).refused(try refusal(of: error))
                return .page(exchangePage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
        .post("/settings/exchange/{id}/test", .right(.administer), "Sends a webhook a signed test.") { visit in
            let id = try visit.identifier("id", of: Link.self)
            var model = try await exchange(book, .webhook, visit)
            do {
                model.tested = try await stores.exchange.test(id, of: visit.tenant)
            } catch let problem as Problem where problem.kind != .missing {
                model.form = Entries(errors: ["": problem.detail])
            }
            let status: HTTPResponse.Status = model.tested == nil ? .unprocessableContent : .ok
            return .page(exchangePage(model, in: try await stores.framed(visit)), status: status)
        },
    ] + changes(book)
}

private func changes(_ book: ExchangeBook) -> [Route] {
    func act(
        _ name: String, _ summary: String, says said: String,
        _ body: @escaping @Sendable (ID<Link>, Visit) async throws -> Void
    ) -> Route {
        .post("/settings/exchange/{id}/\(name)", .right(.administer), summary) { visit in
            try await body(try visit.identifier("id"), visit)
            return .redirect(to: "/settings/exchange?said=\(said)")
        }
    }
    return [
        act("pause", "Stops a link; it keeps its place.", says: "saved") { try await book.pause($0, of: $1.tenant) },
        act("resume", "Lets a link go on at once.", says: "saved") { try await book.resume($0, of: $1.tenant) },
        act("remove", "Removes a link with its letters.", says: "removed") {
            try await book.remove($0, of: $1.tenant)
        },
        act("letters/retry", "Tries a letter again.", says: "saved") { id, visit in
            try await book.retry(try visit.form().text("statement"), of: id, visit.tenant)
        },
        act("letters/discard", "Forgets a letter.", says: "removed") { id, visit in
            try await book.discard(try visit.form().text("statement"), of: id, visit.tenant)
        },
    ]
}

private func draft(_ kind: LinkKind, _ form: Form) throws(Problem) -> LinkDraft {
    var draft = LinkDraft(kind, label: form.text("label"), url: form.text("url"))
    (draft.username, draft.secret) = (form.text("username"), form.first("secret") ?? "")
    draft.version = XAPIVersion(header: form.text("version"))
    draft.filter.verbs = form.text("verbs").split(whereSeparator: \.isWhitespace).map(String.init)
    draft.filter.activityPrefix = form.textIfAny("activityPrefix")
    draft.filter.agent = form.textIfAny("agent")
    if let text = form.textIfAny("since") {
        guard let day = Day(text) else {
            throw Problem(.invalid, "link-invalid", "“\(text)” is no day. Write 2026-11-23.", at: ["/since"])
        }
        draft.filter.since = day.start
    }
    draft.fromTheBeginning = form.isOn("past")
    return draft
}

private func exchange(_ book: ExchangeBook, _ kind: LinkKind, _ visit: Visit) async throws -> ExchangeModel {
    ExchangeModel(
        links: try await book.list(of: visit.tenant), letters: try await book.letters(of: visit.tenant), kind: kind,
        trouble: try await book.secretTrouble(of: visit.tenant)?.detail)
}
