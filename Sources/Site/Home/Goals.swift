import Basis
import HTML
import Mastery
import Paths

/// One goal of a learner.
struct GoalView: Sendable {
    let id: ID<Goal>
    let skill: String
    let note: String
    let target: Double
    /// Mastery from 0 to 1 with its interval.
    let estimate: Estimate
    let answers: Int
    let isReached: Bool
    let dueOn: Day?
    /// What is suggested for it now.
    var next: String?

    var link: String { "/goals/\(id)" }
    /// Such as `64%, 90% interval 51 to 75, 12 answers`.
    var standing: String {
        if answers == 0 { return "not measured yet: answer a question on it" }
        return "\(Words.percent(estimate.value)), 90% interval \(Words.wholePercent(estimate.low)) to "
            + "\(Words.wholePercent(estimate.high)), \(Words.count(answers, "answer", "answers"))"
    }
}

extension GoalView {
    init(_ progress: GoalProgress, next: String?) {
        self.init(
            id: progress.goal.id, skill: progress.skillName, note: progress.goal.note, target: progress.goal.target,
            estimate: Estimate(
                value: progress.mastery.probability, low: progress.mastery.low, high: progress.mastery.high),
            answers: progress.mastery.tries, isReached: progress.goal.reachedAt != nil,
            dueOn: progress.goal.dueOn, next: next)
    }
}

func goalsPart(_ goals: [GoalView]) -> Fragment {
    part("My goals", id: "goals") {
        if !goals.isEmpty { a(.href("/goals")) { "All goals" } }
    } content: {
        div(.class("stack")) {
            if goals.isEmpty {
                p(.class("muted")) {
                    "A goal is yours: your manager does not see it. It steers what is suggested to you."
                }
            } else {
                ul(.class("todos")) { for goal in goals.prefix(homeRows) { row(goal) } }
            }
            actions { go("Add goal", to: "/goals/new", .small, icon: .plus) }
        }
    }
}

/// Rows of each list on the home page.
let homeRows = 5

private func row(_ goal: GoalView) -> Fragment {
    li(.class("todo")) {
        div {
            h3 { a(.href(goal.link)) { goal.skill } }
            p(.class("muted")) { goal.next.map { "next: \($0)" } ?? goal.standing }
        }
        span(.class("number")) { goal.answers == 0 ? "" : Words.percent(goal.estimate.value) }
        if let day = goal.dueOn { time(day) } else { span {} }
        goalBadge(goal)
    }
}

private func goalBadge(_ goal: GoalView) -> Fragment {
    if goal.isReached { return badge(.done("reached")) }
    return badge(goal.answers == 0 ? .open("not measured yet") : .under("aims at \(Words.percent(goal.target))"))
}

/// All goals, each with what can be done to it.
func goalsPage(_ goals: [GoalView], in frame: Frame) -> Fragment {
    page("My goals", in: frame) {
        "A goal is yours. Add, change or remove it whenever you like."
    } actions: {
        go("Add goal", to: "/goals/new", .primary, icon: .plus)
    } content: {
        if goals.isEmpty {
            emptyState(
                .goal, "No goals yet",
                "A goal names a skill and how well you want to command it. Suggestions then serve it, and you "
                    + "see how far "
                    + "you are.",
                example: "“Judging sources”, able: about 3 in 4 questions right.")
        } else {
            dataTable(
                "My goals", goals,
                [
                    Column("Goal") { goal in
                        a(.href(goal.link)) { goal.skill }
                        if !goal.note.isEmpty { small { goal.note } }
                    },
                    Column("Aim") { GoalLevel(nearest: $0.target).label },
                    Column("Now") { goal in
                        bar(
                            "Now, of what the goal asks", value: Words.wholePercent(goal.estimate.value),
                            of: Words.wholePercent(goal.target))
                        small { goal.standing }
                    },
                    Column("Standing") { goalBadge($0) },
                    Column("By") { goal in
                        if let day = goal.dueOn { time(day) } else { "no date" }
                    },
                    Column("Actions", .actions) { goal in
                        if !goal.isReached {
                            frame.form(to: "\(goal.link)/reach") { press("I reached it", .small, spoken: goal.skill) }
                        }
                        frame.form(
                            to: "\(goal.link)/remove",
                            loss: "Suggestions no longer serve “\(goal.skill)”. What you learned stays."
                        ) {
                            press("Remove goal", .small, spoken: goal.skill)
                        }
                    },
                ])
        }
    }
}

/// Makes or changes a goal.
struct GoalForm: Sendable {
    /// Nil for a new one.
    let id: ID<Goal>?
    /// The skills to choose from; one alone for a goal that is there.
    let skills: [Choosable]
    /// More skills than can be listed: they are narrowed by words.
    let isNarrowed: Bool
    let words: String
    var entries = Entries()
}

func goalFormPage(_ model: GoalForm, in frame: Frame) -> Fragment {
    let heading = model.id == nil ? "Add goal" : "Change goal"
    return page(heading, in: frame, width: .narrow, crumbs: [Crumb("My goals", "/goals")]) {
        if model.isNarrowed || !model.words.isEmpty { finder(model) }
        if model.skills.isEmpty {
            emptyState(
                .skill, model.words.isEmpty ? "No skills yet" : "No skill has these words",
                "Skills come in with a framework or with the catalogue. A goal names one of them.")
        } else {
            form(model, frame)
        }
    }
}

private func finder(_ model: GoalForm) -> Fragment {
    HTML.form(.class("row"), .role("search"), .method("get"), .action("/goals/new")) {
        label(.class("hidden"), .for("words")) { "Find a skill" }
        input(.id("words"), .name("words"), .type("search"), .value(model.words), .placeholder("Find a skill"))
        press("Find skill", icon: .search)
    }
}

private func form(_ model: GoalForm, _ frame: Frame) -> Fragment {
    fragment {
        refusal(model.entries, labels: ["skill": "Skill", "target": "Aim", "day": "By when", "note": "Note"])
        frame.form(to: model.id.map { "/goals/\($0)" } ?? "/goals", class: "stack") {
            dropDown("skill", "Skill", model.skills, model.entries)
            radios(
                "level", "How well", GoalLevel.allCases.map { Choosable($0.rawValue, $0.label) },
                hint: "Of questions on the skill that you have not seen.", chosen: model.entries.values["level"])
            field(
                Field(name: "day", words: "By when", hint: "You may leave it open.", kind: .date, width: .short),
                model.entries)
            area("note", "Note", hint: "In your words, for yourself. You may leave it empty.", rows: 2, model.entries)
            actions {
                press(model.id == nil ? "Add goal" : "Save goal", .primary)
                go("Cancel", to: "/goals", .quiet)
            }
        }
    }
}
