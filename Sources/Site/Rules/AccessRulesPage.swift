import Authorization
import Basis
import HTML
import Intent

/// The access rules in force, how they came about, and what they decided.
struct AccessRulesModel: Sendable {
    struct Rule: Sendable {
        let id: String
        let effect: Policy.Effect
        let reason: String
    }

    struct Version: Sendable {
        let number: Int
        let since: Moment?
        let who: String
        let reason: String
        let restoredFrom: Int?
    }

    /// What stewards and auditors see of the last days.
    struct Decided: Sendable {
        struct Refusal: Sendable {
            let at: Moment
            let who, what, resource: String
            let rules: [String]
            let times: Int
        }

        let days: Int
        let counts: [DecisionLog.Count]
        let refusals: [Refusal]
        let lost: Int
    }

    let version: Version
    let text: String
    let rules: [Rule]
    let tests: Int
    /// Sentences of the tests that fail now.
    let failing: [String]
    let versions: [Version]
    let decided: Decided?
    /// Whether a draft waits.
    let hasDraft: Bool
    let canWrite: Bool
    let canReplay: Bool
}

func accessRulesPage(_ model: AccessRulesModel, in frame: Frame) -> Fragment {
    page("Access rules", in: frame, crumbs: [Crumb("Intent", "/intent")]) {
        "Who may do what with AI, with publications and with personal data. Everybody may read them."
    } actions: {
        if model.canWrite {
            go(model.hasDraft ? "Go on with the draft" : "Change rules", to: "/rules/edit", .primary, icon: .edit)
        }
        if model.canReplay, model.hasDraft { go("What would change", to: "/rules/replay", icon: .eye) }
    } content: {
        inForce(model)
        part("The rules", id: "rules") {
            p {
                "A rule that forbids wins over every rule that permits. What no rule permits is not allowed. Rights "
                "come first: a rule never gives what a role does not."
            }
            dataTable(
                "The rules in force", model.rules,
                [
                    Column("Rule") { one in code { one.id } },
                    Column("Effect") { badge($0.effect == .permit ? .done("permits") : .alert("forbids")) },
                    Column("Why") { $0.reason.isEmpty ? "not stated" : $0.reason },
                ])
            details {
                summary { "The rules as text" }
                numbered(model.text, "rules", "The rules in force, line by line")
            }
        }
        versions(model)
        if let decided = model.decided { decisions(decided) }
    }
}

private func inForce(_ model: AccessRulesModel) -> Fragment {
    fragment {
        sheet([
            (
                "In force",
                Fragment(model.version.number == 0 ? "what Leeway ships with" : "version \(model.version.number)")
            ),
            ("Since", model.version.since.map { time($0) } ?? Fragment("the beginning")),
            ("Why", Fragment(model.version.reason)),
            (
                "Tests",
                badge(
                    model.failing.isEmpty
                        ? .done("\(Words.count(model.tests, "test passes", "tests pass"))")
                        : .alert("\(Words.count(model.failing.count, "test fails", "tests fail"))"))
            ),
        ])
        for sentence in model.failing { notice(.alert) { sentence } }
    }
}

/// A text with the number of each line before it, to be linked to: `#rules-3`.
func numbered(_ text: String, _ name: String, _ label: String) -> Fragment {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let width = "\(lines.count)".count
    return pre(.aria("label", label), .role("region"), .init("tabindex", "0")) {
        for (index, line) in lines.enumerated() {
            let number = "\(index + 1)"
            span(.id("\(name)-\(number)"), .class("muted")) {
                String(repeating: " ", count: width - number.count) + number + "  "
            }
            String(line) + "\n"
        }
    }
}

private func versions(_ model: AccessRulesModel) -> Fragment {
    part("Versions", id: "versions") {
        dataTable(
            "Versions of the rules, the newest first", model.versions,
            [
                Column("Version") { one in a(.href("/rules/versions/\(one.number)")) { "Version \(one.number)" } },
                Column("Since") { $0.since.map { time($0) } ?? Fragment("–") },
                Column("Who") { person($0.who) },
                Column("Why") { one in
                    one.reason
                    if let from = one.restoredFrom { small { "As version \(from)." } }
                },
                Column("Changes", .actions) { one in
                    if one.number > 0 {
                        go(
                            "Compare", to: "/rules/difference?from=\(one.number - 1)&to=\(one.number)", .small,
                            spoken: "version \(one.number) with the one before")
                    }
                },
            ])
    }
}

private func decisions(_ decided: AccessRulesModel.Decided) -> Fragment {
    part("Decided in the last \(decided.days) days", id: "decided") {
        if decided.lost > 0 {
            notice(.alert) {
                "\(Words.count(decided.lost, "decision", "decisions")) of this server could not be written and are "
                "lost. Look at the room on its disk."
            }
        }
        if decided.counts.isEmpty {
            p(.class("muted")) { "Nothing was decided in these days." }
        } else {
            dataTable(
                "What was decided, by action", decided.counts,
                [
                    Column("Action") { $0.action.label },
                    Column("Verdict") { badge($0.isAllowed ? .done("allowed") : .alert("refused")) },
                    Column("Times", .number) { Words.count($0.times) },
                    Column("People", .number) { Words.count($0.people) },
                ])
        }
        if !decided.refusals.isEmpty {
            h3 { "Latest refusals" }
            dataTable(
                "The latest refusals", decided.refusals,
                [
                    Column("When") { time($0.at) }, Column("Who") { person($0.who) },
                    Column("What") { one in
                        one.what
                        small { code { one.resource } }
                    },
                    Column("Rule") { $0.rules.isEmpty ? "no rule permits it" : Words.list($0.rules) },
                    Column("Times", .number) { Words.count($0.times) },
                ])
        }
    }
}
