import Assess
import Basis
import Catalog
import HTML
import Hummingbird
import Intent
import Paths
import People
import Skills
import Storage
import Stores
import Web

/// The catalogue, its objects, and what happens in them.
func learnRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/learn", .right(.learn), "The catalogue, searched.") { visit in
            try await catalogue(stores, visit)
        },
        .get("/learn/{id}", .right(.learn), "One learning object.") { visit in
            try await content(stores, visit)
        },
        .post("/learn/{id}/save", .right(.learn), "Saves an object for later, or no longer.") { visit in
            let id = try visit.identifier("id", of: Content.self)
            let me = try visit.me
            if try visit.form().text("on") == "yes" {
                try await stores.nextSteps.save(id, by: me.id, of: visit.tenant)
            } else {
                try await stores.nextSteps.unsave(id, by: me.id, of: visit.tenant)
            }
            return .redirect(to: visit.back ?? "/learn/\(id)")
        },
        .post("/learn/{id}/start", .right(.learn), "Opens an object, or goes on with it.") { visit in
            let id = try visit.identifier("id", of: Content.self)
            let form = try visit.form()
            let start: SittingBook.Start = form.text("at") == "quiz" ? .questions : .text
            let me = try visit.me.id
            let sitting = try await stores.sittings.begin(id, at: start, by: me, of: visit.tenant)
            if let suggestion = ID<Suggestion>(form.text("suggestion")) {
                try await stores.take(suggestion, leadingTo: id, by: me, of: visit.tenant)
            }
            return .redirect(to: "/sittings/\(sitting.id)")
        },
    ] + sittingRoutes(stores)
}

extension Stores {
    /// Notes that a suggestion was taken up; one that is gone meanwhile is nobody's concern.
    fileprivate func take(
        _ suggestion: ID<Suggestion>, leadingTo content: ID<Content>, by person: ID<Person>, of tenant: TenantID
    ) async throws {
        let shown = try await nextSteps.steps(for: person, in: tenant).suggestions
        guard shown.contains(where: { $0.id == suggestion && $0.kind == .content(content) }) else { return }
        try await nextSteps.choose(suggestion, by: person, of: tenant)
    }
}

private func catalogue(_ stores: Stores, _ visit: Visit) async throws -> Response {
    let search = CatalogueSearch(visit.query)
    let frame = try await stores.frame(visit)
    let saved = try await stores.nextSteps.saved(by: try visit.me.id, of: visit.tenant)
    let whole = try await stores.library.count(of: visit.tenant)
    if visit.query.text("saved") == "yes" {
        let records = try await stores.library.contents(saved, of: visit.tenant)
        let hits = saved.compactMap { records[$0] }
        return .page(
            cataloguePage(
                CatalogueModel(
                    text: "", hits: hits, total: hits.count, isCapped: false, pageNumber: 1, pageCount: 1,
                    order: .relevance, address: Address("/learn"), facets: [], filters: [], saved: Set(saved),
                    isSavedOnly: true, whole: whole), in: frame))
    }
    let result = try await stores.library.search(search.query, of: visit.tenant)
    let named = (result.facets[.skill] ?? []).compactMap { ID<Skill>($0.value) } + search.query.skills
    let skills = try await stores.skills.names(of: named, tenant: visit.tenant)
    return .page(
        cataloguePage(
            CatalogueModel(
                text: search.query.text, hits: result.hits, total: result.total, isCapped: result.isCapped,
                pageNumber: result.page, pageCount: result.pages, order: search.query.order,
                address: search.address, facets: search.facets(result, skills: skills),
                filters: search.chips(skills: skills), saved: Set(saved), isSavedOnly: false, whole: whole),
            in: frame))
}

private func content(_ stores: Stores, _ visit: Visit) async throws -> Response {
    let id = try visit.identifier("id", of: Content.self)
    let (me, tenant) = (try visit.me, visit.tenant)
    guard let record = try await stores.library.content(id, of: tenant) else {
        throw Problem(.missing, "content-missing", "There is no such object. It may have been taken out.")
    }
    let children = try await stores.library.children(of: record, tenant: tenant)
    let done = try await stores.sittings.completions(of: me.id, among: [id] + children.map(\.id), in: tenant)
    let playable = try await stores.items.items(of: id, tenant: tenant).count { $0.kind != .opaque }
    let saved = try await stores.nextSteps.saved(by: me.id, of: tenant)
    let standing: ContentModel.Standing
    if let open = try await stores.sittings.openSitting(of: me.id, on: id, in: tenant) {
        standing = .open(link: "/sittings/\(open.id)")
    } else {
        standing = done[id].map { .done($0) } ?? .fresh
    }
    let names = try await stores.skills.names(of: record.skills, tenant: tenant)
    let model = ContentModel(
        content: record, parent: try await stores.library.parent(of: record, tenant: tenant), children: children,
        versions: try await stores.library.versions(of: id, tenant: tenant),
        suggestion: ID<Suggestion>(visit.query.text("suggestion")),
        skills: record.skills.compactMap { names[$0] }, itemCount: playable, isSaved: saved.contains(id),
        standing: standing, asked: try await asked(stores, record, me, tenant), done: Set(done.keys))
    return .page(contentPage(model, in: try await stores.frame(visit, notice: finished(visit))))
}

/// What just happened, when the page comes after the end of a sitting.
private func finished(_ visit: Visit) -> Fragment? {
    guard visit.query.text("said") == "finished" else { return nil }
    let seconds = min(86_400, max(0, Int(visit.query.text("seconds")) ?? 0))
    return notice(.success) { "You finished this. \(Words.span(.seconds(seconds))) counts as learning time." }
}

/// Which open mandates ask for an object or for what holds it.
private func asked(
    _ stores: Stores, _ record: ContentRecord, _ me: PersonRecord, _ tenant: TenantID
) async throws -> [(words: String, link: String)] {
    let assigned = try await stores.mandates.assigned(to: me.id, of: tenant).filter { $0.assignment.state == .open }
    if assigned.isEmpty { return [] }
    let line = try await stores.database.read { connection in
        try stores.library.lineage(of: record, tenant: tenant, on: connection).map(\.id)
    }
    let open = assigned.filter { one in one.mandate.content.map(line.contains) ?? false }
    let names = try await stores.directory.names(of: open.map(\.mandate.asker), tenant)
    return open.map { one in
        let asker = names[one.mandate.asker] ?? "somebody who has left"
        return (
            "“\(one.mandate.title)”, by \(asker), until \(Words.day(one.mandate.deadline))",
            "/mandates/\(one.mandate.id)"
        )
    }
}
