import HTML

/// Links between the pages of a list; empty when there is one page.
func pages(_ number: Int, of count: Int, at address: Address) -> Fragment {
    guard count > 1 else { return .empty }
    return nav(.class("pages"), .aria("label", "Pages")) {
        if number > 1 {
            a(.class("button small"), .init("rel", "prev"), .href(address.with("page", "\(number - 1)").text)) {
                icon(.back)
                "Previous"
            }
        }
        span { "Page \(Words.count(number)) of \(Words.count(count))" }
        if number < count {
            a(.class("button small"), .init("rel", "next"), .href(address.with("page", "\(number + 1)").text)) {
                "Next"
                icon(.next)
            }
        }
    }
}

/// One value of a facet.
struct FacetValue: Sendable {
    let words: String
    /// Nil where nobody counted.
    let count: Int?
    let link: String
    let isChosen: Bool
}

/// One group of links that narrow a list down, each with how many it leaves.
struct Facet: Sendable {
    let heading: String
    let values: [FacetValue]
}

func facets(_ groups: [Facet]) -> Fragment {
    nav(.class("facets"), .aria("label", "Narrow down")) {
        for group in groups where !group.values.isEmpty {
            h2 { group.heading }
            ul {
                for value in group.values {
                    li {
                        a(.href(value.link), .aria("current", value.isChosen ? "true" : nil)) {
                            span { value.words }
                            if let count = value.count { span(.class("count")) { Words.count(count) } }
                        }
                    }
                }
            }
        }
    }
}

/// A filter in force, with the link that takes it away; or one of a few to choose from.
struct Chip: Sendable {
    let words, link: String
    var removes = false
    var isChosen = false
}

func chips(_ list: [Chip], label: String = "Filters") -> Fragment {
    guard !list.isEmpty else { return .empty }
    return ul(.class("chips"), .aria("label", label)) {
        for chip in list {
            li {
                a(.class("chip"), .href(chip.link), .aria("current", chip.isChosen ? "true" : nil)) {
                    if chip.removes { spoken("Remove filter ") }
                    chip.words
                    if chip.removes { icon(.close) }
                }
            }
        }
    }
}

/// One tab of a page with several views.
struct Tab: Sendable {
    let words, link: String
    var isCurrent = false
    var count: Int?
}

func tabs(_ list: [Tab], label: String) -> Fragment {
    nav(.class("tabs"), .aria("label", label)) {
        for tab in list {
            a(.href(tab.link), .aria("current", tab.isCurrent ? "page" : nil)) {
                tab.words
                if let count = tab.count { span(.class("count")) { " \(Words.count(count))" } }
            }
        }
    }
}

/// A plain list of facts.
func sheet(_ facts: [(String, Fragment)]) -> Fragment {
    dl(.class("sheet")) {
        for (name, value) in facts {
            div {
                dt { name }
                dd { value }
            }
        }
    }
}

/// A row of something to do: what, beside whom, how long, by when, how it stands, one action.
struct Todo: Sendable {
    let title, link: String
    let more: String
    var minutes: Int?
    var day: Fragment?
    var status: Status?
    var action: Fragment?
}

func todos(_ list: [Todo]) -> Fragment {
    ul(.class("todos")) {
        for todo in list {
            li(.class("todo")) {
                div {
                    h3 { a(.href(todo.link)) { todo.title } }
                    if !todo.more.isEmpty { p(.class("muted")) { todo.more } }
                }
                span(.class("number")) { todo.minutes.map(Words.minutes) ?? "" }
                if let day = todo.day { day } else { span {} }
                if let status = todo.status { badge(status) }
                if let action = todo.action { action }
            }
        }
    }
}

/// Counters that are links.
struct Counter: Sendable {
    enum Tone: String, Sendable { case plain = "", asked, alert }

    let count: Int
    let words, link: String
    var tone = Tone.plain
}

func counters(_ list: [Counter]) -> Fragment {
    ul(.class("counters")) {
        for counter in list {
            li(.class(counter.count > 0 && counter.tone != .plain ? counter.tone.rawValue : nil)) {
                a(.href(counter.link)) {
                    strong { Words.count(counter.count) }
                    " " + counter.words
                }
            }
        }
    }
}
