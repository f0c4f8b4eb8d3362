import Basis
import HTML
import Intent

/// The intake of one AI use under the law: questions, and the result of the answers given.
struct ClassifyModel: Sendable {
    let path, name: String
    /// Of the entry that the assessor looks at.
    let revision: Int
    let yes: Set<Classification.Question>
    /// Of these answers; nil until the assessor asked for it.
    let result: Classification?
    let entries: Entries
}

func classifyPage(_ model: ClassifyModel, in frame: Frame) -> Fragment {
    page(
        "Classify under the AI Act", in: frame,
        crumbs: [Crumb("Intent", "/intent"), Crumb("AI register", "/register"), Crumb(model.name, model.path)]
    ) {
        "Tick what is so. The result follows from the answers, and both stay on record with your name and the day."
    } content: {
        p(.class("muted")) { Classification.LawState.present.words + " This helps you think; it is no legal advice." }
        frame.form(to: "\(model.path)/classify", class: "stack") {
            refusal(model.entries)
            hidden("revision", "\(model.revision)")
            questions(
                "Prohibited practices", "Any yes stops it: Article 5.", Classification.Question.prohibited, model.yes)
            questions(
                "Learning and work", "Any yes puts it into an area of Annex III, points 3 and 4.",
                Classification.Question.areas, model.yes)
            questions(
                "What may take it out again", "Asked only where Annex III was met: Article 6(3).",
                Classification.Question.exceptions, model.yes)
            questions(
                "Profiling", "In an area of Annex III it is high-risk then, whatever else is so.", [.profiling],
                model.yes)
            questions("What people are told", "Article 50.", Classification.Question.transparency, model.yes)
            if let result = model.result {
                section(.class("card"), .aria("labelledby", "result")) {
                    h2(.id("result")) { "These answers make it" }
                    classificationFacts(result)
                }
            }
            area(
                "note", "Your assessment", hint: "Why the answers are so. Everybody reads it on the entry.", rows: 4,
                model.entries,
                isRequired: true)
            actions {
                press("Keep classification", .primary, name: "do", value: "save")
                press("Show the result", icon: .eye, name: "do", value: "preview")
                go("Cancel", to: model.path, .quiet)
            }
        }
    }
}

private func questions(
    _ heading: String, _ hint: String, _ list: [Classification.Question], _ yes: Set<Classification.Question>
) -> Fragment {
    fieldset(.class("choices")) {
        legend { heading }
        p(.class("hint")) { hint }
        for question in list {
            label {
                input(
                    .type("checkbox"), .name("yes"), .value(question.rawValue), .checked(yes.contains(question)))
                span {
                    question.sentence
                    small { " \(question.provision)" }
                }
            }
        }
    }
}

/// The level, its reasons and what is to be done.
func classificationFacts(_ result: Classification) -> Fragment {
    fragment {
        p { badge(result.level.badge) }
        ul(.class("plain")) {
            for reason in result.reasons {
                li {
                    reason.sentence
                    small(.class("muted")) { " \(reason.provision)" }
                }
            }
        }
        details(.class("why")) {
            summary { "What is to be done (\(result.duties.count))" }
            ul(.class("plain")) {
                for duty in result.duties {
                    li {
                        duty.sentence
                        small(.class("muted")) { " \(duty.provision)" }
                    }
                }
            }
        }
    }
}

extension Classification.Level {
    var badge: Status {
        switch self {
        case .prohibited: .alert("prohibited")
        case .high: .asked("high-risk")
        case .excepted: .under("not high-risk, by exception")
        case .transparency: .under("people are told")
        case .minimal: .done("minimal")
        }
    }
}
