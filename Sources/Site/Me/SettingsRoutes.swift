import Basis
import Catalog
import HTML
import Hummingbird
import Paths
import People
import Stores
import Web

/// A person's own settings.
func settingsRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/settings", .right(.learn), "My settings.") { visit in
            let entries = Entries(["language": try visit.me.language ?? ""])
            return .page(
                settingsPage(
                    try await settings(stores, visit, entries),
                    in: try await stores.frame(visit, notice: said(visit))))
        },
        .post("/settings/language", .right(.learn), "Saves the language of what I learn.") { visit in
            let language = try visit.form().textIfAny("language")
            var draft = PersonDraft(try visit.me)
            draft.language = language
            try await stores.directory.save(draft, of: visit.tenant)
            return .redirect(to: "/settings?said=language")
        },
        .post("/settings/password", .right(.learn), "Changes my password.") { visit in
            let form = try visit.form()
            do {
                try await stores.sessions.changePassword(
                    visit.token ?? "", current: form.first("current") ?? "", new: form.first("password") ?? "")
                return .redirect(to: "/settings?said=password")
            } catch {
                let problem = try refused(error)
                let entries = Entries(["language": try visit.me.language ?? ""], refused: problem)
                return .page(
                    settingsPage(try await settings(stores, visit, entries), in: try await stores.frame(visit)),
                    status: problem.formStatus)
            }
        },
        .post("/settings/sessions/{name}/end", .right(.learn), "Signs me out in another place.") { visit in
            try await stores.sessions.end(visit.parameter("name"), of: try visit.me.id, in: visit.tenant)
            return .redirect(to: "/settings?said=session")
        },
        .post("/me/personalisation", .right(.learn), "Switches personalisation on or off.") { visit in
            let form = try visit.form()
            var settings = try await stores.nextSteps.settings(of: try visit.me.id, in: visit.tenant)
            if let on = form.textIfAny("on") { settings.isPersonal = on == "yes" }
            if let dial = Double(form.text("dial")) { settings.dial = dial }
            try await stores.nextSteps.set(settings, for: try visit.me.id, in: visit.tenant)
            return .redirect(to: localPath(form.text("back")) ?? "/me")
        },
    ]
}

private func settings(_ stores: Stores, _ visit: Visit, _ entries: Entries) async throws -> SettingsModel {
    let (me, tenant) = (try visit.me, visit.tenant)
    var query = SearchQuery()
    query.pageSize = 1
    let found = try await stores.library.search(query, of: tenant).facets[.language] ?? []
    let tags = Set(found.map(\.value) + [me.language ?? ""]).filter { !$0.isEmpty }.sorted()
    let sessions = try await stores.sessions.openSessions(of: me.id, in: tenant, asking: visit.token ?? "")
    return SettingsModel(
        languages: [Choosable("", "Not stated")] + tags.map { Choosable($0, Words.language($0)) },
        isPersonalised: try await stores.nextSteps.settings(of: me.id, in: tenant).isPersonal,
        sessions: sessions.map {
            SessionView(id: $0.name, since: $0.openedAt, until: $0.expiresAt, isThis: $0.isThis)
        }, entries: entries)
}

private func said(_ visit: Visit) -> Fragment? {
    switch visit.query.text("said") {
    case "language": notice(.success) { "Language saved." }
    case "password": notice(.success) { "Password changed. You are signed out everywhere else." }
    case "session": notice(.success) { "Signed out there." }
    default: nil
    }
}
