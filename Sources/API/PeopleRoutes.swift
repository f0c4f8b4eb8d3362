import Basis
import Hummingbird
import JSON
import People
import Stores
import Web

/// People, units and audiences.
func peopleRoutes(_ stores: Stores) -> [Route] {
    let directory = stores.directory
    let readers = Access.oneOf([.administer, .steward, .audit])
    return [
        .api(
            .get, "/api/v1/people", readers, "People by name, those that match.",
            queries: [
                .takes("q", .text, "Words in name, e-mail or key."), .takes("unit", .text, "A unit's identity."),
                .takes("role", .text), .takes("audience", .text, "An audience rule."),
                .takes("page", .integer, "From 1."), .takes("pageSize", .integer, "1 to 1000."),
            ]
        ) { visit in
            let page = try await directory.people(of: visit.tenant, matching: filter(visit, directory))
            let units = try await directory.unitTree(of: visit.tenant)
            return .json(
                .page(
                    page.items.map { view($0, units) }, total: page.total, page: page.page, pageSize: page.pageSize))
        },
        .api(.get, "/api/v1/people/{id}", readers, "One person.") { visit in
            let id = try visit.identifier("id", of: Person.self)
            guard let person = try await directory.person(id, of: visit.tenant) else { throw missing("person") }
            return visit.taggedJSON(view(person, try await directory.unitTree(of: visit.tenant)))
        },
        .api(.get, "/api/v1/units", .right(.learn), "The organisation's tree, in the order of the paths.") { visit in
            let tree = try await directory.unitTree(of: visit.tenant)
            let heads = try await directory.headcounts(of: visit.tenant)
            return .json(
                .list(
                    tree.units.map { unit in
                        [
                            "id": .init(unit.id), "key": .string(unit.key), "name": .string(unit.name),
                            "path": .string(tree.path(of: unit.id)), "parent": .init(unit.parent),
                            "people": .init(heads[unit.id] ?? 0),
                        ]
                    }))
        },
        .api(
            .get, "/api/v1/audiences/preview", .oneOf([.steward, .sponsor, .administer]),
            "Whom an audience rule means now: a count, the first few, and the rule in words.",
            queries: [.needs("rule", .text, "Such as: unit \"Sales\" and not role manager.")]
        ) { visit in
            guard let text = visit.query.textIfAny("rule") else {
                throw Problem(.invalid, "query", "“rule” is missing. Name an audience rule.")
            }
            let rule = try await directory.audience(parsing: text, of: visit.tenant)
            let preview = try await directory.preview(of: rule, visit.tenant)
            return .json([
                "rule": .string(rule.text), "sentence": .string(preview.sentence), "count": .init(preview.count),
                "total": .init(preview.total),
                "people": .array(preview.people.map { ["id": .init($0.id), "name": .string($0.name)] }),
            ])
        },
    ]
}

private func filter(_ visit: Visit, _ directory: Directory) async throws -> PeopleFilter {
    let query = visit.query
    var filter = PeopleFilter(
        text: query.text("q"), page: try query.page,
        pageSize: try query.integer("pageSize", in: 1...PeopleFilter.pageSizeLimit) ?? 50)
    if let unit = query.textIfAny("unit") {
        guard let id = ID<Unit>(unit) else { throw missing("unit") }
        filter.unit = id
    }
    if let word = query.textIfAny("role") {
        guard let role = Role(rawValue: word) else {
            let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(.invalid, "query", "“\(word)” is no role. Choose one of \(roles).")
        }
        filter.role = role
    }
    if let rule = query.textIfAny("audience") {
        filter.audience = try await directory.audience(parsing: rule, of: visit.tenant)
    }
    return filter
}

private func view(_ person: PersonRecord, _ units: UnitTree) -> JSONValue {
    [
        "id": .init(person.id), "key": .string(person.key), "name": .string(person.name), "email": .init(person.email),
        "unit": .init(person.unit), "unitPath": .init(person.unit.map { units.path(of: $0) }),
        "manager": .init(person.manager),
        "roles": .init(Role.allCases.filter(person.roles.contains).map(\.rawValue)),
        "attributes": .object(
            JSONObject(person.attributes.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) })),
        "active": .bool(person.isActive), "language": .init(person.language),
        "createdAt": .init(person.createdAt),
    ]
}
