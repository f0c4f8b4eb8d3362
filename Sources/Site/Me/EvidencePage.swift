import Basis
import HTML

/// One statement about the person who looks, in words.
struct EvidenceRow: Sendable {
    let id: String
    let at: Moment
    let verb: String
    let thing: String
    /// Where the thing is, when it is ours to show.
    var link: String?
    /// Such as `right`, `70%`, `12 min`.
    let result: String
    let choice: String
}

struct EvidenceModel: Sendable {
    let rows: [EvidenceRow]
    /// Where the older ones are.
    var older: String?
    let isFirstPage: Bool
    let verbs: [Chip]
}

/// What is on record about the person who looks.
func evidencePage(_ model: EvidenceModel, in frame: Frame) -> Fragment {
    page("My evidence", in: frame) {
        "Everything that is on record about you, as it was stored."
    } actions: {
        if !model.rows.isEmpty || !model.isFirstPage {
            go("Save as JSON Lines", to: "/evidence.jsonl", icon: .download)
        }
    } content: {
        div(.class("stack")) { record(model) }
    }
}

private func record(_ model: EvidenceModel) -> Fragment {
    fragment {
        chips(model.verbs, label: "Kinds of evidence")
        if model.rows.isEmpty {
            emptyState(
                .evidence, "Nothing on record yet",
                "What you read, answer and decide leaves a statement: who, what, when and with which result. "
                    + "It is yours to read and to take with you.",
                example: "“Mara Keller completed Prompting with sources in 12 min, asked, on 3 March”."
            ) {
                go("Open catalogue", to: "/learn")
            }
        } else {
            dataTable(
                "My evidence, newest first", model.rows,
                [
                    Column("What") { row in
                        strong { row.verb }
                        " "
                        if let link = row.link { a(.href(link)) { row.thing } } else { row.thing }
                    },
                    Column("When") { row in a(.href("/evidence/\(row.id)")) { time(row.at) } },
                    Column("Result") { $0.result.isEmpty ? "none stated" : $0.result },
                    Column("Whose choice") { $0.choice },
                ])
            if let older = model.older { actions { go("Older evidence", to: older, icon: .next) } }
        }
    }
}
