import Basis
import HTML

/// One mandate as it stands with the person who looks.
struct AskedView: Sendable {
    let id: ID<Mandate>
    let title: String
    /// The object, or the mandate where there is none.
    let link: String
    let asker: String
    /// Such as `for the priority “safe use”`; empty when nothing is stated.
    let ground: String
    let minutes: Int
    let spent: Int
    let deadline: Day
    let today: Day
    let isOpen: Bool
    /// The object whose questions show that one knows it already.
    var testOut: ID<Content>?
    /// Where one may show by a test to know it already.
    var test: String?
    /// Whether the person says themselves that it is done.
    let isByWord: Bool

    enum Due: String, CaseIterable, Sendable { case overdue, soon, later }

    /// Days before a deadline from which it is due soon.
    static let soonDays = 14

    var due: Due { deadline < today ? .overdue : deadline - today <= AskedView.soonDays ? .soon : .later }

    var status: Status {
        if !isOpen { return .done("done") }
        return switch due {
        case .overdue: .alert("overdue")
        case .soon: .asked("due soon")
        case .later: spent > 0 ? .under("in progress") : .idle("not started")
        }
    }

    func todo(_ frame: Frame) -> Todo {
        var action: Fragment?
        if isOpen, let testOut {
            action = frame.form(to: "/learn/\(testOut)/start") {
                hidden("at", "quiz")
                press("I can show I know this", .small, spoken: title)
            }
        } else if isOpen, let test {
            action = go("I know this already", to: test, .small, spoken: title)
        } else if isOpen, isByWord {
            action = frame.form(to: "/asked/\(id)/done") { press("I have done it", .small, spoken: title) }
        }
        return Todo(
            title: title, link: link, more: "asked by \(asker)" + (ground.isEmpty ? "" : ", \(ground)"),
            minutes: minutes, day: time(deadline, today: today), status: status, action: action)
    }
}

/// Why somebody asked for more than fits.
struct OverrideView: Sendable {
    let title, link, by, reason: String
    let minutes: Int
}

struct AskedModel: Sendable {
    /// Open ones by deadline, then the done ones.
    let all: [AskedView]
    let due: AskedView.Due?
    let overrides: [OverrideView]
    let meter: LeewayView
    let shortfall: ShortfallView?
}

/// Why not all of it can be done in time, and the smallest set that would have to give way.
struct ShortfallView: Sendable {
    struct Part: Sendable {
        let title, link: String
        let minutes: Int
        let deadline: Day
        let asker: String
    }

    /// The deadline that proves it.
    let words: String
    let parts: [Part]
    /// Whether no set with fewer minutes would do either.
    let isSmallest: Bool
}

/// All that is asked of the person who looks.
func askedPage(_ model: AskedModel, in frame: Frame) -> Fragment {
    let open = model.all.filter(\.isOpen)
    let shown = open.filter { model.due == nil || $0.due == model.due }
    let done = model.all.filter { !$0.isOpen }
    return page("Asked of me", in: frame) {
        "What others ask you to learn, the earliest first. It never draws on your leeway unless somebody decided so."
    } content: {
        div(.class("stack")) { list(model, open: open, shown: shown, frame) }
        part("Your month", id: "month") {
            article(.class("card room")) { leewayMeter(model.meter) }
        }
        if !done.isEmpty {
            part("Done", id: "done") { todos(done.map { $0.todo(frame) }) }
        }
    }
}

private func list(_ model: AskedModel, open: [AskedView], shown: [AskedView], _ frame: Frame) -> Fragment {
    fragment {
        chips(
            [Chip(words: "All \(open.count)", link: "/asked", isChosen: model.due == nil)]
                + AskedView.Due.allCases.map { due in
                    let words: String =
                        switch due {
                        case .overdue: "overdue"
                        case .soon: "due soon"
                        case .later: "due later"
                        }
                    return Chip(
                        words: "\(open.count { $0.due == due }) \(words)", link: "/asked?due=\(due.rawValue)",
                        isChosen: model.due == due)
                }, label: "By date")
        for override in model.overrides {
            notice(.asked) {
                a(.href(override.link)) { override.title }
                " goes \(Words.minutes(override.minutes)) beyond what fits. \(override.by) decided so: "
                    + "“\(override.reason)”"
            }
        }
        if let shortfall = model.shortfall { shortfallPart(shortfall) }
        if shown.isEmpty {
            emptyState(
                .mandate, "Nothing here",
                "When somebody asks you to learn something, it stands here with who asks, why, how long it takes and "
                    + "by when.")
        } else {
            h2(.class("hidden")) { "To do" }
            todos(shown.map { $0.todo(frame) })
        }
    }
}

private func shortfallPart(_ shortfall: ShortfallView) -> Fragment {
    section(.class("card asked"), .aria("labelledby", "too-much")) {
        h2(.id("too-much")) { "Not all of this can be done in time" }
        p { shortfall.words }
        p {
            shortfall.parts.count == 1
                ? "One mandate would have to give way so that the rest fits:"
                : "\(Words.count(shortfall.parts.count)) mandates would have to give way so that the rest fits; fewer "
                    + "would not do:"
        }
        ul {
            for part in shortfall.parts {
                li {
                    a(.href(part.link)) { part.title }
                    ", \(Words.minutes(part.minutes)) by \(Words.day(part.deadline)), asked by \(part.asker)"
                }
            }
        }
        p {
            "Talk to \(Words.list(Array(Set(shortfall.parts.map(\.asker))).sorted())): a later date, a shorter version "
            "or one mandate less solves it. You need not take it from your leeway."
        }
    }
}
