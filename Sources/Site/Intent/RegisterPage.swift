import Basis
import HTML
import Intent

/// The register: every use of AI in learning, and who answers for each.
struct RegisterModel: Sendable {
    struct Entry: Sendable {
        let name, purpose, link: String
        let status: AIUseRecord.Status
        let owner: String?
        /// Asked and not answered yet.
        let asked: String?
        let review: Day?
        let isOverdue: Bool
        let learners: Int
        /// Whether it counts: a pilot or live without an owner needs a person.
        let isActive: Bool
    }

    let entries: [Entry]
    /// Over pilot and live uses.
    let clearUses: Int
    let activeUses: Int
    let unowned: Int
    let overdue: Int
    /// `none`, `overdue` or empty.
    let filter: String
    let canWrite: Bool
    let today: Day
}

func registerPage(_ model: RegisterModel, in frame: Frame) -> Fragment {
    page("AI register", in: frame, crumbs: [Crumb("Intent", "/intent")]) {
        "Every use of AI in learning here, what it may see, and who answers for it."
    } actions: {
        if model.canWrite { go("Add AI use", to: "/register/new", .primary, icon: .plus) }
    } content: {
        if model.entries.isEmpty, model.filter.isEmpty {
            emptyState(
                .register, "No AI use is registered yet",
                "The register names each use of AI in learning with its purpose, its data and one person who answers "
                    + "for it. A use nobody answers for shows at once.",
                example: "“Draft feedback on exercises”, live, answered for by the head of training, review in April."
            ) {
                if model.canWrite { go("Add the first AI use", to: "/register/new") }
            }
        } else {
            if model.unowned > 0 {
                notice(.alert) {
                    "\(Words.count(model.unowned, "AI use", "AI uses")) in use \(model.unowned == 1 ? "has" : "have") "
                    "no owner. "
                    if model.filter != "none" {
                        a(.href("/register?owner=none")) { "See which, and ask someone to take them on" }
                        "."
                    }
                }
            }
            p {
                Words.share(model.clearUses, of: model.activeUses, "uses in pilot or live")
                " are clear: one active owner who accepted, and no overdue review."
            }
            registerChips(model)
            if model.entries.isEmpty { p(.class("muted")) { "Nothing answers this filter." } }
            for status in registerOrder {
                statusPart(status, model.entries.filter { $0.status == status }, model.today)
            }
        }
    }
}

private let registerOrder: [AIUseRecord.Status] = [.live, .pilot, .sandbox, .idea, .suspended, .retired]

private func registerChips(_ model: RegisterModel) -> Fragment {
    chips([
        Chip(words: "All", link: "/register", isChosen: model.filter.isEmpty),
        Chip(
            words: "Without owner (\(model.unowned))", link: "/register?owner=none", isChosen: model.filter == "none"),
        Chip(
            words: "Review overdue (\(model.overdue))", link: "/register?review=overdue",
            isChosen: model.filter == "overdue"),
    ])
}

private func statusPart(_ status: AIUseRecord.Status, _ entries: [RegisterModel.Entry], _ today: Day) -> Fragment {
    guard !entries.isEmpty else { return .empty }
    return part("\(status.words) (\(entries.count))", id: "status-\(status.rawValue)") {
        div(.class("cards")) { for entry in entries { useCard(entry, today) } }
    }
}

private func useCard(_ entry: RegisterModel.Entry, _ today: Day) -> Fragment {
    let needsOwner = entry.owner == nil && entry.isActive
    return article(.class(needsOwner || entry.isOverdue ? "card use open" : "card use")) {
        div(.class("spread")) {
            if needsOwner {
                badge(.alert("unowned"))
            } else if entry.isOverdue {
                badge(.alert("review overdue"))
            } else {
                badge(entry.status.badge)
            }
            if let review = entry.review {
                span(.class("muted small")) {
                    "review by "
                    time(review, today: today)
                }
            }
        }
        h3 { a(.href(entry.link)) { entry.name } }
        p(.class("muted")) { entry.purpose }
        person(entry.owner)
        if let asked = entry.asked { p(.class("muted small")) { "\(asked) is asked to take it on." } }
        p(.class("muted small")) { "reaches \(Words.count(entry.learners, "person", "people"))" }
    }
}

extension AIUseRecord.Status {
    var words: String {
        switch self {
        case .idea: "Idea"
        case .sandbox: "Sandbox"
        case .pilot: "Pilot"
        case .live: "Live"
        case .suspended: "Suspended"
        case .retired: "Retired"
        }
    }

    var badge: Status {
        switch self {
        case .idea: .idle("idea")
        case .sandbox: .under("sandbox")
        case .pilot: .under("pilot")
        case .live: .done("live")
        case .suspended: .asked("suspended")
        case .retired: .ended("retired")
        }
    }
}

/// One AI use, as its label says.
struct AIUseModel: Sendable {
    struct Term: Sendable {
        let who: String
        let state: Status
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
    /// The name of the person who is asked, and the question's identity when it is the one who looks.
    var asked: String?
    var question: String?
    var canWrite = false
    /// People to propose, and the words that found them.
    var candidates: [Choosable] = []
    var search = ""
    var terms: [Term] = []
    var changes: [ChangeView] = []
    var entries = Entries()
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
        if model.canWrite {
            ownerPart(model, frame)
            statusChange(model, frame)
        }
        if !model.terms.isEmpty { termsPart(model) }
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

private func answerCard(_ question: String, _ model: AIUseModel, _ frame: Frame) -> Fragment {
    section(.class("card asked"), .aria("labelledby", "answer")) {
        h2(.id("answer")) { "You are asked to answer for this" }
        p {
            "Whoever accepts is named on this page, reviews it by the day below, and is whom people ask. "
            "You can hand it over later."
        }
        refusal(model.entries)
        frame.form(to: "/responsibilities/\(question)/accept", class: "actions") {
            press("Take ownership", .primary, icon: .check)
        }
        details(.open(!model.entries.errors.isEmpty)) {
            summary { "Decline" }
            frame.form(to: "/responsibilities/\(question)/decline", class: "stack") {
                field(
                    Field(
                        name: "reason", words: "Reason", hint: "The steward who asked reads it.",
                        isRequired: true), model.entries)
                actions { press("Decline ownership") }
            }
        }
    }
}

private func ownerPart(_ model: AIUseModel, _ frame: Frame) -> Fragment {
    part("Ask somebody to answer for it", id: "propose") {
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
                dropDown("person", "Person", model.candidates, model.question == nil ? model.entries : Entries())
                actions { press("Ask to take ownership") }
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

private func termsPart(_ model: AIUseModel) -> Fragment {
    part("Who was asked", id: "terms") {
        dataTable(
            "Everybody who was asked to answer for it", model.terms,
            [
                Column("Person") { person($0.who) },
                Column("State") { term in
                    badge(term.state)
                    if !term.reason.isEmpty { small { term.reason } }
                },
                Column("Asked") { time($0.asked.day) },
                Column("Answered") { $0.answered.map { time($0.day) } ?? Fragment("–") },
                Column("Until") { $0.ended.map { time($0.day) } ?? Fragment("–") },
            ])
    }
}
