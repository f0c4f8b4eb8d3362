import Basis
import HTML
import Intent

/// The form for a certification.
struct CertificationFormModel: Sendable {
    /// Nil for a new one.
    let path: String?
    let title: String
    let isPublished: Bool
    let entries: Entries
    let askers: [Choosable]
    let priorities: [Choosable]
    /// What may be chosen as content: what is chosen already and what a search found.
    let contents: [Choosable]
    /// Which of them count as equivalent.
    let equivalents: Set<String>
    /// What it would do, when that was asked for.
    var effect: MandateEffect?
}

func certificationFormPage(_ model: CertificationFormModel, in frame: Frame) -> Fragment {
    var crumbs = [Crumb("Intent", "/intent"), Crumb("Certifications", "/certifications")]
    if let path = model.path { crumbs.append(Crumb(model.title, path)) }
    let heading = model.path == nil ? "Write certification" : model.isPublished ? "Change certification" : "Edit draft"
    return page(heading, in: frame, width: .narrow, crumbs: crumbs) {
        "It draws on the organisation's part of the learning time. What is due already stays due as it was said; "
            + "everything from now on follows what you save here."
    } content: {
        refusal(model.entries)
        frame.form(to: model.path.map { "\($0)/edit" } ?? "/certifications/new", class: "stack") {
            hidden("revision", model.entries["revision"])
            asking(model)
            contentFields(model)
            validity(model)
            dueFields(model)
            telling(model)
            if let effect = model.effect { preview { mandateEffect(effect, form: nil) } }
            if model.isPublished { overrideField(model.entries) }
            actions {
                press(
                    model.isPublished ? "Publish change" : "Save draft", .primary, name: "do", value: "save")
                press("Show effect", icon: .eye, name: "do", value: "preview")
                go("Cancel", to: model.path ?? "/certifications", .quiet)
            }
        }
    }
}

private func asking(_ model: CertificationFormModel) -> Fragment {
    fragment {
        h2 { "What and why" }
        field(Field(name: "title", words: "Title", isRequired: true), model.entries)
        field(
            Field(
                name: "audience", words: "Who", hint: "Such as everyone, or unit \"Sales\" and not role manager.",
                isRequired: true), model.entries)
        area(
            "why", "Why, for those who are asked", hint: "One or two sentences.", rows: 2, model.entries,
            isRequired: true)
        dropDown("priority", "Because", model.priorities, model.entries)
        field(
            Field(
                name: "basis", words: "The rule it comes from",
                hint: "Needed when it serves no priority. Such as: Safety rules, section 4."), model.entries)
        dropDown("asker", "Who asks", model.askers, model.entries)
    }
}

private func contentFields(_ model: CertificationFormModel) -> Fragment {
    let none = [Choosable("", "none: a steward attests it")]
    return fragment {
        h2 { "How it is earned" }
        div(.class("row")) {
            field(
                Field(
                    name: "find", words: "Find learning objects", hint: "What is found can be chosen below.",
                    kind: .search), model.entries)
            press("Find", name: "do", value: "find")
        }
        dropDown("content", "The first time", none + model.contents, model.entries)
        field(number("minutes", "Minutes the first time"), model.entries)
        dropDown(
            "renewalContent", "Again", [Choosable("", "the same")] + model.contents,
            hint: "Renews a certificate that has not lapsed; after that the first path counts.", model.entries)
        field(number("renewalMinutes", "Minutes again"), model.entries)
        dropDown(
            "testOut", "A test that counts without the learning", [Choosable("", "none")] + model.contents,
            model.entries)
        if !model.contents.isEmpty {
            fieldset(.class("choices"), .id("equivalents")) {
                legend { "Also counts" }
                if let error = model.entries.errors["equivalents"] { p(.class("error")) { error } }
                for choice in model.contents {
                    label {
                        input(
                            .type("checkbox"), .name("equivalents"), .value(choice.value),
                            .checked(model.equivalents.contains(choice.value)))
                        span { choice.words }
                    }
                }
            }
        }
    }
}

private func validity(_ model: CertificationFormModel) -> Fragment {
    fragment {
        h2 { "How long it holds" }
        div(.class("fields")) {
            field(number("period", "Valid for"), model.entries)
            dropDown("unit", "Months or days", [Choosable("M", "months"), Choosable("D", "days")], model.entries)
        }
        field(
            number("windowDays", "Window in days", "It can be renewed so many days before its end."), model.entries)
        dropDown(
            "base", "The next one counts from",
            [
                Choosable("expiry", "the end of the earlier certificate"), Choosable("completion", "its completion"),
                Choosable("fixed", "the same day for everybody"),
            ], model.entries)
        field(
            Field(
                name: "baseDay", words: "The same day", hint: "Only if it is the same for everybody.", kind: .date,
                width: .short), model.entries)
    }
}

