import Assess
import Basis
import Catalog
import Hummingbird
import JSON
import People
import Skills
import Stores
import Web

/// The catalogue: search, objects, texts and questions.
func catalogRoutes(_ stores: Stores) -> [Route] {
    [search(stores), skills(stores)] + objects(stores)
}

private func search(_ stores: Stores) -> Route {
    let filters = ["language", "kind", "level", "provenance", "source", "role", "skill"]
    return .api(
        .get, "/api/v1/catalogue", .right(.learn), "Search with filters; each filter may be repeated.",
        queries: [.takes("q", .text, "Words; quotes for words in a row.")]
            + filters.map { .takes($0, .text) }
            + [
                .takes("minMinutes", .integer), .takes("maxMinutes", .integer),
                .takes("order", .text, "relevance, title or newest."), .takes("page", .integer),
                .takes("pageSize", .integer, "1 to 100."),
            ]
    ) { visit in
        let result = try await stores.library.search(searchQuery(visit), of: visit.tenant)
        let facets = SearchFacet.allCases.map { facet in
            let counts = (result.facets[facet] ?? []).map { count -> JSONValue in
                ["value": .string(count.value), "count": .init(count.count)]
            }
            return (facet.rawValue, JSONValue.array(counts))
        }
        return .json([
            "items": .array(result.hits.map(summary)), "total": .init(result.total), "page": .init(result.page),
            "pageSize": .init(result.pageSize), "capped": .bool(result.isCapped),
            "facets": .object(JSONObject(facets)),
        ])
    }
}

private func searchQuery(_ visit: Visit) throws -> SearchQuery {
    let form = visit.query
    var query = SearchQuery(
        text: form.text("q"),
        order: try word("order", form.textIfAny("order") ?? SearchOrder.relevance.rawValue),
        page: try form.integer("page", in: 1...SearchQuery.pageLimit) ?? 1,
        pageSize: try form.integer("pageSize", in: 1...SearchQuery.pageSizeLimit) ?? 20)
    query.languages = form.all("language")
    query.kinds = form.all("kind")
    query.levels = try form.all("level").map { try word("level", $0) }
    query.origins = try form.all("provenance").map { try word("provenance", $0) }
    query.sources = form.all("source")
    query.roles = form.all("role")
    query.skills = try form.all("skill").map { text in
        guard let id = ID<Skill>(text) else { throw missing("skill") }
        return id
    }
    let least = try form.integer("minMinutes", in: 0...100_000)
    let most = try form.integer("maxMinutes", in: 0...100_000)
    if least != nil || most != nil {
        guard (least ?? 0) <= (most ?? 100_000) else {
            throw Problem(.invalid, "query", "“minMinutes” is larger than “maxMinutes”. Swap them.")
        }
        query.minutes = (least ?? 0)...(most ?? 100_000)
    }
    return query
}

/// Reads one of a closed set of words.
func word<Word: RawRepresentable<String> & CaseIterable>(_ name: String, _ text: String) throws(Problem) -> Word {
    guard let word = Word(rawValue: text) else {
        let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
        throw Problem(.invalid, "word", "“\(text)” is no \(name). Choose one of \(known).", at: ["/\(name)"])
    }
    return word
}

private func objects(_ stores: Stores) -> [Route] {
    let library = stores.library
    return [
        .api(.get, "/api/v1/content/{id}", .right(.learn), "One learning object with its versions.") { visit in
            let content = try await content(visit, library)
            let versions = try await library.versions(of: content.id, tenant: visit.tenant)
            var json = detail(content)
            json["versions"] = .array(
                versions.map {
                    ["version": .init($0.version), "cause": .init($0.cause), "madeAt": .init($0.madeAt)]
                })
            return visit.taggedJSON(.object(json))
        },
        .api(.get, "/api/v1/content/{id}/text", .right(.learn), "The text to read, as Markdown.") { visit in
            let content = try await content(visit, library)
            guard let text = try await library.text(of: content.id, tenant: visit.tenant) else {
                throw Problem(.missing, "text-missing", "This object has no text here. Follow its link.")
            }
            return visit.taggedJSON([
                "language": .string(text.language), "markdown": .string(text.body), "words": .init(text.words),
                "sinceVersion": .init(text.sinceVersion),
            ])
        },
        .api(.get, "/api/v1/content/{id}/children", .right(.learn), "The objects below one.") { visit in
            let content = try await content(visit, library)
            let children = try await library.children(of: content, tenant: visit.tenant)
            return .json(.list(children.map(summary)))
        },
        .api(
            .get, "/api/v1/content/{id}/items", .right(.learn),
            "The questions of an object, without their keys and explanations."
        ) { visit in
            let content = try await content(visit, library)
            let items = try await stores.items.items(of: content.id, tenant: visit.tenant)
            return .json(.list(items.map(question)))
        },
    ]
}

