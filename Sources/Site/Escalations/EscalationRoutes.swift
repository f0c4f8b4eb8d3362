import Basis
import Hummingbird
import Intent
import People
import Stores
import Web

/// Questions about AI uses: anybody asks, whoever answers for the use answers, stewards what waits too long.
func escalationRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/escalations", .right(.learn), "Questions about AI uses.") { visit in
            let model = try await list(stores, visit, nil)
            return .page(escalationsPage(model, in: try await stores.framed(visit)))
        },
        .post("/escalations/rules", .right(.steward), "Sets the rules of governing.") { visit in
            let form = try visit.form()
            do {
                let text = form.text("agreement").replacing(",", with: ".")
                _ = try await stores.escalations.set(
                    answerDays: Int(form.text("answerDays")) ?? 0,
                    // What is no number lies outside every range.
                    agreement: text.isEmpty ? nil : Double(text) ?? -1, by: visit.me.id, of: visit.tenant)
                return .redirect(to: "/escalations?said=saved")
            } catch {
                let model = try await list(stores, visit, Entries(form).refused(try refusal(of: error)))
                return .page(
                    escalationsPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
            }
        },
        .get("/escalations/{id}", .right(.learn), "One question about an AI use.") { visit in
            .page(escalationPage(try await one(stores, visit, Entries()), in: try await stores.framed(visit)))
        },
        .post("/escalations/{id}/answer", .right(.learn), "Answers a question about an AI use.") { visit in
            try await act(stores, visit) { form, id in
                _ = try await stores.escalations.answer(
                    id, form.text("answer"), by: visit.me.id, isSteward: visit.holds(.steward), of: visit.tenant)
            }
        },
        .post("/escalations/{id}/hand-over", .right(.learn), "Hands a question to somebody else.") { visit in
            try await act(stores, visit) { form, id in
                guard let person = ID<Person>(form.text("person")) else {
                    throw Problem(.invalid, "person-missing", "Choose to whom.", at: ["/person"])
                }
                _ = try await stores.escalations.handOver(
                    id, to: person, reason: form.text("reason"), by: visit.me.id, isSteward: visit.holds(.steward),
                    of: visit.tenant)
            }
        },
    ]
}

private func act(
    _ stores: Stores, _ visit: Visit, _ change: (Form, ID<Escalation>) async throws -> Void
) async throws -> Response {
    let form = try visit.form()
    let id = try visit.identifier("id", of: Escalation.self)
    do {
        try await change(form, id)
        return .redirect(to: "/escalations/\(id)?said=saved")
    } catch {
        let model = try await one(stores, visit, Entries(form).refused(try refusal(of: error)))
        return .page(escalationPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
    }
}

private func list(_ stores: Stores, _ visit: Visit, _ entries: Entries?) async throws -> EscalationsModel {
    let isSteward = visit.holds(.steward)
    let me = try visit.me.id
    let waiting = try await stores.escalations.waiting(for: me, isSteward: isSteward, of: visit.tenant)
    let all = try await stores.escalations.list(of: visit.tenant).filter { isSteward || $0.by == me }
    let names = try await stores.directory.names(of: (waiting + all).map(\.by), visit.tenant)
    let uses = Dictionary(
        uniqueKeysWithValues: try await stores.register.list(of: visit.tenant).map { ($0.id, $0.name) })
    let today = stores.today
    func row(_ one: EscalationRecord) -> EscalationsModel.Row {
        EscalationsModel.Row(
            use: uses[one.use] ?? "", question: one.question, link: "/escalations/\(one.id)", by: names[one.by],
            raised: one.raisedAt.day, due: one.dueOn, status: one.badge(on: today))
    }
    let policy = try await stores.escalations.policy(of: visit.tenant)
    let kept = Entries([
        "answerDays": "\(policy.answerDays)", "agreement": policy.agreement.map { "\($0)" } ?? "",
    ])
    return EscalationsModel(
        waiting: waiting.map(row), others: all.map(row), isSteward: isSteward, entries: entries ?? kept)
}

private func one(_ stores: Stores, _ visit: Visit, _ entries: Entries) async throws -> EscalationModel {
    let id = try visit.identifier("id", of: Escalation.self)
    let me = try visit.me.id
    guard let record = try await stores.escalations.find(id, of: visit.tenant),
        let use = try await stores.register.find(record.use, of: visit.tenant)
    else { throw nothingHere("question") }
    let waiting = try await stores.escalations.waiting(
        for: me, isSteward: visit.holds(.steward), of: visit.tenant)
    let canAnswer = waiting.contains { $0.id == id }
    // Who asked, who answers and those who oversee: nobody else.
    guard record.by == me || canAnswer || record.holder == me || record.decidedBy == me || visit.holdsAny(overseers)
    else { throw nothingHere("question") }
    let people = [record.by] + [record.holder, record.decidedBy].compactMap(\.self)
    let names = try await stores.directory.names(of: people, visit.tenant)
    var model = EscalationModel(
        path: "/escalations/\(id)", record: record, use: (use.name, "/register/\(use.id)"), by: names[record.by],
        holder: record.holder.map { names[$0] ?? "somebody who has left" },
        decidedBy: record.decidedBy.flatMap { names[$0] }, status: record.badge(on: stores.today),
        canAnswer: canAnswer, entries: entries)
    if canAnswer {
        model.search = visit.query.text("find")
        let page = try await stores.directory.people(
            of: visit.tenant, matching: PeopleFilter(text: model.search, isActive: true, pageSize: 100))
        model.candidates = page.items.filter { $0.id != me }.map { Choosable("\($0.id)", $0.name) }
    }
    model.changes = try await stores.history(of: .escalation(id), visit)
    return model
}

extension EscalationRecord {
    func badge(on today: Day) -> Status {
        if !isOpen { return .done("answered") }
        return isOverdue(on: today) ? .alert("overdue") : .open("open")
    }
}
