import Basis
import HTML
import Paths

/// One skill as the learner model sees it.
struct SkillView: Sendable {
    let name: String
    let estimate: Estimate
    let right, answers: Int
    var lastAt: Moment?
}

/// One decision of the access rules for or about the person who looks.
struct MyDecisionView: Sendable {
    let at: Moment
    let what: String
    /// Who asked, where it was somebody else.
    let who: String?
    let isAllowed: Bool
    /// What the rules say to it.
    let reasons: [String]
    let times: Int
}

struct MyDataModel: Sendable {
    let name, key: String
    var email: String?
    var unit: String?
    var manager: String?
    let roles: [String]
    let skills: [SkillView]
    let modelVersion: String
    let settings: LearnerSettings
    let exclusions: [ExclusionRecord]
    let statementCount: Int
    let decisions: [MyDecisionView]
}

/// What Leeway holds of the person who looks, and what can be changed.
func myDataPage(_ model: MyDataModel, in frame: Frame) -> Fragment {
    page("My data and controls", in: frame) {
        "What is known about you here, where it comes from, and what you can change."
    } content: {
        part("What the learner model believes", id: "skills") {
            if model.skills.isEmpty {
                p {
                    "Nothing yet: it learns from answers alone, and you have not answered a question. "
                    "Reading, clicking and time spent never count."
                }
            } else {
                dotChart(
                    "The chance that you answer a question on each skill right, with its 90% interval. A wide interval "
                        + "means few answers.",
                    model.skills.map { skill in
                        (
                            skill.name, "\(skill.right) of \(Words.count(skill.answers, "answer", "answers")) right",
                            skill.estimate
                        )
                    }, level: 90)
            }
            why("How is this computed?") {
                p {
                    "By the learner model, version \(model.modelVersion): from whether your answers were right, "
                        + "how hard "
                    "the questions are and how long ago it was. It can be computed again from your evidence at "
                        + "any time, "
                    "and comes out the same."
                }
                p {
                    "It cannot be reset by itself, because it follows from your evidence. Answer a few questions on a "
                    "skill and it moves; old answers count less and less."
                }
            }
        }
        personalisation(model, frame)
        part("What the organisation says about you", id: "record") {
            sheet([
                ("Name", Fragment(model.name)),
                ("Staff number", code { model.key }),
                ("E-mail", Fragment(model.email ?? "not stated")),
                ("Unit", Fragment(model.unit ?? "not stated")),
                ("Manager", Fragment(model.manager ?? "not stated")),
                ("Roles", Fragment(Words.list(model.roles))),
            ])
            p(.class("muted")) { "An administrator keeps these. Tell one of them when something is wrong." }
        }
        decisionsPart(model)
        part("What is on record", id: "evidence") {
            p {
                a(.href("/evidence")) { Words.count(model.statementCount, "statement", "statements") }
                " about you. "
                a(.href("/evidence.jsonl")) { "Save them as JSON Lines" }
                "."
            }
            p {
                a(.href("/me/data.zip")) { "Save everything that is held about you" }
                ": the record, what the learner model believes, goals, settings and sign-in, as one archive with a "
                    + "page to read. To have it erased, ask an administrator."
            }
            p(.class("muted")) {
                "Your manager sees what was asked of you and whether it is done, and neither goals nor answers "
                    + "nor what "
                "you chose yourself. Auditors, and systems that an administrator has connected, can read the record."
            }
        }
    }
}

/// What the access rules decided, for the person and about the person.
private func decisionsPart(_ model: MyDataModel) -> Fragment {
    part("What was decided about you", id: "decided") {
        p {
            "The "
            a(.href("/rules")) { "access rules" }
            " are asked before AI is used, something is published, or somebody looks at you. Each line is one kind of "
            "decision on one day."
        }
        if model.decisions.isEmpty {
            p(.class("muted")) { "Nothing yet." }
        } else {
            dataTable(
                "Decisions for you and about you, the latest first", model.decisions,
                [
                    Column("When") { time($0.at) },
                    Column("What") { one in
                        one.what
                        if let who = one.who { small { "Asked by \(who), about you." } }
                    },
                    Column("Verdict") { badge($0.isAllowed ? .done("allowed") : .alert("refused")) },
                    Column("Why") { $0.reasons.isEmpty ? "No rule permits it." : $0.reasons.joined(separator: " ") },
                    Column("Times", .number) { Words.count($0.times) },
                ])
        }
    }
}

private func personalisation(_ model: MyDataModel, _ frame: Frame) -> Fragment {
    let isOn = model.settings.isPersonal
    return part("Personalisation", id: "personalisation") {
        div(.class("stack")) { controls(model, isOn, frame) }
    }
}

private func controls(_ model: MyDataModel, _ isOn: Bool, _ frame: Frame) -> Fragment {
    fragment {
        p {
            isOn
                ? "On: suggestions follow your goals, the strategy and your answers."
                : "Off: suggestions follow the strategy and what is new. Your answers are not used."
        }
        p(.class("muted")) { "Nothing is lost by switching it off, and everything else works as before." }
        frame.form(to: "/me/personalisation", class: "actions") {
            hidden("on", isOn ? "no" : "yes")
            hidden("back", "/me")
            press(isOn ? "Switch personalisation off" : "Switch personalisation on")
        }
        if isOn {
            frame.form(to: "/me/personalisation", class: "stack") {
                hidden("back", "/me")
                radios(
                    "dial", "How hard you like to work",
                    [
                        Choosable("0.6", "Harder", more: "about 6 in 10 right"),
                        Choosable("0.7", "In between", more: "about 7 in 10 right"),
                        Choosable("0.8", "Easier", more: "about 8 in 10 right"),
                    ],
                    chosen: model.settings.dial < 0.65 ? "0.6" : model.settings.dial > 0.75 ? "0.8" : "0.7")
                actions { press("Save how hard") }
            }
        }
        if !model.exclusions.isEmpty {
            h3 { "What you put aside" }
            ul(.class("todos")) {
                for excluded in model.exclusions {
                    li(.class("todo")) {
                        div {
                            h4 { excluded.title }
                            p(.class("muted")) {
                                excluded.why == .known
                                    ? "you said that you know it, " : "you said that it is not for you, "
                                time(excluded.at.day)
                            }
                        }
                        restoreForm(excluded, frame)
                    }
                }
            }
        }
    }
}

private func restoreForm(_ excluded: ExclusionRecord, _ frame: Frame) -> Fragment {
    frame.form(to: "/suggestions/restore") {
        hidden("what", excluded.kind.text)
        hidden("back", "/me")
        press("Suggest it again", .small, icon: .undo, spoken: excluded.title)
    }
}
