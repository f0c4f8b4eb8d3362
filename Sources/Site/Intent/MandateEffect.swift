import Basis
import HTML

/// What a mandate would do to the people it is asked of.
struct MandateEffect: Sendable {
    struct Over: Sendable {
        let name, unit: String
        let minutes: Int
        /// By month, in words.
        let when: String
        /// The deadline that proves it, and the smallest set that cannot fit.
        let why: String
    }

    /// A published mandate, and how many of those who are over its retirement would help.
    struct Relief: Sendable {
        let title, link: String
        let people: Int
    }

    struct Load: Sendable {
        let month: Month
        let planned, ceiling: Int
    }

    /// A change to the form that would make it fit.
    struct Alternative: Sendable {
        let words: String
        /// The value of the button, such as `deadline:2026-05-31`; nil for a link.
        var value: String?
        var link: String?
    }

    /// What still keeps it from being reckoned; nil when it was.
    var missing: String?
    var audience = ""
    var reached = 0
    var held = 0
    var minutes = 0
    var peopleOver = 0
    var minutesOver = 0
    /// The most over first, at most `overLimit`.
    var over: [Over] = []
    var months: [Month] = []
    /// People over budget by unit and month.
    var heat: [(name: String, counts: [Int])] = []
    var deadlineMonth: Month?
    var loads: [Load] = []
    var alternatives: [Alternative] = []
    var relief: [Relief] = []
    var deadline: Day?
    /// People without a working day until the deadline: how many, and the first of them by name.
    var withoutDay: (count: Int, names: [String]) = (0, [])
    /// People who are over now and would not be after the change.
    var freed = 0

    static let overLimit = 20
    static let nameLimit = 5
    var asked: Int { reached - held }
    var fits: Bool { missing == nil && peopleOver == 0 }
}

/// The inside of the preview. The alternatives fill the form of that name; without one they are words.
func mandateEffect(_ effect: MandateEffect, form: String?) -> Fragment {
    fragment {
        h2(.id("effect")) { "What would happen" }
        if let missing = effect.missing {
            p { missing }
        } else {
            p {
                strong(.class("figure")) { Words.count(effect.asked, "person", "people") }
                effect.asked == 1 ? " is asked" : " are asked"
            }
            p(.class("muted")) {
                "\(effect.audience) \(Words.count(effect.reached, "person is", "people are")) in this audience; "
                "\(Words.count(effect.held, "holds", "hold")) it already and \(effect.held == 1 ? "is" : "are") asked "
                "for nothing."
            }
            inputNotices(effect)
            if effect.freed > 0 {
                p {
                    badge(.done("frees"))
                    " \(Words.count(effect.freed, "person", "people")) who are over now would no longer be."
                }
            }
            if effect.peopleOver == 0 {
                p {
                    badge(.done("fits"))
                    " Nobody would be over budget: it fits beside everybody's leeway."
                }
                if !effect.loads.isEmpty { loadTable(effect) }
            } else {
                overBudget(effect, form)
            }
        }
    }
}

/// What can be previewed and is hardly meant, with its mend.
private func inputNotices(_ effect: MandateEffect) -> Fragment {
    fragment {
        if effect.reached == 0 {
            notice(.asked) {
                "Nobody is in this audience, so nothing would be asked. Widen “Who”, or check the names of its units."
            }
        }
        if effect.withoutDay.count > 0 {
            let more = effect.withoutDay.count - effect.withoutDay.names.count
            notice(.asked) {
                Words.count(effect.withoutDay.count, "person has", "people have")
                " no working day until the deadline: "
                Words.list(effect.withoutDay.names + (more > 0 ? ["\(Words.count(more)) more"] : []))
                ". Choose a later date, or leave them out of “Who”."
            }
        }
    }
}

private func overBudget(_ effect: MandateEffect, _ form: String?) -> Fragment {
    fragment {
        p {
            badge(.alert("over budget"))
            " \(Words.count(effect.peopleOver, "person", "people")) of \(Words.count(effect.asked)) would be over, by "
            "\(Words.minutes(effect.minutesOver)) in all."
        }
        div(.class("scroll"), .role("region"), .init("tabindex", "0"), .aria("label", "People over budget, by month")) {
            heat(
                "People over budget, by unit and month", corner: "Unit", columns: effect.months.map(Words.shortMonth),
                rows: effect.heat, now: effect.deadlineMonth.flatMap { effect.months.firstIndex(of: $0) })
        }
        alternativesPart(effect, form)
        reliefPart(effect)
        details(.class("data")) {
            summary { "Show who" }
            dataTable(
                "People over budget, the most first", effect.over,
                [
                    Column("Person") { over in
                        over.name
                        if !over.unit.isEmpty { small { over.unit } }
                    },
                    Column("Over by", .number) { Words.minutes($0.minutes) },
                    Column("When") { over in
                        over.when
                        if !over.why.isEmpty { small { over.why } }
                    },
                ], isPlain: true)
            if effect.peopleOver > effect.over.count {
                p(.class("muted small")) { "and \(Words.count(effect.peopleOver - effect.over.count)) more" }
            }
        }
        loadTable(effect)
    }
}

private func alternativesPart(_ effect: MandateEffect, _ form: String?) -> Fragment {
    guard !effect.alternatives.isEmpty else {
        return p { "No later deadline within five years makes room, and no single mandate to retire would." }
    }
    return fragment {
        h3 { "What would fit" }
        div(.class("row")) {
            for alternative in effect.alternatives {
                if let value = alternative.value, let form {
                    press(alternative.words, .small, name: "do", value: value, form: form)
                } else if let link = alternative.link {
                    go(alternative.words, to: link, .small)
                } else {
                    span { alternative.words }
                }
            }
        }
    }
}

/// Mandates whose retirement helps some, when none helps all.
private func reliefPart(_ effect: MandateEffect) -> Fragment {
    fragment {
        if !effect.relief.isEmpty {
            details(.class("data")) {
                summary { "Show whom retiring another mandate frees" }
                dataTable(
                    "Mandates whose retirement helps, the most people first", effect.relief,
                    [
                        Column("Mandate") { one in a(.href(one.link)) { one.title } },
                        Column("Would have room", .number) {
                            "\(Words.count($0.people)) of \(Words.count(effect.peopleOver))"
                        },
                    ], isPlain: true)
            }
        }
    }
}

private func loadTable(_ effect: MandateEffect) -> Fragment {
    details(.class("data")) {
        summary { "Show how full the months are" }
        dataTable(
            "Learning time asked of these people, by month", effect.loads,
            [
                Column("Month") { Words.month($0.month) },
                Column("Asked", .number) { Words.minutes($0.planned) },
                Column("Ceiling", .number) { Words.minutes($0.ceiling) },
                Column("Full", .number) { load in
                    load.ceiling > 0 ? Words.percent(Double(load.planned) / Double(load.ceiling)) : "–"
                },
            ], isPlain: true)
    }
}
