import Authorization
import Basis
import HTML
import Intent

/// One version of the access rules.
struct RulesVersionModel: Sendable {
    let version: RulesVersion
    let who: String
    let current: Int
    let canWrite: Bool
    var entries = Entries()
}

func rulesVersionPage(_ model: RulesVersionModel, in frame: Frame) -> Fragment {
    let number = model.version.version
    return page(
        "Version \(number)", in: frame, crumbs: [Crumb("Intent", "/intent"), Crumb("Access rules", "/rules")]
    ) {
        model.version.reason
    } actions: {
        if number != model.current {
            let link = "/rules/difference?from=\(number)&to=\(model.current)"
            go("Compare with the rules in force", to: link, icon: .eye)
        }
    } content: {
        refusal(model.entries)
        sheet([
            ("Published by", person(model.who)),
            ("Since", model.version.since.map { time($0) } ?? Fragment("the beginning")),
            ("Stands", badge(number == model.current ? .done("in force") : .ended("no longer in force"))),
        ])
        part("The rules", id: "text") { numbered(model.version.rules, "rules", "The rules, line by line") }
        part("The tests", id: "tests-text") {
            if model.version.tests.isEmpty { p(.class("muted")) { "There are none." } }
            if !model.version.tests.isEmpty { numbered(model.version.tests, "tests", "The tests, line by line") }
        }
        if model.canWrite, number != model.current {
            part("Bring it back", id: "restore") {
                frame.form(to: "/rules/versions/\(number)/restore", class: "stack") {
                    field(
                        Field(
                            name: "reason", words: "Why", hint: "It becomes the next version. Everybody reads this.",
                            isRequired: true), model.entries)
                    actions { press("Put version \(number) in force") }
                }
            }
        }
    }
}

/// What changed between two versions.
struct RulesDifferenceModel: Sendable {
    let from, to: Int
    let difference: PolicyDifference
}

func rulesDifferencePage(_ model: RulesDifferenceModel, in frame: Frame) -> Fragment {
    page(
        "From version \(model.from) to version \(model.to)", in: frame,
        crumbs: [Crumb("Intent", "/intent"), Crumb("Access rules", "/rules")], here: "Difference"
    ) {
        "By rule, whatever their order. What is gone begins with −, what came with +."
    } content: {
        differences(model.difference)
    }
}

/// Each rule that is not the same, with its lines.
func differences(_ difference: PolicyDifference) -> Fragment {
    fragment {
        if difference.changes.isEmpty { p { "The same rules, in other words or order at most." } }
        for (index, change) in difference.changes.enumerated() {
            part(change.id, id: "change-\(index)") {
                badge(change.kind.badge)
            } content: {
                pre(.aria("label", "Rule \(change.id)"), .role("region"), .init("tabindex", "0")) {
                    for line in change.lines { line.text + "\n" }
                }
            }
        }
    }
}

extension PolicyDifference.Change.Kind {
    fileprivate var badge: Status {
        switch self {
        case .added: .done("added")
        case .removed: .ended("removed")
        case .changed: .under("changed")
        }
    }
}
