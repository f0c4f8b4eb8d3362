import Basis
import Catalog
import HTML
import People

/// The catalogue as one search found it.
struct CatalogueModel: Sendable {
    let text: String
    let hits: [ContentRecord]
    let total: Int
    let isCapped: Bool
    let pageNumber, pageCount: Int
    let order: SearchOrder
    /// The search as a link.
    let address: Address
    let facets: [Facet]
    let filters: [Chip]
    let saved: Set<ID<Content>>
    let isSavedOnly: Bool
    /// How many objects there are whatever is asked.
    let whole: Int
}

func cataloguePage(_ model: CatalogueModel, in frame: Frame) -> Fragment {
    page("Catalogue", in: frame, width: .wide) {
        lead(model)
    } content: {
        div(.class("stack")) { shelf(model, frame) }
    }
}

private func shelf(_ model: CatalogueModel, _ frame: Frame) -> Fragment {
    fragment {
        form(.class("palette"), .role("search"), .method("get"), .action("/learn")) {
            label(.class("hidden"), .for("words")) { "Search the catalogue" }
            input(.id("words"), .name("q"), .type("search"), .value(model.text), .placeholder("Search the catalogue"))
            for item in model.address.without("q", "page").items { hidden(item.name, item.value) }
            press("Search", .plain, icon: .search)
        }
        if model.whole == 0 {
            emptyState(
                .learn, "The catalogue is empty",
                "Learning objects come in by an import: a file with one object a line, each with its title, language, "
                    + "length, licence and how it was made.",
                example: "the starter curriculum on AI literacy, 28 readings with quizzes."
            ) {
                if frame.holdsAny([.steward, .administer]) { go("Import catalogue", to: "/imports", .primary) }
            }
        } else {
            chips(model.filters)
            div(.class("bar")) {
                chips(sorts(model), label: "Sort by")
                p(.class("muted")) { found(model) }
            }
            if model.isSavedOnly {
                results(model, frame)
            } else {
                div(.class("split catalogue")) {
                    div { results(model, frame) }
                    facets(model.facets)
                }
            }
        }
    }
}

private func lead(_ model: CatalogueModel) -> Fragment {
    Fragment("\(Words.count(model.whole, "learning object", "learning objects")), all of them open to you.")
}

private func found(_ model: CatalogueModel) -> String {
    if model.isSavedOnly { return Words.count(model.total, "saved object", "saved objects") }
    if model.isCapped { return "more than \(Words.count(model.total)) found; the counts are of the first of them" }
    return "\(Words.count(model.total)) found"
}

private func sorts(_ model: CatalogueModel) -> [Chip] {
    let base = model.address.without("page")
    var list = SearchOrder.allCases.map { order in
        let words =
            switch order {
            case .relevance: "Best match"
            case .title: "Title"
            case .newest: "Newest"
            }
        return Chip(
            words: words, link: base.with("sort", order == .relevance ? nil : order.rawValue).text,
            isChosen: !model.isSavedOnly && order == model.order)
    }
    list.append(Chip(words: "Saved only", link: "/learn?saved=yes", isChosen: model.isSavedOnly))
    return list
}

private func results(_ model: CatalogueModel, _ frame: Frame) -> Fragment {
    fragment {
        if model.hits.isEmpty {
            emptyState(
                .search, model.isSavedOnly ? "Nothing saved" : "Nothing found",
                model.isSavedOnly
                    ? "Save a suggestion or an object, and it waits for you here."
                    : "No object has all of these words and filters. Take a filter away or use fewer words."
            ) {
                go("Show everything", to: "/learn")
            }
        } else {
            div(.class("cards")) {
                for hit in model.hits { contentCard(hit, isSaved: model.saved.contains(hit.id)) }
            }
            pages(model.pageNumber, of: model.pageCount, at: model.address.without("page"))
        }
    }
}

/// The level of a card's heading: never one is skipped.
enum HeadingLevel: Sendable {
    case h2, h3
}

/// An object in a list.
func contentCard(_ content: ContentRecord, level: HeadingLevel = .h2, isSaved: Bool = false) -> Fragment {
    let language: Attribute = .lang(content.language.isEmpty ? nil : content.language)
    let link = a(.href("/learn/\(content.id)"), language) { content.title }
    return article(.class("card")) {
        p(.class("eyebrow")) { contentFacts(content) }
        switch level {
        case .h2: h2 { link }
        case .h3: h3 { link }
        }
        if !content.description.isEmpty {
            p(.class("muted"), .lang(content.language.isEmpty ? nil : content.language)) {
                shortened(content.description, to: 180)
            }
        }
        p(.class("row")) {
            badge(content.provenance.origin)
            if isSaved { badge(.done("saved")) }
            if !content.hasText, content.url != nil {
                span(.class("muted small")) {
                    icon(.external)
                    " elsewhere"
                }
            }
        }
    }
}

/// Kind, length, level and language in one line.
func contentFacts(_ content: ContentRecord) -> String {
    var parts = [content.kind.isEmpty ? "object" : content.kind]
    if let minutes = content.minutes { parts.append(Words.minutes(minutes)) }
    if let level = content.level { parts.append(level.label.lowercased()) }
    if !content.language.isEmpty { parts.append(content.language) }
    return parts.joined(separator: " · ")
}

/// At most so many characters, cut at a word.
func shortened(_ text: String, to limit: Int) -> String {
    guard text.count > limit else { return text }
    let cut = text.prefix(limit)
    let whole = cut.lastIndex(of: " ").map { cut[..<$0] } ?? cut
    return whole.trimmingSuffix { $0.isWhitespace || $0.isPunctuation } + " …"
}

extension Substring {
    fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, isTrimmed(last) { text = text.dropLast() }
        return String(text)
    }
}
