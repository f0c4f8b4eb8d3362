import Basis
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

/// How something was made: four textures and labels, everywhere the same.
func badge(_ origin: Origin) -> Fragment {
    span(.class("made \(origin.rawValue)")) {
        icon(origin.icon)
        origin.label
    }
}

extension Origin {
    var icon: Icon {
        switch self {
        case .human: .human
        case .assisted: .assisted
        case .generated: .generated
        case .unknown: .unknown
        }
    }
}

/// What is said of how something was made, in one line: the badge, the model, who reviewed it and when.
func provenanceLine(_ provenance: Provenance) -> Fragment {
    p(.class("provenance")) {
        badge(provenance.origin)
        " "
        switch provenance.origin {
        case .human: "Written by people."
        case .assisted: "Written by people with the help of AI\(provenance.model.map { " (\($0))" } ?? "")."
        case .generated: "Written by an AI model\(provenance.model.map { ", \($0)" } ?? "")."
        case .unknown: "Nobody stated how this was made."
        }
        if let reviewer = provenance.reviewer, !reviewer.isEmpty {
            " Reviewed by \(reviewer)"
            if let day = provenance.reviewed {
                " on "
                time(day)
            }
            "."
        } else if provenance.origin == .generated || provenance.origin == .assisted {
            " Not reviewed yet."
        }
    }
}
