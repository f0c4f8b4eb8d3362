import Basis
import Catalog
import HTML
import Markdown

/// A text being read.
struct ReadingModel: Sendable {
    let content: ContentRecord
    /// Markdown.
    let text: String
    let language: String
    let sitting: String
    /// Whether questions follow.
    let itemCount: Int
    let parent: ContentRecord?
}

func readingPage(_ model: ReadingModel, in frame: Frame) -> Fragment {
    let (body, headings) = anchored(CommonMark.html(model.text))
    return barePage(
        model.content.title, in: frame, crumbs: crumbs(to: model.content, in: model.parent), here: "Text"
    ) {
        article(.class("reading"), .flag("data-reading")) {
            nav(.class("margin"), .aria("label", "In this text")) {
                ol { for heading in headings { li { a(.href("#\(heading.id)")) { heading.words } } } }
            }
            div(.class("text"), .lang(model.language.isEmpty ? nil : model.language)) {
                header {
                    h1 { model.content.title }
                    provenanceLine(model.content.provenance)
                    p(.class("muted small")) { contentFacts(model.content) }
                }
                body
                footer(.class("stack")) {
                    frame.form(to: "/sittings/\(model.sitting)/read", class: "actions") {
                        hidden("seconds", "0")
                        press(model.itemCount > 0 ? "Go on to the questions" : "Finish reading", .primary)
                    }
                    p(.class("muted small")) {
                        "The time in which this page is in view counts as learning time. "
                        licenceLine(model.content)
                    }
                }
            }
        }
    }
}

/// The way to what happens within an object.
func crumbs(to content: ContentRecord, in parent: ContentRecord? = nil) -> [Crumb] {
    [Crumb("Catalogue", "/learn")] + (parent.map { [Crumb($0.title, "/learn/\($0.id)")] } ?? [])
        + [Crumb(content.title, "/learn/\(content.id)")]
}

private func licenceLine(_ content: ContentRecord) -> String {
    var line = content.attribution.isEmpty ? "" : content.attribution
    if !content.licence.isEmpty { line += (line.isEmpty ? "" : ", ") + content.licence }
    return line.isEmpty ? "" : "Text: \(line)."
}

/// Gives each second-level heading of what CommonMark rendered an anchor, and lists them: `<h2>` has no attributes
/// there, and no such text stands inside anything else.
func anchored(_ html: String) -> (body: Fragment, headings: [(id: String, words: String)]) {
    var headings: [(id: String, words: String)] = []
    var out = ""
    let lowered = belowTitle(html)
    var rest = Substring(lowered)
    while let open = rest.firstRange(of: "<h2>"), let close = rest.firstRange(of: "</h2>"),
        open.upperBound <= close.lowerBound
    {
        let inner = rest[open.upperBound..<close.lowerBound]
        let id = "part-\(headings.count + 1)"
        headings.append((id, plain(inner)))
        out += rest[..<open.lowerBound]
        out += "<h2 id=\"\(id)\">\(inner)</h2>"
        rest = rest[close.upperBound...]
    }
    out += rest
    return (.trusted(reachable(out)), headings)
}

/// What is wider than a phone scrolls by itself, and can be reached with the keyboard.
private func reachable(_ html: String) -> String {
    html.replacing("<pre>", with: "<pre tabindex=\"0\">")
        .replacing("<table>", with: "<div class=\"scroll\" role=\"region\" aria-label=\"Table\" tabindex=\"0\"><table>")
        .replacing("</table>", with: "</table></div>")
}

/// One level lower for every heading of a text that begins at the first: the page's title is the only `h1`.
private func belowTitle(_ html: String) -> String {
    guard html.contains("<h1>") else { return html }
    return (1...5).reversed().reduce(html) { html, level in
        html.replacing("<h\(level)>", with: "<h\(level + 1)>").replacing("</h\(level)>", with: "</h\(level + 1)>")
    }
}

/// The words of rendered HTML, without tags.
private func plain(_ html: Substring) -> String {
    var words = ""
    var isInTag = false
    for character in html {
        if character == "<" {
            isInTag = true
        } else if character == ">" {
            isInTag = false
        } else if !isInTag {
            words.append(character)
        }
    }
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    return named.reduce(words) { $0.replacing($1.0, with: $1.1) }
}

/// A learning object that lives elsewhere: how to get there, and how to come back.
struct ElsewhereModel: Sendable {
    let content: ContentRecord
    let url: String
    let sitting: String
    let itemCount: Int
}

func elsewherePage(_ model: ElsewhereModel, in frame: Frame) -> Fragment {
    page(
        model.content.title, in: frame, width: .narrow, crumbs: crumbs(to: model.content), here: "Elsewhere"
    ) {
        contentFacts(model.content)
    } content: {
        div(.class("stack")) { elsewhere(model, frame) }
    }
}

private func elsewhere(_ model: ElsewhereModel, _ frame: Frame) -> Fragment {
    fragment {
        provenanceLine(model.content.provenance)
        section(.class("card")) {
            h2 { "This is at \(host(of: model.url))" }
            p {
                "The link leaves Leeway. What you do there is not seen here: come back and say that you finished, "
                "so that it counts."
            }
            actions { leavingButton(model.url) }
        }
        frame.form(to: "/sittings/\(model.sitting)/read", class: "stack") {
            hidden("seconds", "0")
            p(.class("muted")) {
                "The time from opening this page counts, at most "
                "\(model.content.minutes.map(Words.minutes) ?? "one hour")."
            }
            actions { press(model.itemCount > 0 ? "Go on to the questions" : "I have finished it") }
        }
    }
}

private func leavingButton(_ url: String) -> Fragment {
    a(.class("button primary"), .href(url), .init("rel", "noopener external")) {
        icon(.external)
        "Open \(host(of: url))"
        spoken(" (leaves Leeway)")
    }
}
