import Authorization
import Basis
import HTML
import Intent

/// The draft of the access rules, with what is wrong with it.
struct RulesFormModel: Sendable {
    /// `rules`, `tests`, `reason`, and the fields of the rule to add, which begin with `rule-`.
    let entries: Entries
    /// Nil where there is no draft yet.
    let revision: Int?
    let check: RulesCheck
    let difference: PolicyDifference?
    let units: [Choosable]
    /// What a condition may ask, such as `resource.status`.
    let subjects: [String]
}

func rulesFormPage(_ model: RulesFormModel, in frame: Frame) -> Fragment {
    page(
        "Change rules", in: frame, crumbs: [Crumb("Intent", "/intent"), Crumb("Access rules", "/rules")]
    ) {
        "Nothing is in force before you publish, and every version can be brought back."
    } content: {
        findings(model)
        frame.form(to: "/rules/edit", class: "stack") {
            refusal(model.entries)
            if let revision = model.revision { hidden("revision", "\(revision)") }
            area("rules", "Rules", hint: "As in the list of words below.", rows: 24, model.entries)
            ruleFields(model)
            area("tests", "Tests", hint: "They must pass before the rules are published.", rows: 12, model.entries)
            actions {
                press("Keep and check", .primary, name: "do", value: "save")
                press("What would change", icon: .eye, name: "do", value: "replay")
            }
            fieldset(.class("stack")) {
                legend { "Publish" }
                field(
                    Field(name: "reason", words: "Why they change", hint: "Everybody reads it."), model.entries)
                actions {
                    press("Publish rules", name: "do", value: "publish")
                    if model.revision != nil { press("Discard draft", .danger, name: "do", value: "discard") }
                }
            }
        }
        if let difference = model.difference {
            part("Against the rules in force", id: "difference") { differences(difference) }
        }
        part("Line by line", id: "lines") {
            numbered(model.entries["rules"], "rules-line", "The draft’s rules, line by line")
            if !model.entries["tests"].isEmpty {
                numbered(model.entries["tests"], "tests-line", "The draft’s tests, line by line")
            }
        }
        wordList(model)
    }
}

private func findings(_ model: RulesFormModel) -> Fragment {
    part("Checks", id: "checks") {
        if model.check.isSound {
            p {
                badge(.done("sound"))
                " \(Words.count(model.check.policies, "rule", "rules")), "
                "\(Words.count(model.check.tests, "test passes", "tests pass"))."
            }
        } else {
            p {
                badge(.alert(Words.count(model.check.findings.count, "place to mend", "places to mend")))
                " The draft is kept, but cannot be published like this."
            }
            ul {
                for finding in model.check.findings.prefix(50) {
                    li {
                        if let position = finding.position {
                            a(.href("#\(finding.part.rawValue)-line-\(position.line)")) {
                                "\(finding.part == .rules ? "Rules" : "Tests"), line \(position.line), "
                                    + "column \(position.column)"
                            }
                            ", at "
                            code { finding.found }
                            ": \(finding.detail)"
                        } else {
                            "Test “\(finding.found)”: \(finding.detail)"
                        }
                    }
                }
            }
        }
    }
}

private func ruleFields(_ model: RulesFormModel) -> Fragment {
    details(.init("open", model.entries.errors.keys.contains { $0.hasPrefix("rule-") } ? "" : nil)) {
        summary { "Add a rule with a form" }
        div(.class("stack")) {
            div(.class("fields")) {
                field(Field(name: "rule-id", words: "Name", hint: "Such as night-quiet."), model.entries)
                dropDown(
                    "rule-effect", "Effect", [Choosable("forbid", "Forbids"), Choosable("permit", "Permits")],
                    model.entries)
                dropDown("rule-action", "What", actionChoices, model.entries)
            }
            div(.class("fields")) {
                dropDown("rule-unit", "Who, by unit", [Choosable("", "Any unit")] + model.units, model.entries)
                dropDown(
                    "rule-role", "Who, by role",
                    [Choosable("", "Any role")]
                        + ["learner", "manager", "designer", "steward", "sponsor", "auditor", "administrator"].map {
                            Choosable($0, $0)
                        }, model.entries)
            }
            div(.class("fields")) {
                dropDown(
                    "rule-subject", "Only if",
                    [Choosable("", "Always")] + model.subjects.map { Choosable($0, $0) }, model.entries)
                dropDown(
                    "rule-test", "Is",
                    [
                        Choosable("==", "equal to"), Choosable("!=", "other than"), Choosable("<", "less than"),
                        Choosable(">", "greater than"), Choosable("contains", "a set that holds"),
                    ], model.entries)
                field(Field(name: "rule-value", words: "Value"), model.entries)
            }
            field(
                Field(name: "rule-reason", words: "Reason", hint: "Those whom it stops read it."), model.entries)
            actions { press("Add rule to the text", name: "do", value: "append") }
        }
    }
}

private let actionChoices: [Choosable] =
    AccessAction.Group.allCases.map { Choosable($0.rawValue, "\($0.label): all of it") }
    + AccessAction.allCases.map { Choosable($0.rawValue, "\($0.group.label): \($0.label.lowercased())") }

private func wordList(_ model: RulesFormModel) -> Fragment {
    part("Words that rules may use", id: "words") {
        p {
            "An action is written "
            code { "Action::\"useAI\"" }
            ", and a group of them alike."
        }
        dataTable(
            "Actions", AccessAction.allCases,
            [
                Column("Action") { one in code { one.rawValue } },
                Column("What it is") { $0.label },
                Column("Within") { one in code { one.group.rawValue } },
            ])
        details {
            summary { "Attributes" }
            ul(.class("plain")) { for subject in model.subjects { li { code { subject } } } }
        }
    }
}
