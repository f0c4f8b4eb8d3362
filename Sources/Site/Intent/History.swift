import Basis
import HTML
import Intent

/// One line of a history.
struct ChangeView: Sendable {
    let at: Moment
    let who: String
    let what: String
    let detail: String
    let reason: String
}

/// Who did what, when and why, the newest first.
func history(_ changes: [ChangeView], of name: String) -> Fragment {
    part("History", id: "history") {
        if changes.isEmpty {
            p(.class("muted")) { "Nothing has changed yet." }
        } else {
            dataTable(
                "History of \(name), the newest first", changes,
                [
                    Column("When") { time($0.at) },
                    Column("Who") { person($0.who) },
                    Column("What") { change in
                        change.what
                        if !change.detail.isEmpty { small { change.detail } }
                    },
                    Column("Why") { $0.reason.isEmpty ? "–" : $0.reason },
                ])
        }
    }
}

extension Change.What {
    /// The word that pages show.
    var words: String {
        switch self {
        case .registered: "Registered"
        case .drafted: "Draft written"
        case .revised: "Changed"
        case .published: "Published"
        case .superseded: "Replaced by a newer version"
        case .withdrawn: "Withdrawn"
        case .discarded: "Draft discarded"
        case .retired: "Retired"
        case .restored: "Restored"
        case .overridden: "Published over budget"
        case .moved: "Status changed"
        case .proposed: "Owner asked"
        case .accepted: "Accepted"
        case .declined: "Declined"
        case .ended: "Ended"
        case .refreshed: "Audience refreshed"
        case .classified: "Classified"
        case .delegated: "Stand-in named"
        case .promoted: "Promoted"
        case .adapted: "Adapted"
        case .stopped: "Stopped"
        case .escalated: "Question raised"
        case .decided: "Decided"
        case .excused: "Exempted"
        case .extended: "Due day moved"
        }
    }
}

extension ChangeView {
    init(_ change: Change, names: [ID<Person>: String]) {
        self.init(
            at: change.at, who: names[change.by] ?? "Somebody who has left", what: change.what.words,
            detail: change.detailWords, reason: change.reason)
    }
}

extension Change {
    /// The detail as pages write it: `accountable` of somebody who was asked becomes `as accountable`.
    var detailWords: String {
        let words = Words.prose(detail)
        return switch what {
        case .proposed, .accepted, .declined, .ended: words.isEmpty ? "" : "as \(words)"
        case .registered: words.replacing("status ", with: "as ")
        default: words
        }
    }
}
