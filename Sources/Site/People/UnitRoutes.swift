import Basis
import HTML
import Hummingbird
import People
import Stores
import Web

/// The tree of units.
func unitRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/people/units", .oneOf([.administer, .steward]), "The tree of units.") { visit in
            let change = ID<Unit>(visit.query.text("change"))
            let tree = try await stores.directory.unitTree(of: visit.tenant)
            var entries = Entries()
            if let unit = change.flatMap({ tree[$0] }) {
                entries = Entries(["name": unit.name, "parent": unit.parent.map { "\($0)" } ?? ""])
            }
            let model = try await units(stores, visit, editing: change, entries)
            return .page(unitsPage(model, in: try await stores.framed(visit)))
        },
        .post("/people/units", .right(.administer), "Adds, renames, moves or removes a unit.") { visit in
            let form = try visit.form()
            let id = ID<Unit>(form.text("id"))
            do {
                if form.text("do") == "remove", let id {
                    try await stores.directory.remove(id, of: visit.tenant)
                    return .redirect(to: "/people/units?said=removed")
                }
                let draft = UnitDraft(id: id, name: form.text("name"), parent: ID<Unit>(form.text("parent")))
                try await stores.directory.save(draft, of: visit.tenant)
                return .redirect(to: "/people/units?said=\(id == nil ? "added" : "saved")")
            } catch {
                let entries = Entries(form).refused(try refusal(of: error))
                let model = try await units(stores, visit, editing: id, entries)
                return .page(unitsPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
    ]
}

private func units(
    _ stores: Stores, _ visit: Visit, editing: ID<Unit>?, _ entries: Entries
) async throws -> UnitsModel {
    let tree = try await stores.directory.unitTree(of: visit.tenant)
    let counts = try await stores.directory.headcounts(of: visit.tenant)
    return UnitsModel(
        entries: tree.units.map { unit in
            UnitsModel.Entry(
                id: "\(unit.id)", name: unit.name, path: tree.path(of: unit.id), depth: tree.depth(of: unit.id),
                own: counts[unit.id] ?? 0, all: tree.below(unit.id).reduce(0) { $0 + (counts[$1] ?? 0) })
        }, canAdminister: visit.holds(.administer), editing: editing.map { "\($0)" }, entriesOfForm: entries)
}

/// The audience builder, and the preview that every form with an audience asks.
func audienceRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/people/audience", writers, "The audience builder.") { visit in
            let text = visit.query.text("audience")
            return .page(
                audiencePage(
                    try await audience(stores, visit, Entries(["audience": text.isEmpty ? "everyone" : text])),
                    in: try await stores.framed(visit)))
        },
        .post("/people/audience", writers, "Whom a rule means.") { visit in
            let model = try await audience(stores, visit, Entries(try visit.form()))
            return .page(
                audiencePage(model, in: try await stores.framed(visit)),
                status: model.effect.fault == nil ? .ok : .unprocessableContent)
        },
        .post("/people/audience/preview", writers, "Whom a rule means, as a piece of a page.") { visit in
            .piece(audienceEffect(try await stores.effect(of: visit.form().text("audience"), visit).effect))
        },
    ]
}

private let writers = Access.oneOf([.administer, .steward, .sponsor])

private func audience(_ stores: Stores, _ visit: Visit, _ entries: Entries) async throws -> AudienceModel {
    let effect = try await stores.effect(of: entries.trimmed("audience"), visit).effect
    var entries = entries
    if visit.request.method == .post, let fault = effect.fault { entries.errors["audience"] = fault }
    return AudienceModel(entries: entries, effect: effect, units: try await stores.unitPaths(visit))
}
