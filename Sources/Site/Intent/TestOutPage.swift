import Assess
import Basis
import HTML
import Paths

/// How somebody stands with the test of a mandate, beside what it asks.
struct TestOutView: Sendable {
    let path: String
    let standing: TestOutStanding
    let minutes: Int
    let today: Day
}

/// Says whether one may show by a test to know it already, and why not when one may not.
func testOutCard(_ view: TestOutView, _ frame: Frame) -> Fragment {
    let standing = view.standing
    return section(.class("card"), .id("test-out"), .aria("labelledby", "test-out-heading")) {
        h2(.id("test-out-heading")) { "Do you know this already?" }
        switch standing.offer {
        case .ready(let number):
            p {
                "A test of \(TestOut.questionCount) questions. With \(Words.count(fewest(standing.mark))) right it is "
                "done, and its \(Words.minutes(view.minutes)) are yours again."
            }
            if number > 1 { lastTry(view) }
            frame.form(to: "\(view.path)/test") {
                actions { press("I know this already", icon: .know) }
            }
            p(.class("muted small")) { triesLeft(number) }
        case .underWay:
            p { "You are in the middle of the test." }
            actions { go("Go on with the test", to: "\(view.path)/test", .primary) }
        case .waiting(let day):
            lastTry(view)
            p {
                "The second and last try begins on "
                time(day, today: view.today)
                " at the earliest. Learning it is open to you all the time."
            }
        case .exhausted:
            lastTry(view)
            p { "Both tries were used. It is completed by learning it." }
        case .passed:
            lastTry(view)
            p { "Its \(Words.minutes(view.minutes)) are yours again." }
        case .refused(let reason):
            p {
                badge(.idle("no test"))
                " No test stands in for it, because: “\(reason)”"
            }
        case .short(let found):
            p {
                badge(.idle("no test"))
                found == 0
                    ? " There are no questions about it, so there is no test."
                    : " There are \(Words.count(found, "question", "questions")) about it, and a test needs "
                        + "\(TestOut.questionCount). So there is no test."
            }
        case .closed: Fragment.empty
        }
    }
}

private func fewest(_ mark: Int) -> Int { TestOut.fewestRight(of: TestOut.questionCount, mark: mark) }

private func triesLeft(_ number: Int) -> String {
    number < TestOut.tryLimit
        ? "You have \(TestOut.tryLimit) tries, the second after \(TestOut.waitDays) days. A test that is begun counts "
            + "as a try." : "This is your last try."
}

private func lastTry(_ view: TestOutView) -> Fragment {
    guard let end = view.standing.latest?.end, let test = view.standing.latest else { return .empty }
    return p {
        badge(end.isPassed ? .done("passed") : .under("not passed"))
        " \(end.correct) of \(test.items.count) right on "
        time(end.at.day, today: view.today)
        ". "
        a(.href("\(view.path)/test/result")) { "See the test" }
    }
}

/// A test before it is handed in: every question on one page.
struct TestOutModel: Sendable {
    let path, title: String
    let test: TestOut
    let questions: [ItemRecord]
    let minutes: Int
    /// Picks by item, as they were given; nil for an item that is not answered.
    var chosen: [ID<Item>: [Int]] = [:]
    var entries = Entries()
}

func testOutPage(_ model: TestOutModel, in frame: Frame) -> Fragment {
    let count = model.questions.count
    let fewest = TestOut.fewestRight(of: count, mark: model.test.mark)
    return page(
        "Test: \(model.title)", in: frame, width: .narrow,
        crumbs: [Crumb("Mandates", "/mandates"), Crumb(model.title, model.path)], here: "Test"
    ) {
        "\(Words.count(count, "question", "questions")). With \(fewest) right it is done, and its "
            + "\(Words.minutes(model.minutes)) are yours again."
    } content: {
        div(.class("stack")) {
            refusal(model.entries, labels: labels(model.questions))
            frame.form(to: "\(model.path)/test/answers", class: "stack") {
                for (index, question) in model.questions.enumerated() {
                    ask(question, number: index + 1, of: count, model)
                }
                actions {
                    press("Hand in", .primary)
                    go("Later", to: model.path, .quiet)
                }
            }
            p(.class("muted small")) { "This is try \(model.test.number) of \(TestOut.tryLimit)." }
        }
    }
}

