import Assess
import Basis
import HTML

/// One question of a quiz, before or after it was answered.
struct QuestionModel: Sendable {
    let title, back: String
    let sitting: String
    let item: ItemRecord
    /// From 1.
    let number: Int
    let count: Int
    /// What was answered; nil before.
    var grade: Grade?
    /// Whether a further question follows.
    let isLast: Bool
    var entries = Entries()
}

func questionPage(_ model: QuestionModel, in frame: Frame) -> Fragment {
    page(
        model.title, in: frame, width: .narrow,
        crumbs: [Crumb("Catalogue", "/learn"), Crumb(model.title, model.back)], here: "Questions"
    ) {
        "Questions. You see after each whether it was right, and why."
    } content: {
        div(.class("stack")) { question(model, frame) }
    }
}

private func question(_ model: QuestionModel, _ frame: Frame) -> Fragment {
    fragment {
        bar("Question", value: model.number - (model.grade == nil ? 1 : 0), of: model.count)
        refusal(model.entries, labels: ["answer": "Answer", "answer-0": "Answer"])
        if let grade = model.grade { answered(model, grade, frame) } else { open(model, frame) }
        p(.class("muted small")) {
            badge(model.item.provenance.origin)
            if !model.item.author.isEmpty { " \(model.item.author)" }
            if !model.item.licence.isEmpty { " · \(model.item.licence)" }
        }
    }
}

private func open(_ model: QuestionModel, _ frame: Frame) -> Fragment {
    frame.form(to: "/sittings/\(model.sitting)/answers/\(model.item.id)", class: "question") {
        fieldset(.lang(model.item.language.isEmpty ? nil : model.item.language)) {
            stem(model)
            answerFields(model.item, model.entries)
        }
        actions {
            press("Check answer", .primary)
            press("Skip", .quiet, name: "skip", value: "yes")
        }
    }
}

private func answered(_ model: QuestionModel, _ grade: Grade, _ frame: Frame) -> Fragment {
    fragment {
        div(.class("question")) {
            fieldset(.lang(model.item.language.isEmpty ? nil : model.item.language)) {
                stem(model)
                if model.item.kind.isPicked { picks(model, grade) } else { answerBesideKey(model.item, grade) }
            }
        }
        explanation(model, grade)
        actions {
            go(
                model.isLast ? "See result" : "Next question", to: "/sittings/\(model.sitting)/quiz", .primary,
                icon: .next)
        }
    }
}

private func stem(_ model: QuestionModel) -> Fragment {
    fragment {
        legend {
            span(.class("eyebrow")) { "Question \(model.number) of \(model.count)" }
            model.item.stem
        }
        if !model.item.situation.isEmpty { p(.class("situation")) { model.item.situation } }
    }
}

private func picks(_ model: QuestionModel, _ grade: Grade) -> Fragment {
    ul(.class("answers")) {
        for (index, choice) in model.item.choices.enumerated() {
            let isChosen = grade.chosen.contains(index)
            let isRight = grade.correct.contains(index)
            li(.class(isRight ? "right" : isChosen ? "wrong" : nil)) {
                label {
                    input(
                        .type(model.item.kind == .multiple ? "checkbox" : "radio"), .name("answer"),
                        .value("\(index)"), .checked(isChosen), .disabled(true))
                    span { choice }
                }
                verdict(isChosen: isChosen, isRight: isRight)
            }
        }
    }
}

private func verdict(isChosen: Bool, isRight: Bool) -> Fragment {
    let words: String? =
        switch (isChosen, isRight) {
        case (true, true): "Your answer: right"
        case (true, false): "Your answer: not right"
        case (false, true): "Right"
        case (false, false): nil
        }
    guard let words else { return .empty }
    return strong(.class("verdict")) {
        icon(isRight ? .check : .close)
        words
    }
}

private func explanation(_ model: QuestionModel, _ grade: Grade) -> Fragment {
    div(.class("explanation"), .role("status")) {
        div(.class("stack")) {
            h2 { grade.isCorrect ? "Right, because" : "Not right, because" }
            if !model.item.feedback.isEmpty { p { model.item.feedback } }
            if grade.explanations.isEmpty, model.item.feedback.isEmpty {
                p { "Nobody wrote an explanation for this question." }
            }
            for told in grade.explanations {
                p {
                    if model.item.choices.indices.contains(told.choice), grade.explanations.count > 1 {
                        strong { "“\(model.item.choices[told.choice])” " }
                    }
                    told.text
                }
            }
        }
    }
}

/// How a quiz went.
struct ResultModel: Sendable {
    let title, back: String
    let contentID: String
    let right, answered, skipped, count: Int
    /// The share that counts as passed, from 0 to 1.
    let passMark: Double
    let isPassed: Bool
    let spent: Duration
    let rows: [(stem: String, isRight: Bool?)]
    /// Mandates that this completed, by title.
    let completed: [String]
}

func resultPage(_ model: ResultModel, in frame: Frame) -> Fragment {
    page(
        "Result: \(model.title)", in: frame, width: .narrow,
        crumbs: [Crumb("Catalogue", "/learn"), Crumb(model.title, model.back)]
    ) {
        "Learning time \(Words.span(model.spent))."
    } content: {
        div(.class("stack")) { result(model, frame) }
    }
}

private func result(_ model: ResultModel, _ frame: Frame) -> Fragment {
    fragment {
        section(.class("card")) {
            p(.class("figure")) { Words.share(model.right, of: model.count, "questions right") }
            p {
                badge(model.isPassed ? .done("passed") : .under("not passed yet"))
                " The mark is \(Words.percent(model.passMark)) of the questions."
                if model.skipped > 0 { " \(Words.count(model.skipped)) skipped." }
            }
            for title in model.completed {
                p {
                    badge(.done("done"))
                    " “\(title)”, which was asked of you, is completed."
                }
            }
        }
        dataTable(
            "Questions", model.rows,
            [
                Column("Question") { $0.stem },
                Column("Answer") { row in
                    switch row.isRight {
                    case true?: badge(.done("right"))
                    case false?: badge(.under("not right"))
                    case nil: badge(.open("skipped"))
                    }
                },
            ])
        div(.class("actions")) {
            go("Go home", to: "/", .primary)
            frame.form(to: "/learn/\(model.contentID)/start") {
                hidden("at", "quiz")
                press("Try again")
            }
            go("Back to “\(model.title)”", to: model.back, .quiet)
        }
    }
}
