import Basis
import HTML
import Hummingbird
import Intent
import People
import Stores
import Web

/// Policies in prose: everybody reads and accepts their own, stewards write them.
func documentRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/documents", .right(.learn), "Policies to accept.") { visit in
            .page(documentsPage(try await list(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/documents/new", .right(.steward), "The form for a new policy.") { visit in
            let entries = Entries(["audience": "everyone", "owner": "\(try visit.me.id)"])
            let model = try await form(stores, visit, nil, entries)
            return .page(documentFormPage(model, in: try await stores.framed(visit)))
        },
        .post("/documents/new", .right(.steward), "Begins a policy.") { visit in try await save(stores, visit, nil) },
        .get("/documents/{id}", .right(.learn), "One policy.") { visit in
            .page(documentPage(try await document(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/documents/{id}/edit", .right(.steward), "The form for a policy.") { visit in
            let record = try await newest(stores, visit)
            let entries = Entries([
                "title": record.title, "summary": record.summary, "body": record.body,
                "audience": try await stores.text(of: record.audience, visit), "owner": "\(record.owner)",
                "use": record.use.map { "\($0)" } ?? "",
                "material": record.state == .draft && !record.isMaterial ? "no" : "yes",
            ])
            let model = try await form(stores, visit, record, entries)
            return .page(documentFormPage(model, in: try await stores.framed(visit)))
        },
        .post("/documents/{id}/edit", .right(.steward), "Changes a policy.") { visit in
            try await save(stores, visit, try await newest(stores, visit))
        },
        .post("/documents/{id}/publish", .right(.steward), "Publishes a policy.") { visit in
            try await act(stores, visit, said: "published") { _, id in
                _ = try await stores.documents.publish(id, by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/documents/{id}/discard", .right(.steward), "Discards a draft.") { visit in
            let id = try visit.identifier("id", of: PolicyDocument.self)
            try await stores.documents.discard(id, by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/documents?said=discarded")
        },
        .post("/documents/{id}/withdraw", .right(.steward), "Withdraws a policy.") { visit in
            try await act(stores, visit, said: "withdrawn") { form, id in
                try await stores.documents.withdraw(
                    id, reason: form.text("reason"), by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/documents/{id}/accept", .right(.learn), "Accepts a policy.") { visit in
            let form = try visit.form()
            // Accepted on the page of an AI use, one goes on there.
            let use = form.text("use").split(separator: "/").last.flatMap { ID<AIUse>(String($0)) }
            let response = try await act(stores, visit, said: "saved") { form, id in
                try await stores.documents.accept(
                    id, version: Int(form.text("version")) ?? 0, at: use.map { "/register/\($0)" } ?? "page",
                    by: visit.me.id, of: visit.tenant)
            }
            guard let use, response.status == .seeOther else { return response }
            return .redirect(to: "/register/\(use)?said=saved")
        },
    ]
}

private func act(
    _ stores: Stores, _ visit: Visit, said: String,
    _ change: (Form, ID<PolicyDocument>) async throws -> Void
) async throws -> Response {
    let form = try visit.form()
    let id = try visit.identifier("id", of: PolicyDocument.self)
    do {
        try await change(form, id)
        return .redirect(to: "/documents/\(id)?said=\(said)")
    } catch {
        var model = try await document(stores, visit)
        model.entries = Entries(form).refused(try refusal(of: error))
        return .page(documentPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
    }
}

private func newest(_ stores: Stores, _ visit: Visit) async throws -> DocumentRecord {
    let id = try visit.identifier("id", of: PolicyDocument.self)
    guard let record = try await stores.documents.versions(of: id, in: visit.tenant).first else {
        throw nothingHere("policy")
    }
    return record
}

private func list(_ stores: Stores, _ visit: Visit) async throws -> DocumentsModel {
    let me = try visit.me
    let notices = try await stores.documents.notices(for: me.id, of: visit.tenant)
    var entries = notices.map { notice in
        DocumentsModel.Entry(
            title: notice.document.title, summary: notice.document.summary, link: "/documents/\(notice.document.id)",
            state: notice.isNeeded
                ? .asked(notice.accepted == nil ? "to accept" : "changed, to accept again")
                : .done("accepted"),
            line: notice.acceptedAt.map { "Version \(notice.accepted ?? 0) accepted on \(Words.day($0.day))." }
                ?? "Version \(notice.document.version), not accepted yet.", needsMe: notice.isNeeded)
    }
    if visit.holdsAny(overseers + [.steward]) {
        let mine = Set(notices.map(\.document.id))
        for record in try await stores.documents.list(of: visit.tenant)
        where !mine.contains(record.id) || record.state == .draft {
            entries.append(
                DocumentsModel.Entry(
                    title: record.title, summary: record.summary, link: "/documents/\(record.id)",
                    state: record.state.badge, line: "Version \(record.version).", needsMe: false))
        }
    }
    return DocumentsModel(entries: entries, canWrite: visit.holds(.steward))
}

private func document(_ stores: Stores, _ visit: Visit) async throws -> DocumentModel {
    let id = try visit.identifier("id", of: PolicyDocument.self)
    let (me, tenant) = (try visit.me, visit.tenant)
    let all = try await stores.documents.versions(of: id, in: tenant)
    let keeps = visit.holdsAny(overseers + [.steward])
    let notice = try await stores.documents.notices(for: me.id, of: tenant).first { $0.document.id == id }
    // Drafts are their writers' business; the others read what is in force, and what they accepted once.
    let open = all.filter { $0.state != .draft || visit.holds(.steward) }
    let wanted = Int(visit.query.text("version"))
    guard let record = open.first(where: { wanted == nil || $0.version == wanted }), notice != nil || keeps else {
        throw nothingHere("policy")
    }
    let before = notice.flatMap { notice in all.first { $0.version == notice.accepted } }
    let names = try await stores.directory.names(of: [record.owner], tenant)
    var use: AIUseRecord?
    if let wanted = record.use { use = try await stores.register.find(wanted, of: tenant) }
    var model = DocumentModel(
        path: "/documents/\(id)", record: record, owner: names[record.owner] ?? "Somebody who has left",
        audience: try await stores.directory.sentence(of: record.audience, tenant),
        use: use.map { ($0.name, "/register/\($0.id)") }, notice: record.state == .published ? notice : nil,
        changes: notice?.isNeeded == true && record.state == .published
            ? before.map { TextLine.difference(from: $0.body, to: record.body) } ?? [] : [],
        versions: open.map {
            DocumentModel.Version(
                number: $0.version, state: $0.state, isMaterial: $0.isMaterial, published: $0.publishedAt)
        }, canWrite: visit.holds(.steward), coverage: nil)
    if keeps, let coverage = try await stores.documents.coverage(of: id, in: tenant) {
        let shown = Array(coverage.missing.prefix(50))
        let isNamed = try await stores.mayName(.document(id), visit)
        let missing = isNamed ? try await stores.directory.names(of: shown, tenant) : [:]
        model = model.with(
            coverage: (
                Words.share(coverage.accepted, of: coverage.audience, "people") + " accepted what is in force.",
                visit.holds(.steward) ? shown.compactMap { missing[$0] }.sorted() : [],
                coverage.missing.count - shown.count
            ))
    }
    return model
}

extension DocumentModel {
    fileprivate func with(coverage: (accepted: String, missing: [String], more: Int)) -> DocumentModel {
        DocumentModel(
            path: path, record: record, owner: owner, audience: audience, use: use, notice: notice, changes: changes,
            versions: versions, canWrite: canWrite, coverage: coverage, entries: entries)
    }
}

private func save(_ stores: Stores, _ visit: Visit, _ record: DocumentRecord?) async throws -> Response {
    var entries = Entries(try visit.form())
    let (effect, rule) = try await stores.effect(of: entries.trimmed("audience"), visit)
    if let fault = effect.fault { entries.errors["audience"] = fault }
    let draft = DocumentDraft(
        title: entries.trimmed("title"), summary: entries.trimmed("summary"), body: entries["body"], audience: rule,
        owner: ID<Person>(entries["owner"]), use: ID<AIUse>(entries["use"]), isMaterial: entries["material"] != "no")
    if entries["do"] != "preview", entries.errors.isEmpty {
        do {
            let saved =
                if let record {
                    try await stores.documents.revise(record.id, to: draft, by: visit.me.id, of: visit.tenant)
                } else {
                    try await stores.documents.draft(draft, by: visit.me.id, of: visit.tenant)
                }
            return .redirect(to: "/documents/\(saved.id)?said=saved")
        } catch {
            entries = entries.refused(try refusal(of: error))
        }
    }
    let model = try await form(stores, visit, record, entries)
    return .page(
        documentFormPage(model, in: try await stores.framed(visit)),
        status: entries.errors.isEmpty ? .ok : .unprocessableContent)
}

private func form(
    _ stores: Stores, _ visit: Visit, _ record: DocumentRecord?, _ entries: Entries
) async throws -> DocumentFormModel {
    let people = try await stores.directory.people(
        of: visit.tenant, matching: PeopleFilter(isActive: true, pageSize: 200))
    var choices = people.items.map { Choosable("\($0.id)", $0.name) }
    if let owner = record?.owner, !choices.contains(where: { $0.value == "\(owner)" }) {
        let name = try await stores.directory.names(of: [owner], visit.tenant)[owner] ?? "Somebody who has left"
        choices.insert(Choosable("\(owner)", name), at: 0)
    }
    return DocumentFormModel(
        path: record.map { "/documents/\($0.id)" }, entries: entries, people: choices,
        uses: try await stores.register.list(of: visit.tenant).map { Choosable("\($0.id)", $0.name) },
        units: try await stores.unitPaths(visit),
        effect: try await stores.effect(of: entries.trimmed("audience"), visit).effect,
        hasEarlier: (record?.version ?? 0) > 1 || record?.state == .published || record?.state == .withdrawn)
}

extension DocumentRecord.State {
    var badge: Status {
        switch self {
        case .draft: .idle("draft")
        case .published: .done("in force")
        case .superseded: .ended("superseded")
        case .withdrawn: .ended("withdrawn")
        }
    }
}
