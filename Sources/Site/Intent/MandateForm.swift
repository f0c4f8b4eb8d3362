import Basis
import HTML
import Paths

/// The mandate form: a sentence, and beside it what it would do.
struct MandateFormModel: Sendable {
    /// Nil for a new mandate.
    let path: String?
    let title: String
    let isPublished: Bool
    let entries: Entries
    let askers: [Choosable]
    let priorities: [Choosable]
    let units: [String]
    let effect: MandateEffect
    /// The content that is chosen, and what a search for one found.
    var content: Choosable?
    var found: [Choosable] = []
    let today: Day
}

func mandateFormPage(_ model: MandateFormModel, in frame: Frame) -> Fragment {
    var crumbs = [Crumb("Intent", "/intent"), Crumb("Mandates", "/mandates")]
    if let path = model.path { crumbs.append(Crumb(model.title, path)) }
    let heading = model.path == nil ? "Write mandate" : model.isPublished ? "Change mandate" : "Edit draft"
    return page(heading, in: frame, crumbs: crumbs) {
        "What it asks is taken from the organisation's part of the learning time. Beside it you see whom it touches."
    } content: {
        refusal(model.entries, labels: mandateLabels)
        div(.class("split even")) {
            frame.form(
                to: model.path.map { "\($0)/edit" } ?? "/mandates/new", class: "sentence", id: "mandate",
                preview: model.path.map { "/mandates/preview?of=\($0.dropFirst("/mandates/".count))" }
                    ?? "/mandates/preview"
            ) {
                sentence(model)
                why("How do I say who?") {
                    p { "everyone, unit \"…\", role …, attribute … = \"…\", joined by and, or, not and brackets." }
                }
                div(.class("stack")) {
                    more(model)
                    overrideField(model.entries)
                }
                actions {
                    press(
                        model.isPublished ? "Publish change" : "Publish mandate", .primary, name: "do", value: "publish"
                    )
                    press("Show effect", icon: .eye, name: "do", value: "preview")
                    if !model.isPublished { press("Save draft", name: "do", value: "save") }
                    go("Cancel", to: model.path ?? "/mandates", .quiet)
                }
            }
            preview { mandateEffect(model.effect, form: "mandate") }
        }
    }
}

private let mandateLabels = [
    "audience": "Who", "title": "What", "minutes": "Minutes", "deadline": "Date", "priority": "Because", "rule": "Rule",
    "testMark": "Passed with", "testRefusal": "Why no test counts", "why": "Why", "asker": "Who asks",
    "override": "Reason for going over budget",
]

private func sentence(_ model: MandateFormModel) -> Fragment {
    let entries = model.entries
    return fragment {
        p {
            "Ask "
            inline("audience", "Who", entries, list: "audiences")
            " to do "
            inline("title", "What", entries)
            " "
            span(.class("nowrap")) {
                "("
                inline("minutes", "Minutes", entries, isNumber: true)
                " min)"
            }
            " by "
            span(.class("nowrap")) {
                inline("deadline", "Date", entries, type: "date")
                ","
            }
            " because "
            span(.class("nowrap")) {
                label(.for("priority")) { spoken("Because") }
                select(
                    .id("priority"), .name("priority"), .aria("invalid", entries.errors["priority"].map { _ in "true" })
                ) {
                    for choice in model.priorities {
                        option(.value(choice.value), .selected(choice.value == entries["priority"])) { choice.words }
                    }
                }
                "."
            }
        }
        element(
            "datalist", [.id("audiences")],
            .group(
                (["everyone", "role manager"] + model.units.map { "unit \"\($0)\"" }).map { option(.value($0)) }))
    }
}

private func inline(
    _ name: String, _ words: String, _ entries: Entries, type: String = "text", isNumber: Bool = false,
    list: String? = nil
) -> Fragment {
    let isInvalid = entries.errors[name] != nil
    return fragment {
        label(.for(name)) { spoken(words) }
        input(
            .id(name), .name(name), .type(type), .value(entries[name]), .init("list", list),
            .init("inputmode", isNumber ? "numeric" : nil), .init("size", isNumber ? "4" : nil),
            .aria("invalid", isInvalid ? "true" : nil), .required(true))
    }
}

private func more(_ model: MandateFormModel) -> Fragment {
    fragment {
        area(
            "why", "Why, for those who are asked", hint: "One or two sentences. They read it beside the mandate.",
            rows: 2,
            model.entries, isRequired: true)
        field(
            Field(
                name: "rule", words: "The rule it comes from",
                hint: "Needed when it serves no priority. Such as: AI Act, Article 4."), model.entries)
        contentChoice(model)
        testOutChoice(model.entries)
        dropDown("asker", "Who asks", model.askers, model.entries)
    }
}

private func testOutChoice(_ entries: Entries) -> Fragment {
    let isOpen = !entries["testRefusal"].isEmpty || entries.errors["testMark"] != nil
    return details(.open(isOpen || entries.errors["testRefusal"] != nil)) {
        summary { "For those who know it already" }
        p(.class("hint")) {
            "Where there are questions about it, people may show by a test of \(TestOut.questionCount) that they know "
            "it. Passed, it is done and their time is theirs again."
        }
        field(Field(name: "testMark", words: "Passed with, in per cent", hint: "50 to 100", width: .short), entries)
        area(
            "testRefusal", "No test counts, because",
            hint: "Only when the learning itself is demanded, such as by a law that asks for presence. They read it.",
            rows: 2, entries)
    }
}

private func contentChoice(_ model: MandateFormModel) -> Fragment {
    let chosen = model.entries["content"]
    return fieldset(.class("choices"), .id("content")) {
        legend { "In the catalogue" }
        p(.class("hint")) { "With a learning object, doing it is what completes the mandate." }
        label {
            input(.type("radio"), .name("content"), .value(""), .checked(chosen.isEmpty))
            span { "Not in the catalogue: people say themselves when they have done it" }
        }
        let others = model.found.filter { $0.value != model.content?.value }
        for choice in [model.content].compactMap({ $0 }) + others {
            label {
                input(.type("radio"), .name("content"), .value(choice.value), .checked(choice.value == chosen))
                span {
                    choice.words
                    if let more = choice.more { small { " " + more } }
                }
            }
        }
        div(.class("row")) {
            field(Field(name: "find", words: "Find a learning object", kind: .search), model.entries)
            press("Find", name: "do", value: "find")
        }
    }
}
