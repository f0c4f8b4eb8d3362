import Basis
import HTML
import Hummingbird
import Intent
import People
import Stores
import Web

/// Days away and stand-ins: everybody's own.
func awayRoutes(_ stores: Stores) -> [Route] {
    [
        .get("/me/away", .right(.learn), "When I am away, and who acts for me.") { visit in
            .page(awayPage(try await away(stores, visit), in: try await stores.framed(visit)))
        },
        .post("/me/away", .right(.learn), "Notes days on which I am away.") { visit in
            try await act(stores, visit) { form in
                let me = try visit.me.id
                try await stores.presence.note(
                    me, awayFrom: try day(form, "from"), until: try day(form, "until"), by: me, in: visit.tenant)
            }
        },
        .post("/me/away/{id}/remove", .right(.learn), "Takes days away back.") { visit in
            let id = try visit.identifier("id", of: Absence.self)
            guard try await stores.presence.absence(id, in: visit.tenant)?.person == visit.me.id else {
                throw nothingHere("absence of yours")
            }
            try await stores.presence.remove(id, in: visit.tenant)
            return .redirect(to: "/me/away?said=removed")
        },
        .post("/delegations", .right(.learn), "Asks somebody to stand in.") { visit in
            try await act(stores, visit) { form in
                guard let delegate = ID<Person>(form.text("delegate")) else {
                    throw Problem(.invalid, "person-missing", "Choose a person.", at: ["/delegate"])
                }
                let (from, until) = (try day(form, "actFrom"), try day(form, "actUntil"))
                guard until >= from else {
                    throw Problem(
                        .invalid, "delegation-days", "The last day is before the first. Swap them.", at: ["/actUntil"])
                }
                _ = try await stores.register.delegate(
                    from: visit.me.id, to: delegate, for: ID<AIUse>(form.text("use")), on: from...until,
                    reason: form.text("reason"), of: visit.tenant)
            }
        },
        .post("/delegations/{id}/accept", .right(.learn), "Takes on to stand in.") { visit in
            try await answer(stores, visit, accepting: true)
        },
        .post("/delegations/{id}/decline", .right(.learn), "Does not take on to stand in.") { visit in
            try await answer(stores, visit, accepting: false)
        },
        .post("/delegations/{id}/end", .right(.learn), "Ends standing in.") { visit in
            let id = try visit.identifier("id", of: Delegation.self)
            _ = try await stores.register.endDelegation(id, by: visit.me.id, of: visit.tenant)
            return .redirect(to: "/me/away?said=removed")
        },
    ]
}

private func answer(_ stores: Stores, _ visit: Visit, accepting: Bool) async throws -> Response {
    let id = try visit.identifier("id", of: Delegation.self)
    _ = try await stores.register.answer(id, accepting: accepting, by: visit.me.id, of: visit.tenant)
    return .redirect(to: "/me/away?said=saved")
}

private func day(_ form: Form, _ name: String) throws -> Day {
    guard let day = Day(form.text(name)) else {
        throw Problem(.invalid, "day", "Choose a day.", at: ["/\(name)"])
    }
    return day
}

private func act(_ stores: Stores, _ visit: Visit, _ change: (Form) async throws -> Void) async throws -> Response {
    let form = try visit.form()
    do {
        try await change(form)
        return .redirect(to: "/me/away?said=saved")
    } catch {
        var model = try await away(stores, visit)
        model.entries = Entries(form).refused(try refusal(of: error))
        return .page(awayPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
    }
}

private func away(_ stores: Stores, _ visit: Visit) async throws -> AwayModel {
    let (me, tenant) = (try visit.me, visit.tenant)
    let delegations = try await stores.register.delegations(of: me.id, in: tenant)
    let held = try await stores.register.held(by: me.id, in: tenant).filter { $0.part == .accountable }
    let uses = try await stores.register.list(of: tenant)
    let named = Dictionary(uses.map { ($0.id, $0.name) }) { first, _ in first }
    let names = try await stores.directory.names(
        of: Array(Set(delegations.flatMap { [$0.person, $0.delegate] })), tenant)
    func view(_ one: Delegation) -> AwayModel.StandIn {
        let other = one.person == me.id ? one.delegate : one.person
        return AwayModel.StandIn(
            id: "\(one.id)", who: names[other] ?? "Somebody who has left",
            what: one.use.flatMap { named[$0] } ?? "everything", days: one.days, state: one.state, reason: one.reason,
            isAsked: one.delegate == me.id)
    }
    var model = AwayModel(
        absences: try await stores.presence.absences(of: me.id, from: stores.today, in: tenant).map {
            AwayModel.Stay(id: "\($0.id)", days: $0.days)
        }, given: delegations.filter { $0.person == me.id }.map(view),
        taken: delegations.filter { $0.delegate == me.id }.map(view),
        uses: held.map { Choosable("\($0.use)", named[$0.use] ?? "An AI use") })
    if !model.uses.isEmpty {
        model.search = visit.query.text("find")
        let page = try await stores.directory.people(
            of: tenant, matching: PeopleFilter(text: model.search, isActive: true, pageSize: 100))
        model.candidates = page.items.filter { $0.id != me.id }.map { Choosable("\($0.id)", $0.name) }
    }
    return model
}
