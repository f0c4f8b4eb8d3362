import HTML
import People

/// Who looks, and where: what every page within the frame needs to know.
struct Frame: Sendable {
    let organisation: String
    let isDemo: Bool
    /// The name of the person who looks.
    let name: String
    let rights: Set<Right>
    /// The path of the page, to mark it in the rail.
    let path: String
    let csrf: String
    /// What the page says first, once, such as that something was undone.
    var notice: Fragment?

    func holds(_ right: Right) -> Bool { rights.contains(right) }

    func holdsAny(_ wanted: [Right]) -> Bool { wanted.contains(where: rights.contains) }

    /// A form that changes something. The hidden field against forgery cannot be forgotten.
    ///
    /// `loss` says what is lost, for a form that takes something away: the page asks first. `preview` is where the
    /// effect of the form as it stands can be asked.
    func form(
        to path: String, class kind: String? = nil, id: String? = nil, loss: String? = nil, preview: String? = nil,
        takesFile: Bool = false, @Markup content: () -> Fragment
    ) -> Fragment {
        HTML.form(
            .class(kind), .id(id), .method("post"), .action(path), .data("confirm", loss), .data("preview", preview),
            .init("enctype", takesFile ? "multipart/form-data" : nil)
        ) {
            hidden("csrf", csrf)
            content()
        }
    }
}

/// How wide a page is.
enum PageWidth: String, Sendable {
    case normal = "page"
    case narrow = "page narrow"
    case wide = "page wide"
    case problem = "page problem"
}

/// One entry of the breadcrumbs.
struct Crumb: Sendable {
    let words, link: String

    init(_ words: String, _ link: String) {
        self.words = words
        self.link = link
    }
}

/// A whole page within the frame.
///
/// The heading is the one `h1` and the document's title; `crumbs` are the pages above this one, from depth 2 on,
/// and `here` is what this one is called among them; at most
/// one of the actions is primary. A page that `refreshes` asks again every five seconds in a browser without script;
/// one with `texture` draws with provenance textures.
func page(
    _ heading: String, in frame: Frame, width: PageWidth = .normal, crumbs: [Crumb] = [], here: String? = nil,
    @Markup lead: () -> Fragment = { .empty }, @Markup actions: () -> Fragment = { .empty },
    refreshes: Bool = false, texture: Bool = false, @Markup content: () -> Fragment
) -> Fragment {
    let inside = fragment {
        breadcrumbs(crumbs, here ?? heading)
        pageHead(heading, lead: lead(), actions: actions())
        frame.notice
        content()
    }
    return shell(heading, in: frame, width: width, refreshes: refreshes, texture: texture, inside)
}

/// A page that draws its own head, such as a reading page.
func barePage(
    _ heading: String, in frame: Frame, width: PageWidth = .normal, crumbs: [Crumb] = [], here: String? = nil,
    @Markup content: () -> Fragment
) -> Fragment {
    let inside = fragment {
        breadcrumbs(crumbs, here ?? heading)
        frame.notice
        content()
    }
    return shell(heading, in: frame, width: width, refreshes: false, texture: false, inside)
}

/// A page that says what is wrong.
func bareShell(_ heading: String, in frame: Frame, @Markup content: () -> Fragment) -> Fragment {
    shell(heading, in: frame, width: .problem, refreshes: false, texture: false, content())
}

private func shell(
    _ heading: String, in frame: Frame, width: PageWidth, refreshes: Bool, texture: Bool, _ inside: Fragment
) -> Fragment {
    document(heading, refreshes: refreshes) {
        body(.class("frame")) {
            a(.class("skip"), .href("#main")) { "Skip to the page" }
            demoBanner(frame.isDemo)
            top(frame)
            rail(frame)
            main(.id("main"), .class(width.rawValue), .init("tabindex", "-1")) { inside }
            footer(.class("foot")) {
                a(.href("/register")) { "AI register" }
                " "
                a(.href("/me")) { "My data" }
                " "
                span { "Leeway" }
            }
            if texture { patterns() }
        }
    }
}

private func breadcrumbs(_ crumbs: [Crumb], _ here: String) -> Fragment {
    guard !crumbs.isEmpty else { return .empty }
    return nav(.class("crumbs"), .aria("label", "Breadcrumbs")) {
        ol {
            for crumb in crumbs { li { a(.href(crumb.link)) { crumb.words } } }
            li(.aria("current", "page")) { here }
        }
    }
}

private func pageHead(_ heading: String, lead: Fragment, actions: Fragment) -> Fragment {
    header(.class("head")) {
        div {
            h1 { heading }
            if !lead.html.isEmpty { p(.class("lead")) { lead } }
        }
        if !actions.html.isEmpty { div(.class("actions")) { actions } }
    }
}
