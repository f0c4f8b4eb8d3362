import Basis
import Hummingbird
import Paths
import People
import Stores
import Web

/// A learner's say over suggestions, and goals of one's own.
func suggestionRoutes(_ stores: Stores) -> [Route] {
    [
        .post("/suggestions/restore", .right(.learn), "Takes back that something is not for me.") { visit in
            let form = try visit.form()
            guard let kind = SuggestionKind(form.text("what")) else {
                throw Problem(.missing, "suggestion-missing", "There is no such suggestion. Go home and look again.")
            }
            try await stores.nextSteps.restore(kind, by: try visit.me.id, of: visit.tenant)
            return .redirect(to: localPath(form.text("back")) ?? "/")
        },
        .post("/suggestions/{id}", .right(.learn), "Dismisses, claims, saves or swaps a suggestion.") {
            try await control(stores, $0)
        },
    ]
}

private func control(_ stores: Stores, _ visit: Visit) async throws -> Response {
    let id = try visit.identifier("id", of: Suggestion.self)
    let (me, tenant) = (try visit.me.id, visit.tenant)
    let before = try await stores.nextSteps.steps(for: me, in: tenant).suggestions.first { $0.id == id }
    guard let before else {
        throw Problem(.missing, "suggestion-missing", "This suggestion is gone. Go home and look at the new ones.")
    }
    let content: ID<Content>? = if case .content(let content) = before.kind { content } else { nil }
    switch try visit.form().text("do") {
    case "dismiss":
        _ = try await stores.nextSteps.dismiss(id, by: me, of: tenant)
        return .redirect(to: Address("/", [("said", "dismissed"), ("what", before.kind.text)]).text)
    case "know":
        switch try await stores.nextSteps.known(id, by: me, of: tenant) {
        case .testOut(let content):
            let sitting = try await stores.sittings.begin(content, at: .questions, by: me, of: tenant)
            return .redirect(to: "/sittings/\(sitting.id)")
        case .noted:
            return .redirect(to: Address("/", [("said", "known"), ("what", before.kind.text)]).text)
        }
    case "save":
        if let content { try await stores.nextSteps.save(content, by: me, of: tenant) }
        return .redirect(to: "/")
    case "unsave":
        if let content { try await stores.nextSteps.unsave(content, by: me, of: tenant) }
        return .redirect(to: "/")
    case "swap":
        _ = try await stores.nextSteps.swap(id, by: me, of: tenant)
        return .redirect(to: "/")
    default:
        throw Problem(.invalid, "suggestion-act", "Choose what to do with the suggestion.", at: ["/do"])
    }
}
