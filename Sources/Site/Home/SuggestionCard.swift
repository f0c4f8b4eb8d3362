import Basis
import HTML

/// One suggestion with its reasons.
struct SuggestionView: Sendable {
    let id: String
    let title, link: String
    let kind: String
    let minutes: Int?
    /// Nil for practice without an object.
    let origin: Origin?
    /// The end of a sentence that begins with “because”.
    let reason: String
    /// The strategy's priority or the goal that it serves.
    var serves: String?
    /// The strongest terms of the judgement, each a sentence, the strongest first.
    let terms: [String]
    /// Such as `the learner model, version 1`.
    let madeBy: String
    var isSaved = false
}

func suggestionCard(_ view: SuggestionView, _ frame: Frame) -> Fragment {
    article(.class("card suggestion")) {
        p(.class("eyebrow")) {
            view.kind
            if let minutes = view.minutes { " · \(Words.minutes(minutes))" }
        }
        h3 { a(.href(view.link)) { view.title } }
        p(.class("reason")) { "because \(view.reason)" }
        if let serves = view.serves { p(.class("muted small")) { serves } }
        if let origin = view.origin { p { badge(origin) } }
        why(about: "is “\(view.title)” suggested?") {
            if view.terms.isEmpty {
                p { "Nothing that you answered counts here: it follows what is stated above." }
            } else {
                ol { for term in view.terms { li { term } } }
            }
            p(.class("muted small")) {
                "Suggested by \(view.madeBy). "
                a(.href("/me")) { "See and change what it knows" }
            }
        }
        frame.form(to: "/suggestions/\(view.id)", class: "actions") {
            press("Not for me", .small, name: "do", value: "dismiss", spoken: ": \(view.title)")
            press("I know this", .small, name: "do", value: "know", spoken: ": \(view.title)")
            if view.origin == nil {
            } else if view.isSaved {
                press("Saved", .small, icon: .check, name: "do", value: "unsave", spoken: ": take \(view.title) off")
            } else {
                press("Save", .small, name: "do", value: "save", spoken: ": \(view.title)")
            }
            press("Swap", .small, name: "do", value: "swap", spoken: ": \(view.title)")
        }
    }
}
