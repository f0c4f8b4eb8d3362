import Basis
import HTML
import Intent

/// One AI use, as its label says.
struct AIUseModel: Sendable {
    struct Term: Sendable {
        let id: String
        let who: String
        let part: Responsibility.Part
        let state: Status
        /// Whether it can still be ended or taken back.
        let isOpen: Bool
        let asked: Moment
        let answered: Moment?
        let ended: Moment?
        let reason: String
    }

    let path: String
    let record: AIUseRecord
    let audience: String
    let learners: Int
    let owner: String?
    let ownerSince: Day?
    /// The sentence for each gap in ownership.
    let gaps: [String]
    let today: Day
    /// The name of the person who is asked.
    var asked: String?
    /// What the one who looks is asked, by identity.
    var question: (id: String, part: Responsibility.Part)?
    /// Who acts for the owner today.
    var standIn: String?
    var classification: ClassificationView?
    /// The experiment that it came from, and whose it was.
    var origin: (title: String, link: String, by: String)?
    var canWrite = false
    /// People to propose, and the words that found them.
    var candidates: [Choosable] = []
    var search = ""
    var terms: [Term] = []
    var changes: [ChangeView] = []
    /// The policies in prose that come with it and are for the one who looks.
    var policies: [DocumentNotice] = []
    /// What the access rules said to the one who looks, when asked.
    var verdict: AccessDecision?
    var entries = Entries()
}

/// A classification as its page shows it.
struct ClassificationView: Sendable {
    let result: Classification
    let assessor: String
    let day: Day
    let note, law: String
    let isOutdated: Bool
}

func aiUsePage(_ model: AIUseModel, in frame: Frame) -> Fragment {
    let record = model.record
    return page(record.name, in: frame, crumbs: [Crumb("Intent", "/intent"), Crumb("AI register", "/register")]) {
        record.purpose
    } actions: {
        if model.canWrite { go("Edit entry", to: "\(model.path)/edit", icon: .edit) }
    } content: {
        if let question = model.question { answerCard(question, model, frame) }
        for gap in model.gaps { notice(record.status.isActive ? .alert : .plain) { gap } }
        useLabel(model)
        policiesPart(model, frame)
        mayIUse(model, frame)
        lawPart(model)
        if model.canWrite {
            ownerPart(model, frame)
            statusChange(model, frame)
        }
        askPart(model.path, frame, model.entries)
        if !model.terms.isEmpty { termsPart(model, frame) }
        if !model.changes.isEmpty { history(model.changes, of: record.name) }
    }
}

private func useLabel(_ model: AIUseModel) -> Fragment {
    let record = model.record
    return section(.class("label-sheet"), .aria("labelledby", "use")) {
        header {
            h2(.id("use")) { record.name }
            badge(record.status.badge)
        }
        sheet([
            ("Purpose", Fragment(record.purpose)),
            (
                "Who may use it",
                Fragment("\(model.audience) Reaches \(Words.count(model.learners, "person", "people")).")
            ),
            ("What it sees", Fragment(seen(record))),
            ("What it does to people", Fragment(said(record.effect))),
            ("Answers for it", ownerCell(model)),
            ("Risk", Fragment(said(record.risk))),
            ("Review by", record.reviewOn.map { time($0, today: model.today) } ?? Fragment("not set")),
            ("Cost", Fragment(said(record.cost))),
            (
                "Made by",
                Fragment(said([record.provider, record.model].filter { !$0.isEmpty }.joined(separator: ", ")))
            ),
            ("Runs on", Fragment(said(record.hosting))),
            ("How to do without it", Fragment(said(record.optOut))),
        ])
        if let governs = record.governs {
            p(.class("small")) { "Governs a part of Leeway: \(governs.label.lowercased()). Suspending it stops that." }
        }
        if let origin = model.origin {
            p(.class("small")) {
                "Began as the experiment "
                a(.href(origin.link)) { origin.title }
                " of \(origin.by)."
            }
        }
    }
}

private func ownerCell(_ model: AIUseModel) -> Fragment {
    fragment {
        if let owner = model.owner {
            person(owner)
            if let since = model.ownerSince {
                " accepted on "
                time(since)
            }
            if let standIn = model.standIn { " \(standIn) stands in today." }
        } else {
            badge(model.record.status.isActive ? .alert("unowned") : .open("nobody yet"))
            if let asked = model.asked { " \(asked) is asked." }
        }
    }
}

private func seen(_ record: AIUseRecord) -> String {
    if record.data.isEmpty { return "Nothing is stated. Ask the owner before you give it anything." }
    return Words.list(record.data.map { Words.sentence($0.label).lowercased() })
}

private func said(_ text: String) -> String { text.isEmpty ? "not stated" : text }

/// Where it stands under the law.
private func lawPart(_ model: AIUseModel) -> Fragment {
    part("Under the AI Act", id: "law") {
        if model.canWrite {
            go(model.classification == nil ? "Classify" : "Classify again", to: "\(model.path)/classify", icon: .edit)
        }
    } content: {
        if let made = model.classification {
            if made.isOutdated {
                notice(.alert) { "The entry or the law changed since. Somebody should classify it again." }
            }
            classificationFacts(made.result)
            p(.class("muted small")) {
                "By \(made.assessor) on "
                time(made.day)
                ": \(made.note)"
            }
            p(.class("muted small")) { made.law }
        } else {
            p(.class("muted")) { "Nobody has classified it yet." }
        }
    }
}

