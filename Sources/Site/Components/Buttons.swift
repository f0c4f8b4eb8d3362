import HTML

/// How loud a button is. At most one primary a page view.
enum Loudness: String, Sendable {
    case plain = "button"
    case primary = "button primary"
    case quiet = "button quiet"
    case danger = "button danger"
    case small = "button small"
    case link = "link"
}

/// A button of a form: a verb with its object.
func press(
    _ words: String, _ loudness: Loudness = .plain, icon shape: Icon? = nil, name: String? = nil, value: String? = nil,
    formaction: String? = nil, form: String? = nil, spoken more: String? = nil
) -> Fragment {
    button(
        .class(loudness.rawValue), .init("name", name), .value(value), .init("formaction", formaction),
        .init("form", form)
    ) {
        if let shape { icon(shape) }
        words
        if let more { spoken(" " + more) }
    }
}

/// A link that looks like a button: it goes somewhere and changes nothing.
func go(
    _ words: String, to path: String, _ loudness: Loudness = .plain, icon shape: Icon? = nil,
    spoken more: String? = nil
) -> Fragment {
    a(.class(loudness.rawValue), .href(path)) {
        if let shape { icon(shape) }
        words
        if let more { spoken(" " + more) }
    }
}

/// Buttons in a row, the main one first.
func actions(@Markup _ content: () -> Fragment) -> Fragment { div(.class("actions"), content: content) }

/// A hidden field.
func hidden(_ name: String, _ value: String) -> Fragment {
    input(.type("hidden"), .name(name), .value(value))
}
