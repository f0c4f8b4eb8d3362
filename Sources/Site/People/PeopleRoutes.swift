import Basis
import HTML
import Hummingbird
import Intent
import Paths
import People
import Storage
import Stores
import Web

/// People, units, audiences and the manager's team.
func peopleRoutes(_ stores: Stores) -> [Route] {
    listingPeople(stores) + keepingPeople(stores) + unitRoutes(stores) + audienceRoutes(stores)
}

private let readers = Access.oneOf([.administer, .steward])

private func listingPeople(_ stores: Stores) -> [Route] {
    [
        .get("/people", readers, "The people.") { visit in
            .page(peoplePage(try await people(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/people.csv", readers, "The people as CSV, to be read back by an import.") { visit in
            .csv(try await stores.directory.exportCSV(of: visit.tenant).joined(), fileName: "people.csv")
        },
        .get("/people/{id}", readers, "One person: who they are, never what they practised.") { visit in
            .page(personPage(try await person(stores, visit), in: try await stores.framed(visit)))
        },
        .get("/team", .right(.seeTeam), "A manager's team and what is asked of it.") { visit in
            .page(teamPage(try await team(stores, visit), in: try await stores.framed(visit)))
        },
    ]
}

private func keepingPeople(_ stores: Stores) -> [Route] {
    [
        .get("/people/new", .right(.administer), "The form for a new person.") { visit in
            let model = try await form(stores, visit, nil, Entries(), roles: [.learner])
            return .page(personFormPage(model, in: try await stores.framed(visit)))
        },
        .post("/people/new", .right(.administer), "Adds a person.") { visit in try await save(stores, visit, nil) },
        .get("/people/{id}/edit", .right(.administer), "The form for a person.") { visit in
            let record = try await found(stores, visit)
            let entries = try await entries(of: record, stores, visit)
            let model = try await form(stores, visit, record, entries, roles: record.roles)
            return .page(personFormPage(model, in: try await stores.framed(visit)))
        },
        .post("/people/{id}/edit", .right(.administer), "Changes a person.") { visit in
            try await save(stores, visit, try await found(stores, visit))
        },
        .post("/people/{id}/password", .right(.administer), "Gives a one-time password, shown once.") { visit in
            let record = try await found(stores, visit)
            let password = try await stores.sessions.resetPassword(of: record.id, visit.tenant)
            var model = try await person(stores, visit)
            model.temporaryPassword = password
            var response = Response.page(personPage(model, in: try await stores.framed(visit)))
            // The one page with a secret in it: no copy stays in the browser.
            response.headers[.cacheControl] = "no-store"
            return response
        },
        .post("/people/{id}/deactivate", .right(.administer), "Takes a person's rights.") { visit in
            try await act(stores, visit, .deactivated) { try await stores.directory.deactivate($0, of: visit.tenant) }
        },
        .post("/people/{id}/reactivate", .right(.administer), "Gives the rights back.") { visit in
            try await act(stores, visit, .reactivated) { try await stores.directory.reactivate($0, of: visit.tenant) }
        },
    ]
}

private func act(
    _ stores: Stores, _ visit: Visit, _ said: Said, _ change: (ID<Person>) async throws -> Void
) async throws -> Response {
    let id = try visit.identifier("id", of: Person.self)
    do {
        try await change(id)
        return .redirect(to: "/people/\(id)?said=\(said.rawValue)")
    } catch {
        var model = try await person(stores, visit)
        model.entries = Entries().refused(try refusal(of: error)) { _ in "" }
        return .page(personPage(model, in: try await stores.framed(visit)), status: .conflict)
    }
}

private func found(_ stores: Stores, _ visit: Visit) async throws -> PersonRecord {
    let id = try visit.identifier("id", of: Person.self)
    guard let record = try await stores.directory.person(id, of: visit.tenant) else { throw nothingHere("person") }
    return record
}

// MARK: Models

private func people(_ stores: Stores, _ visit: Visit) async throws -> PeopleModel {
    let query = visit.query
    let tree = try await stores.directory.unitTree(of: visit.tenant)
    let names = ["q", "unit", "role", "active", "audience"]
    let asked = names.map { ($0, query.text($0)) }.filter { !$0.1.isEmpty }
    let audience = try await stores.effect(of: query.text("audience"), visit).rule
    let active = ["yes": true, "no": false][query.text("active")]
    let page = try await stores.directory.people(
        of: visit.tenant,
        matching: PeopleFilter(
            text: query.text("q"), unit: ID<Unit>(query.text("unit")), role: Role(rawValue: query.text("role")),
            audience: audience, isActive: active, page: try query.page))
    return PeopleModel(
        entries: page.items.map { person in
            PeopleModel.Entry(
                name: person.name, link: "/people/\(person.id)", key: person.key, email: person.email,
                unit: person.unit.map { tree.path(of: $0) } ?? "",
                roles: labels(of: person.roles).joined(separator: ", "),
                isActive: person.isActive)
        },
        total: page.total, pageNumber: page.page, pageCount: page.pageCount, address: Address("/people", asked),
        text: query.text("q") + query.text("audience"), unit: query.text("unit"), role: query.text("role"),
        activity: query.text("active"), units: choices(tree),
        roles: Role.allCases.map { Choosable($0.rawValue, $0.label) }, canAdminister: visit.holds(.administer))
}

private func choices(_ tree: UnitTree) -> [Choosable] { tree.units.map { Choosable("\($0.id)", tree.path(of: $0.id)) } }

private func labels(of roles: Set<Role>) -> [String] { Role.allCases.filter(roles.contains).map(\.label) }

private func person(_ stores: Stores, _ visit: Visit) async throws -> PersonModel {
    let record = try await found(stores, visit)
    let tree = try await stores.directory.unitTree(of: visit.tenant)
    let policy = try await stores.policies.current(of: visit.tenant)
    let facts = try await stores.database.read { try stores.directory.facts(of: record.id, visit.tenant, on: $0) }
    let decision = facts.map { policy.decision(for: $0) }
    let leeway = decision.map {
        "\(Words.minutes($0.terms.minutes)) a month, \(Words.minutes($0.terms.guaranteed)) guaranteed"
    }
    return PersonModel(
        path: "/people/\(record.id)", name: record.name, key: record.key, email: record.email,
        unit: record.unit.map { tree.path(of: $0) } ?? "", manager: try await stores.name(of: record.manager, visit),
        roles: labels(of: record.roles),
        attributes: record.attributes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
        language: record.language, isActive: record.isActive,
        hasPassword: try await stores.sessions.hasPassword(record.id, of: visit.tenant),
        canAdminister: visit.holds(.administer), leeway: leeway ?? "none")
}

private func team(_ stores: Stores, _ visit: Visit) async throws -> TeamModel {
    let today = stores.today
    let page = try await stores.directory.people(
        of: visit.tenant, matching: PeopleFilter(manager: visit.me.id, isActive: true, pageSize: 200))
    let tree = try await stores.directory.unitTree(of: visit.tenant)
    let tenant = visit.tenant
    let plans = try await stores.database.read { connection in
        try page.items.map { try stores.planner.plan(of: $0.id, in: tenant, on: today, connection) }
    }
    let members = zip(page.items, plans).map { person, plan in
        let open = plan.asked.filter { $0.assignment.state == .open }
        return TeamModel.Member(
            name: person.name, unit: person.unit.map { tree.path(of: $0) } ?? "", asked: plan.meter.asked,
            ceiling: plan.meter.ceiling, over: plan.meter.over, open: open.count,
            overdue: open.count { $0.mandate.deadline < today })
    }
    var model = TeamModel(members: members, month: Month(today))
    let places = try await stores.certifications.team(of: visit.me.id, on: today, in: tenant)
        .filter(\.standing.isOpen)
    let records = try await stores.certifications.list(of: tenant, state: .published)
    let titles = Dictionary(records.map { ($0.id, $0.title) }, uniquingKeysWith: { one, _ in one })
    let names = Dictionary(page.items.map { ($0.id, $0.name) }, uniquingKeysWith: { one, _ in one })
    model.certificates = places.compactMap { place in
        guard let title = titles[place.certification], let name = names[place.person] else { return nil }
        return TeamModel.Certificate(person: name, title: title, standing: place.standing, dueOn: place.dueOn)
    }
    model.told = try await stores.told(visit) { $0.kind == .escalated }
    model.today = today
    return model
}

// MARK: The form

private func save(_ stores: Stores, _ visit: Visit, _ record: PersonRecord?) async throws -> Response {
    let sent = try visit.form()
    var entries = Entries(sent)
    let roles = Set(sent.all("roles").compactMap(Role.init(rawValue:)))
    var draft = PersonDraft(
        id: record?.id, key: entries.trimmed("key"), name: entries.trimmed("name"), email: sent.textIfAny("email"),
        unit: ID<Unit>(entries["unit"]), roles: roles, isActive: record?.isActive ?? true,
        language: sent.textIfAny("language"))
    if let text = sent.textIfAny("manager") {
        let byKey = try await stores.directory.person(key: text, of: visit.tenant)
        let byEmail = try await stores.directory.person(email: text, of: visit.tenant)
        draft.manager = (byKey ?? byEmail)?.id
        if draft.manager == nil { entries.errors["manager"] = "Nobody has the number or e-mail “\(text)”." }
    }
    for line in sent.text("attributes").split(whereSeparator: \.isNewline) {
        let parts = line.split(separator: "=", maxSplits: 1).map { String($0).trimmingBlanks }
        if parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty {
            draft.attributes[parts[0].lowercased()] = parts[1]
        } else {
            entries.errors["attributes"] = "“\(line)” is no attribute. Write name = value, one a line."
        }
    }
    if entries.errors.isEmpty {
        do {
            let kept = try await stores.directory.save(draft, of: visit.tenant)
            return .redirect(to: "/people/\(kept.id)?said=\(record == nil ? "added" : "saved")")
        } catch {
            entries = entries.refused(try refusal(of: error))
        }
    }
    let model = try await form(stores, visit, record, entries, roles: roles)
    return .page(personFormPage(model, in: try await stores.framed(visit)), status: .unprocessableContent)
}

private func form(
    _ stores: Stores, _ visit: Visit, _ record: PersonRecord?, _ entries: Entries, roles: Set<Role>
) async throws -> PersonFormModel {
    PersonFormModel(
        path: record.map { "/people/\($0.id)" }, name: record?.name ?? "", entries: entries,
        units: choices(try await stores.directory.unitTree(of: visit.tenant)), roles: roles)
}

private func entries(of record: PersonRecord, _ stores: Stores, _ visit: Visit) async throws -> Entries {
    var manager: PersonRecord?
    if let id = record.manager { manager = try await stores.directory.person(id, of: visit.tenant) }
    return Entries([
        "name": record.name, "key": record.key, "email": record.email ?? "",
        "unit": record.unit.map { "\($0)" } ?? "", "manager": manager?.key ?? "", "language": record.language ?? "",
        "attributes": record.attributes.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
            .joined(separator: "\n"),
    ])
}

extension String {
    /// Without space at either end.
    var trimmingBlanks: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