private func answerCard(
    _ question: (id: String, part: Responsibility.Part), _ model: AIUseModel, _ frame: Frame
) -> Fragment {
    section(.class("card asked"), .aria("labelledby", "answer")) {
        h2(.id("answer")) {
            question.part == .accountable
                ? "You are asked to answer for this" : "You are asked to be \(question.part.rawValue) for this"
        }
        p {
            question.part == .accountable
                ? "Whoever accepts is named on this page, reviews it by the day below, and is whom people ask. You can "
                    + "hand it over later."
                : question.part.meaning
        }
        refusal(model.entries)
        frame.form(to: "/responsibilities/\(question.id)/accept", class: "actions") {
            press(question.part == .accountable ? "Take ownership" : "Accept", .primary, icon: .check)
        }
        details(.open(!model.entries.errors.isEmpty)) {
            summary { "Decline" }
            frame.form(to: "/responsibilities/\(question.id)/decline", class: "stack") {
                field(
                    Field(
                        name: "reason", words: "Reason", hint: "The steward who asked reads it.",
                        isRequired: true), model.entries)
                actions { press(question.part == .accountable ? "Decline ownership" : "Decline") }
            }
        }
    }
}

private func ownerPart(_ model: AIUseModel, _ frame: Frame) -> Fragment {
    part("Ask somebody to take a part", id: "propose") {
        if let owner = model.owner {
            p(.class("muted")) { "\(owner) answers for it until the person you ask accepts." }
        }
        form(.class("row"), .method("get"), .action(model.path), .role("search")) {
            field(Field(name: "find", words: "Find a person", kind: .search), Entries(["find": model.search]))
            press("Find people")
        }
        if model.candidates.isEmpty {
            p(.class("muted")) { "Nobody of that name is active here. Try another part of the name." }
        } else {
            frame.form(to: "\(model.path)/propose", class: "stack") {
                let entries = model.question == nil ? model.entries : Entries()
                dropDown("person", "Person", model.candidates, entries)
                div(.class("fields")) {
                    dropDown(
                        "part", "Part", Responsibility.Part.allCases.map { Choosable($0.rawValue, $0.label) },
                        hint: "Exactly one person is accountable: the owner.", entries)
                    field(
                        Field(name: "until", words: "Until", hint: "Empty is until further notice.", kind: .date),
                        entries)
                }
                actions { press("Ask to take this part") }
            }
        }
    }
}

private func statusChange(_ model: AIUseModel, _ frame: Frame) -> Fragment {
    let status = model.record.status
    return part(status == .suspended ? "Reinstate or retire" : "Suspend or retire", id: "status") {
        div(.class("cards two")) {
            if status == .suspended || status == .retired {
                frame.form(to: "\(model.path)/move", class: "card stack") {
                    dropDown(
                        "status", "Reinstate as",
                        [AIUseRecord.Status.live, .pilot, .sandbox, .idea].map { Choosable($0.rawValue, $0.words) },
                        model.entries)
                    field(Field(name: "reason", words: "Reason"), model.entries)
                    actions { press("Reinstate AI use") }
                }
            } else {
                frame.form(
                    to: "\(model.path)/move", class: "card stack",
                    loss:
                        "\(Words.count(model.learners, "person", "people")) may not use it then. You can reinstate it."
                ) {
                    hidden("status", "suspended")
                    field(Field(name: "reason", words: "Reason to suspend"), model.entries)
                    actions { press("Suspend AI use", .danger) }
                }
            }
            frame.form(to: "\(model.path)/review", class: "card stack") {
                field(
                    Field(name: "reviewOn", words: "Reviewed today; next review on", kind: .date, isRequired: true),
                    model.entries)
                field(Field(name: "note", words: "What came of it"), model.entries)
                actions { press("Note review") }
            }
        }
    }
}

private func termsPart(_ model: AIUseModel, _ frame: Frame) -> Fragment {
    part("Who has which part", id: "terms") {
        dataTable(
            "Everybody who was asked to take a part", model.terms,
            [
                Column("Person") { person($0.who) },
                Column("Part") { $0.part.label },
                Column("State") { term in
                    badge(term.state)
                    if !term.reason.isEmpty { small { term.reason } }
                },
                Column("Asked") { time($0.asked.day) },
                Column("Answered") { $0.answered.map { time($0.day) } ?? Fragment("–") },
                Column("Until") { $0.ended.map { time($0.day) } ?? Fragment("–") },
                Column("Actions", .actions) { term in
                    if model.canWrite, term.isOpen {
                        frame.form(to: "\(model.path)/relieve") {
                            hidden("responsibility", term.id)
                            hidden("reason", "Relieved by a steward.")
                            press("Relieve", .small, spoken: term.who)
                        }
                    }
                },
            ])
    }
}
