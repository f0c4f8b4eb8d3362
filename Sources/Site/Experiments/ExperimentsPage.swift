import Basis
import HTML
import Intent

/// Learners' experiments with AI.
struct ExperimentsModel: Sendable {
    struct Entry: Sendable {
        let title, tool, by, link: String
        let state: ExperimentRecord.State
        let until: Day
        let followers, comments: Int
    }

    let entries: [Entry]
    /// How many there are in each state.
    let counts: [ExperimentRecord.State: Int]
    let filter: ExperimentRecord.State?
    let sandbox: SandboxView
    let canWrite: Bool
    let today: Day
}

/// What anybody may try, in words.
struct SandboxView: Sendable {
    let data: [AIUseRecord.DataClass]
    let days: Int
    let rules: String
}

func experimentsPage(_ model: ExperimentsModel, in frame: Frame) -> Fragment {
    page("Experiments", in: frame, crumbs: [Crumb("Intent", "/intent"), Crumb("AI register", "/register")]) {
        "Try AI in your learning inside the sandbox. What works becomes practice, and stays yours by name."
    } actions: {
        go("Begin experiment", to: "/experiments/new", .primary, icon: .plus)
        if model.canWrite { go("Change sandbox", to: "/experiments/sandbox") }
    } content: {
        sandboxCard(model.sandbox)
        chips(
            [Chip(words: "All", link: "/experiments", isChosen: model.filter == nil)]
                + ExperimentRecord.State.allCases.map { state in
                    Chip(
                        words: "\(Words.sentence(state.rawValue)) (\(model.counts[state] ?? 0))",
                        link: "/experiments?state=\(state.rawValue)", isChosen: model.filter == state)
                })
        if model.entries.isEmpty {
            emptyState(
                .goal, model.filter == nil ? "Nobody has begun one yet" : "None of these",
                "An experiment takes two minutes to begin and needs nobody's leave while it stays in the sandbox.",
                example: "“Minutes by machine”: shorter minutes of our stand-ups, with the writing assistant, 30 days."
            ) {
                go("Begin the first", to: "/experiments/new")
            }
        } else {
            div(.class("cards")) { for entry in model.entries { experimentCard(entry, model.today) } }
        }
    }
}

func sandboxCard(_ sandbox: SandboxView) -> Fragment {
    section(.class("card"), .aria("labelledby", "sandbox")) {
        h2(.id("sandbox")) { "The sandbox" }
        p { sandbox.rules }
        p(.class("muted")) {
            sandbox.data.isEmpty
                ? "It may be given no data of ours."
                : "It may be given: \(Words.list(sandbox.data.map { $0.label.lowercased() }))."
            " A trial lasts up to \(Words.count(sandbox.days, "day", "days"))."
        }
    }
}

private func experimentCard(_ entry: ExperimentsModel.Entry, _ today: Day) -> Fragment {
    article(.class("card")) {
        div(.class("spread")) {
            badge(entry.state.badge)
            if entry.state == .running {
                span(.class("muted small")) {
                    "until "
                    time(entry.until, today: today)
                }
            }
        }
        h3 { a(.href(entry.link)) { entry.title } }
        p(.class("muted")) { "with \(entry.tool)" }
        person(entry.by)
        p(.class("muted small")) {
            "\(Words.count(entry.followers, "follower", "followers")), "
            Words.count(entry.comments, "remark", "remarks")
        }
    }
}

extension ExperimentRecord.State {
    var badge: Status {
        switch self {
        case .running: .under("running")
        case .finished: .idle("finished")
        case .promoted: .done("promoted")
        case .adapted: .done("adapted")
        case .stopped: .ended("stopped")
        }
    }
}

/// The form for a new experiment, a running one, or the sandbox itself.
struct ExperimentFormModel: Sendable {
    /// Nil for a new one.
    let path: String?
    let entries: Entries
    let data: Set<AIUseRecord.DataClass>
    let sandbox: SandboxView
}

func experimentFormPage(_ model: ExperimentFormModel, in frame: Frame) -> Fragment {
    page(
        model.path == nil ? "Begin experiment" : "Change experiment", in: frame, width: .narrow,
        crumbs: [Crumb("AI register", "/register"), Crumb("Experiments", "/experiments")]
    ) {
        "Two minutes are enough. Everybody sees it, and whoever is curious can follow."
    } content: {
        sandboxCard(model.sandbox)
        frame.form(to: model.path.map { "\($0)/edit" } ?? "/experiments/new", class: "stack") {
            refusal(model.entries)
            hidden("revision", model.entries["revision"])
            field(Field(name: "title", words: "Title", isRequired: true), model.entries)
            field(
                Field(
                    name: "tool", words: "Tool", hint: "Such as the writing assistant.", isRequired: true),
                model.entries)
            area("idea", "Idea", hint: "What you try, and what you hope for.", rows: 3, model.entries, isRequired: true)
            dataTicks("What it is given", model.sandbox.data, model.data)
            field(
                Field(
                    name: "until", words: "Until", hint: "Empty is as long as the sandbox allows.", kind: .date,
                    width: .short), model.entries)
            actions {
                press(model.path == nil ? "Begin experiment" : "Save experiment", .primary)
                go("Cancel", to: model.path ?? "/experiments", .quiet)
            }
        }
    }
}

func sandboxFormPage(_ model: ExperimentFormModel, in frame: Frame) -> Fragment {
    page(
        "Change sandbox", in: frame, width: .narrow,
        crumbs: [Crumb("AI register", "/register"), Crumb("Experiments", "/experiments")]
    ) {
        "What anybody may try without asking. Experiments that run already keep their last day."
    } content: {
        frame.form(to: "/experiments/sandbox", class: "stack") {
            refusal(model.entries)
            dataTicks("What an experiment may be given", AIUseRecord.DataClass.allCases, model.data)
            field(
                Field(name: "days", words: "Longest trial in days", kind: .text, width: .short, isRequired: true),
                model.entries)
            area("rules", "Rules in plain words", rows: 4, model.entries, isRequired: true)
            actions {
                press("Save sandbox", .primary)
                go("Cancel", to: "/experiments", .quiet)
            }
        }
    }
}

private func dataTicks(
    _ words: String, _ list: [AIUseRecord.DataClass], _ chosen: Set<AIUseRecord.DataClass>
) -> Fragment {
    fieldset(.class("choices"), .id("data")) {
        legend { words }
        if list.isEmpty { p(.class("hint")) { "The sandbox allows no data of ours." } }
        for data in list {
            label {
                input(.type("checkbox"), .name("data"), .value(data.rawValue), .checked(chosen.contains(data)))
                span { data.label }
            }
        }
    }
}