private func dueFields(_ model: CertificationFormModel) -> Fragment {
    fragment {
        h2 { "When it is due" }
        dropDown(
            "firstDue", "The first time",
            [
                Choosable("assigned", "days after it is first asked"),
                Choosable("hired", "days after employment begins"), Choosable("on", "on a day"),
            ], model.entries)
        div(.class("fields")) {
            field(number("firstDays", "Days", isRequired: false), model.entries)
            field(Field(name: "firstDay", words: "Or the day", kind: .date, width: .short), model.entries)
        }
        dropDown(
            "renewalDue", "Again",
            [
                Choosable("previousExpiry", "days after the certificate’s last day"),
                Choosable("previousCompletion", "days after it was completed"), Choosable("on", "on a day"),
            ], hint: "0 days is the certificate’s last day; -7 is a week before.", model.entries)
        div(.class("fields")) {
            field(Field(name: "renewalDays", words: "Days after", width: .short), model.entries)
            field(Field(name: "renewalDay", words: "Or on the day", kind: .date, width: .short), model.entries)
        }
        field(number("graceDays", "Grace in days", "So long it still counts as in time."), model.entries)
        field(
            number("minimumDays", "Fewest days", "Everybody has so many, also after leave or rehire."),
            model.entries)
        field(
            number(
                "leaveDays", "Leave begins with days away", "Empty: absences excuse nothing.", isRequired: false),
            model.entries)
        field(
            Field(name: "zone", words: "Time zone", hint: "Such as Europe/Berlin.", isRequired: true), model.entries)
    }
}

private func telling(_ model: CertificationFormModel) -> Fragment {
    fragment {
        h2 { "Who is told when" }
        field(
            Field(
                name: "before", words: "To the person, days before it is due", hint: "Such as 30, 7. 0 is the day."),
            model.entries)
        field(Field(name: "person", words: "To the person, days after"), model.entries)
        field(Field(name: "manager", words: "To the manager, days after"), model.entries)
        field(Field(name: "owner", words: "To who asks, days after"), model.entries)
    }
}

private func number(
    _ name: String, _ words: String, _ hint: String? = nil, isRequired: Bool = true
) -> Field {
    Field(name: name, words: words, hint: hint, width: .short, isRequired: isRequired, isNumber: true)
}

/// Between the fields of the form and the terms of a rule.
enum CertificationFields {
    /// The terms as the fields hold them.
    static func values(_ terms: CertificationTerms) -> [String: String] {
        let steps = (try? terms.rule().reminders.steps) ?? []
        func days(_ recipient: ReminderRule.Recipient, _ isMeant: (Int) -> Bool) -> String {
            steps.filter { $0.recipient == recipient && isMeant($0.days) }.map { "\(abs($0.days))" }
                .joined(separator: ", ")
        }
        var values = [
            "period": String(terms.activePeriod.dropFirst().dropLast()), "unit": String(terms.activePeriod.suffix(1)),
            "windowDays": "\(terms.windowDays)", "graceDays": "\(terms.graceDays)",
            "minimumDays": "\(terms.minimumDays)", "zone": terms.zone,
            "base": Day(terms.base) == nil ? terms.base : "fixed", "baseDay": Day(terms.base) == nil ? "" : terms.base,
            "before": days(.person) { $0 <= 0 }, "person": days(.person) { $0 > 0 },
            "manager": days(.manager) { _ in true }, "owner": days(.owner) { _ in true },
        ]
        set("first", terms.firstDue, &values)
        set("renewal", terms.renewalDue, &values)
        return values
    }

    private static func set(_ name: String, _ due: String, _ values: inout [String: String]) {
        if Day(due) != nil {
            (values["\(name)Due"], values["\(name)Day"]) = ("on", due)
            return
        }
        guard let sign = due.firstIndex(where: { $0 == "+" || $0 == "-" }) else { return }
        values["\(name)Due"] = String(due[..<sign])
        let count = due[sign...].dropFirst(2).dropLast()
        values["\(name)Days"] = due.hasSuffix("D") ? (due[sign] == "-" ? "-" : "") + count : due[sign...].description
    }

    /// The terms that the fields mean; what is no number is left to the rule to refuse.
    static func terms(_ entries: inout Entries) -> CertificationTerms {
        let whole = 0...36_500
        return CertificationTerms(
            activePeriod: "P\(entries.trimmed("period"))\(entries["unit"].isEmpty ? "M" : entries["unit"])",
            windowDays: entries.integer("windowDays", in: whole) ?? 0,
            base: entries["base"] == "fixed" ? entries.trimmed("baseDay") : entries["base"],
            firstDue: due("first", entries), renewalDue: due("renewal", entries),
            graceDays: entries.integer("graceDays", in: whole) ?? 0,
            minimumDays: entries.integer("minimumDays", in: whole) ?? 0, zone: entries.trimmed("zone"),
            reminders: reminders(entries))
    }

    private static func due(_ name: String, _ entries: Entries) -> String {
        let anchor = entries["\(name)Due"]
        if anchor == "on" { return entries.trimmed("\(name)Day") }
        let days = entries.trimmed("\(name)Days")
        // Another unit than days, as it came.
        if days.hasPrefix("+P") || days.hasPrefix("-P") { return anchor + days }
        return days.hasPrefix("-") ? "\(anchor)-P\(days.dropFirst())D" : "\(anchor)+P\(days)D"
    }

    private static func reminders(_ entries: Entries) -> String {
        let fields = [("before", "person:-"), ("person", "person:"), ("manager", "manager:"), ("owner", "owner:")]
        return fields.flatMap { name, prefix in
            entries[name].split { $0 == "," || $0 == " " }.map { prefix + $0 }
        }.joined(separator: " ")
    }

    /// The field at which a refusal stands.
    static func name(_ pointer: String) -> String {
        let parts = pointer.split(separator: "/").map(String.init)
        guard let first = parts.first else { return "" }
        guard first == "rule", parts.count > 1 else { return first }
        return switch parts[1] {
        case "activePeriod": "period"
        case "reminders": "before"
        default: parts[1]
        }
    }
}
