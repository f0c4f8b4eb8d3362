import Basis
import HTML

/// A person's learning time in one month, in minutes.
struct LeewayView: Hashable, Sendable {
    /// All of the learning time.
    let budget: Int
    /// Done and to do of what mandates ask.
    let asked: Int
    /// Spent on what the learner chose.
    let used: Int
    /// The learner's own room: what is not asked.
    let room: Int
    /// The room that the policy guarantees.
    let guaranteed: Int
    /// Asked beyond the part that mandates may draw on.
    let over: Int
    /// Such as `this month`.
    let period: String
    /// Whether somebody decided that more is asked than fits, and gave a reason.
    var isOverridden = true
    /// Why the month holds less than a full one, and what else the policy says of it.
    var notes: [String] = []

    /// What is left of the room.
    var free: Int { max(0, room - used) }
}

/// The leeway meter with its words.
func leewayMeter(_ view: LeewayView) -> Fragment {
    let whole = Double(max(1, view.budget, view.asked + view.used + view.free))
    let parts: [(kind: String, minutes: Int)] = [("asked", view.asked), ("used", view.used), ("free", view.free)]
    let starts = [0, view.asked, view.asked + view.used]
    return figure(.class(view.over > 0 ? "meter over" : "meter")) {
        figcaption {
            strong { "\(Words.minutes(view.free)) free" }
            " of \(Words.minutes(view.room)) \(view.period)"
        }
        svg(
            .role("img"),
            .aria(
                "label",
                "Of \(Words.minutes(view.budget)): \(Words.minutes(view.asked)) asked, \(Words.minutes(view.used)) "
                    + "of leeway used, \(Words.minutes(view.free)) free"),
            .init("width", "100%"), .init("height", "16")
        ) {
            for (part, start) in zip(parts, starts) {
                rect(
                    .class(part.kind), .init("x", place(Double(start) / whole)),
                    .init("width", place(Double(part.minutes) / whole)), .init("height", "16"))
            }
        }
        ul(.class("key")) {
            for part in parts { li(.class(part.kind)) { "\(part.kind) \(Words.minutes(part.minutes))" } }
        }
        p(.class("muted small")) { words(view) }
        for note in view.notes { p(.class("muted small")) { note } }
    }
}

private func words(_ view: LeewayView) -> String {
    let promise =
        "Learning time is \(Words.minutes(view.budget)) a month; \(Words.minutes(view.guaranteed)) of it are yours, "
        + "whatever is asked."
    if view.over > 0 {
        return promise + " \(Words.minutes(view.over)) more is asked than fits beside them"
            + (view.isOverridden
                ? ": somebody decided so and gave a reason, which stands with the mandate."
                : ". Nobody decided so: your time or what is asked has changed since.")
    }
    if view.used > view.room { return promise + " You spent more than that, which is fine: nothing is taken away." }
    return promise
}

/// A plain share of one thing.
func bar(_ words: String, value: Int, of whole: Int) -> Fragment {
    progress(
        .init("max", "\(max(1, whole))"), .value("\(min(value, max(1, whole)))"),
        .aria("label", "\(words): \(Words.count(value)) of \(Words.count(whole))"))
}

/// Shares of a whole by how it was made; needs `patterns` once on the page.
func mix(_ caption: String, _ shares: [(origin: Origin, share: Double, words: String)]) -> Fragment {
    var start = 0.0
    var rects: [Fragment] = []
    for part in shares {
        rects.append(
            rect(
                .init("x", place(start)), .init("width", place(part.share)), .init("height", "28"),
                .init("fill", "url(#made-\(part.origin.rawValue))")))
        start += part.share
    }
    let said = shares.map { "\($0.origin.label) \(Words.percent($0.share))" }.joined(separator: ", ")
    return figure(.class("chart")) {
        figcaption { caption }
        svg(.class("mix"), .role("img"), .aria("label", said), .init("width", "100%"), .init("height", "28")) { rects }
        ul(.class("key")) {
            for part in shares {
                li {
                    badge(part.origin)
                    " \(Words.percent(part.share))"
                }
            }
        }
        details(.class("data")) {
            summary { "Show table" }
            dataTable(
                caption, shares,
                [
                    Column("Made by") { badge($0.origin) },
                    Column("Share", .number) { Words.percent($0.share) },
                    Column("Counted", .number) { $0.words },
                ], isPlain: true)
        }
    }
}

/// A calendar of counts, darker for more; the number is always written. `full` is a count that is as dark as it gets,
/// unless one is more.
func heat(
    _ caption: String, corner: String, columns: [String], rows: [(name: String, counts: [Int])], now: Int? = nil,
    full: Int = 1
) -> Fragment {
    let most = max(full, rows.flatMap(\.counts).max() ?? 1)
    return table(.class("heat")) {
        HTML.caption { caption }
        thead {
            tr {
                th(.scope("col")) { corner }
                for column in columns { th(.scope("col")) { column } }
            }
        }
        tbody {
            for row in rows {
                tr {
                    th(.scope("row")) { row.name }
                    for (index, count) in row.counts.enumerated() {
                        let level = count == 0 ? 0 : max(1, Int((Double(count) / Double(most) * 5).rounded(.up)))
                        td(.class("h\(level)" + (index == now ? " now" : ""))) { Words.count(count) }
                    }
                }
            }
        }
    }
}

/// The textures of `mix`, once at the end of a page that draws with them.
func patterns() -> Fragment {
    svg(.class("patterns"), .aria("hidden", "true"), .init("width", "0"), .init("height", "0")) {
        element(
            "defs", [],
            fragment {
                pattern("human", side: "8") { rect(.class("human"), .init("width", "8"), .init("height", "8")) }
                pattern("assisted", side: "6") {
                    ground()
                    rect(.class("assisted"), .init("y", "1"), .init("width", "6"), .init("height", "3"))
                }
                pattern("generated", side: "6") {
                    ground()
                    circle(.class("generated"), .init("cx", "3"), .init("cy", "3"), .init("r", "2"))
                }
                pattern("unknown", side: "6", turned: "rotate(45)") {
                    ground()
                    rect(.class("unknown"), .init("width", "1.5"), .init("height", "6"))
                }
            })
    }
}

private func ground() -> Fragment { rect(.class("ground"), .init("width", "6"), .init("height", "6")) }

private func pattern(
    _ name: String, side: String, turned: String? = nil, @Markup _ content: () -> Fragment
) -> Fragment {
    element(
        "pattern",
        [
            .id("made-\(name)"), .init("width", side), .init("height", side), .init("patternUnits", "userSpaceOnUse"),
            .init("patternTransform", turned),
        ], content())
}
