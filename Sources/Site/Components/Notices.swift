import HTML

/// A sentence or two that the page says by itself.
enum Tone: String, Sendable {
    case plain = "notice"
    case success = "notice success"
    case asked = "notice asked"
    case alert = "notice alert"
}

func notice(_ tone: Tone = .plain, @Markup _ content: () -> Fragment) -> Fragment {
    let role: String? =
        switch tone {
        case .plain, .asked: nil
        case .success: "status"
        case .alert: "alert"
        }
    let shape: Icon =
        switch tone {
        case .plain: .info
        case .success: .check
        case .asked, .alert: .warning
        }
    return div(.class(tone.rawValue), .role(role)) {
        icon(shape)
        p(content: content)
    }
}

/// What is not there yet: what it is, why one would want it, one button, one example.
func emptyState(
    _ shape: Icon, _ heading: String, _ why: String, example: String? = nil, @Markup action: () -> Fragment = { .empty }
) -> Fragment {
    let button = action()
    return section(.class("empty")) {
        icon(shape)
        h2 { heading }
        p { why }
        if !button.html.isEmpty { p { button } }
        if let example { p(.class("example")) { "For example: " + example } }
    }
}

/// Opens in place: why an automatic judgement came out as it did.
func why(_ heading: String = "Why?", about: String? = nil, @Markup _ content: () -> Fragment) -> Fragment {
    details(.class("why")) {
        summary {
            heading
            if let about { spoken(" " + about) }
        }
        div(content: content)
    }
}

/// A part of a page under its heading, with a link or two at the right.
func part(
    _ heading: String, id: String, @Markup aside: () -> Fragment = { .empty }, @Markup content: () -> Fragment
) -> Fragment {
    section(.class("section"), .aria("labelledby", id)) {
        header {
            h2(.id(id)) { heading }
            aside()
        }
        content()
    }
}

/// Progress of slow work, asked again every two seconds while `poll` is there.
struct JobView: Sendable {
    let title: String
    /// Where the state can be asked; nil once it is over.
    let poll: String?
    let done: Int
    let total: Int?
    /// Such as `objects`.
    let noun: String
    let message: String
}

func job(_ view: JobView) -> Fragment {
    let counted = view.total.map { "\(Words.count(view.done)) of \(Words.count($0)) \(view.noun)" }
    return section(
        .class("job"), .data("poll", view.poll), .data("say", view.message), .aria("labelledby", "job-title")
    ) {
        h2(.id("job-title")) { view.title }
        progress(
            .init("max", view.total.map { "\(max(1, $0))" } ?? "1"),
            .value(view.total.map { "\(min(view.done, $0))" } ?? (view.poll == nil ? "1" : nil)),
            .aria("label", counted ?? view.message))
        p(.class("spread")) {
            span {
                counted ?? "\(Words.count(view.done)) \(view.noun)"
                view.message.isEmpty ? "" : " · \(view.message)"
            }
            if view.poll != nil { span(.class("muted")) { "You can leave this page." } }
        }
    }
}
