import Basis
import Catalog
import HTML

/// One learning object with all that is known of it.
struct ContentModel: Sendable {
    let content: ContentRecord
    let parent: ContentRecord?
    let children: [ContentRecord]
    let versions: [ContentVersion]
    /// The suggestion that led here.
    var suggestion: ID<Suggestion>?
    /// Names of the skills it teaches.
    let skills: [String]
    /// Questions that can be answered here.
    let itemCount: Int
    let isSaved: Bool
    let standing: Standing
    /// What asks for it, such as `asked by Ines Brandt, by 12 March`.
    let asked: [(words: String, link: String)]
    /// Children that are done.
    let done: Set<ID<Content>>

    /// How far the reader is.
    enum Standing: Sendable {
        case fresh
        /// Under way, in this sitting.
        case open(link: String)
        case done(Moment)
    }

    /// Whether there is anything to do within Leeway.
    var isPlayable: Bool { content.hasText || itemCount > 0 || content.url != nil }
}

func contentPage(_ model: ContentModel, in frame: Frame) -> Fragment {
    let content = model.content
    let crumbs = [Crumb("Catalogue", "/learn")] + (model.parent.map { [Crumb($0.title, "/learn/\($0.id)")] } ?? [])
    return page(content.title, in: frame, crumbs: crumbs) {
        contentFacts(content)
    } actions: {
        saveButton(model, frame)
    } content: {
        div(.class("split")) {
            div(.class("stack")) {
                provenanceLine(content.provenance)
                for asked in model.asked {
                    notice(.asked) {
                        "Asked of you: "
                        a(.href(asked.link)) { asked.words }
                        "."
                    }
                }
                if !content.description.isEmpty {
                    p(.lang(content.language.isEmpty ? nil : content.language)) { content.description }
                }
                start(model, frame)
                objectives(content)
                parts(model)
                versions(model)
            }
            aside(.class("card"), .aria("label", "Details")) {
                h2 { "Details" }
                details(model)
            }
        }
    }
}

private func saveButton(_ model: ContentModel, _ frame: Frame) -> Fragment {
    frame.form(to: "/learn/\(model.content.id)/save") {
        hidden("on", model.isSaved ? "no" : "yes")
        press(model.isSaved ? "Saved" : "Save", icon: model.isSaved ? .check : .save)
    }
}

private func start(_ model: ContentModel, _ frame: Frame) -> Fragment {
    guard model.isPlayable else {
        if !model.children.isEmpty { return .empty }
        return notice {
            "There is nothing to read or answer here yet: the catalogue holds the description only."
        }
    }
    let verb =
        model.content.hasText
        ? "Start reading" : model.content.url != nil ? "Open at its source" : "Start questions"
    return section(.class("card")) {
        switch model.standing {
        case .open(let link):
            p { "You are in the middle of this." }
            actions { go("Continue", to: link, .primary, spoken: model.content.title) }
        case .done(let moment):
            p {
                badge(.done("done"))
                " on "
                time(moment.day)
            }
            begin(model, frame, "Do it again", .plain)
        case .fresh:
            begin(model, frame, verb, .primary)
        }
        if let asked = model.asked.first, case .fresh = model.standing {
            p { go("I know this already", to: asked.link + "#test-out", .quiet, icon: .know) }
        } else if model.itemCount > 0, model.content.hasText {
            frame.form(to: "/learn/\(model.content.id)/start") {
                hidden("at", "quiz")
                origin(model)
                press("I can show I know this", .quiet, icon: .know)
            }
        }
        if !model.content.hasText, let url = model.content.url {
            p(.class("muted small")) {
                icon(.external)
                " Leaves Leeway: it is at \(host(of: url)), which sees that you visit it."
            }
        }
    }
}

private func begin(_ model: ContentModel, _ frame: Frame, _ verb: String, _ loudness: Loudness) -> Fragment {
    frame.form(to: "/learn/\(model.content.id)/start", class: "actions") {
        origin(model)
        press(verb, loudness, icon: .play)
        if model.itemCount > 0 {
            span(.class("muted")) { "with \(Words.count(model.itemCount, "question", "questions")) at the end" }
        }
    }
}

private func origin(_ model: ContentModel) -> Fragment? {
    model.suggestion.map { hidden("suggestion", "\($0)") }
}

