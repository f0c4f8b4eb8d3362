import Basis
import HTML
import Markdown

/// The strategies that somebody may see.
struct StrategiesModel: Sendable {
    struct Entry: Sendable {
        let title, link: String
        let status: Status
        let owner: String?
        /// Such as `Version 2, in force since 3 March 2026`.
        let standing: String
        /// Such as `Acknowledged by 45 of 61 people (74%)`.
        let reach: String?
        let hasDraft: Bool
    }

    let entries: [Entry]
    let canWrite: Bool
}

func strategiesPage(_ model: StrategiesModel, in frame: Frame) -> Fragment {
    page("Strategy", in: frame, crumbs: [Crumb("Intent", "/intent")]) {
        "What the organisation wants to be able to do, and what it weighs most."
    } actions: {
        if model.canWrite { go("Write strategy", to: "/strategy/new", .primary, icon: .plus) }
    } content: {
        if model.entries.isEmpty {
            emptyState(
                .strategy, "No strategy yet",
                model.canWrite
                    ? "A strategy states the priorities for learning, with weights, so that everybody can see where "
                        + "hours should go. What people learn is later compared with it."
                    : "When a sponsor publishes a strategy that is meant for you, you read it here.",
                example: "“Safe use of AI” with the priorities handling customer data (60) and checking answers (40)."
            ) {
                if model.canWrite { go("Write the first strategy", to: "/strategy/new") }
            }
        } else {
            div(.class("cards two")) {
                for entry in model.entries { strategyCard(entry) }
            }
        }
    }
}

private func strategyCard(_ entry: StrategiesModel.Entry) -> Fragment {
    article(.class("card")) {
        div(.class("spread")) {
            badge(entry.status)
            if entry.hasDraft { badge(.idle("draft waiting")) }
        }
        h2 { a(.href(entry.link)) { entry.title } }
        p(.class("muted")) { entry.standing }
        if let reach = entry.reach { p { reach } }
        person(entry.owner)
    }
}

/// One version of a strategy, as one person sees it.
struct StrategyModel: Sendable {
    struct Priority: Sendable {
        let name, text: String
        /// Whole per cent of all weights.
        let share: Int
        let skills: [(name: String, link: String)]
        /// What is to be reached, in words; nil when nothing is stated.
        let target: String?
        /// How many have, in words; empty for those who are not told.
        let reached: String
    }

    struct Version: Sendable {
        let number: Int
        let status: Status
        let standing: String
        let link: String
    }

    let path: String
    let title: String
    /// A few plain sentences, shown first; empty when there are none.
    let summary: String
    let text: String
    let version: Int
    let status: Status
    let standing: String
    let owner: String?
    let audience: String
    let priorities: [Priority]
    /// When it was acknowledged by the person who looks; nil when not.
    var acknowledged: Moment?
    /// Whether the person who looks is asked to acknowledge it.
    var isAsked = false
    /// For how many seconds it has to be before the person who looks to count as opened; nil when it does, or is not
    /// meant for them.
    var dwell: Int?
    /// Whether the check is open for the person who looks; nil when there is none.
    var isCheckOpen: Bool?
    /// Whether those who lead may still write the check of this version.
    var canWriteCheck = false
    /// Only for those who lead.
    var reach: ReachModel?
    var versions: [Version] = []
    var canWrite = false
    var hasDraft = false
    var isInForce = false
    var changes: [ChangeView] = []
    /// Of the form that withdraws.
    var entries = Entries()
}

func strategyPage(_ model: StrategyModel, in frame: Frame) -> Fragment {
    let crumbs = [Crumb("Intent", "/intent"), Crumb("Strategy", "/strategy")]
    return page(model.title, in: frame, crumbs: crumbs) {
        model.standing
    } actions: {
        if model.canWrite {
            if model.hasDraft { go("Publish draft", to: "\(model.path)/publish", .primary) }
            go(model.hasDraft ? "Edit draft" : "Write next version", to: "\(model.path)/edit", icon: .edit)
            if model.hasDraft { go("Leaders’ weights", to: "\(model.path)/weighing", icon: .people) }
            if model.canWriteCheck {
                go("Comprehension check", to: "\(model.path)/questions?version=\(model.version)", icon: .check)
            }
        }
    } content: {
        div(.class("split")) {
            div(.class("reading alone")) {
                if !model.summary.isEmpty { notice { model.summary } }
                div(.class("text")) {
                    model.text.isEmpty
                        ? Fragment("The strategy says no more than its priorities.")
                        : Fragment.trusted(CommonMark.html(model.text))
                }
            }
            aboutCard(model, frame)
        }
        prioritiesPart(model)
        if let seconds = model.dwell { dwelling(seconds, model, frame) }
        if let reach = model.reach { reachPart(reach) }
        if !model.versions.isEmpty { versionsPart(model) }
        if !model.changes.isEmpty { history(model.changes, of: model.title) }
        if model.canWrite { endings(model, frame) }
    }
}

