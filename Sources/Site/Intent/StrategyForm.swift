import HTML
import Intent

/// The form for a strategy's draft.
struct StrategyFormModel: Sendable {
    static let priorityLimit = StrategyDraft.priorityLimit

    /// Nil for a new strategy.
    let path: String?
    let title: String
    let entries: Entries
    let owners: [Choosable]
    let units: [String]
    let skills: [String]
    let effect: AudienceEffect
    /// Names and shares of the priorities as they stand.
    let shares: [(name: String, share: Int)]

    /// What could read more easily.
    var hints: [String] {
        let summary = entries["summary"].isEmpty ? [] : Readability(entries["summary"]).hints
        return summary.map { "Summary: \($0)" } + Readability(entries["text"]).hints.map { "Text: \($0)" }
    }

    /// Rows of priorities that hold something.
    var filled: Int {
        (0..<StrategyFormModel.priorityLimit).last { index in
            ["name", "weight", "skills", "text", "share"].contains { !entries["p\(index)-\($0)"].isEmpty }
        }.map { $0 + 1 } ?? 0
    }

    /// The field that a pointer of a refusal means: `/priorities/0/name` is `p0-name` where the first row is filled.
    /// `rows` are those that hold something.
    static func fieldName(_ pointer: String, rows: [Int]) -> String {
        let parts = pointer.split(separator: "/").map(String.init)
        guard parts.first == "priorities" else { return parts.first ?? "" }
        guard parts.count > 2, let place = Int(parts[1]), rows.indices.contains(place) else { return "p0-name" }
        return "p\(rows[place])-\(parts.last ?? "name")"
    }
}

func strategyFormPage(_ model: StrategyFormModel, in frame: Frame) -> Fragment {
    var crumbs = [Crumb("Intent", "/intent"), Crumb("Strategy", "/strategy")]
    if let path = model.path { crumbs.append(Crumb(model.title, path)) }
    let heading = model.path == nil ? "Write strategy" : "Edit draft"
    return page(heading, in: frame, crumbs: crumbs) {
        "A draft is seen by those who lead only. Publishing is a step of its own."
    } content: {
        div(.class("split")) {
            frame.form(
                to: model.path.map { "\($0)/edit" } ?? "/strategy/new", class: "stack", id: "strategy",
                preview: "/strategy/preview"
            ) {
                refusal(model.entries)
                aboutFields(model)
                priorityFields(model)
                if !model.skills.isEmpty {
                    details(.class("why")) {
                        summary { "Which skills are there?" }
                        div { p { model.skills.joined(separator: "; ") } }
                    }
                }
                actions {
                    press("Save draft", .primary, name: "do", value: "save")
                    press("Show effect", icon: .eye, name: "do", value: "preview")
                    go("Cancel", to: model.path ?? "/strategy", .quiet)
                }
            }
            preview { strategyEffect(model.effect, model.shares, hints: model.hints) }
        }
    }
}

/// The inside of the preview: who it is for, and what the weights come to.
func strategyEffect(
    _ effect: AudienceEffect, _ shares: [(name: String, share: Int)], hints: [String] = []
) -> Fragment {
    fragment {
        for hint in hints { p { hint } }
        audienceEffect(effect, heading: "Who it is for")
        if !shares.isEmpty { shareBars("What the weights come to", shares) }
    }
}

private func aboutFields(_ model: StrategyFormModel) -> Fragment {
    fragment {
        field(
            Field(
                name: "title", words: "Title", hint: "What people read first. At most 200 characters.",
                isRequired: true), model.entries)
        area(
            "summary", "In plain words",
            hint: "A few short sentences that everybody reads first. At most \(StrategyDraft.summaryLimit) characters.",
            rows: 3, model.entries)
        area("text", "Text", hint: "Plain words. Markdown works.", rows: 10, model.entries)
        dropDown(
            "owner", "Who answers for it", [Choosable("", "Nobody yet")] + model.owners,
            hint: "Sponsors and stewards.", model.entries)
        audienceField("audience", "Whom it is for", model.entries, examples: model.units)
        div(.class("fields")) {
            field(
                Field(name: "from", words: "From", hint: "Empty: at once.", kind: .date, width: .short), model.entries)
            field(Field(name: "until", words: "Until", hint: "Empty: open.", kind: .date, width: .short), model.entries)
        }
    }
}

