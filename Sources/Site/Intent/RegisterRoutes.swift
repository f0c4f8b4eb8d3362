import Basis
import HTML
import Hummingbird
import Intent
import People
import Stores
import Web

/// The AI register: everybody reads it, stewards keep it, whoever is asked answers.
func registerRoutes(_ stores: Stores) -> [Route] {
    readingRegister(stores) + keepingRegister(stores) + answeringRegister(stores)
}

private func readingRegister(_ stores: Stores) -> [Route] {
    [
        .get("/register", .right(.learn), "The AI register.") { visit in
            .page(registerPage(try await register(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/register/{id}", .right(.learn), "One AI use, as its label says.") { visit in
            .page(aiUsePage(try await use(stores, visit), in: try await stores.framed(visit)))
        },
        .post("/register/{id}/ask", .right(.learn), "Whether one may use an AI for a purpose, now.") { visit in
            let id = try visit.identifier("id", of: AIUse.self)
            let form = try visit.form()
            var model = try await use(stores, visit)
            model.entries = Entries(form)
            model.verdict = try await stores.access.decide(
                AccessQuestion(
                    .known(try visit.me), .useAI, .use(id), purpose: form.textIfAny("purpose"), at: visit.route.path),
                of: visit.tenant)
            return .page(aiUsePage(model, in: try await stores.framed(visit)))
        },
    ]
}

private func keepingRegister(_ stores: Stores) -> [Route] {
    [
        .get("/register/new", .right(.steward), "The form for a new AI use.") { visit in
            let entries = Entries(["audience": "everyone", "kind": "tool", "status": "idea"])
            let model = try await form(stores, visit, nil, entries, data: [])
            return .page(aiUseFormPage(model, in: try await stores.framed(visit)))
        },
        .post("/register/new", .right(.steward), "Enters an AI use.") { visit in try await save(stores, visit, nil) },
        .get("/register/{id}/edit", .right(.steward), "The form for an AI use.") { visit in
            let record = try await found(stores, visit)
            let entries = try await entries(of: record, stores, visit)
            let model = try await form(stores, visit, record, entries, data: Set(record.data))
            return .page(aiUseFormPage(model, in: try await stores.framed(visit)))
        },
        .post("/register/{id}/edit", .right(.steward), "Changes an AI use.") { visit in
            try await save(stores, visit, try await found(stores, visit))
        },
        .post("/register/{id}/propose", .right(.steward), "Asks a person to answer for an AI use.") { visit in
            try await act(stores, visit, said: .asked) { form, id in
                guard let person = ID<Person>(form.text("person")) else {
                    throw Problem(.invalid, "person-missing", "Choose a person.", at: ["/person"])
                }
                let part = Responsibility.Part(rawValue: form.text("part")) ?? .accountable
                let until = form.textIfAny("until").map { Day($0) }
                if case .some(.none) = until {
                    throw Problem(.invalid, "day", "Choose the last day, or none.", at: ["/until"])
                }
                _ = try await stores.register.propose(
                    person, for: id, as: part, until: until ?? nil, by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/register/{id}/relieve", .right(.steward), "Ends a part, or takes a question back.") { visit in
            try await act(stores, visit, said: .removed) { form, _ in
                guard let id = ID<Responsibility>(form.text("responsibility")) else {
                    throw Problem(.invalid, "responsibility", "Choose whom to relieve.")
                }
                _ = try await stores.register.end(
                    id, reason: form.text("reason"), by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/register/{id}/move", .right(.steward), "Suspends or reinstates an AI use.") { visit in
            try await act(stores, visit, said: .moved) { form, id in
                guard let status = AIUseRecord.Status(rawValue: form.text("status")) else {
                    throw Problem(.invalid, "status", "Choose a status.", at: ["/status"])
                }
                _ = try await stores.register.move(
                    id, to: status, reason: form.text("reason"), by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/register/{id}/review", .right(.steward), "Notes a review.") { visit in
            try await act(stores, visit, said: .reviewed) { form, id in
                guard let day = Day(form.text("reviewOn")) else {
                    throw Problem(.invalid, "day", "Choose the day of the next review.", at: ["/reviewOn"])
                }
                _ = try await stores.register.review(
                    id, nextOn: day, note: form.text("note"), by: visit.me.id, of: visit.tenant)
            }
        },
    ]
}

private func answeringRegister(_ stores: Stores) -> [Route] {
    [
        .post("/register/{id}/questions", .right(.learn), "Asks whoever answers for an AI use.") { visit in
            try await act(stores, visit, said: .asked) { form, id in
                _ = try await stores.escalations.raise(
                    form.text("question"), about: id, by: visit.me.id, of: visit.tenant)
            }
        },
        .post("/responsibilities/{id}/accept", .right(.learn), "Takes ownership of an AI use.") { visit in
            let id = try visit.identifier("id", of: Responsibility.self)
            let one = try await stores.register.accept(id, by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/register/\(one.use)?said=accepted")
        },
        .post("/responsibilities/{id}/decline", .right(.learn), "Declines ownership, with a reason.") { visit in
            let id = try visit.identifier("id", of: Responsibility.self)
            let form = try visit.form()
            let asked = try await stores.register.asked(of: visit.me.id, in: visit.tenant).first { $0.id == id }
            do {
                let one = try await stores.register.decline(
                    id, reason: form.text("reason"), by: visit.me.id, of: visit.tenant)
                return .redirect(to: "/register/\(one.use)?said=declined")
            } catch {
                guard let asked else { throw error }
                var model = try await use(asked.use, stores, visit)
                model.entries = Entries(form).refused(try refusal(of: error))
                return .page(aiUsePage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
    ]
}

/// Does something with one use, and shows its page again when it is refused.
private func act(
    _ stores: Stores, _ visit: Visit, said: Said, _ change: (Form, ID<AIUse>) async throws -> Void
) async throws -> Response {
    let form = try visit.form()
    let id = try visit.identifier("id", of: AIUse.self)
    do {
        try await change(form, id)
        return .redirect(to: "/register/\(id)?said=\(said.rawValue)")
    } catch {
        var model = try await use(id, stores, visit)
        model.entries = Entries(form).refused(try refusal(of: error))
        return .page(aiUsePage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
    }
}

private func found(_ stores: Stores, _ visit: Visit) async throws -> AIUseRecord {
    let id = try visit.identifier("id", of: AIUse.self)
    guard let record = try await stores.register.find(id, of: visit.tenant) else { throw nothingHere("AI use") }
    return record
}

// MARK: Models

private func register(_ stores: Stores, _ visit: Visit) async throws -> RegisterModel {
    let all = try await stores.register.overview(of: visit.tenant)
    let people = all.flatMap { [$0.ownership.owner, $0.ownership.asked].compactMap { $0 } }
    let names = try await stores.directory.names(of: Array(Set(people)), visit.tenant)
    let classified = try await stores.register.classifications(of: visit.tenant)
    let entries = all.map { entry in
        RegisterModel.Entry(
            name: entry.use.name, purpose: entry.use.purpose, link: "/register/\(entry.use.id)",
            status: entry.use.status, owner: entry.ownership.owner.flatMap { names[$0] },
            asked: entry.ownership.asked.flatMap { names[$0] }, review: entry.use.reviewOn,
            isOverdue: entry.use.status.isActive && entry.ownership.isReviewOverdue, learners: entry.learners,
            isActive: entry.use.status.isActive, level: classified[entry.use.id]?.result.level)
    }
    let active = all.filter(\.use.status.isActive)
    let unowned = entries.filter { $0.isActive && $0.owner == nil }
    let overdue = entries.filter(\.isOverdue)
    let filter =
        visit.query.text("owner") == "none" ? "none" : visit.query.text("review") == "overdue" ? "overdue" : ""
    return RegisterModel(
        entries: filter == "none" ? unowned : filter == "overdue" ? overdue : entries,
        clearUses: active.count { $0.ownership.isClear }, activeUses: active.count, unowned: unowned.count,
        overdue: overdue.count, filter: filter, canWrite: visit.holds(.steward), today: stores.today)
}

extension Ownership {
    var isReviewOverdue: Bool {
        gaps.contains { gap in
            if case .reviewOverdue = gap { true } else { false }
        }
    }
}

private func use(_ stores: Stores, _ visit: Visit) async throws -> AIUseModel {
    try await use(try visit.identifier("id", of: AIUse.self), stores, visit)
}

private func use(_ id: ID<AIUse>, _ stores: Stores, _ visit: Visit) async throws -> AIUseModel {
    guard let entry = try await stores.register.entry(id, of: visit.tenant) else { throw nothingHere("AI use") }
    let terms = try await stores.register.responsibilities(of: id, in: visit.tenant)
    let classified = try await stores.register.classifications(of: id, in: visit.tenant).first
    let experiment: ExperimentRecord? =
        if let origin = entry.use.origin { try await stores.experiments.find(origin, of: visit.tenant) } else { nil }
    let named =
        terms.map(\.person) + [entry.ownership.standIn, classified?.assessor, experiment?.by].compactMap(\.self)
    let names = try await stores.directory.names(of: Array(Set(named)), visit.tenant)
    let me = try visit.me
    let owner = entry.ownership.owner
    var model = AIUseModel(
        path: "/register/\(id)", record: entry.use,
        audience: try await stores.directory.sentence(of: entry.use.audience, visit.tenant),
        learners: entry.learners, owner: owner.flatMap { names[$0] },
        ownerSince: terms.last { $0.person == owner && $0.state == .accepted }?.answeredAt?.day,
        gaps: entry.ownership.gaps.map { sentence(of: $0, names) }, today: stores.today,
        asked: entry.ownership.asked.flatMap { names[$0] },
        question: terms.first { $0.person == me.id && $0.state == .proposed }.map { ("\($0.id)", $0.part) },
        standIn: entry.ownership.standIn.flatMap { names[$0] },
        classification: classified.map {
            ClassificationView(
                result: $0.result, assessor: names[$0.assessor] ?? "Somebody who has left", day: $0.at.day,
                note: $0.note, law: $0.law, isOutdated: $0.isOutdated(by: entry.use))
        },
        origin: experiment.map {
            ($0.title, "/experiments/\($0.id)", names[$0.by] ?? "somebody who has left")
        },
        canWrite: visit.holds(.steward),
        policies: try await stores.documents.notices(about: id, for: me.id, of: visit.tenant))
    if visit.holdsAny(overseers) || owner == me.id {
        model.terms = terms.reversed().map { term in
            AIUseModel.Term(
                id: "\(term.id)", who: names[term.person] ?? "Somebody who has left", part: term.part,
                state: term.state.badge, isOpen: term.state == .proposed || term.state == .accepted,
                asked: term.proposedAt, answered: term.answeredAt,
                ended: term.endedAt ?? (term.state == .accepted ? term.until?.start : nil), reason: term.reason)
        }
        model.changes = try await stores.history(of: .use(id), visit)
    }
    if model.canWrite {
        model.search = visit.query.text("find")
        let page = try await stores.directory.people(
            of: visit.tenant, matching: PeopleFilter(text: model.search, isActive: true, pageSize: 100))
        let tree = try await stores.directory.unitTree(of: visit.tenant)
        model.candidates = page.items.map { person in
            let unit = person.unit.map { tree.path(of: $0) } ?? ""
            return Choosable("\(person.id)", unit.isEmpty ? person.name : "\(person.name) · \(unit)")
        }
    }
    return model
}

private func sentence(of gap: Ownership.Gap, _ names: [ID<Person>: String]) -> String {
    switch gap {
    case .unowned(let asked):
        asked.flatMap { names[$0] }.map { "Nobody answers for this yet. \($0) is asked and has not answered." }
            ?? "Nobody answers for this yet. Ask someone to take it on."
    case .lapsed(let person):
        "\(names[person] ?? "Whoever answered for this") is no longer active. Ask someone to take it on."
    case .expired(let person, let day):
        "\(names[person] ?? "Whoever answered for this") did so until \(Words.day(day)). Ask someone to take it on."
    case .away(let person):
        "\(names[person] ?? "Whoever answers for this") is away for long and nobody stands in. Ask someone to."
    case .several(let people):
        "\(Words.list(people.compactMap { names[$0] })) all answer for this. Settle on one of them."
    case .reviewOverdue(let day): "The review was due by \(Words.day(day)). Review it and choose the next day."
    }
}

extension Responsibility.State {
    var badge: Status {
        switch self {
        case .proposed: .asked("asked")
        case .accepted: .done("accepted")
        case .declined: .ended("declined")
        case .withdrawn: .ended("withdrawn")
        case .ended: .ended("ended")
        }
    }
}

// MARK: The form

private func save(_ stores: Stores, _ visit: Visit, _ record: AIUseRecord?) async throws -> Response {
    let sent = try visit.form()
    var entries = Entries(sent)
    let data = Set(sent.all("data").compactMap(AIUseRecord.DataClass.init(rawValue:)))
    let (effect, rule) = try await stores.effect(of: entries.trimmed("audience"), visit)
    if let fault = effect.fault { entries.errors["audience"] = fault }
    let draft = AIUseDraft(
        name: entries.trimmed("name"), purpose: entries.trimmed("purpose"),
        kind: AIUseRecord.Kind(rawValue: entries["kind"]) ?? .tool, provider: entries.trimmed("provider"),
        model: entries.trimmed("model"), hosting: entries.trimmed("hosting"), data: data,
        audience: rule ?? .everyone, cost: entries.trimmed("cost"),
        status: AIUseRecord.Status(rawValue: entries["status"]) ?? .idea, risk: entries.trimmed("risk"),
        reviewOn: entries.day("reviewOn"), optOut: entries.trimmed("optOut"), effect: entries.trimmed("effect"),
        governs: AIUseRecord.Feature(rawValue: entries["governs"]),
        consultsNobody: entries["consultsNobody"] == "yes", informsNobody: entries["informsNobody"] == "yes")
    if sent.text("do") != "preview", entries.errors.isEmpty {
        do {
            if let record {
                _ = try await stores.register.change(
                    record.id, to: draft, since: Int(entries["revision"]), reason: entries.trimmed("reason"),
                    by: visit.me.id, of: visit.tenant)
                return .redirect(to: "/register/\(record.id)?said=saved")
            }
            let made = try await stores.register.register(draft, by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/register/\(made.id)?said=added")
        } catch {
            entries = entries.refused(try refusal(of: error))
        }
    }
    let model = try await form(stores, visit, record, entries, data: data)
    return .page(
        aiUseFormPage(model, in: try await stores.framed(visit)),
        status: entries.errors.isEmpty ? .ok : .unprocessableContent)
}

private func form(
    _ stores: Stores, _ visit: Visit, _ record: AIUseRecord?, _ entries: Entries,
    data: Set<AIUseRecord.DataClass>
) async throws -> AIUseFormModel {
    AIUseFormModel(
        path: record.map { "/register/\($0.id)" }, name: record?.name ?? "", entries: entries, data: data,
        units: try await stores.unitPaths(visit),
        effect: try await stores.effect(of: entries.trimmed("audience"), visit).effect)
}

private func entries(of record: AIUseRecord, _ stores: Stores, _ visit: Visit) async throws -> Entries {
    Entries([
        "revision": "\(record.revision)", "name": record.name, "purpose": record.purpose,
        "kind": record.kind.rawValue, "provider": record.provider, "model": record.model, "hosting": record.hosting,
        "audience": try await stores.text(of: record.audience, visit), "cost": record.cost,
        "status": record.status.rawValue, "risk": record.risk, "reviewOn": record.reviewOn?.description ?? "",
        "optOut": record.optOut, "effect": record.effect, "governs": record.governs?.rawValue ?? "",
        "consultsNobody": record.consultsNobody ? "yes" : "", "informsNobody": record.informsNobody ? "yes" : "",
    ])
}
