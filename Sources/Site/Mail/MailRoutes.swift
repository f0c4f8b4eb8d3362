import Basis
import HTML
import Hummingbird
import Mail
import Notices
import People
import Stores
import Web

/// Where letters are handed in, and how each fared, for administrators.
func mailRoutes(_ stores: Stores) -> [Route] {
    let (book, outbox) = (stores.letters.book, stores.letters.outbox)
    return [
        .get("/settings/mail", .right(.administer), "Where letters are handed in, and how they fare.") { visit in
            .page(mailPage(try await mail(stores, visit), in: try await stores.framed(visit)))
        },
        .post("/settings/mail", .right(.administer), "Sets where letters are handed in.") { visit in
            let form = try visit.form()
            do {
                try await book.set(try draft(form), by: visit.me.id, of: visit.tenant)
                return .redirect(to: "/settings/mail?said=saved")
            } catch {
                var model = try await mail(stores, visit)
                model.form = Entries(form).refused(try refused(error))
                return .page(mailPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
        .post("/settings/mail/test", .right(.administer), "Sends a test letter to whoever asks.") { visit in
            var model = try await mail(stores, visit)
            do {
                model.answer = try await stores.letters.test(to: visit.me.id, of: visit.tenant)
                return .page(mailPage(model, in: try await stores.framed(visit)))
            } catch {
                let problem = try refused(error)
                model.fault = problem.detail
                return .page(
                    mailPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
        .post("/settings/mail/off", .right(.administer), "Switches letters off.") { visit in
            try await book.switchOff(by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/settings/mail?said=saved")
        },
        .post("/settings/mail/retry", .right(.administer), "Tries all letters again that failed.") { visit in
            try await outbox.retryAll(of: visit.tenant)
            return .redirect(to: "/settings/mail?said=saved#letters")
        },
        .post("/settings/mail/letters/{id}/retry", .right(.administer), "Tries a letter again.") { visit in
            try await outbox.retry(visit.identifier("id"), of: visit.tenant)
            return .redirect(to: "/settings/mail?said=saved#letters")
        },
    ]
}

private func draft(_ form: Form) throws(Problem) -> MailDraft {
    var draft = MailDraft()
    draft.host = form.text("host")
    // What is no number is no port: the check says so.
    draft.port = Int(form.text("port")) ?? 0
    draft.security = MailServer.Security(rawValue: form.text("security")) ?? .starttls
    draft.user = form.text("user")
    draft.password = form.first("password").flatMap { $0.isEmpty ? nil : $0 }
    (draft.senderName, draft.mailbox) = (form.text("senderName"), form.text("mailbox"))
    draft.address = form.text("address")
    return draft
}

private func mail(_ stores: Stores, _ visit: Visit) async throws -> MailModel {
    let (book, outbox) = (stores.letters.book, stores.letters.outbox)
    let settings = try await book.settings(of: visit.tenant)
    let state = Letter.State(rawValue: visit.query.text("state"))
    let page = try await outbox.letters(
        of: visit.tenant, state: state, page: try visit.query.integer("page", in: 1...1_000_000) ?? 1)
    var model = MailModel(
        settings: settings, counts: try await outbox.counts(of: visit.tenant), page: page, state: state,
        names: try await stores.directory.names(of: Array(Set(page.letters.map(\.person))), visit.tenant))
    model.trouble = try await book.secretTrouble(of: visit.tenant)?.detail
    let shown = settings.map(MailDraft.init) ?? MailDraft()
    model.form = Entries([
        "host": shown.host, "port": "\(shown.port)", "security": shown.security.rawValue, "user": shown.user,
        "senderName": shown.senderName, "mailbox": shown.mailbox, "address": shown.address,
    ])
    return model
}
