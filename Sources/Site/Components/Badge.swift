import HTML

/// A status: one word, one shape, one colour.
struct Status: Hashable, Sendable {
    let words: String
    let shape: Icon
    let tone: Tone

    enum Tone: String, Sendable {
        case plain = "badge"
        case done = "badge done"
        case under = "badge under"
        case asked = "badge asked"
        case alert = "badge alert"
    }

    /// Done, accepted, on.
    static func done(_ words: String) -> Status { Status(words: words, shape: .full, tone: .done) }
    /// In progress, preview, in review.
    static func under(_ words: String) -> Status { Status(words: words, shape: .half, tone: .under) }
    /// Not started, draft, off.
    static func idle(_ words: String) -> Status { Status(words: words, shape: .empty, tone: .plain) }
    /// Due soon, asked.
    static func asked(_ words: String) -> Status { Status(words: words, shape: .diamond, tone: .asked) }
    /// Overdue, unowned, over budget.
    static func alert(_ words: String) -> Status { Status(words: words, shape: .triangle, tone: .alert) }
    /// Not counted yet, not measured.
    static func open(_ words: String) -> Status { Status(words: words, shape: .dashed, tone: .plain) }
    /// Retired, withdrawn, excused.
    static func ended(_ words: String) -> Status { Status(words: words, shape: .square, tone: .plain) }
}

func badge(_ status: Status) -> Fragment {
    span(.class(status.tone.rawValue)) {
        icon(status.shape)
        status.words
    }
}

/// How something was made, as its label says. Four textures, everywhere the same.
enum Making: String, CaseIterable, Sendable {
    case human, assisted, generated, unknown

    var words: String {
        switch self {
        case .human: "Human-made"
        case .assisted: "AI-assisted"
        case .generated: "AI-generated"
        case .unknown: "Unknown"
        }
    }

    var icon: Icon {
        switch self {
        case .human: .human
        case .assisted: .assisted
        case .generated: .generated
        case .unknown: .unknown
        }
    }
}

func badge(_ making: Making) -> Fragment {
    span(.class("made \(making.rawValue)")) {
        icon(making.icon)
        making.words
    }
}
