import Basis
import HTML
import Intent

/// The check of a strategy, as one person answers it.
struct CheckModel: Sendable {
    enum State: Sendable {
        case unopened, recall, questions
        /// With the places chosen.
        case done([Int?])
    }

    let path: String
    let title: String
    let check: StrategyCheck
    let state: State
    var entries = Entries()
}

func checkPage(_ model: CheckModel, in frame: Frame) -> Fragment {
    let crumbs = [Crumb("Intent", "/intent"), Crumb("Strategy", "/strategy"), Crumb(model.title, model.path)]
    return page("What did you take from it?", in: frame, width: .narrow, crumbs: crumbs) {
        "Answered once. What you answer is counted together with others and shown to nobody by name."
    } content: {
        refusal(model.entries)
        switch model.state {
        case .unopened:
            p { "Read the strategy first; then come back." }
            actions { go("Read the strategy", to: model.path, .primary) }
        case .recall: recallForm(model, frame)
        case .questions: questionsForm(model, frame)
        case .done(let picks):
            p { "Thank you. This is how you answered." }
            for (place, question) in model.check.questions.enumerated() where place < picks.count {
                answered(question, picks[place], number: place + 1)
            }
            actions { go("Back to the strategy", to: model.path) }
        }
    }
}

private func recallForm(_ model: CheckModel, _ frame: Frame) -> Fragment {
    frame.form(to: "\(model.path)/check", class: "stack") {
        hidden("version", "\(model.check.version)")
        hidden("do", "recall")
        p {
            "Which priorities does the strategy name? Write up to \(StrategyCheck.recallLimit), in your own words and "
            "without looking. A person reads the words without your name."
        }
        for place in 0..<StrategyCheck.recallLimit {
            field(Field(name: "t\(place)", words: "Priority \(place + 1)"), model.entries)
        }
        actions { press("Send", .primary) }
    }
}

private func questionsForm(_ model: CheckModel, _ frame: Frame) -> Fragment {
    frame.form(to: "\(model.path)/check", class: "stack") {
        hidden("version", "\(model.check.version)")
        hidden("do", "answer")
        for (place, question) in model.check.questions.enumerated() {
            radios(
                "q\(place)", question.text,
                question.options.enumerated().map { Choosable("\($0)", $1) } + [Choosable("", "I don’t know")],
                chosen: model.entries.values["q\(place)"] ?? "")
        }
        actions { press("Send answers", .primary) }
    }
}

private func answered(_ question: StrategyCheck.Question, _ pick: Int?, number: Int) -> Fragment {
    section(.class("card"), .aria("labelledby", "q\(number)")) {
        h2(.id("q\(number)")) { question.text }
        p {
            if pick == question.correct {
                badge(.done("right"))
            } else {
                badge(.open(pick == nil ? "not known" : "not right"))
            }
            if let pick, question.options.indices.contains(pick) { " You chose: \(question.options[pick])" }
        }
        if pick != question.correct, question.options.indices.contains(question.correct) {
            p { "Right is: \(question.options[question.correct])" }
        }
        if !question.feedback.isEmpty { p { question.feedback } }
    }
}

// MARK: Writing it

/// The form for the check of a version.
struct CheckFormModel: Sendable {
    static let questionLimit = 6

    let path: String
    let title: String
    let version: Int
    let asksRecall: Bool
    /// People who answered: then nothing can be changed.
    let answers: Int
    let entries: Entries

    /// Rows that hold something.
    var filled: Int {
        (0..<CheckFormModel.questionLimit).last { !entries["q\($0)-text"].isEmpty }.map { $0 + 1 } ?? 0
    }
}

func checkFormPage(_ model: CheckFormModel, in frame: Frame) -> Fragment {
    let crumbs = [Crumb("Intent", "/intent"), Crumb("Strategy", "/strategy"), Crumb(model.title, model.path)]
    return page("Check of version \(model.version)", in: frame, width: .narrow, crumbs: crumbs) {
        "What is asked, once, of those who opened it."
    } content: {
        refusal(model.entries)
        p(.class("muted")) { StrategyCheck.rule }
        if model.answers > 0 {
            notice {
                "\(Words.count(model.answers, "person has", "people have")) answered, so the check stays as it is. "
                "Write another with the next version."
            }
        } else {
            frame.form(to: "\(model.path)/questions", class: "stack") {
                hidden("version", "\(model.version)")
                tick(
                    "recall", "Ask people to name up to \(StrategyCheck.recallLimit) priorities in their own words",
                    isOn: model.asksRecall)
                let shown = min(CheckFormModel.questionLimit, max(2, model.filled + 1))
                for place in 0..<shown { questionRow(place, model) }
                actions {
                    press("Save check", .primary)
                    go("Cancel", to: model.path, .quiet)
                }
            }
        }
    }
}

private func questionRow(_ place: Int, _ model: CheckFormModel) -> Fragment {
    fieldset(.class("stack")) {
        legend { "Question \(place + 1)" }
        field(Field(name: "q\(place)-text", words: "Question", hint: "Empty: left out."), model.entries)
        area("q\(place)-options", "Options", hint: "2 to 6, one on each line.", rows: 4, model.entries)
        field(
            Field(name: "q\(place)-correct", words: "Line of the right one", width: .short, isNumber: true),
            model.entries)
        field(Field(name: "q\(place)-feedback", words: "Said after the answer"), model.entries)
    }
}

// MARK: Matching words

/// Words of people, to be matched with priorities.
struct RecallModel: Sendable {
    struct Row: Sendable {
        let id, text: String
        /// Such as `Protect data (82% alike)`.
        let suggestion: String?
    }

    let path: String
    let title: String
    let version: Int
    let priorities: [Choosable]
    let open: [Row]
    /// How many texts mean each priority, and how many none.
    let settled: [(name: String, count: Int)]
}

func recallPage(_ model: RecallModel, in frame: Frame) -> Fragment {
    let crumbs = [Crumb("Intent", "/intent"), Crumb("Strategy", "/strategy"), Crumb(model.title, model.path)]
    return page("In their own words", in: frame, crumbs: crumbs) {
        "What people named as priorities of version \(model.version), without who they are. Say what each means."
    } content: {
        if model.open.isEmpty {
            p(.class("muted")) { "Nothing waits to be matched." }
        } else {
            frame.form(to: "\(model.path)/recall", class: "stack") {
                hidden("version", "\(model.version)")
                for row in model.open {
                    dropDown(
                        "m-\(row.id)", "“\(row.text)”",
                        [Choosable("", "Not decided yet")] + model.priorities + [Choosable("none", "None of them")],
                        hint: row.suggestion.map { "Most alike: \($0)" } ?? "Nothing is much alike.")
                }
                actions { press("Save what they mean", .primary) }
            }
        }
        if !model.settled.isEmpty {
            part("Matched so far", id: "settled") {
                dataTable(
                    "Texts by what they mean", model.settled,
                    [Column("Priority") { $0.name }, Column("Texts", .number) { "\($0.count)" }])
            }
        }
    }
}