private func objectives(_ content: ContentRecord) -> Fragment {
    fragment {
        if !content.objectives.isEmpty {
            section(.aria("labelledby", "objectives")) {
                h2(.id("objectives")) { "What it sets out to teach" }
                ul(.class("bullets")) { for objective in content.objectives { li { objective } } }
            }
        }
        if !content.prerequisites.isEmpty {
            section(.aria("labelledby", "before")) {
                h2(.id("before")) { "What to know before" }
                ul(.class("bullets")) { for prerequisite in content.prerequisites { li { prerequisite } } }
            }
        }
    }
}

private func parts(_ model: ContentModel) -> Fragment {
    guard !model.children.isEmpty else { return .empty }
    let done = model.children.count { model.done.contains($0.id) }
    return part("Parts", id: "parts") {
        span(.class("muted")) { "\(Words.count(done)) of \(Words.count(model.children.count)) done" }
    } content: {
        dataTable(
            "Parts of \(model.content.title)", model.children,
            [
                Column("Part") { child in a(.href("/learn/\(child.id)")) { child.title } },
                Column("Kind") { $0.kind },
                Column("Length", .number) { $0.minutes.map(Words.minutes) ?? "not stated" },
                Column("Standing") { child in
                    badge(model.done.contains(child.id) ? .done("done") : .idle("not done yet"))
                },
            ])
    }
}

private func versions(_ model: ContentModel) -> Fragment {
    HTML.details(.class("data")) {
        summary { "Versions (\(Words.count(model.versions.count)))" }
        dataTable(
            "Versions of \(model.content.title)", model.versions,
            [
                Column("Version") { "\($0.version)" },
                Column("Why") { version in
                    switch version.cause {
                    case .made: "came into the catalogue"
                    case .changed: "its description changed"
                    case .text: "its text changed"
                    }
                },
                Column("When") { time($0.madeAt) },
                Column("Made by") { badge($0.provenance.origin) },
            ], isPlain: true)
    }
}

private func details(_ model: ContentModel) -> Fragment {
    let content = model.content
    let unstated = span(.class("muted")) { "not stated" }
    func words(_ text: String) -> Fragment { text.isEmpty ? unstated : Fragment(text) }
    func list(_ texts: [String]) -> Fragment { texts.isEmpty ? unstated : Fragment(texts.joined(separator: ", ")) }
    let optional = [("For roles", content.roles), ("Topics", content.topics), ("Products", content.products)]
        .filter { !$0.1.isEmpty }.map { ($0.0, list($0.1)) }
    return sheet(
        [
            ("Kind", words(content.kind)),
            ("Length", content.minutes.map { Fragment(Words.minutes($0) + lengthNote(content)) } ?? unstated),
            ("Level", content.level.map { Fragment($0.label) } ?? unstated),
            ("Language", words(content.language.isEmpty ? "" : Words.language(content.language))),
            ("Skills", list(model.skills)),
        ] + optional + [
            ("Questions", Fragment(Words.count(model.itemCount))),
            ("Made by", badge(content.provenance.origin)),
            ("Model", words(content.provenance.model ?? "")),
            ("Reviewed by", words(content.provenance.reviewer ?? "")),
            ("Source", source(content) ?? unstated),
            ("Licence", licence(content) ?? unstated),
            ("Attribution", words(content.attribution)),
            ("Last changed at the source", content.modified.map { time($0) } ?? unstated),
            ("Version", Fragment("\(content.version)")),
            ("Identifier", code { content.key }),
        ])
}

private func lengthNote(_ content: ContentRecord) -> String {
    guard let origin = content.minutesOrigin, origin.hasPrefix("derived") else { return "" }
    return ", estimated from the number of words"
}

private func source(_ content: ContentRecord) -> Fragment? {
    guard let url = content.url, url.hasPrefix("http") else {
        return content.source.isEmpty ? nil : Fragment(content.source)
    }
    return leaving(url, content.source.isEmpty ? host(of: url) : content.source)
}

private func licence(_ content: ContentRecord) -> Fragment? {
    if let url = content.licenceURL { return leaving(url, content.licence.isEmpty ? host(of: url) : content.licence) }
    return content.licence.isEmpty ? nil : Fragment(content.licence)
}

/// A link that leads out of Leeway, marked as such.
func leaving(_ url: String, _ words: String) -> Fragment {
    a(.href(url), .init("rel", "noopener external")) {
        words
        icon(.external)
        spoken(" (leaves Leeway)")
    }
}

/// The host of a URL, to say where a link leads.
func host(of url: String) -> String {
    let rest = url.split(separator: "//", maxSplits: 1).last ?? ""
    let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    return host.isEmpty ? url : String(host)
}
