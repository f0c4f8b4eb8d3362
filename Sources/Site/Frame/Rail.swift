import HTML
import People

/// One link of the rail.
struct Destination: Sendable {
    let words, link: String
    let icon: Icon
    /// What one needs to hold, any of these; empty for everybody.
    let rights: [Right]
    /// Other paths that belong to it.
    let others: [String]

    init(_ words: String, _ link: String, _ icon: Icon, _ rights: [Right] = [], others: [String] = []) {
        self.words = words
        self.link = link
        self.icon = icon
        self.rights = rights
        self.others = others
    }

    /// Whether a page at `path` belongs here.
    func holds(_ path: String) -> Bool {
        ([link] + others).contains { $0 == path || ($0 != "/" && path.hasPrefix($0 + "/")) }
    }

    /// The rail's first list: the bottom bar of phones.
    static let main = [
        Destination("Home", "/", .home, others: ["/goals", "/suggestions", "/certificates"]),
        Destination("Learn", "/learn", .learn),
        Destination(
            "Intent", "/intent", .intent,
            others: [
                "/strategy", "/mandates", "/register", "/policy", "/rules", "/decisions", "/experiments", "/documents",
                "/certifications", "/escalations",
            ]),
        Destination("Evidence", "/evidence", .evidence),
        Destination("Insight", "/insight", .insight, others: ["/measures", "/dossiers"]),
    ]

    /// The rest, by right.
    static let more = [
        Destination("My desk", "/desk", .register, [.steward]),
        Destination("My team", "/team", .people, [.seeTeam]),
        Destination("People", "/people", .people, [.administer, .steward]),
        Destination("Imports", "/imports", .upload, [.administer, .steward]),
        Destination("Statements", "/statements", .eye, [.steward, .audit]),
        Destination("Ledger", "/ledger", .lock, [.steward, .audit, .administer]),
        Destination("Privacy", "/privacy", .eye, [.administer, .audit]),
        Destination("Settings", "/settings", .settings),
    ]

    /// Pages that the rail does not name and a search finds.
    static let hidden = [
        Destination("My goals", "/goals", .goal),
        Destination("Asked of me", "/asked", .mandate),
        Destination("My data and controls", "/me", .person),
        Destination("Strategy", "/strategy", .strategy),
        Destination("AI register", "/register", .register),
        Destination("Experiments", "/experiments", .goal),
        Destination("Policies to accept", "/documents", .check),
        Destination("Questions about AI uses", "/escalations", .help),
        Destination("When I am away", "/me/away", .settings),
        Destination("Mandates", "/mandates", .mandate),
        Destination("Load against leeway", "/mandates/load", .mandate, [.sponsor, .steward, .audit]),
        Destination("Certifications", "/certifications", .mandate, [.sponsor, .steward, .audit]),
        Destination("My certificates", "/certificates", .mandate),
        Destination("Leeway policy", "/policy", .policy),
        Destination("Access rules", "/rules", .policy),
        Destination("Decisions asked of you", "/decisions", .check),
        Destination("Dossiers", "/dossiers", .download, [.steward, .sponsor, .audit]),
        Destination("Units", "/people/units", .people, [.administer, .steward]),
        Destination("Audiences", "/people/audience", .people, [.administer, .steward, .sponsor]),
        Destination("Record store clients", "/settings/clients", .key, [.administer]),
        Destination("Moving evidence", "/settings/exchange", .swap, [.administer]),
        Destination("Letters", "/settings/mail", .info, [.administer]),
        Destination("How letters reach me", "/me/letters", .settings),
        Destination("xAPI Profiles", "/settings/profiles", .check, [.administer]),
        Destination("Help", "/help", .help),
    ]

    static func open(to frame: Frame, _ list: [Destination]) -> [Destination] {
        list.filter { $0.rights.isEmpty || frame.holdsAny($0.rights) }
    }
}

func rail(_ frame: Frame) -> Fragment {
    nav(.class("rail"), .aria("label", "Main")) {
        a(.class("mark"), .href("/")) {
            icon(.leeway)
            span { "Leeway" }
        }
        ul { entries(Destination.main, frame) }
        ul(.class("more"), .aria("label", "By role")) { entries(Destination.more, frame) }
    }
}

func top(_ frame: Frame) -> Fragment {
    header(.class("top")) {
        a(.class("organisation"), .href("/")) { frame.organisation }
        form(.class("search"), .role("search"), .action("/palette"), .method("get")) {
            icon(.search)
            label(.class("hidden"), .for("search")) { "Search pages, items and people" }
            input(
                .id("search"), .name("q"), .type("search"), .placeholder("Search"), .autocomplete("off"),
                .aria("keyshortcuts", "Control+K Meta+K"))
            element("kbd", [.aria("hidden", "true")], Fragment("Ctrl K"))
        }
        a(.class("help"), .href("/help")) {
            icon(.help)
            span { "Help" }
        }
        details(.class("menu me")) {
            summary {
                avatar(frame.name)
                span { frame.name }
            }
            div(.class("float")) {
                ul {
                    for place in Destination.open(to: frame, Destination.more) where place.link != "/settings" {
                        li(.class("narrow")) { entry(place, frame) }
                    }
                    li {
                        a(.href("/me")) {
                            icon(.person)
                            "My data and controls"
                        }
                    }
                    li {
                        a(.href("/settings")) {
                            icon(.settings)
                            "Settings"
                        }
                    }
                }
                themeSwitch()
                if !frame.csrf.isEmpty { frame.form(to: "/sign-out") { press("Sign out", .quiet) } }
            }
        }
    }
}

/// Light, dark or as the system says. Shown by the script that makes it work.
func themeSwitch() -> Fragment {
    fieldset(.class("theme"), .flag("data-theme-switch"), .hidden(true)) {
        legend { "Theme" }
        for (value, words) in [("system", "System"), ("light", "Light"), ("dark", "Dark")] {
            label {
                input(.type("radio"), .name("theme"), .value(value))
                words
            }
        }
    }
}

private func entries(_ list: [Destination], _ frame: Frame) -> Fragment {
    .group(Destination.open(to: frame, list).map { place in li { entry(place, frame) } })
}

private func entry(_ place: Destination, _ frame: Frame) -> Fragment {
    a(.href(place.link), .aria("current", place.holds(frame.path) ? "page" : nil)) {
        icon(place.icon)
        span { place.words }
    }
}
