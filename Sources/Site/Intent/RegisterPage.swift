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
        /// Where it stands under the law; nil until somebody classified it.
        let level: Classification.Level?
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
        go("Experiments", to: "/experiments")
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
        if let level = entry.level { p { badge(level.badge) } }
    }
}

extension Responsibility.Part {
    var label: String {
        switch self {
        case .accountable: "Accountable"
        case .responsible: "Responsible"
        case .consulted: "Consulted"
        case .informed: "Informed"
        }
    }

    /// What somebody takes on with it.
    var meaning: String {
        switch self {
        case .accountable: "You answer for it."
        case .responsible: "You do the work: keep it running, watch it, tell the owner what goes wrong."
        case .consulted: "You are asked before something about it is decided."
        case .informed: "You are told when something about it changes."
        }
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
