import Basis
import HTML
import Intent

/// What the draft would have decided on the decisions of the last days.
struct RulesReplayModel: Sendable {
    let what: WhatIf
    /// By identity.
    let names: [ID<Person>: String]
    let seesPeople: Bool
    let entries: Entries
}

func rulesReplayPage(_ model: RulesReplayModel, in frame: Frame) -> Fragment {
    let what = model.what
    return page(
        "What would change", in: frame, crumbs: [Crumb("Intent", "/intent"), Crumb("Access rules", "/rules")]
    ) {
        "The draft, held up against what was really decided. Nothing is changed by looking."
    } content: {
        form(.class("row"), .method("get"), .action("/rules/replay")) {
            field(
                Field(name: "days", words: "Days back", hint: "1 to 400.", width: .short, isNumber: true),
                model.entries)
            press("Look again")
        }
        p {
            "\(Words.count(what.decisions, "decision", "decisions")) of the last "
            "\(Words.count(what.days, "day", "days")) were taken again, "
            "\(Words.count(what.records, "different one", "different ones"))."
        }
        if what.failures > 0 {
            notice(.alert) {
                "\(Words.count(what.failures, "time", "times")) a rule of the draft could not be evaluated and did not "
                "count. Ask with has before you read an attribute that need not be there."
            }
        }
        if what.isSame {
            notice(.success) { "Every decision would have been the same." }
        } else {
            sum(model)
            groups("By action", "by-action", what.byAction) { name in
                AccessAction(rawValue: name)?.label ?? name
            }
            groups("By rule", "by-rule", what.byPolicy) { $0.isEmpty ? "no rule permits it any longer" : $0 }
            if model.seesPeople { concerned(model) }
        }
    }
}

private func sum(_ model: RulesReplayModel) -> Fragment {
    sheet([
        ("Allowed so far, refused then", Fragment(told(model.what.turned[.denied], model))),
        ("Refused so far, allowed then", Fragment(told(model.what.turned[.allowed], model))),
        ("People concerned", Fragment(model.what.people.map { Words.count($0) } ?? tooFew)),
    ])
}

private func told(_ count: Int?, _ model: RulesReplayModel) -> String {
    count.map { Words.count($0, "decision", "decisions") } ?? (model.seesPeople ? "none" : "none, or of too few people")
}

private let tooFew = "fewer than \(WhatIf.smallGroup)"

private func groups(
    _ heading: String, _ id: String, _ groups: [WhatIf.Group], words: @escaping (String) -> String
) -> Fragment {
    part(heading, id: id) {
        dataTable(
            heading, groups,
            [
                Column("What") { words($0.name) },
                Column("Turns") { badge($0.turn == .denied ? .alert("refused") : .done("allowed")) },
                Column("Decisions", .number) { $0.decisions.map { Words.count($0) } ?? "–" },
                Column("People", .number) { $0.people.map { Words.count($0) } ?? tooFew },
            ])
    }
}

private func concerned(_ model: RulesReplayModel) -> Fragment {
    part("For whom", id: "whom") {
        if model.what.changes.count == WhatIf.changeLimit {
            p(.class("muted")) { "The first \(WhatIf.changeLimit)." }
        }
        dataTable(
            "Decisions that turn, by person", model.what.changes,
            [
                Column("Who") { one in
                    person(one.person.map { model.names[$0] ?? "Somebody who has left" } ?? "A program")
                },
                Column("What") { one in
                    one.action.label
                    small { code { one.resource } }
                },
                Column("Turns") { badge($0.turn == .denied ? .alert("refused") : .done("allowed")) },
                Column("Rule") { $0.policies.isEmpty ? "no rule permits it any longer" : Words.list($0.policies) },
                Column("Times", .number) { Words.count($0.times) },
                Column("Last") { time($0.lastAt) },
            ])
    }
}
