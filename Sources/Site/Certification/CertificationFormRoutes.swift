import Basis
import Catalog
import Hummingbird
import Intent
import Paths
import People
import Stores
import Web

/// Writing and changing certifications.
func certificationFormRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/certifications/new", authors, "The form for a new certification.") { visit in
            let writing = CertificationWriting(
                stores: stores, visit: visit, record: nil, entries: Entries(try blank(visit)), equivalents: [])
            return .page(certificationFormPage(try await writing.model(), in: try await stores.framed(visit)))
        },
        .post("/certifications/new", authors, "Keeps a new certification as a draft.") { visit in
            let form = try visit.form()
            var writing = CertificationWriting(
                stores: stores, visit: visit, record: nil, entries: Entries(form), equivalents: form.equivalents)
            return try await writing.answer()
        },
        .get("/certifications/{id}/edit", authors, "The form for a certification.") { visit in
            let record = try await stores.certification(visit)
            let entries = try await entries(of: record, stores, visit)
            let writing = CertificationWriting(
                stores: stores, visit: visit, record: record, entries: entries,
                equivalents: record.draft.equivalents)
            return .page(certificationFormPage(try await writing.model(), in: try await stores.framed(visit)))
        },
        .post("/certifications/{id}/edit", authors, "Changes a draft, or a published certification.") { visit in
            let form = try visit.form()
            var writing = CertificationWriting(
                stores: stores, visit: visit, record: try await stores.certification(visit),
                entries: Entries(form), equivalents: form.equivalents)
            return try await writing.answer()
        },
    ]
}

private func blank(_ visit: Visit) throws -> [String: String] {
    let usual = CertificationFields.values(CertificationTerms())
    return usual.merging(
        [
            "audience": "everyone", "asker": "\(try visit.me.id)", "minutes": "60", "renewalMinutes": "30",
            "leaveDays": "28",
        ]
    ) { $1 }
}

private func entries(of record: CertificationRecord, _ stores: Stores, _ visit: Visit) async throws -> Entries {
    let draft = record.draft
    var values = CertificationFields.values(draft.terms)
    values["revision"] = "\(record.revision)"
    values["title"] = draft.title
    values["audience"] = try await stores.text(of: draft.audience, visit)
    values["why"] = draft.why
    values["priority"] = draft.priority?.description ?? ""
    values["basis"] = draft.basis
    values["asker"] = record.asker.description
    values["content"] = draft.content?.description ?? ""
    values["minutes"] = "\(draft.minutes)"
    values["renewalContent"] = draft.renewalContent?.description ?? ""
    values["renewalMinutes"] = "\(draft.renewalMinutes)"
    values["testOut"] = draft.testOut?.description ?? ""
    values["leaveDays"] = draft.leaveDays.map(String.init) ?? ""
    return Entries(values)
}

/// One round of the form.
private struct CertificationWriting: Sendable {
    let stores: Stores
    let visit: Visit
    /// Nil for a new certification.
    let record: CertificationRecord?
    var entries: Entries
    let equivalents: [ID<Content>]

    mutating func answer() async throws -> Response {
        if entries["do"] == "find" { return try await shown(.ok) }
        if entries["do"] == "preview" { return try await previewed() }
        let draft = try await draft()
        if !entries.errors.isEmpty { return try await shown(.unprocessableContent) }
        do {
            try await stores.expectContents(of: draft, in: visit.tenant)
            return try await keep(draft)
        } catch {
            let problem = try refusal(of: error)
            entries = entries.refused(problem) {
                problem.code == "over-budget" ? "" : CertificationFields.name($0)
            }
            if problem.code == "over-budget" { return try await previewed(status: .conflict) }
            return try await shown(problem.kind == .stale ? .conflict : .unprocessableContent)
        }
    }

    /// The form as it stands, with what it would do.
    private mutating func previewed(status: HTTPResponse.Status = .ok) async throws -> Response {
        let kept = entries.errors
        let draft = try await draft()
        var effect = MandateEffect(missing: entries.errors.values.sorted().first)
        entries.errors = kept
        if effect.missing == nil {
            do {
                let preview = try await stores.planner.preview(draft, changing: record?.id, of: visit.tenant)
                effect = try await MandateEffect(preview, of: draft, changing: record?.id, stores, visit)
            } catch {
                effect = MandateEffect(missing: try refusal(of: error).detail)
            }
        }
        var model = try await model()
        model.effect = effect
        return .page(certificationFormPage(model, in: try await stores.framed(visit)), status: status)
    }