private func priorityFields(_ model: StrategyFormModel) -> Fragment {
    let limit = StrategyFormModel.priorityLimit
    let shown = min(limit, max(3, model.filled + 1))
    return fragment {
        p(.class("muted")) {
            "Up to \(limit) priorities. Weights are whole numbers; only their proportion counts. Leave a row empty to "
            "leave it out. Separate skills by semicolons."
        }
        for index in 0..<shown { priorityRow(index, model) }
        if shown < limit {
            details {
                summary { "More priorities" }
                div(.class("stack")) { for index in shown..<limit { priorityRow(index, model) } }
            }
        }
    }
}

private func priorityRow(_ index: Int, _ model: StrategyFormModel) -> Fragment {
    fieldset(.class("stack")) {
        legend { "Priority \(index + 1)" }
        hidden("p\(index)-id", model.entries["p\(index)-id"])
        div(.class("fields")) {
            field(Field(name: "p\(index)-name", words: "Name"), model.entries)
            field(Field(name: "p\(index)-weight", words: "Weight", width: .short, isNumber: true), model.entries)
        }
        field(Field(name: "p\(index)-skills", words: "Skills"), model.entries)
        area("p\(index)-text", "What it means", hint: "A sentence or two. May stay empty.", rows: 2, model.entries)
        div(.class("fields")) {
            field(
                Field(
                    name: "p\(index)-share", words: "Target: per cent of the people", hint: "Empty: no target.",
                    width: .short, isNumber: true), model.entries)
            field(
                Field(
                    name: "p\(index)-level", words: "Target: mastery in per cent",
                    hint: "Of each skill; \(PriorityTarget.usualLevel) unless told.", width: .short, isNumber: true),
                model.entries)
            field(Field(name: "p\(index)-by", words: "Target: by which day", kind: .date, width: .short), model.entries)
        }
    }
}

/// The confirmation before a strategy is published.
struct StrategyPublishModel: Sendable {
    let path: String
    let title: String
    let version: Int
    let effect: AudienceEffect
    let priorities: [(name: String, share: Int)]
    /// Whether another version is replaced.
    let replaces: Int?
    /// Leaders who were asked to weigh it, and those who have not answered.
    let leaders, missing: Int
    let agreement: StrategyAgreement
    let entries: Entries
}

func strategyPublishPage(_ model: StrategyPublishModel, in frame: Frame) -> Fragment {
    let crumbs = [Crumb("Intent", "/intent"), Crumb("Strategy", "/strategy"), Crumb(model.title, model.path)]
    return page("Publish version \(model.version)?", in: frame, width: .narrow, crumbs: crumbs) {
        "It is delivered to \(Words.count(model.effect.count, "person", "people")). "
        model.replaces.map { "Version \($0) is replaced." } ?? "Nothing is replaced."
    } content: {
        refusal(model.entries)
        div(.class("stack")) {
            section(.class("card"), .aria("labelledby", "audience-effect")) { audienceEffect(model.effect) }
            if !model.priorities.isEmpty { shareBars("Its priorities", model.priorities) }
            leadersNotice(model)
            frame.form(to: "\(model.path)/publish", class: "stack") {
                if model.missing == 0, !model.agreement.isReached {
                    field(
                        Field(
                            name: "reason", words: "Why it is published all the same",
                            hint: "Goes on record with how far leaders agree.", isRequired: true), model.entries)
                }
                actions {
                    press("Publish strategy", .primary)
                    go("Back to the draft", to: "\(model.path)/edit", .quiet)
                }
            }
        }
    }
}

/// What leaders say to it.
private func leadersNotice(_ model: StrategyPublishModel) -> Fragment {
    let link = a(.href("\(model.path)/weighing")) { "How leaders weigh it" }
    if model.missing > 0 {
        return notice(.asked) {
            p {
                "\(model.missing) of \(model.leaders) leaders have not shared out their points. It can be published "
                "once they have, or are no longer asked. "
                link
            }
        }
    }
    if model.leaders == 0, model.agreement.needed == nil {
        return p(.class("muted")) {
            "No leader was asked to weigh the priorities. "
            link
        }
    }
    return notice {
        p {
            agreementWords(model.agreement)
            " "
            link
        }
    }
}
