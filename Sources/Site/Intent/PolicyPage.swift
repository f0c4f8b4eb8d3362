import Basis
import HTML

/// The leeway policy in force and how it came about.
struct PolicyModel: Sendable {
    struct Rule: Sendable {
        let name, who: String
        /// Such as `4 h a month, of which 2 h always yours.`
        let words: String
        /// - Unit: per cent.
        let share: Int
        /// Active people whom this rule decides for.
        let people: Int
    }

    struct Version: Sendable {
        let number: Int
        let since: Moment?
        let who: String
        let note: String
        let rules: [String]
    }

    let rules: [Rule]
    let version: Int
    let canWrite: Bool
    let versions: [Version]
    /// What holds for the person who looks.
    let own: (words: String, rule: String?)
}

func policyPage(_ model: PolicyModel, in frame: Frame) -> Fragment {
    page("Leeway policy", in: frame, crumbs: [Crumb("Intent", "/intent")]) {
        "How much learning time a month holds, and how much of it is always the learner's own."
    } actions: {
        if model.canWrite { go("Change policy", to: "/policy/edit", .primary, icon: .edit) }
    } content: {
        div(.class("split")) {
            div(.class("stack")) {
                p {
                    "Rules are asked from the top. The first that means a person decides; the last decides for "
                    "everybody else. Mandates can only ask for what is not guaranteed."
                }
                p {
                    "These are the figures of full time. A part-time share lowers both parts alike, and so does a day "
                    "away; a public holiday lowers neither. Where a rule of its own sets the figures for people in "
                    "part time, leave their share at 100%."
                }
                dataTable(
                    "The rules in force", model.rules,
                    [
                        Column("Rule") { rule in
                            rule.name
                            small { rule.who }
                        },
                        Column("In words") { $0.words },
                        Column("Guaranteed", .number) { "\($0.share)%" },
                        Column("People", .number) { Words.count($0.people) },
                    ])
            }
            section(.class("card room"), .aria("labelledby", "own")) {
                h2(.id("own")) { "For you" }
                p { model.own.words }
                p(.class("muted")) {
                    model.own.rule.map { "By the rule “\($0)”." } ?? "By the last rule, for everybody else."
                }
            }
        }
        policyHistory(model)
    }
}

/// Such as `4 h a month, of which 1 h 36 min always yours. Mandates take at most 30 min a day.`
func leewayWords(minutes: Int, guaranteed: Int, dailyLimit: Int?) -> String {
    "\(Words.minutes(minutes)) a month, of which \(Words.minutes(guaranteed)) always yours."
        + (dailyLimit.map { " Mandates take at most \(Words.minutes($0)) a day." } ?? "")
}

private func policyHistory(_ model: PolicyModel) -> Fragment {
    part("History", id: "history") {
        if model.versions.isEmpty {
            p(.class("muted")) {
                "Nobody has set a policy yet: four hours a month, half of them guaranteed, hold until somebody does."
            }
        } else {
            dataTable(
                "Versions of the policy, the newest first", model.versions,
                [
                    Column("Version") { "Version \($0.number)" },
                    Column("Since") { $0.since.map { time($0) } ?? Fragment("–") },
                    Column("Who") { person($0.who) },
                    Column("Rules") { version in for rule in version.rules { small { rule } } },
                    Column("Why") { $0.note.isEmpty ? "–" : $0.note },
                ])
        }
    }
}

/// The form for the policy.
struct PolicyFormModel: Sendable {
    static let ruleLimit = 8

    let entries: Entries
    let units: [String]
    /// What the rules would mean, in words; empty before they can be read.
    let effect: [PolicyModel.Rule]
    let fault: String?

    var filled: Int {
        (0..<PolicyFormModel.ruleLimit).last { index in
            ["name", "audience", "minutes", "daily"].contains { !entries["r\(index)-\($0)"].isEmpty }
        }.map { $0 + 1 } ?? 0
    }
}

func policyFormPage(_ model: PolicyFormModel, in frame: Frame) -> Fragment {
    page("Change policy", in: frame, crumbs: [Crumb("Intent", "/intent"), Crumb("Leeway policy", "/policy")]) {
        "What is published stays published. A lower budget can leave people over it: they see it, and so do you."
    } content: {
        div(.class("split")) {
            frame.form(to: "/policy/edit", class: "stack", id: "policy", preview: "/policy/preview") {
                refusal(model.entries)
                hidden("version", model.entries["version"])
                let shown = min(PolicyFormModel.ruleLimit, max(2, model.filled + 1))
                p(.class("muted")) { "Leave a rule empty to leave it out." }
                for index in 0..<shown { ruleRow(index, model) }
                if shown < PolicyFormModel.ruleLimit {
                    details {
                        summary { "More rules" }
                        div(.class("stack")) {
                            for index in shown..<PolicyFormModel.ruleLimit { ruleRow(index, model) }
                        }
                    }
                }
                fieldset(.class("stack")) {
                    legend { "Everybody else" }
                    termFields("minutes", "share", "daily", model.entries)
                }
                field(Field(name: "note", words: "Why it changes", isRequired: true), model.entries)
                actions {
                    press("Put policy in force", .primary, name: "do", value: "save")
                    press("Show effect", icon: .eye, name: "do", value: "preview")
                    go("Cancel", to: "/policy", .quiet)
                }
            }
            preview { policyEffect(model) }
        }
    }
}

/// The inside of the preview: the rules in words.
func policyEffect(_ model: PolicyFormModel) -> Fragment {
    fragment {
        h2(.id("effect")) { "What it means" }
        if let fault = model.fault { p { fault } }
        for rule in model.effect {
            div {
                h3 { rule.name }
                p { rule.words }
                p(.class("muted small")) { "\(Words.count(rule.people, "person", "people")). \(rule.who)" }
            }
        }
    }
}

private func ruleRow(_ index: Int, _ model: PolicyFormModel) -> Fragment {
    fieldset(.class("stack")) {
        legend { "Rule \(index + 1)" }
        field(Field(name: "r\(index)-name", words: "Name"), model.entries)
        field(
            Field(
                name: "r\(index)-audience", words: "Who is meant",
                hint: "Such as: unit \"Sales\" and not role manager."),
            model.entries)
        termFields("r\(index)-minutes", "r\(index)-share", "r\(index)-daily", model.entries)
    }
}

private func termFields(_ minutes: String, _ share: String, _ daily: String, _ entries: Entries) -> Fragment {
    div(.class("fields")) {
        field(
            Field(name: minutes, words: "Minutes a month", hint: "0 to 4,800.", width: .short, isNumber: true), entries)
        field(
            Field(name: share, words: "Guaranteed, in %", hint: "0 to 100.", width: .short, isNumber: true), entries)
        field(
            Field(
                name: daily, words: "Most minutes of mandates a day", hint: "1 to 480. Empty: no limit.", width: .short,
                isNumber: true), entries)
    }
}
