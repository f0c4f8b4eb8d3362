import Basis
import HTML

/// One statement of a list, in words.
struct StatementRow: Sendable {
    let id: String
    let storedAt: Moment
    let actor: String
    /// What finds more of this actor; nil for a group without an identifier.
    let agent: String?
    let verb: String
    let thing: String
    let result: String
}

struct StatementsModel: Sendable {
    let rows: [StatementRow]
    let filter: Entries
    /// IRI and short word.
    let verbs: [(iri: String, words: String)]
    let address: Address
    /// Where the list goes on.
    let next: String?
    let isLive: Bool
    let isFirst: Bool
}

/// What the record store holds, for those who keep and audit it.
func statementsPage(_ model: StatementsModel, in frame: Frame) -> Fragment {
    page(
        "Statements", in: frame, width: .wide,
        lead: { "Everything that is on record, as it was received. Voided statements are found by their id only." },
        actions: {
            go(
                model.isLive ? "Stop following" : "Follow live",
                to: model.address.with("live", model.isLive ? nil : "yes").text, icon: .eye)
        }, refreshes: model.isLive
    ) {
        if model.isLive {
            liveList(model)
        } else {
            filterForm(model)
            list(model)
        }
    }
}

/// The part of a live list that is asked for again and again.
func liveList(_ model: StatementsModel) -> Fragment {
    section(.class("stack"), .data("poll", model.address.text), .aria("label", "The newest statements")) {
        p(.class("muted")) { "The newest statements, looked up again every few seconds." }
        list(model)
    }
}

private func filterForm(_ model: StatementsModel) -> Fragment {
    details(.class("why"), .flag("open", model.filter.values.values.contains { !$0.isEmpty })) {
        summary { "Filter" }
        form(.class("stack"), .method("get"), .action("/statements")) {
            refusal(model.filter)
            field(
                Field(
                    name: "agent", words: "Who",
                    hint: "A person’s id, a mail address, or an identifier such as openid:https://id.example.org/ada."),
                model.filter)
            dropDown(
                "verb", "Did what",
                [Choosable("", "Anything")] + model.verbs.map { Choosable($0.iri, $0.words) }, model.filter)
            field(
                Field(name: "activity", words: "With what", hint: "An activity’s IRI.", kind: .text), model.filter)
            field(
                Field(name: "registration", words: "Registration", hint: "A UUID.", kind: .text), model.filter)
            field(Field(name: "since", words: "Stored from", kind: .date, width: .short), model.filter)
            field(Field(name: "until", words: "Stored up to", kind: .date, width: .short), model.filter)
            tick("related", "Also where they are only mentioned", isOn: model.filter["related"] == "yes")
            dropDown(
                "order", "Order", [Choosable("", "Newest first"), Choosable("oldest", "Oldest first")], model.filter,
                width: .short)
            actions {
                press("Show statements", .primary)
                go("Clear", to: "/statements")
            }
        }
    }
}

private func list(_ model: StatementsModel) -> Fragment {
    if model.rows.isEmpty {
        return emptyState(
            .evidence, model.isFirst ? "No statement matches" : "No more statements",
            "Statements come from what people do here, from imports, and from programs that send them to /xapi.",
            example: "Take away a filter, or widen the days.")
    }
    return fragment {
        dataTable(
            "Statements", model.rows,
            [
                Column("Who") { row in
                    if let agent = row.agent {
                        a(.href(Address("/statements").with("agent", agent).text)) { row.actor }
                    } else {
                        row.actor
                    }
                },
                Column("Did what") { row in
                    strong { row.verb }
                    " "
                    a(.href("/statements/\(row.id)")) { row.thing }
                },
                Column("Result") { $0.result.isEmpty ? "none stated" : $0.result },
                Column("Stored") { time($0.storedAt) },
            ])
        if let next = model.next { actions { go("More statements", to: next, icon: .next) } }
    }
}
