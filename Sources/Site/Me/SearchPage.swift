import HTML

/// One thing that a search found: a page, an object, a person.
struct Found: Sendable {
    let words, link: String
    let kind: String
    let icon: Icon
}

struct SearchModel: Sendable {
    let text: String
    let results: [Found]
}

/// The command palette as a plain page.
func searchPage(_ model: SearchModel, in frame: Frame) -> Fragment {
    page("Search", in: frame, width: .narrow) {
        form(.class("palette"), .role("search"), .action("/palette"), .method("get")) {
            label(.class("hidden"), .for("q")) { "Find a page, an item or a person" }
            input(.id("q"), .name("q"), .type("search"), .value(model.text), .autocomplete("off"))
            press("Search", .primary)
        }
        searchResults(model)
    }
}

/// The list alone, for the palette over a page.
func searchResults(_ model: SearchModel) -> Fragment {
    if model.results.isEmpty {
        return p(.class("muted")) {
            model.text.isEmpty ? "Type a word of what you look for." : "Nothing has “\(model.text)”. Try fewer words."
        }
    }
    return ul(.class("results")) {
        for found in model.results {
            li {
                a(.href(found.link)) {
                    icon(found.icon)
                    span { found.words }
                    small { found.kind }
                }
            }
        }
    }
}
