import Basis
import HTML
import Intent

/// What a learner sees first.
struct HomeModel: Sendable {
    var next: Next?
    let overdue, dueSoon, dueLater: Int
    let asked: [Todo]
    /// How many there are, of which `asked` shows the first.
    let askedCount: Int
    let goals: [GoalView]
    let suggestions: [SuggestionView]
    let isPersonalised: Bool
    /// Who decides about a use of AI, asked at most once a month.
    let question: OwnerQuestion?
    /// The entry of the register that stopped personal suggestions.
    let stopped: String?
    /// Why the access rules allow no personal suggestions to this learner.
    let refusal: String?
    /// The policies that have to be accepted before suggestions are personal.
    let toAccept: [(title: String, link: String)]
    let meter: LeewayView
    let hasCatalogue: Bool
    /// A strategy that waits to be read.
    var strategy: (title: String, link: String)?

    /// Where the learner left off.
    struct Next: Sendable {
        let title, link: String
        let step: String
        let isAsked: Bool
    }
}

func homePage(_ model: HomeModel, in frame: Frame) -> Fragment {
    page("What is next", in: frame) {
        if let strategy = model.strategy {
            notice {
                "There is a strategy for you to read: "
                a(.href(strategy.link)) { strategy.title }
                "."
            }
        }
        div(.class("cards two")) {
            continueCard(model, frame)
            article(.class("card room")) {
                h2 { "Leeway" }
                leewayMeter(model.meter)
            }
        }
        if model.askedCount > 0 {
            counters([
                Counter(count: model.overdue, words: "overdue", link: "/asked?due=overdue", tone: .alert),
                Counter(count: model.dueSoon, words: "due soon", link: "/asked?due=soon", tone: .asked),
                Counter(count: model.dueLater, words: "due later", link: "/asked?due=later"),
            ])
        }
        div(.class("split even")) {
            askedPart(model)
            goalsPart(model.goals)
        }
        suggestionsPart(model, frame)
        if let question = model.question { div(.class("section")) { whoDecidesCard(question, frame) } }
    }
}

private func continueCard(_ model: HomeModel, _ frame: Frame) -> Fragment {
    article(.class(model.next?.isAsked == true ? "card asked" : "card")) {
        h2 { "Continue" }
        if let next = model.next {
            h3 { a(.href(next.link)) { next.title } }
            p(.class("muted")) { next.step }
            div(.class("actions")) {
                go("Continue", to: next.link, .primary, spoken: next.title)
                frame.form(to: "\(next.link)/abandon") { press("Put aside", .quiet, spoken: next.title) }
            }
        } else if model.hasCatalogue {
            p { "Nothing is under way. Pick something below, or look through the catalogue." }
            actions { go("Open catalogue", to: "/learn", .primary) }
        } else {
            p { "The catalogue is empty. Once a steward has imported learning objects, what you start appears here." }
        }
    }
}

private func askedPart(_ model: HomeModel) -> Fragment {
    part("Asked of me", id: "asked") {
        if model.askedCount > model.asked.count { a(.href("/asked")) { "All \(Words.count(model.askedCount))" } }
    } content: {
        if model.asked.isEmpty {
            p(.class("muted")) {
                "Nothing is asked of you now. When it is, you see here who asks, why, how long it takes and by when."
            }
        } else {
            todos(model.asked)
        }
    }
}

private func suggestionsPart(_ model: HomeModel, _ frame: Frame) -> Fragment {
    part("For you", id: "for-you") {
        if model.stopped == nil, model.refusal == nil, model.toAccept.isEmpty {
            frame.form(to: "/me/personalisation", class: "row") {
                hidden("on", model.isPersonalised ? "no" : "yes")
                hidden("back", "/")
                press(model.isPersonalised ? "Switch personalisation off" : "Switch personalisation on", .small)
            }
        }
    } content: {
        if model.stopped == nil, let refusal = model.refusal {
            notice(.plain) {
                "\(refusal) "
                a(.href("/rules")) { "Read the rules" }
                ". What is suggested follows the strategy and your goals, not your answers."
            }
        }
        if model.stopped == nil, model.refusal == nil, !model.toAccept.isEmpty {
            notice(.asked) {
                "Personal suggestions wait until you have read and accepted "
                for (place, policy) in model.toAccept.enumerated() {
                    if place > 0 { " and " }
                    a(.href(policy.link)) { policy.title }
                }
                ". What is suggested follows the strategy and your goals, not your answers."
            }
        }
        if model.suggestions.isEmpty {
            emptyState(
                .goal, "No suggestions yet",
                model.hasCatalogue
                    ? "Suggestions come from your goals, the strategy and what you have answered so far. None of the "
                        + "catalogue fits yet."
                    : "Suggestions are picked from the catalogue, and the catalogue is empty.",
                example: "a goal “Checking AI answers” brings up readings that teach it, each with its reason."
            ) {
                go("Add goal", to: "/goals/new")
            }
        } else {
            if let stopped = model.stopped {
                notice(.plain) {
                    "Personal suggestions are stopped for everybody: "
                    a(.href(stopped)) { "see why in the AI register" }
                    ". These follow the strategy and your goals, not your answers."
                }
            } else if model.refusal == nil, model.toAccept.isEmpty, !model.isPersonalised {
                p(.class("muted")) {
                    "Personalisation is off: these follow the strategy and your goals, not your answers."
                }
            }
            div(.class("cards three")) {
                for suggestion in model.suggestions { suggestionCard(suggestion, frame) }
            }
        }
    }
}