private func aboutCard(_ model: StrategyModel, _ frame: Frame) -> Fragment {
    section(.class("card"), .aria("labelledby", "about")) {
        h2(.id("about")) { "About it" }
        sheet([
            ("Status", badge(model.status)), ("Answers for it", person(model.owner)),
            ("For", Fragment(model.audience)),
        ])
        if let moment = model.acknowledged {
            p {
                badge(.done("acknowledged"))
                " by you on \(Words.day(moment.day))."
            }
        } else if model.isAsked {
            p { "Acknowledging says that you have read it. It does not say that you agree, or understood all of it." }
            frame.form(to: "\(model.path)/acknowledge", class: "actions") {
                hidden("version", "\(model.version)")
                press("Acknowledge strategy", .primary, icon: .check)
            }
        }
        if let isOpen = model.isCheckOpen {
            p {
                a(.href("\(model.path)/check")) { isOpen ? "Say what you took from it" : "How you answered" }
                if isOpen { ". A few short questions, once." }
            }
        }
    }
}

/// What a script sends once the page was seen that long. Without script, acknowledging tells.
private func dwelling(_ seconds: Int, _ model: StrategyModel, _ frame: Frame) -> Fragment {
    div(.data("dwell", "\(seconds)")) {
        frame.form(to: "\(model.path)/read") {
            hidden("version", "\(model.version)")
            hidden("seconds", "0")
        }
    }
}

private func prioritiesPart(_ model: StrategyModel) -> Fragment {
    part("Priorities", id: "priorities") {
        if model.priorities.isEmpty {
            p(.class("muted")) { "No priority is stated yet." }
        } else {
            p { "How leadership weighs its priorities: the share of learning that each should get." }
            dataTable(
                "Priorities and their skills", model.priorities,
                [
                    Column("Priority") { priority in
                        priority.name
                        if !priority.text.isEmpty { small { priority.text } }
                    },
                    Column("Weight", .number) { "\($0.share)%" },
                    Column("Share") { bar($0.name, value: $0.share, of: 100) },
                    Column("Target") { priority in
                        priority.target ?? "none stated"
                        if !priority.reached.isEmpty { small { "So far: \(priority.reached)" } }
                    },
                    Column("Skills") { priority in
                        ul { for skill in priority.skills { li { a(.href(skill.link)) { skill.name } } } }
                        if priority.skills.isEmpty { "none yet" }
                    },
                ])
        }
    }
}

/// Labelled bars from zero, one under another; shares in whole per cent.
func shareBars(_ caption: String, _ shares: [(name: String, share: Int)]) -> Fragment {
    let said = shares.map { "\($0.name) \($0.share)%" }.joined(separator: ", ")
    return figure(.class("chart")) {
        figcaption { caption }
        svg(
            .class("plot"), .role("img"), .aria("label", said), .init("width", "100%"),
            .init("height", "\(shares.count * 44)")
        ) {
            for (index, row) in shares.enumerated() {
                let top = index * 44
                text(.class("label"), .init("x", "0%"), .init("y", "\(top + 14)")) { "\(row.name) · \(row.share)%" }
                g(.class("s1")) {
                    rect(
                        .class("fill"), .init("x", "0%"), .init("width", place(Double(row.share) / 100)),
                        .init("y", "\(top + 21)"), .init("height", "12"))
                }
            }
        }
    }
}

private func versionsPart(_ model: StrategyModel) -> Fragment {
    part("Versions", id: "versions") {
        dataTable(
            "Versions, the newest first", model.versions,
            [
                Column("Version") { version in a(.href(version.link)) { "Version \(version.number)" } },
                Column("Status") { badge($0.status) },
                Column("When") { $0.standing },
            ])
    }
}

private func endings(_ model: StrategyModel, _ frame: Frame) -> Fragment {
    fragment {
        if model.hasDraft {
            part("Discard the draft", id: "discard") {
                frame.form(
                    to: "\(model.path)/discard", class: "actions",
                    loss: "The draft is lost. What is in force stays in force."
                ) { press("Discard draft", .danger) }
            }
        }
        if model.isInForce {
            part("Take it out of force", id: "withdraw") {
                frame.form(
                    to: "\(model.path)/withdraw", class: "stack",
                    loss: "The strategy is no longer in force. What was acknowledged stays on record."
                ) {
                    refusal(model.entries)
                    field(
                        Field(name: "reason", words: "Reason", hint: "Shown in the history.", isRequired: true),
                        model.entries)
                    actions { press("Withdraw strategy", .danger) }
                }
            }
        }
    }
}