/// The field of a question, which count from 1.
func fieldName(_ number: Int) -> String { "q\(number)" }

private func labels(_ questions: [ItemRecord]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: (1...max(1, questions.count)).map { (fieldName($0), "Question \($0)") })
}

private func ask(_ item: ItemRecord, number: Int, of count: Int, _ model: TestOutModel) -> Fragment {
    let name = fieldName(number)
    let isMissing = model.entries.errors[name] != nil
    let chosen = model.chosen[item.id]
    return div(.class("question")) {
        fieldset(
            .id(name), .lang(item.language.isEmpty ? nil : item.language),
            .aria("describedby", isMissing ? "\(name)-error" : nil)
        ) {
            legend {
                span(.class("eyebrow")) { "Question \(number) of \(count)" }
                item.stem
            }
            if item.kind == .multiple { p(.class("hint")) { "Several may be right. Choose all of them." } }
            if let error = model.entries.errors[name] {
                p(.class("error"), .id("\(name)-error")) { error }
            }
            ul(.class("answers")) {
                for (index, words) in item.choices.enumerated() {
                    li {
                        choice(item, name, "\(index)", words, isChosen: chosen?.contains(index) ?? false)
                    }
                }
                li { choice(item, name, "none", "I do not know", isChosen: chosen?.isEmpty ?? false) }
            }
        }
    }
}

private func choice(_ item: ItemRecord, _ name: String, _ value: String, _ words: String, isChosen: Bool) -> Fragment {
    label {
        input(
            .type(item.kind == .multiple ? "checkbox" : "radio"), .name(name), .value(value), .checked(isChosen))
        span { words }
    }
}

/// A test that was handed in.
struct TestOutResultModel: Sendable {
    let path, title: String
    let test: TestOut
    let end: TestOut.End
    let questions: [ItemRecord]
    /// Whether the answers are told: not while another try could ask the same.
    let tellsAnswers: Bool
    let view: TestOutView
}

func testOutResultPage(_ model: TestOutResultModel, in frame: Frame) -> Fragment {
    page(
        "Result: \(model.title)", in: frame, width: .narrow,
        crumbs: [Crumb("Mandates", "/mandates"), Crumb(model.title, model.path)], here: "Result"
    ) {
        "Try \(model.test.number) of \(TestOut.tryLimit)."
    } content: {
        div(.class("stack")) {
            section(.class("card")) {
                p(.class("figure")) {
                    Words.share(model.end.correct, of: model.questions.count, "questions right")
                }
                p {
                    badge(model.end.isPassed ? .done("tested out") : .under("not passed"))
                    " The mark is \(model.test.mark)%. "
                    model.end.isPassed
                        ? "“\(model.title)” is done, and its \(Words.minutes(model.view.minutes)) are yours again."
                        : "“\(model.title)” is still asked of you."
                }
                if !model.end.isPassed { p { whatNext(model.view) } }
            }
            dataTable(
                "Questions", model.questions,
                [
                    Column("Question") { question in
                        question.stem
                        if model.tellsAnswers { answers(question) }
                    },
                    Column("Answer") { question in verdict(question, model.end) },
                ])
            if !model.tellsAnswers {
                p(.class("muted small")) { "The right answers are told when no further try could ask for them." }
            }
            actions { go("Back to “\(model.title)”", to: model.path, .primary) }
        }
    }
}

private func whatNext(_ view: TestOutView) -> Fragment {
    guard case .waiting(let day) = view.standing.offer else { return Fragment(view.standing.offer.sentence) }
    return fragment {
        "The second and last try begins on "
        time(day, today: view.today)
        " at the earliest. Learning it is open to you all the time."
    }
}

private func answers(_ question: ItemRecord) -> Fragment {
    small {
        "Right: "
        Words.list(question.correct.filter(question.choices.indices.contains).map { "“\(question.choices[$0])”" })
    }
}

private func verdict(_ question: ItemRecord, _ end: TestOut.End) -> Fragment {
    guard let chosen = end.answers[question.id] else { return badge(.open("not known")) }
    return Set(chosen) == Set(question.correct) ? badge(.done("right")) : badge(.under("not right"))
}