    private func keep(_ draft: CertificationDraft) async throws -> Response {
        let (book, me, tenant) = (stores.certifications, try visit.me.id, visit.tenant)
        switch record?.state {
        case nil:
            let made = try await book.draft(draft, by: me, of: tenant)
            return .redirect(to: "/certifications/\(made.id)?said=saved")
        case .published:
            guard let record else { throw nothingHere("certification") }
            let reason = entries.trimmed("override")
            _ = try await stores.planner.revise(
                certification: record.id, to: draft, since: Int(entries["revision"]),
                override: reason.isEmpty ? nil : reason, by: me, of: tenant)
            return .redirect(to: "/certifications/\(record.id)?said=published")
        case .draft, .retired:
            guard let record else { throw nothingHere("certification") }
            _ = try await book.edit(record.id, to: draft, by: me, of: tenant)
            return .redirect(to: "/certifications/\(record.id)?said=saved")
        }
    }

    private func shown(_ status: HTTPResponse.Status) async throws -> Response {
        .page(certificationFormPage(try await model(), in: try await stores.framed(visit)), status: status)
    }

    private mutating func draft() async throws -> CertificationDraft {
        let (effect, audience) = try await stores.effect(of: entries.trimmed("audience"), visit)
        if let fault = effect.fault { entries.errors["audience"] = fault }
        let minutes = entries.integer("minutes", in: MandateDraft.minutesRange)
        let renewalMinutes = entries.integer("renewalMinutes", in: MandateDraft.minutesRange)
        var leaveDays: Int?
        if !entries.trimmed("leaveDays").isEmpty { leaveDays = entries.integer("leaveDays", in: 1...1_100) }
        return CertificationDraft(
            asker: ID<Person>(entries["asker"]), title: entries.trimmed("title"), why: entries.trimmed("why"),
            priority: ID<Priority>(entries["priority"]), basis: entries.trimmed("basis"), audience: audience,
            content: ID<Content>(entries["content"]), minutes: minutes ?? 1,
            renewalContent: ID<Content>(entries["renewalContent"]), renewalMinutes: renewalMinutes ?? 1,
            equivalents: equivalents, testOut: ID<Content>(entries["testOut"]), leaveDays: leaveDays,
            terms: CertificationFields.terms(&entries))
    }

    func model() async throws -> CertificationFormModel {
        let tenant = visit.tenant
        let chosen =
            ["content", "renewalContent", "testOut"].compactMap { ID<Content>(entries[$0]) } + equivalents
        var seen: Set<ID<Content>> = []
        let ids = chosen.filter { seen.insert($0).inserted }
        let titles = try await stores.library.titles(of: ids, tenant: tenant)
        var contents = ids.compactMap { id in titles[id].map { Choosable("\(id)", $0) } }
        let search = entries.trimmed("find")
        if !search.isEmpty {
            let found = try await stores.library.search(SearchQuery(text: search, pageSize: 12), of: tenant).hits
            contents += found.filter { !seen.contains($0.id) }.map { Choosable("\($0.id)", $0.title) }
        }
        let inForce = try await stores.strategies.inForce(of: tenant)
        let priorities = inForce.flatMap { strategy in
            strategy.priorities.map { Choosable("\($0.id)", "priority: \($0.name)") }
        }
        return CertificationFormModel(
            path: record.map { "/certifications/\($0.id)" }, title: record?.title ?? "",
            isPublished: record?.state == .published, entries: entries,
            askers: try await stores.people(
                holding: [.sponsor, .steward, .manager], and: ID<Person>(entries["asker"]), visit),
            priorities: [Choosable("", "a rule (named below)")] + priorities, contents: contents,
            equivalents: Set(equivalents.map(\.description)))
    }
}

extension Form {
    fileprivate var equivalents: [ID<Content>] { all("equivalents").compactMap { ID<Content>($0) } }
}