private func content(_ visit: Visit, _ library: Library) async throws -> ContentRecord {
    let id = try visit.identifier("id", of: Content.self)
    guard let content = try await library.content(id, of: visit.tenant) else { throw missing("learning object") }
    return content
}

private func skills(_ stores: Stores) -> Route {
    .api(
        .get, "/api/v1/skills", .right(.learn), "Skills by name.",
        queries: [
            .takes("q", .text), .takes("framework", .text), .takes("page", .integer),
            .takes("pageSize", .integer, "1 to 500."),
        ]
    ) { visit in
        let (page, size) = (try visit.query.page, try visit.query.integer("pageSize", in: 1...500) ?? 100)
        var filter = SkillFilter(text: visit.query.text("q"), page: page, pageSize: size)
        filter.framework = visit.query.textIfAny("framework")
        let (skills, total) = try await stores.skills.list(filter, of: visit.tenant)
        return .json(.page(skills.map(view), total: total, page: page, pageSize: size))
    }
}

private func view(_ skill: SkillRecord) -> JSONValue {
    [
        "id": .init(skill.id), "key": .string(skill.key), "name": .string(skill.name),
        "description": .string(skill.description), "framework": .string(skill.framework),
        "parent": .init(skill.parent),
    ]
}

/// What a learner may see of a question before answering it.
func question(_ item: ItemRecord) -> JSONValue {
    [
        "id": .init(item.id), "key": .string(item.key), "kind": .init(item.kind), "stem": .string(item.stem),
        "situation": .string(item.situation), "choices": .init(item.choices), "matches": .init(item.matches),
        "unit": .init(item.numeric?.unit), "outcome": .string(item.outcome), "review": .init(item.review),
        "skills": .init(item.skills), "level": .init(item.level?.rawValue),
        "language": .string(item.language), "licence": .string(item.licence), "author": .string(item.author),
        "provenance": view(item.provenance),
    ]
}

/// As in lists.
func summary(_ content: ContentRecord) -> JSONValue { .object(brief(content)) }

private func brief(_ content: ContentRecord) -> JSONObject {
    JSONObject([
        ("id", .init(content.id)), ("key", .string(content.key)), ("version", .init(content.version)),
        ("kind", .string(content.kind)), ("title", .string(content.title)),
        ("description", .string(content.description)), ("language", .string(content.language)),
        ("minutes", .init(content.minutes)), ("level", .init(content.level?.rawValue)),
        ("skills", .init(content.skills)), ("hasText", .bool(content.hasText)),
        ("provenance", view(content.provenance)),
    ])
}

private func detail(_ content: ContentRecord) -> JSONObject {
    var json = brief(content)
    json["roles"] = .init(content.roles)
    json["topics"] = .init(content.topics)
    json["products"] = .init(content.products)
    json["objectives"] = .init(content.objectives)
    json["prerequisites"] = .init(content.prerequisites)
    json["parent"] = .init(content.parent)
    json["children"] = .init(content.children)
    json["translationOf"] = .init(content.translationOf)
    json["minutesOrigin"] = .init(content.minutesOrigin)
    json["url"] = .init(content.url)
    json["source"] = .string(content.source)
    json["licence"] = .string(content.licence)
    json["licenceURL"] = .init(content.licenceURL)
    json["attribution"] = .string(content.attribution)
    json["modified"] = .init(content.modified)
    json["changedAt"] = .init(content.changedAt)
    return json
}

func view(_ provenance: Provenance) -> JSONValue {
    [
        "origin": .init(provenance.origin), "digitalSourceType": .init(provenance.digitalSourceType),
        "model": .init(provenance.model), "reviewer": .init(provenance.reviewer),
        "reviewed": .init(provenance.reviewed),
    ]
}
