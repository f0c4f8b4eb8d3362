import Basis
import HTML
import Intent

/// Questions about uses of AI that one may see.
struct EscalationsModel: Sendable {
    struct Row: Sendable {
        let use, question, link: String
        let by: String?
        let raised, due: Day
        let status: Status
    }

    let waiting, others: [Row]
    let isSteward: Bool
    /// The rule: working days to answer in.
    var entries = Entries()
}

func escalationsPage(_ model: EscalationsModel, in frame: Frame) -> Fragment {
    page("Questions about AI uses", in: frame, crumbs: [Crumb("Intent", "/intent")]) {
        "Anybody asks whoever answers for a use; stewards take over what waits too long."
    } content: {
        part("For you to answer", id: "waiting") {
            if model.waiting.isEmpty {
                p(.class("muted")) { "Nothing waits for you." }
            } else {
                escalationTable("Questions for you to answer", model.waiting)
            }
        }
        part(model.isSteward ? "All questions" : "Asked by you", id: "others") {
            if model.others.isEmpty {
                p(.class("muted")) { "None yet. Ask from the page of an AI use in the register." }
            } else {
                escalationTable(model.isSteward ? "All questions" : "Questions asked by you", model.others)
            }
        }
        if model.isSteward {
            part("Rules", id: "rules") {
                refusal(model.entries)
                frame.form(to: "/escalations/rules", class: "card stack") {
                    field(
                        Field(
                            name: "answerDays", words: "Working days to answer in", hint: "1 to 60.", width: .short,
                            isRequired: true, isNumber: true), model.entries)
                    field(
                        Field(
                            name: "agreement", words: "Agreement of leaders that a strategy needs",
                            hint: "Kendall’s W from 0 to 1, such as 0.5; below it, publishing needs a word why. Empty: "
                                + "none is needed.", width: .short), model.entries)
                    actions { press("Save rules") }
                }
            }
        }
    }
}

private func escalationTable(_ caption: String, _ rows: [EscalationsModel.Row]) -> Fragment {
    dataTable(
        caption, rows,
        [
            Column("Question") { row in
                a(.href(row.link)) { row.question }
                small { row.use }
            },
            Column("Asked by") { person($0.by) }, Column("Asked on") { time($0.raised) },
            Column("Answer by") { time($0.due) }, Column("State") { badge($0.status) },
        ])
}

/// One question.
struct EscalationModel: Sendable {
    let path: String
    let record: EscalationRecord
    let use: (name: String, link: String)
    let by: String?
    let holder: String?
    let decidedBy: String?
    let status: Status
    let canAnswer: Bool
    /// People to hand it to, and the words that found them.
    var candidates: [Choosable] = []
    var search = ""
    var changes: [ChangeView] = []
    var entries = Entries()
}

func escalationPage(_ model: EscalationModel, in frame: Frame) -> Fragment {
    let crumbs = [Crumb("Intent", "/intent"), Crumb("Questions", "/escalations")]
    return page("A question about \(model.use.name)", in: frame, width: .narrow, crumbs: crumbs) {
        a(.href(model.use.link)) { "To the AI use" }
    } content: {
        refusal(model.entries)
        section(.class("card"), .aria("labelledby", "question")) {
            h2(.id("question")) { "The question" }
            p { model.record.question }
            sheet([
                ("State", badge(model.status)), ("Asked by", person(model.by)),
                ("Asked on", time(model.record.raisedAt)), ("Answer by", time(model.record.dueOn)),
                ("With", Fragment(model.holder ?? "whoever answers for the use")),
            ])
        }
        if let decided = model.record.decidedAt {
            section(.class("card"), .aria("labelledby", "answer-given")) {
                h2(.id("answer-given")) { "The answer" }
                p { model.record.answer }
                p(.class("muted")) {
                    person(model.decidedBy)
                    " "
                    time(decided)
                }
            }
        }
        if model.canAnswer { answering(model, frame) }
        if !model.changes.isEmpty { history(model.changes, of: "the question") }
    }
}

private func answering(_ model: EscalationModel, _ frame: Frame) -> Fragment {
    fragment {
        part("Answer", id: "answering") {
            frame.form(to: "\(model.path)/answer", class: "stack") {
                area("answer", "Your answer", rows: 3, model.entries, isRequired: true)
                actions { press("Answer question", .primary) }
            }
        }
        part("Hand it over", id: "handing") {
            form(.class("row"), .method("get"), .action(model.path)) {
                field(
                    Field(name: "find", words: "Find somebody", kind: .search), Entries(["find": model.search]))
                press("Search")
            }
            frame.form(to: "\(model.path)/hand-over", class: "stack") {
                dropDown("person", "To whom", [Choosable("", "Choose")] + model.candidates, model.entries)
                field(Field(name: "reason", words: "Why", isRequired: true), model.entries)
                actions { press("Hand question over") }
            }
        }
    }
}

/// The part of an AI use's page where one asks who answers for it.
func askPart(_ path: String, _ frame: Frame, _ entries: Entries) -> Fragment {
    part("Ask a question about it", id: "ask") {
        frame.form(to: "\(path)/questions", class: "stack") {
            area(
                "question", "Your question",
                hint: "Such as: who decides what it may see? The answer stands in the history.",
                rows: 2, entries, isRequired: true)
            actions { press("Ask") }
        }
    }
}
