import HTML
import Intent

/// The form for one AI use.
struct AIUseFormModel: Sendable {
    /// Nil for a new use.
    let path: String?
    let name: String
    let entries: Entries
    let data: Set<AIUseRecord.DataClass>
    let units: [String]
    let effect: AudienceEffect
}

func aiUseFormPage(_ model: AIUseFormModel, in frame: Frame) -> Fragment {
    var crumbs = [Crumb("Intent", "/intent"), Crumb("AI register", "/register")]
    if let path = model.path { crumbs.append(Crumb(model.name, path)) }
    return page(model.path == nil ? "Add AI use" : "Edit entry", in: frame, crumbs: crumbs) {
        "Write it so that somebody who is about to use it understands it."
    } content: {
        div(.class("split")) {
            frame.form(
                to: model.path.map { "\($0)/edit" } ?? "/register/new", class: "stack",
                preview: "/people/audience/preview"
            ) {
                refusal(model.entries)
                hidden("revision", model.entries["revision"])
                whatFields(model)
                dataFields(model)
                careFields(model)
                if model.path != nil {
                    field(
                        Field(name: "reason", words: "Why it changes", hint: "Shown in the history."),
                        model.entries)
                }
                actions {
                    press(model.path == nil ? "Add AI use" : "Save entry", .primary, name: "do", value: "save")
                    press("Show who is meant", icon: .eye, name: "do", value: "preview")
                    go("Cancel", to: model.path ?? "/register", .quiet)
                }
            }
            preview { audienceEffect(model.effect, heading: "Who may use it") }
        }
    }
}

private func whatFields(_ model: AIUseFormModel) -> Fragment {
    let kinds: [AIUseRecord.Kind: String] = [
        .tool: "A tool that people use", .feature: "A feature of another product", .model: "A model of our own",
        .practice: "A way of working",
    ]
    return fragment {
        field(
            Field(name: "name", words: "Name", hint: "What it does, in a few words.", isRequired: true), model.entries)
        area(
            "purpose", "Purpose", hint: "What it is for, in a sentence or two.", rows: 3, model.entries,
            isRequired: true)
        div(.class("fields")) {
            dropDown(
                "kind", "Kind", AIUseRecord.Kind.allCases.map { Choosable($0.rawValue, kinds[$0] ?? $0.rawValue) },
                model.entries)
            dropDown(
                "status", "Status", AIUseRecord.Status.allCases.map { Choosable($0.rawValue, $0.words) },
                hint: "A pilot or live use needs a review date.", model.entries)
        }
        div(.class("fields")) {
            field(Field(name: "provider", words: "Provider"), model.entries)
            field(Field(name: "model", words: "Model"), model.entries)
        }
        field(
            Field(name: "hosting", words: "Where it runs", hint: "Such as: our own servers in Frankfurt."),
            model.entries)
    }
}

private func dataFields(_ model: AIUseFormModel) -> Fragment {
    fragment {
        fieldset(.class("choices"), .id("data")) {
            legend { "What it may see" }
            p(.class("hint")) { "Whatever is not ticked must not be given to it." }
            for data in AIUseRecord.DataClass.allCases {
                label {
                    input(
                        .type("checkbox"), .name("data"), .value(data.rawValue), .checked(model.data.contains(data)))
                    span { data.label }
                }
            }
        }
        audienceField("audience", "Who may use it", model.entries, examples: model.units)
    }
}

private func careFields(_ model: AIUseFormModel) -> Fragment {
    fragment {
        area("risk", "Risk", hint: "What could go wrong, and what is done about it.", rows: 3, model.entries)
        div(.class("fields")) {
            field(Field(name: "reviewOn", words: "Review by", kind: .date, width: .short), model.entries)
            field(Field(name: "cost", words: "Cost", hint: "In words, such as: 400 € a month."), model.entries)
        }
        area(
            "effect", "What it does to people", hint: "What it decides, suggests or shows about them.", rows: 2,
            model.entries)
        area(
            "optOut", "How to do without it", hint: "What a person does who does not want to use it.", rows: 2,
            model.entries)
        dropDown(
            "governs", "Part of Leeway",
            [Choosable("", "None")] + AIUseRecord.Feature.allCases.map { Choosable($0.rawValue, $0.label) },
            hint: "That part stops for everybody when this entry is suspended or retired.", model.entries)
        fieldset(.class("choices")) {
            legend { "Nobody else to ask or tell" }
            tick("consultsNobody", "Nobody has to be consulted", isOn: model.entries["consultsNobody"] == "yes")
            tick("informsNobody", "Nobody has to be informed", isOn: model.entries["informsNobody"] == "yes")
        }
    }
}
