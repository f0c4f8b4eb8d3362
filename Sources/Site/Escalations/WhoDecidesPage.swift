import Basis
import HTML
import Intent

/// The question who decides about a use, as one person answers it.
struct WhoDecidesModel: Sendable {
    let id: String
    let use: String
    /// People found, and the words that found them.
    var candidates: [Choosable] = []
    var search = ""
    var entries = Entries()
}

/// One calm card on the home page.
func whoDecidesCard(_ question: OwnerQuestion, _ frame: Frame) -> Fragment {
    section(.class("card"), .aria("labelledby", "who-decides")) {
        h2(.id("who-decides")) { "Who decides about “\(question.name)”?" }
        p(.class("muted")) {
            "One question, at most once a month. Answers are counted, never shown with a name."
        }
        div(.class("actions")) {
            go("Somebody …", to: "/who-decides")
            for (value, words) in shortAnswers {
                frame.form(to: "/who-decides") {
                    hidden("question", "\(question.id)")
                    press(words, .quiet, name: "do", value: value)
                }
            }
            frame.form(to: "/who-decides") {
                hidden("question", "\(question.id)")
                press("Not now", .quiet, name: "do", value: "dismiss")
            }
        }
    }
}

private let shortAnswers = [("unknown", "I don’t know"), ("nobody", "Nobody"), ("refused", "Rather not say")]

func whoDecidesPage(_ model: WhoDecidesModel, in frame: Frame) -> Fragment {
    page("Who decides about “\(model.use)”?", in: frame, width: .narrow) {
        "Say whom you take for it; not looking it up helps most. Answers are counted, never shown with a name."
    } content: {
        refusal(model.entries)
        form(.class("row"), .method("get"), .action("/who-decides")) {
            field(Field(name: "find", words: "Find a person", kind: .search), Entries(["find": model.search]))
            press("Search")
        }
        frame.form(to: "/who-decides", class: "stack") {
            hidden("question", model.id)
            dropDown("person", "The one who decides", [Choosable("", "Choose")] + model.candidates, model.entries)
            actions { press("This person decides", .primary, name: "do", value: "person") }
        }
        for (value, words) in shortAnswers {
            frame.form(to: "/who-decides") {
                hidden("question", model.id)
                press(words, name: "do", value: value)
            }
        }
    }
}
