import Basis
import Catalog
import Web

/// The catalogue's address read as a search, and the search written as links.
struct CatalogueSearch: Sendable {
    /// Ranges of length, by the value of `length=`.
    static let lengths: [(value: String, words: String, range: ClosedRange<Int>)] = [
        ("10", "up to 10 min", 0...10), ("30", "11 to 30 min", 11...30), ("60", "31 to 60 min", 31...60),
        ("more", "more than 1 h", 61...1_000_000),
    ]

    private(set) var query: SearchQuery
    /// Without the page.
    private(set) var address: Address

    /// What does not read is left out: a link of old finds more rather than nothing.
    init(_ form: Form) {
        query = SearchQuery(
            text: form.text("q"), order: SearchOrder(rawValue: form.text("sort")) ?? .relevance,
            page: min(SearchQuery.pageLimit, max(1, Int(form.text("page")) ?? 1)))
        address = Address("/learn").with("q", query.text)
        if query.order != .relevance { address = address.with("sort", query.order.rawValue) }
        for facet in SearchFacet.allCases {
            for value in form.all(facet.rawValue).prefix(20) where !value.isEmpty {
                if add(facet, value) { address = address.adding(facet.rawValue, value) }
            }
        }
        if let length = CatalogueSearch.lengths.first(where: { $0.value == form.text("length") }) {
            query.minutes = length.range
            address = address.with("length", length.value)
        }
    }

    private mutating func add(_ facet: SearchFacet, _ value: String) -> Bool {
        switch facet {
        case .language: query.languages.append(value)
        case .kind: query.kinds.append(value)
        case .level:
            guard let level = Level(rawValue: value) else { return false }
            query.levels.append(level)
        case .provenance:
            guard let origin = Origin(rawValue: value) else { return false }
            query.origins.append(origin)
        case .source: query.sources.append(value)
        case .role: query.roles.append(value)
        case .skill:
            guard let skill = ID<Skill>(value) else { return false }
            query.skills.append(skill)
        }
        return true
    }

    /// The facets as links that choose a value or let it go.
    func facets(_ result: SearchResult, skills: [ID<Skill>: String]) -> [Facet] {
        var groups = SearchFacet.allCases.map { facet in
            Facet(
                heading: facet.heading,
                values: (result.facets[facet] ?? []).prefix(12).map { count in
                    let isChosen = address.items.contains(.init(name: facet.rawValue, value: count.value))
                    let link =
                        isChosen
                        ? address.removing(facet.rawValue, count.value) : address.adding(facet.rawValue, count.value)
                    return FacetValue(
                        words: words(facet, count.value, skills), count: count.count, link: link.text,
                        isChosen: isChosen)
                })
        }
        let lengths = CatalogueSearch.lengths.map { length in
            let isChosen = query.minutes == length.range
            return FacetValue(
                words: length.words, count: nil, link: address.with("length", isChosen ? nil : length.value).text,
                isChosen: isChosen)
        }
        groups.append(Facet(heading: "Length", values: lengths))
        return groups.filter { $0.values.count > 1 || $0.values.contains(where: \.isChosen) }
    }

    /// The filters in force, each with the link that takes it away.
    func chips(skills: [ID<Skill>: String]) -> [Chip] {
        address.items.compactMap { item in
            if let facet = SearchFacet(rawValue: item.name) {
                return Chip(
                    words: "\(facet.heading): \(words(facet, item.value, skills))",
                    link: address.removing(item.name, item.value).text, removes: true)
            }
            if item.name == "length", let length = CatalogueSearch.lengths.first(where: { $0.value == item.value }) {
                return Chip(
                    words: "Length: \(length.words)", link: address.removing(item.name, item.value).text,
                    removes: true)
            }
            return item.name == "q"
                ? Chip(words: "“\(item.value)”", link: address.with("q", nil).text, removes: true) : nil
        }
    }

    private func words(_ facet: SearchFacet, _ value: String, _ skills: [ID<Skill>: String]) -> String {
        switch facet {
        case .level: Level(rawValue: value)?.label ?? value
        case .provenance: Origin(rawValue: value)?.label ?? value
        case .skill: ID<Skill>(value).flatMap { skills[$0] } ?? "a skill that is gone"
        case .language, .kind, .source, .role: value.isEmpty ? "not stated" : value
        }
    }
}

extension SearchFacet {
    /// The word above its values.
    var heading: String {
        switch self {
        case .language: "Language"
        case .kind: "Kind"
        case .level: "Level"
        case .provenance: "Made by"
        case .source: "Source"
        case .role: "For role"
        case .skill: "Skill"
        }
    }
}
