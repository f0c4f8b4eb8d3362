import Basis
import HTML
import Intent

/// When a person is away, and who acts for them.
struct AwayModel: Sendable {
    struct Stay: Sendable {
        let id: String
        let days: ClosedRange<Day>
    }

    struct StandIn: Sendable {
        let id: String
        /// The other person: who stands in, or for whom.
        let who: String
        let what: String
        let days: ClosedRange<Day>
        let state: Responsibility.State
        let reason: String
        /// Whether the person who looks is the one asked.
        let isAsked: Bool
    }

    let absences: [Stay]
    /// Whom the person asked.
    let given: [StandIn]
    /// Who asked the person.
    let taken: [StandIn]
    /// What the person answers for.
    let uses: [Choosable]
    var candidates: [Choosable] = []
    var search = ""
    var entries = Entries()
}

func awayPage(_ model: AwayModel, in frame: Frame) -> Fragment {
    page("When I am away", in: frame, crumbs: [Crumb("Settings", "/settings")]) {
        "Days off lower what may be asked of you. Why you are away is nobody's business and is not kept."
    } content: {
        refusal(model.entries)
        part("Days away", id: "days") {
            if model.absences.isEmpty { p(.class("muted")) { "None are noted." } }
            ul(.class("plain")) {
                for stay in model.absences {
                    li(.class("spread")) {
                        span {
                            time(stay.days.lowerBound)
                            " to "
                            time(stay.days.upperBound)
                        }
                        frame.form(to: "/me/away/\(stay.id)/remove") {
                            press("Remove", .small, spoken: "the days from \(Words.day(stay.days.lowerBound))")
                        }
                    }
                }
            }
            frame.form(to: "/me/away", class: "stack") {
                div(.class("fields")) {
                    field(Field(name: "from", words: "First day", kind: .date, isRequired: true), model.entries)
                    field(Field(name: "until", words: "Last day", kind: .date, isRequired: true), model.entries)
                }
                actions { press("Add days away") }
            }
        }
        if !model.taken.isEmpty {
            part("Standing in for others", id: "taken") { standIns("Whom you stand in for", model.taken, frame) }
        }
        if !model.uses.isEmpty || !model.given.isEmpty {
            part("Who acts for you", id: "given") {
                p(.class("muted")) { "You stay accountable; whoever accepts may act in your place on these days." }
                if !model.given.isEmpty { standIns("Whom you asked to stand in", model.given, frame) }
                if !model.uses.isEmpty { delegationForm(model, frame) }
            }
        }
    }
}

private func standIns(_ caption: String, _ list: [AwayModel.StandIn], _ frame: Frame) -> Fragment {
    dataTable(
        caption, list,
        [
            Column("Person") { person($0.who) }, Column("For") { $0.what },
            Column("Days") { one in
                time(one.days.lowerBound)
                " to "
                time(one.days.upperBound)
            },
            Column("State") { one in
                badge(one.state.badge)
                small { one.reason }
            },
            Column("Actions", .actions) { one in
                if one.isAsked, one.state == .proposed {
                    frame.form(to: "/delegations/\(one.id)/accept") {
                        press("Accept", .small, spoken: "to stand in for \(one.who)")
                    }
                    frame.form(to: "/delegations/\(one.id)/decline") {
                        press("Decline", .small, spoken: "to stand in for \(one.who)")
                    }
                } else if one.state == .proposed || one.state == .accepted {
                    frame.form(to: "/delegations/\(one.id)/end") { press("End", .small, spoken: one.who) }
                }
            },
        ])
}

private func delegationForm(_ model: AwayModel, _ frame: Frame) -> Fragment {
    fragment {
        form(.class("row"), .method("get"), .action("/me/away"), .role("search")) {
            field(Field(name: "find", words: "Find a person", kind: .search), Entries(["find": model.search]))
            press("Find people")
        }
        if model.candidates.isEmpty {
            p(.class("muted")) { "Nobody of that name is active here. Try another part of the name." }
        } else {
            frame.form(to: "/delegations", class: "stack") {
                dropDown("delegate", "Person", model.candidates, model.entries)
                dropDown("use", "For", [Choosable("", "All that I answer for")] + model.uses, model.entries)
                div(.class("fields")) {
                    field(
                        Field(name: "actFrom", words: "From", kind: .date, isRequired: true), model.entries)
                    field(
                        Field(name: "actUntil", words: "Until", kind: .date, isRequired: true), model.entries)
                }
                field(Field(name: "reason", words: "Reason", isRequired: true), model.entries)
                actions { press("Ask to stand in") }
            }
        }
    }
}
